//! Values of another type than the model's.

use std::borrow::Cow;

use crate::api::{Model, Shape};
use crate::diagnostic::{Draft, Fix, Severity, Sink};
use crate::json::{Kind, Value};
use crate::rules::references::{self, Quoted};
use crate::rules::{Check, Evidence, Group, Rule, Signs, Subject, echo, head, key_of, list, noun};
use crate::schema::{Expected, ViolationKind};
use crate::template::InputKind;
use crate::text::{Passage, Span};

pub static RULE: Rule = Rule {
    id: "wrong-type",
    level: Severity::Error,
    group: Group::Contract,
    evidence: Evidence::DeclaredError("invalid.value (400), declared by every operation that takes a body"),
    summary: "a value of another type than the model has",
    why: "The published model gives each member one type. A boolean in quotes is a string, a number in quotes \
          is one too, and `null` is neither: the API declares `invalid.value` for a value that does not fit.",
    remedy: "Write the value as the type that is named. `true`, `false` and numbers stand without quotes. A \
             member that is not needed is left out, not set to null. In a data action's template, quotes around a \
             reference are sent with it: an object, a list, a boolean or a number is filled in without them.",
    fix: Some("puts a boolean or number in quotes as it is written; takes one out of its quotes, to be looked at"),
    bad: &[
        r#"{"muted": "true"}"#,
        r#"{"wrapup": {"code": "5f1f4b6e-5f0a-4c0e-9d5e-3f2f5a1f8b11", "durationSeconds": "30"}}"#,
        r#"["connected"]"#,
    ],
    good: &[
        r#"{"muted": true}"#,
        r#"{"wrapup": {"code": "5f1f4b6e-5f0a-4c0e-9d5e-3f2f5a1f8b11", "durationSeconds": 30}}"#,
        r#"{"state": "connected"}"#,
    ],
    waits_for: Signs::MISFIT.and(Signs::TEMPLATE),
    check: Check::Request(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    if subject.request.templates.is_some() {
        filled_in(subject, sink);
    }
    for violation in subject.violations() {
        let ViolationKind::WrongType { expected, options } = violation.kind else { continue };
        let value = violation.at;
        if subject.is_body(value) {
            // An envelope that says `"body": null` sends none.
            if value.kind() != Kind::Null || subject.request.url.is_none() {
                sink.push(of_body(value, expected, subject.model));
            }
            continue;
        }
        let mut draft = Draft::new(
            value.span(),
            format!("{} is {}, it must be {}", subject.name_of(value), actual(value, expected), expected.noun()),
        );
        if !options.is_empty() && value.kind() != Kind::Null {
            sink.push(draft.help(format!("allowed are {}", list(options.iter().copied()))));
            continue;
        }
        if let Some(help) = help(value, expected) {
            draft = draft.help(help);
        }
        if sink.wants_fixes()
            && let Some(fix) = fix(subject, value, expected)
        {
            draft = draft.fix(fix);
        }
        sink.push(draft);
    }
}

/// Inputs of another type than the model's, which a data action fills in.
fn filled_in(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    for (value, shape) in references::shaped(subject) {
        let Some(expected) = references::expected(shape) else { continue };
        if !references::takes_string(shape)
            && let Some(quoted) = references::quoted(subject, value)
        {
            sink.push(in_quotes(subject, value, &quoted, (shape, expected), sink.wants_fixes()));
            continue;
        }
        let Some(filled) = references::filled(subject, value) else { continue };
        if !references::may_stand(filled.input.kind, shape) {
            let (name, kind) = (subject.name_of(value), filled.input.kind.noun());
            let said = references::said(subject, value);
            let message = format!("{name} is `{said}`, {kind}: it must be {}", expected.noun());
            sink.push(Draft::new(value.span(), message).help("declare the input as that, or fill in another"));
        }
    }
}

/// A string with references, where no string may stand.
fn in_quotes<'a>(
    subject: &Subject<'a>,
    value: Value<'a>,
    quoted: &Quoted<'_>,
    (shape, expected): (&Shape, Expected),
    wants_fix: bool,
) -> Draft {
    let name = subject.name_of(value);
    let Some(said) = quoted.said else {
        let message = format!("{name} is a string, it must be {}", expected.noun());
        let draft = Draft::new(value.span(), message);
        return match help(value, expected) {
            Some(help) => draft.help(help),
            None => draft,
        };
    };
    let message = format!("{name} is a string, as `{said}` stands in quotes: it must be {}", expected.noun());
    let draft = Draft::new(value.span(), message);
    if subject.passage.is_some_and(Passage::is_made_of_values) {
        return draft.help("strings are put in quotes here: write the template as a text, or a here-document");
    }
    let draft = draft.help_to_write("write it without the quotes: ", said);
    if !wants_fix {
        return draft;
    }
    let fix = Fix::replace("take it out of its quotes", value.span(), said.to_owned());
    let kind = quoted.input.map_or(InputKind::Unknown, |input| input.kind);
    let fits = !matches!(kind, InputKind::Unknown | InputKind::String) && references::may_stand(kind, shape);
    draft.fix(if fits { fix } else { fix.needs_a_look() })
}

/// What a value is, where its kind alone would not tell it from what is expected.
fn actual(value: Value<'_>, expected: Expected) -> Cow<'_, str> {
    match (value.kind(), expected) {
        (Kind::Number, Expected::Integer) => echo(value.raw()),
        (kind, _) => noun(kind).into(),
    }
}

fn of_body(body: Value<'_>, expected: Expected, model: Option<&Model>) -> Draft {
    let draft = Draft::new(head(body), format!("the body is {}, it must be {}", noun(body.kind()), expected.noun()));
    let name = model.map_or("", |model| model.name);
    match body.kind() {
        Kind::Array if body.items().all(Value::is_object) => draft.help(format!("send one {name} object; several of them are several requests")),
        Kind::String if unquoted_object(body) => {
            draft.help("send the object itself, and not a string that holds its JSON")
        }
        Kind::Null => draft.help("write the members to be changed, or remove the file"),
        _ => draft.help(format!("write the members of {name} in braces: `{{\"…\": …}}`")),
    }
}

fn unquoted_object(body: Value<'_>) -> bool {
    body.as_str().is_some_and(|text| text.trim_start().starts_with('{'))
}

fn help(value: Value<'_>, expected: Expected) -> Option<String> {
    if let Some(text) = requoted(value, expected) {
        let quotes = if value.kind() == Kind::String { "without" } else { "in" };
        return Some(format!("write it {quotes} quotes: `{text}`"));
    }
    let name = key_of(value).and_then(Value::as_str);
    Some(match (value.kind(), expected) {
        (Kind::Null, _) if name.is_none() => "leave the item out, or give it a value".to_owned(),
        (Kind::Null, _) => "leave the member out, or give it a value".to_owned(),
        (_, Expected::Boolean) => "write `true` or `false`".to_owned(),
        (Kind::Number, Expected::Integer) => "write it without a fraction or exponent".to_owned(),
        (_, Expected::Integer) => "write a whole number, without quotes".to_owned(),
        (_, Expected::DateTime) => "write it as ISO 8601: `\"2026-03-24T09:30:00Z\"`".to_owned(),
        (_, Expected::Number) => "write a number, without quotes".to_owned(),
        (Kind::String | Kind::Number | Kind::Boolean, Expected::Array) => {
            "put it in brackets, as a list of one".to_owned()
        }
        (Kind::Array, Expected::String) if value.items().count() == 1 => {
            "write the one item without the brackets".to_owned()
        }
        (_, Expected::Object) if name.as_deref().is_some_and(|name| name.to_lowercase().ends_with("attributes")) => {
            "write a map of names to strings: `{\"order_id\": \"12345\"}`".to_owned()
        }
        (Kind::String, Expected::Object) if name.as_deref() == Some("wrapup") => {
            "write an object: `{\"code\": \"…\"}`, with the wrap-up code's id".to_owned()
        }
        _ => return None,
    })
}

/// The value with its quotes taken off, or put on, where that is all it lacks.
fn requoted(value: Value<'_>, expected: Expected) -> Option<String> {
    match (value.kind(), expected) {
        (Kind::String, Expected::Boolean) => {
            let said = value.as_str()?.trim().to_lowercase();
            matches!(said.as_str(), "true" | "false").then_some(said)
        }
        (Kind::String, Expected::Integer) => {
            let said = value.as_str()?;
            let number: i64 = said.trim().parse().ok()?;
            Some(number.to_string())
        }
        (Kind::String, Expected::Number) => {
            let number: serde_json::Number = serde_json::from_str(value.as_str()?.trim()).ok()?;
            Some(number.to_string())
        }
        (Kind::Number | Kind::Boolean, Expected::String) => Some(format!("\"{}\"", value.raw())),
        _ => None,
    }
}

fn fix(subject: &Subject<'_>, value: Value<'_>, expected: Expected) -> Option<Fix> {
    let text = requoted(value, expected)?;
    if value.kind() == Kind::String {
        return Some(Fix::replace("take it out of its quotes", value.span(), text).needs_a_look());
    }
    if subject.is_variable(value) {
        return Some(Fix::replace("put it in quotes", value.span(), text));
    }
    let (start, end) = (Span::empty(value.span().start), Span::empty(value.span().end));
    Some(Fix::replace("put it in quotes", start, "\"").and(end, "\""))
}

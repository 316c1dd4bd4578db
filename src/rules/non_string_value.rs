//! Attribute values that are no strings.

use crate::diagnostic::{Draft, Fix, Message, Severity, Sink};
use crate::json::{Flags, Kind, Value};
use crate::request::is_map_alias;
use crate::rules::{Check, Evidence, Group, Rule, Signs, Subject, references};
use crate::template::InputKind;
use crate::text::Span;

pub static RULE: Rule = Rule {
    id: "non-string-value",
    level: Severity::Error,
    group: Group::Attributes,
    evidence: Evidence::Contract("ParticipantAttributes.attributes is a map of strings in every published version"),
    summary: "an attribute whose value is a number, a boolean, an array or an object",
    why: "Participant attributes are strings, all of them. A number or a boolean is refused with 400 and a \
          message that does not name the attribute, or stored as something that flows and scripts, which \
          compare strings, no longer recognise.",
    remedy: "Put the value in quotes. A structure has to be written as a string of JSON, or as one attribute \
             for each of its members.",
    fix: Some("puts a number or boolean in quotes as it is written; makes an array or object a string of JSON, to be looked at"),
    bad: &[r#"{"attributes": {"priority": 1, "vip": true}}"#, r#"{"attributes": {"tags": ["gold"]}}"#],
    good: &[r#"{"attributes": {"priority": "1", "vip": "true"}}"#],
    waits_for: Signs::ODD_VALUE.and(Signs::MISFIT).and(Signs::TEMPLATE),
    check: Check::Request(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    for (key, value) in subject.attribute_objects().flat_map(Value::members) {
        let draft = match value.kind() {
            Kind::Placeholder => filled_in(subject, key, value, sink),
            _ => judge(subject, key, value, sink),
        };
        if let Some(draft) = draft {
            sink.push(draft);
        }
    }
}

/// An input of another type, which a data action fills in without quotes.
fn filled_in(subject: &Subject<'_>, key: Value<'_>, value: Value<'_>, sink: &Sink<'_>) -> Option<Draft> {
    let kind = references::filled(subject, value)?.input.kind;
    if matches!(kind, InputKind::Unknown | InputKind::String) {
        return None;
    }
    let name = key.as_str().unwrap_or_default();
    let said = references::said(subject, value);
    let draft =
        Draft::new(value.span(), format!("attribute `{name}` is `{said}`, {}: it must be a string", kind.noun()));
    if matches!(kind, InputKind::Array | InputKind::Object) {
        return Some(draft.help("declare it as a string that holds the JSON, and write it in quotes"));
    }
    let draft = draft.help_to_write("put it in quotes: ", &format!("\"{said}\""));
    Some(if sink.wants_fixes() { draft.fix(fix(key, value, false)) } else { draft })
}

fn judge<'a>(subject: &Subject<'a>, key: Value<'_>, value: Value<'a>, sink: &Sink<'_>) -> Option<Draft> {
    /// More digits than that may be something that is not to be repeated.
    const SHOWN: u32 = 12;
    const NUMBER: &[&str; 2] = &["attribute `", "` is a number, it must be a string"];
    const UNQUOTED: &[&str; 2] = &["attribute `", "` is not in quotes, it must be a string"];
    const BOOLEAN: &[&str; 2] = &["attribute `", "` is a boolean, it must be a string"];
    const ARRAY: &[&str; 2] = &["attribute `", "` is an array, it must be a string"];
    const OBJECT: &[&str; 2] = &["attribute `", "` is an object, it must be a string"];
    let is_wrapper = || is_wrapper(&key.as_str().unwrap_or_default(), value);
    let (words, help) = match value.kind() {
        Kind::Number if !looks_like_number(value) => (UNQUOTED, "put it in quotes"),
        Kind::Number => (NUMBER, "put it in quotes"),
        Kind::Boolean => (BOOLEAN, "put it in quotes"),
        Kind::Array => (ARRAY, "send it as a string of JSON, or as one attribute for each item"),
        Kind::Object if sink.wants_help() && is_wrapper() => {
            (OBJECT, "the map is wrapped twice: take one of the wrappers away")
        }
        Kind::Object => (OBJECT, "send it as a string of JSON, or as one attribute for each member"),
        _ => return None,
    };
    let mut draft = Draft::new(value.span(), Message::about(key, words)).help(help);
    let is_plain = matches!(value.kind(), Kind::Number | Kind::Boolean) && value.span().len() <= SHOWN;
    // There may be very many.
    if is_plain && sink.wants_help() {
        draft = draft.help_to_write("write it as a string: ", &format!("\"{}\"", as_written(subject, value)));
    }
    if sink.wants_fixes() {
        let fix = if value.kind() == Kind::Boolean && subject.is_variable(value) {
            Fix::replace("put the value in quotes", value.span(), format!("\"{}\"", value.raw()))
        } else {
            fix(key, value, is_wrapper())
        };
        draft = draft.fix(fix);
    }
    Some(draft)
}

/// A number as the file has it, which may be in a way that JSON has not: `007`.
fn as_written<'a>(subject: &Subject<'a>, value: Value<'a>) -> &'a str {
    let Some(body) = subject.passage else { return value.raw() };
    let written = body.span_of(value.span()).slice(subject.file.0);
    let is_number = written.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '+' | '-' | '.'))
        && !written.contains(char::is_whitespace)
        && written.len() <= value.raw().len() + 4;
    if is_number { written } else { value.raw() }
}

/// Whether a number is one to anybody, and not a date or an order's number without its quotes.
fn looks_like_number(value: Value<'_>) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'_' | b'+');
    let raw = value.raw();
    !value.node().flags.has(Flags::MALFORMED) || raw.strip_prefix('-').unwrap_or(raw).bytes().all(is_plain)
}

/// Whether what should be an attribute is another map of them.
fn is_wrapper(name: &str, value: Value<'_>) -> bool {
    value.members().next().is_some() && (name == "attributes" || is_map_alias(name, value))
}

fn fix(key: Value<'_>, value: Value<'_>, is_wrapper: bool) -> Fix {
    let span = value.span();
    if is_wrapper {
        return Fix::replace("take the inner wrapper away", Span::new(key.span().start, span.start + 1), "")
            .and(Span::new(span.end.saturating_sub(1).max(span.start + 1), span.end), "")
            .needs_a_look();
    }
    match value.kind() {
        Kind::Number | Kind::Boolean | Kind::Placeholder => {
            Fix::replace("put the value in quotes", Span::empty(span.start), "\"").and(Span::empty(span.end), "\"")
        }
        _ => {
            let text = serde_json::Value::from(value.raw()).to_string();
            Fix::replace("write the value as a string of JSON", span, text).needs_a_look()
        }
    }
}

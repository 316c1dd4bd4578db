//! Values of the right type that are none of those allowed.

use std::borrow::Cow;

use crate::api::{Model, Shape, closest};
use crate::diagnostic::{Draft, Fix, Severity, Sink};
use crate::json::{Kind, Value};
use crate::rules::{Check, Evidence, Group, Rule, Signs, Subject, echo_or, key_of, list};
use crate::schema::ViolationKind;

pub static RULE: Rule = Rule {
    id: "invalid-value",
    level: Severity::Error,
    group: Group::Contract,
    evidence: Evidence::DeclaredError(
        "invalid.value and invalid.date (400), declared by every operation that takes a body",
    ),
    summary: "a value that the model does not allow: no listed word, no date and time, out of range",
    why: "Some members take one of a few words, a date and time of ISO 8601, or a number within bounds. The API \
          declares `invalid.value` and `invalid.date` for anything else. The SDKs read `state` whatever its \
          case, so a `state` that differs in case alone is a warning; no other word is forgiven that.",
    remedy: "Use one of the words that are listed, spelled as they are. A date and time is written \
             `2026-03-24T09:30:00Z`.",
    fix: Some("writes the word that is meant; to be looked at, unless only its case was wrong"),
    bad: &[
        r#"{"state": "conected"}"#,
        r#"{"state": "Disconnected"}"#,
        r#"{"resumeTime": "tomorrow at 9"}"#,
        r#"{"wrapup": {"code": "5f1f4b6e-5f0a-4c0e-9d5e-3f2f5a1f8b11", "durationSeconds": 3000000000}}"#,
    ],
    good: &[
        r#"{"state": "connected"}"#,
        r#"{"state": "disconnected"}"#,
        r#"{"wrapup": {"code": "5f1f4b6e-5f0a-4c0e-9d5e-3f2f5a1f8b11", "durationSeconds": 30}}"#,
    ],
    waits_for: Signs::MISFIT,
    check: Check::Request(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    for violation in subject.violations() {
        let value = violation.at;
        let draft = match &violation.kind {
            ViolationKind::NotListed { options } => not_listed(subject, value, options, sink.wants_fixes()),
            ViolationKind::NotDateTime => Draft::new(
                value.span(),
                format!("{} is {}, it must be a date and a time", subject.name_of(value), said(value)),
            )
            .help("write it as ISO 8601: `2026-03-24T09:30:00Z`"),
            ViolationKind::OutOfBounds { bound } => {
                let what = if value.kind() == Kind::Number { value.raw() } else { "out of bounds" };
                Draft::new(value.span(), format!("{} is {what}, it must be {bound}", subject.name_of(value)))
            }
            ViolationKind::Repeated => {
                Draft::new(value.span(), format!("{} holds a value twice", subject.name_of(value)))
                    .help("remove the second")
            }
            ViolationKind::Other { keyword } => Draft::new(
                value.span(),
                format!("{} is not what the model's `{keyword}` asks for", subject.name_of(value)),
            ),
            ViolationKind::UnknownProperty { .. }
            | ViolationKind::MissingProperty { .. }
            | ViolationKind::WrongType { .. } => continue,
        };
        sink.push(draft);
    }
}

fn said(value: Value<'_>) -> Cow<'static, str> {
    let text = value.as_str().unwrap_or_default();
    if text.trim().is_empty() { "empty".into() } else { echo_or(&text, "another text").into_owned().into() }
}

fn not_listed<'a>(subject: &Subject<'a>, value: Value<'a>, options: &[&'static str], wants_fix: bool) -> Draft {
    let text = value.as_str().unwrap_or_default();
    let is_state = key_of(value).and_then(Value::as_str).is_some_and(|name| name == "state");
    let name = subject.name_of(value);
    let replace = |word: &str| Fix::replace(format!("write `{word}`"), value.inner_span(), word);
    let same = options.iter().find(|option| option.eq_ignore_ascii_case(text.trim()));
    if let Some(word) = same {
        let spaced = text.trim() != text;
        let draft = match (spaced, is_state) {
            (true, _) => Draft::new(value.span(), format!("{name} has spaces around its value"))
                .help(format!("write `{word}`")),
            (false, true) => {
                Draft::new(value.span(), format!("{name} is {}, the published value is `{word}`", said(value)))
                    .severity(Severity::Warning)
                    .help("write it as published: the SDKs read it in any case, other readers may not")
            }
            (false, false) => {
                Draft::new(value.span(), format!("{name} is {}, it must be `{word}`", said(value)))
                    .help("upper and lower case count here")
            }
        };
        return if wants_fix { draft.fix(replace(word)) } else { draft };
    }
    let draft = Draft::new(value.span(), format!("{name} cannot be {}", said(value)));
    let member = subject.model.filter(|_| is_state).and_then(|model| member_meant(model, &text));
    if let Some((member, value)) = member {
        return draft.help(format!("`{member}` is a member of its own, not a state: `\"{member}\": {value}`"));
    }
    let near = closest(&text, options.iter().copied());
    let ordered = nearest_first(options, near, is_state);
    match near {
        Some(word) => {
            let draft = draft.help(format!("did you mean `{word}`? allowed are {}", list(ordered)));
            if wants_fix { draft.fix(replace(word).needs_a_look()) } else { draft }
        }
        None => draft.help(format!("allowed are {}", list(ordered))),
    }
}

/// What is allowed: the nearest first, then the states that can be set, then the rest as published.
fn nearest_first(
    options: &[&'static str],
    near: Option<&'static str>,
    is_state: bool,
) -> Vec<&'static str> {
    let settable = |option: &str| is_state && matches!(option, "connected" | "disconnected");
    let mut ordered = options.to_vec();
    ordered.sort_by_key(|option| (near != Some(*option), !settable(option)));
    ordered
}

/// The boolean member that a word is meant for which was written as a state, and its value: `hold` means
/// that `held` is to be true.
fn member_meant(model: &Model, word: &str) -> Option<(&'static str, bool)> {
    let plain: String = word.chars().filter(char::is_ascii_alphanumeric).collect();
    let (name, value) = match plain.to_ascii_lowercase().as_str() {
        "hold" | "onhold" => ("held", true),
        "unhold" | "unheld" | "offhold" | "retrieve" => ("held", false),
        "mute" => ("muted", true),
        "unmute" | "unmuted" => ("muted", false),
        _ => (word, true),
    };
    Some((boolean_member(model, name)?, value))
}

/// The boolean member of a model that a word names.
fn boolean_member(model: &Model, word: &str) -> Option<&'static str> {
    let Some(Shape::Object { properties, .. }) = model.schema.as_ref().map(|schema| schema.shape) else {
        return None;
    };
    let named = properties.iter().find(|(name, _)| name.eq_ignore_ascii_case(word))?;
    matches!(named.1, Shape::Boolean).then_some(named.0)
}

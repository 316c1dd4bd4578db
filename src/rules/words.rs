//! Pieces of messages that several rules share.

use std::borrow::Cow;

use crate::json::{Kind, Value};
use crate::rules::key_of;
use crate::rules::may_hold_secret;
use crate::text::Span;

/// The beginning of a piece of input, in backticks and on one line; `something` instead, where there
/// is nothing to show, or it might be a secret.
#[must_use]
pub fn echo_or<'t>(text: &str, something: &'t str) -> Cow<'t, str> {
    const MOST: usize = 40;
    let line = text.trim().lines().next().unwrap_or_default();
    let plain = line.trim_matches(|quote| matches!(quote, '"' | '\'' | '`'));
    if line.is_empty() || may_hold_secret(plain.as_bytes()) {
        return something.into();
    }
    let cut = line.char_indices().nth(MOST).map_or(line, |(at, _)| &line[..at]);
    let more = if cut.len() < line.len() { "…" } else { "" };
    // What holds a backtick cannot stand in backticks.
    if line.contains('`') { format!("{cut}{more}").into() } else { format!("`{cut}{more}`").into() }
}

/// As [`echo_or`], with "this text" for what is not shown.
#[must_use]
pub fn echo(text: &str) -> Cow<'static, str> {
    echo_or(text, "this text")
}

/// Names in backticks, the first dozen of them.
#[must_use]
pub fn list<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    const MOST: usize = 12;
    let mut names: Vec<_> = names.into_iter().map(|name| format!("`{name}`")).collect();
    if names.len() > MOST {
        names.truncate(MOST);
        names.push("…".to_owned());
    }
    names.join(", ")
}

/// What a value is, with its article.
#[must_use]
pub const fn noun(value_kind: Kind) -> &'static str {
    match value_kind {
        Kind::Null => "null",
        Kind::Boolean => "a boolean",
        Kind::Number => "a number",
        Kind::String | Kind::Key => "a string",
        Kind::Object => "an object",
        Kind::Array => "an array",
        Kind::Placeholder | Kind::Invalid => "not known",
    }
}

/// A value's own place; of an object or array, its key's or its opening bracket's: a place in one
/// line, where the whole may be very long.
#[must_use]
pub fn head(value: Value<'_>) -> Span {
    let span = value.span();
    match value.kind() {
        Kind::Object | Kind::Array => {
            key_of(value).map_or(Span::new(span.start, span.start + 1), Value::span)
        }
        _ => span,
    }
}

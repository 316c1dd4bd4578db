//! Keys written twice in one object.

use crate::diagnostic::{Draft, Severity, Sink};
use crate::json::{Value, clashes, holds_placeholder};
use crate::rules::{Check, Evidence, Group, Rule, Signs, TextSubject, echo_or};

pub static RULE: Rule = Rule {
    id: "duplicate-key",
    level: Severity::Error,
    group: Group::Text,
    evidence: Evidence::Standard("RFC 8259, section 4: names within an object should be unique"),
    summary: "a key that the same object already has",
    why: "What a reader makes of a key that is written twice is its own affair: most keep the last value, some \
          the first, some refuse the text. One of the two values is lost either way, and nothing says which. \
          Names are compared as they read, so `\"\\u0061\"` is the same key as `\"a\"`.",
    remedy: "Keep the member that is meant and remove the other, or give one of them another name.",
    fix: None,
    bad: &[r#"{"attributes": {"order_id": "12345", "order_id": "12346"}}"#],
    good: &[r#"{"attributes": {"order_id": "12345", "previous_order_id": "12346"}}"#],
    waits_for: Signs::KEY_CLASH,
    check: Check::Text(check),
};

fn check(subject: &TextSubject<'_>, sink: &mut Sink<'_>) {
    let trusted = subject.document.trusted_end();
    for clash in clashes(subject.document) {
        let (first, second) = (clash.first.span(), clash.second.span());
        if !clash.exact || second.start >= trusted || is_unsure(subject, clash.first, clash.second) {
            continue;
        }
        let name = clash.second.as_str().unwrap_or_default();
        let name = if name.trim().is_empty() { "this key".into() } else { echo_or(&name, "this key") };
        let draft = Draft::new(second, format!("{name} is written twice in one object"))
            .related(first, "first written here")
            .help("keep one of the two: most readers take the last, and the other value is lost");
        sink.push(draft);
    }
}

/// Whether the names may yet differ: something in them is filled in later, or could not be read.
fn is_unsure(subject: &TextSubject<'_>, first: Value<'_>, second: Value<'_>) -> bool {
    let unread = |key: Value<'_>| {
        let span = key.span();
        span.is_empty() || subject.is_unread(span)
    };
    unread(first) || unread(second) || second.as_str().is_none_or(|name| holds_placeholder(&name))
}

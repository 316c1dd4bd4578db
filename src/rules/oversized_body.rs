//! Bodies that are too long.

use crate::diagnostic::{Draft, Severity, Sink};
use crate::json::Value;
use crate::rules::{Check, Evidence, Group, Rule, Signs, Subject};
use crate::text::Span;

pub static RULE: Rule = Rule {
    id: "oversized-body",
    level: Severity::Warning,
    group: Group::Attributes,
    evidence: Evidence::Observed(
        "413 request.entity.too.large is declared by every operation; the limit of 512,000 bytes is quoted by integrators",
    ),
    summary: "a body of more than 512,000 bytes",
    why: "The API refuses a request that is too long with 413. It declares that for every operation without \
          giving the limit, which integrators quote as 512,000 bytes. The body is measured as it is written: \
          white space counts, if it is sent.",
    remedy: "Send fewer or shorter attributes, in several requests if need be: attributes that are not named \
             keep their values. Keep transcripts and documents elsewhere, and send where they are.",
    fix: None,
    // Too long to be shown; the fixtures have some.
    bad: &[],
    good: &[r#"{"attributes": {"transcript_url": "https://example.com/transcripts/4711"}}"#],
    waits_for: Signs::LONG,
    check: Check::Request(check),
};

/// The limit that is quoted, in bytes.
pub const LIMIT: u32 = 512_000;

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let Some(span) = subject.body().map(Value::span).filter(|span| span.len() > LIMIT) else { return };
    let message = format!("the body is {} bytes long, {} is the most that the API takes", grouped(span.len()), grouped(LIMIT));
    // All of it would be more than anyone wants to be shown.
    sink.push(
        Draft::new(Span::new(span.start, span.start + 1), message)
            .label("begins here")
            .help("send fewer or shorter attributes, or spread them over several requests"),
    );
}

/// A number with a comma after every three digits.
fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

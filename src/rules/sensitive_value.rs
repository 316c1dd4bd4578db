//! Values that should not be participant data.

use crate::diagnostic::{Severity, Sink};
use crate::rules::{Check, Evidence, Group, Rule, Signs, TextSubject};

pub static RULE: Rule = Rule {
    id: "sensitive-value",
    level: Severity::Warning,
    group: Group::Attributes,
    evidence: Evidence::Documented("participant data is plain text that scripts, flows and integrations read; secured data is the encrypted store"),
    summary: "a card number, a token or a private key in the request",
    why: "",
    remedy: "",
    fix: None,
    bad: &[],
    good: &[],
    waits_for: Signs::SECRET,
    check: Check::Text(check),
};

fn check(_: &TextSubject<'_>, _: &mut Sink<'_>) {}

/// Whether a string is worth a closer look: quick, and never wrong when it says no.
#[must_use]
pub fn may_hold_secret(inner: &[u8]) -> bool {
    matches!(inner.first(), Some(b'B' | b'b' | b'e' | b'-')) && inner.len() > 20 || longest_run(inner) >= 13
}

/// The length of the longest run of digits, spaces and hyphens.
fn longest_run(text: &[u8]) -> usize {
    let mut longest = 0;
    let mut run = 0;
    for byte in text {
        run = if byte.is_ascii_digit() || matches!(byte, b' ' | b'-') { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

//! What two rules say of one value.

use crate::diagnostic::Finding;
use crate::rules::{QUOTING, SPELLING};
use crate::text::Span;

/// Takes out what is said of how a number is spelled, where it is told that no number belongs there at all: put
/// in quotes, it may be spelled as it likes. Findings are in the order of the text.
pub(super) fn forget_told_better(findings: &mut Vec<Finding>, text: &str) {
    let is_spelling = |finding: &Finding| finding.rule == SPELLING.id && !finding.primary.is_empty();
    if !findings.iter().any(is_spelling) {
        return;
    }
    // What is wrong inside of an array or object is wrong in a string that holds it, too.
    let is_scalar = |place: Span| !place.slice(text).starts_with(['{', '[', '@']);
    let scalars: Vec<_> = findings
        .iter()
        .filter(|finding| finding.rule == QUOTING.id && is_scalar(finding.primary))
        .map(|finding| (finding.primary, finding.severity))
        .collect();
    findings.retain(|finding| {
        let next = scalars.partition_point(|(place, _)| place.end < finding.primary.end);
        let around = scalars.get(next).filter(|(place, _)| place.contains(finding.primary));
        !(is_spelling(finding) && around.is_some_and(|(_, severity)| *severity >= finding.severity))
    });
}

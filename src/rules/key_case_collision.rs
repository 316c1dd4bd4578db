//! Attributes whose names differ in case alone.

use crate::diagnostic::{Draft, Severity, Sink};
use crate::json::{clashes_in, holds_placeholder};
use crate::rules::{Check, Evidence, Group, Rule, Signs, Subject};

pub static RULE: Rule = Rule {
    id: "key-case-collision",
    level: Severity::Warning,
    group: Group::Attributes,
    evidence: Evidence::Documented("names of participant data are case-sensitive"),
    summary: "two attributes whose names differ only in upper and lower case",
    why: "Names of attributes are case-sensitive, so `Priority` and `priority` are two attributes. A flow or a \
          script reads one of them, and the other stays unseen; hardly ever are both meant.",
    remedy: "Keep the one that flows and scripts read.",
    fix: None,
    bad: &[r#"{"attributes": {"priority": "high", "Priority": "low"}}"#],
    good: &[r#"{"attributes": {"priority": "high", "previous_priority": "low"}}"#],
    waits_for: Signs::KEY_CLASH,
    check: Check::Request(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    for object in subject.attribute_objects() {
        for clash in clashes_in(object).into_iter().filter(|clash| !clash.exact) {
            let first = clash.first.as_str().unwrap_or_default();
            let second = clash.second.as_str().unwrap_or_default();
            if holds_placeholder(&first) || holds_placeholder(&second) {
                continue;
            }
            sink.push(
                Draft::new(clash.second.span(), format!("`{second}` and `{first}` are two attributes: names are case-sensitive"))
                    .related(clash.first.span(), "differs in case alone")
                    .help("keep the one that flows and scripts read"),
            );
        }
    }
}

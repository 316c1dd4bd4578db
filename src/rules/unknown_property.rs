//! Keys that the model has not.

use crate::api::closest;
use crate::diagnostic::{Draft, Fix, Severity, Sink};
use crate::rules::{Check, Evidence, Group, Rule, Signs, Subject, list};
use crate::schema::ViolationKind;

pub static RULE: Rule = Rule {
    id: "unknown-property",
    level: Severity::Error,
    group: Group::Contract,
    evidence: Evidence::DeclaredError("invalid.property (400), declared by every operation that takes a body"),
    summary: "a key that the operation's body does not have",
    why: "Each operation takes one published model, and the API declares `invalid.property` for any other \
          member. The message it answers with does not say which member it was.",
    remedy: "Use the member's real name, or remove it. `paylint schema` prints the model.",
    fix: Some("renames the key to the nearest real one; to be looked at"),
    bad: &[r#"{"state": "connected", "isMuted": true}"#],
    good: &[r#"{"state": "connected", "muted": true}"#],
    waits_for: Signs::MISFIT,
    check: Check::Request(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let Some(model) = subject.model else { return };
    for violation in subject.violations() {
        let ViolationKind::UnknownProperty { known } = &violation.kind else { continue };
        if subject.is_told_elsewhere(violation.at) {
            continue;
        }
        let name = violation.at.as_str().unwrap_or_default();
        let mut draft = Draft::new(
            violation.at.span(),
            format!("`{name}` is not a property of {}", subject.object_name(violation.at, model)),
        );
        draft = match closest(&name, known.iter().copied()) {
            Some(near) => {
                if sink.wants_fixes() && subject.sibling(violation.at, near).is_none() {
                    let title = format!("rename it to `{near}`");
                    draft = draft.fix(Fix::replace(title, violation.at.inner_span(), near).needs_a_look());
                }
                let case = if near.eq_ignore_ascii_case(&name) { " upper and lower case count" } else { "" };
                draft.help(format!("did you mean `{near}`?{case}"))
            }
            None => draft.help(format!("it takes {}", list(known.iter().copied()))),
        };
        sink.push(draft);
    }
}

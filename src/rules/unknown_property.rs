//! Keys that the model has not.

use std::collections::HashSet;

use crate::api::{Model, closest};
use crate::diagnostic::{Draft, Fix, Severity, Sink};
use crate::json::Value;
use crate::rules::{Check, Evidence, Group, Rule, Signs, Subject, list};
use crate::schema::ViolationKind;

pub static RULE: Rule = Rule {
    id: "unknown-property",
    level: Severity::Error,
    group: Group::Contract,
    evidence: Evidence::DeclaredError("invalid.property (400), declared by every operation that takes a body"),
    summary: "a key that the operation's body does not have",
    why: "Each operation takes one published model, and the API declares `invalid.property` for any other \
          member. The message it answers with does not say which member it was. The models of operations on a \
          participant are bundled; of a body that is sent to another operation, this rule says nothing.",
    remedy: "Use the member's real name, or remove it. `paylint schema` prints the model.",
    fix: Some("renames the key to the nearest real one; to be looked at"),
    bad: &[r#"{"state": "connected", "isMuted": true}"#],
    good: &[r#"{"state": "connected", "muted": true}"#],
    waits_for: Signs::MISFIT,
    check: Check::Request(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let Some(model) = subject.model else { return };
    let told = subject.told_elsewhere();
    let mut around: Option<Around<'_>> = None;
    for violation in subject.violations() {
        let ViolationKind::UnknownProperty { known } = &violation.kind else { continue };
        if told.contains(&violation.at.index()) {
            continue;
        }
        let same = around.as_ref().is_some_and(|around| around.object.index() == violation.within.index());
        if !same {
            around = Some(Around::new(subject, violation.within, model, known));
        }
        let Some(around) = &around else { continue };
        let name = violation.at.as_str().unwrap_or_default();
        let mut draft =
            Draft::new(violation.at.span(), format!("`{name}` is not a property of {}", around.name));
        draft = match closest(&name, known.iter().copied()) {
            Some(near) => {
                if sink.wants_fixes() && !around.present.contains(near) {
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

/// The object that unknown keys stand in, looked at once for all of them.
struct Around<'a> {
    object: Value<'a>,
    name: String,
    /// Which of the members that the model knows are there.
    present: HashSet<&'static str>,
}

impl<'a> Around<'a> {
    fn new(subject: &Subject<'a>, object: Value<'a>, model: &Model, known: &[&'static str]) -> Self {
        let names = object.members().filter_map(|(key, _)| key.as_str());
        let present = names.filter_map(|name| known.iter().find(|known| **known == name).copied()).collect();
        Self { object, name: subject.object_name(object, model), present }
    }
}

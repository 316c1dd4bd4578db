//! Members that the model requires and the body has not.

use crate::api::{Model, closest};
use crate::diagnostic::{Draft, Severity, Sink};
use crate::json::Value;
use crate::rules::{Check, Evidence, Group, Rule, Signs, Subject, head};
use crate::schema::{self, Violation, ViolationKind};

pub static RULE: Rule = Rule {
    id: "missing-property",
    level: Severity::Error,
    group: Group::Contract,
    evidence: Evidence::Contract("the `required` members of the published model"),
    summary: "a member that the operation's body must have",
    why: "The published model marks some members as required, and the API refuses a body without them.",
    remedy: "Add the member that is named. `paylint schema` prints the model, with what each member is for.",
    fix: None,
    bad: &[
        r#"{"method": "PATCH", "url": "/api/v2/conversations/emails/{conversationId}/participants/{participantId}/parkingstate", "body": {"resumeTime": "2026-03-24T09:30:00Z"}}"#,
    ],
    good: &[
        r#"{"method": "PATCH", "url": "/api/v2/conversations/emails/{conversationId}/participants/{participantId}/parkingstate", "body": {"state": "parked", "resumeTime": "2026-03-24T09:30:00Z"}}"#,
    ],
    waits_for: Signs::MISFIT,
    check: Check::Request(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let Some(model) = subject.model else { return };
    for violation in subject.violations() {
        let ViolationKind::MissingProperty { name } = &violation.kind else { continue };
        if is_misspelled(subject, violation.at, name) {
            continue;
        }
        let object = violation.at;
        let message = format!("`{name}` is missing from {}", subject.name_of(object));
        let help = match purpose(subject, model, object, name) {
            Some(purpose) => format!("add `{name}`: {purpose}"),
            None => format!("add `{name}`"),
        };
        sink.push(Draft::new(head(object), message).help(help));
    }
}

/// Whether the member is there under a name that is reported as nearly this one.
fn is_misspelled(subject: &Subject<'_>, object: Value<'_>, name: &str) -> bool {
    // They stand in the order of the text: those within the object follow one another.
    let all = subject.violations();
    let start = |violation: &Violation<'_>| violation.at.span().start;
    let from = all.partition_point(|violation| start(violation) < object.span().start);
    let inside = all[from..].iter().take_while(|violation| start(violation) < object.span().end);
    inside.filter(|other| other.within.index() == object.index()).any(|other| {
        let ViolationKind::UnknownProperty { known } = &other.kind else { return false };
        other.at.as_str().is_some_and(|said| closest(&said, known.iter().copied()) == Some(name))
    })
}

/// What the schema says that a member is for, as the end of a phrase.
fn purpose<'a>(subject: &Subject<'a>, model: &Model, object: Value<'a>, name: &str) -> Option<String> {
    let mut path: Vec<_> = subject.path_up(object).collect();
    path.reverse();
    let text = schema::description(model, &path, name)?;
    let text = text.trim_end_matches('.');
    let mut rest = text.chars();
    let first = rest.next()?;
    // A word in capitals stays as it is.
    let lower = !rest.as_str().starts_with(char::is_uppercase);
    Some(if lower { first.to_lowercase().chain(rest).collect() } else { text.to_owned() })
}

//! What can be done to a communication: it can be ended.

use crate::diagnostic::{Draft, Severity, Sink};
use crate::json::{Kind, Value, holds_placeholder};
use crate::rules::{Check, Evidence, Group, Rule, Signs, Subject};
use crate::text::Span;

pub static RULE: Rule = Rule {
    id: "communication-state",
    level: Severity::Error,
    group: Group::Meaning,
    evidence: Evidence::DeclaredError("communication.state.required (400), declared by each PATCH …/communications/{communicationId}"),
    summary: "a communication that is not told to be `disconnected`",
    why: "A request to one communication of a participant can do one thing: end it. It takes the same body as a \
          request to the participant, but a `state` other than `disconnected`, or none, is refused.",
    remedy: "Send `{\"state\": \"disconnected\"}`. To mute, hold or answer, send the body to the participant \
             instead: the path without `/communications/…`.",
    fix: None,
    bad: &[
        r#"{"method": "PATCH", "url": "/api/v2/conversations/calls/{conversationId}/participants/{participantId}/communications/{communicationId}", "body": {"state": "connected"}}"#,
        r#"{"method": "PATCH", "url": "/api/v2/conversations/calls/{conversationId}/participants/{participantId}/communications/{communicationId}", "body": {"muted": true}}"#,
    ],
    good: &[r#"{"method": "PATCH", "url": "/api/v2/conversations/calls/{conversationId}/participants/{participantId}/communications/{communicationId}", "body": {"state": "disconnected"}}"#],
    waits_for: Signs::OPERATION.and(Signs::URL),
    check: Check::Request(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    if !subject.updates_participant() || !subject.is_of_communication() {
        return;
    }
    let Some(body) = subject.body().filter(|body| body.kind() == Kind::Object) else { return };
    let help = "to change anything else, send it to the participant: the path without `/communications/…`";
    let (has_members, has_map) = (body.members().next().is_some(), subject.attribute_maps().next().is_some());
    match body.get("state") {
        Some(state) if state.kind() == Kind::String => {
            let said = state.as_str().unwrap_or_default();
            if !said.eq_ignore_ascii_case("disconnected") && !holds_placeholder(&said) && is_listed(subject, &said) {
                let message = format!("`{said}` cannot be set on a communication, only `disconnected`");
                sink.push(Draft::new(state.span(), message).help(help));
            }
        }
        None if has_members && !has_map && subject.lacks(body, "state") => {
            sink.push(Draft::new(opening(body), "a communication needs `\"state\": \"disconnected\"`").help(help));
        }
        // What it is, is not known, or something else is said of it.
        Some(_) | None => {}
    }
}

/// Whether the state is one at all; the schema speaks of those that are not.
fn is_listed(subject: &Subject<'_>, said: &str) -> bool {
    subject.model.is_some_and(|model| {
        model.options("state").iter().any(|option| option.eq_ignore_ascii_case(said))
    })
}

/// The bracket that opens an object.
fn opening(body: Value<'_>) -> Span {
    let start = body.span().start;
    Span::new(start, start + 1)
}

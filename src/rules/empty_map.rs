//! Updates that change nothing.

use crate::diagnostic::{Draft, Severity, Sink};
use crate::json::Value;
use crate::rules::subject::{is_empty_object, takes_participant_data};
use crate::rules::{AttributeMap, Check, Evidence, Group, Rule, Signs, Subject};

pub static RULE: Rule = Rule {
    id: "empty-map",
    level: Severity::Error,
    group: Group::Attributes,
    evidence: Evidence::Observed("integrators report 400 for `{}`, as the body of an update and as its map of attributes"),
    summary: "`{}` as the body of a participant update, or as its map of attributes",
    why: "An update without a field or an attribute asks for nothing. It is refused, or, at best, accepted \
          without effect, which hides that whatever should have filled it did not run. Emptying the map does \
          not remove attributes either: those that are not named keep their values.",
    remedy: "Send at least one field or attribute, or do not send the request.",
    fix: None,
    bad: &[
        r#"{"attributes": {}}"#,
        r#"{"method": "PATCH", "url": "/api/v2/conversations/calls/{conversationId}/participants/{participantId}", "body": {}}"#,
    ],
    good: &[
        r#"{"attributes": {"priority": "high"}}"#,
        r#"{"method": "PATCH", "url": "/api/v2/conversations/calls/{conversationId}/participants/{participantId}", "body": {"state": "disconnected"}}"#,
    ],
    waits_for: Signs::EMPTY,
    check: Check::Request(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    // What is empty may have lost its members to a fault.
    if !subject.is_whole() {
        return;
    }
    let Some(body) = subject.body() else { return };
    let about_participant = subject.model.is_some_and(takes_participant_data);
    if is_empty_object(body) {
        if about_participant {
            sink.push(empty_body(subject, body));
        }
        return;
    }
    for map in subject.attribute_maps().filter(|map| is_empty_object(map.value)) {
        // Elsewhere an optional map may well be empty.
        if about_participant || !map.named {
            sink.push(empty_map(subject, map));
        }
    }
}

fn empty_body(subject: &Subject<'_>, body: Value<'_>) -> Draft {
    let help = match subject.model.map(|model| model.name) {
        Some("ParticipantAttributes") => "send at least one attribute: `{\"attributes\": {\"name\": \"value\"}}`",
        Some("MediaParticipantRequest") => "send at least one field, such as `state`",
        _ => "send at least one field, such as `state`, or one attribute",
    };
    let draft = Draft::new(body.span(), "the body is empty, so the request changes nothing").help(help);
    // Where no body is needed, that one is refused is less than sure.
    match subject.operation {
        Some(operation) if !operation.body_required => draft.severity(Severity::Warning),
        _ => draft,
    }
}

fn empty_map(subject: &Subject<'_>, map: AttributeMap<'_>) -> Draft {
    let name = map.key.as_str().unwrap_or_default();
    let draft =
        Draft::new(map.value.span(), format!("the map `{name}` is empty, so no attribute changes"));
    match subject.called().filter(|called| called.attributes.is_none()) {
        Some(called) => draft.help(format!(
            "leave it out: this operation takes no attributes; `{}` does",
            called.attributes_sibling().call()
        )),
        None => draft.help("send at least one attribute, or leave the map out"),
    }
}

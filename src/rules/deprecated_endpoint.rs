//! Operations that are to go.

use crate::api::{Operation, Resolution, Status, operations_at};
use crate::diagnostic::{Draft, Severity, Sink};
use crate::rules::{Check, Evidence, Group, Rule, Signs, Subject};

pub static RULE: Rule = Rule {
    id: "deprecated-endpoint",
    level: Severity::Warning,
    group: Group::Endpoint,
    evidence: Evidence::Contract("the operations that are marked as deprecated; dates are those of the vendor's announcements"),
    summary: "an operation that is deprecated",
    why: "It still answers, but is marked as deprecated in the published contract. Of `…/replace/external` and \
          `…/consult/external` it is announced that they will be removed on 2028-05-01, if nobody uses them by \
          then; of the others there is no date.",
    remedy: "Move to the operation that is named. Where there is none, the feature itself is on its way out.",
    fix: None,
    bad: &[r#"{"method": "POST", "url": "/api/v2/conversations/{conversationId}/participants/{participantId}/replace", "body": {"queueId": "5f1f4b6e-5f0a-4c0e-9d5e-3f2f5a1f8b11"}}"#],
    good: &[r#"{"method": "POST", "url": "/api/v2/conversations/{conversationId}/participants/{participantId}/replace/queue", "body": {"queueId": "5f1f4b6e-5f0a-4c0e-9d5e-3f2f5a1f8b11", "transferType": "Unattended"}}"#],
    waits_for: Signs::URL,
    check: Check::Request(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let (Some(url), Some(endpoint)) = (&subject.request.url, &subject.endpoint) else { return };
    let operation = match subject.resolution {
        Some(Resolution::Operation(operation)) => operation,
        // Without a method it is one of those that the path has: all of them have to be.
        Some(Resolution::OneOf(operation)) if operation.status == Status::Deprecated => {
            let there = operations_at(endpoint);
            if there.is_empty() || there.iter().any(|other| other.status != Status::Deprecated) {
                return;
            }
            operation
        }
        _ => return,
    };
    if operation.status != Status::Deprecated {
        return;
    }
    let draft = Draft::new(url.span_of(endpoint.path), message(operation));
    let successors: Vec<_> = operation.successors().map(|next| format!("`{}`", short(next))).collect();
    let help = match successors.as_slice() {
        [] => "no other operation is named in its place".to_owned(),
        [one] => format!("use {one}"),
        [first @ .., last] => format!("use, as the case may be, {} or {last}", first.join(", ")),
    };
    sink.push(draft.help(help));
}

/// An operation's call without what all paths of a participant begin with.
fn short(operation: &Operation) -> String {
    const PARTICIPANT: &str = "/participants/{participantId}";
    match operation.path.find(PARTICIPANT) {
        Some(at) => format!("{} …{}", operation.method, &operation.path[at + PARTICIPANT.len()..]),
        None => operation.call(),
    }
}

fn message(operation: &Operation) -> String {
    let when = match operation.id {
        "postConversationParticipantReplace" | "postConversationsCallParticipantConsult" => {
            " since 2026-03-27; its removal is not planned"
        }
        "postConversationParticipantReplaceExternal" | "postConversationsCallParticipantConsultExternal" => {
            " since 2026-02-23; it is to be removed on 2028-05-01"
        }
        _ => "",
    };
    format!("`{}` is deprecated{when}", operation.id)
}

//! Operations that are gone.

use crate::api::{Operation, Resolution, Status, operations_at};
use crate::diagnostic::{Draft, Fix, Severity, Sink};
use crate::text::Passage;
use crate::rules::{Check, Evidence, Group, Rule, Signs, Subject};

pub static RULE: Rule = Rule {
    id: "removed-endpoint",
    level: Severity::Error,
    group: Group::Endpoint,
    evidence: Evidence::Contract("the operations under /conversations/chats, published until August 2026 and not since"),
    summary: "an operation that the API no longer has",
    why: "Web chat was deprecated in January 2025, and all operations under `/conversations/chats` were taken \
          out of the API in August 2026. Nothing answers to a request to one of them.",
    remedy: "Web messaging has taken the place of web chat: its conversations are under \
             `/conversations/messages`. The operations without a kind, such as \
             `/conversations/{conversationId}/participants/{participantId}`, take conversations of any kind.",
    fix: Some("writes `messages` for `chats`, where the rest of the path stays; to be looked at"),
    bad: &[r#"{"method": "PATCH", "url": "/api/v2/conversations/chats/{conversationId}/participants/{participantId}/attributes", "body": {"attributes": {"tier": "gold"}}}"#],
    good: &[r#"{"method": "PATCH", "url": "/api/v2/conversations/messages/{conversationId}/participants/{participantId}/attributes", "body": {"attributes": {"tier": "gold"}}}"#],
    waits_for: Signs::URL,
    check: Check::Request(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let (Some(url), Some(endpoint)) = (&subject.request.url, &subject.endpoint) else { return };
    let there = match &subject.resolution {
        Some(Resolution::Operation(operation)) if operation.status == Status::Removed => vec![*operation],
        Some(Resolution::OtherMethods(there)) => there.clone(),
        // Without a method it is gone only where all methods are.
        Some(Resolution::Unknown) => operations_at(endpoint),
        _ => return,
    };
    if there.iter().any(|operation| operation.status != Status::Removed) {
        return;
    }
    let Some(operation) = there.first() else { return };
    let kind = endpoint.parts.get(1).map_or(endpoint.path, |part| part.span);
    let mut draft = Draft::new(url.span_of(kind), format!("`{}` was removed from the API in August 2026", family(operation)));
    let named = matches!(subject.resolution, Some(Resolution::Operation(_)));
    let successor = operation.successors().next().filter(|_| named);
    draft = match successor {
        Some(next) => draft.help(format!("web messaging has taken its place: `{}`", next.call())),
        None => draft.help("web messaging has taken its place: see `/api/v2/conversations/messages`"),
    };
    if sink.wants_fixes()
        && let Some(next) = successor
        && let Some(fix) = fix(operation, next, url, subject)
    {
        draft = draft.fix(fix);
    }
    sink.push(draft);
}

/// The first segments of a path, up to the kind of conversation.
fn family(operation: &Operation) -> String {
    operation.path.split('/').take(5).collect::<Vec<_>>().join("/")
}

/// The successor's path, where it differs by one word.
fn fix(operation: &Operation, next: &Operation, url: &Passage<'_>, subject: &Subject<'_>) -> Option<Fix> {
    let endpoint = subject.endpoint.as_ref()?;
    if operation.method != next.method || operation.segments.len() != next.segments.len() {
        return None;
    }
    let mut differing =
        operation.segments.iter().zip(next.segments).enumerate().filter(|(_, (old, new))| old != new);
    let (index, (_, new)) = differing.next()?;
    let crate::api::Segment::Literal(word) = new else { return None };
    let part = endpoint.parts.get(index).filter(|_| differing.next().is_none())?;
    Some(Fix::replace(format!("write `{word}`"), url.span_of(part.span), *word).needs_a_look())
}

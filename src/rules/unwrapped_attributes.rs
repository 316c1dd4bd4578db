//! A flat map where the wrapper `attributes` belongs.

use crate::api::Role;
use crate::diagnostic::{Draft, Fix, Severity, Sink};
use crate::json::{Kind, holds_placeholder};
use crate::rules::mixed_update::is_field;
use crate::rules::{Check, Evidence, Group, Rule, Signs, Subject};

pub static RULE: Rule = Rule {
    id: "unwrapped-attributes",
    level: Severity::Error,
    group: Group::Attributes,
    evidence: Evidence::Contract("ParticipantAttributes has one property, `attributes`"),
    summary: "attributes sent without the `attributes` member around them",
    why: "The body of an `…/attributes` operation has one member, `attributes`, and the map is its value. A \
          map sent bare is a body of unknown properties.",
    remedy: "Wrap the map: `{\"attributes\": {…}}`.",
    fix: Some("wraps the map"),
    bad: &[r#"{"method": "PATCH", "url": "/api/v2/conversations/{conversationId}/participants/{participantId}/attributes", "body": {"priority": "high"}}"#],
    good: &[r#"{"method": "PATCH", "url": "/api/v2/conversations/{conversationId}/participants/{participantId}/attributes", "body": {"attributes": {"priority": "high"}}}"#],
    waits_for: Signs::MISFIT,
    check: Check::Request(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let Some(body) = subject.body().filter(|_| is_unwrapped(subject)) else { return };
    let Some((first, _)) = body.members().next() else { return };
    let last = body.members().last().map_or(first, |(_, value)| value);
    let inside = first.span().join(last.span());
    let mut draft = Draft::new(first.span(), "these attributes stand outside `attributes`")
        .label("the first of them")
        .help("wrap them: `{\"attributes\": {…}}`");
    if sink.wants_fixes() {
        let start = crate::text::Span::empty(inside.start);
        let end = crate::text::Span::empty(inside.end);
        draft = draft.fix(Fix::replace("wrap the map", start, "\"attributes\": {").and(end, "}"));
    }
    sink.push(draft);
}

/// Whether a body is a map of attributes without its wrapper: sent to an operation that takes
/// nothing else, and no member of it is what the operation knows or a map itself.
#[must_use]
pub fn is_unwrapped(subject: &Subject<'_>) -> bool {
    let Some(body) = subject.body().filter(|body| body.kind() == Kind::Object) else { return false };
    subject.is_whole()
        && subject.model.is_some_and(|model| model.role == Role::Attributes)
        && body.members().next().is_some()
        && subject.attribute_maps().next().is_none()
        && body.members().all(|(_, value)| !matches!(value.kind(), Kind::Object | Kind::Array))
        // A key that is not known yet may turn out as the wrapper's.
        && !body.members().any(|(key, value)| {
            value.is_unknown() && key.as_str().is_none_or(|name| holds_placeholder(&name))
        })
        // A body of fields alone is the participant's, sent to the wrong place.
        && !body.members().all(|(key, _)| key.as_str().is_some_and(|name| is_field(&name)))
}

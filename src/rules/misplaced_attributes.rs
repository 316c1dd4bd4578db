//! Attributes sent to an operation that takes none.

use crate::api::{Model, Operation, Resolution};
use crate::diagnostic::{Draft, Fix, Severity, Sink};
use crate::rules::{AttributeMap, Check, Evidence, Group, Rule, Signs, Subject};
use crate::text::Span;

pub static RULE: Rule = Rule {
    id: "misplaced-attributes",
    level: Severity::Error,
    group: Group::Attributes,
    evidence: Evidence::Contract("MediaParticipantRequest has no map of attributes in any published version"),
    summary: "attributes sent to a participant operation whose body has none",
    why: "The participant itself takes a state, a wrap-up and a few switches, and no attributes under any \
          name; neither do transfers, consultations or wrap-ups. Attributes are updated by an operation of \
          their own, one segment further: `…/participants/{participantId}/attributes`.",
    remedy: "Send the map to the operation that is named, as `{\"attributes\": {…}}`. What else is in the body \
             stays a request of its own.",
    fix: Some("sends a body that is nothing but the map to `…/attributes`; to be looked at"),
    bad: &[
        r#"{"method": "PATCH", "url": "/api/v2/conversations/calls/{conversationId}/participants/{participantId}", "body": {"attributes": {"priority": "high"}}}"#,
        r#"{"method": "PATCH", "url": "/api/v2/conversations/{conversationId}/participants/{participantId}", "body": {"state": "connected", "customAttributes": {"priority": "high"}}}"#,
    ],
    good: &[
        r#"{"method": "PATCH", "url": "/api/v2/conversations/calls/{conversationId}/participants/{participantId}/attributes", "body": {"attributes": {"priority": "high"}}}"#,
        r#"{"method": "PATCH", "url": "/api/v2/conversations/{conversationId}/participants/{participantId}", "body": {"state": "connected"}}"#,
    ],
    waits_for: Signs::STRAY_MAP,
    check: Check::Request(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let Some(model) = subject.model.filter(|model| !model.properties.contains(&"attributes")) else { return };
    let Some(called) = subject.called() else { return };
    for map in subject.attribute_maps().filter(|map| !map.is_void()) {
        let mut draft = describe(subject, model, called, map);
        if sink.wants_fixes()
            && let Some(fix) = move_request(subject, called, map)
        {
            draft = draft.fix(fix);
        }
        sink.push(draft);
    }
}

fn describe(subject: &Subject<'_>, model: &Model, called: &Operation, map: AttributeMap<'_>) -> Draft {
    let name = map.key.as_str().unwrap_or_default();
    let sibling = sibling(subject, called);
    let renamed = if name == "attributes" { "" } else { " as `attributes`" };
    let alone = subject.body().is_some_and(|body| body.members().count() == 1);
    let help = if alone {
        format!("send it to `{}`{renamed}", sibling.call())
    } else {
        format!("send it{renamed} in a request of its own, to `{}`", sibling.call())
    };
    Draft::new(map.key.span(), format!("`{name}` is not taken by this operation: {} has no attributes", model.name))
        .help(help)
}

/// The operation that takes the attributes: the generic one where the media is not known yet.
fn sibling(subject: &Subject<'_>, called: &Operation) -> &'static Operation {
    match subject.resolution {
        Some(Resolution::OneOf(_)) => crate::api::operation("patchConversationParticipantAttributes")
            .unwrap_or_else(|| called.attributes_sibling()),
        _ => called.attributes_sibling(),
    }
}

/// Turns a participant's update into that of its attributes, where it is nothing else.
fn move_request(subject: &Subject<'_>, called: &Operation, map: AttributeMap<'_>) -> Option<Fix> {
    let (url, endpoint) = (subject.request.url.as_ref()?, subject.endpoint.as_ref()?);
    let path = endpoint.path.slice(url.as_str());
    let alone = subject.body()?.members().count() == 1 && (map.value.is_object() || map.value.is_unknown());
    let next_door = called.attributes_sibling().path.strip_prefix(called.path) == Some("/attributes");
    if !alone || !next_door || subject.operation.is_none() || path.is_empty() || path.ends_with('/') {
        return None;
    }
    // In a list of its segments it would join the last.
    if !url.is_unbroken(endpoint.parts_span()) {
        return None;
    }
    let insert = (Span::empty(url.span_of(endpoint.path).end), "/attributes");
    let rename = (map.key.inner_span(), "attributes");
    let (first, second) = if insert.0 < rename.0 { (insert, rename) } else { (rename, insert) };
    Some(Fix::replace("send it to `…/attributes`", first.0, first.1).and(second.0, second.1).needs_a_look())
}

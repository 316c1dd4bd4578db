//! Null where a map of attributes, or the value of one, belongs.

use crate::diagnostic::{Draft, Fix, Message, Severity, Sink};
use crate::json::{Kind, Value};
use crate::rules::subject::takes_participant_data;
use crate::rules::{AttributeMap, Check, Evidence, Group, Rule, Signs, Subject};
use crate::text::Span;

pub static RULE: Rule = Rule {
    id: "null-value",
    level: Severity::Error,
    group: Group::Attributes,
    evidence: Evidence::DeclaredError(
        "conversation.error.participant.attribute.null (400), declared by PATCH …/participants/{participantId}",
    ),
    summary: "a map of attributes that is null, or an attribute whose value is",
    why: "The map may not be null: that has an error of its own. Nor is null a string, which every value of \
          the map has to be; it does not remove an attribute, and nothing in the published contract says that \
          one can be removed.",
    remedy: "Leave out what is not to be changed: attributes that are not named keep their values. To blank an \
             attribute, send an empty string.",
    fix: Some("removes the member that is null, where others are left; to be looked at"),
    bad: &[r#"{"attributes": null}"#, r#"{"attributes": {"priority": "high", "callback_time": null}}"#],
    good: &[r#"{"attributes": {"priority": "high"}}"#, r#"{"attributes": {"priority": "high", "callback_time": ""}}"#],
    waits_for: Signs::ODD_VALUE.and(Signs::MISFIT),
    check: Check::Request(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    for map in subject.attribute_maps().filter(|map| is_null_map(subject, *map)) {
        let name = map.key.as_str().unwrap_or_default();
        let draft = Draft::new(map.value.span(), format!("the map `{name}` is null, it must be an object"))
            .help(if subject.called().is_some_and(|called| called.attributes.is_none()) {
                "leave it out: this operation takes no attributes"
            } else {
                "leave it out, or send the attributes that are to change: `{\"attributes\": {…}}`"
            });
        sink.push(with_fix(draft, map.key, map.value, subject.body(), sink.wants_fixes()));
    }
    for object in subject.attribute_objects() {
        for (key, value) in object.members().filter(|(_, value)| value.kind() == Kind::Null) {
            let message = Message::about(key, &["attribute `", "` is null, it must be a string"]);
            let draft = Draft::new(value.span(), message)
                .help("leave it out, or send a string");
            sink.push(with_fix(draft, key, value, Some(object), sink.wants_fixes()));
        }
    }
}

/// Whether a map is null that may not be. Where the model has an optional map beside other members,
/// null is as good as none.
fn is_null_map(subject: &Subject<'_>, map: AttributeMap<'_>) -> bool {
    map.value.kind() == Kind::Null
        && (!map.named || subject.model.is_none_or(takes_participant_data))
}

fn with_fix(draft: Draft, key: Value<'_>, value: Value<'_>, object: Option<Value<'_>>, wanted: bool) -> Draft {
    match object.filter(|_| wanted).and_then(|object| removal(object, key, value)) {
        Some(span) => draft.fix(Fix::replace("remove it", span, "").needs_a_look()),
        None => draft,
    }
}

/// The bytes without which an object lacks a member and is still JSON. `None` where it is the only
/// one: what would be left is empty, and refused as such.
fn removal(object: Value<'_>, key: Value<'_>, value: Value<'_>) -> Option<Span> {
    let next = key.node().next;
    if next < object.node().next {
        return Some(Span::new(key.span().start, Value::at(object.document(), next).span().start));
    }
    let (_, before) = object.members().take_while(|(other, _)| other.index() < key.index()).last()?;
    Some(Span::new(before.span().end, value.span().end))
}

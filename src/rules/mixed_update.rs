//! Attributes and fields of the participant in one body.

use crate::api::{self, Role};
use crate::diagnostic::{Draft, Severity, Sink};
use crate::json::Value;
use crate::rules::{Check, Evidence, Group, Rule, Signs, Subject};

pub static RULE: Rule = Rule {
    id: "mixed-update",
    level: Severity::Warning,
    group: Group::Attributes,
    evidence: Evidence::Contract("no published body has both the fields of MediaParticipantRequest and a map of attributes"),
    summary: "attributes and fields of the participant in one body",
    why: "State, wrap-up, hold and the like are one operation's, attributes another's, and neither takes what \
          is the other's. A body with both is wrong wherever it goes; where it is known to go to \
          `…/attributes`, this is an error.",
    remedy: "Make it two requests: the fields to `PATCH …/participants/{participantId}`, the attributes to \
             `PATCH …/participants/{participantId}/attributes`. Send the attributes first if the other one \
             disconnects.",
    fix: None,
    bad: &[
        r#"{"state": "disconnected", "attributes": {"outcome": "resolved"}}"#,
        r#"{"method": "PATCH", "url": "/api/v2/conversations/{conversationId}/participants/{participantId}/attributes", "body": {"attributes": {"outcome": "resolved"}, "state": "disconnected"}}"#,
    ],
    good: &[r#"{"attributes": {"outcome": "resolved"}}"#, r#"{"state": "disconnected"}"#],
    waits_for: Signs::MIXED,
    check: Check::Request(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let (Some(map), Some(first)) = (map(subject), fields(subject).next()) else { return };
    let name = first.as_str().unwrap_or_default();
    let attributes = map.as_str().unwrap_or_default();
    sink.push(if takes_attributes_alone(subject) {
        Draft::new(
            first.span(),
            format!("`{name}` is a field of the participant: this operation takes `attributes` alone"),
        )
        .related(map.span(), "the attributes")
        .help(format!("send {} in a request of its own, to {PARTICIPANT}", list(subject)))
        .severity(Severity::Error)
    } else {
        Draft::new(map.span(), format!("`{attributes}` and fields of the participant cannot go in one request"))
            .related(first.span(), "a field of the participant")
            .help(format!("make it two: {} to {PARTICIPANT}, the attributes to {ATTRIBUTES}", list(subject)))
    });
}

const PARTICIPANT: &str = "`PATCH …/participants/{participantId}`";
const ATTRIBUTES: &str = "`PATCH …/participants/{participantId}/attributes`";

/// The keys that this rule speaks of where the model has them not.
pub fn stray_fields<'a>(subject: &Subject<'a>) -> impl Iterator<Item = Value<'a>> + use<'a> {
    let told = takes_attributes_alone(subject) && map(subject).is_some();
    fields(subject).filter(move |_| told)
}

fn takes_attributes_alone(subject: &Subject<'_>) -> bool {
    subject.model.is_some_and(|model| model.role == Role::Attributes)
}

/// The key of the first map that sends anything, where the body may be a mixture.
fn map<'a>(subject: &Subject<'a>) -> Option<Value<'a>> {
    let mixable = takes_attributes_alone(subject) || subject.model.is_some_and(|model| model.role == Role::Union);
    subject.attribute_maps().find(|map| mixable && !map.is_void()).map(|map| map.key)
}

/// The keys of the body that are fields of the participant.
fn fields<'a>(subject: &Subject<'a>) -> impl Iterator<Item = Value<'a>> + use<'a> {
    let body = subject.body();
    let keys = body.into_iter().flat_map(Value::members).map(|(key, _)| key);
    keys.filter(|key| key.as_str().is_some_and(|name| is_field(&name)))
}

/// Whether a name is that of a field of the participant.
#[must_use]
pub fn is_field(name: &str) -> bool {
    api::model("MediaParticipantRequest").is_some_and(|model| model.properties.contains(&name))
}

fn list(subject: &Subject<'_>) -> String {
    let names: Vec<_> = fields(subject).filter_map(Value::as_str).map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        [all @ .., last] if !all.is_empty() => format!("{} and {last}", all.join(", ")),
        _ => names.concat(),
    }
}

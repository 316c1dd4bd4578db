//! The map of attributes under another name.

use crate::api::Role;
use crate::diagnostic::{Draft, Fix, Severity, Sink};
use crate::rules::{AttributeMap, Check, Evidence, Group, Rule, Signs, Subject};

pub static RULE: Rule = Rule {
    id: "custom-attributes",
    level: Severity::Warning,
    group: Group::Attributes,
    evidence: Evidence::Contract("ParticipantAttributes has one property, `attributes`, in every published version"),
    summary: "`customAttributes`, or another name of one's own, for `attributes`",
    why: "Integrations write the map of attributes under many names; the API knows it as `attributes` alone. \
          Where the request is known to go to `…/attributes` this is an error: the contract has no such \
          member.\n\n\
          `customAttributes` does exist, for something else: `/api/v2/conversations/{conversationId}/customattributes` \
          keeps data of the conversation, bound to a schema, which is not the data of a participant.",
    remedy: "Name the map `attributes`, and send it to `PATCH …/participants/{participantId}/attributes`. A \
             gateway or library that wants its own name and translates it can have this rule turned off.",
    fix: Some("renames the key to `attributes`; to be looked at where the operation is not known"),
    bad: &[
        r#"{"customAttributes": {"priority": "high"}}"#,
        r#"{"method": "PATCH", "url": "/api/v2/conversations/{conversationId}/participants/{participantId}/attributes", "body": {"participantAttributes": {"priority": "high"}}}"#,
    ],
    good: &[
        r#"{"attributes": {"priority": "high"}}"#,
        r#"{"method": "PATCH", "url": "/api/v2/conversations/{conversationId}/customattributes", "body": {"id": "delivery", "customAttributes": {"priority": "high"}}}"#,
    ],
    waits_for: Signs::STRAY_MAP,
    check: Check::Request(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    // Where the model has no map at all, the name is the least of it.
    let Some(model) = subject.model.filter(|model| model.properties.contains(&"attributes")) else { return };
    let certain = model.role == Role::Attributes;
    let maps: Vec<_> = subject.attribute_maps().collect();
    let named = maps.iter().find(|map| map.named);
    for map in maps.iter().filter(|map| !map.named && !map.is_void()) {
        let mut draft = describe(*map, named.copied());
        if certain {
            draft = draft.severity(Severity::Error);
        }
        if sink.wants_fixes() && maps.len() == 1 {
            let fix = Fix::replace("rename it to `attributes`", map.key.inner_span(), "attributes");
            draft = draft.fix(if certain { fix } else { fix.needs_a_look() });
        }
        sink.push(draft);
    }
}

fn describe(map: AttributeMap<'_>, named: Option<AttributeMap<'_>>) -> Draft {
    let name = map.key.as_str().unwrap_or_default();
    if let Some(named) = named {
        let message = format!("`{name}` stands beside `attributes`, which is the only map that the API knows");
        return Draft::new(map.key.span(), message)
            .related(named.key.span(), "the map that is read")
            .help(format!("move what is in `{name}` into `attributes`"));
    }
    let elsewhere = if name.eq_ignore_ascii_case("customAttributes") {
        "; `customAttributes` belongs to `/api/v2/conversations/{conversationId}/customattributes`, which is \
         about the conversation"
    } else {
        ""
    };
    Draft::new(map.key.span(), format!("the API calls this map `attributes`, not `{name}`"))
        .help(format!("rename it to `attributes`{elsewhere}"))
}

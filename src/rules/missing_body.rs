//! Requests without the body that their operation needs.

use crate::api::Operation;
use crate::diagnostic::{Draft, Severity, Sink};
use crate::json::{Kind, Value};
use crate::request::Body;
use crate::rules::{Check, Evidence, Group, Rule, Signs, Subject, list};

pub static RULE: Rule = Rule {
    id: "missing-body",
    level: Severity::Error,
    group: Group::Contract,
    evidence: Evidence::Contract("the body is a required parameter of the operation"),
    summary: "a request without the body that its operation needs",
    why: "The operation cannot know what to do without a body, and the API answers 400. Not every operation \
          asks for one: of the seven that update a participant, those of messages and of cobrowse sessions \
          leave it optional.",
    remedy: "Add the body: in an envelope, as its member `body`.",
    fix: None,
    bad: &[
        r#"{"method": "PATCH", "url": "/api/v2/conversations/{conversationId}/participants/{participantId}/attributes"}"#,
    ],
    good: &[
        r#"{"method": "PATCH", "url": "/api/v2/conversations/{conversationId}/participants/{participantId}/attributes", "body": {"attributes": {"priority": "high"}}}"#,
    ],
    waits_for: Signs::OPERATION,
    check: Check::Request(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let (Some(operation), Some(url)) = (subject.operation, &subject.request.url) else { return };
    if !operation.body_required {
        return;
    }
    let (place, message) = match subject.request.body {
        Body::Absent if subject.is_whole() && !may_be_elsewhere(subject.request.whole) => {
            (url.span(), "this operation needs a body, and none is sent")
        }
        Body::Json(body) if body.kind() == Kind::Null => {
            (body.span(), "this operation needs a body, and null is none")
        }
        _ => return,
    };
    sink.push(Draft::new(place, message).help(help(operation)));
}

fn help(operation: &Operation) -> String {
    let Some(payload) = operation.body else { return "add a member `body`".to_owned() };
    if let Some(map) = operation.attributes {
        return format!("add `\"body\": {{\"{map}\": {{…}}}}`");
    }
    match payload.model {
        Some(model) if model.schema.is_some() => {
            format!("add a member `body`; a {} has {}", payload.name, list(model.properties.iter().copied()))
        }
        _ => format!("add a member `body`, of the model {}", payload.name),
    }
}

/// Whether an envelope may hold its body under a name that is not known here, or point to it.
fn may_be_elsewhere(envelope: Value<'_>) -> bool {
    const NEVER: [&str; 12] = [
        "headers", "query", "params", "parameters", "pathparams", "queryparams", "scope", "scopes", "permission",
        "permissions", "requiredscopes", "auth",
    ];
    const HINTS: [&str; 8] = ["body", "data", "payload", "template", "content", "json", "file", "form"];
    envelope.members().any(|(key, value)| {
        let Some(name) = key.as_str() else { return true };
        let name = name.to_ascii_lowercase().replace(['_', '-'], "");
        let structured = matches!(value.kind(), Kind::Object | Kind::Array) || value.is_unknown();
        !NEVER.contains(&name.as_str()) && (structured || HINTS.iter().any(|hint| name.contains(hint)))
    })
}

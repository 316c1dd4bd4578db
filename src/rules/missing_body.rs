//! Requests without the body that their operation needs.

use crate::api::Operation;
use crate::diagnostic::{Draft, Severity, Sink};
use crate::json::Kind;
use crate::request::{Body, Payload, Request};
use crate::rules::{Check, Evidence, Group, Rule, Signs, Subject, list};
use crate::template::Role;
use crate::text::{Passage, Span};

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
    let (place, message) = match subject.body {
        Body::Absent if subject.is_whole() => match empty_template(subject) {
            Some(template) => (template, "this operation needs a body, and the template makes none"),
            None => (call(subject.request, url), "this operation needs a body, and none is sent"),
        },
        Body::Json(body) if body.kind() == Kind::Null => {
            (body.span(), "this operation needs a body, and null is none")
        }
        _ => return,
    };
    sink.push(Draft::new(place, message).help(help(operation)));
}

/// Where a request is made: its URL; where that is written elsewhere, in a variable say, what sends it.
fn call(request: &Request<'_>, url: &Passage<'_>) -> Span {
    let (place, url) = (request.place, url.span());
    let is_call = matches!(request.payload, Payload::Absent) && !place.is_empty();
    if is_call && url.start < place.start { place } else { url }
}

/// The template of the body, which has nothing in it, with the quotes that it stands in.
fn empty_template(subject: &Subject<'_>) -> Option<Span> {
    let templates = subject.request.templates.as_ref()?;
    let template = templates.parts.iter().find(|part| part.role == Role::Body)?;
    let place = template.text.span();
    let quoted = Span::new(place.start.checked_sub(1)?, place.end + 1);
    // In a text that is no more than blanks, there is nothing to point at but these.
    let written = subject.written(quoted);
    if written.len() > 1 && written.starts_with('"') && written.ends_with('"') {
        return Some(quoted);
    }
    (!place.is_empty()).then_some(place)
}

fn help(operation: &Operation) -> String {
    let Some(payload) = operation.body else { return "send one".to_owned() };
    if let Some(map) = operation.attributes {
        return format!("send one: `{{\"{map}\": {{…}}}}`");
    }
    match payload.model {
        Some(model) if model.schema.is_some() => {
            format!("send one: a {} has {}", payload.name, list(model.properties.iter().copied()))
        }
        _ => format!("send one, of the model {}", payload.name),
    }
}

//! A body for an operation that reads none.

use crate::api::{Method, OPERATIONS, Operation, Status};
use crate::diagnostic::{Draft, Severity, Sink};
use crate::json::{Kind, Value};
use crate::rules::{Check, Evidence, Group, Rule, Signs, Subject, head};

pub static RULE: Rule = Rule {
    id: "unexpected-body",
    level: Severity::Warning,
    group: Group::Contract,
    evidence: Evidence::Contract("the operation has no body parameter"),
    summary: "a body sent to an operation that takes none",
    why: "What is sent along is not read, so whatever it was to change stays as it is, and the answer says that \
          all went well. With GET and DELETE some proxies refuse such a request on the way.",
    remedy: "Remove the body, or send it with the method and to the path that takes it.",
    fix: None,
    bad: &[
        r#"{"method": "GET", "url": "/api/v2/conversations/calls/{conversationId}", "body": {"state": "disconnected"}}"#,
    ],
    good: &[
        r#"{"method": "GET", "url": "/api/v2/conversations/calls/{conversationId}"}"#,
        r#"{"method": "PATCH", "url": "/api/v2/conversations/calls/{conversationId}", "body": {"state": "disconnected"}}"#,
    ],
    waits_for: Signs::OPERATION,
    check: Check::Request(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let (Some(operation), Some(body)) = (subject.operation, subject.body()) else { return };
    let is_empty = match body.kind() {
        Kind::Object | Kind::Array => body.node().next == body.index() + 1,
        Kind::Null | Kind::Placeholder | Kind::Invalid => true,
        _ => false,
    };
    if operation.body.is_some() || is_empty {
        return;
    }
    let method = operation.method;
    let fate = match method {
        Method::Get | Method::Delete => format!("the body of a {method} is ignored"),
        _ => "the operation does not read it".to_owned(),
    };
    let help = match meant(operation, body) {
        Some(other) => format!("remove it, or send it with {}: {fate}", other.method),
        None => format!("remove it: {fate}"),
    };
    sink.push(Draft::new(head(body), format!("`{}` takes no body", operation.call())).help(help));
}

/// The operation of the same path that takes what is sent.
fn meant(operation: &Operation, body: Value<'_>) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|other| {
        other.path == operation.path
            && other.status != Status::Removed
            && other.model().is_some_and(|model| {
                body.members().all(|(key, _)| key.as_str().is_some_and(|name| model.properties.contains(&name.as_ref())))
            })
            && body.kind() == Kind::Object
    })
}

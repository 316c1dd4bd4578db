//! Methods that a path does not have.

use crate::api::{Method, Operation, Resolution, Status, operations_at};
use crate::diagnostic::{Draft, Fix, Severity, Sink};
use crate::json::holds_placeholder;
use crate::rules::wrong_endpoint::meant;
use crate::rules::{Check, Evidence, Group, Rule, Signs, Subject, echo};

pub static RULE: Rule = Rule {
    id: "wrong-method",
    level: Severity::Error,
    group: Group::Endpoint,
    evidence: Evidence::Contract("the methods that each published path lists"),
    summary: "a method that the path does not have",
    why: "The path is right, but nothing answers to this method there. Participants and their attributes are \
          updated with `PATCH`; `POST` and `PUT`, which other APIs use for this, are refused.",
    remedy: "Use the method that is named. Whether it is written in upper or lower case does not matter here.",
    fix: Some("writes the path's only method"),
    bad: &[
        r#"{"method": "POST", "url": "/api/v2/conversations/{conversationId}/participants/{participantId}/attributes", "body": {"attributes": {"priority": "high"}}}"#,
        r#"{"method": "UPDATE", "url": "/api/v2/conversations/calls/{conversationId}/participants/{participantId}", "body": {"state": "disconnected"}}"#,
    ],
    good: &[
        r#"{"method": "PATCH", "url": "/api/v2/conversations/{conversationId}/participants/{participantId}/attributes", "body": {"attributes": {"priority": "high"}}}"#,
        r#"{"method": "patch", "url": "/api/v2/conversations/calls/{conversationId}/participants/{participantId}", "body": {"state": "disconnected"}}"#,
    ],
    waits_for: Signs::URL,
    check: Check::Request(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let (Some(method), Some(endpoint)) = (&subject.request.method, &subject.endpoint) else { return };
    let said = method.as_str();
    let known = subject.method();
    if known.is_some() && said.trim().len() == said.len() {
        if let Some(Resolution::OtherMethods(there)) = &subject.resolution {
            tell(subject, there, sink);
        }
        return;
    }
    if is_unknown(said) {
        return;
    }
    if let (Some(known), Some(Resolution::Operation(_))) = (known, &subject.resolution) {
        let mut draft = Draft::new(method.span(), format!("there are blanks around the method `{}`", said.trim()))
            .help("remove them: they are sent as a part of the method");
        if sink.wants_fixes() {
            draft = draft.fix(Fix::replace("remove the blanks", method.span(), known.as_str()));
        }
        sink.push(draft);
        return;
    }
    tell(subject, &operations_at(endpoint), sink);
}

/// Whether a method is filled in when the request is sent.
fn is_unknown(said: &str) -> bool {
    holds_placeholder(said) || said.contains(['{', '$', '%', '<']) || said.starts_with(':')
}

fn tell(subject: &Subject<'_>, there: &[&'static Operation], sink: &mut Sink<'_>) {
    let Some(method) = &subject.request.method else { return };
    // Of a path that is gone, that is said; of one that does not exist, which one was meant.
    let mut there: Vec<_> =
        there.iter().copied().filter(|operation| operation.status != Status::Removed).collect();
    there.sort_by_key(|operation| operation.method);
    let (Some(first), Some(last)) = (there.first(), there.last()) else { return };
    let names = there.iter().map(|operation| format!("`{}`", operation.method)).collect::<Vec<_>>();
    let said = method.as_str().trim();
    let message = if subject.method().is_some() {
        format!("this path has no `{}`, it has {}", said.to_ascii_uppercase(), join(&names))
    } else if said.is_empty() {
        format!("the method is empty, this path has {}", join(&names))
    } else {
        format!("{} is not a method of the API, this path has {}", echo(said), join(&names))
    };
    let help = there.iter().map(|operation| purpose(operation)).collect::<Vec<_>>().join("; ");
    let reads_attributes = subject.method() == Some(Method::Get) && last.path.ends_with("/attributes");
    let help = if reads_attributes && first.method != Method::Get {
        format!("{help}; to read attributes, `GET /api/v2/conversations/{{conversationId}}`, which lists them by participant")
    } else {
        help
    };
    let other = other_path(subject, &there);
    let help = match other {
        Some(operation) => format!("{help}; or the path is another: `{}`", operation.call()),
        None => help,
    };
    let mut draft = Draft::new(method.span(), message).help(help);
    // What was to read or to remove is not made to write.
    let writes = !["GET", "HEAD", "OPTIONS", "DELETE", "REMOVE"].iter().any(|word| word.eq_ignore_ascii_case(said));
    if sink.wants_fixes() && there.len() == 1 && other.is_none() && writes && first.body.is_some() {
        let title = format!("write `{}`", first.method);
        draft = draft.fix(Fix::replace(title, method.span(), first.method.as_str()));
    }
    sink.push(draft);
}

/// The operation with this method and a path so like this one that it may be meant.
fn other_path(subject: &Subject<'_>, there: &[&'static Operation]) -> Option<&'static Operation> {
    const CLOSE: u32 = 70;
    let near = meant(subject, subject.endpoint.as_ref()?)?;
    let another = Some(near.operation.method) == subject.method()
        && near.distance <= CLOSE
        && there.iter().all(|operation| operation.id != near.operation.id);
    another.then_some(near.operation)
}

/// What a method does, and the name it has in the SDKs.
fn purpose(operation: &Operation) -> String {
    let does = match operation.method {
        Method::Get => "reads",
        Method::Post => "creates, or sets something going",
        Method::Put => "replaces all of it",
        Method::Patch => "changes what is given",
        Method::Delete => "removes",
    };
    format!("`{}` {does} (`{}`)", operation.method, operation.id)
}

fn join(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => format!("only {one}"),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

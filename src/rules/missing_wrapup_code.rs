//! Wrap-ups without a code.

use crate::diagnostic::{Draft, Severity, Sink};
use crate::json::{Kind, Value, holds_placeholder};
use crate::rules::{Check, Evidence, Group, Rule, Signs, Subject};
use crate::text::Span;

pub static RULE: Rule = Rule {
    id: "missing-wrapup-code",
    level: Severity::Error,
    group: Group::Meaning,
    evidence: Evidence::DeclaredError("missing.wrapup.code (400) of POST …/wrapup, conversation.error.wrapup.code.required (400) of PATCH …/participants/{participantId}"),
    summary: "a wrap-up that names no wrap-up code",
    why: "The schema requires no member of a wrap-up, but the API does: one that is not provisional needs the id \
          of a wrap-up code in `code`. `name` does not take its place. A `POST …/wrapup` that has a body at all is \
          refused without it; of `wrapup` in the body of a participant it is declared for calls and for \
          conversations of any kind, and so is only a warning.",
    remedy: "Put the id of the wrap-up code into `code`; `GET …/participants/{participantId}/wrapupcodes` lists \
             those that can be used. To save notes while the work goes on, send `\"provisional\": true`.",
    fix: None,
    bad: &[
        r#"{"method": "POST", "url": "/api/v2/conversations/calls/{conversationId}/participants/{participantId}/communications/{communicationId}/wrapup", "body": {"notes": "called back"}}"#,
        r#"{"wrapup": {"notes": "called back"}}"#,
    ],
    good: &[
        r#"{"method": "POST", "url": "/api/v2/conversations/calls/{conversationId}/participants/{participantId}/communications/{communicationId}/wrapup", "body": {"code": "5f1f4b6e-5f0a-4c0e-9d5e-3f2f5a1f8b11", "notes": "called back"}}"#,
        r#"{"wrapup": {"notes": "still talking", "provisional": true}}"#,
    ],
    waits_for: Signs::FIELDS.and(Signs::EMPTY),
    check: Check::Request(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let Some(body) = subject.body() else { return };
    if subject.model.is_some_and(|model| model.name == "WrapupInput") {
        if let Some(place) = lacking(subject, body, opening(body)) {
            sink.push(tell(place));
        }
        return;
    }
    if !subject.updates_participant() || subject.is_of_communication() {
        return;
    }
    let wrapups = body.members().filter(|(key, _)| key.as_str().is_some_and(|name| name == "wrapup"));
    for (key, wrapup) in wrapups {
        if let Some(place) = lacking(subject, wrapup, key.span()) {
            sink.push(tell(place).severity(Severity::Warning));
        }
    }
}

fn tell(place: Span) -> Draft {
    Draft::new(place, "a wrap-up needs the id of a wrap-up code in `code`, unless it is provisional")
        .help("add `\"code\"`, or `\"provisional\": true` while the work goes on")
}

/// Where to say that a wrap-up has no code, if it has none.
fn lacking(subject: &Subject<'_>, wrapup: Value<'_>, place: Span) -> Option<Span> {
    if wrapup.kind() != Kind::Object || is_provisional(wrapup) {
        return None;
    }
    match wrapup.get("code") {
        Some(code) if code.kind() == Kind::String => {
            code.as_str().is_some_and(|code| code.trim().is_empty()).then(|| code.span())
        }
        Some(_) => None,
        None => subject.lacks(wrapup, "code").then_some(place),
    }
}

/// Whether it is provisional, or may be.
fn is_provisional(wrapup: Value<'_>) -> bool {
    wrapup.get("provisional").is_some_and(|provisional| match provisional.kind() {
        Kind::Boolean => provisional.raw() == "true",
        Kind::String => provisional
            .as_str()
            .is_some_and(|said| said.eq_ignore_ascii_case("true") || holds_placeholder(&said)),
        Kind::Placeholder | Kind::Invalid => true,
        _ => false,
    })
}

/// The bracket that opens an object.
fn opening(body: Value<'_>) -> Span {
    let start = body.span().start;
    Span::new(start, start + 1)
}

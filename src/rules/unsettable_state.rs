//! States that exist, and that nobody can set.

use crate::api::Operation;
use crate::diagnostic::{Draft, Severity, Sink};
use crate::json::Kind;
use crate::rules::{Check, Evidence, Group, Rule, Signs, Subject};

pub static RULE: Rule = Rule {
    id: "unsettable-state",
    level: Severity::Warning,
    group: Group::Meaning,
    evidence: Evidence::Documented("the description of `state` names `connected` and `disconnected` as the values that can be set"),
    summary: "a state that a participant can be in, but cannot be put into",
    why: "The contract lists every state that a participant is ever in. Of these, a request may set only \
          `connected`, which answers, and `disconnected`, which ends; an email or a message may be `parked` as \
          well. The others come about by themselves.",
    remedy: "Set `connected` or `disconnected`. To end a participant's part, `disconnected` is right whatever \
             state it is in, and `terminated` is not.",
    fix: None,
    bad: &[r#"{"state": "terminated"}"#, r#"{"state": "alerting", "muted": false}"#],
    good: &[r#"{"state": "disconnected"}"#, r#"{"state": "connected"}"#],
    waits_for: Signs::FIELDS,
    check: Check::Request(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    if !subject.updates_participant() || subject.is_of_communication() {
        return;
    }
    let Some(state) = subject.body().and_then(|body| body.get("state")).filter(|state| state.kind() == Kind::String)
    else {
        return;
    };
    let said = state.as_str().unwrap_or_default();
    let listed = subject.model.is_some_and(|model| {
        model.options("state").iter().any(|option| option.eq_ignore_ascii_case(&said))
    });
    let is = |name: &str| name.eq_ignore_ascii_case(&said);
    let parks = subject.operation.is_none_or(can_park);
    if !listed || is("connected") || is("disconnected") || (is("parked") && parks) {
        return;
    }
    let draft = Draft::new(state.span(), format!("`{said}` is a state that cannot be set"));
    sink.push(match said.to_ascii_lowercase().as_str() {
        "parked" => draft.help("only emails and messages can be parked; set `connected` or `disconnected`"),
        "terminated" | "none" => draft.help("to end the participant's part, set `disconnected`"),
        _ => draft.help("set `connected` or `disconnected`; the other states come about by themselves"),
    });
}

/// Whether the conversation may be an email or a message.
fn can_park(operation: &Operation) -> bool {
    const CANNOT: [&str; 3] = ["/conversations/calls/", "/conversations/callbacks/", "/conversations/cobrowsesessions/"];
    !CANNOT.iter().any(|kind| operation.path.contains(kind))
}

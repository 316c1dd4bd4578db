//! Members of one body that contradict each other.

use crate::diagnostic::{Draft, Severity, Sink};
use crate::json::{Kind, Value};
use crate::rules::{Check, Evidence, Group, Rule, Signs, Subject};

pub static RULE: Rule = Rule {
    id: "conflicting-update",
    level: Severity::Warning,
    group: Group::Meaning,
    evidence: Evidence::Inferred("what the members do: nothing is left to hold, mute or record once the participant is disconnected, and a wrap-up is either given or skipped"),
    summary: "members of one body that contradict each other",
    why: "A request that disconnects a participant and holds, mutes or records it in the same breath is a sample \
          that was pasted whole: of several properties, some cannot be applied, and the API declares \
          `conversation.participant.update.invalid` for that.",
    remedy: "Send what is meant alone. To hold or mute first and disconnect later takes two requests.",
    fix: None,
    bad: &[
        r#"{"state": "disconnected", "held": true, "muted": true}"#,
        r#"{"wrapup": {"code": "5f1f4b6e-5f0a-4c0e-9d5e-3f2f5a1f8b11"}, "wrapupSkipped": true}"#,
    ],
    good: &[
        r#"{"state": "disconnected", "held": false}"#,
        r#"{"state": "connected", "muted": true}"#,
        r#"{"state": "disconnected", "wrapup": {"code": "5f1f4b6e-5f0a-4c0e-9d5e-3f2f5a1f8b11"}}"#,
    ],
    waits_for: Signs::FIELDS,
    check: Check::Request(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let Some(body) = subject.body().filter(|_| subject.updates_participant()) else { return };
    let member = |name: &str| {
        body.members().find(|(key, _)| key.as_str().is_some_and(|key| key == name))
    };
    let is_true = |value: Value<'_>| value.kind() == Kind::Boolean && value.raw() == "true";
    let ends = member("state").filter(|(_, state)| {
        state.kind() == Kind::String && state.as_str().is_some_and(|said| said.eq_ignore_ascii_case("disconnected"))
    });
    if let Some((state, value)) = ends {
        let mut on = body.members().filter(|(key, value)| {
            is_true(*value) && key.as_str().is_some_and(|key| matches!(key.as_ref(), "held" | "muted" | "recording"))
        });
        if let Some((first, last)) = on.next() {
            let names: Vec<_> = std::iter::once(first)
                .chain(on.map(|(key, _)| key))
                .map(|key| format!("`{}`", key.as_str().unwrap_or_default()))
                .collect();
            let (names, verb) = list(&names);
            let draft = Draft::new(first.span().join(last.span()), format!("{names} {verb} `disconnected`"))
                .related(state.span().join(value.span()), "this ends the participant's part")
                .help(format!("leave {names} out, or disconnect in a request of its own"));
            sink.push(draft);
        }
    }
    let skipped = member("wrapupSkipped").filter(|(_, value)| is_true(*value));
    let given = member("wrapup").filter(|(_, value)| value.kind() == Kind::Object);
    if let (Some((key, value)), Some((wrapup, _))) = (skipped, given) {
        let draft = Draft::new(key.span().join(value.span()), "a wrap-up is skipped that is given in the same body")
            .related(wrapup.span(), "this is the wrap-up")
            .help("leave one of the two out");
        sink.push(draft.severity(Severity::Info));
    }
}

fn list(names: &[String]) -> (String, &'static str) {
    match names {
        [] => (String::new(), "contradicts"),
        [one] => (one.clone(), "contradicts"),
        [first @ .., last] => (format!("{} and {last}", first.join(", ")), "contradict"),
    }
}

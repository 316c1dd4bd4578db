//! Ids that were never filled in.

use crate::api::{Part, Resolution, is_uuid, takes_uuid};
use crate::diagnostic::{Draft, Severity, Sink};
use crate::rules::{Check, Evidence, Group, Rule, Signs, Subject, echo};
use crate::text::{Passage, Span};

pub static RULE: Rule = Rule {
    id: "placeholder-id",
    level: Severity::Error,
    group: Group::Endpoint,
    evidence: Evidence::Observed("sample ids in copied requests; each real id seen is a UUID"),
    summary: "a sample's id, or none, where a real one belongs",
    why: "The path is sent as it stands. No conversation is called `YOUR_CALL_ID`, so the API answers 404; with \
          nothing between two slashes the path is another one, or none.",
    remedy: "Put the id in, or a template that is filled in before the request is sent, such as \
             `{conversationId}`, `:conversationId`, `${conversationId}`, `{{conversationId}}` or \
             `<conversationId>`.",
    fix: None,
    bad: &[
        r#"{"method": "PATCH", "url": "/api/v2/conversations/calls/YOUR_CALL_ID/participants/abc-123", "body": {"state": "disconnected"}}"#,
        r#"{"method": "PATCH", "url": "/api/v2/conversations//participants/{participantId}/attributes", "body": {"attributes": {"tier": "gold"}}}"#,
    ],
    good: &[
        r#"{"method": "PATCH", "url": "/api/v2/conversations/calls/${callId}/participants/:participantId", "body": {"state": "disconnected"}}"#,
        r#"{"method": "PATCH", "url": "/api/v2/conversations/5f1f4b6e-5f0a-4c0e-9d5e-3f2f5a1f8b11/participants/<id>/attributes", "body": {"attributes": {"tier": "gold"}}}"#,
    ],
    waits_for: Signs::URL,
    check: Check::Request(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let (Some(url), Some(endpoint)) = (&subject.request.url, &subject.endpoint) else { return };
    if subject.request.is_sample {
        return;
    }
    if matches!(subject.resolution, Some(Resolution::None)) {
        // Which segment stands for what is not known here, but some leave no doubt.
        for part in endpoint.parts.iter().filter(|part| !part.template && is_marked(part.text)) {
            sink.push(tell(url, part, "id"));
        }
        return;
    }
    for (part, parameter) in subject.ids() {
        if is_placeholder(&part, parameter) {
            sink.push(tell(url, &part, parameter));
        }
    }
}

fn tell(url: &Passage<'_>, part: &Part<'_>, parameter: &str) -> Draft {
    let (span, what) = if part.text.is_empty() {
        // Both slashes: there is nothing else to see of an empty segment.
        let before = part.span.start.saturating_sub(1);
        let after = if url.as_str()[part.span.range().end..].starts_with('/') { part.span.end + 1 } else { part.span.end };
        (Span::new(before, after), "nothing".to_owned())
    } else if is_uuid(part.text) {
        (part.span, format!("`{}`", part.text))
    } else {
        (part.span, echo(part.text).into_owned())
    };
    Draft::new(url.span_of(span), format!("{what} stands where {} belongs", id_of(parameter)))
        .help(format!("put the real id in, or a template such as `{{{parameter}}}`"))
}

/// What a parameter is filled with, in words.
#[must_use]
pub fn id_of(parameter: &str) -> &'static str {
    match parameter {
        "conversationId" => "the id of a conversation",
        "participantId" => "the id of a participant",
        "communicationId" => "the id of a communication",
        "userId" => "the id of a user",
        _ => "an id",
    }
}

/// The UUID that stands for none.
const NIL: &str = "00000000-0000-0000-0000-000000000000";

/// Whether a segment is no id, but shows where one belongs.
#[must_use]
pub fn is_placeholder(part: &Part<'_>, parameter: &str) -> bool {
    const SAMPLES: [&str; 22] = [
        "abc", "bar", "callid", "changeme", "dummy", "example", "fake", "foo", "fooid", "guid", "id", "none", "null",
        "placeholder", "sample", "someid", "string", "tbd", "test", "todo", "undefined", "uuid",
    ];
    let text = part.text;
    if part.template {
        return false;
    }
    if text.is_empty() {
        return true;
    }
    // The name of such a record is its author's, and `my-attributes` as good as any.
    if parameter == "attributesId" {
        return false;
    }
    if is_uuid(text) {
        return text == NIL;
    }
    if is_marked(text) {
        return true;
    }
    let plain = plain(text);
    if plain == parameter.to_ascii_lowercase() {
        return true;
    }
    // Other ids may be names that somebody chose.
    takes_uuid(parameter)
        && (SAMPLES.contains(&plain.as_str())
            || is_named_id(&plain)
            || is_sample_number(&plain)
            || text.bytes().all(|byte| matches!(byte, b'.' | b'*' | b'?' | b'_' | b'-')))
}

/// Whether a text says itself that something is to be put in its place.
fn is_marked(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let mut words = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let (first, last) = (words.next().unwrap_or(""), words.next_back().unwrap_or(""));
    let begs = matches!(first, "your" | "my" | "insert" | "replace" | "enter" | "example" | "sample" | "some" | "dummy")
        && !last.is_empty();
    let joined = text.starts_with("your") && text[4..].starts_with(|next: char| next.is_ascii_uppercase());
    let crosses = lower.len() >= 3 && lower.bytes().all(|byte| matches!(byte, b'x' | b'-')) && lower.contains("xxx");
    // `CONVERSATION_ID` is how a constant is written, and no id.
    let shouts = text.contains('_')
        && (text.ends_with("_ID") || text.ends_with("_UUID") || text.ends_with("_GUID"))
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    begs || joined || crosses || shouts || text == "…" || text == "..."
}

/// Letters and digits alone, in lower case.
fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// `conversationid`, `agentparticipantid` and the like.
fn is_named_id(plain: &str) -> bool {
    const THINGS: [&str; 8] =
        ["conversation", "participant", "communication", "call", "user", "agent", "customer", "interaction"];
    let name = plain.strip_suffix("id").or_else(|| plain.strip_suffix("uuid")).or_else(|| plain.strip_suffix("guid"));
    name.is_some_and(|name| THINGS.iter().any(|thing| name.contains(thing)))
}

/// `abc123`, `conv1`, `participant-456`: the name of a thing and a few digits.
fn is_sample_number(plain: &str) -> bool {
    const THINGS: [&str; 22] = [
        "abc", "agent", "bar", "call", "callid", "comm", "communication", "conv", "conversation", "conversationid",
        "customer", "def", "foo", "id", "interaction", "part", "participant", "participantid", "sample", "test",
        "user", "xyz",
    ];
    let name = plain.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = plain.len() - name.len();
    (1..=6).contains(&digits) && THINGS.contains(&name)
}

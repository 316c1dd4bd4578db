//! Ids that are no UUIDs.

use crate::api::{is_uuid, takes_uuid};
use crate::diagnostic::{Draft, Severity, Sink};
use crate::rules::placeholder_id::{id_of, is_placeholder};
use crate::rules::{Check, Evidence, Group, Rule, Signs, Subject, echo};

pub static RULE: Rule = Rule {
    id: "invalid-id",
    level: Severity::Warning,
    group: Group::Endpoint,
    evidence: Evidence::Observed("every id of a conversation, participant, communication or user in real requests is a UUID; the contract says only that it is a string"),
    summary: "an id that is not a UUID",
    why: "Conversations, participants, communications and users have UUIDs for ids, such as \
          `5f1f4b6e-5f0a-4c0e-9d5e-3f2f5a1f8b11`. Another id finds nothing, and the API answers 404.",
    remedy: "Look the id up: `GET /api/v2/conversations/{conversationId}` lists the participants, and each \
             participant's communications. Ids of other kinds are not judged.",
    fix: None,
    bad: &[r#"{"method": "PATCH", "url": "/api/v2/conversations/calls/12345/participants/{participantId}", "body": {"state": "disconnected"}}"#],
    good: &[r#"{"method": "PATCH", "url": "/api/v2/conversations/calls/5f1f4b6e-5f0a-4c0e-9d5e-3f2f5a1f8b11/participants/{participantId}", "body": {"state": "disconnected"}}"#],
    waits_for: Signs::URL,
    check: Check::Request(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let Some(url) = &subject.request.url else { return };
    for (part, parameter) in subject.ids() {
        let fine = part.template || !takes_uuid(parameter) || is_uuid(part.text);
        if fine || is_placeholder(&part, parameter) {
            continue;
        }
        let draft = Draft::new(url.span_of(part.span), format!("{} is not a UUID, as {} is", echo(part.text), id_of(parameter)));
        sink.push(match slip(part.text) {
            Some(slip) => draft.help(slip),
            None => draft.help("such an id has the form `5f1f4b6e-5f0a-4c0e-9d5e-3f2f5a1f8b11`"),
        });
    }
}

/// What went wrong with an id that was a UUID once.
fn slip(text: &str) -> Option<String> {
    const DIGITS: usize = 32;
    let digits = text.bytes().filter(u8::is_ascii_hexdigit).count();
    let strange = text.chars().find(|c| !c.is_ascii_hexdigit() && *c != '-');
    let dashes = text.matches('-').count();
    if strange.is_none() && digits == DIGITS {
        return Some("the dashes belong after 8, 12, 16 and 20 digits".to_owned());
    }
    if strange.is_none() && dashes == 4 && digits.abs_diff(DIGITS) <= 4 {
        return Some(format!("it has {digits} hexadecimal digits, a UUID has {DIGITS}"));
    }
    strange
        .filter(|_| dashes == 4 && text.chars().count() == DIGITS + 4)
        .map(|strange| format!("`{strange}` is no hexadecimal digit"))
}

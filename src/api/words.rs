//! Words of paths: those of the catalogue, and those that people put in their places.

use std::sync::LazyLock;

use crate::api::{OPERATIONS, Segment};

/// Every literal segment of every path, sorted.
static LITERALS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let mut literals: Vec<_> = OPERATIONS
        .iter()
        .flat_map(|operation| operation.segments)
        .filter_map(|segment| match segment {
            Segment::Literal(literal) => Some(*literal),
            Segment::Parameter(_) => None,
        })
        .collect();
    literals.sort_unstable();
    literals.dedup();
    literals
});

/// Words for a channel that are no segment of any path, and the segment that comes closest.
const CHANNELS: [(&str, &str); 17] = [
    ("call", "calls"),
    ("callback", "callbacks"),
    ("chat", "messages"),
    ("chats", "messages"),
    ("email", "emails"),
    ("mail", "emails"),
    ("message", "messages"),
    ("phone", "calls"),
    ("sms", "messages"),
    ("social", "socials"),
    ("telephony", "calls"),
    ("video", "videos"),
    ("voice", "calls"),
    ("webchat", "messages"),
    ("webmessaging", "messages"),
    ("interaction", "conversations"),
    ("interactions", "conversations"),
];

/// What the API says by its methods, and never in a path.
const VERBS: [&str; 14] = [
    "add", "change", "create", "delete", "edit", "modify", "patch", "post", "put", "remove", "save", "set",
    "update", "updates",
];

/// All literal segments, sorted.
pub(super) fn literals() -> &'static [&'static str] {
    &LITERALS
}

/// Where a word stands in [`literals`], whatever its case.
pub(super) fn literal(word: &str) -> Option<usize> {
    if let Ok(at) = LITERALS.binary_search(&word) {
        return Some(at);
    }
    LITERALS.iter().position(|literal| literal.eq_ignore_ascii_case(word))
}

/// The segment that a word for a channel comes closest to.
pub(super) fn channel(word: &str) -> Option<&'static str> {
    CHANNELS.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, segment)| *segment)
}

/// Whether a word is a kind of conversation that has paths of its own.
pub(super) fn is_media(word: &str) -> bool {
    const MEDIA: [&str; 9] = [
        "callbacks",
        "calls",
        "chats",
        "cobrowsesessions",
        "emails",
        "messages",
        "screenshares",
        "socials",
        "videos",
    ];
    MEDIA.iter().any(|media| media.eq_ignore_ascii_case(word))
}

/// Whether a segment is a word of the catalogue, and after it something that was not meant to be part of
/// the path: `attributes%20`, `attributes)`, `attributes.json`.
pub(super) fn has_tail(segment: &str) -> bool {
    let end = segment.bytes().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(segment.len());
    let (word, tail) = segment.split_at(end);
    // What goes on as a name does is one.
    let is_name = tail.starts_with(|next: char| next.is_alphanumeric() || matches!(next, '_' | '-'));
    !tail.is_empty() && !is_name && LITERALS.binary_search(&word).is_ok()
}

/// Whether a segment is a word that belongs to a path, and so cannot be somebody's id.
pub(super) fn is_of_a_path(word: &str) -> bool {
    if !word.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return has_tail(word);
    }
    channel(word).is_some()
        || VERBS.iter().any(|verb| verb.eq_ignore_ascii_case(word))
        || literal(word).is_some()
        || LITERALS.iter().any(|literal| {
            literal.strip_suffix('s').is_some_and(|singular| singular.eq_ignore_ascii_case(word))
        })
}

/// Whether a text has the form of a UUID.
#[must_use]
pub fn is_uuid(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 36
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// Whether a parameter of this name is filled with a UUID wherever it has been seen.
#[must_use]
pub fn takes_uuid(parameter: &str) -> bool {
    matches!(parameter, "conversationId" | "participantId" | "communicationId" | "userId")
}

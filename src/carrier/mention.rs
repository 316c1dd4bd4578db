//! Whether a text speaks of the platform at all.

use memchr::memmem;

/// Whether a text speaks of the platform by one of its names.
#[must_use]
pub fn names_platform(text: &str) -> bool {
    // By their letters that are written alike in each of their spellings.
    const NAMES: [&str; 8] = [
        "enesys",
        "ENESYS",
        "urecloud",
        "ureCloud",
        "URECLOUD",
        "pure.cloud",
        "ConversationCallParticipant",
        "ConversationParticipant",
    ];
    NAMES.into_iter().any(|name| has(text, name))
}

/// Whether a text speaks of the platform, by a name or by the paths of its participants: what stands in it
/// may be for them.
pub(super) fn speaks_of_platform(text: &str) -> bool {
    names_platform(text) || (has(text, "/api/v2/conversations") && has(text, "/participants/"))
}

fn has(text: &str, word: &str) -> bool {
    memmem::find(text.as_bytes(), word.as_bytes()).is_some()
}

//! Whether a text speaks of the platform at all.

use memchr::memmem;

/// Whether a text names the platform, or a path of its that no other has.
///
/// A body alone is a few members that many other things have, too. In kinds of files that are mostly
/// about something else, it is taken for one only beside this.
pub(super) fn names_platform(text: &str) -> bool {
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
    let has = |word: &str| memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    NAMES.into_iter().any(has) || (has("/api/v2/conversations") && has("/participants/"))
}

//! Characters that would do something to a terminal, or to the order of what is read.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a character is not to be written as it is: the control characters (C0, DEL, C1), the
/// line and paragraph separators, the marks that change the direction of text, and U+FEFF.
pub(super) const fn is_unprintable(character: char) -> bool {
    matches!(
        character,
        '\0'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{61c}'
            | '\u{200e}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}'
    )
}

/// Whether a text holds nothing but printable ASCII: a test without a branch in its loop, for the
/// texts that need no second look.
pub(super) fn is_plain(text: &str) -> bool {
    text.bytes().fold(0, |seen, byte| seen | u8::from(byte.wrapping_sub(0x20) >= 0x5f)) == 0
}

/// A text in one line that no terminal obeys: control characters and those that change the
/// direction of text are written as `\n` and `\u{1b}`. Borrowed when there is none.
#[must_use]
pub fn escaped(text: &str) -> Cow<'_, str> {
    if is_plain(text) || !text.contains(is_unprintable) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            character if is_unprintable(character) => {
                // Writing to a string does not fail.
                let _ = write!(out, "\\u{{{:x}}}", u32::from(character));
            }
            character => out.push(character),
        }
    }
    Cow::Owned(out)
}

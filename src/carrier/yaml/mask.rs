//! Template expressions in YAML, which would read as structure: `priority: {{ x }}`.

use std::borrow::Cow;

use memchr::memmem;

use crate::text::Span;

/// A text in which expressions are overwritten, byte for byte, with what is plain YAML.
pub(super) struct Masked<'t> {
    pub(super) text: Cow<'t, str>,
    /// Where they stand, in the order of the text.
    pub(super) expressions: Vec<Span>,
}

/// Overwrites each `{{…}}` and `${{…}}` that stands where a value begins.
pub(super) fn mask(text: &str) -> Masked<'_> {
    let expressions = expressions(text);
    if expressions.is_empty() {
        return Masked { text: Cow::Borrowed(text), expressions };
    }
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    for span in &expressions {
        masked.push_str(&text[at..span.start as usize]);
        masked.extend(span.slice(text).chars().map(|held| if held.is_ascii() { 'x' } else { held }));
        at = span.end as usize;
    }
    masked.push_str(&text[at..]);
    Masked { text: Cow::Owned(masked), expressions }
}

fn expressions(text: &str) -> Vec<Span> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    // Of the line that was looked at last: there may be many on one.
    let mut line = 0;
    while let Some(next) = memmem::find(&bytes[at..], b"{{").map(|next| at + next) {
        let start = if next > at && bytes[next - 1] == b'$' { next - 1 } else { next };
        if next >= line {
            line = memchr::memchr(b'\n', &bytes[next..]).map_or(bytes.len(), |end| next + end);
        }
        match memmem::find(&bytes[next..line], b"}}").map(|end| next + end + 2) {
            None => at = line,
            Some(end) => {
                if begins_value(&bytes[at..start]) {
                    found.push(Span::from_usize(start, end));
                }
                at = end;
            }
        }
    }
    found
}

/// Whether a value may begin after a text.
fn begins_value(before: &[u8]) -> bool {
    let blanks = before.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    match before[..before.len() - blanks].last() {
        Some(b'[' | b',') => true,
        Some(b':' | b'-') => blanks > 0,
        _ => false,
    }
}

//! Between a string as written and the text it stands for.

use crate::text::Span;

/// A decoded string, and the way back from its bytes to the source's.
#[derive(Clone, Debug, Default)]
pub struct Decoded {
    text: String,
    /// For each escape: where its character starts in `text`, and where the escape starts and
    /// ends in the source. Between two of them, bytes correspond one to one.
    escapes: Vec<Escape>,
}

#[derive(Clone, Copy, Debug)]
struct Escape {
    decoded: u32,
    decoded_len: u32,
    source: u32,
    source_len: u32,
}

impl Decoded {
    /// What the string says.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the string says, without the way back.
    #[must_use]
    pub fn into_text(self) -> String {
        self.text
    }

    /// The bytes of the source that stand for a range of the decoded text, both counted from the
    /// string's first character. A range that begins or ends inside an escape takes all of it.
    #[must_use]
    pub fn to_source(&self, range: Span) -> Span {
        Span::new(self.offset_to_source(range.start, false), self.offset_to_source(range.end, true))
    }

    fn offset_to_source(&self, offset: u32, is_end: bool) -> u32 {
        let after = self.escapes.partition_point(|escape| {
            if is_end { escape.decoded < offset } else { escape.decoded <= offset }
        });
        let Some(last) = after.checked_sub(1).and_then(|index| self.escapes.get(index)) else {
            return offset;
        };
        let into = offset - last.decoded;
        if into < last.decoded_len {
            return if is_end { last.source + last.source_len } else { last.source };
        }
        last.source + last.source_len + (into - last.decoded_len)
    }
}

/// Resolves the escapes of a string's inner text.
///
/// Never fails: an escape that JSON does not know stands for the character after the backslash,
/// and half of a surrogate pair for U+FFFD.
#[must_use]
pub fn decode(inner: &str) -> Decoded {
    let mut decoded = Decoded { text: String::with_capacity(inner.len()), escapes: Vec::new() };
    let mut rest = inner;
    while let Some(at) = rest.find('\\') {
        decoded.text.push_str(&rest[..at]);
        let source = inner.len() - rest.len() + at;
        let (character, len) = escape(&rest[at..]);
        decoded.escapes.push(Escape {
            decoded: narrow(decoded.text.len()),
            decoded_len: narrow(character.len_utf8()),
            source: narrow(source),
            source_len: narrow(len),
        });
        decoded.text.push(character);
        rest = &rest[at + len..];
    }
    decoded.text.push_str(rest);
    decoded
}

/// The character that an escape at the start of `text` stands for, and the escape's length.
fn escape(text: &str) -> (char, usize) {
    let Some(kind) = text[1..].chars().next() else { return ('\\', 1) };
    let simple = match kind {
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => return unicode_escape(text),
        other => other,
    };
    (simple, 1 + kind.len_utf8())
}

fn unicode_escape(text: &str) -> (char, usize) {
    let Some(first) = code_unit(text) else { return ('u', 2) };
    if let Some(character) = char::from_u32(first) {
        return (character, 6);
    }
    if first < 0xDC00
        && let Some(second) = text.get(6..).filter(|rest| rest.starts_with("\\u")).and_then(code_unit)
        && (0xDC00..0xE000).contains(&second)
    {
        let joined = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        return (char::from_u32(joined).unwrap_or(char::REPLACEMENT_CHARACTER), 12);
    }
    (char::REPLACEMENT_CHARACTER, 6)
}

/// The code unit of `\uXXXX` at the start of `text`.
fn code_unit(text: &str) -> Option<u32> {
    let digits = text.get(2..6)?;
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
}

/// The inside of a string whose quotes are missing or not JSON's.
pub(super) fn trim_stray_quotes(text: &str, span: Span) -> Span {
    let raw = span.slice(text);
    let inner = raw.strip_prefix(is_quote).unwrap_or(raw);
    let opening = narrow(raw.len() - inner.len());
    let len = narrow(inner.strip_suffix(is_quote).unwrap_or(inner).len());
    Span::new(span.start + opening, span.start + opening + len)
}

/// Quotation marks that people, and their word processors, put where JSON wants `"`.
pub(super) const fn is_quote(character: char) -> bool {
    matches!(character, '"' | '\'' | '`' | '\u{2018}' | '\u{2019}' | '\u{201c}' | '\u{201d}')
}

fn narrow(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

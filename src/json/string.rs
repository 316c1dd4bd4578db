//! Between a string as written and the text it stands for.

use crate::json::document::{Flags, Kind, Value};
use crate::text::{Layer, Passage, Span};

/// Resolves the escapes of a string's inner text.
///
/// Never fails: an escape that JSON does not know stands for the character after the backslash,
/// and half of a surrogate pair for U+FFFD.
#[must_use]
pub fn decode(inner: &str) -> String {
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        let (character, len) = escape(&rest[at..]);
        text.push(character);
        rest = &rest[at + len..];
    }
    text.push_str(rest);
    text
}

/// What a string or key says, as a passage of the text that its document was parsed from; `None` for
/// any other node.
#[must_use]
pub fn passage<'t>(value: Value<'_>, text: &Passage<'t>) -> Option<Passage<'t>> {
    let node = value.node();
    if !matches!(node.kind, Kind::String | Kind::Key) {
        return None;
    }
    let inner = value.inner_span();
    Some(if node.flags.has(Flags::ESCAPED) {
        unescape(text, inner)
    } else {
        text.piece(inner).within(Layer::JsonString)
    })
}

/// As [`decode`], with the way back: `inner` are the bytes of `text` between the quotes.
#[must_use]
pub fn unescape(text: &Passage<'_>, inner: Span) -> Passage<'static> {
    let source = inner.slice(text.as_str());
    let mut out = text.rewrite();
    out.reserve(source.len(), memchr::memchr_iter(b'\\', source.as_bytes()).count());
    let mut at = 0;
    let place = |start: usize, end: usize| {
        let place = Span::from_usize(start, end);
        Span::new(inner.start + place.start, inner.start + place.end)
    };
    while let Some(next) = memchr::memchr(b'\\', &source.as_bytes()[at..]).map(|next| at + next) {
        out.copy(place(at, next));
        let (character, len) = escape(&source[next..]);
        out.put(character.encode_utf8(&mut [0; 4]), place(next, next + len));
        at = next + len;
    }
    out.copy(place(at, source.len()));
    out.finish(Some(Layer::JsonString))
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

//! Between a string as written and the text it stands for.

use crate::json::document::{Flags, Kind, Value};
use crate::text::{Layer, Passage, Span};

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
        text.unescaped(inner)
    } else if node.flags.has(Flags::MALFORMED) {
        // Nothing can be written into it before its quotes are.
        text.piece(inner).within(Layer::Mixed)
    } else {
        text.piece(inner).within(Layer::JsonString)
    })
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

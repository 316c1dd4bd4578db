//! The bodies of a collection's requests.

use std::borrow::Cow;

use crate::carrier::Source;
use crate::json::{Flags, Kind, Value};
use crate::request::Header;
use crate::text::{Passage, Span};

/// What a request says of its body.
pub(super) enum Body<'t> {
    /// There is none.
    Absent,
    /// There is one, of another kind than JSON.
    Opaque,
    /// The text. Where it is known to be JSON, Postman takes comments out before it sends it.
    Text { text: Passage<'t>, strip: bool },
}

/// Reads a `body` that is sent with headers.
pub(super) fn read<'t>(source: Source<'t>, body: Value<'t>, headers: &[Header<'_>]) -> Body<'t> {
    let (mut mode, mut raw, mut fields, mut language, mut disabled) = (None, None, None, None, false);
    for (key, member) in body.members() {
        match key.raw() {
            r#""mode""# => mode = member.as_str(),
            r#""raw""# => raw = Some(member),
            r#""urlencoded""# | r#""formdata""# => fields = Some(member),
            r#""options""# => {
                language = member.get("raw").and_then(|raw| raw.get("language")).and_then(Value::as_str);
            }
            r#""disabled""# => disabled = member.raw() == "true",
            _ => {}
        }
    }
    if disabled || !body.is_object() {
        return Body::Absent;
    }
    match mode.as_deref().unwrap_or("raw") {
        // Of a string that is never closed it is not known where it ends.
        "raw" if raw.is_some_and(|raw| raw.node().flags.has(Flags::BARE)) => Body::Opaque,
        "raw" => match (raw.and_then(|raw| source.passage(raw)), language.as_deref()) {
            (Some(_), Some("xml" | "html" | "javascript")) => Body::Opaque,
            (Some(text), language) => {
                let strip = language.map_or_else(|| is_json(headers), |language| language == "json");
                Body::Text { text, strip }
            }
            (None, _) if raw.is_none_or(|raw| raw.kind() == Kind::Null) => Body::Absent,
            (None, _) => Body::Opaque,
        },
        "urlencoded" | "formdata" if fields.is_none_or(is_empty) => Body::Absent,
        _ => Body::Opaque,
    }
}

/// Reads the body of a request of a v1 collection.
pub(super) fn read_flat<'t>(source: Source<'t>, request: Value<'t>) -> Body<'t> {
    let mode = request.get("dataMode").and_then(Value::as_str).unwrap_or(Cow::Borrowed("raw"));
    let data = request.get("data");
    if mode != "raw" {
        return if data.is_none_or(is_empty) { Body::Absent } else { Body::Opaque };
    }
    let text = request.get("rawModeData").and_then(|text| source.passage(text));
    match text.or_else(|| source.passage(data?)) {
        Some(text) => Body::Text { text, strip: false },
        None if data.is_none_or(is_empty) => Body::Absent,
        None => Body::Opaque,
    }
}

fn is_empty(value: Value<'_>) -> bool {
    value.kind() == Kind::Null || (value.kind() == Kind::Array && value.items().next().is_none())
}

/// Whether headers say that JSON is sent.
fn is_json(headers: &[Header<'_>]) -> bool {
    headers.iter().any(|header| {
        header.name.as_str().trim().eq_ignore_ascii_case("content-type")
            && header.value.as_str().to_ascii_lowercase().contains("json")
    })
}

/// A body without its comments, which are not sent.
pub(super) fn without_comments(text: Passage<'_>) -> Passage<'_> {
    let comments = comments(text.as_str());
    if comments.is_empty() {
        return text;
    }
    let mut out = text.rewrite();
    let mut at = 0;
    for comment in comments {
        out.copy(Span::new(at, comment.start));
        at = comment.end;
    }
    out.copy(Span::new(at, Span::from_usize(0, text.as_str().len()).end));
    out.finish(None)
}

/// Comments between the strings of a text, in its order.
fn comments(text: &str) -> Vec<Span> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    if memchr::memchr(b'/', bytes).is_none() {
        return found;
    }
    let mut at = 0;
    while let Some(next) = memchr::memchr2(b'"', b'/', &bytes[at..]).map(|next| next + at) {
        at = match (bytes[next], bytes.get(next + 1)) {
            (b'"', _) => string_end(bytes, next + 1),
            (_, Some(b'/')) => {
                let end = memchr::memchr2(b'\n', b'\r', &bytes[next..]).map_or(bytes.len(), |end| next + end);
                found.push(Span::from_usize(next, end));
                end
            }
            (_, Some(b'*')) => {
                let close = text[next + 2..].find("*/");
                let end = close.map_or(bytes.len(), |close| next + 2 + close + 2);
                // One that is never closed is a fault, and stays to be seen.
                if close.is_some() {
                    found.push(Span::from_usize(next, end));
                }
                end
            }
            _ => next + 1,
        };
    }
    found
}

/// The offset after a string's closing quote, or of the end of the line where it has none.
fn string_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(next) = memchr::memchr3(b'"', b'\\', b'\n', &bytes[at..]).map(|next| next + at) {
        match bytes[next] {
            b'\\' => at = (next + 2).min(bytes.len()),
            _ => return next + 1,
        }
    }
    bytes.len()
}

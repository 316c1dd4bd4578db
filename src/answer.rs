//! What the API answered to a request: the body of an error, and the places of the request that it
//! speaks of.
//!
//! An answer of the API names its code, sometimes a field, and a sentence in which names may stand in
//! quotes. Proxies and libraries in between send looser ones. Whatever is there is read; what is not
//! there is not made up.

use std::borrow::Cow;

use crate::api::ErrorCode;
use crate::diagnostic::{Draft, Sink};
use crate::json::{Document, Kind, Value};
use crate::rules::{Subject, echo, key_of, without_secrets};
use crate::text::Span;

/// What stands in the place of a rule's id in what an answer points to.
pub const ID: &str = "server-answer";

/// The body of an error, as far as it says anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status, where it is given.
    pub status: Option<u16>,
    /// Codes, outermost first, each once.
    pub codes: Vec<String>,
    /// Sentences, outermost first, each once.
    pub messages: Vec<String>,
    /// What it may speak of.
    pub clues: Vec<Clue>,
    /// What the vendor's support asks for.
    pub context: Option<String>,
}

/// A name or value that an answer speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clue {
    /// The name, a path of names, or a value.
    pub name: String,
    /// Whether the answer says that this is a field, and it is not only in quotes in a sentence.
    pub is_field: bool,
    /// What the answer says of it.
    pub said: String,
}

/// The requests of a document that are kept with what was answered to them: their places, and the
/// answers. A recording holds them as `request` and `response`, an HTTP archive has many such.
#[must_use]
pub fn recorded(document: &Document<'_>) -> Vec<(Span, Answer)> {
    let Some(root) = document.root() else { return Vec::new() };
    let entries = root.get("log").and_then(|log| log.get("entries"));
    let alone = std::iter::once(root).chain(root.items());
    let pairs = entries.into_iter().flat_map(Value::items).chain(alone);
    pairs.filter_map(pair).collect()
}

fn pair(recording: Value<'_>) -> Option<(Span, Answer)> {
    let (request, response) = (recording.get("request")?, recording.get("response")?);
    let status = response.get("status").filter(|status| status.kind() == Kind::Number);
    let status: Option<u16> = status.and_then(|status| status.raw().parse().ok());
    if status.is_some_and(|status| status < 400) {
        return None;
    }
    let content = response.get("content");
    let body = content.and_then(|content| content.get("text")).or_else(|| response.get("body"));
    let body = body.unwrap_or(response);
    let text = body.as_str().unwrap_or_else(|| body.raw().into());
    let encoding = content.and_then(|content| content.get("encoding")?.as_str());
    let text = match encoding.as_deref() {
        Some("base64") => base64(&text).map_or(text, Cow::Owned),
        _ => text,
    };
    let mut answer = Answer::read(&text).or_else(|| status.map(|_| Answer::default()))?;
    answer.status = status.or(answer.status);
    Some((request.span(), answer))
}

/// Errors within errors that are read, at most.
const MOST: usize = 200;

impl Answer {
    /// Reads what the API sent; `None` where that is no error's body. Lines of HTTP may stand before it,
    /// as `curl -i` prints them.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let start = text.find(['{', '['])?;
        let mut arena = crate::json::Arena::new();
        let document = arena.parse(&text[start..]);
        let mut answer = Self::of(&document)?;
        let first = text[..start].lines().find(|line| line.starts_with("HTTP/"));
        let status = first.and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
        answer.status = status.or(answer.status);
        Some(answer)
    }

    /// Reads an error's body.
    #[must_use]
    pub fn of(document: &Document<'_>) -> Option<Self> {
        let root = document.root()?;
        let mut answer = Self::default();
        let mut left = vec![root];
        let mut read = 0;
        while let Some(error) = left.pop() {
            read += 1;
            if read > MOST {
                break;
            }
            answer.take(error);
            // The first of them is to be read next.
            let nested = ["errors", "error", "details"].iter().filter_map(|name| error.get(name));
            let mut nested: Vec<_> =
                nested.flat_map(|value| std::iter::once(value).chain(value.items())).collect();
            nested.reverse();
            left.extend(nested.into_iter().filter(|value| value.is_object()));
        }
        (!answer.is_mute()).then_some(answer)
    }

    /// Takes what one error, or one detail of an error, says.
    fn take(&mut self, error: Value<'_>) {
        let said = |name: &str| {
            let text = error.get(name)?.as_str()?;
            (!text.trim().is_empty()).then(|| text.trim().to_owned())
        };
        let status =
            error.get("status").filter(|status| matches!(status.kind(), Kind::Number | Kind::String));
        let status = status.and_then(|status| status.raw().trim_matches('"').parse().ok());
        self.status = self.status.or(status);
        self.context = self.context.take().or_else(|| said("contextId"));
        for code in ["code", "errorCode"].iter().filter_map(|name| said(name)) {
            add(&mut self.codes, code);
        }
        let message = said("message").or_else(|| said("error_description"));
        let message = message.or_else(|| said("error"));
        if let Some(field) = said("fieldName").or_else(|| said("field")) {
            let said = message.clone().or_else(|| said("errorCode")).unwrap_or_default();
            self.point(field, true, &said);
        }
        let Some(message) = message else { return };
        let params = error.get("messageParams").map(Value::members).into_iter().flatten();
        for param in params.filter_map(|(_, value)| value.as_str()) {
            self.point(param.into_owned(), false, &message);
        }
        for quoted in quoted(&message) {
            self.point(quoted.to_owned(), false, &message);
        }
        add(&mut self.messages, message);
    }

    fn point(&mut self, name: String, is_field: bool, said: &str) {
        if !name.is_empty() && self.clues.iter().all(|clue| clue.name != name) {
            self.clues.push(Clue { name, is_field, said: said.to_owned() });
        }
    }

    /// Whether it says nothing but a status.
    #[must_use]
    pub const fn is_mute(&self) -> bool {
        self.codes.is_empty() && self.messages.is_empty() && self.clues.is_empty()
    }

    /// The records of its codes, where they are known.
    pub fn known_codes(&self) -> impl Iterator<Item = &'static ErrorCode> + '_ {
        self.codes.iter().filter_map(|code| ErrorCode::of(code))
    }

    /// Marks what it speaks of in a request.
    pub fn mark(&self, subject: &Subject<'_>, sink: &mut Sink<'_>) {
        for clue in &self.clues {
            for place in clue.places(subject) {
                // A secret that it repeats need not be one of this request's.
                let said = without_secrets(&clue.said);
                let said = if said.is_empty() { String::new() } else { format!(": {said}") };
                sink.push(Draft::new(place, format!("the answer speaks of {}{said}", echo(&clue.name))));
            }
        }
    }
}

impl Clue {
    /// Where a request has what it speaks of: the members of that name or path, or else the values that
    /// say just that.
    #[must_use]
    pub fn places(&self, subject: &Subject<'_>) -> Vec<Span> {
        let Some(body) = subject.body() else { return Vec::new() };
        let path: Vec<_> = self.name.split(['.', '/', '[', ']']).filter(|part| !part.is_empty()).collect();
        let document = body.document();
        let end = body.node().next;
        let nodes = || (body.index()..end).map(|index| Value::at(document, index));
        let fits = |key: Value<'_>, same: fn(&str, &str) -> bool| {
            let value = Value::at(document, key.index() + 1);
            let said = key.as_str().unwrap_or_default();
            if same(&said, &self.name) {
                return true;
            }
            let mut up = subject.path_up(value);
            path.len() > 1 && path.iter().rev().all(|part| up.next().is_some_and(|name| same(&name, part)))
        };
        let keys = |same: fn(&str, &str) -> bool| -> Vec<Span> {
            nodes().filter(|node| node.kind() == Kind::Key && fits(*node, same)).map(Value::span).collect()
        };
        let exact = keys(|one, other| one == other);
        if !exact.is_empty() {
            return exact;
        }
        let alike = keys(str::eq_ignore_ascii_case);
        if !alike.is_empty() || self.is_field {
            return alike;
        }
        let is_value = |node: &Value<'_>| {
            let scalar = matches!(node.kind(), Kind::String | Kind::Number | Kind::Boolean);
            scalar && node.as_str().unwrap_or_else(|| node.raw().into()) == self.name.as_str()
        };
        nodes().filter(|node| is_value(node) && key_of(*node).is_some()).map(Value::span).collect()
    }
}

/// The text that Base64 stands for, where it is UTF-8.
fn base64(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0u32, 0);
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=') {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.extend(u8::try_from(bits >> count & 0xFF));
        }
    }
    String::from_utf8(out).ok()
}

fn add(to: &mut Vec<String>, text: String) {
    if !to.contains(&text) {
        to.push(text);
    }
}

/// What stands in quotes or brackets in a sentence.
fn quoted(sentence: &str) -> impl Iterator<Item = &str> {
    const LONGEST: usize = 200;
    let mut rest = sentence;
    std::iter::from_fn(move || {
        loop {
            let open = rest.find(['\'', '"', '`', '[', '\u{2018}', '\u{201c}'])?;
            let mark = rest[open..].chars().next()?;
            let close = match mark {
                '[' => ']',
                '\u{2018}' => '\u{2019}',
                '\u{201c}' => '\u{201d}',
                other => other,
            };
            // An apostrophe is no quote: `doesn't`.
            let is_word = rest[..open].chars().next_back().is_some_and(char::is_alphanumeric);
            let inside = &rest[open + mark.len_utf8()..];
            let end = inside.find(close).filter(|end| *end > 0 && *end <= LONGEST);
            match end {
                Some(end) if mark != '\'' || !is_word => {
                    rest = &inside[end + close.len_utf8()..];
                    return Some(inside[..end].trim());
                }
                _ => rest = inside,
            }
        }
    })
}

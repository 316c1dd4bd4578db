//! What every carrier yields and every rule reads.

use std::borrow::Cow;

use crate::json::{Decoded, Document, Flags, Kind, Value, decode};
use crate::text::Span;

/// A request as written down somewhere: whole, or only its body.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The document it stands in.
    pub document: &'a Document<'a>,
    /// The node that holds all of it: the envelope, or the bare body.
    pub whole: Value<'a>,
    /// The HTTP method, where one is given.
    pub method: Option<Text<'a>>,
    /// The URL or path, where one is given.
    pub url: Option<Text<'a>>,
    /// The `headers` member of an envelope.
    pub headers: Option<Value<'a>>,
    /// The `scopes` or `permissions` members of an envelope.
    pub scopes: Vec<Value<'a>>,
    /// What is sent.
    pub body: Body<'a>,
}

/// What a request sends.
#[derive(Clone, Copy, Debug)]
pub enum Body<'a> {
    /// Nothing: the request is whole, and has no body.
    Absent,
    /// JSON.
    Json(Value<'a>),
    /// Something that is not known here: a placeholder, or text that is no JSON.
    Opaque,
}

impl<'a> Body<'a> {
    /// The JSON that is sent, where it is known.
    #[must_use]
    pub const fn json(self) -> Option<Value<'a>> {
        match self {
            Self::Json(value) => Some(value),
            Self::Absent | Self::Opaque => None,
        }
    }
}

/// A piece of text with its place in the file, whatever escapes it was written with.
#[derive(Clone, Debug)]
pub struct Text<'a> {
    said: Cow<'a, str>,
    /// Where the text begins that `decoded` counts from.
    origin: u32,
    /// Bytes of the decoded string before this piece.
    skipped: u32,
    decoded: Option<Decoded>,
}

impl<'a> Text<'a> {
    /// What a string node says; `None` for a node that is no string.
    #[must_use]
    pub fn of(value: Value<'a>) -> Option<Self> {
        let inner = value.inner_span();
        let said = value.as_str()?;
        let decoded =
            value.node().flags.has(Flags::ESCAPED).then(|| decode(inner.slice(value.document().text())));
        Some(Self { said, origin: inner.start, skipped: 0, decoded })
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.said
    }

    /// The piece of it in a range of its bytes.
    #[must_use]
    pub fn piece(&self, range: Span) -> Self {
        Self {
            said: Cow::Owned(range.slice(&self.said).to_owned()),
            origin: self.origin,
            skipped: self.skipped + range.start,
            decoded: self.decoded.clone(),
        }
    }

    /// Where all of it stands in the file.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span_of(Span::from_usize(0, self.said.len()))
    }

    /// Where a range of its bytes stands in the file.
    #[must_use]
    pub fn span_of(&self, range: Span) -> Span {
        let range = Span::new(range.start + self.skipped, range.end + self.skipped);
        let source = self.decoded.as_ref().map_or(range, |decoded| decoded.to_source(range));
        Span::new(source.start + self.origin, source.end + self.origin)
    }
}

/// Whether a member was meant as the map of attributes: `customAttributes`, `participant_data` and
/// the like, holding an object, null, or what is not known yet.
#[must_use]
pub fn is_map_alias(name: &str, value: Value<'_>) -> bool {
    if name.len() < 5 || !(matches!(value.kind(), Kind::Object | Kind::Null) || value.is_unknown()) {
        return false;
    }
    // From the end, as that is what tells, without case and separators; a body's own names come here too.
    let plain = || {
        name.bytes().rev().filter(|byte| !matches!(byte, b'_' | b'-')).map(|byte| byte.to_ascii_lowercase())
    };
    let is = |alias: &str| plain().eq(alias.bytes().rev());
    let ends_with = |end: &str| plain().take(end.len()).eq(end.bytes().rev());
    (ends_with("attributes") && name != "attributes")
        || ["attrs", "participantdata", "customdata", "attributemap", "attribute"].into_iter().any(is)
}

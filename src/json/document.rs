//! The tree: a flat array of nodes in the order of the text.

use std::borrow::Cow;

use crate::json::{Fault, string};
use crate::text::{Span, decode};

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number, also one with a fault in its form.
    Number,
    /// A string value.
    String,
    /// The name of a member; its value is the next node.
    Key,
    /// `{…}`
    Object,
    /// `[…]`
    Array,
    /// A template's placeholder: a value or key that is not known yet.
    Placeholder,
    /// Something that is no JSON, or a value that is missing.
    Invalid,
}

/// What the parser noticed about a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags(u8);

impl Flags {
    /// The string holds a backslash.
    pub const ESCAPED: Self = Self(1);
    /// The string has no quotes around it, or only one.
    pub const BARE: Self = Self(2);
    /// The number has a form JSON does not know.
    pub const MALFORMED: Self = Self(4);
    /// The object has members, and each is a string without a fault. One that has not the flag may be
    /// such an object all the same.
    pub const PLAIN: Self = Self(8);

    /// Whether all bits of `other` are set.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both sets of bits.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// One node: 16 bytes, no pointer.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    /// Offset of its first byte; of the opening quote, for a string.
    pub start: u32,
    /// Offset after its last byte; after the closing quote, for a string.
    pub end: u32,
    /// Index of the first node after this one and all it holds. For a key: after its value.
    pub next: u32,
    /// What it is.
    pub kind: Kind,
    /// What was noticed.
    pub flags: Flags,
}

impl Node {
    /// Its bytes.
    #[must_use]
    pub const fn span(&self) -> Span {
        Span::new(self.start, self.end)
    }
}

/// The memory of a parse, to be used for one text after another.
#[derive(Default)]
pub struct Arena {
    pub(super) nodes: Vec<Node>,
    pub(super) faults: Vec<Fault>,
    pub(super) open: Vec<u32>,
}

impl Arena {
    /// An empty arena.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

/// A parsed text.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a> {
    text: &'a str,
    nodes: &'a [Node],
    faults: &'a [Fault],
}

impl<'a> Document<'a> {
    pub(super) const fn new(text: &'a str, nodes: &'a [Node], faults: &'a [Fault]) -> Self {
        Self { text, nodes, faults }
    }

    /// A text of which nothing is known.
    #[must_use]
    pub const fn unread(text: &'a str) -> Self {
        Self { text, nodes: &[], faults: &[] }
    }

    /// The text, whole.
    #[must_use]
    pub const fn text(&self) -> &'a str {
        self.text
    }

    /// All nodes, each before what it holds.
    #[must_use]
    pub const fn nodes(&self) -> &'a [Node] {
        self.nodes
    }

    /// What is wrong with the text, in its order.
    #[must_use]
    pub const fn faults(&self) -> &'a [Fault] {
        self.faults
    }

    /// The outermost value, if the text has one.
    #[must_use]
    pub fn root(&'a self) -> Option<Value<'a>> {
        (!self.nodes.is_empty()).then_some(Value { document: self, index: 0 })
    }

    /// The offset up to which the tree is what the author meant: the first fault after which the
    /// parser had to guess, or the end of the text.
    #[must_use]
    pub fn trusted_end(&self) -> u32 {
        self.faults.iter().find(|fault| fault.lost).map_or(u32::MAX, |fault| fault.span.start)
    }
}

/// One node of a document, by its place.
#[derive(Clone, Copy)]
pub struct Value<'a> {
    document: &'a Document<'a>,
    index: u32,
}

impl std::fmt::Debug for Value<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:?} `{}`", self.kind(), self.raw())
    }
}

impl<'a> Value<'a> {
    /// The node at an index of [`Document::nodes`].
    #[must_use]
    pub const fn at(document: &'a Document<'a>, index: u32) -> Self {
        Self { document, index }
    }

    /// Its document.
    #[must_use]
    pub const fn document(self) -> &'a Document<'a> {
        self.document
    }

    /// Its index in [`Document::nodes`].
    #[must_use]
    pub const fn index(self) -> u32 {
        self.index
    }

    /// The node itself.
    #[must_use]
    pub fn node(self) -> &'a Node {
        &self.document.nodes[self.index as usize]
    }

    /// What it is.
    #[must_use]
    pub fn kind(self) -> Kind {
        self.node().kind
    }

    /// Its bytes, quotes and brackets included.
    #[must_use]
    pub fn span(self) -> Span {
        self.node().span()
    }

    /// Its text as written.
    #[must_use]
    pub fn raw(self) -> &'a str {
        self.span().slice(self.document.text)
    }

    /// The bytes between a string's or a key's quotes.
    #[must_use]
    pub fn inner_span(self) -> Span {
        let node = self.node();
        if node.flags.has(Flags::BARE) {
            return string::trim_stray_quotes(self.document.text, node.span());
        }
        Span::new(node.start + 1, node.end.saturating_sub(1).max(node.start + 1))
    }

    /// What a string or key says, escapes resolved; `None` for any other node.
    #[inline]
    #[must_use]
    pub fn as_str(self) -> Option<Cow<'a, str>> {
        let node = self.node();
        if !matches!(node.kind, Kind::String | Kind::Key) {
            return None;
        }
        if node.flags == Flags::default() {
            let inner = Span::new(node.start + 1, node.end.saturating_sub(1));
            return Some(Cow::Borrowed(inner.slice(self.document.text)));
        }
        Some(self.odd_str())
    }

    /// Whether a string or key says just that.
    #[inline]
    #[must_use]
    pub fn says(self, text: &str) -> bool {
        let node = self.node();
        if node.flags == Flags::default() && matches!(node.kind, Kind::String | Kind::Key) {
            // Most are of another length, which shows without looking at the text.
            return node.span().len() as usize == text.len() + 2
                && self.document.text.as_bytes()[node.start as usize + 1..].starts_with(text.as_bytes());
        }
        self.as_str().is_some_and(|said| said == text)
    }

    /// What a string says that has escapes, or lacks a quote.
    #[inline(never)]
    fn odd_str(self) -> Cow<'a, str> {
        let inner = self.inner_span().slice(self.document.text);
        if self.node().flags.has(Flags::ESCAPED) { Cow::Owned(decode(inner)) } else { Cow::Borrowed(inner) }
    }

    /// Whether it is a string that lacks a quote: that it is one, and what it says, is a guess.
    #[must_use]
    pub fn lacks_quote(self) -> bool {
        let node = self.node();
        let raw = self.raw();
        node.kind == Kind::String
            && node.flags.has(Flags::BARE)
            && !(raw.len() > 1 && raw.starts_with(string::is_quote) && raw.ends_with(string::is_quote))
    }

    /// Whether it is an object.
    #[must_use]
    pub fn is_object(self) -> bool {
        self.kind() == Kind::Object
    }

    /// Whether its type cannot be known, or is no JSON type: nothing may be said of it.
    #[must_use]
    pub fn is_unknown(self) -> bool {
        matches!(self.kind(), Kind::Placeholder | Kind::Invalid)
    }

    /// The members of an object; none of any other node.
    #[must_use]
    pub fn members(self) -> Members<'a> {
        let node = self.node();
        let end = if node.kind == Kind::Object { node.next } else { self.index + 1 };
        Members { document: self.document, at: self.index + 1, end }
    }

    /// The items of an array; none of any other node.
    pub fn items(self) -> impl Iterator<Item = Value<'a>> {
        let node = self.node();
        let end = if node.kind == Kind::Array { node.next } else { self.index + 1 };
        let document = self.document;
        let mut at = self.index + 1;
        std::iter::from_fn(move || {
            (at < end).then(|| {
                let item = Value { document, index: at };
                at = item.node().next;
                item
            })
        })
    }

    /// The value of the first member of that name.
    #[must_use]
    pub fn get(self, name: &str) -> Option<Value<'a>> {
        self.members().find(|(key, _)| key.says(name)).map(|(_, value)| value)
    }
}

/// The members of an object, in the order of the text, doubles included.
#[derive(Clone, Debug)]
pub struct Members<'a> {
    document: &'a Document<'a>,
    at: u32,
    end: u32,
}

impl<'a> Iterator for Members<'a> {
    type Item = (Value<'a>, Value<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.end {
            return None;
        }
        let key = Value { document: self.document, index: self.at };
        self.at = key.node().next;
        Some((key, Value { document: self.document, index: key.index + 1 }))
    }
}

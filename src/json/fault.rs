//! What is wrong with a text as JSON.

use crate::text::Span;

/// One departure from RFC 8259.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What it is.
    pub kind: FaultKind,
    /// The characters at fault; empty where something is missing.
    pub span: Span,
    /// The place it is measured against: the bracket that was never closed, say.
    pub related: Option<Span>,
    /// Whether the parser had to guess how to go on: from here, the tree may not be what the author
    /// meant, and nothing may be concluded from what it does not hold.
    pub lost: bool,
}

/// The kinds of departure, each of which the parser knows how to go on from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The text holds no value at all.
    Empty,
    /// A comma after the last member or item.
    TrailingComma,
    /// A comma with nothing before it.
    ExtraComma,
    /// Two members or items with no comma between, or with something else in its place.
    MissingComma,
    /// A key with no colon after it.
    MissingColon,
    /// `=` or `=>` where a colon belongs.
    EqualsSign,
    /// A key, or a place for one, with no value.
    MissingValue,
    /// A value where a key belongs.
    MissingKey,
    /// A `//`, `/* */` or `#` comment.
    Comment,
    /// A string in single or typographic quotes.
    WrongQuotes,
    /// A string that does not end where it should.
    UnclosedString,
    /// A string whose opening quote is missing.
    UnopenedString,
    /// A quote right before or after a string that has both of its own.
    ExtraQuote,
    /// A quote in a string that holds JSON, which is not escaped as the others in it are not.
    BareQuotes,
    /// A key without quotes.
    UnquotedKey,
    /// A word that is no JSON value: `True`, `None`, `NaN`, `undefined`, or any other.
    BareWord,
    /// A tab, line break or other control character inside a string.
    ControlCharacter,
    /// A backslash followed by something that JSON does not escape.
    BadEscape,
    /// A number that starts with a superfluous zero.
    LeadingZero,
    /// A number in a form JSON has not: `+1`, `.5`, `1.`, `0x1F`, `1_000`.
    BadNumber,
    /// An object or array whose opening bracket is missing, as its first key or its next item shows.
    Unopened,
    /// An object or array that is never closed.
    Unclosed,
    /// A closing bracket of the other kind, or one too many.
    WrongBracket,
    /// Something after the value.
    TextAfterEnd,
    /// A line of Markdown's that fences the text, before it; related is the one after it.
    Fence,
    /// A character that can start nothing.
    UnexpectedCharacter,
}

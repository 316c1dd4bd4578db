//! YAML that cannot be read: where, why, and whether it is meant to be YAML at all.

use memchr::memmem;

use crate::carrier::yaml::nested::{ADDRESS, has_directives};
use crate::request::Unreadable;
use crate::text::{Passage, Span};

/// Where a document cannot be read any further.
pub(super) struct Break {
    pub(super) place: Span,
    /// Why; `None` where it is not known for sure that anything is wrong.
    pub(super) reason: Option<Unreadable>,
    /// Whether a request seems to stand in the document.
    pub(super) shows_request: bool,
}

impl Break {
    /// The break of a document at an offset, for the reason that the parser gives.
    pub(super) fn at(text: &Passage<'_>, at: usize, info: &str) -> Self {
        let said = text.as_str();
        let at = said.floor_char_boundary(at.min(said.trim_end().len()));
        let len = said[at..].find(char::is_whitespace).unwrap_or(said.len() - at);
        Self {
            place: text.span_of(Span::from_usize(at, at + len)),
            reason: reason(info).filter(|_| !is_template(said, at)),
            shows_request: memmem::find(said.as_bytes(), ADDRESS.as_bytes()).is_some(),
        }
    }
}

/// Whether a text becomes YAML only when a template in it is filled in.
fn is_template(text: &str, at: usize) -> bool {
    let here = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let before = text[..here].trim_end().rfind('\n').map_or(0, |end| end + 1);
    let end = text[at..].find('\n').map_or(text.len(), |len| at + len);
    let around = &text[before..end];
    let stands_for_some =
        |mark: char| text[at..end].starts_with(mark) && text[at..end].matches(mark).count() > 1;
    has_directives(text)
        || ["<%", "#{"].into_iter().any(|mark| text.contains(mark))
        || text.lines().any(|line| line.trim_start_matches([' ', '\t', '-']).starts_with("{{"))
        || ["{{", "<<", "[[", "${"].into_iter().any(|mark| around.contains(mark))
        || ['@', '%'].into_iter().any(stands_for_some)
}

/// What the parser complains of, and what to do, in our words; `None` for what it may be wrong about, or what
/// its own limits are.
fn reason(info: &str) -> Option<Unreadable> {
    let of = |why, help| Some(Unreadable { why, help });
    let has = |words: &str| info.contains(words);
    match () {
        () if has("flow mapping") => {
            of("a comma or `}` is missing before this", "close the `{`, or write a comma between its members")
        }
        () if has("flow sequence") => {
            of("a comma or `]` is missing before this", "close the `[`, or write a comma between its items")
        }
        () if has("unexpected end of stream") || has("unexpected document indicator") => {
            of("a quote before this is never closed", "add the quote where the text ends")
        }
        () if has("indentation in quoted scalar") => of(
            "a text in quotes goes on in a line that is not indented",
            "add the quote where the text ends, or indent the lines that it goes on in",
        ),
        () if has("indentation in flow construct") => {
            of("a `{` or `[` before this is not closed", "close it, or indent the lines that it goes on in")
        }
        () if has("did not find expected key") => of(
            "a key belongs here",
            "give the line the indent of the keys that it belongs to; a text that holds `: ` or begins with a quote or \
             bracket belongs in quotes as a whole",
        ),
        () if has("expected '-' indicator") => {
            of("an item belongs here, with a `-`", "give the line the indent of the items that it belongs to")
        }
        () if has("simple key expect") => {
            of("a colon is missing in the line before this", "write `:` and a space after its key")
        }
        () if has("mapping values are not allowed") || has("illegal placement of ':'") => of(
            "a colon cannot stand here",
            "mend the indent, or put the value in quotes if the colon is part of it",
        ),
        () if has("tab cannot be used") || has("tabs disallowed") || has("found a tab") => {
            of("a tab in the indent", "indent with spaces")
        }
        () if has("unknown anchor") => of(
            "no anchor of this name stands before it",
            "write the anchor, or put the value in quotes if it is a text",
        ),
        () if has("unexpected character") => {
            of("a value cannot begin with this character", "put the value in quotes")
        }
        () if has("trailing content after double-quoted") => {
            of("text after a closing quote", "put the whole value in one pair of quotes")
        }
        () if has("unknown escape character") || has("expected hexadecimal number") => {
            of("a backslash that is no escape of YAML's", "double it, or put the value in single quotes")
        }
        () if has("block sequence entries are not allowed") => {
            of("an item cannot stand here", "begin the list on a line of its own, below its key")
        }
        () if has("invalid indentation") || has("wrongly indented") => {
            of("the line has the wrong indent", "indent it further than the key that it belongs to")
        }
        () => None,
    }
}

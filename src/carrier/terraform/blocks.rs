//! Terraform's configuration, taken apart into blocks and attributes; their expressions are left whole.
//!
//! What is wrong with one attribute or block keeps none of the others from being read. Nothing here
//! recurses, and every byte is passed a fixed number of times.

use std::cell::OnceCell;
use std::collections::HashMap;

use crate::text::Span;

/// Something in a body.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// The name of an attribute, or the kind of a block.
    pub name: Span,
    pub content: Content,
}

#[derive(Clone, Debug)]
pub(super) enum Content {
    /// The expression, without blanks and comments at its ends.
    Attribute(Span),
    Block {
        /// What stands between the quotes of each, if it has some.
        labels: Vec<Span>,
        /// What stands between the braces.
        body: Span,
    },
}

/// What stands in a range, as far as it can be read.
#[derive(Clone, Debug, Default)]
pub(super) struct Body {
    pub items: Vec<Item>,
    /// Whether there is something in it that is no item, or an item that does not end.
    pub is_broken: bool,
}

impl Body {
    /// The expression of an attribute.
    pub(super) fn attribute(&self, text: &str, name: &str) -> Option<Span> {
        self.items.iter().find_map(|item| match item.content {
            Content::Attribute(value) if item.name.slice(text) == name => Some(value),
            _ => None,
        })
    }

    /// The first block of a kind without labels.
    pub(super) fn block(&self, text: &str, kind: &str) -> Option<Span> {
        self.items.iter().find_map(|item| match &item.content {
            Content::Block { labels, body } if labels.is_empty() && item.name.slice(text) == kind => {
                Some(*body)
            }
            _ => None,
        })
    }
}

/// What blocks of the top level begin with. One of them at the start of a line ends everything that
/// is still open there.
const HEADS: [&str; 8] = [
    "resource \"",
    "data \"",
    "variable \"",
    "module \"",
    "output \"",
    "provider \"",
    "locals {",
    "terraform {",
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    /// A bracket, or `${` and `%{` in a string.
    Bracket,
    /// A string.
    Quote,
}

/// Passes over code, strings and comments.
pub(super) struct Lexer<'s> {
    text: &'s str,
    at: usize,
    end: usize,
    /// What is open, from the outside in.
    open: Vec<Open>,
    /// For each word that stands alone on a line, where it does.
    words: OnceCell<HashMap<&'s str, Vec<usize>>>,
    /// The first `/*` that is known to have no end.
    unclosed_comment: usize,
}

impl<'s> Lexer<'s> {
    pub(super) fn new(text: &'s str) -> Self {
        Self { text, at: 0, end: 0, open: Vec::new(), words: OnceCell::new(), unclosed_comment: usize::MAX }
    }

    fn begin(&mut self, range: Span) {
        self.at = range.start as usize;
        self.end = (range.end as usize).min(self.text.len());
        self.open.clear();
    }

    fn peek(&self) -> Option<u8> {
        self.rest().first().copied()
    }

    fn rest(&self) -> &'s [u8] {
        self.text.as_bytes().get(self.at..self.end).unwrap_or_default()
    }

    /// Reads the items of a body.
    pub(super) fn items(&mut self, range: Span) -> Body {
        self.begin(range);
        let mut body = Body::default();
        loop {
            while self.at < self.end && self.is_trivia() {
                self.step();
            }
            if self.at >= self.end {
                return body;
            }
            let name = self.word();
            if name.is_empty() {
                body.is_broken = true;
                self.step();
                self.close();
                continue;
            }
            match self.content() {
                Some((content, whole)) => {
                    body.is_broken |= !whole;
                    body.items.push(Item { name, content });
                }
                None => body.is_broken = true,
            }
        }
    }

    /// What follows a name, and whether it ends.
    fn content(&mut self) -> Option<(Content, bool)> {
        let mut labels = Vec::new();
        loop {
            self.skip_blanks();
            match self.peek()? {
                b'=' if labels.is_empty() && self.rest().get(1) != Some(&b'=') => {
                    self.at += 1;
                    return Some((Content::Attribute(self.expression()), true));
                }
                b'"' => {
                    let start = self.at + 1;
                    self.step();
                    self.close();
                    let closed = self.at > start && self.text.as_bytes()[self.at - 1] == b'"';
                    labels.push(Span::from_usize(start, self.at - usize::from(closed)));
                }
                b'{' => {
                    let start = self.at + 1;
                    self.step();
                    let closed = self.close();
                    let body = Span::from_usize(start, self.at - usize::from(closed));
                    return Some((Content::Block { labels, body }, closed));
                }
                _ => {
                    let label = self.word();
                    if label.is_empty() {
                        return None;
                    }
                    labels.push(label);
                }
            }
        }
    }

    /// The expression that goes on from here to the end of the line, or of a line further on, where
    /// brackets say so.
    fn expression(&mut self) -> Span {
        self.skip_blanks();
        let start = self.at;
        let mut end = start;
        while let Some(byte) = self.peek() {
            if (self.open.is_empty() && byte == b'\n') || self.is_at_head() {
                break;
            }
            if self.step() {
                end = self.at.min(self.end);
            }
        }
        self.open.clear();
        Span::from_usize(start, end)
    }

    /// Goes on until nothing is open any more; says whether that is so.
    fn close(&mut self) -> bool {
        while !self.open.is_empty() {
            if self.at >= self.end || self.is_at_head() {
                self.open.clear();
                return false;
            }
            self.step();
        }
        true
    }

    /// Where an interpolation ends whose inside a range begins with: after its brace, if it has one.
    pub(super) fn interpolation_end(&mut self, range: Span) -> (usize, bool) {
        self.begin(range);
        self.open.push(Open::Bracket);
        let closed = self.close();
        (self.at.min(self.end), closed)
    }

    /// How many brackets, strings and interpolations stand in each other at most.
    pub(super) fn depth(&mut self, range: Span) -> usize {
        self.begin(range);
        let mut deepest = 0;
        while self.at < self.end {
            self.step();
            deepest = deepest.max(self.open.len());
        }
        deepest
    }

    /// Whether a range is one string or here-document, and nothing else.
    pub(super) fn is_string(&mut self, range: Span) -> bool {
        self.begin(range);
        match self.peek() {
            Some(b'<') => self.step() && self.at == self.end && self.at > range.start as usize + 1,
            Some(b'"') => {
                self.step();
                self.close() && self.at == self.end && range.slice(self.text)[1..].ends_with('"')
            }
            _ => false,
        }
    }

    /// The first comma in a range that is not part of a comment.
    pub(super) fn comma(&mut self, range: Span) -> Option<Span> {
        self.begin(range);
        while self.peek()? != b',' {
            self.step();
        }
        Some(Span::from_usize(self.at, self.at + 1))
    }

    /// Takes the next piece; says whether it means anything.
    fn step(&mut self) -> bool {
        let Some(byte) = self.peek() else { return false };
        if self.open.last() == Some(&Open::Quote) {
            self.step_in_string(byte);
            return true;
        }
        if let Some(len) = self.trivia() {
            self.at += len;
            return false;
        }
        match byte {
            b'"' => self.open.push(Open::Quote),
            b'{' | b'[' | b'(' => self.open.push(Open::Bracket),
            b'}' | b']' | b')' => {
                self.open.pop();
            }
            b'<' => {
                if let Some(end) = self.here_document() {
                    self.at = end;
                    return true;
                }
            }
            _ => {}
        }
        self.at += 1;
        true
    }

    fn step_in_string(&mut self, byte: u8) {
        let rest = self.rest();
        self.at += match byte {
            b'\\' if rest.len() > 1 && rest[1] != b'\n' => 2,
            b'$' | b'%' if rest.len() > 2 && rest[1] == byte && rest[2] == b'{' => 3,
            b'$' | b'%' if rest.get(1) == Some(&b'{') => {
                self.open.push(Open::Bracket);
                2
            }
            b'"' => {
                self.open.pop();
                1
            }
            // A string ends on its line, whether it was closed or not.
            b'\n' => {
                self.open.pop();
                0
            }
            _ => 1,
        };
    }

    fn is_trivia(&mut self) -> bool {
        self.trivia().is_some()
    }

    /// The length of the white space or comment that begins here.
    fn trivia(&mut self) -> Option<usize> {
        let rest = self.rest();
        match rest.first()? {
            b' ' | b'\t' | b'\r' | b'\n' => Some(1),
            b'#' => Some(line(rest)),
            b'/' if rest.get(1) == Some(&b'/') => Some(line(rest)),
            b'/' if rest.get(1) == Some(&b'*') && self.at < self.unclosed_comment => {
                let len = memchr::memmem::find(&rest[2..], b"*/");
                if len.is_none() {
                    self.unclosed_comment = self.at;
                }
                len.map(|len| len + 4)
            }
            _ => None,
        }
    }

    /// Skips white space and comments of this line.
    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(|byte| byte != b'\n')
            && let Some(len) = self.trivia()
        {
            self.at += len;
        }
    }

    /// Takes the identifier that begins here.
    fn word(&mut self) -> Span {
        let start = self.at;
        self.at += self.rest().iter().take_while(|byte| is_name(**byte)).count();
        Span::from_usize(start, self.at)
    }

    /// Where the here-document that begins here ends: after its last word.
    fn here_document(&self) -> Option<usize> {
        let rest = self.rest().strip_prefix(b"<<")?;
        let rest = rest.strip_prefix(b"-").unwrap_or(rest);
        let word = &rest[..rest.iter().take_while(|byte| is_name(**byte)).count()];
        let after = &rest[word.len()..];
        let newline = after.starts_with(b"\n") || after.starts_with(b"\r\n");
        if word.is_empty() || !newline {
            return None;
        }
        let word = std::str::from_utf8(word).ok()?;
        let places = self.words.get_or_init(|| lone_words(self.text)).get(word)?;
        let first = places.partition_point(|place| *place <= self.end - after.len());
        let end = places.get(first)? + word.len();
        (end <= self.end).then_some(end)
    }

    /// Whether a block of the top level begins here while something is open.
    fn is_at_head(&self) -> bool {
        if self.open.last() != Some(&Open::Bracket)
            || self.at == 0
            || self.text.as_bytes()[self.at - 1] != b'\n'
        {
            return false;
        }
        let rest = self.rest();
        HEADS.iter().any(|head| rest.starts_with(head.as_bytes()))
    }
}

/// The length of a line, its end left out.
fn line(rest: &[u8]) -> usize {
    memchr::memchr(b'\n', rest).unwrap_or(rest.len())
}

fn lone_words(text: &str) -> HashMap<&str, Vec<usize>> {
    let mut words: HashMap<_, Vec<_>> = HashMap::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let word = line.trim();
        if !word.is_empty() && word.bytes().all(is_name) {
            let indent = line.len() - line.trim_start().len();
            words.entry(word).or_default().push(start + indent);
        }
        start += line.len();
    }
    words
}

const fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') || !byte.is_ascii()
}

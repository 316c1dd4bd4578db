//! What an example leaves out: `...`, `…` and comments.

use crate::text::{Passage, Span};

/// A text in which what stands for something left out is a placeholder; `None` where nothing is left
/// out.
///
/// A comment is taken for that, too: it may name members that are not shown. Where values are given
/// to choose from, `"a" | "b"`, what comes back is no JSON.
pub(super) fn without_elisions<'t>(text: &Passage<'t>) -> Option<Passage<'t>> {
    let source = text.as_str();
    let mut scan = Scan { bytes: source.as_bytes(), at: 0, open: Vec::new(), before: Before::Start };
    let mut found = Vec::new();
    while let Some(elision) = scan.next_elision() {
        found.push(elision);
    }
    if found.is_empty() {
        return None;
    }
    let mut out = text.rewrite();
    let mut at = 0;
    for (place, written) in found {
        out.copy(Span::new(at, place.start));
        out.put(&written, place);
        at = place.end;
    }
    out.copy(Span::from_usize(at as usize, source.len()));
    Some(out.finish(None))
}

/// What stands before an offset.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Start,
    Open,
    Comma,
    Colon,
    Value,
}

struct Scan<'t> {
    bytes: &'t [u8],
    at: usize,
    /// The brackets that are open.
    open: Vec<u8>,
    before: Before,
}

impl Scan<'_> {
    /// The next thing that stands for something left out, with what follows it of the same, and what is
    /// written for it.
    fn next_elision(&mut self) -> Option<(Span, String)> {
        loop {
            let start = self.at;
            if let Some(mut end) = self.elision_end(start) {
                let mut next = self.after_space(end);
                while let Some(other) = self.elision_end(next) {
                    end = other;
                    next = self.after_space(end);
                }
                self.at = end;
                return Some((
                    Span::from_usize(start, end),
                    self.placeholder(start, self.bytes.get(next).copied()),
                ));
            }
            let byte = *self.bytes.get(start)?;
            let end = if byte == b'"' { Some(self.string_end(start)) } else { self.placeholder_end(start) };
            if let Some(end) = end {
                self.at = end;
                self.before = Before::Value;
                continue;
            }
            match byte {
                byte @ (b'{' | b'[') => {
                    self.open.push(byte);
                    self.before = Before::Open;
                }
                b'}' | b']' => {
                    self.open.pop();
                    self.before = Before::Value;
                }
                b',' => self.before = Before::Comma,
                b':' => self.before = Before::Colon,
                byte if byte.is_ascii_whitespace() => {}
                _ => self.before = Before::Value,
            }
            self.at += 1;
        }
    }

    fn after_space(&self, at: usize) -> usize {
        at + self.bytes[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count()
    }

    /// The end of what begins at an offset and stands for something left out.
    fn elision_end(&self, at: usize) -> Option<usize> {
        let rest = &self.bytes[at..];
        let line = || memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        let len = if rest.starts_with(b"...") {
            // What is spread there is named after the dots.
            let is_name = |byte: &&u8| matches!(byte, b'.' | b'_' | b'$') || byte.is_ascii_alphanumeric();
            rest.iter().take_while(is_name).count()
        } else if rest.starts_with("…".as_bytes()) {
            "…".len()
        } else if rest.starts_with(b"//") || (rest.first() == Some(&b'#') && self.begins_line(at)) {
            line()
        } else if rest.first() == Some(&b'|') {
            1
        } else if rest.starts_with(b"/*") {
            memchr::memmem::find(rest, b"*/").map_or(rest.len(), |end| end + 2)
        } else if self.before == Before::Open && at == self.at && self.open.last() == Some(&b'{') {
            words(rest)?
        } else {
            return None;
        };
        Some(at + len)
    }

    /// Whether nothing stands before this on its line.
    fn begins_line(&self, at: usize) -> bool {
        let blanks = self.bytes[..at].iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        self.bytes[..at - blanks].last().is_none_or(|byte| *byte == b'\n')
    }

    /// The offset after the string that begins at an offset, or after its line.
    fn string_end(&self, start: usize) -> usize {
        let mut at = start + 1;
        while let Some(byte) = self.bytes.get(at) {
            match byte {
                b'"' => return at + 1,
                b'\n' => return at,
                b'\\' => at += 2,
                _ => at += 1,
            }
        }
        self.bytes.len()
    }

    /// The offset after the placeholder that begins at an offset.
    fn placeholder_end(&self, start: usize) -> Option<usize> {
        /// Longer ones are none.
        const LONGEST: usize = 200;
        let rest = &self.bytes[start..self.bytes.len().min(start + LONGEST)];
        let close: &[u8] = match rest {
            [b'{', b'{', ..] => b"}}",
            [b'$', b'{', ..] => b"}",
            [b'<', first, ..] if first.is_ascii_alphabetic() => b">",
            _ => return None,
        };
        Some(start + memchr::memmem::find(rest, close)? + close.len())
    }

    /// What is written for something left out here before a byte, so that what is around it stays JSON.
    fn placeholder(&mut self, start: usize, next: Option<u8>) -> String {
        const NOTHING: &str = " ";
        if self.bytes[start] == b'|' {
            return "|".to_owned();
        }
        let Some(container) = self.open.last() else { return NOTHING.to_owned() };
        let ends = matches!(next, Some(b',' | b'}' | b']') | None);
        let (lead, held) = match (self.before, container) {
            (Before::Colon, _) if !ends => return NOTHING.to_owned(),
            (Before::Value, _) if next == Some(b':') => return NOTHING.to_owned(),
            (Before::Value, b'[') => (", ", "${…}"),
            (Before::Colon, _) | (_, b'[') => ("", "${…}"),
            (Before::Value, _) => (", ", "\"${…}\": ${…}"),
            _ if next == Some(b':') => return "\"${…}\"".to_owned(),
            _ => ("", "\"${…}\": ${…}"),
        };
        // Before a comma of its own, there is one already.
        let tail = if ends { "" } else { ", " };
        self.before = if ends { Before::Value } else { Before::Comma };
        format!("{lead}{held}{tail}")
    }
}

/// The length of words in braces: `{ your attributes }`.
fn words(rest: &[u8]) -> Option<usize> {
    let is_prose =
        |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-' | b'_' | b'\'' | b'.');
    let len = rest.iter().take_while(is_prose).count();
    let begins = rest.first().is_some_and(u8::is_ascii_alphabetic);
    (begins && rest.get(len) == Some(&b'}')).then_some(len)
}

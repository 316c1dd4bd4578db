//! Scalars: what they say, piece by piece with its place, and which type they are of.

use saphyr_parser::ScalarStyle;

use crate::text::{Layer, Passage, Rewriter, Span};

/// A piece of what a scalar says.
#[derive(Clone, Debug)]
pub(super) enum Part {
    /// As it stands in the text.
    Same(Span),
    /// A character, by an escape or a folded line end.
    Character(char, Span),
    /// So many line ends.
    Breaks(usize, Span),
    /// Something that is known only when a template is filled in.
    Unknown(Span),
    /// Text whose letters cannot be placed.
    Text(String, Span),
}

/// What stands for what is not known.
pub(super) const UNKNOWN: &str = "${…}";

/// A scalar as it stands in a text.
pub(super) struct Written<'t> {
    pub(super) text: &'t str,
    /// Of the first byte, after a tag and an anchor; in a block scalar that has neither, of its first
    /// line's text.
    pub(super) start: usize,
    /// Where a plain scalar ends.
    pub(super) end: usize,
    pub(super) style: ScalarStyle,
    /// The indent of a block scalar, where `start` is in its text.
    pub(super) indent: Option<usize>,
    /// What it says.
    pub(super) value: &'t str,
}

/// What a scalar says, and where it ends.
pub(super) fn read(written: &Written<'_>) -> (Vec<Part>, usize) {
    let mut reader = Reader { text: written.text, bytes: written.text.as_bytes(), parts: Vec::new() };
    let end = match written.style {
        ScalarStyle::Plain => Some(reader.plain(written.start, written.end)),
        ScalarStyle::SingleQuoted => reader.single_quoted(written.start),
        ScalarStyle::DoubleQuoted => reader.double_quoted(written.start),
        ScalarStyle::Literal | ScalarStyle::Folded => reader.block(written),
    };
    match end {
        Some(end) if says(&reader.parts, written.text, written.value) => (reader.parts, end),
        _ => {
            let end = end.unwrap_or(written.end).max(written.start);
            let place = Span::from_usize(written.start, end);
            let parts = if written.value.is_empty() {
                Vec::new()
            } else {
                vec![Part::Text(written.value.to_owned(), place)]
            };
            (parts, end)
        }
    }
}

/// Whether parts make up a text.
fn says(parts: &[Part], text: &str, said: &str) -> bool {
    let mut rest = said;
    for part in parts {
        let left = match part {
            Part::Same(span) => rest.strip_prefix(span.slice(text)),
            Part::Character(character, _) => rest.strip_prefix(*character),
            Part::Breaks(count, _) => {
                let lead = rest.bytes().take(*count).filter(|byte| *byte == b'\n').count();
                (lead == *count).then(|| &rest[lead..])
            }
            Part::Text(held, _) => rest.strip_prefix(held.as_str()),
            Part::Unknown(_) => None,
        };
        let Some(left) = left else { return false };
        rest = left;
    }
    rest.is_empty()
}

struct Reader<'t> {
    text: &'t str,
    bytes: &'t [u8],
    parts: Vec<Part>,
}

impl Reader<'_> {
    fn same(&mut self, start: usize, end: usize) {
        if start < end {
            self.parts.push(Part::Same(Span::from_usize(start, end)));
        }
    }

    fn breaks(&mut self, count: usize, start: usize, end: usize) {
        if count > 0 {
            self.parts.push(Part::Breaks(count, Span::from_usize(start, end)));
        }
    }

    /// The offset after the line end at an offset; the same where there is none.
    fn after_break(&self, at: usize) -> usize {
        match self.bytes.get(at) {
            Some(b'\r') if self.bytes.get(at + 1) == Some(&b'\n') => at + 2,
            Some(b'\r' | b'\n') => at + 1,
            _ => at,
        }
    }

    fn after_blanks(&self, at: usize) -> usize {
        at + self.bytes[at..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
    }

    fn line_end(&self, at: usize) -> usize {
        memchr::memchr2(b'\n', b'\r', &self.bytes[at..]).map_or(self.bytes.len(), |end| at + end)
    }

    /// Reads the line end at an offset, and all blanks and line ends around it, as one space, or as the
    /// line ends after the first. The text before begins at `from`.
    fn fold(&mut self, from: usize, at: usize) -> usize {
        let blanks =
            self.bytes[from..at].iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let text_end = at - blanks;
        self.same(from, text_end);
        let (count, next) = self.line_ends(at);
        if count == 1 {
            self.parts.push(Part::Character(' ', Span::from_usize(text_end, next)));
        } else {
            self.breaks(count - 1, text_end, next);
        }
        next
    }

    /// How many line ends stand at an offset, blanks between them, and where the text goes on.
    fn line_ends(&self, mut at: usize) -> (usize, usize) {
        let mut count = 0;
        loop {
            let next = self.after_break(at);
            if next == at {
                return (count.max(1), at);
            }
            count += 1;
            at = self.after_blanks(next);
        }
    }

    fn plain(&mut self, start: usize, end: usize) -> usize {
        let mut from = start;
        loop {
            // No further than the scalar goes: there may be very many on one line.
            let Some(next) = self.bytes.get(from..end).and_then(|rest| memchr::memchr2(b'\n', b'\r', rest))
            else {
                self.same(from, end);
                return end;
            };
            from = self.fold(from, from + next);
        }
    }

    fn single_quoted(&mut self, start: usize) -> Option<usize> {
        let mut from = start + 1;
        let mut at = from;
        loop {
            at += memchr::memchr3(b'\'', b'\n', b'\r', self.bytes.get(at..)?)?;
            if self.bytes[at] != b'\'' {
                from = self.fold(from, at);
                at = from;
                continue;
            }
            self.same(from, at);
            if self.bytes.get(at + 1) != Some(&b'\'') {
                return Some(at + 1);
            }
            self.parts.push(Part::Character('\'', Span::from_usize(at, at + 2)));
            at += 2;
            from = at;
        }
    }

    fn double_quoted(&mut self, start: usize) -> Option<usize> {
        let mut from = start + 1;
        let mut at = from;
        loop {
            let tells = |byte: &u8| matches!(byte, b'"' | b'\\' | b'\n' | b'\r');
            at += self.bytes.get(at..)?.iter().position(tells)?;
            match self.bytes[at] {
                b'"' => {
                    self.same(from, at);
                    return Some(at + 1);
                }
                b'\\' => {
                    self.same(from, at);
                    at = self.escape(at)?;
                    from = at;
                }
                _ => {
                    from = self.fold(from, at);
                    at = from;
                }
            }
        }
    }

    /// Reads what a backslash begins.
    fn escape(&mut self, at: usize) -> Option<usize> {
        if matches!(self.bytes.get(at + 1)?, b'\n' | b'\r') {
            let (count, next) = self.line_ends(at + 1);
            self.breaks(count - 1, at, next);
            return Some(next);
        }
        let kind = self.text.get(at + 1..)?.chars().next()?;
        let digits = match kind {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        let end = at + 1 + kind.len_utf8() + digits;
        let character = match kind {
            '0' => '\0',
            'a' => '\x07',
            'b' => '\x08',
            't' | '\t' => '\t',
            'n' => '\n',
            'v' => '\x0b',
            'f' => '\x0c',
            'r' => '\r',
            'e' => '\x1b',
            'N' => '\u{85}',
            '_' => '\u{a0}',
            'L' => '\u{2028}',
            'P' => '\u{2029}',
            'x' | 'u' | 'U' => char::from_u32(u32::from_str_radix(self.text.get(at + 2..end)?, 16).ok()?)?,
            other => other,
        };
        self.parts.push(Part::Character(character, Span::from_usize(at, end)));
        Some(end)
    }

    /// Reads a block scalar, whose line ends at the end are as many as it says.
    fn block(&mut self, written: &Written<'_>) -> Option<usize> {
        let text_lines = written.value.trim_start_matches('\n');
        if text_lines.is_empty() {
            return None;
        }
        let (start, indent) = match written.indent {
            Some(indent) => (written.start, indent),
            None => self.block_text(written.start, text_lines)?,
        };
        let is_literal = written.style == ScalarStyle::Literal;
        self.breaks(written.value.len() - text_lines.len(), start, start);
        let mut at = start;
        let end = loop {
            let end = self.line_end(at);
            self.same(at, end);
            let (empty, next, column) = self.next_line(end, indent);
            let ends = column != indent || next >= self.bytes.len() || (indent == 0 && self.is_marker(next));
            if ends {
                break end;
            }
            let is_blank = |at: usize| matches!(self.bytes.get(at), Some(b' ' | b'\t'));
            if is_literal || is_blank(at) || is_blank(next) {
                self.breaks(empty + 1, end, next);
            } else if empty == 0 {
                self.parts.push(Part::Character(' ', Span::from_usize(end, next)));
            } else {
                self.breaks(empty, end, next);
            }
            at = next;
        };
        let tail = text_lines.len() - text_lines.trim_end_matches('\n').len();
        self.breaks(tail, end, self.after_break(end));
        Some(end)
    }

    /// Where the text of the block scalar begins whose header is at an offset, and its indent.
    fn block_text(&self, header: usize, text_lines: &str) -> Option<(usize, usize)> {
        let first = text_lines.lines().next()?;
        let mut line = self.after_break(self.line_end(header));
        loop {
            let end = self.line_end(line);
            let said = self.text.get(line..end)?;
            if !said.trim_matches(' ').is_empty() {
                let indent = said.strip_suffix(first)?.len();
                return Some((line + indent, indent));
            }
            let next = self.after_break(end);
            if next == end {
                return None;
            }
            line = next;
        }
    }

    /// After the end of a line of a block scalar: how many empty lines follow, where the next line's
    /// text begins, and in which column.
    fn next_line(&self, end: usize, indent: usize) -> (usize, usize, usize) {
        let mut at = self.after_break(end);
        if at == end {
            return (0, self.bytes.len(), 0);
        }
        let mut empty = 0;
        loop {
            let column = self.bytes[at..].iter().take(indent).take_while(|byte| **byte == b' ').count();
            let next = self.after_break(at + column);
            if next == at + column {
                return (empty, next, column);
            }
            empty += 1;
            at = next;
        }
    }

    /// Whether a line begins with `---` or `...` alone.
    fn is_marker(&self, at: usize) -> bool {
        let rest = &self.bytes[at..];
        (rest.starts_with(b"---") || rest.starts_with(b"..."))
            && rest.get(3).is_none_or(u8::is_ascii_whitespace)
    }
}

/// Takes the expressions of templates out of parts that hold them.
pub(super) fn without_expressions(parts: Vec<Part>, expressions: &[Span]) -> Vec<Part> {
    let mut split = Vec::with_capacity(parts.len());
    for part in parts {
        let Part::Same(span) = part else {
            split.push(part);
            continue;
        };
        let first = expressions.partition_point(|held| held.end <= span.start);
        let mut at = span.start;
        for held in expressions[first..].iter().take_while(|held| held.start < span.end) {
            let (start, end) = (held.start.max(at), held.end.min(span.end));
            if at < start {
                split.push(Part::Same(Span::new(at, start)));
            }
            split.push(Part::Unknown(Span::new(start, end)));
            at = end;
        }
        if at < span.end {
            split.push(Part::Same(Span::new(at, span.end)));
        }
    }
    split
}

/// Parts as a text of its own.
pub(super) fn passage(text: &Passage<'_>, parts: &[Part], layer: Layer) -> Passage<'static> {
    let mut out = text.rewrite();
    write(&mut out, parts);
    out.finish(Some(layer))
}

/// Writes parts as they read.
pub(super) fn write(out: &mut Rewriter<'_>, parts: &[Part]) {
    for part in parts {
        match part {
            Part::Same(span) => out.copy(*span),
            Part::Character(character, span) => out.put(character.encode_utf8(&mut [0; 4]), *span),
            Part::Breaks(count, span) => out.put(&"\n".repeat(*count), *span),
            Part::Unknown(span) => out.put(UNKNOWN, *span),
            Part::Text(held, span) => out.put(held, *span),
        }
    }
}

/// Writes parts as they stand between the quotes of a JSON string.
pub(super) fn write_json(out: &mut Rewriter<'_>, text: &str, parts: &[Part]) {
    for part in parts {
        match part {
            Part::Same(span) => copy_json(out, text, *span),
            Part::Character(character, span) => out.put(&escaped(character.encode_utf8(&mut [0; 4])), *span),
            Part::Breaks(count, span) => out.put(&"\\n".repeat(*count), *span),
            Part::Unknown(span) => out.put(UNKNOWN, *span),
            Part::Text(held, span) => out.put(&escaped(held), *span),
        }
    }
}

/// Copies a range, but for what JSON writes as an escape.
fn copy_json(out: &mut Rewriter<'_>, text: &str, span: Span) {
    let mut at = span.start;
    let bytes = span.slice(text).bytes();
    for (offset, byte) in (span.start..).zip(bytes) {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        if at < offset {
            out.copy(Span::new(at, offset));
        }
        let held = Span::new(offset, offset + 1);
        out.put(&escaped(held.slice(text)), held);
        at = offset + 1;
    }
    if at < span.end {
        out.copy(Span::new(at, span.end));
    }
}

fn escaped(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

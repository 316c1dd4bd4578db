//! From byte offsets to lines and columns, made only for a text that has something to show.

use crate::text::Span;

/// A place as a person or an editor counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// 1-based line; `\n`, `\r\n` and a lone `\r` end a line.
    pub line: u64,
    /// 1-based column in Unicode scalar values. A byte-order mark at the start of the file is not
    /// counted, as no editor shows it.
    pub column: u64,
    /// 0-based offset in bytes from the start of the file.
    pub offset: u64,
}

const BYTE_ORDER_MARK: char = '\u{feff}';

/// Bytes between two remembered character counts.
const STRIDE: usize = 256;

/// The line starts of one text, and character counts where it is not plain ASCII.
pub struct LineIndex<'t> {
    text: &'t str,
    /// Offset of the first byte of each line.
    starts: Vec<u32>,
    /// Characters before each multiple of [`STRIDE`]; empty for ASCII.
    characters: Vec<u32>,
    /// What stands before this text in its file.
    before: Before,
}

/// The part of a file that precedes a text read from its middle.
#[derive(Clone, Copy, Debug, Default)]
pub struct Before {
    /// Bytes before it.
    pub bytes: u64,
    /// Lines before it.
    pub lines: u64,
    /// Characters before it on the line that it begins in, a byte-order mark not among them.
    pub columns: u64,
}

impl<'t> LineIndex<'t> {
    /// Indexes a text that follows `before` in its file.
    #[must_use]
    pub fn new(text: &'t str, before: Before) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            if bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n') {
                continue;
            }
            starts.push(narrow(at + 1));
        }
        let characters = if text.is_ascii() { Vec::new() } else { count_characters(bytes) };
        Self { text, starts, characters, before }
    }

    /// The text that was indexed.
    #[must_use]
    pub const fn text(&self) -> &'t str {
        self.text
    }

    /// Number of lines in the text.
    #[must_use]
    pub fn line_count(&self) -> usize {
        self.starts.len()
    }

    /// 0-based index, in this text, of the line that holds an offset.
    #[must_use]
    pub fn line_index(&self, offset: u32) -> usize {
        self.starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// 1-based number, in the file, of a line of this text.
    #[must_use]
    pub fn line_number(&self, line_index: usize) -> u64 {
        self.before.lines + line_index as u64 + 1
    }

    /// The bytes of a line, without its end.
    #[must_use]
    pub fn line_span(&self, line_index: usize) -> Span {
        let start = self.starts.get(line_index).copied().unwrap_or(narrow(self.text.len()));
        let mut end = self.starts.get(line_index + 1).copied().unwrap_or(narrow(self.text.len()));
        let bytes = self.text.as_bytes();
        while end > start && matches!(bytes[end as usize - 1], b'\n' | b'\r') {
            end -= 1;
        }
        Span::new(start, end)
    }

    /// Where an offset stands in the file.
    #[must_use]
    pub fn position(&self, offset: u32) -> Position {
        self.position_in(self.line_index(offset), offset)
    }

    /// Where an offset stands in the file, found quickly if it is in the line `near` (0-based, in
    /// this text) or not far after it. Sets `near` to its line.
    pub fn position_near(&self, offset: u32, near: &mut usize) -> Position {
        let is_after = |line_index: usize| self.starts.get(line_index).is_none_or(|start| *start > offset);
        if is_after(*near) {
            *near = self.line_index(offset);
        } else {
            let mut step = 1;
            while !is_after(*near + step) {
                *near += step;
                step *= 2;
            }
            // It is one of the `step` lines from here on.
            let end = (*near + step).min(self.starts.len());
            *near += self.starts[*near + 1..end].partition_point(|start| *start <= offset);
        }
        self.position_in(*near, offset)
    }

    fn position_in(&self, line_index: usize, offset: u32) -> Position {
        let start = self.starts[line_index];
        let mut characters = u64::from(self.characters_before(offset) - self.characters_before(start));
        if line_index == 0 {
            if self.before.bytes == 0 && self.text.starts_with(BYTE_ORDER_MARK) {
                characters = characters.saturating_sub(1);
            }
            characters += self.before.columns;
        }
        Position {
            line: self.line_number(line_index),
            column: characters + 1,
            offset: self.before.bytes + u64::from(offset),
        }
    }

    fn characters_before(&self, offset: u32) -> u32 {
        if self.characters.is_empty() {
            return offset;
        }
        let block = offset as usize / STRIDE;
        let from = block * STRIDE;
        let rest = &self.text.as_bytes()[from..(offset as usize).min(self.text.len())];
        self.characters[block] + starts_of_characters(rest)
    }
}

fn count_characters(bytes: &[u8]) -> Vec<u32> {
    let mut counts = vec![0];
    let mut sum = 0;
    for block in bytes.chunks(STRIDE) {
        sum += starts_of_characters(block);
        counts.push(sum);
    }
    counts
}

/// Bytes that begin a character.
fn starts_of_characters(bytes: &[u8]) -> u32 {
    narrow(bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count())
}

fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

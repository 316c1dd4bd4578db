//! JSON Lines, mended line by line.

use std::io::{self, Read, Write};

use crate::carrier::{Assume, Carrier};
use crate::files::read::ReadSpare;
use crate::fix::{Fixed, Fixer, Judge, Text};
use crate::lint::Scratch;

/// Bytes read at once. A line longer than that makes the buffer grow.
const BLOCK: usize = 1 << 18;

/// Lines that are mended as they are read.
pub(super) struct MendedLines<'a, R> {
    source: R,
    fixer: &'a Fixer,
    assume: Assume,
    scratch: &'a mut Scratch,
    judge: Option<Judge<'a>>,
    /// What was read and not given on yet: the start of a line.
    input: Vec<u8>,
    output: Vec<u8>,
    ended_input: bool,
    /// Findings that were made to go away.
    pub(super) fixed: u64,
    /// Whether the fixes of every line came to their end.
    pub(super) ended: bool,
}

/// Whole lines, as they are to be.
pub(super) struct Block<'b> {
    pub(super) bytes: &'b [u8],
    /// Whether they were otherwise before.
    pub(super) changed: bool,
}

impl<'a, R: Read> MendedLines<'a, R> {
    pub(super) fn new(source: R, fixer: &'a Fixer, assume: Assume, scratch: &'a mut Scratch) -> Self {
        Self {
            source,
            fixer,
            assume,
            scratch,
            judge: None,
            input: Vec::new(),
            output: Vec::new(),
            ended_input: false,
            fixed: 0,
            ended: true,
        }
    }

    /// The same, of the findings that count.
    pub(super) fn judged_by(mut self, judge: Option<Judge<'a>>) -> Self {
        self.judge = judge;
        self
    }

    /// Mends a line. Its end is no part of what is mended, and stays as it is.
    pub(super) fn line(&mut self, line: &[u8]) -> Fixed {
        let content = line.strip_suffix(b"\n").unwrap_or(line);
        let content = content.strip_suffix(b"\r").unwrap_or(content);
        let text = Text { bytes: content, carrier: Carrier::Json, assume: self.assume, one_line: true };
        let mut fixed = if content.trim_ascii().is_empty() {
            Fixed::nothing()
        } else {
            self.fixer.fix_judged(&text, self.scratch, self.judge)
        };
        self.fixed += fixed.done.len() as u64;
        self.ended &= fixed.ended;
        if let Some(bytes) = &mut fixed.bytes {
            bytes.extend_from_slice(&line[content.len()..]);
        }
        fixed
    }

    /// The next lines; `None` at the end.
    pub(super) fn next_block(&mut self) -> io::Result<Option<Block<'_>>> {
        let whole = loop {
            if self.ended_input {
                break self.input.len();
            }
            let before = self.input.len();
            let got = (&mut self.source).take(BLOCK as u64).read_to_end(&mut self.input)?;
            self.ended_input = got == 0;
            if let Some(at) = memchr::memrchr(b'\n', &self.input[before..]) {
                break before + at + 1;
            }
        };
        if whole == 0 {
            return Ok(None);
        }
        let input = std::mem::take(&mut self.input);
        self.output.clear();
        let mut changed = false;
        for line in input[..whole].split_inclusive(|byte| *byte == b'\n') {
            match self.line(line).bytes {
                Some(mended) => {
                    changed = true;
                    self.output.extend_from_slice(&mended);
                }
                None => self.output.extend_from_slice(line),
            }
        }
        self.input = input;
        self.input.drain(..whole);
        Ok(Some(Block { bytes: &self.output, changed }))
    }

    /// The same lines, to be read by another, and written as they are read.
    pub(super) fn written_to<W: Write>(self, sink: W) -> Tee<'a, R, W> {
        Tee { lines: self, sink, given: 0 }
    }
}

/// Mended lines that are written and read.
pub(super) struct Tee<'a, R, W> {
    pub(super) lines: MendedLines<'a, R>,
    sink: W,
    /// How much of the last block was given to the reader.
    given: usize,
}

impl<R: Read, W: Write> ReadSpare for Tee<'_, R, W> {
    fn read_spare(&mut self, buffer: &mut Vec<u8>) -> io::Result<usize> {
        if self.given == self.lines.output.len() {
            self.given = 0;
            let Some(block) = self.lines.next_block()? else {
                self.lines.output.clear();
                return Ok(0);
            };
            self.sink.write_all(block.bytes)?;
            self.sink.flush()?;
        }
        let rest = &self.lines.output[self.given..];
        let room = (buffer.capacity() - buffer.len()).min(rest.len());
        buffer.extend_from_slice(&rest[..room]);
        self.given += room;
        Ok(room)
    }
}

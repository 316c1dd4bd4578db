//! JSON Lines: one body or envelope a line, in memory that does not grow with the file.

use std::io;
use std::path::Path;

use crate::carrier::{Assume, Carrier, Skip};
use crate::files::read::{ReadSpare, read_some};
use crate::files::tally::Tally;
use crate::lint::{Input, Scratch, readable};
use crate::rules;
use crate::text::Before;

/// Bytes read at once. A line longer than that makes the buffer grow.
const BLOCK: usize = 1 << 18;

/// A stream of lines being checked.
pub struct Lines<'s> {
    scratch: &'s mut Scratch,
    buffer: &'s mut Vec<u8>,
    before: Before,
    requests: u64,
    skip: Option<Skip>,
}

impl<'s> Lines<'s> {
    /// Uses memory that others used before.
    pub fn new(scratch: &'s mut Scratch, buffer: &'s mut Vec<u8>) -> Self {
        Self { scratch, buffer, before: Before::default(), requests: 0, skip: None }
    }

    /// Reads to the end.
    ///
    /// # Errors
    ///
    /// What the system says; what was found before stays found.
    pub fn read(
        mut self,
        source: &mut impl ReadSpare,
        assume: Assume,
        path: &Path,
        tally: &mut Tally<'_, '_>,
    ) -> io::Result<()> {
        self.buffer.clear();
        loop {
            if self.buffer.capacity() - self.buffer.len() < BLOCK {
                self.buffer.reserve(BLOCK);
            }
            let got = read_some(source, self.buffer)?;
            let whole = if got == 0 {
                self.buffer.len()
            } else {
                let new = self.buffer.len() - got;
                match memchr::memrchr(b'\n', &self.buffer[new..]) {
                    Some(at) => new + at + 1,
                    None => continue,
                }
            };
            let buffer = std::mem::take(self.buffer);
            self.block(&buffer[..whole], assume, path, tally);
            *self.buffer = buffer;
            self.buffer.drain(..whole);
            if got == 0 {
                tally.finish(self.requests, self.skip, || path.to_path_buf());
                return Ok(());
            }
        }
    }

    /// Checks whole lines.
    fn block(&mut self, block: &[u8], assume: Assume, path: &Path, tally: &mut Tally<'_, '_>) {
        // The block is asked once, and its lines only if it is not all text.
        let known = simdutf8::basic::from_utf8(block).ok();
        // Most blocks hold none: only where one may, each line is asked.
        let secret = rules::may_hold_secret(block);
        let may_hold_secret = (!secret).then_some(false);
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', block).map(|at| at + 1).chain([block.len()]) {
            if start == end {
                continue;
            }
            let line = start..end;
            let (text, invalid) = match known {
                Some(text) => (std::borrow::Cow::Borrowed(&text[line.clone()]), Vec::new()),
                None => readable(&block[line.clone()]),
            };
            if !text.trim_start_matches('\u{feff}').trim_ascii().is_empty() {
                let input = Input {
                    text: &text,
                    invalid_utf8: &invalid,
                    carrier: Carrier::Json,
                    assume,
                    may_hold_secret,
                    is_later_line: self.before.lines > 0,
                };
                let (requests, skip) = tally.check(&input, self.scratch, self.before, &|| path.to_path_buf());
                // Among lines that are requests, one that is no JSON was to be one too.
                if assume == Assume::Nothing && self.requests > 0 && skip == Some(Skip::NotRecognised) {
                    tally.faults(&text, self.scratch, self.before, path);
                }
                self.requests += requests;
                self.skip = self.skip.or(skip);
            }
            self.before.bytes += (end - start) as u64;
            self.before.lines += 1;
            start = end;
        }
    }
}

//! HTTP archives: the requests of a recording, in memory that does not grow with it.
//!
//! A recording is mostly what came back: pages, pictures, scripts. Of one that is longer than a block
//! nothing is kept but the `request` of an entry while it is read, and nothing is parsed but those
//! that speak of the API. One of these makes the buffer grow to its length; another one that is longer
//! than a block, and has not named the API by then, is let go.

mod splitter;

pub use splitter::{Event, Splitter};

use std::io;
use std::path::Path;

use crate::carrier::{Assume, Carrier, Skip, concerns_api};
use crate::files::read::{ReadSpare, read_some};
use crate::files::tally::Tally;
use crate::lint::{Input, Scratch, readable};
use crate::text::Before;

/// Bytes read at once. A recording that is no longer is checked whole, as any JSON is.
const BLOCK: usize = 1 << 19;

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// A recording being checked.
pub struct Entries<'s> {
    scratch: &'s mut Scratch,
    buffer: &'s mut Vec<u8>,
    splitter: Splitter,
    /// Where the part of the buffer begins that was not looked at yet.
    next: usize,
    /// Where the request begins that is being read.
    kept: Option<usize>,
    /// Whether that one is known to be for the API.
    ours: bool,
    place: Place,
    /// Where the list of entries begins.
    list: Option<Before>,
    /// Why it holds nothing, where it has no list of entries.
    unlisted: Skip,
    requests: u64,
    skip: Option<Skip>,
}

impl<'s> Entries<'s> {
    /// Uses memory that others used before.
    pub fn new(scratch: &'s mut Scratch, buffer: &'s mut Vec<u8>) -> Self {
        Self {
            scratch,
            buffer,
            splitter: Splitter::default(),
            next: 0,
            kept: None,
            ours: false,
            place: Place::default(),
            list: None,
            unlisted: Skip::NotRecognised,
            requests: 0,
            skip: None,
        }
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
        self.buffer.reserve(BLOCK);
        while self.buffer.len() < BLOCK {
            if read_some(source, self.buffer)? == 0 {
                tally.text(self.scratch, self.buffer, Carrier::Har, assume, || path.to_path_buf());
                return Ok(());
            }
        }
        self.next = self.place.skip_mark(self.buffer);
        if assume == Assume::Carrier {
            self.unlisted = Skip::NoArchive;
        }
        loop {
            self.block(path, tally);
            if self.buffer.capacity() - self.buffer.len() < BLOCK {
                self.buffer.reserve(BLOCK);
            }
            if read_some(source, self.buffer)? == 0 {
                self.end(path, tally);
                return Ok(());
            }
        }
    }

    /// Looks at what was read, and forgets what is done with.
    fn block(&mut self, path: &Path, tally: &mut Tally<'_, '_>) {
        while let Some(event) = self.splitter.next(self.buffer, &mut self.next) {
            match event {
                Event::ListOpened(at) => {
                    self.place.advance(self.buffer, at);
                    self.list.get_or_insert(self.place.before);
                }
                Event::RequestOpened(at) => self.kept = Some(at),
                Event::RequestClosed(end) => {
                    if let Some(start) = self.kept.take() {
                        self.request(start, end, path, tally);
                    }
                }
            }
        }
        if let Some(start) = self.kept
            && self.next - start > BLOCK
            && !self.ours
        {
            self.ours = concerns_api(&self.buffer[start..]);
            if !self.ours {
                self.kept = None;
            }
        }
        let done = self.kept.unwrap_or(self.next);
        self.place.advance(self.buffer, done);
        self.buffer.drain(..done);
        self.place.at -= done;
        self.next -= done;
        self.kept = self.kept.map(|kept| kept - done);
    }

    /// Checks a request, if it is for the API.
    fn request(&mut self, start: usize, end: usize, path: &Path, tally: &mut Tally<'_, '_>) {
        let bytes = &self.buffer[start..end];
        if !std::mem::take(&mut self.ours) && !concerns_api(bytes) {
            return;
        }
        if u32::try_from(bytes.len()).is_err() {
            self.skip = Some(Skip::TooLong);
            return;
        }
        let (text, invalid_utf8) = readable(bytes);
        let input = Input {
            text: &text,
            invalid_utf8: &invalid_utf8,
            carrier: Carrier::Har,
            assume: Assume::Nothing,
            // What matters to that rule is asked of each part of the request.
            may_hold_secret: Some(false),
            is_later_line: false,
        };
        self.place.advance(self.buffer, start);
        let before = self.place.before;
        let (requests, skip) = tally.check(&input, self.scratch, before, &|| path.to_path_buf());
        self.requests += requests;
        self.skip = skip.filter(|_| requests == 0).or(self.skip);
    }

    /// Ends a recording; tells of one that is cut off, where something in it was checked.
    fn end(mut self, path: &Path, tally: &mut Tally<'_, '_>) {
        let before = self.requests;
        if let Some(start) = self.kept {
            self.request(start, self.buffer.len(), path, tally);
        }
        let told = self.requests > before;
        if let Some(list) = self.list.filter(|_| self.splitter.is_open() && before > 0 && !told) {
            tally.faults("[", self.scratch, list, path);
        }
        let none = if self.list.is_some() { Skip::NoRequest } else { self.unlisted };
        tally.finish(self.requests, self.skip.or(Some(none)), || path.to_path_buf());
    }
}

/// Where in the file a place of the buffer is.
#[derive(Default)]
struct Place {
    /// The place, in the buffer.
    at: usize,
    /// The same, in the file.
    before: Before,
    /// Whether the byte before it ends a line and may be the first half of `\r\n`.
    after_return: bool,
}

impl Place {
    /// Steps over the byte-order mark, which no column counts.
    fn skip_mark(&mut self, buffer: &[u8]) -> usize {
        if buffer.starts_with(BYTE_ORDER_MARK) {
            self.at = BYTE_ORDER_MARK.len();
            self.before.bytes = self.at as u64;
        }
        self.at
    }

    /// Goes on to a later place of the buffer.
    fn advance(&mut self, buffer: &[u8], to: usize) {
        let mut bytes = &buffer[self.at.min(to)..to];
        self.before.bytes += bytes.len() as u64;
        self.at = self.at.max(to);
        if self.after_return && !bytes.is_empty() {
            self.after_return = false;
            bytes = bytes.strip_prefix(b"\n").unwrap_or(bytes);
        }
        if let Some(last) = memchr::memrchr2(b'\n', b'\r', bytes) {
            self.before.lines += line_ends(bytes);
            self.before.columns = 0;
            self.after_return = last + 1 == bytes.len() && bytes[last] == b'\r';
            bytes = &bytes[last + 1..];
        }
        self.before.columns += characters(bytes);
    }
}

/// How many lines end in some bytes: by `\n`, `\r\n` or a lone `\r`.
fn line_ends(bytes: &[u8]) -> u64 {
    let feeds = memchr::memchr_iter(b'\n', bytes).count();
    let lone = memchr::memchr_iter(b'\r', bytes).filter(|at| bytes.get(at + 1) != Some(&b'\n')).count();
    (feeds + lone) as u64
}

/// How many characters begin in some bytes.
fn characters(bytes: &[u8]) -> u64 {
    // Sums of a byte each are added up many at once.
    let blocks = bytes.chunks(usize::from(u8::MAX));
    blocks.map(|block| u64::from(block.iter().map(|byte| u8::from(byte & 0xC0 != 0x80)).sum::<u8>())).sum()
}

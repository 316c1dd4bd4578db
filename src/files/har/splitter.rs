//! Finds the requests in a recording as it comes, without a tree and without keeping any of it.

use fearless_simd::{Level, Simd, dispatch};

use crate::text::vector;

/// Where something begins or ends in the buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The bracket that opens `log.entries`.
    ListOpened(usize),
    /// The brace that opens an entry's `request`.
    RequestOpened(usize),
    /// The offset after the brace that closes it.
    RequestClosed(usize),
}

/// Reads blocks of JSON, and says where the requests in them are.
///
/// What it takes for JSON it does not check: text that is none is passed over in some way, and what
/// is cut out of it is parsed with care elsewhere.
#[derive(Debug, Default)]
pub struct Splitter {
    place: Place,
    state: State,
    /// The name that the next value has.
    name: Name,
    /// Whether a colon was met since that.
    valued: bool,
    skip: Skipping,
}

/// The container whose members or items are being read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    #[default]
    File,
    Root,
    Log,
    Entries,
    Entry,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    /// Between two tokens.
    #[default]
    Between,
    /// In a string: what was read of it as long as it may be a name that matters.
    Text(Word),
    /// In a container of no interest.
    Value,
    /// In a request.
    Request,
}

/// The names that matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Name {
    #[default]
    Other,
    Log,
    Entries,
    Request,
}

/// The first bytes of a string.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Word {
    bytes: [u8; LONGEST],
    /// How long the string is so far, or longer than any name.
    len: usize,
    escaped: bool,
}

/// One more than the longest name has bytes.
const LONGEST: usize = 8;

impl Word {
    fn push(&mut self, bytes: &[u8]) {
        for byte in bytes.iter().take(LONGEST - self.len) {
            self.bytes[self.len] = *byte;
            self.len += 1;
        }
    }

    fn name(&self) -> Name {
        match &self.bytes[..self.len] {
            b"log" => Name::Log,
            b"entries" => Name::Entries,
            b"request" => Name::Request,
            _ => Name::Other,
        }
    }
}

impl Splitter {
    /// Goes on from `at` to the next event, or to the end of the buffer.
    pub fn next(&mut self, buffer: &[u8], at: &mut usize) -> Option<Event> {
        while *at < buffer.len() {
            let event = match self.state {
                State::Between => self.between(buffer, at),
                State::Text(word) => {
                    self.text(word, buffer, at);
                    None
                }
                State::Value | State::Request => {
                    let ended = self.skip.run(buffer, at);
                    let is_request = self.state == State::Request;
                    if ended {
                        self.state = State::Between;
                    }
                    (ended && is_request).then_some(Event::RequestClosed(*at))
                }
            };
            if event.is_some() {
                return event;
            }
        }
        None
    }

    /// Whether a bracket is open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.place != Place::File || self.state != State::Between
    }

    /// Reads one byte between two tokens.
    fn between(&mut self, buffer: &[u8], at: &mut usize) -> Option<Event> {
        let here = *at;
        *at += 1;
        match buffer[here] {
            b'"' => self.state = State::Text(Word::default()),
            b':' => self.valued = true,
            b',' => (self.name, self.valued) = (Name::Other, false),
            open @ (b'{' | b'[') => {
                let name = if self.valued { self.name } else { Name::Other };
                (self.name, self.valued) = (Name::Other, false);
                return self.open(open, name, here);
            }
            b'}' | b']' => {
                (self.name, self.valued) = (Name::Other, false);
                self.place = match self.place {
                    Place::File | Place::Root => Place::File,
                    Place::Log => Place::Root,
                    Place::Entries => Place::Log,
                    Place::Entry => Place::Entries,
                };
            }
            _ => {}
        }
        None
    }

    fn open(&mut self, bracket: u8, name: Name, here: usize) -> Option<Event> {
        let inner = match (self.place, bracket, name) {
            (Place::File, b'{', _) => Place::Root,
            (Place::Root, b'{', Name::Log) => Place::Log,
            (Place::Log, b'[', Name::Entries) => {
                self.place = Place::Entries;
                return Some(Event::ListOpened(here));
            }
            (Place::Entries, b'{', _) => Place::Entry,
            (place, _, _) => {
                self.skip = Skipping { depth: 1, ..Skipping::default() };
                let is_request = (place, bracket, name) == (Place::Entry, b'{', Name::Request);
                self.state = if is_request { State::Request } else { State::Value };
                return is_request.then_some(Event::RequestOpened(here));
            }
        };
        self.place = inner;
        None
    }

    /// Reads a string on to its end.
    fn text(&mut self, mut word: Word, buffer: &[u8], at: &mut usize) {
        if word.escaped {
            word.escaped = false;
            word.push(&buffer[*at..=*at]);
            *at += 1;
        }
        let rest = &buffer[*at..];
        let Some(end) = memchr::memchr2(b'"', b'\\', rest) else {
            word.push(rest);
            *at = buffer.len();
            self.state = State::Text(word);
            return;
        };
        word.push(&rest[..end]);
        *at += end + 1;
        if rest[end] == b'\\' {
            // No name that matters is written with an escape.
            word = Word { len: LONGEST, escaped: true, ..word };
            self.state = State::Text(word);
            return;
        }
        self.state = State::Between;
        if !self.valued {
            self.name = word.name();
        }
    }
}

/// A container that is passed over.
#[derive(Clone, Copy, Debug, Default)]
struct Skipping {
    /// Brackets that are open.
    depth: u32,
    in_text: bool,
    /// Whether the byte before was a backslash that begins an escape.
    escaped: bool,
}

impl Skipping {
    /// Goes on from `at` until the container ends, which it says, or the buffer does.
    fn run(&mut self, buffer: &[u8], at: &mut usize) -> bool {
        dispatch!(Level::new(), simd => self.run_with(simd, buffer, at))
    }

    /// The same, to be inlined into what is compiled for a processor.
    #[inline(always)]
    fn run_with<S: Simd>(&mut self, simd: S, buffer: &[u8], at: &mut usize) -> bool {
        while let Some(chunk) = buffer.get(*at..).and_then(<[u8]>::first_chunk::<64>) {
            if let Some(end) = self.chunk(simd, chunk) {
                *at += end;
                return true;
            }
            *at += 64;
        }
        while let Some(&byte) = buffer.get(*at) {
            *at += 1;
            if self.byte(byte) {
                return true;
            }
        }
        false
    }

    fn byte(&mut self, byte: u8) -> bool {
        if std::mem::take(&mut self.escaped) {
            return false;
        }
        match byte {
            b'\\' => self.escaped = true,
            b'"' => self.in_text = !self.in_text,
            b'{' | b'[' if !self.in_text => self.depth += 1,
            b'}' | b']' if !self.in_text => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        self.depth == 0
    }

    /// Passes over 64 bytes; where the container ends in them, says after how many.
    #[inline(always)]
    fn chunk<S: Simd>(&mut self, simd: S, chunk: &[u8; 64]) -> Option<usize> {
        let masks = vector::Brackets::of(simd, chunk);
        if self.in_text && masks.quotes | masks.backslashes == 0 {
            self.escaped = false;
            return None;
        }
        let quotes = masks.quotes & !self.escapes(masks.backslashes);
        let mut inside = prefix_xor(quotes);
        if self.in_text {
            inside = !inside;
        }
        self.in_text = inside >> 63 == 1;
        let (opens, closes) = (masks.opens() & !inside, masks.closes() & !inside);
        if closes.count_ones() < self.depth {
            self.depth = self.depth + opens.count_ones() - closes.count_ones();
            return None;
        }
        let mut left = closes;
        while left != 0 {
            let here = left.trailing_zeros();
            left &= left - 1;
            let up_to = u64::MAX >> (63 - here);
            let depth = self.depth + (opens & up_to).count_ones();
            if depth == (closes & up_to).count_ones() {
                return Some(here as usize + 1);
            }
        }
        self.depth = self.depth + opens.count_ones() - closes.count_ones();
        None
    }

    /// The bytes that a backslash before them makes part of an escape.
    #[inline]
    fn escapes(&mut self, backslashes: u64) -> u64 {
        /// Every second bit, from the second on.
        const ODD: u64 = 0xAAAA_AAAA_AAAA_AAAA;
        let before = u64::from(self.escaped);
        if backslashes == 0 {
            self.escaped = false;
            return before;
        }
        // In a run of backslashes every second one begins an escape. A subtraction carries through a
        // run to the byte after it, and tells by its parity which they are.
        let starts = backslashes & !before;
        let ends = (starts << 1 | ODD).wrapping_sub(starts) ^ ODD;
        self.escaped = (ends & backslashes) >> 63 == 1;
        ends ^ (backslashes | before)
    }
}

/// For each bit, whether the number of bits up to it is odd.
#[inline]
const fn prefix_xor(mut bits: u64) -> u64 {
    bits ^= bits << 1;
    bits ^= bits << 2;
    bits ^= bits << 4;
    bits ^= bits << 8;
    bits ^= bits << 16;
    bits ^= bits << 32;
    bits
}

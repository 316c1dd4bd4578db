//! Keys that clash: written twice in one object, or differing only in case.

use std::collections::HashMap;

use crate::json::document::{Document, Flags, Kind, Node, Value};

/// Two keys of one object that are the same, or would be but for case.
#[derive(Clone, Copy, Debug)]
pub struct Clash<'a> {
    /// The one that stands first.
    pub first: Value<'a>,
    /// The one that stands later.
    pub second: Value<'a>,
    /// Whether they are equal as written, and not only without case.
    pub exact: bool,
}

/// What a look at all keys of a document shows.
#[derive(Clone, Copy, Debug, Default)]
pub struct KeySurvey {
    /// Two keys of one object may clash: ask [`clashes`].
    pub clash: bool,
    /// A key may hold a dot.
    pub dot: bool,
}

/// Hash slots, used again from one document to the next.
#[derive(Default)]
pub struct KeyTable {
    /// Bits of the hashes that do not say where in the table they stand; 0 where there is none.
    slots: Vec<u32>,
}

/// Keys of one object that are counted before room is made for them.
const FEW: usize = 64;
/// Slots that are tried for one key. More are needed only where the hashes were made to collide: then
/// the table gives up, and the thorough look decides.
const TRIES: usize = 4096;

/// What a look at the keys of one object shows.
struct Seen {
    /// Two of them may clash.
    clash: bool,
    /// A high bit is set where a byte of theirs is a dot.
    dots: u64,
}

impl KeyTable {
    /// Looks at every key once. Never misses a clash; now and then sees one that is none.
    pub fn survey(&mut self, document: &Document<'_>) -> KeySurvey {
        let mut seen = Seen { clash: false, dots: 0 };
        let nodes = document.nodes();
        // Room is made for half as many keys as an object has nodes, as a flat one has. Where objects
        // nest deeply that sums up to too much: then keys are counted first.
        let mut room = nodes.len() * 4 + 1024;
        let mut at = 0;
        while let Some(node) = nodes.get(at) {
            at += 1;
            if node.kind != Kind::Object {
                continue;
            }
            let (first, end) = (at, node.next as usize);
            let mut most = (end - first) / 2;
            if most == 0 {
                continue;
            }
            room = room.saturating_sub(most);
            if node.flags.has(Flags::PLAIN) {
                // Each of its members is two nodes.
                self.make_room(most);
                self.keys(document, (first..end).step_by(2), &mut seen);
                at = end;
                continue;
            }
            if most > FEW {
                let limit = if room == 0 { usize::MAX } else { FEW + 1 };
                let count = count_keys(nodes, first, end, limit);
                most = if count < limit { count } else { most };
            }
            self.make_room(most);
            self.keys(document, Keys { nodes: &nodes[..end], at: first }, &mut seen);
        }
        KeySurvey { clash: seen.clash, dot: seen.dots & HIGH != 0 }
    }

    fn make_room(&mut self, keys: usize) {
        // A small table is cleared sooner than a key is sent on to another slot. One slot at least stays
        // empty.
        let size = if keys > FEW { keys * 5 / 4 } else { keys * 4 }.next_power_of_two();
        self.slots.clear();
        self.slots.resize(size, 0);
    }

    /// Looks at the keys of one object.
    #[inline(always)]
    fn keys(&mut self, document: &Document<'_>, keys: impl Iterator<Item = usize>, seen: &mut Seen) {
        let (bytes, nodes) = (document.text().as_bytes(), document.nodes());
        let slots = self.slots.as_mut_slice();
        let Seen { mut clash, mut dots } = *seen;
        for at in keys {
            let key = &nodes[at];
            let mut hash = None;
            if key.flags == Flags::default() {
                hash = fold_hash(bytes, key.start as usize + 1, key.end as usize - 1, &mut dots);
            }
            let hash = hash.unwrap_or_else(|| lowercase_hash(document, at, &mut dots));
            clash = clash || insert(slots, hash);
        }
        *seen = Seen { clash, dots };
    }
}

/// The keys of an object whose members may hold others.
struct Keys<'n> {
    /// The nodes, up to the end of the object.
    nodes: &'n [Node],
    at: usize,
}

impl Iterator for Keys<'_> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        let key = self.at;
        self.at = self.nodes.get(key)?.next as usize;
        Some(key)
    }
}

/// Adds a hash to the slots; whether it was there.
#[inline]
fn insert(slots: &mut [u32], hash: u64) -> bool {
    let tag = narrow_hash(hash >> 32) | 1;
    let mask = slots.len() - 1;
    let mut slot = narrow_hash(hash) as usize & mask;
    for _ in 0..TRIES {
        match slots[slot] {
            0 => {
                slots[slot] = tag;
                return false;
            }
            there if there == tag => return true,
            _ => slot = (slot + 1) & mask,
        }
    }
    true
}

/// The lower half of a hash.
#[expect(clippy::cast_possible_truncation, reason = "half of it is what is wanted")]
const fn narrow_hash(hash: u64) -> u32 {
    hash as u32
}

/// The number of keys from one on, as far as a limit.
fn count_keys(nodes: &[Node], first: usize, end: usize, limit: usize) -> usize {
    let (mut count, mut at) = (0, first);
    while at < end && count < limit {
        count += 1;
        at = nodes[at].next as usize;
    }
    count
}

/// The hash of a key that is not plain: with escapes, without quotes, or in any script.
#[cold]
fn lowercase_hash(document: &Document<'_>, at: usize, dots: &mut u64) -> u64 {
    let text = Value::at(document, narrow(at)).as_str().unwrap_or_default().to_lowercase();
    *dots |= if text.contains('.') { HIGH } else { 0 };
    hash_of(text.as_bytes(), || padded(text.as_bytes())).0
}

/// The highest bit of each byte.
const HIGH: u64 = 0x8080_8080_8080_8080;

/// A hash of the bytes of a range that is the same for two texts that differ only in ASCII case; none if
/// they are not ASCII. Where a byte is a dot, its highest bit is set in `dots`.
#[inline]
fn fold_hash(bytes: &[u8], start: usize, end: usize, dots: &mut u64) -> Option<u64> {
    let text = &bytes[start..end];
    // Whatever stands after the text is read with it, and left out.
    let short = || match bytes[start..].first_chunk() {
        Some(chunk) => u128::from_le_bytes(*chunk) & KEPT[text.len()],
        None => padded(text),
    };
    let (hash, letters, seen) = hash_of(text, short);
    if letters & HIGH != 0 {
        return None;
    }
    *dots |= seen;
    Some(hash)
}

const SEED: u64 = 0x9E37_79B9_7F4A_7C15;
const OTHER_SEED: u64 = 0xD1B5_4A32_D192_ED03;

/// The longest text that is hashed in one step.
const SHORT: usize = 16;

/// For each length of a short text, the bits of its bytes.
const KEPT: [u128; SHORT + 1] = {
    let mut kept = [0; SHORT + 1];
    let mut len = 1;
    while len <= SHORT {
        kept[len] = u128::MAX >> (8 * (SHORT - len));
        len += 1;
    }
    kept
};

/// The hash of a text, its bytes laid over each other, and where they are dots. A short text is asked
/// for as one number.
#[inline]
fn hash_of(text: &[u8], short: impl FnOnce() -> u128) -> (u64, u64, u64) {
    let seed = SEED ^ text.len() as u64;
    if text.len() > SHORT {
        return long_hash(text, seed);
    }
    let (one, other) = halves(short());
    mix(seed, one, other)
}

/// A short text as one number.
#[cold]
fn padded(text: &[u8]) -> u128 {
    text.iter().rev().fold(0, |number, byte| number << 8 | u128::from(*byte))
}

/// The same for more than two words: sixteen bytes at a time, then the last sixteen.
#[inline(never)]
fn long_hash(text: &[u8], seed: u64) -> (u64, u64, u64) {
    let mut sum = (seed, 0, 0);
    let last = text.len().saturating_sub(16);
    for start in (0..last).step_by(16).chain([last]) {
        let Some(chunk) = text[start..].first_chunk() else { break };
        let (one, other) = halves(u128::from_le_bytes(*chunk));
        let (hash, letters, dots) = mix(sum.0, one, other);
        sum = (hash, sum.1 | letters, sum.2 | dots);
    }
    sum
}

/// Adds two words to a hash; also those words laid over each other, and their dots.
#[inline]
fn mix(hash: u64, one: u64, other: u64) -> (u64, u64, u64) {
    const CASE: u64 = 0x2020_2020_2020_2020;
    const DOTS: u64 = 0x2E2E_2E2E_2E2E_2E2E;
    const LOW: u64 = 0x0101_0101_0101_0101;
    // Where there is none the highest bits stay clear, as those of the bytes are.
    let dots = |word: u64| (word ^ DOTS).wrapping_sub(LOW);
    let hash = fold((one | CASE) ^ hash, (other | CASE) ^ OTHER_SEED);
    (hash, one | other, dots(one) | dots(other))
}

/// Two numbers made one, each bit of which depends on all of theirs.
#[inline]
const fn fold(one: u64, other: u64) -> u64 {
    let (low, high) = halves(one as u128 * other as u128);
    low ^ high
}

#[expect(clippy::cast_possible_truncation, reason = "halves are what is wanted")]
const fn halves(number: u128) -> (u64, u64) {
    (number as u64, (number >> 64) as u64)
}

/// Every clash of a document, each later key against the earliest it clashes with.
#[must_use]
pub fn clashes<'a>(document: &'a Document<'a>) -> Vec<Clash<'a>> {
    (0..document.nodes().len()).flat_map(|index| clashes_in(Value::at(document, narrow(index)))).collect()
}

/// Every clash of an object's own keys; none of any other node.
#[must_use]
pub fn clashes_in(object: Value<'_>) -> Vec<Clash<'_>> {
    let mut found = Vec::new();
    let mut same = HashMap::new();
    let mut alike = HashMap::new();
    for (key, _) in object.members() {
        if key.kind() != Kind::Key {
            continue;
        }
        let name = key.as_str().unwrap_or_default();
        let folded = name.to_lowercase();
        if let Some(first) = same.get(&name) {
            found.push(Clash { first: *first, second: key, exact: true });
            continue;
        }
        same.insert(name, key);
        if let Some(first) = alike.get(&folded) {
            found.push(Clash { first: *first, second: key, exact: false });
        } else {
            alike.insert(folded, key);
        }
    }
    found
}

fn narrow(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

//! Keys that clash: written twice in one object, or differing only in case.

use std::collections::HashMap;

use crate::json::document::{Document, Flags, Kind, Value};
use crate::json::scan;

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
    slots: Vec<u64>,
}

impl KeyTable {
    /// Looks at every key once. Never misses a clash; now and then sees one that is none.
    pub fn survey(&mut self, document: &Document<'_>) -> KeySurvey {
        const MANY: usize = 64;
        let mut survey = KeySurvey::default();
        let nodes = document.nodes();
        let bytes = document.text().as_bytes();
        for (index, node) in nodes.iter().enumerate() {
            if node.kind != Kind::Object {
                continue;
            }
            let first = index + 1;
            let end = node.next as usize;
            let mut most = (end - first) / 2;
            if most == 0 {
                continue;
            }
            if most > MANY {
                // What members hold must not count for each object around it.
                most = std::iter::successors(Some(first), |at| Some(nodes.get(*at)?.next as usize))
                    .take_while(|at| *at < end)
                    .count();
            }
            let size = (most * 5 / 4 + 4).next_power_of_two();
            self.slots.clear();
            self.slots.resize(size, 0);
            let mut at = first;
            while at < end {
                let key = &nodes[at];
                let hash = if key.flags == Flags::default() {
                    let text = &bytes[key.start as usize + 1..key.end as usize - 1];
                    fold_hash(text, &mut survey.dot)
                } else {
                    let text = Value::at(document, narrow(at)).as_str().unwrap_or_default();
                    fold_hash(text.as_bytes(), &mut survey.dot)
                };
                survey.clash |= self.insert(hash);
                at = key.next as usize;
            }
        }
        survey
    }

    /// Adds a hash; whether it was there.
    #[inline]
    fn insert(&mut self, hash: u64) -> bool {
        let hash = hash | 1;
        let mask = self.slots.len() - 1;
        // The high bits of a product are the well-mixed ones.
        let mut slot = usize::try_from(hash >> 32).unwrap_or(0) & mask;
        loop {
            match self.slots[slot] {
                0 => {
                    self.slots[slot] = hash;
                    return false;
                }
                there if there == hash => return true,
                _ => slot = (slot + 1) & mask,
            }
        }
    }
}

/// A hash that is the same for two texts that differ only in ASCII case.
#[inline]
fn fold_hash(text: &[u8], dot: &mut bool) -> u64 {
    const SEED: u64 = 0x9E37_79B9_7F4A_7C15;
    const CASE: u64 = 0x2020_2020_2020_2020;
    const DOTS: u64 = 0x2E2E_2E2E_2E2E_2E2E;
    let mut hash = text.len() as u64;
    let mut mix = |word: u64| {
        let dots = word ^ DOTS;
        *dot |= dots.wrapping_sub(0x0101_0101_0101_0101) & !dots & 0x8080_8080_8080_8080 != 0;
        hash = (hash.rotate_left(23) ^ (word | CASE)).wrapping_mul(SEED);
    };
    let mut at = 0;
    while let Some(word) = scan::word(text, at) {
        mix(word);
        at += 8;
    }
    if at < text.len() {
        if let Some(start) = text.len().checked_sub(8)
            && let Some(word) = scan::word(text, start)
        {
            mix(word);
        } else {
            let mut tail = [0; 8];
            tail[..text.len()].copy_from_slice(text);
            mix(u64::from_le_bytes(tail));
        }
    }
    hash ^ (hash >> 29)
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

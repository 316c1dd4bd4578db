//! The real operation that a request for one that does not exist most likely meant.
//!
//! The distance is that of the steps which lead from the written path to the real one, each of a
//! cost that can be named, plus what speaks against the operation: another method, a body that
//! does not fit. The steps are the explanation.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::LazyLock;

use crate::api::url::{Endpoint, Part};
use crate::api::{Method, OPERATIONS, Operation, Segment, Status, edit_distance, is_uuid, words};

/// The operation found, and how the written path differs from its own.
#[derive(Clone, Debug)]
pub struct Nearest {
    /// The operation.
    pub operation: &'static Operation,
    /// The differences, from left to right.
    pub steps: Vec<Step>,
    /// Their sum, in hundredths of a segment.
    pub distance: u32,
    /// Whether no other operation is as near.
    pub alone: bool,
}

/// One difference between a written path and a real one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A segment is another: its index in the written path, and what stands there in the real one.
    Replace(usize, Segment),
    /// A segment is one too many: its index.
    Remove(usize),
    /// A segment is missing: the index in the written path before which it belongs.
    Insert(usize, Segment),
}

const INSERT_PARAMETER: u32 = 40;
const INSERT_LITERAL: u32 = 60;
const REMOVE_EMPTY: u32 = 20;
const REMOVE_SEGMENT: u32 = 80;
const REMOVE_KNOWN_WORD: u32 = 110;
const NAME_FOR_PARAMETER: u32 = 0;
const WORD_FOR_PARAMETER: u32 = 80;
const KNOWN_WORD_FOR_PARAMETER: u32 = 120;
const TEMPLATE_FOR_LITERAL: u32 = 70;
const ID_FOR_LITERAL: u32 = 150;
const WORD_FOR_LITERAL: u32 = 100;
const CHANNEL_FOR_LITERAL: u32 = 95;
const KNOWN_WORD_FOR_LITERAL: u32 = 130;
const OTHER_METHOD: u32 = 50;
const BODY_MISFIT: u32 = 150;
const BODY_MISSING: u32 = 40;
const NOT_OF_A_PARTICIPANT: u32 = 30;
const REMOVED: u32 = 200;
const DEPRECATED: u32 = 20;

/// Operations further away than this are not what was meant.
const TOO_FAR: u32 = 450;

/// Paths longer than this are not compared: no operation is near them.
const MOST_PARTS: usize = 24;

/// For each operation its segments: the index of a literal in [`words::literals`], or `None` for a
/// parameter. Words are compared once for each, and not for each operation.
static ROUTES: LazyLock<Vec<Vec<Option<usize>>>> = LazyLock::new(|| {
    let index = |segment: &Segment| match segment {
        Segment::Literal(literal) => words::literals().binary_search(literal).ok(),
        Segment::Parameter(_) => None,
    };
    OPERATIONS.iter().map(|operation| operation.segments.iter().map(index).collect()).collect()
});

/// The nearest operation to a request: its method, its path, and the names of its body's members,
/// where it has a body. `None` when nothing is near enough to be called meant.
#[must_use]
pub fn nearest(
    method: Option<Method>,
    endpoint: &Endpoint<'_>,
    members: Option<&[String]>,
) -> Option<Nearest> {
    thread_local! {
        /// The same mistake is often made on each line of a file.
        static KNOWN: RefCell<HashMap<String, Option<Nearest>>> = RefCell::default();
    }
    const MOST_KNOWN: usize = 256;
    const LONGEST_KEY: usize = 1024;
    if endpoint.parts.len() > MOST_PARTS {
        return None;
    }
    let key = key(method, &endpoint.parts, members);
    if key.len() > LONGEST_KEY {
        return search(method, endpoint, members);
    }
    KNOWN.with_borrow_mut(|known| {
        if known.len() > MOST_KNOWN {
            known.clear();
        }
        known.entry(key).or_insert_with(|| search(method, endpoint, members)).clone()
    })
}

/// All that the answer depends on: ids of one form are as good as each other.
fn key(method: Option<Method>, parts: &[Part<'_>], members: Option<&[String]>) -> String {
    let mut key = String::with_capacity(96);
    key.push_str(method.map_or("", Method::as_str));
    for part in parts {
        key.push('/');
        key.push_str(match part {
            Part { named_id: true, .. } => "{id}",
            Part { template: true, .. } => "{}",
            _ if reads_as_word(part) || part.text.is_empty() => part.text,
            _ => "0",
        });
    }
    for member in members.unwrap_or_default() {
        key.push('\n');
        key.push_str(member);
    }
    key.push_str(if members.is_some() { "\n" } else { "" });
    key
}

/// Whether a segment reads as a word, and not as an id.
fn reads_as_word(part: &Part<'_>) -> bool {
    let letter = |c: char| c.is_alphabetic() || matches!(c, '_' | '-');
    let is_word = |text: &str| !text.is_empty() && text.chars().all(letter) && !is_uuid(text);
    !part.template && (is_word(part.text) || words::has_tail(part.text))
}

fn search(method: Option<Method>, endpoint: &Endpoint<'_>, members: Option<&[String]>) -> Option<Nearest> {
    let mut written = Written::new(&endpoint.parts);
    let mut costs = Vec::new();
    let mut best: Option<(u32, usize)> = None;
    let mut alone = true;
    for (index, operation) in OPERATIONS.iter().enumerate() {
        let against = against(operation, method, members);
        let limit = best.map_or(TOO_FAR, |(distance, _)| distance);
        if against + least(endpoint.parts.len(), operation.segments.len()) > limit {
            continue;
        }
        let distance = against + written.align(&ROUTES[index], &mut costs);
        if distance < limit || (best.is_none() && distance == limit) {
            best = Some((distance, index));
            alone = true;
        } else if distance == limit {
            alone = false;
        }
    }
    let (distance, index) = best?;
    let operation = &OPERATIONS[index];
    written.align(&ROUTES[index], &mut costs);
    Some(Nearest {
        operation,
        steps: written.steps(operation.segments, &ROUTES[index], &costs),
        distance,
        alone,
    })
}

/// What a path costs at least, by the number of its segments.
fn least(written: usize, real: usize) -> u32 {
    if written > real {
        small(written - real) * REMOVE_EMPTY
    } else {
        small(real - written) * INSERT_PARAMETER
    }
}

/// The written segments, with the cost of each literal that one of them was compared with.
struct Written<'p> {
    parts: Vec<Word<'p>>,
    /// For each part and each literal; `u32::MAX` where they were not compared yet.
    table: Vec<u32>,
}

struct Word<'p> {
    part: Part<'p>,
    /// The literal of the catalogue that it is, if it is one.
    literal: Option<usize>,
    /// Whether it reads as a word, and not as an id.
    is_text: bool,
    /// The letters it has, one bit for each.
    letters: u32,
}

impl<'p> Written<'p> {
    fn new(parts: &[Part<'p>]) -> Self {
        let parts: Vec<_> = parts.iter().map(|part| Word::new(*part)).collect();
        let table = vec![u32::MAX; parts.len() * words::literals().len()];
        Self { parts, table }
    }

    /// The cost of a written segment where another stands in the real path.
    fn replace(&mut self, row: usize, segment: Option<usize>) -> u32 {
        let Some(literal) = segment else { return self.parts[row].for_parameter() };
        let at = row * words::literals().len() + literal;
        if self.table[at] == u32::MAX {
            self.table[at] = self.parts[row].for_literal(literal);
        }
        self.table[at]
    }

    /// The cost of the cheapest way from a written path to a real one; leaves the table of all costs.
    fn align(&mut self, segments: &[Option<usize>], costs: &mut Vec<u32>) -> u32 {
        let width = segments.len() + 1;
        costs.clear();
        costs.push(0);
        for column in 1..width {
            costs.push(costs[column - 1] + insert(segments[column - 1]));
        }
        for row in 1..=self.parts.len() {
            let above = (row - 1) * width;
            let remove = self.parts[row - 1].remove();
            costs.push(costs[above] + remove);
            for column in 1..width {
                let segment = segments[column - 1];
                let best = (costs[above + column] + remove)
                    .min(costs[above + width + column - 1] + insert(segment))
                    .min(costs[above + column - 1] + self.replace(row - 1, segment));
                costs.push(best);
            }
        }
        costs.last().copied().unwrap_or(0)
    }

    /// Walks the table of costs back.
    fn steps(&mut self, segments: &[Segment], route: &[Option<usize>], costs: &[u32]) -> Vec<Step> {
        let width = segments.len() + 1;
        let (mut row, mut column) = (self.parts.len(), segments.len());
        let mut steps = Vec::new();
        while row > 0 || column > 0 {
            let here = costs[row * width + column];
            let is_missing =
                column > 0 && costs[row * width + column - 1] + insert(route[column - 1]) == here;
            if row > 0 && column > 0 {
                let cost = self.replace(row - 1, route[column - 1]);
                let fits = costs[(row - 1) * width + column - 1] + cost == here;
                // Of two parameters that an id may stand for, the first is more likely given.
                let is_of_first = is_missing && cost == 0 && route[column - 1].is_none();
                if fits && !is_of_first {
                    row -= 1;
                    column -= 1;
                    if cost > 0 {
                        steps.push(Step::Replace(row, segments[column]));
                    }
                    continue;
                }
            }
            if is_missing {
                column -= 1;
                steps.push(Step::Insert(row, segments[column]));
            } else {
                row -= 1;
                steps.push(Step::Remove(row));
            }
        }
        steps.reverse();
        steps
    }
}

impl<'p> Word<'p> {
    fn new(part: Part<'p>) -> Self {
        let is_text = reads_as_word(&part);
        let literal = words::literal(part.text).filter(|_| words::channel(part.text).is_none());
        Self { part, literal, is_text, letters: letters(part.text) }
    }

    const fn remove(&self) -> u32 {
        if self.part.text.is_empty() {
            REMOVE_EMPTY
        } else if self.literal.is_some() {
            REMOVE_KNOWN_WORD
        } else {
            REMOVE_SEGMENT
        }
    }

    fn for_parameter(&self) -> u32 {
        if self.part.template || !self.is_text {
            0
        } else if self.literal.is_some() {
            KNOWN_WORD_FOR_PARAMETER
        } else if self.part.text.contains(|c: char| c.is_uppercase() || matches!(c, '_' | '-')) {
            // `YOUR_CALL_ID`, `conversation-id`: no segment of the API is written so.
            NAME_FOR_PARAMETER
        } else {
            WORD_FOR_PARAMETER
        }
    }

    fn for_literal(&self, index: usize) -> u32 {
        let literal = words::literals()[index];
        let text = self.part.text;
        if text == literal {
            return 0;
        }
        if self.part.template {
            return if self.part.named_id { ID_FOR_LITERAL } else { TEMPLATE_FOR_LITERAL };
        }
        if !self.is_text {
            return ID_FOR_LITERAL;
        }
        if let Some(cost) = self.typo(literal) {
            return cost;
        }
        if words::channel(text) == Some(literal) {
            CHANNEL_FOR_LITERAL
        } else if self.literal.is_some() {
            KNOWN_WORD_FOR_LITERAL
        } else {
            WORD_FOR_LITERAL
        }
    }

    /// The cost of a literal that is spelled wrongly here: at most a third of its letters.
    fn typo(&self, literal: &str) -> Option<u32> {
        let text = self.part.text;
        let len = text.chars().count();
        let longest = len.max(literal.len());
        // Most words are ruled out by their lengths and the letters that only one of them has.
        let strange = self.letters ^ letters(literal);
        let least = len.abs_diff(literal.len()).max(strange.count_ones().div_ceil(2) as usize);
        if least * 3 > longest {
            return None;
        }
        let distance = edit_distance(text, literal);
        (distance * 3 <= longest).then(|| (small(distance) * 150 / small(longest.max(1))).clamp(10, 50))
    }
}

/// The letters of a word, one bit for each, whatever their case.
fn letters(word: &str) -> u32 {
    word.bytes().filter(u8::is_ascii_alphabetic).fold(0, |set, byte| set | 1 << ((byte | 32) - b'a'))
}

/// What speaks against an operation, besides its path.
fn against(operation: &Operation, method: Option<Method>, members: Option<&[String]>) -> u32 {
    let mut cost = 0;
    if method.is_some_and(|method| method != operation.method) {
        cost += OTHER_METHOD;
    }
    cost += match (members, operation.body) {
        (Some(members), Some(body)) if !members.is_empty() => {
            let known = body.model.map_or(&[][..], |model| model.properties);
            let strange = members.iter().filter(|name| !known.contains(&name.as_str())).count();
            BODY_MISFIT * small(strange) / small(members.len())
        }
        (Some(members), None) if !members.is_empty() => BODY_MISFIT,
        (None, Some(_)) if operation.body_required => BODY_MISSING,
        _ => 0,
    };
    if !operation.participant_level {
        cost += NOT_OF_A_PARTICIPANT;
    }
    cost + match operation.status {
        Status::Removed => REMOVED,
        Status::Deprecated => DEPRECATED,
        Status::Current | Status::Preview => 0,
    }
}

const fn insert(segment: Option<usize>) -> u32 {
    match segment {
        Some(_) => INSERT_LITERAL,
        None => INSERT_PARAMETER,
    }
}

fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

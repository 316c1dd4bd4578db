//! The real operation that a request for one that does not exist most likely meant.
//!
//! The distance is that of the steps which lead from the written path to the real one, each of a
//! cost that can be named, plus what speaks against the operation: another method, a body that
//! does not fit. The steps are the explanation.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::api::url::{Endpoint, Part};
use crate::api::{Method, OPERATIONS, Operation, Segment, Status, edit_distance};

/// The operation found, and how the written path differs from its own.
#[derive(Clone, Debug)]
pub struct Nearest {
    /// The operation.
    pub operation: &'static Operation,
    /// The differences, from left to right.
    pub steps: Vec<Step>,
    /// Their sum, in hundredths of a segment.
    pub distance: u32,
}

/// One difference between a written path and a real one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A segment is another: its index in the written path, and what stands there in the real one.
    Replace(usize, &'static str),
    /// A segment is one too many: its index.
    Remove(usize),
    /// A segment is missing.
    Insert(Segment),
}

const INSERT_PARAMETER: u32 = 40;
const INSERT_LITERAL: u32 = 60;
const REMOVE_SEGMENT: u32 = 80;
const REMOVE_KNOWN_WORD: u32 = 110;
const WORD_FOR_PARAMETER: u32 = 80;
const KNOWN_WORD_FOR_PARAMETER: u32 = 120;
const TEMPLATE_FOR_LITERAL: u32 = 70;
const OTHER_METHOD: u32 = 50;
const BODY_MISFIT: u32 = 150;
const BODY_MISSING: u32 = 40;
const NOT_OF_A_PARTICIPANT: u32 = 30;
const REMOVED: u32 = 200;
const DEPRECATED: u32 = 20;

/// The nearest operation to a request: its method, its path, and the names of its body's members,
/// where it has a body. `None` when nothing is near enough to be called meant.
#[must_use]
pub fn nearest(method: Option<Method>, endpoint: &Endpoint, members: Option<&[String]>) -> Option<Nearest> {
    const TOO_FAR: u32 = 450;
    let written: Vec<_> = endpoint.parts.iter().map(Written::new).collect();
    let mut costs = Vec::new();
    let best = OPERATIONS
        .iter()
        .min_by_key(|operation| {
            align(&written, operation.segments, &mut costs) + against(operation, method, members)
        })
        .map(|operation| {
            let path = align(&written, operation.segments, &mut costs);
            let steps = steps(&written, operation.segments, &costs);
            Nearest { operation, steps, distance: path + against(operation, method, members) }
        });
    best.filter(|nearest| nearest.distance <= TOO_FAR)
}

/// A written segment, with what is asked of it over and over.
struct Written<'p> {
    part: &'p Part,
    /// Whether it is a literal of some operation.
    known: bool,
    /// Whether it reads as a word, and not as an id.
    word: bool,
    /// The cost of each literal it was compared with in its place.
    costs: RefCell<HashMap<&'static str, u32>>,
}

impl<'p> Written<'p> {
    fn new(part: &'p Part) -> Self {
        let known = OPERATIONS
            .iter()
            .flat_map(|operation| operation.segments)
            .any(|segment| matches!(segment, Segment::Literal(literal) if *literal == part.text));
        let letter = |character: char| character.is_ascii_alphabetic() || character == '_';
        let word = !part.text.is_empty() && part.text.chars().all(letter);
        Self { part, known, word, costs: RefCell::default() }
    }

    const fn remove(&self) -> u32 {
        if self.known { REMOVE_KNOWN_WORD } else { REMOVE_SEGMENT }
    }

    fn replace(&self, segment: Segment) -> u32 {
        match segment {
            Segment::Literal(literal) if self.part.text == literal => 0,
            Segment::Literal(_) if self.part.template => TEMPLATE_FOR_LITERAL,
            Segment::Literal(literal) => *self.costs.borrow_mut().entry(literal).or_insert_with(|| {
                let longest = self.part.text.chars().count().max(literal.len()).max(1);
                (small(edit_distance(&self.part.text, literal)) * 150 / small(longest)).clamp(10, 100)
            }),
            Segment::Parameter(_) if self.part.template => 0,
            Segment::Parameter(_) if self.known => KNOWN_WORD_FOR_PARAMETER,
            Segment::Parameter(_) if self.word => WORD_FOR_PARAMETER,
            Segment::Parameter(_) => 0,
        }
    }
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

/// The cost of the cheapest way from a written path to a real one; leaves the table of all costs.
fn align(parts: &[Written<'_>], segments: &[Segment], costs: &mut Vec<u32>) -> u32 {
    let width = segments.len() + 1;
    costs.clear();
    for row in 0..=parts.len() {
        for column in 0..width {
            let mut best = if row == 0 && column == 0 { 0 } else { u32::MAX };
            if row > 0 {
                best = best.min(costs[(row - 1) * width + column] + parts[row - 1].remove());
            }
            if column > 0 {
                best = best.min(costs[row * width + column - 1] + insert(segments[column - 1]));
            }
            if row > 0 && column > 0 {
                let before = costs[(row - 1) * width + column - 1];
                best = best.min(before + parts[row - 1].replace(segments[column - 1]));
            }
            costs.push(best);
        }
    }
    costs.last().copied().unwrap_or(0)
}

/// Walks the table of costs back.
fn steps(parts: &[Written<'_>], segments: &[Segment], costs: &[u32]) -> Vec<Step> {
    let width = segments.len() + 1;
    let (mut row, mut column) = (parts.len(), segments.len());
    let mut steps = Vec::new();
    while row > 0 || column > 0 {
        let here = costs[row * width + column];
        if row > 0 && column > 0 {
            let cost = parts[row - 1].replace(segments[column - 1]);
            if costs[(row - 1) * width + column - 1] + cost == here {
                row -= 1;
                column -= 1;
                if cost > 0 {
                    let name = match segments[column] {
                        Segment::Literal(name) | Segment::Parameter(name) => name,
                    };
                    steps.push(Step::Replace(row, name));
                }
                continue;
            }
        }
        if column > 0 && costs[row * width + column - 1] + insert(segments[column - 1]) == here {
            column -= 1;
            steps.push(Step::Insert(segments[column]));
        } else {
            row -= 1;
            steps.push(Step::Remove(row));
        }
    }
    steps.reverse();
    steps
}

const fn insert(segment: Segment) -> u32 {
    match segment {
        Segment::Literal(_) => INSERT_LITERAL,
        Segment::Parameter(_) => INSERT_PARAMETER,
    }
}

fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

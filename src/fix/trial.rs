//! Whether fixes do what they are to do, found out by applying them.

use std::collections::{HashMap, HashSet};

use crate::fix::shift::Shift;
use crate::fix::{Found, State, WATCHED, apply, digest};
use crate::text::Span;

/// What came of some fixes.
pub(super) struct Verdict {
    /// Those to be kept, and what they make of the text.
    pub(super) kept: Option<(Vec<usize>, State<'static>)>,
    /// Those that do no good, whatever else is applied.
    pub(super) refuse: Vec<usize>,
}

/// Looks at a text, as many as are left, and the texts that it was.
pub(super) struct Trials {
    left: usize,
    /// A text that comes again would come for ever.
    met: HashSet<u64>,
}

impl Trials {
    pub(super) fn new(most: usize, first: u64) -> Self {
        Self { left: most, met: HashSet::from([first]) }
    }

    pub(super) const fn are_used_up(&self) -> bool {
        self.left == 0
    }

    /// Finds out which of some fixes can be kept together: all, most of the time; else by halves.
    pub(super) fn settle(
        &mut self,
        state: &State<'_>,
        chosen: Vec<usize>,
        one_line: bool,
        mut look: impl FnMut(Vec<u8>) -> Option<State<'static>>,
    ) -> Verdict {
        let mut verdict = Verdict { kept: None, refuse: Vec::new() };
        let mut groups = vec![chosen];
        while let Some(mut group) = groups.pop() {
            if self.are_used_up() {
                break;
            }
            self.left -= 1;
            let kept = verdict.kept.as_ref().map_or(&[][..], |(kept, _)| kept);
            let mut together = [kept, &group].concat();
            together.sort_unstable();
            if let Some(next) = self.attempt(state, &together, one_line, &mut look) {
                verdict.kept = Some((together, next));
            } else if group.len() > 1 {
                let second = group.split_off(group.len() / 2);
                groups.extend([second, group]);
            } else if kept.is_empty() {
                verdict.refuse.append(&mut group);
            }
            // One that does not go together with others is tried alone in a round to come.
        }
        if let Some((_, next)) = &verdict.kept {
            self.met.insert(digest(&next.bytes));
        }
        verdict
    }

    /// What fixes make of a text, if each does what it is to do.
    fn attempt(
        &self,
        state: &State<'_>,
        fixes: &[usize],
        one_line: bool,
        look: &mut impl FnMut(Vec<u8>) -> Option<State<'static>>,
    ) -> Option<State<'static>> {
        let edits = state.edits(fixes);
        let bytes = apply(&state.bytes, &edits);
        let breaks_line = one_line && memchr::memchr(b'\n', &bytes).is_some();
        if breaks_line || self.met.contains(&digest(&bytes)) {
            return None;
        }
        let next = look(bytes)?;
        let recognised = next.requests >= state.requests && (next.skip.is_none() || next.skip == state.skip);
        let mended = |rule: &str| fixes.iter().filter(|fix| state.finding(**fix).0 == rule).count();
        let whole = WATCHED.iter().all(|rule| next.count(rule) + mended(rule) <= state.count(rule));
        (recognised && whole && are_gone(state, fixes, &next, &Shift::new(&edits))).then_some(next)
    }
}

/// Whether what fixes are for is no longer found: not where it was, nor in what was written there.
fn are_gone(state: &State<'_>, fixes: &[usize], next: &State<'_>, shift: &Shift<'_>) -> bool {
    let mended: HashSet<_> = fixes.iter().map(|fix| state.fixes[*fix].finding).collect();
    // What was found before and is not for these fixes may still be there.
    let mut known: HashMap<Found, usize> = HashMap::new();
    for (at, (rule, place)) in state.found.iter().enumerate() {
        if !mended.contains(&at) {
            *known.entry((rule, shift.inner(*place))).or_default() += 1;
        }
    }
    let mut new: HashMap<&str, New> = HashMap::new();
    for found in &next.found {
        match known.get_mut(found) {
            Some(count) if *count > 0 => *count -= 1,
            _ => new.entry(found.0).or_default().push(found.1),
        }
    }
    fixes.iter().all(|fix| {
        let (rule, place) = state.finding(*fix);
        new.get(rule).is_none_or(|new| !new.meet(shift.outer(place)))
    })
}

/// The places of findings that were not there before, in the order of the text.
#[derive(Default)]
struct New {
    places: Vec<Span>,
    longest: u32,
}

impl New {
    fn push(&mut self, place: Span) {
        self.places.push(place);
        self.longest = self.longest.max(place.len());
    }

    /// Whether one of them overlaps a place; an empty one, whether it touches it.
    fn meet(&self, place: Span) -> bool {
        let from = place.start.saturating_sub(self.longest);
        let first = self.places.partition_point(|other| other.start < from);
        self.places[first..].iter().take_while(|other| other.start <= place.end).any(|other| {
            if place.is_empty() || other.is_empty() {
                other.start <= place.end && place.start <= other.end
            } else {
                other.start < place.end && place.start < other.end
            }
        })
    }
}

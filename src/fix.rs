//! Mends texts, pure: chooses fixes, applies them and looks again, until there is none left.
//!
//! What a fix does is looked at before it is kept. One that does not make its finding go away, that
//! brings a fault of the text, or after which a request is no longer recognised, is taken back, and
//! tried again only where others have changed the text since.

mod shift;
mod trial;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::carrier::{Assume, Carrier, Skip};
use crate::diagnostic::{Applicability, Edit, Finding, Wants};
use crate::fix::shift::Shift;
use crate::fix::trial::{Trials, Verdict};
use crate::lint::{Input, Linted, Scratch, Settings, lint, readable};
use crate::text::Span;

/// Rounds of fixes at most: one is enough for most texts, and a fix that makes way for another takes
/// two or three.
pub const MOST_ROUNDS: usize = 50;

/// Looks at one text at most, to find out which of its fixes are not to be kept.
pub const MOST_TRIALS: usize = 500;

/// Rules that are asked of what a fix makes, even where their findings are not wanted: what they find
/// breaks the text.
const WATCHED: [&str; 2] = ["syntax-error", "duplicate-key"];

/// A text to be mended.
#[derive(Clone, Copy, Debug)]
pub struct Text<'t> {
    /// Its bytes, which need not be UTF-8.
    pub bytes: &'t [u8],
    /// Where requests are looked for in it.
    pub carrier: Carrier,
    /// What it may be taken for.
    pub assume: Assume,
    /// Whether it is one line of a file, and has to stay one. Its line end is no part of it.
    pub one_line: bool,
}

/// What came of mending a text.
#[derive(Clone, Debug)]
pub struct Fixed {
    /// The text as it is now; `None` where nothing was changed.
    pub bytes: Option<Vec<u8>>,
    /// What was done, in the order in which it was.
    pub done: Vec<Done>,
    /// The edits of each round, in the order of the text and in the coordinates of the text that the
    /// rounds before left.
    pub rounds: Vec<Vec<Edit>>,
    /// Whether it came to its end: `false` where [`MOST_ROUNDS`] were not enough, or where too many
    /// fixes had to be taken back.
    pub ended: bool,
    /// How many requests are in it.
    pub requests: usize,
    /// Why none, or not all, were looked at.
    pub skip: Option<Skip>,
}

impl Fixed {
    /// Nothing was changed, and nothing found.
    #[must_use]
    pub const fn nothing() -> Self {
        Self { bytes: None, done: Vec::new(), rounds: Vec::new(), ended: true, requests: 0, skip: None }
    }
}

/// A fix that was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// The rule whose finding it made go away.
    pub rule: &'static str,
    /// What it does, in the imperative.
    pub title: Cow<'static, str>,
}

/// Gives those findings of a text back that count.
pub type Judge<'j> = &'j dyn Fn(&Linted<'_>) -> Vec<Finding>;

/// Mends texts, in one way.
#[derive(Clone, Debug)]
pub struct Fixer {
    /// Those of the check, and the watched rules besides.
    settings: Settings,
    /// The rules whose fixes are applied.
    rules: HashSet<&'static str>,
    most: Applicability,
}

impl Fixer {
    /// Applies the fixes of the rules that are on: the safe ones, or, where `most` is
    /// [`Applicability::Unsafe`], all.
    #[must_use]
    pub fn new(settings: &Settings, most: Applicability) -> Self {
        let levels: HashMap<_, _> = settings.rules().map(|(rule, level)| (rule.id, level)).collect();
        let watched = |id| WATCHED.contains(&id);
        let mut settings = settings.clone().with_levels(|rule| {
            levels.get(rule.id).copied().or_else(|| watched(rule.id).then_some(rule.level))
        });
        settings.wants = Wants { help: false, fixes: true };
        Self { settings, rules: levels.into_keys().collect(), most }
    }

    /// Mends a text. A text of 4 GiB or more is left as it is.
    pub fn fix(&self, text: &Text<'_>, scratch: &mut Scratch) -> Fixed {
        self.fix_judged(text, scratch, None)
    }

    /// The same, of the findings that are left when someone has judged them: what is suppressed is not
    /// mended.
    pub fn fix_judged(&self, text: &Text<'_>, scratch: &mut Scratch, judge: Option<Judge<'_>>) -> Fixed {
        let mut fixed = Fixed::nothing();
        let Some(mut state) = self.look(text, Cow::Borrowed(text.bytes), scratch, judge) else {
            fixed.skip = Some(Skip::TooLong);
            return fixed;
        };
        // What does no good, and after how many rounds that was seen.
        let mut refused: HashMap<Found, usize> = HashMap::new();
        let mut trials = Trials::new(MOST_TRIALS, digest(text.bytes));
        loop {
            let chosen = state.choose(&refused);
            if chosen.is_empty() {
                let tried = refused.len();
                refused.retain(|_, round| *round == fixed.rounds.len());
                if refused.len() == tried {
                    break;
                }
                // The text is another since: what did no good then may now.
                continue;
            }
            if fixed.rounds.len() == MOST_ROUNDS || trials.are_used_up() {
                fixed.ended = false;
                break;
            }
            let look = |bytes| self.look(text, Cow::Owned(bytes), scratch, judge);
            let Verdict { kept, refuse } = trials.settle(&state, chosen, text.one_line, look);
            refused.extend(refuse.into_iter().map(|fix| (state.finding(fix), fixed.rounds.len())));
            if let Some((fixes, next)) = kept {
                let edits = state.edits(&fixes);
                let shift = Shift::new(&edits);
                let moved = |((rule, place), round)| ((rule, shift.inner(place)), round);
                refused = refused.into_iter().map(moved).collect();
                fixed.done.extend(fixes.iter().map(|fix| state.done(*fix)));
                fixed.rounds.push(edits);
                state = next;
            }
        }
        fixed.requests = state.requests;
        fixed.skip = state.skip;
        if !fixed.rounds.is_empty() {
            fixed.bytes = Some(state.bytes.into_owned());
        }
        fixed
    }

    /// What is to be known of a text before it is changed, or of what became of it; `None` where it is
    /// too long for its places to be counted.
    fn look<'t>(
        &self,
        text: &Text<'_>,
        bytes: Cow<'t, [u8]>,
        scratch: &mut Scratch,
        judge: Option<Judge<'_>>,
    ) -> Option<State<'t>> {
        u32::try_from(bytes.len()).ok()?;
        let (readable, invalid_utf8) = readable(&bytes);
        let input = Input {
            text: &readable,
            invalid_utf8: &invalid_utf8,
            carrier: text.carrier,
            assume: text.assume,
            may_hold_secret: None,
            is_later_line: false,
        };
        let linted = lint(&input, &self.settings, scratch);
        let judged = judge.map(|judge| judge(&linted));
        let findings = judged.as_deref().unwrap_or(linted.findings);
        let found = findings.iter().map(|finding| (finding.rule, finding.primary)).collect();
        let mut fixes = Vec::new();
        for (at, finding) in findings.iter().enumerate() {
            let Some(fix) = finding.fix.as_deref() else { continue };
            let wanted = fix.applicability == Applicability::Safe || self.most == Applicability::Unsafe;
            if wanted && self.rules.contains(finding.rule) && is_sound(&fix.edits, &readable, &invalid_utf8) {
                fixes.push(Candidate { finding: at, title: fix.title.clone(), edits: fix.edits.clone() });
            }
        }
        let (requests, skip) = (linted.requests, linted.skip);
        drop(linted);
        drop(readable);
        fixes.sort_by_key(|fix| fix.edits.first().map(|edit| edit.span));
        Some(State { bytes, found, fixes, requests, skip })
    }
}

/// Whether edits can be applied as they are: in order, apart from each other, and between characters.
/// Of a byte that is no UTF-8, what an edit writes in its place is not known to be it.
fn is_sound(edits: &[Edit], text: &str, invalid_utf8: &[Span]) -> bool {
    let mut after = 0;
    !edits.is_empty()
        && edits.iter().all(|edit| {
            let Span { start, end } = edit.span;
            let in_order = after <= start && text.get(edit.span.range()).is_some();
            after = end;
            let next = invalid_utf8.partition_point(|run| run.end <= start);
            let spoils = invalid_utf8.get(next).is_some_and(|run| run.start < end);
            in_order && !spoils
        })
}

fn digest(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}

/// A rule, and a place that it says something of.
type Found = (&'static str, Span);

/// A text, and what was found in it.
struct State<'t> {
    bytes: Cow<'t, [u8]>,
    /// In the order of the text.
    found: Vec<Found>,
    /// What may be applied, in the order of the text.
    fixes: Vec<Candidate>,
    requests: usize,
    skip: Option<Skip>,
}

struct Candidate {
    /// The finding that it is for, of those found.
    finding: usize,
    title: Cow<'static, str>,
    edits: Vec<Edit>,
}

impl State<'_> {
    /// The fixes to be tried together: in the order of the text, each as a whole, and none that
    /// overlaps one before it or touches it.
    fn choose(&self, refused: &HashMap<Found, usize>) -> Vec<usize> {
        let mut taken: BTreeMap<u32, u32> = BTreeMap::new();
        let mut chosen = Vec::new();
        for (at, fix) in self.fixes.iter().enumerate() {
            // Those taken lie apart: the last that begins before an edit's end is the only one that
            // may reach it.
            let touches = |edit: &Edit| {
                let before = taken.range(..=edit.span.end).next_back();
                before.is_some_and(|(_, end)| *end >= edit.span.start)
            };
            if refused.contains_key(&self.finding(at)) || fix.edits.iter().any(touches) {
                continue;
            }
            for edit in &fix.edits {
                let end = taken.entry(edit.span.start).or_insert(edit.span.end);
                *end = edit.span.end.max(*end);
            }
            chosen.push(at);
        }
        chosen
    }

    fn finding(&self, fix: usize) -> Found {
        self.found[self.fixes[fix].finding]
    }

    fn done(&self, fix: usize) -> Done {
        Done { rule: self.finding(fix).0, title: self.fixes[fix].title.clone() }
    }

    /// The edits of some fixes, in the order of the text.
    fn edits(&self, fixes: &[usize]) -> Vec<Edit> {
        let mut edits: Vec<_> = fixes.iter().flat_map(|fix| &self.fixes[*fix].edits).cloned().collect();
        edits.sort_by_key(|edit| edit.span);
        edits
    }

    fn count(&self, rule: &str) -> usize {
        self.found.iter().filter(|(other, _)| *other == rule).count()
    }
}

/// A text with edits made, which are in its order and lie apart.
#[must_use]
pub fn apply(bytes: &[u8], edits: &[Edit]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + edits.iter().map(|edit| edit.text.len()).sum::<usize>());
    let mut at = 0;
    for edit in edits {
        let Span { start, end } = edit.span;
        out.extend_from_slice(bytes.get(at..start as usize).unwrap_or_default());
        out.extend_from_slice(edit.text.as_bytes());
        at = end as usize;
    }
    out.extend_from_slice(bytes.get(at..).unwrap_or_default());
    out
}

//! What is checked, and how it is judged.

use std::sync::Arc;

use crate::answer::Answer;
use crate::api::Operation;
use crate::diagnostic::{Finding, Severity, Wants};
use crate::rules::{self, Check, HIDING, Rule, Signs, Team};
use crate::text::Span;

/// What is checked, and how it is judged.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What bare bodies are for; the union of participant updates where none is given.
    pub operation: Option<&'static Operation>,
    /// What findings carry.
    pub wants: Wants,
    /// What the API answered to the requests, where that is known.
    pub answer: Option<Answer>,
    /// The bytes of a file that hold the requests to be looked at, where it is not all of them.
    pub within: Option<Span>,
    /// What the team says of its requests, where it does.
    pub team: Option<Arc<Team>>,
    pub(super) rules: RuleSet,
}

/// The rules that are on, laid out so that those to be asked are found without asking each.
#[derive(Clone, Debug)]
pub(super) struct RuleSet {
    /// Each with its level; at most 64.
    rules: Vec<(&'static Rule, Severity)>,
    /// How many of them are on. After them stands [`HIDING`], where it is not one of them.
    on: usize,
    /// For each sign, the rules that wait for it, as bits.
    waiting: [u64; Signs::COUNT],
    /// The rules about texts, as bits; the others are about requests.
    pub(super) of_texts: u64,
}

impl RuleSet {
    fn new(rules: impl IntoIterator<Item = (&'static Rule, Severity)>) -> Self {
        let mut rules: Vec<_> = rules.into_iter().take(u64::BITS as usize - 1).collect();
        let on = rules.len();
        if rules.iter().all(|(rule, _)| rule.id != HIDING.id) {
            rules.push((HIDING, HIDING.level));
        }
        let mut waiting = [0; Signs::COUNT];
        let mut of_texts = 0;
        for (at, (rule, _)) in rules.iter().enumerate() {
            for sign in rule.waits_for.indices() {
                waiting[sign] |= 1 << at;
            }
            of_texts |= u64::from(matches!(rule.check, Check::Text(_))) << at;
        }
        Self { rules, on, waiting, of_texts }
    }

    /// The rules that wait for one of the signs and are among those of a mask, in their order.
    pub(super) fn due(
        &self,
        signs: Signs,
        among: u64,
    ) -> impl Iterator<Item = (&'static Rule, Severity)> + '_ {
        let mut due = among & signs.indices().fold(0, |due, sign| due | self.waiting[sign]);
        std::iter::from_fn(move || {
            let rule = self.rules.get(due.trailing_zeros() as usize)?;
            due &= due - 1;
            Some(*rule)
        })
    }

    /// Takes out what was found for no other end than to be hidden.
    pub(super) fn take_hidden(&self, findings: &mut Vec<Finding>) -> Vec<Finding> {
        if self.on == self.rules.len() {
            return Vec::new();
        }
        findings.extract_if(.., |finding| finding.rule == HIDING.id).collect()
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            operation: None,
            wants: Wants { help: true, fixes: false },
            answer: None,
            within: None,
            team: None,
            rules: RuleSet::new(rules::ALL.iter().map(|rule| (*rule, rule.level))),
        }
    }
}

impl Settings {
    /// Gives each rule the level that a function says, or turns it off.
    #[must_use]
    pub fn with_levels(mut self, level: impl Fn(&'static Rule) -> Option<Severity>) -> Self {
        self.rules = RuleSet::new(rules::ALL.iter().filter_map(|rule| Some((*rule, level(rule)?))));
        self
    }

    /// The rules that are on.
    pub fn rules(&self) -> impl Iterator<Item = (&'static Rule, Severity)> + '_ {
        self.rules.rules[..self.rules.on].iter().copied()
    }
}

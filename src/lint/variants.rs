//! Bodies that a template may make in several ways.
//!
//! Each is checked as a body of its own. What is found counts only if it is found in all of them that
//! hold its place: then no condition can be what the author relies on. The place of a string that is
//! put together from branches is all of what it is made of: another outcome has another string there.

use std::collections::{HashMap, HashSet};

use super::{Linter, check_request, hands_over_structure};
use crate::api::Operation;
use crate::carrier::Skip;
use crate::diagnostic::{Finding, Fix, Message};
use crate::json::{Arena, FaultKind, Kind, Node};
use crate::request::{Body, Request};
use crate::rules::{Signs, Subject, complaint};
use crate::template::{Broken, Part, PieceKind, Role, Variant, Variants};
use crate::text::{Passage, Span};

/// How many faults of a text are compared with those of the others.
const COMPARED: usize = 64;

/// How one of the texts reads as JSON.
struct Outcome<'v> {
    body: &'v Passage<'v>,
    branches: &'v [Span],
    /// The places of the file that it is made of.
    sources: Vec<Span>,
    /// Whether it can be said of it that it is JSON, or not: there is something in it, and no
    /// reference in it may stand for more than a value.
    is_telling: bool,
    /// What is wrong with it, in the file.
    faults: Vec<(Span, FaultKind)>,
    /// Where in the file its tree ceases to be what the author meant, if it does.
    trusted_end: u32,
    /// What the first of them is.
    complaint: String,
    /// The parts of each string that does not stand in one piece, by the place of all of it.
    pieced: HashMap<Span, Vec<Span>>,
}

impl<'v> Outcome<'v> {
    fn of(variant: &'v Variant<'_>, arena: &mut Arena) -> Self {
        let body = &variant.body;
        let document = arena.parse(body.as_str());
        let faults = document.faults();
        let first = faults.first().map(|fault| complaint(fault, body.as_str()));
        let strings = document.nodes().iter().filter(|node| matches!(node.kind, Kind::String | Kind::Key));
        let trusted_end = match document.trusted_end() {
            u32::MAX => u32::MAX,
            end => body.span_of(Span::empty(end)).start,
        };
        let pieced = strings.map(Node::span).filter(|span| !body.is_unbroken(*span));
        Self {
            body,
            branches: &variant.branches,
            sources: body.sources(),
            is_telling: !body.as_str().trim().is_empty() && !hands_over_structure(&document),
            faults: faults
                .iter()
                .take(COMPARED)
                .map(|fault| (body.span_of(fault.span), fault.kind))
                .collect(),
            trusted_end,
            complaint: first.unwrap_or_default(),
            pieced: pieced.map(|span| (body.span_of(span), body.piece(span).sources())).collect(),
        }
    }

    const fn is_clean(&self) -> bool {
        self.is_telling && self.faults.is_empty()
    }

    fn holds(&self, place: Span) -> bool {
        let next = self.sources.partition_point(|source| source.end < place.start);
        self.sources.get(next).is_some_and(|source| source.start <= place.end)
    }

    /// The source that a place is part of.
    fn has(&self, place: Span) -> bool {
        let next = self.sources.partition_point(|source| source.end < place.end);
        self.sources.get(next).is_some_and(|source| source.contains(place))
    }

    /// Whether a fault of it is one of every text that holds its place.
    fn is_explained(&self, all: &[Self]) -> bool {
        self.faults.iter().any(|fault| {
            let lacks =
                |other: &Self| other.is_telling && other.holds(fault.0) && !other.faults.contains(fault);
            !all.iter().any(lacks)
        })
    }
}

/// The places at which a template makes no JSON that no fault of the text itself explains.
fn broken(outcomes: &[Outcome<'_>]) -> Vec<Broken> {
    let mut found = Vec::new();
    if outcomes.iter().any(|outcome| !outcome.is_telling && !outcome.body.as_str().trim().is_empty()) {
        return found;
    }
    let telling: Vec<_> = outcomes.iter().filter(|outcome| outcome.is_telling).collect();
    let hopeless: Vec<bool> =
        telling.iter().map(|outcome| !outcome.is_clean() && !outcome.is_explained(outcomes)).collect();
    let mut report = |outcome: &Outcome<'_>, branch| {
        let span = outcome.faults.first().map_or(Span::default(), |(span, _)| *span);
        found.push(Broken { span, complaint: outcome.complaint.clone(), branch });
    };
    if let Some(first) = telling.first()
        && hopeless.iter().all(|hopeless| *hopeless)
    {
        report(first, None);
        return found;
    }
    let mut with: HashMap<Span, Vec<usize>> = HashMap::new();
    for (at, outcome) in telling.iter().enumerate() {
        for branch in outcome.branches {
            with.entry(*branch).or_default().push(at);
        }
    }
    let mut branches: Vec<_> = with.into_iter().collect();
    branches.sort_unstable();
    let mut told = vec![false; telling.len()];
    for (branch, with) in branches {
        if with.iter().all(|at| hopeless[*at]) && with.iter().any(|at| !told[*at]) {
            report(telling[with[0]], Some(branch));
            for at in with {
                told[at] = true;
            }
        }
    }
    found
}

impl Linter<'_, '_> {
    /// Checks a request whose body is one of several texts.
    pub(super) fn variants(
        &mut self,
        request: &Request<'_>,
        variants: &Variants<'_>,
    ) -> Result<Option<&'static Operation>, Skip> {
        let outcomes: Vec<_> = variants.all.iter().map(|variant| Outcome::of(variant, self.bodies)).collect();
        let mut request = request.clone();
        if variants.sure
            && variants.complete
            && let Some(templates) = &mut request.templates
        {
            templates.broken = broken(&outcomes);
        }
        let any_clean = outcomes.iter().any(Outcome::is_clean);
        let speaks = |outcome: &Outcome<'_>| outcome.is_clean() || (variants.sure && outcome.is_telling);
        if !outcomes.iter().any(speaks) {
            let subject = Subject::new(&request, Body::Opaque, self.file, (self.file.text(), 0));
            return check_request(subject, Signs::NONE, &self.addresses, self.findings);
        }
        let before = self.findings.len();
        let mut found = Vec::new();
        let mut operation = None;
        let directives = directives(&request);
        for outcome in outcomes.iter().filter(|outcome| !outcome.body.as_str().trim().is_empty()) {
            let speaks = speaks(outcome);
            operation = self.body(&request, outcome.body, !speaks)?;
            let mut findings = self.findings.split_off(before);
            for finding in &mut findings {
                let is_pieced = outcome.pieced.contains_key(&finding.primary);
                if finding.fix.as_deref().is_some_and(|fix| meets(fix, &directives, is_pieced)) {
                    finding.fix = None;
                }
            }
            found.push(Heard { outcome, speaks, findings });
        }
        let in_branches = variants.sure && variants.complete;
        self.findings.extend(agreed(found, any_clean, in_branches));
        Ok(operation)
    }
}

/// What stands in the template of a body and is no part of what that prints, in the order of the file.
fn directives(request: &Request<'_>) -> Vec<Span> {
    let parts = request.templates.iter().flat_map(|templates| &templates.parts);
    let of_part = |part: &Part<'_>| {
        let pieces = part.reading.pieces.iter();
        let silent =
            pieces.filter(|piece| !matches!(piece.kind, PieceKind::Reference(_) | PieceKind::Escape));
        silent.map(|piece| part.text.span_of(piece.span)).collect::<Vec<_>>()
    };
    let mut places: Vec<_> = parts.filter(|part| part.role == Role::Body).flat_map(of_part).collect();
    places.sort_unstable();
    places
}

/// Whether a fix would write over a directive; or, in a string that has some, beside one, where it may
/// come into a branch or not.
fn meets(fix: &Fix, directives: &[Span], is_pieced: bool) -> bool {
    fix.edits.iter().any(|edit| {
        let span = edit.span;
        let next = directives.partition_point(|place| place.end <= span.start);
        // What is wrong within one is mended there.
        let over = directives.get(next).is_some_and(|place| place.start < span.end && !place.contains(span));
        let beside = |place: &Span| place.start <= span.end && span.start <= place.end;
        let around = directives.get(next.saturating_sub(1)..).unwrap_or_default();
        over || (is_pieced && span.is_empty() && around.iter().take(2).any(beside))
    })
}

/// What is said in a text, by rule and place.
type Messages = HashMap<(&'static str, Span), Vec<Message>>;

/// What is found in one of the texts.
struct Heard<'o, 'v> {
    outcome: &'o Outcome<'v>,
    /// Whether it is told, and not only asked whether it bears out what the others say.
    speaks: bool,
    findings: Vec<Finding>,
}

/// What is found in all texts that hold its place, each once. Only of the text itself may those speak
/// that are no JSON, where others are; but as far as they can be read, what they do not bear out is no
/// finding: a map is not empty that has a member in a branch, whatever is wrong beside that.
fn agreed(found: Vec<Heard<'_, '_>>, any_clean: bool, in_branches: bool) -> Vec<Finding> {
    let messages = |findings: &[Finding]| {
        let mut messages = Messages::new();
        for finding in findings {
            messages.entry((finding.rule, finding.primary)).or_default().push(finding.message.clone());
        }
        messages
    };
    let outcomes: Vec<_> =
        found.iter().map(|heard| (heard.outcome, heard.speaks, messages(&heard.findings))).collect();
    let may_speak = |outcome: &Outcome<'_>, speaks: bool, rule: &str| {
        speaks && (!any_clean || outcome.is_clean() || rule == "syntax-error")
    };
    let mut told = HashSet::new();
    let mut kept = Vec::new();
    for Heard { outcome, speaks, findings } in found {
        let mut own = HashSet::new();
        for mut finding in findings {
            let (rule, place) = (finding.rule, finding.primary);
            if !may_speak(outcome, speaks, rule) {
                continue;
            }
            let is_asked = |other: &Outcome<'_>, speaks: bool| {
                may_speak(other, speaks, rule) || (rule != "syntax-error" && place.start < other.trusted_end)
            };
            let concerned = || {
                let others = outcomes.iter();
                others.filter(|(other, speaks, _)| is_asked(other, *speaks) && other.holds(place))
            };
            let says_same = |messages: &Messages| {
                messages.get(&(rule, place)).is_some_and(|said| said.contains(&finding.message))
            };
            // What is said of a string whatever its branches come to is said of all of it.
            let is_pieced = in_branches && !concerned().all(|(_, _, messages)| says_same(messages));
            let parts = outcome.pieced.get(&place).filter(|_| is_pieced).map_or(&[][..], Vec::as_slice);
            let agrees = |(other, _, messages): &(&Outcome<'_>, bool, Messages)| {
                messages.contains_key(&(rule, place)) || !parts.iter().all(|part| other.has(*part))
            };
            if !told.contains(&(rule, place, parts)) && concerned().all(agrees) {
                // Where one part of a string makes the difference, that is the place.
                let differs = |part: &&Span| concerned().any(|(other, _, _)| !other.has(**part));
                let mut different = parts.iter().filter(differs);
                if let (Some(part), None) = (different.next(), different.next()) {
                    finding.primary = *part;
                }
                own.insert((rule, place, parts));
                kept.push(finding);
            }
        }
        // One text may have several findings of one rule at one place.
        told.extend(own);
    }
    kept
}

//! The texts that a template with directives may make, as far as that can be told.

use std::collections::HashMap;

use crate::template::{Form, PieceKind, Reading};
use crate::text::{Passage, Rewriter, Span};

/// How many texts are looked at.
const MOST: usize = 16;

/// What a template with directives may make.
#[derive(Clone, Debug, Default)]
pub struct Variants<'t> {
    /// The texts, one for each outcome of its conditions, or for some of them.
    pub all: Vec<Variant<'t>>,
    /// Whether every outcome is among them.
    pub complete: bool,
    /// Whether they are what it makes but for the values of its inputs: nothing is repeated, and
    /// nothing printed that the template puts together itself.
    pub sure: bool,
}

/// One of the texts that a template may make.
#[derive(Clone, Debug)]
pub struct Variant<'t> {
    /// The text.
    pub body: Passage<'t>,
    /// The `#if`s, `#elseif`s and `#else`s whose branches are in it, where they stand in the file.
    pub branches: Vec<Span>,
}

/// The text of a template that has no directives, as it reads to a parser of JSON.
#[must_use]
pub fn plain<'t>(template: &Passage<'t>, reading: &Reading) -> Passage<'t> {
    let text = template.as_str();
    let as_it_is = |kind: &PieceKind| match kind {
        PieceKind::Reference(index) => reads_alike(reading.references[*index].span.slice(text)),
        _ => false,
    };
    if reading.pieces.iter().all(|piece| as_it_is(&piece.kind)) {
        return template.clone();
    }
    let plan = Plan::of(text, reading);
    Walk::new(template, reading).run(&plan, 0).0.body
}

/// The text of a template in which no directive is to be told from a placeholder, as of a URL.
#[must_use]
pub fn flat<'t>(template: &Passage<'t>, reading: &Reading) -> Passage<'t> {
    let text = template.as_str();
    let tells = |kind: PieceKind| match kind {
        PieceKind::Reference(index) => {
            let said = reading.references[index].span.slice(text);
            said.contains(['/', '?', '#', '"', '[']) || said.contains(char::is_whitespace)
        }
        _ => true,
    };
    if reading.pieces.iter().all(|piece| !tells(piece.kind)) {
        return template.clone();
    }
    let mut out = template.rewrite();
    let (mut at, mut depth, mut opened) = (0, 0usize, 0);
    for piece in reading.pieces.iter().filter(|piece| tells(piece.kind)) {
        let opens = matches!(
            piece.kind,
            PieceKind::If(_) | PieceKind::Foreach | PieceKind::Definition | PieceKind::Literal
        );
        if depth == 0 {
            out.copy(Span::new(at, piece.span.start));
            opened = piece.span.start;
        }
        depth += usize::from(opens);
        depth = depth.saturating_sub(usize::from(piece.kind == PieceKind::End));
        if depth == 0 {
            let silent = matches!(piece.kind, PieceKind::Comment | PieceKind::Set { .. });
            out.put(if silent { "" } else { UNKNOWN }, Span::new(opened, piece.span.end));
            at = piece.span.end;
        }
    }
    if depth == 0 {
        out.copy(Span::from_usize(at as usize, text.len()));
    } else {
        out.put(UNKNOWN, Span::from_usize(opened as usize, text.len()));
    }
    out.finish(None)
}

impl<'t> Variants<'t> {
    /// The texts that a template may make.
    #[must_use]
    pub fn of(template: &Passage<'t>, reading: &Reading) -> Self {
        let plan = Plan::of(template.as_str(), reading);
        let (count, complete) = plan.count();
        let mut variants = Self { all: Vec::new(), complete, sure: true };
        for number in 0..count {
            let (variant, sure) = Walk::new(template, reading).run(&plan, number);
            variants.sure &= sure;
            let known = |other: &Variant<'_>| {
                other.body.as_str() == variant.body.as_str() && other.branches == variant.branches
            };
            if !variants.all.iter().any(known) {
                variants.all.push(variant);
            }
        }
        variants
    }
}

/// What is written for something that is not known, or is no placeholder to a parser of JSON.
pub const UNKNOWN: &str = "${…}";

/// Whether a reference reads as a placeholder to a parser of JSON, from end to end.
fn reads_alike(reference: &str) -> bool {
    /// Deeper than that, a placeholder is not taken for one.
    const DEEPEST: usize = 4;
    let deep = reference.bytes().filter(|byte| matches!(byte, b'(' | b'{')).count() > DEEPEST;
    let closed = !reference.starts_with("${") && !reference.starts_with("$!{") || reference.ends_with('}');
    !deep && closed && !reference.bytes().any(|byte| matches!(byte, b'"' | b'\\' | b'[' | 0..=0x1f))
}

/// The conditions of a template, and the outcomes that each may have.
struct Plan {
    /// For each `#if`, by the place of its piece, the group that it is of: those of the same
    /// conditions have the same outcome.
    group_of: HashMap<usize, usize>,
    /// The branches that may be taken, by number, for each group. The number after the last
    /// condition is that of `#else`, or of none.
    outcomes: Vec<Vec<usize>>,
}

/// An `#if` that is being read.
struct Chain {
    piece: usize,
    conditions: Vec<Span>,
    /// Whether it is something else, with an `#end` of its own.
    other: bool,
}

impl Plan {
    fn of(text: &str, reading: &Reading) -> Self {
        let mut plan = Self { group_of: HashMap::new(), outcomes: Vec::new() };
        let mut groups: HashMap<String, usize> = HashMap::new();
        let mut open: Vec<Chain> = Vec::new();
        for (at, piece) in reading.pieces.iter().enumerate() {
            match piece.kind {
                PieceKind::If(condition) => {
                    open.push(Chain { piece: at, conditions: vec![condition], other: false });
                }
                PieceKind::ElseIf(condition) => {
                    if let Some(chain) = open.last_mut() {
                        chain.conditions.push(condition);
                    }
                }
                PieceKind::Foreach | PieceKind::Definition | PieceKind::Literal => {
                    open.push(Chain { piece: at, conditions: Vec::new(), other: true });
                }
                PieceKind::End => {
                    let Some(chain) = open.pop().filter(|chain| !chain.other) else { continue };
                    let conditions: Vec<String> =
                        chain.conditions.iter().map(|span| without_blanks(span.slice(text))).collect();
                    let next = plan.outcomes.len();
                    let group = *groups.entry(conditions.join("\n")).or_insert(next);
                    if group == next {
                        plan.outcomes.push(outcomes(&conditions));
                    }
                    plan.group_of.insert(chain.piece, group);
                }
                _ => {}
            }
        }
        plan
    }

    /// How many texts to make, and whether those are all.
    fn count(&self) -> (usize, bool) {
        let all = self.outcomes.iter().fold(1usize, |all, group| all.saturating_mul(group.len()));
        if all <= MOST { (all, true) } else { (MOST, false) }
    }

    /// The branch that an `#if` takes in the text of a number.
    fn branch(&self, piece: usize, number: usize) -> usize {
        let Some(group) = self.group_of.get(&piece).copied() else { return 0 };
        let outcomes = &self.outcomes[group];
        let chosen = if self.count().1 {
            self.outcomes[..group].iter().fold(number, |rest, before| rest / before.len())
        } else {
            // Each branch once, all the first together, then mixed.
            number + (number / outcomes.len()) * (group + 1)
        };
        outcomes[chosen % outcomes.len()]
    }
}

fn outcomes(conditions: &[String]) -> Vec<usize> {
    let mut outcomes = Vec::new();
    for (branch, condition) in conditions.iter().enumerate() {
        match verdict(condition) {
            Some(true) => {
                outcomes.push(branch);
                return outcomes;
            }
            Some(false) => {}
            None => outcomes.push(branch),
        }
    }
    outcomes.push(conditions.len());
    outcomes
}

/// What a condition comes to that is about the turns of a loop: they are read as one, the last.
fn verdict(condition: &str) -> Option<bool> {
    let plain = condition.replace(['{', '}', '!'], "");
    let negated = condition.starts_with('!') || condition.ends_with("==false");
    let plain = plain.trim_start_matches('(').trim_end_matches(')').trim_end_matches("==false");
    match plain {
        "true" | "$foreach.last" | "$foreach.first" => Some(!negated),
        "false" | "$foreach.hasNext" | "$velocityHasNext" => Some(negated),
        _ if plain.contains("&&") || plain.contains("||") => None,
        _ => {
            let of_count = plain.starts_with("$velocityCount") || plain.starts_with("$foreach.count");
            let of_index = plain.starts_with("$foreach.index");
            let more = plain.contains('>') || condition.contains("!=");
            let fewer = plain.contains('<');
            match (of_count || of_index, more, fewer) {
                (true, true, false) => Some(false),
                (true, false, true) if !plain.ends_with(|last: char| last.is_ascii_digit()) => Some(false),
                _ => None,
            }
        }
    }
}

fn without_blanks(condition: &str) -> String {
    condition.split_whitespace().collect()
}

/// A block that is open.
struct Frame {
    /// Whether what is around it is printed.
    live: bool,
    /// Of an `#if`: the branch that is taken, and the one that is being read.
    branch: Option<(usize, usize)>,
}

/// One text in the making.
struct Walk<'w, 't> {
    template: &'w Passage<'t>,
    reading: &'w Reading,
    out: Rewriter<'w>,
    /// What the template itself gives names, where it is written there.
    values: HashMap<&'w str, Option<&'w str>>,
    sure: bool,
}

impl<'w, 't> Walk<'w, 't> {
    fn new(template: &'w Passage<'t>, reading: &'w Reading) -> Self {
        Self { template, reading, out: template.rewrite(), values: HashMap::new(), sure: true }
    }

    fn run(mut self, plan: &Plan, number: usize) -> (Variant<'static>, bool) {
        let (mut live, mut at) = (true, 0);
        let mut frames: Vec<Frame> = Vec::new();
        let mut branches = Vec::new();
        for (index, piece) in self.reading.pieces.iter().enumerate() {
            if live {
                self.out.copy(Span::new(at, piece.span.start));
            }
            at = piece.span.end;
            match piece.kind {
                PieceKind::If(_) => {
                    let chosen = plan.branch(index, number);
                    frames.push(Frame { live, branch: Some((chosen, 0)) });
                    live &= chosen == 0;
                    if live {
                        branches.push(self.template.span_of(piece.span));
                    }
                }
                PieceKind::ElseIf(_) | PieceKind::Else => {
                    let Some(frame) = frames.last_mut() else { continue };
                    let next = frame.branch.map(|(chosen, read)| (chosen, read + 1));
                    frame.branch = next;
                    live = frame.live && next.is_some_and(|(chosen, read)| chosen == read);
                    if live {
                        branches.push(self.template.span_of(piece.span));
                    }
                }
                PieceKind::End => live = frames.pop().is_some_and(|frame| frame.live),
                PieceKind::Foreach | PieceKind::Literal => {
                    frames.push(Frame { live, branch: None });
                    self.sure = false;
                }
                PieceKind::Definition => {
                    frames.push(Frame { live, branch: None });
                    live = false;
                    self.sure = false;
                }
                _ if !live => {}
                PieceKind::Reference(reference) => self.reference(reference),
                PieceKind::Comment => {}
                PieceKind::Escape => self.escaped(piece.span.end - 1, piece.span),
                PieceKind::Verbatim(inner) => self.verbatim(inner),
                PieceKind::Set { name, value } => self.set(name, value),
                PieceKind::Unknown => {
                    self.out.put(UNKNOWN, piece.span);
                    self.sure = false;
                }
            }
        }
        if live {
            self.out.copy(Span::from_usize(at as usize, self.template.as_str().len()));
        }
        (Variant { body: self.out.finish(None), branches }, self.sure)
    }

    fn reference(&mut self, index: usize) {
        let text = self.template.as_str();
        let reference = &self.reading.references[index];
        let root = reference.root.slice(text);
        if reference.form == Form::Names
            && reference.path.is_empty()
            && let Some(Some(value)) = self.values.get(root)
        {
            self.out.put_value(value, reference.span);
            return;
        }
        // What the template itself puts together may be a comma, or anything else.
        self.sure &= !self.reading.is_local(root);
        if reads_alike(reference.span.slice(text)) {
            self.out.copy(reference.span);
        } else {
            self.out.put(UNKNOWN, reference.span);
        }
    }

    /// Writes a character so that nobody takes it for the beginning of a reference.
    fn escaped(&mut self, at: u32, span: Span) {
        let is_dollar = self.template.as_str().as_bytes().get(at as usize) == Some(&b'$');
        self.out.put(if is_dollar { "\\u0024" } else { "\\u0023" }, span);
    }

    fn verbatim(&mut self, inner: Span) {
        let text = inner.slice(self.template.as_str());
        let mut from = inner.start;
        for (at, _) in text.match_indices('$') {
            let span = Span::from_usize(inner.start as usize + at, inner.start as usize + at + 1);
            self.out.copy(Span::new(from, span.start));
            self.escaped(span.start, span);
            from = span.end;
        }
        self.out.copy(Span::new(from, inner.end));
    }

    fn set(&mut self, name: Option<Span>, value: Span) {
        let text = self.template.as_str();
        if let Some(name) = name {
            self.values.insert(name.slice(text), literal(value.slice(text)));
        }
    }
}

/// What a value prints, where it is written out.
fn literal(value: &str) -> Option<&str> {
    let between = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
    if let Some(text) = between('"') {
        return (!text.contains(['"', '$', '#', '\\'])).then_some(text);
    }
    if let Some(text) = between('\'') {
        return (!text.contains(['\'', '$'])).then_some(text);
    }
    let number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    (number || matches!(value, "true" | "false")).then_some(value)
}

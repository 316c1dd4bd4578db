//! What the variables of a script hold, and what its strings say with them.

use std::cell::Cell;
use std::collections::HashSet;

use super::lexer::{Bracket, Part, PartKind, Quoted, Token, TokenKind, tokens};
use super::scopes::Scopes;
use crate::carrier::references::references;
use crate::request::{Quoting, Unexpanded};
use crate::text::{Layer, Passage, Span};

/// How deep values may stand in one another.
pub(super) const DEEPEST: usize = 32;

/// Some tokens after one another: the number of the first, and the one after the last.
pub(super) type Range = (usize, usize);

/// A script that was read.
pub(super) struct Script<'t> {
    pub(super) text: &'t Passage<'t>,
    pub(super) tokens: Vec<Token>,
    scopes: Scopes,
    /// How many bytes of values may still be written.
    left: Cell<usize>,
}

impl<'t> Script<'t> {
    pub(super) fn of(text: &'t Passage<'t>) -> Self {
        let file = text.as_str();
        let left = Cell::new(file.len().saturating_mul(16).saturating_add(1 << 16));
        let mut script = Self { text, tokens: tokens(file), scopes: Scopes::default(), left };
        script.scopes = Scopes::of(&script);
        script
    }

    pub(super) fn kind(&self, number: usize) -> Option<&TokenKind> {
        self.tokens.get(number).map(|token| &token.kind)
    }

    pub(super) fn written(&self, span: Span) -> &'t str {
        span.slice(self.text.as_str())
    }

    /// Where some tokens stand.
    pub(super) fn span(&self, range: Range) -> Span {
        match (self.tokens.get(range.0), range.1.checked_sub(1).and_then(|last| self.tokens.get(last))) {
            (Some(first), Some(last)) => Span::new(first.range.start, last.range.end.max(first.range.start)),
            _ => Span::default(),
        }
    }

    /// Whether a token is a word without quotes that is one of some names.
    pub(super) fn is_word(&self, number: usize, names: &[&str]) -> bool {
        self.tokens.get(number).is_some_and(|token| {
            matches!(token.kind, TokenKind::Text(Quoted::Bare, _))
                && names.iter().any(|name| name.eq_ignore_ascii_case(self.written(token.range)))
        })
    }

    /// The number of the token that closes the bracket at a number; the end, if none does.
    pub(super) fn closing(&self, number: usize) -> Option<usize> {
        match self.kind(number)? {
            TokenKind::Open(_, close) => Some((*close).min(self.tokens.len())),
            _ => None,
        }
    }

    /// The number after a token, or after the bracket that it opens.
    pub(super) fn after(&self, number: usize) -> usize {
        self.closing(number).unwrap_or(number) + 1
    }

    /// The end of the statement that goes on at a token.
    pub(super) fn statement_end(&self, from: usize, limit: usize) -> usize {
        let goes_on = |kind: &TokenKind| {
            matches!(kind, TokenKind::Pipe | TokenKind::Plus | TokenKind::Comma | TokenKind::Equals)
        };
        let mut at = from;
        while at < limit {
            match &self.tokens[at].kind {
                TokenKind::Close => break,
                TokenKind::Separator => {
                    let before = at.checked_sub(1).and_then(|before| self.kind(before));
                    let next = self.kind(at + 1).is_some_and(|next| *next == TokenKind::Pipe);
                    if !next && !before.is_some_and(goes_on) {
                        break;
                    }
                    at += 1;
                }
                _ => at = self.after(at),
            }
        }
        at.min(limit)
    }

    /// The number of the token that an offset is in.
    pub(super) fn token_at(&self, offset: u32) -> usize {
        self.tokens.partition_point(|token| token.range.start <= offset).saturating_sub(1)
    }

    /// What a variable is given, at the place where it is named, if that is known.
    pub(super) fn value(&self, name: Span) -> Option<Range> {
        self.scopes.value(self, name)
    }

    /// What it may be given there, if that is not known and was not said before.
    pub(super) fn candidates(&self, name: Span, said: &mut HashSet<(String, Option<usize>)>) -> Vec<Range> {
        self.scopes.candidates(self, name, said)
    }

    /// The end of the argument that begins at a token.
    pub(super) fn argument_end(&self, from: usize) -> usize {
        let mut at = self.after(from);
        while let Some(token) = self.tokens.get(at).filter(|token| !token.spaced) {
            let belongs = matches!(
                token.kind,
                TokenKind::Member(_)
                    | TokenKind::Text(..)
                    | TokenKind::Variable(_)
                    | TokenKind::Open(Bracket::Round | Bracket::Square | Bracket::Expression, _)
            );
            if !belongs {
                break;
            }
            at = self.after(at);
        }
        at.min(self.tokens.len())
    }

    /// The parts of a text that is written as one string, or as several with `+` between them; `None`
    /// where it is none. As an argument, a word is a text also without quotes; as the pattern of a
    /// format (`-f`), a text is taken for what it is.
    pub(super) fn text_of(
        &self,
        range: Range,
        is_argument: bool,
        formats: bool,
        deepest: usize,
    ) -> Option<Vec<Part>> {
        let deepest = deepest.checked_sub(1)?;
        let (mut at, end) = range;
        let mut parts = Vec::new();
        loop {
            let token = self.tokens.get(at).filter(|_| at < end)?;
            let after = self.argument_end(at).min(end);
            let simple = after == at + 1;
            match &token.kind {
                TokenKind::Text(quoting, own) => {
                    let is_number = || self.written(token.range).parse::<f64>().is_ok();
                    if *quoting == Quoted::Bare && !is_argument && !is_number() {
                        return None;
                    }
                    // A method is called on it, perhaps.
                    if !simple && !is_argument {
                        return None;
                    }
                    parts.extend(own.iter().cloned());
                    at += 1;
                }
                TokenKind::Variable(name) if simple => {
                    parts.push(Part {
                        range: token.range,
                        kind: PartKind::Variable(*name),
                        quoting: Quoted::Bare,
                    });
                    at += 1;
                }
                TokenKind::Variable(name)
                    if is_argument && matches!(self.kind(at + 1), Some(TokenKind::Text(..))) =>
                {
                    parts.push(Part {
                        range: token.range,
                        kind: PartKind::Variable(*name),
                        quoting: Quoted::Bare,
                    });
                    at += 1;
                }
                TokenKind::Open(Bracket::Square, _) => {
                    let cast = self.after(at);
                    let is_cast = cast < end && !matches!(self.kind(cast), Some(TokenKind::Member(_)));
                    if !is_cast {
                        return None;
                    }
                    at = cast;
                    continue;
                }
                TokenKind::Open(Bracket::Round, close) if after == close.saturating_add(1) => {
                    match self.text_of((at + 1, *close), false, formats, deepest) {
                        Some(inner) => parts.extend(inner),
                        None => parts.push(self.unknown((at, after))),
                    }
                    at = after;
                }
                TokenKind::Variable(_) | TokenKind::Open(Bracket::Round | Bracket::Expression, _) => {
                    parts.push(self.unknown((at, after)));
                    at = after;
                }
                _ => return None,
            }
            while self.kind(at).is_some_and(|kind| *kind == TokenKind::Separator) && at < end {
                at += 1;
            }
            if at >= end {
                return Some(parts);
            }
            match &self.tokens[at].kind {
                TokenKind::Plus => at += 1,
                TokenKind::Parameter(name) if formats && self.written(*name).eq_ignore_ascii_case("f") => {
                    return Some(parts);
                }
                _ if is_argument && !self.tokens[at].spaced => {}
                _ => return None,
            }
            while self.kind(at).is_some_and(|kind| *kind == TokenKind::Separator) && at < end {
                at += 1;
            }
        }
    }

    fn unknown(&self, range: Range) -> Part {
        Part { range: self.span(range), kind: PartKind::Unknown, quoting: Quoted::Bare }
    }

    /// The text of a variable that is given one.
    fn source(&self, part: &Part, deepest: usize) -> Option<Vec<Part>> {
        let PartKind::Variable(name) = part.kind else { return None };
        let range = self.value(name)?;
        self.spend(self.span(range).len() as usize)?;
        self.text_of(range, false, false, deepest)
    }

    /// What a text says, with its places. What is one variable as a whole stands where its value is
    /// written.
    pub(super) fn passage(&self, parts: &[Part], place: Span, deepest: usize) -> Passage<'t> {
        match parts {
            [] => self.text.piece(Span::empty(place.start)),
            [part] if part.kind == PartKind::Literal => {
                let passage = self.text.piece(part.range);
                layer_of(part.quoting).map_or(passage.clone(), |layer| passage.within(layer))
            }
            [part] => {
                match deepest.checked_sub(1).and_then(|deepest| Some((self.source(part, deepest)?, deepest)))
                {
                    Some((source, deepest)) => self.passage(&source, part.range, deepest),
                    None => self.joined(parts, 0),
                }
            }
            _ => self.joined(parts, deepest),
        }
    }

    fn joined(&self, parts: &[Part], deepest: usize) -> Passage<'t> {
        let (main, layer) = layers(parts);
        let mut out = self.text.rewrite();
        for (at, part) in parts.iter().enumerate() {
            if part.kind == PartKind::Literal {
                out.copy(part.range);
                continue;
            }
            // What stands between two strings takes their quotes along, so that what is cut there is
            // cut outside of it.
            let mut range = part.range;
            if main.is_some_and(|main| main != part.quoting) {
                let is_main = |other: &&Part| Some(other.quoting) == main;
                let ordered = |first: u32, second: u32| first <= second;
                if let Some(before) = at.checked_sub(1).and_then(|at| parts.get(at)).filter(is_main)
                    && ordered(before.range.end, range.start)
                {
                    range.start = before.range.end;
                }
                if let Some(next) = parts.get(at + 1).filter(is_main)
                    && ordered(range.end, next.range.start)
                {
                    range.end = next.range.start;
                }
            }
            match part.kind {
                PartKind::Escape(character) => out.put(character.encode_utf8(&mut [0; 4]), range),
                _ => out.put_value(&self.said(part, deepest), range),
            }
        }
        out.finish(layer)
    }

    /// What a part says.
    pub(super) fn said(&self, part: &Part, deepest: usize) -> String {
        match part.kind {
            PartKind::Literal => return self.written(part.range).to_owned(),
            PartKind::Escape(character) => return character.to_string(),
            PartKind::Variable(_) | PartKind::Unknown => {}
        }
        let source = deepest.checked_sub(1).and_then(|deepest| Some((self.source(part, deepest)?, deepest)));
        if let Some((source, deepest)) = source {
            let said: String = source.iter().map(|part| self.said(part, deepest)).collect();
            if self.spend(said.len()).is_some() {
                return said;
            }
        }
        match part.kind {
            PartKind::Variable(name) => format!("${{{}}}", self.written(name)),
            _ => placeholder(self.written(part.range)),
        }
    }

    pub(super) fn spend(&self, bytes: usize) -> Option<()> {
        const LEAST: usize = 16;
        let left = self.left.get().checked_sub(bytes + LEAST);
        self.left.set(left.unwrap_or_default());
        left.map(|_| ())
    }

    /// References to variables in single quotes, in a text or in those that make it up.
    pub(super) fn references(
        &self,
        parts: &[Part],
        is_url: bool,
        deepest: usize,
        found: &mut Vec<Unexpanded<'t>>,
    ) {
        let Some(deepest) = deepest.checked_sub(1) else { return };
        for part in parts {
            if part.kind != PartKind::Literal {
                if let Some(source) = self.source(part, deepest) {
                    self.references(&source, is_url, deepest, found);
                }
                continue;
            }
            if !matches!(part.quoting, Quoted::Single | Quoted::SingleBlock) {
                continue;
            }
            let is_known = |name: &str| self.scopes.holds(name);
            for span in references(self.written(part.range), is_url, is_known) {
                let place = Span::new(part.range.start + span.start, part.range.start + span.end);
                found.push(Unexpanded { text: self.text.piece(place), quoting: Quoting::PowerShell });
            }
        }
    }
}

/// What stands for an expression: a reference of the same name, where it is one to a member.
pub(super) fn placeholder(written: &str) -> String {
    let inside = written.trim_start_matches(['$', '(']).trim_end_matches(')');
    let is_path = inside.len() < 60
        && inside.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.');
    if is_path && !inside.is_empty() { format!("${{{inside}}}") } else { "${…}".to_owned() }
}

/// How text is written in quotes.
fn layer_of(quoting: Quoted) -> Option<Layer> {
    match quoting {
        Quoted::Single => Some(Layer::PowerShellSingle),
        Quoted::Double => Some(Layer::PowerShellDouble),
        Quoted::DoubleBlock => Some(Layer::PowerShellBlock),
        Quoted::SingleBlock => None,
        Quoted::Bare => Some(Layer::Mixed),
    }
}

/// The quotes that all of a text is written in, and how text is written in them.
fn layers(parts: &[Part]) -> (Option<Quoted>, Option<Layer>) {
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return (None, None) };
    let main = first.quoting;
    let literal = |part: &&Part| part.kind == PartKind::Literal;
    let same = parts.iter().filter(literal).all(|part| part.quoting == main);
    // A value at either end stands outside of the quotes.
    if !same || last.quoting != main {
        return (None, Some(Layer::Mixed));
    }
    (Some(main), layer_of(main))
}

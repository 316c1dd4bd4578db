//! Hashtables, and the JSON that `ConvertTo-Json` makes of them.

use super::lexer::{Bracket, Part, PartKind, Quoted, TokenKind};
use super::script::{DEEPEST, Range, Script, placeholder};
use crate::text::{Layer, Passage, Rewriter, Span};

impl<'t> Script<'t> {
    /// The table that some tokens are, by itself or through a variable: the number of its bracket.
    pub(super) fn table(&self, range: Range) -> Option<usize> {
        let mut range = self.without_casts(range)?;
        for _ in 0..DEEPEST {
            match *self.kind(range.0)? {
                TokenKind::Open(Bracket::Table, _) if self.after(range.0) == range.1 => return Some(range.0),
                TokenKind::Open(Bracket::Round, close) if self.after(range.0) == range.1 => {
                    range = self.without_casts((range.0 + 1, close))?;
                }
                TokenKind::Variable(name) if range.0 + 1 == range.1 => {
                    range = self.without_casts(self.value(name)?)?;
                }
                _ => return None,
            }
        }
        None
    }

    /// The entries of a table: the key's token and the value's.
    pub(super) fn entries(&self, table: usize) -> Vec<(Range, usize, Range)> {
        let mut entries = Vec::new();
        let Some(close) = self.closing(table) else { return entries };
        let mut at = table + 1;
        while at < close {
            if self.kind(at).is_some_and(|kind| *kind == TokenKind::Separator) {
                at += 1;
                continue;
            }
            let end = self.statement_end(at, close).max(at + 1);
            let mut equals = at;
            while equals < end && self.kind(equals).is_some_and(|kind| *kind != TokenKind::Equals) {
                equals = self.after(equals);
            }
            let mut value = equals + 1;
            while value < end && self.kind(value).is_some_and(|kind| *kind == TokenKind::Separator) {
                value += 1;
            }
            if equals < end && value < end {
                entries.push(((at, equals), equals, (value, end)));
            }
            at = end;
        }
        entries
    }

    /// The JSON of a value.
    pub(super) fn transcribed(&self, range: Range) -> Passage<'t> {
        let mut out = self.text.rewrite();
        self.json(&mut out, range, DEEPEST);
        out.finish(Some(Layer::Transcribed))
    }

    /// A value without `[ordered]` and the like before it; `None` where it is turned into another kind
    /// of thing.
    fn without_casts(&self, range: Range) -> Option<Range> {
        let (mut at, end) = range;
        while let Some(TokenKind::Open(Bracket::Square, _)) = self.kind(at).filter(|_| at < end) {
            let after = self.after(at);
            if after >= end || !self.is_kept_by((at, after)) {
                return None;
            }
            at = after;
        }
        (at < end).then_some((at, end))
    }

    /// Whether a value stays the kind of thing that it is under a type, which some tokens name in its
    /// brackets.
    pub(super) fn is_kept_by(&self, range: Range) -> bool {
        const SAME: [&str; 12] = [
            "ordered",
            "pscustomobject",
            "hashtable",
            "psobject",
            "object",
            "int",
            "int32",
            "int64",
            "long",
            "bool",
            "double",
            "array",
        ];
        let name = self.written(self.span(range)).trim_matches(['[', ']']);
        SAME.iter().any(|same| same.eq_ignore_ascii_case(name))
    }

    fn json(&self, out: &mut Rewriter<'_>, range: Range, deepest: usize) {
        let written = deepest.checked_sub(1).and_then(|deepest| {
            let range = self.without_casts(range)?;
            self.known_json(out, range, deepest)
        });
        if written.is_none() {
            let place = self.span(range);
            out.put_value(&placeholder(self.written(place)), place);
        }
    }

    /// Writes a value, if it is known what it is; nothing otherwise.
    fn known_json(&self, out: &mut Rewriter<'_>, range: Range, deepest: usize) -> Option<()> {
        let (at, end) = range;
        let token = self.tokens.get(at)?;
        let whole = self.after(at) == end;
        match &token.kind {
            TokenKind::Open(Bracket::Table, close) if whole => {
                out.put("{", token.range);
                let mut before: Option<Range> = None;
                for (key, equals, value) in self.entries(at) {
                    if let Some(before) = before {
                        out.put(",", Span::empty(self.span(before).end));
                    }
                    self.key(out, key);
                    out.put(":", self.tokens[equals].range);
                    self.json(out, value, deepest);
                    before = Some(value);
                }
                out.put("}", self.span((*close, close + 1)));
            }
            TokenKind::Open(Bracket::List, close) if whole => {
                out.put("[", token.range);
                for (number, item) in self.items((at + 1, *close)).into_iter().enumerate() {
                    if number > 0 {
                        out.put(",", Span::empty(self.span(item).start));
                    }
                    self.json(out, item, deepest);
                }
                out.put("]", self.span((*close, close + 1)));
            }
            TokenKind::Open(Bracket::Round, close)
                if whole
                    && self
                        .text_of(range, false, false, deepest)?
                        .iter()
                        .all(|part| part.kind == PartKind::Unknown) =>
            {
                self.json(out, (at + 1, *close), deepest);
            }
            TokenKind::Variable(name) if whole => self.variable(out, *name, token.range, deepest)?,
            TokenKind::Text(Quoted::Bare, _) if whole => {
                let number = self.written(token.range);
                let is_number = number.parse::<f64>().is_ok() && !number.contains(['n', 'N', 'i', 'I', '+']);
                if !is_number {
                    return None;
                }
                out.copy(token.range);
            }
            _ => {
                let parts = self.text_of(range, false, false, deepest)?;
                let is_text = |part: &Part| part.quoting != Quoted::Bare;
                if !matches!(token.kind, TokenKind::Text(..)) && !parts.iter().any(is_text) {
                    return None;
                }
                self.string(out, &parts, self.span(range), deepest);
            }
        }
        Some(())
    }

    fn variable(&self, out: &mut Rewriter<'_>, name: Span, place: Span, deepest: usize) -> Option<()> {
        let constant = ["true", "false", "null"];
        if let Some(constant) =
            constant.iter().find(|constant| constant.eq_ignore_ascii_case(self.written(name)))
        {
            out.put(constant, place);
            return Some(());
        }
        let value = self.without_casts(self.value(name)?)?;
        let structured = matches!(self.kind(value.0)?, TokenKind::Open(Bracket::Table | Bracket::List, _));
        if structured {
            // As often as it is named: so that it cannot grow without end, the bound is on the bytes.
            self.spend(self.span(value).len() as usize)?;
            return self.known_json(out, value, deepest);
        }
        let mut scalar = self.text.rewrite();
        self.spend(self.span(value).len() as usize)?;
        self.known_json(&mut scalar, value, deepest)?;
        out.put_value(scalar.as_str(), place);
        Some(())
    }

    /// The items of a list: what commas and the ends of lines part.
    fn items(&self, range: Range) -> Vec<Range> {
        let mut items = Vec::new();
        let mut start = range.0;
        let mut at = range.0;
        while at <= range.1 {
            let ends = at == range.1
                || self.kind(at).is_some_and(|kind| matches!(kind, TokenKind::Comma | TokenKind::Separator));
            if ends && start < at {
                items.push((start, at));
            }
            let next = if at < range.1 { self.after(at) } else { at + 1 };
            if ends {
                start = next;
            }
            at = next;
        }
        items
    }

    fn key(&self, out: &mut Rewriter<'_>, range: Range) {
        let place = self.span(range);
        match self.kind(range.0) {
            Some(TokenKind::Text(_, parts)) if range.0 + 1 == range.1 => self.string(out, parts, place, 1),
            _ => out.put_value(&format!("\"{}\"", placeholder(self.written(place))), place),
        }
    }

    fn string(&self, out: &mut Rewriter<'_>, parts: &[Part], place: Span, deepest: usize) {
        out.put("\"", Span::empty(place.start));
        for part in parts {
            if part.kind != PartKind::Literal {
                out.put_value(&escaped(&self.said(part, deepest)), part.range);
                continue;
            }
            let text = self.written(part.range);
            let mut from = 0;
            for (at, character) in text.char_indices().filter(|(_, character)| is_special(*character)) {
                let start = part.range.start as usize;
                out.copy(Span::from_usize(start + from, start + at));
                let end = at + character.len_utf8();
                out.put(&escaped(&text[at..end]), Span::from_usize(start + at, start + end));
                from = end;
            }
            out.copy(Span::new(part.range.start + Span::from_usize(from, from).start, part.range.end));
        }
        out.put("\"", Span::empty(place.end));
    }
}

const fn is_special(character: char) -> bool {
    matches!(character, '"' | '\\' | '\0'..='\u{1f}')
}

/// A text as it is written between the quotes of JSON.
fn escaped(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

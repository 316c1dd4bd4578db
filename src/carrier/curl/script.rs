//! What the variables of a script hold, and what its words say with them.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};

use super::lexer::{Command, Input, Open, Piece, PieceKind, Quoted, Script, Word};
use super::options::leading;
use super::runs::is_curl;
use super::values::Values;
use crate::carrier::references::{is_name, references};
use crate::request::{OpenQuote, Quoting, Unexpanded};
use crate::text::{Layer, Passage, Span};

/// How deep the values of variables may name others.
const DEEPEST: usize = 8;

/// A script that was read.
pub(super) struct Reader<'t> {
    text: &'t Passage<'t>,
    script: Script,
    values: Values<'t>,
    /// The variables whose value is in a quote that is left open.
    open: HashMap<&'t str, Open>,
    /// How many bytes of values may still be written.
    left: Cell<usize>,
}

/// What a command prints.
pub(super) enum Printed {
    Text(Word),
    /// All of a file of this name.
    File(Word),
}

impl Printed {
    pub(super) fn text(self) -> Option<Word> {
        match self {
            Self::Text(word) => Some(word),
            Self::File(_) => None,
        }
    }
}

/// What a variable stands for, where a command is named by it.
pub(super) enum Stands {
    /// `curl`, perhaps with options.
    Curl {
        more: bool,
    },
    Other,
}

/// The name and the length of what stands before the value, in `NAME=value`.
pub(super) fn assignment<'t>(word: &Word, text: &'t str) -> Option<(&'t str, usize)> {
    let (name, _) = leading(word, text).split_once('=')?;
    let bare = word.pieces.first()?.quoting == Quoted::Bare;
    let plain = name.strip_suffix('+').unwrap_or(name);
    (bare && is_name(plain)).then_some((name, name.len() + 1))
}

impl<'t> Reader<'t> {
    pub(super) fn of(text: &'t Passage<'t>) -> Self {
        let file = text.as_str();
        let mut script = Script::read(file);
        let values = Values::of(&mut script, file);
        let mut open = HashMap::new();
        for command in &script.commands {
            let Some(quote) = command.open else { continue };
            for word in &command.words {
                if let Some((name, _)) = assignment(word, file)
                    && word.range.contains(quote.early.unwrap_or(quote.quote))
                {
                    open.insert(name.trim_end_matches('+'), quote);
                }
            }
        }
        let left = Cell::new(file.len().saturating_mul(16).saturating_add(1 << 16));
        Self { text, script, values, open, left }
    }

    pub(super) fn text(&self) -> &'t Passage<'t> {
        self.text
    }

    /// Whether a quote is left open in it.
    pub(super) const fn is_open(&self) -> bool {
        self.script.is_open
    }

    /// The quote that is left open around the value of a variable, where a word is that and no more.
    pub(super) fn open_in(&self, word: &Word) -> Option<Open> {
        match only(&word.pieces)?.kind {
            PieceKind::Variable { name, .. } => self.open.get(name.slice(self.text.as_str())).copied(),
            _ => None,
        }
    }

    /// A quote that is left open, as what a request sends.
    pub(super) fn open_quote(&self, open: Open) -> OpenQuote<'t> {
        let escaped = match open.early.unwrap_or(open.quote).slice(self.text.as_str()) {
            "'" => r"'\''",
            "\"" => r#"\""#,
            _ => r"\'",
        };
        OpenQuote {
            quote: self.text.piece(open.quote),
            early: open.early.map(|early| self.text.piece(early)),
            escaped: Some(escaped),
        }
    }

    /// The URL of the API that stands after a quote which is left open, before the next call.
    pub(super) fn url_after(&self, quote: Span) -> Option<Word> {
        let text = self.text.as_str();
        let from = quote.range().end;
        let rest = &text[from..];
        let end = ["\ncurl ", "\n\n"].into_iter().filter_map(|end| rest.find(end)).min();
        let rest = &rest[..end.unwrap_or(rest.len())];
        let parts = |character: char| character.is_whitespace() || matches!(character, '\'' | '"');
        let url = rest.split(parts).find(|word| word.contains("/api/v2/conversations/"))?;
        let start = from + rest.find(url)?;
        let range = Span::from_usize(start, start + url.len());
        Some(whole(vec![Piece { range, kind: PieceKind::Literal, quoting: Quoted::Bare }]))
    }

    pub(super) fn commands(&self) -> &[Command] {
        &self.script.commands
    }

    pub(super) fn document(&self, number: usize) -> Word {
        whole(self.script.documents.get(number).cloned().unwrap_or_default())
    }

    /// What a command prints, where that is written in the script. `deepest` bounds how many commands
    /// it may come through.
    pub(super) fn printed(&self, number: usize, deepest: usize) -> Option<Printed> {
        let file = self.text.as_str();
        let command = self.script.commands.get(number)?;
        let words: Vec<_> = command.words.iter().map(|word| word.range.slice(file)).collect();
        match (words.as_slice(), &command.input) {
            (["cat"] | ["cat", "-"], Input::Document(number)) => Some(Printed::Text(self.document(*number))),
            (["cat"] | ["cat", "-"], Input::Text(word)) => Some(Printed::Text(word.clone())),
            (["cat"] | [], Input::File(name)) => Some(Printed::File(name.clone())),
            (["cat"], Input::Pipe(Some(before))) => self.printed(*before, deepest.checked_sub(1)?),
            (["cat", name], _) if !name.starts_with('-') => Some(Printed::File(command.words[1].clone())),
            (
                ["echo", _]
                | ["echo", "-n" | "-E" | "-nE", _]
                | ["printf", "%s" | "'%s'" | "\"%s\"" | "'%s\\n'" | "\"%s\\n\"", _],
                _,
            ) => {
                let word = command.words.last()?;
                // Shells do not agree on what `echo` does with a backslash.
                let plain = words[0] == "printf" || !word.range.slice(file).contains('\\');
                (plain && !word.range.slice(file).starts_with('-')).then(|| Printed::Text(word.clone()))
            }
            (["printf", _, _, ..], _) => {
                self.formatted(&command.words[1], words.len() - 2).map(Printed::Text)
            }
            _ => None,
        }
    }

    /// What `printf` makes of a format and as many values: what they are is not looked for.
    fn formatted(&self, format: &Word, values: usize) -> Option<Word> {
        let file = self.text.as_str();
        let mut pieces = Vec::new();
        let mut left = values;
        for piece in &format.pieces {
            match piece.kind {
                PieceKind::Literal => {}
                PieceKind::Escape(character) if !matches!(character, '%' | '\\') => {
                    pieces.push(*piece);
                    continue;
                }
                _ => return None,
            }
            let start = piece.range.start;
            let said = piece.range.slice(file);
            // A line that is ended.
            let said = if piece.range.end == format.pieces.last()?.range.end {
                said.strip_suffix("\\n").unwrap_or(said)
            } else {
                said
            };
            if said.contains('\\') {
                return None;
            }
            let mut put = |from: usize, to: usize, kind: PieceKind| {
                let span = Span::from_usize(from, to);
                if !span.is_empty() {
                    let range = Span::new(start + span.start, start + span.end);
                    pieces.push(Piece { range, kind, quoting: piece.quoting });
                }
            };
            let mut from = 0;
            for at in memchr::memchr_iter(b'%', said.as_bytes()) {
                if !matches!(said.as_bytes().get(at + 1), Some(b's' | b'd' | b'i' | b'u')) {
                    return None;
                }
                left = left.checked_sub(1)?;
                put(from, at, PieceKind::Literal);
                from = at + 2;
                put(at, from, PieceKind::Unknown);
            }
            put(from, said.len(), PieceKind::Literal);
        }
        // For more values, the format is used again.
        (left == 0 && !format.range.slice(file).starts_with('-'))
            .then_some(Word { range: format.range, pieces })
    }

    /// The commands in `$(…)`: what they print, if one of them prints all of it.
    fn output(&self, kind: PieceKind) -> Option<Printed> {
        let PieceKind::Output { first, end } = kind else { return None };
        let last = end.checked_sub(1).filter(|last| *last >= first)?;
        // Before the last there may be others only as the beginning of its pipe.
        let single = (first..last).all(|number| self.leads_to(number, last));
        if single { self.printed(last, 3) } else { None }
    }

    fn leads_to(&self, number: usize, last: usize) -> bool {
        let next = self.script.commands.get(number + 1);
        number < last
            && next.is_some_and(|next| matches!(next.input, Input::Pipe(Some(before)) if before == number))
    }

    /// The file that all of a word is taken from: `"$(cat body.json)"`.
    pub(super) fn file_in(&self, word: &Word) -> Option<Word> {
        let mut piece = *only(&word.pieces)?;
        for _ in 0..DEEPEST {
            match piece.kind {
                PieceKind::Variable { .. } => piece = *only(&self.source(&piece)?.pieces)?,
                _ => match self.output(piece.kind)? {
                    Printed::File(name) => return Some(name),
                    Printed::Text(_) => return None,
                },
            }
        }
        None
    }

    /// The value of a variable, where a piece is one that the script surely gives a value.
    fn source(&self, piece: &Piece) -> Option<&Word> {
        match piece.kind {
            PieceKind::Variable { name, plain: true } => Some(self.values.value(name)?.1),
            _ => None,
        }
    }

    /// From where on the value holds that a variable surely has at a place.
    pub(super) fn given(&self, name: Span) -> Option<usize> {
        self.values.value(name).map(|(from, _)| from)
    }

    /// What stands for a piece that is a variable, or what a command prints, where that is known.
    pub(super) fn behind(&self, piece: &Piece) -> Option<Word> {
        self.source(piece).cloned().or_else(|| self.output(piece.kind).and_then(Printed::text))
    }

    /// Whether the shell makes one word of this one: a value that is not in quotes is split.
    pub(super) fn is_one_word(&self, word: &Word) -> bool {
        word.pieces.iter().filter(|piece| piece.quoting == Quoted::Bare).all(|piece| {
            match self.source(piece) {
                Some(value) => !value.range.slice(self.text.as_str()).contains([' ', '\t', '\n']),
                None => !matches!(piece.kind, PieceKind::Output { .. }) || word.pieces.len() == 1,
            }
        })
    }

    /// Whether a word may be any number of words, options among them, once the shell has filled it in:
    /// `$OPTIONS`, `"${options[@]}"`, `"$@"`.
    pub(super) fn may_be_options(&self, word: &Word) -> bool {
        let text = self.text.as_str();
        let Some(piece) = only(&word.pieces) else { return false };
        if matches!(piece.kind, PieceKind::Literal | PieceKind::Escape(_)) {
            return false;
        }
        let all = piece.range.slice(text);
        if all.contains("[@]") || all.contains("[*]") || matches!(all, "$@" | "${@}" | "$*") {
            return true;
        }
        match self.source(piece) {
            _ if piece.quoting != Quoted::Bare => false,
            Some(value) => !self.is_one_word(word) || leading(value, text).starts_with('-'),
            None => true,
        }
    }

    /// What a word stands for that names a command, if it is a variable.
    pub(super) fn stands_for(&self, word: &Word) -> Option<Stands> {
        let piece = only(&word.pieces)?;
        let PieceKind::Variable { name, .. } = piece.kind else { return None };
        let text = self.text.as_str();
        let value =
            self.source(piece).and_then(|value| only(&value.pieces)).map(|piece| piece.range.slice(text));
        Some(match value.map(|value| value.split_once([' ', '\t']).unwrap_or((value, ""))) {
            Some((first, rest)) if is_curl(first) => Stands::Curl { more: !rest.is_empty() },
            // `CURL=$(command -v curl)`
            _ if name.slice(text).to_ascii_lowercase().contains("curl") => Stands::Curl { more: true },
            _ => Stands::Other,
        })
    }

    /// Whether nothing of a word is known.
    pub(super) fn is_unknown(&self, word: &Word) -> bool {
        let mut pieces = word.pieces.as_slice();
        let mut value;
        for _ in 0..DEEPEST {
            let Some(piece) = only(pieces) else { return false };
            value = match piece.kind {
                PieceKind::Literal | PieceKind::Escape(_) => return false,
                PieceKind::Variable { .. } => self.source(piece).cloned(),
                kind => self.output(kind).and_then(Printed::text),
            };
            match &value {
                Some(word) => pieces = &word.pieces,
                None => return true,
            }
        }
        true
    }

    /// What a word says, with its places. What is one variable as a whole stands where its value is
    /// written.
    pub(super) fn passage(&self, word: &Word) -> Passage<'t> {
        self.said(word, DEEPEST)
    }

    /// What words say with a blank between them.
    pub(super) fn together(&self, words: &[Word]) -> Passage<'t> {
        if let [word] = words {
            return self.passage(word);
        }
        let mut out = self.text.rewrite();
        for word in words {
            if !out.as_str().is_empty() {
                out.put(" ", Span::empty(word.range.start));
            }
            out.append(&self.passage(word));
        }
        out.finish(Some(Layer::Mixed))
    }

    fn said(&self, word: &Word, deepest: usize) -> Passage<'t> {
        let Some(piece) = only(&word.pieces) else { return self.joined(word, deepest) };
        if piece.kind == PieceKind::Literal {
            let passage = self.text.piece(piece.range);
            return layer_of(piece.quoting).map_or(passage.clone(), |layer| passage.within(layer));
        }
        let source = self.source(piece).cloned().or_else(|| self.output(piece.kind).and_then(Printed::text));
        match (source, deepest.checked_sub(1)) {
            (Some(source), Some(deepest))
                if self.spend(source.range.len() as usize) && !self.is_fragment(&source, deepest) =>
            {
                self.said(&source, deepest)
            }
            _ => self.joined(word, 0),
        }
    }

    fn joined(&self, word: &Word, deepest: usize) -> Passage<'t> {
        let (main, layer) = layers(&word.pieces);
        let mut out = self.text.rewrite();
        let pieces = &word.pieces;
        for (at, piece) in pieces.iter().enumerate() {
            if piece.kind == PieceKind::Literal {
                out.copy(piece.range);
                continue;
            }
            // What does not stand in the main quotes takes those around it along, so that what is cut
            // there is cut outside of them.
            let mut range = piece.range;
            if Some(piece.quoting) != main && main.is_some() {
                let before = at.checked_sub(1).and_then(|at| pieces.get(at));
                range.start = before.map_or(range.start, |before| between(before, piece, main));
                range.end = pieces.get(at + 1).map_or(range.end, |next| between(piece, next, main));
            }
            match piece.kind {
                PieceKind::Escape(character) => out.put(character.encode_utf8(&mut [0; 4]), range),
                _ => out.put_value(&self.value(piece, deepest), range),
            }
        }
        let passage: Passage<'t> = out.finish(layer);
        if passage.is_empty() { self.text.piece(Span::empty(word.range.start)) } else { passage }
    }

    /// What stands for a piece that the shell fills in.
    fn value(&self, piece: &Piece, deepest: usize) -> String {
        let source = self.source(piece).cloned().or_else(|| self.output(piece.kind).and_then(Printed::text));
        let splits =
            |word: &Word| piece.quoting == Quoted::Bare && word.range.slice(self.text.as_str()).contains(' ');
        if let (Some(source), Some(deepest)) = (source.filter(|word| !splits(word)), deepest.checked_sub(1))
            && self.spend(source.range.len() as usize)
        {
            let out = self.filled_in(&source, deepest);
            if self.spend(out.len()) && !is_fragment(&out) {
                return out;
            }
        }
        match piece.kind {
            PieceKind::Variable { name, .. } => format!("${{{}}}", name.slice(self.text.as_str())),
            _ => "${…}".to_owned(),
        }
    }

    /// A word with what stands for the pieces that the shell fills in.
    fn filled_in(&self, word: &Word, deepest: usize) -> String {
        let mut out = String::new();
        for piece in &word.pieces {
            match piece.kind {
                PieceKind::Literal => out.push_str(piece.range.slice(self.text.as_str())),
                PieceKind::Escape(character) => out.push(character),
                _ => out.push_str(&self.value(piece, deepest)),
            }
        }
        out
    }

    /// See [`is_fragment`].
    fn is_fragment(&self, word: &Word, deepest: usize) -> bool {
        let is_plain = |piece: &Piece| matches!(piece.kind, PieceKind::Literal | PieceKind::Escape(_));
        !word.pieces.iter().all(is_plain) && is_fragment(&self.filled_in(word, deepest))
    }

    fn spend(&self, bytes: usize) -> bool {
        const LEAST: usize = 16;
        let left = self.left.get().checked_sub(bytes + LEAST);
        self.left.set(left.unwrap_or_default());
        left.is_some()
    }

    /// References to variables in quotes that do not expand them, in a word or the values that make it
    /// up.
    pub(super) fn references(&self, pieces: &[Piece], is_url: bool) -> Vec<Unexpanded<'t>> {
        let mut found = Vec::new();
        let mut seen = HashSet::new();
        let mut left: Vec<(Piece, usize)> = pieces.iter().map(|piece| (*piece, DEEPEST)).collect();
        while let Some((piece, deepest)) = left.pop() {
            if !seen.insert(piece.range) {
                continue;
            }
            if piece.kind == PieceKind::Literal {
                let quoting = match piece.quoting {
                    Quoted::Single => Quoting::Shell,
                    Quoted::Verbatim => Quoting::ShellDocument,
                    _ => continue,
                };
                let references = self.references_in(piece.range, is_url);
                found.extend(references.into_iter().map(|text| Unexpanded { text, quoting }));
                continue;
            }
            let source =
                self.source(&piece).cloned().or_else(|| self.output(piece.kind).and_then(Printed::text));
            if let (Some(source), Some(deepest)) = (source, deepest.checked_sub(1))
                && self.spend(source.range.len() as usize)
            {
                left.extend(source.pieces.into_iter().map(|piece| (piece, deepest)));
            }
        }
        found.sort_by_key(|reference| reference.text.span());
        found
    }

    fn references_in(&self, range: Span, is_url: bool) -> Vec<Passage<'t>> {
        let is_known = |name: &str| {
            let shouts = name.len() > 1 && name.bytes().all(|byte| !byte.is_ascii_lowercase());
            shouts || self.values.holds(name)
        };
        references(range.slice(self.text.as_str()), is_url, is_known)
            .into_iter()
            .map(|span| Span::new(range.start + span.start, range.start + span.end))
            // What a script around this one fills in is no reference here.
            .filter(|span| !self.text.holds_value_in(*span))
            .map(|span| self.text.piece(span))
            .collect()
    }
}

/// The only piece of a word.
fn only(pieces: &[Piece]) -> Option<&Piece> {
    match pieces {
        [piece] => Some(piece),
        _ => None,
    }
}

/// Where the first of two pieces ends and the second begins, if one of them stands outside of the main
/// quotes. Between two that do, empty quotes may be left: half of those is for each.
fn between(first: &Piece, second: &Piece, main: Option<Quoted>) -> u32 {
    let (end, start) = (first.range.end, second.range.start);
    match () {
        () if Some(first.quoting) == main => end,
        () if Some(second.quoting) == main => start,
        () => end + start.saturating_sub(end) / 2,
    }
}

/// All of some pieces, as a word.
pub(super) fn whole(pieces: Vec<Piece>) -> Word {
    let range = match (pieces.first(), pieces.last()) {
        (Some(first), Some(last)) => first.range.join(last.range),
        _ => Span::default(),
    };
    Word { range, pieces }
}

/// Whether a command may follow a word.
pub(super) fn is_keyword(word: &str) -> bool {
    matches!(word, "if" | "then" | "elif" | "else" | "while" | "until" | "do" | "{" | "!" | "time")
}

/// How text is written in quotes.
fn layer_of(quoting: Quoted) -> Option<Layer> {
    match quoting {
        Quoted::Single => Some(Layer::ShellSingle),
        Quoted::Double => Some(Layer::ShellDouble),
        Quoted::Document => Some(Layer::ShellDocument),
        Quoted::Verbatim => None,
        Quoted::Ansi => Some(Layer::ShellAnsi),
        Quoted::Bare => Some(Layer::Mixed),
    }
}

/// The quotes that all text of a word is written in, and how text is written in them.
fn layers(pieces: &[Piece]) -> (Option<Quoted>, Option<Layer>) {
    let written = |piece: &&Piece| piece.kind == PieceKind::Literal;
    let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else { return (None, None) };
    let main = first.quoting;
    let same = pieces.iter().filter(written).all(|piece| piece.quoting == main);
    // A value at either end stands outside of the quotes.
    if !same || last.quoting != main {
        return (None, Some(Layer::Mixed));
    }
    (Some(main), layer_of(main))
}

/// Whether a text holds something that is not known, and has brackets that are closed or opened in that: a
/// body in the making, of which nothing can be said.
fn is_fragment(text: &str) -> bool {
    let mut depth = 0i32;
    let mut rest = text;
    let mut is_known = true;
    while let Some(at) = rest.find(['{', '}', '[', ']', '$']) {
        let (before, here) = rest.split_at(at);
        rest = &here[1..];
        match here.as_bytes()[0] {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            // An unknown value, as it is written here.
            _ if here.starts_with("${") && !before.ends_with('\\') => {
                let Some(end) = here.find('}') else { return false };
                is_known = false;
                rest = &here[end + 1..];
            }
            _ => {}
        }
    }
    !is_known && depth != 0
}

//! Variables that are used for something else than the requests to the API, which would change with them.

use std::collections::HashMap;

use super::lexer::{Command, Input, Piece, PieceKind, Word};
use super::options::calls;
use super::runs::{Runs, runs};
use super::script::{Reader, assignment};
use crate::carrier::{names_conversations, references::name_at};
use crate::text::Span;

/// How deep the values of variables may name others.
const DEEPEST: usize = 8;

/// What the text of a variable is used for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// To be sent to the API.
    Request,
    /// To be shown.
    Display,
    Other,
}

/// The places at which variables are used for something else, by the name and from where on the value
/// holds that they have there, if that is known; of each, no more than two.
pub(super) struct Uses<'t>(HashMap<(&'t str, Option<usize>), Vec<Span>>);

impl<'t> Uses<'t> {
    pub(super) fn of(reader: &Reader<'t>) -> Self {
        let commands = reader.commands();
        // The commands that take what others print.
        let mut takers: Vec<Option<usize>> = vec![None; commands.len()];
        for (number, command) in commands.iter().enumerate() {
            if let Input::Pipe(Some(before)) = command.input
                && let Some(taker) = takers.get_mut(before)
            {
                *taker = Some(number);
            }
            for piece in command.words.iter().flat_map(|word| &word.pieces) {
                let PieceKind::Output { first, end } = piece.kind else { continue };
                for taker in takers.iter_mut().take(end.min(number)).skip(first) {
                    *taker = taker.or(Some(number));
                }
            }
        }
        let mut purposes = vec![Purpose::Other; commands.len()];
        let mut uses = Self(HashMap::new());
        for (number, command) in commands.iter().enumerate().rev() {
            let own = purpose(command, reader);
            let taker = takers[number].filter(|taker| own != Purpose::Request && *taker > number);
            purposes[number] = taker.map_or(own, |taker| purposes[taker]);
            if purposes[number] == Purpose::Other {
                uses.add(command, reader);
            }
        }
        uses
    }

    fn add(&mut self, command: &Command, reader: &Reader<'t>) {
        let text = reader.text().as_str();
        for word in &command.words {
            if let Some(name) = assignment(word, text).and_then(|(name, _)| name.strip_suffix('+')) {
                self.note((name, None), word.range);
            }
        }
        let mut pieces: Vec<Piece> = command.words.iter().flat_map(|word| word.pieces.clone()).collect();
        match &command.input {
            Input::Text(word) | Input::File(word) => pieces.extend(&word.pieces),
            Input::Document(number) => pieces.extend(reader.document(*number).pieces),
            Input::Pipe(_) | Input::Inherited => {}
        }
        for piece in pieces {
            match piece.kind {
                PieceKind::Variable { name, .. } => {
                    self.note((name.slice(text), reader.given(name)), piece.range);
                }
                PieceKind::Unknown => {
                    let inside = piece.range.slice(text);
                    for at in memchr::memchr_iter(b'$', inside.as_bytes()) {
                        let name = name_at(inside[at + 1..].trim_start_matches('{'));
                        self.note((name, None), piece.range);
                    }
                }
                _ => {}
            }
        }
    }

    fn note(&mut self, name: (&'t str, Option<usize>), place: Span) {
        let places = self.0.entry(name).or_default();
        if places.len() < 2 {
            places.push(place);
        }
    }

    /// Whether what a word says stands in a variable that is used elsewhere.
    pub(super) fn shares(&self, word: &Word, reader: &Reader<'t>) -> bool {
        let mut word = word.clone();
        for _ in 0..DEEPEST {
            let [piece] = word.pieces.as_slice() else { return false };
            if let PieceKind::Variable { name, .. } = piece.kind {
                let said = name.slice(reader.text().as_str());
                let is_other = |given| {
                    let places = self.0.get(&(said, given));
                    places.is_some_and(|places| places.iter().any(|place| *place != piece.range))
                };
                // Where it is not known which value it has, it may be any.
                if is_other(None) || is_other(reader.given(name)) {
                    return true;
                }
            }
            let Some(next) = reader.behind(piece) else { return false };
            word = next;
        }
        true
    }
}

fn purpose(command: &Command, reader: &Reader<'_>) -> Purpose {
    const SHOW: [&str; 6] = ["echo", "printf", "[", "[[", "test", ":"];
    let text = reader.text().as_str();
    match runs(command, reader) {
        Some(Runs::Curl(called)) => {
            let all = calls(&called.words, text, |word| reader.may_be_options(word));
            let is_ours = |url: &Word| names_conversations(reader.passage(url).as_str());
            let mut urls = all.iter().flat_map(|call| &call.urls).peekable();
            let known = urls.peek().is_some();
            if known && urls.all(|url| is_ours(url)) { Purpose::Request } else { Purpose::Other }
        }
        Some(_) => Purpose::Other,
        None => {
            let first = command.words.first().map_or("", |word| word.range.slice(text));
            if SHOW.contains(&first) { Purpose::Display } else { Purpose::Other }
        }
    }
}

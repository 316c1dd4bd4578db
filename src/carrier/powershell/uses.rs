//! Variables that are used for something else than the requests to the API, which would change with them.

use std::collections::HashSet;

use super::lexer::{PartKind, TokenKind};
use super::script::{DEEPEST, Range, Script};
use super::{Call, is_call};
use crate::carrier::{names_conversations, references::name_at};
use crate::text::{Passage, Span};

/// Where the values of such variables stand in the file: in its order, apart from each other.
pub(super) struct Shared(Vec<Span>);

impl Shared {
    pub(super) fn of(script: &Script<'_>) -> Self {
        let ours = ours(script);
        let mut left = Vec::new();
        for number in (0..script.tokens.len()).filter(|number| !ours[*number]) {
            let is_target = script.kind(number + 1).is_some_and(|kind| *kind == TokenKind::Equals);
            if !is_target {
                left.extend(names_in(script, number));
            }
        }
        // What a shared value is made of is shared too.
        let (mut seen, mut said, mut spans) = (HashSet::new(), HashSet::new(), Vec::new());
        while let Some(name) = left.pop() {
            let values = script.value(name).map(|value| vec![value]);
            for value in values.unwrap_or_else(|| script.candidates(name, &mut said)) {
                if seen.insert(value) {
                    spans.push(script.span(value));
                    left.extend((value.0..value.1).flat_map(|number| names_in(script, number)));
                }
            }
        }
        let mut spans: Vec<_> = spans.into_iter().map(|span| script.text.span_of(span)).collect();
        spans.sort_unstable();
        spans.dedup_by(|next, last| {
            let meets = next.start <= last.end;
            if meets {
                *last = last.join(*next);
            }
            meets
        });
        Self(spans)
    }

    /// Whether a part of a text stands in one of them.
    pub(super) fn holds(&self, text: &Passage<'_>) -> bool {
        text.sources().iter().any(|source| {
            let next = self.0.partition_point(|span| span.end <= source.start);
            self.0.get(next).is_some_and(|span| span.start < source.end)
        })
    }
}

/// Which tokens are for nothing but requests to the API, or to be shown.
fn ours(script: &Script<'_>) -> Vec<bool> {
    const SHOW: [&str; 4] = ["Write-Host", "Write-Verbose", "Write-Debug", "Write-Information"];
    let mut ours = vec![false; script.tokens.len()];
    let mut left: Vec<Range> = Vec::new();
    for at in 0..script.tokens.len() {
        if is_call(script, at) {
            let call = Call::read(script, at);
            if is_to_api(&call, script) {
                left.extend(call.given.values().map(|(range, _)| *range));
            }
        } else if script.is_word(at, &SHOW) {
            let ends = |number: &usize| {
                matches!(script.kind(*number), None | Some(TokenKind::Separator | TokenKind::Pipe))
            };
            left.push((at, (at..=script.tokens.len()).find(ends).unwrap_or(at)));
        }
    }
    while let Some((from, to)) = left.pop() {
        if ours.get(from).is_none_or(|known| *known) {
            continue;
        }
        for number in from..to.min(ours.len()) {
            ours[number] = true;
            left.extend(names_in(script, number).into_iter().filter_map(|name| script.value(name)));
        }
    }
    ours
}

fn is_to_api(call: &Call, script: &Script<'_>) -> bool {
    let url = call.text(script, "uri", true);
    url.is_some_and(|(parts, place)| names_conversations(script.passage(&parts, place, DEEPEST).as_str()))
}

/// The names of the variables in a token.
fn names_in(script: &Script<'_>, number: usize) -> Vec<Span> {
    match script.kind(number) {
        Some(TokenKind::Variable(name) | TokenKind::Splat(name)) => vec![*name],
        Some(TokenKind::Text(_, parts)) => {
            let mut names = Vec::new();
            for part in parts {
                match part.kind {
                    PartKind::Variable(name) => names.push(name),
                    PartKind::Unknown => {
                        let said = script.written(part.range);
                        let start = part.range.start as usize;
                        names.extend(memchr::memchr_iter(b'$', said.as_bytes()).map(|at| {
                            let len = name_at(&said[at + 1..]).len();
                            Span::from_usize(start + at + 1, start + at + 1 + len)
                        }));
                    }
                    PartKind::Literal | PartKind::Escape(_) => {}
                }
            }
            names
        }
        _ => Vec::new(),
    }
}

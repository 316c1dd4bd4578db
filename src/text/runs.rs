//! The parts of a passage, and where each comes from.

use std::cell::OnceCell;

use crate::text::Span;
use crate::text::escapes::escapes;

/// Bytes of the text that come from one place of the file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    /// Offset of the first of them in the text; they go on to the next run.
    pub(super) at: u32,
    /// Where they come from.
    pub(super) source: Span,
    pub(super) kind: RunKind,
}

/// How a part of the text stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RunKind {
    /// As it reads, byte for byte.
    Verbatim,
    /// Written otherwise: an escape, or nothing at all.
    Written,
    /// As the name of something that has this value.
    Named,
    /// As a reference to what stands elsewhere too, and is changed there.
    Shared,
}

impl Run {
    pub(super) const fn is_verbatim(self) -> bool {
        matches!(self.kind, RunKind::Verbatim)
    }

    pub(super) const fn start_of(self, offset: u32) -> u32 {
        if self.is_verbatim() { self.source.start + (offset - self.at) } else { self.source.start }
    }
}

/// The parts of a passage, in the order of its text.
#[derive(Clone, Debug)]
pub(super) enum Runs<'t> {
    /// These. None where the text stands in the file just as it reads.
    Listed(Vec<Run>),
    /// Those of a string of JSON that has escapes: they are listed once they are asked for, as most are
    /// read without a finding.
    Escaped {
        /// The string as it is written, between its quotes.
        source: &'t str,
        /// Where that begins.
        origin: u32,
        /// The parts, once they were asked for.
        listed: OnceCell<Vec<Run>>,
    },
}

impl Default for Runs<'_> {
    fn default() -> Self {
        Self::Listed(Vec::new())
    }
}

impl<'t> Runs<'t> {
    /// Those of a string of JSON, as it is written at an offset.
    pub(super) const fn escaped(source: &'t str, origin: u32) -> Self {
        Self::Escaped { source, origin, listed: OnceCell::new() }
    }

    /// The same, listed.
    pub(super) fn list(&self) -> &[Run] {
        match self {
            Self::Listed(runs) => runs,
            Self::Escaped { source, origin, listed } => listed.get_or_init(|| of_escapes(source, *origin)),
        }
    }

    /// Whether the text stands in the file just as it reads.
    pub(super) const fn is_verbatim(&self) -> bool {
        match self {
            Self::Listed(runs) => runs.is_empty(),
            Self::Escaped { .. } => false,
        }
    }

    /// The parts that stand for the value of something that is named in their place, each with the index
    /// of the part.
    pub(super) fn named(&self) -> impl Iterator<Item = (usize, Run)> {
        let runs = match self {
            Self::Listed(runs) => runs.as_slice(),
            // An escape names nothing.
            Self::Escaped { .. } => &[],
        };
        runs.iter().copied().enumerate().filter(|(_, run)| run.kind == RunKind::Named)
    }
}

fn of_escapes(source: &str, origin: u32) -> Vec<Run> {
    let backslashes = memchr::memchr_iter(b'\\', source.as_bytes()).count();
    let mut runs = Vec::with_capacity(2 * backslashes + 1);
    let (mut at, mut read) = (0, 0);
    let place = |start: usize, end: usize| {
        let place = Span::from_usize(start, end);
        Span::new(origin + place.start, origin + place.end)
    };
    let copy = |runs: &mut Vec<Run>, at: &mut u32, start: usize, end: usize| {
        let source = place(start, end);
        if !source.is_empty() {
            runs.push(Run { at: *at, source, kind: RunKind::Verbatim });
            *at += source.len();
        }
    };
    for escape in escapes(source) {
        copy(&mut runs, &mut at, read, escape.start);
        runs.push(Run { at, source: place(escape.start, escape.end), kind: RunKind::Written });
        at += Span::from_usize(0, escape.character.len_utf8()).end;
        read = escape.end;
    }
    copy(&mut runs, &mut at, read, source.len());
    runs
}

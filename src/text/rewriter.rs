//! Texts that are made of passages.

use std::borrow::Cow;

use crate::text::passage::narrow;
use crate::text::runs::{Run, RunKind, Runs};
use crate::text::{Layer, Passage, Span};

/// A text in the making, of which every part knows where it comes from.
pub struct Rewriter<'p> {
    outer: &'p Passage<'p>,
    text: String,
    runs: Vec<Run>,
}

impl<'p> Rewriter<'p> {
    /// Begins one that is made of a passage.
    pub(super) const fn new(outer: &'p Passage<'p>) -> Self {
        Self { outer, text: String::new(), runs: Vec::new() }
    }

    /// What has been written so far.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Makes room for a text of a length, of which a number of parts are not copied.
    pub fn reserve(&mut self, bytes: usize, parts: usize) {
        self.text.reserve(bytes);
        self.runs.reserve(self.outer.runs.list().len() + 2 * parts + 1);
    }

    /// Takes a range of the outer text over as it is.
    #[inline]
    pub fn copy(&mut self, range: Span) {
        if range.is_empty() {
            return;
        }
        let at = narrow(self.text.len());
        let runs = &mut self.runs;
        let take = |run: Run| {
            let run = Run { at: at + run.at, ..run };
            match runs.last_mut() {
                // What goes on where the last run ends is part of it.
                Some(last)
                    if last.is_verbatim() && run.is_verbatim() && last.source.end == run.source.start =>
                {
                    last.source.end = run.source.end;
                }
                _ => runs.push(run),
            }
        };
        self.outer.runs_of(range, take);
        self.text.push_str(range.slice(self.outer.as_str()));
    }

    /// Takes over another text of the same file, whatever it was made of.
    pub fn append(&mut self, other: &Passage<'_>) {
        let at = narrow(self.text.len());
        let runs = &mut self.runs;
        let all = Span::from_usize(0, other.as_str().len());
        other.runs_of(all, |run| runs.push(Run { at: at + run.at, ..run }));
        self.text.push_str(other.as_str());
    }

    /// Writes something for a range of the outer text, which is written otherwise there; an empty range
    /// is a place.
    pub fn put(&mut self, text: &str, range: Span) {
        self.push(text, range, RunKind::Written);
    }

    /// Writes the value of something that a range of the outer text names, such as a variable.
    pub fn put_value(&mut self, text: &str, range: Span) {
        self.push(text, range, RunKind::Named);
    }

    /// Writes what a range of the outer text refers to, which stands elsewhere in the file too.
    pub fn put_shared(&mut self, text: &str, range: Span) {
        self.push(text, range, RunKind::Shared);
    }

    #[inline]
    fn push(&mut self, text: &str, range: Span, kind: RunKind) {
        if text.is_empty() {
            return;
        }
        let source = self.outer.place_of(range);
        self.runs.push(Run { at: narrow(self.text.len()), source, kind });
        self.text.push_str(text);
    }

    /// Ends it. `layer` is how it is written inside the outer text.
    #[must_use]
    pub fn finish(self, layer: Option<Layer>) -> Passage<'static> {
        let layers = self.outer.layers.inside(layer);
        let (text, base) = (Cow::Owned(self.text), self.outer.base);
        // An empty text has no run to tell where it is.
        let origin =
            self.runs.first().map_or(self.outer.span().start.saturating_sub(base), |run| run.source.start);
        Passage { text, runs: Runs::Listed(self.runs), origin, base, layers }
    }
}

//! A piece of a file as it reads, and the way back to the file as it is written.

use std::borrow::Cow;

use crate::text::escapes::{decode, escapes};
use crate::text::layer::{Layer, Layers};
use crate::text::runs::{Run, RunKind, Runs};
use crate::text::{Rewriter, Span};

/// A piece of text taken out of a file, through any number of escapes, quotes and indents.
///
/// Ranges that are asked for count bytes of the text as it reads; the spans that are given back count
/// bytes of the file.
#[derive(Clone, Debug, Default)]
pub struct Passage<'t> {
    pub(super) text: Cow<'t, str>,
    /// Where each part of the text comes from. None where it stands in the file just as it reads, from
    /// `origin` on.
    pub(super) runs: Runs<'t>,
    pub(super) origin: u32,
    /// What is added to every offset that is given back.
    pub(super) base: u32,
    /// How a change of it has to be written.
    pub(super) layers: Layers,
}

impl<'t> Passage<'t> {
    /// All of a file.
    #[must_use]
    pub const fn of_file(text: &'t str) -> Self {
        let layers = Layers::only(None);
        Self { text: Cow::Borrowed(text), runs: Runs::Listed(Vec::new()), origin: 0, base: 0, layers }
    }

    /// How it reads.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// A part of it.
    #[must_use]
    pub fn piece(&self, range: Span) -> Self {
        let text = match &self.text {
            Cow::Borrowed(text) => Cow::Borrowed(range.slice(text)),
            Cow::Owned(text) => Cow::Owned(range.slice(text).to_owned()),
        };
        let layers = self.layers;
        if self.runs.is_verbatim() {
            return Self {
                text,
                runs: Runs::Listed(Vec::new()),
                origin: self.origin + range.start,
                base: self.base,
                layers,
            };
        }
        let mut runs = Vec::new();
        self.runs_of(range, |run| runs.push(run));
        Self { text, runs: Runs::Listed(runs), origin: 0, base: self.base, layers }
    }

    /// What a string of JSON says whose inner text, which has escapes, is a range of it.
    #[must_use]
    pub fn unescaped(&self, inner: Span) -> Self {
        let source = inner.slice(&self.text);
        if let (Cow::Borrowed(text), true) = (&self.text, self.runs.is_verbatim()) {
            let origin = self.origin + inner.start;
            return Self {
                text: Cow::Owned(decode(source)),
                runs: Runs::escaped(inner.slice(text), origin),
                origin,
                base: self.base,
                layers: self.layers.inside(Some(Layer::JsonString)),
            };
        }
        let mut out = self.rewrite();
        out.reserve(source.len(), memchr::memchr_iter(b'\\', source.as_bytes()).count());
        let place = |start: usize, end: usize| {
            let place = Span::from_usize(start, end);
            Span::new(inner.start + place.start, inner.start + place.end)
        };
        let mut read = 0;
        for escape in escapes(source) {
            out.copy(place(read, escape.start));
            out.put(escape.character.encode_utf8(&mut [0; 4]), place(escape.start, escape.end));
            read = escape.end;
        }
        out.copy(place(read, source.len()));
        out.finish(Some(Layer::JsonString))
    }

    /// The same, as what is written inside another text in a way of its own.
    #[must_use]
    pub fn within(mut self, layer: Layer) -> Self {
        self.layers = self.layers.inside(Some(layer));
        self
    }

    /// The part of it without white space at either end.
    #[must_use]
    pub fn trimmed(&self) -> Self {
        let text = self.as_str();
        let start = text.len() - text.trim_start().len();
        self.piece(Span::from_usize(start, start + text.trim().len()))
    }

    /// The same, giving back every offset with `base` added.
    #[must_use]
    pub fn based(mut self, base: u32) -> Self {
        self.base = base;
        self
    }

    /// Where all of it stands.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span_of(Span::from_usize(0, self.text.len()))
    }

    /// Where a range of it stands. A range that begins or ends inside something that is written
    /// otherwise than it reads takes all of that.
    #[must_use]
    pub fn span_of(&self, range: Span) -> Span {
        let source = self.place_of(range);
        Span::new(source.start + self.base, source.end + self.base)
    }

    /// The same, without what is added to every offset.
    #[inline]
    pub(super) fn place_of(&self, range: Span) -> Span {
        if self.runs.is_verbatim() {
            self.run_of_file(range).source
        } else if range.is_empty() {
            Span::empty(self.gap(range.start))
        } else {
            let source = Span::new(self.start_of(range.start), self.end_of(range.end));
            if source.start <= source.end { source } else { self.extent(range) }
        }
    }

    /// Everything from the first to the last place that a range stands at, where its parts stand in
    /// another order in the file.
    fn extent(&self, range: Span) -> Span {
        let mut extent: Option<Span> = None;
        self.runs_of(range, |run| {
            let source = run.source;
            extent = Some(extent.map_or(source, |extent| extent.join(source)));
        });
        extent.unwrap_or_default()
    }

    /// Whether a place of the file is in it, or touches what is.
    #[must_use]
    pub fn covers(&self, place: Span) -> bool {
        let place = self.without_base(place);
        if self.runs.is_verbatim() {
            return Span::new(self.origin, self.origin + narrow(self.text.len())).contains(place);
        }
        self.runs.list().iter().any(|run| run.source.start <= place.end && place.start <= run.source.end)
    }

    /// The places of the file that it is made of, in the order of the file; what overlaps or touches
    /// is one.
    #[must_use]
    pub fn sources(&self) -> Vec<Span> {
        if self.runs.is_verbatim() {
            return vec![self.span()];
        }
        let based = |source: Span| Span::new(source.start + self.base, source.end + self.base);
        let mut sources: Vec<_> = self.runs.list().iter().map(|run| based(run.source)).collect();
        sources.sort_unstable();
        sources.dedup_by(|next, last| {
            let touches = next.start <= last.end;
            if touches {
                last.end = last.end.max(next.end);
            }
            touches
        });
        sources
    }

    /// The ranges of it in which places of the file stand as they read; `places` are in order, and none
    /// overlaps another.
    #[must_use]
    pub fn ranges_of(&self, places: &[Span]) -> Vec<Span> {
        let mut ranges = Vec::new();
        if places.is_empty() {
            return ranges;
        }
        self.runs_of(Span::from_usize(0, self.text.len()), |run| {
            if !run.is_verbatim() {
                return;
            }
            let first = places.partition_point(|place| self.without_base(*place).end <= run.source.start);
            for place in &places[first..] {
                let place = self.without_base(*place);
                if place.start >= run.source.end {
                    break;
                }
                let (start, end) = (place.start.max(run.source.start), place.end.min(run.source.end));
                ranges
                    .push(Span::new(run.at + (start - run.source.start), run.at + (end - run.source.start)));
            }
        });
        ranges
    }

    /// Whether a place of the file has to do with a name that stands for a value in it.
    #[must_use]
    pub fn names_value_at(&self, place: Span) -> bool {
        let place = self.without_base(place);
        let mut named = self.runs.named().map(|(_, run)| run.source);
        named.any(|source| source.start < place.end && place.start < source.end)
    }

    /// Whether a range of it has to do with the value of something that is named in its place.
    #[must_use]
    pub fn holds_value_in(&self, range: Span) -> bool {
        self.values().any(|value| range.start < value.end && value.start < range.end)
    }

    /// The ranges of it that are the values of something that is named in their place.
    pub fn values(&self) -> impl Iterator<Item = Span> {
        self.runs.named().map(|(index, run)| Span::new(run.at, self.end_of_run(index)))
    }

    /// Whether blanks may follow a range in the file that are no part of the text, as between the members
    /// of an object of Terraform's.
    #[must_use]
    pub fn drops_blanks_after(&self, range: Span) -> bool {
        self.layers.contains(Layer::TerraformValue) && self.end_of(range.end) < self.start_of(range.end)
    }

    /// Whether it is made of values of another language, in which quotes are put around each string.
    #[must_use]
    pub fn is_made_of_values(&self) -> bool {
        self.layers.contains(Layer::TerraformValue) || self.layers.contains(Layer::Transcribed)
    }

    /// A range without the comma that it begins with, where a comment stands between that and the rest in the
    /// file, as between the members of an object of Terraform's.
    #[must_use]
    pub fn after_noted_comma(&self, range: Span, file: &str) -> Span {
        if !self.layers.contains(Layer::TerraformValue) || !range.slice(&self.text).starts_with(',') {
            return range;
        }
        let rest = Span::new(range.start + 1, range.end);
        let between = (self.end_of(rest.start) as usize)..(self.start_of(rest.start) as usize);
        let is_noted = file.get(between).is_some_and(|between| !between.trim().is_empty());
        if is_noted && !rest.is_empty() { rest } else { range }
    }

    /// Whether a range of it stands in one piece in the file.
    #[must_use]
    pub fn is_unbroken(&self, range: Span) -> bool {
        let mut end: Option<u32> = None;
        let mut unbroken = true;
        self.runs_of(range, |run| {
            unbroken &= end.is_none_or(|end| end == run.source.start);
            end = Some(run.source.end);
        });
        unbroken
    }

    /// Whether something else may change with it.
    #[must_use]
    pub fn is_used_elsewhere(&self) -> bool {
        self.layers.contains(Layer::UsedElsewhere)
    }

    /// Whether a place of the file is in it that must not be changed alone.
    #[must_use]
    pub fn is_copied_at(&self, place: Span) -> bool {
        self.layers.contains(Layer::Copied) && self.covers(place)
    }

    const fn without_base(&self, place: Span) -> Span {
        Span::new(place.start.saturating_sub(self.base), place.end.saturating_sub(self.base))
    }

    /// A change of it as a change of the file: the place, and what is written there. `None` where the
    /// change begins or ends within something that is not written as it reads, or where what is to be
    /// written cannot be.
    #[must_use]
    pub fn change(&self, range: Span, text: &str) -> Option<(Span, String)> {
        if self.is_within(range.start) || self.is_within(range.end) || self.is_beside_shared(range) {
            return None;
        }
        if self.layers.contains(Layer::Transcribed) && !self.keeps_structure(range) {
            return None;
        }
        Some((self.span_of(range), self.written(text)?))
    }

    /// A text that is to stand in it, as it has to be written in the file; `None` where it cannot be.
    #[must_use]
    pub fn written(&self, text: &str) -> Option<String> {
        self.layers.encode(text)
    }

    /// Begins a text that is made of this one.
    #[must_use]
    pub fn rewrite(&self) -> Rewriter<'_> {
        Rewriter::new(self)
    }

    /// The run that the byte at an offset is of.
    fn run_at(&self, offset: u32) -> Option<Run> {
        let runs = self.runs.list();
        let after = runs.partition_point(|run| run.at <= offset);
        after.checked_sub(1).map(|index| runs[index])
    }

    /// Where the byte at an offset comes from.
    fn start_of(&self, offset: u32) -> u32 {
        self.run_at(offset).map_or(0, |run| run.start_of(offset))
    }

    /// Where the bytes before an offset end.
    fn end_of(&self, offset: u32) -> u32 {
        let Some(last) = offset.checked_sub(1) else { return self.start_of(0) };
        self.run_at(last)
            .map_or(0, |run| if run.is_verbatim() { run.start_of(offset) } else { run.source.end })
    }

    /// The place between two bytes: beside that which stands there as it reads, if one of them does, or
    /// the name of a value.
    fn gap(&self, offset: u32) -> u32 {
        let end = narrow(self.text.len());
        if offset >= end {
            return self.end_of(end);
        }
        let (Some(before), Some(after)) =
            (offset.checked_sub(1).and_then(|at| self.run_at(at)), self.run_at(offset))
        else {
            return self.start_of(offset);
        };
        let begins_line = self.text.as_bytes()[offset as usize - 1] == b'\n';
        let is_beside = before.is_verbatim() || (before.kind == RunKind::Named && !after.is_verbatim());
        if is_beside && !begins_line { self.end_of(offset) } else { after.start_of(offset) }
    }

    /// Whether an offset stands inside something that is not written as it reads.
    fn is_within(&self, offset: u32) -> bool {
        offset < narrow(self.text.len())
            && self.run_at(offset).is_some_and(|run| !run.is_verbatim() && run.at < offset)
    }

    /// Whether an empty range touches a reference: what is written there would join it.
    fn is_beside_shared(&self, range: Span) -> bool {
        let is_shared = |offset: u32| self.run_at(offset).is_some_and(|run| run.kind == RunKind::Shared);
        range.is_empty()
            && ((range.start < narrow(self.text.len()) && is_shared(range.start))
                || range.start.checked_sub(1).is_some_and(is_shared))
    }

    /// Whether as many brackets are closed in a range as are opened, of those that stand for structure
    /// that is written in another way.
    fn keeps_structure(&self, range: Span) -> bool {
        let mut depth = 0i32;
        let mut lowest = 0;
        self.runs_of(range, |run| {
            if run.kind != RunKind::Written {
                return;
            }
            match self.text.as_bytes().get((range.start + run.at) as usize) {
                Some(b'{' | b'[') => depth += 1,
                Some(b'}' | b']') => depth -= 1,
                _ => {}
            }
            lowest = lowest.min(depth);
        });
        depth == 0 && lowest == 0
    }

    /// The one run that makes up a range of a text that stands in the file as it reads.
    pub(super) const fn run_of_file(&self, range: Span) -> Run {
        let source = Span::new(range.start + self.origin, range.end + self.origin);
        Run { at: 0, source, kind: RunKind::Verbatim }
    }

    /// The offset after the last byte of a run.
    fn end_of_run(&self, index: usize) -> u32 {
        self.runs.list().get(index + 1).map_or(narrow(self.text.len()), |next| next.at)
    }

    /// The runs that make up a range, counted from the range's start.
    pub(super) fn runs_of(&self, range: Span, mut each: impl FnMut(Run)) {
        if range.is_empty() {
            return;
        }
        if self.runs.is_verbatim() {
            each(self.run_of_file(range));
            return;
        }
        let runs = self.runs.list();
        let first = runs.partition_point(|run| run.at <= range.start).saturating_sub(1);
        let mut left = &runs[first..];
        while let [run, rest @ ..] = left
            && run.at < range.end
        {
            left = rest;
            let end = rest.first().map_or_else(|| narrow(self.text.len()), |next| next.at);
            if run.at >= range.start && end <= range.end {
                each(Run { at: run.at - range.start, ..*run });
                continue;
            }
            let (start, end) = (run.at.max(range.start), end.min(range.end));
            let source = if run.is_verbatim() {
                Span::new(run.start_of(start), run.start_of(end))
            } else {
                run.source
            };
            each(Run { at: start - range.start, source, kind: run.kind });
        }
    }
}

pub(super) fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

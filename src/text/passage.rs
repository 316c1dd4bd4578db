//! A piece of a file as it reads, and the way back to the file as it is written.

use std::borrow::Cow;

use crate::text::{Layer, Span};

/// A piece of text taken out of a file, through any number of escapes, quotes and indents.
///
/// Ranges that are asked for count bytes of the text as it reads; the spans that are given back count
/// bytes of the file.
#[derive(Clone, Debug, Default)]
pub struct Passage<'t> {
    text: Cow<'t, str>,
    /// Where each part of the text comes from, in the order of the text. Empty where it stands in
    /// the file just as it reads, from `origin` on.
    runs: Vec<Run>,
    origin: u32,
    /// What is added to every offset that is given back.
    base: u32,
    /// How a change of it has to be written, innermost first.
    layers: Vec<Layer>,
}

/// Bytes of the text that come from one place of the file.
#[derive(Clone, Copy, Debug)]
struct Run {
    /// Offset of the first of them in the text; they go on to the next run.
    at: u32,
    /// Where they come from.
    source: Span,
    kind: RunKind,
}

/// How a part of the text stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RunKind {
    /// As it reads, byte for byte.
    Verbatim,
    /// Written otherwise: an escape, or nothing at all.
    Written,
    /// As the name of something that has this value.
    Named,
    /// As a reference to what stands elsewhere too, and is changed there.
    Shared,
}

impl<'t> Passage<'t> {
    /// All of a file.
    #[must_use]
    pub const fn of_file(text: &'t str) -> Self {
        Self { text: Cow::Borrowed(text), runs: Vec::new(), origin: 0, base: 0, layers: Vec::new() }
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
        let layers = self.layers.clone();
        if self.runs.is_empty() {
            return Self {
                text,
                runs: Vec::new(),
                origin: self.origin + range.start,
                base: self.base,
                layers,
            };
        }
        let mut runs = Vec::new();
        self.runs_of(range, |run| runs.push(run));
        Self { text, runs, origin: 0, base: self.base, layers }
    }

    /// The same, as what is written inside another text in a way of its own.
    #[must_use]
    pub fn within(mut self, layer: Layer) -> Self {
        self.layers.insert(0, layer);
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
        let source = if self.runs.is_empty() {
            Span::new(range.start + self.origin, range.end + self.origin)
        } else if range.is_empty() {
            Span::empty(self.gap(range.start))
        } else {
            let source = Span::new(self.start_of(range.start), self.end_of(range.end));
            if source.start <= source.end { source } else { self.extent(range) }
        };
        Span::new(source.start + self.base, source.end + self.base)
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
        if self.runs.is_empty() {
            return Span::new(self.origin, self.origin + narrow(self.text.len())).contains(place);
        }
        self.runs.iter().any(|run| run.source.start <= place.end && place.start <= run.source.end)
    }

    /// The places of the file that it is made of, in the order of the file; what overlaps or touches
    /// is one.
    #[must_use]
    pub fn sources(&self) -> Vec<Span> {
        if self.runs.is_empty() {
            return vec![self.span()];
        }
        let based = |source: Span| Span::new(source.start + self.base, source.end + self.base);
        let mut sources: Vec<_> = self.runs.iter().map(|run| based(run.source)).collect();
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
        let named = self.runs.iter().filter(|run| run.kind == RunKind::Named);
        named.map(|run| run.source).any(|source| source.start < place.end && place.start < source.end)
    }

    /// Whether a range of it has to do with the value of something that is named in its place.
    #[must_use]
    pub fn holds_value_in(&self, range: Span) -> bool {
        let first = self.runs.partition_point(|run| run.at <= range.start).saturating_sub(1);
        let met = self.runs[first..].iter().take_while(|run| run.at < range.end);
        !range.is_empty() && met.into_iter().any(|run| run.kind == RunKind::Named)
    }

    /// The ranges of it that are the values of something that is named in their place.
    pub fn values(&self) -> impl Iterator<Item = Span> {
        let ends = self.runs.iter().skip(1).map(|run| run.at).chain([narrow(self.text.len())]);
        let named = self.runs.iter().zip(ends).filter(|(run, _)| run.kind == RunKind::Named);
        named.map(|(run, end)| Span::new(run.at, end))
    }

    /// Whether blanks may follow a range in the file that are no part of the text, as between the members
    /// of an object of Terraform's.
    #[must_use]
    pub fn drops_blanks_after(&self, range: Span) -> bool {
        self.layers.contains(&Layer::TerraformValue) && self.end_of(range.end) < self.start_of(range.end)
    }

    /// A range without the comma that it begins with, where a comment stands between that and the rest in the
    /// file, as between the members of an object of Terraform's.
    #[must_use]
    pub fn after_noted_comma(&self, range: Span, file: &str) -> Span {
        if !self.layers.contains(&Layer::TerraformValue) || !range.slice(&self.text).starts_with(',') {
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
        self.layers.contains(&Layer::UsedElsewhere)
    }

    /// Whether a place of the file is in it that must not be changed alone.
    #[must_use]
    pub fn is_copied_at(&self, place: Span) -> bool {
        self.layers.contains(&Layer::Copied) && self.covers(place)
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
        if self.layers.contains(&Layer::Transcribed) && !self.keeps_structure(range) {
            return None;
        }
        Some((self.span_of(range), self.written(text)?))
    }

    /// A text that is to stand in it, as it has to be written in the file; `None` where it cannot be.
    #[must_use]
    pub fn written(&self, text: &str) -> Option<String> {
        self.layers.iter().try_fold(text.to_owned(), |text, layer| layer.encode(&text))
    }

    /// Begins a text that is made of this one.
    #[must_use]
    pub fn rewrite(&self) -> Rewriter<'_> {
        Rewriter { outer: self, text: String::new(), runs: Vec::new() }
    }

    /// The run that the byte at an offset is of.
    fn run_at(&self, offset: u32) -> Option<Run> {
        let after = self.runs.partition_point(|run| run.at <= offset);
        after.checked_sub(1).map(|index| self.runs[index])
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
    const fn run_of_file(&self, range: Span) -> Run {
        let source = Span::new(range.start + self.origin, range.end + self.origin);
        Run { at: 0, source, kind: RunKind::Verbatim }
    }

    /// The runs that make up a range, counted from the range's start.
    fn runs_of(&self, range: Span, mut each: impl FnMut(Run)) {
        if range.is_empty() {
            return;
        }
        if self.runs.is_empty() {
            each(self.run_of_file(range));
            return;
        }
        let first = self.runs.partition_point(|run| run.at <= range.start).saturating_sub(1);
        for (index, run) in self.runs.iter().enumerate().skip(first) {
            if run.at >= range.end {
                return;
            }
            let end = self.runs.get(index + 1).map_or(narrow(self.text.len()), |next| next.at);
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

impl Run {
    const fn is_verbatim(self) -> bool {
        matches!(self.kind, RunKind::Verbatim)
    }

    const fn start_of(self, offset: u32) -> u32 {
        if self.is_verbatim() { self.source.start + (offset - self.at) } else { self.source.start }
    }
}

/// A text in the making, of which every part knows where it comes from.
pub struct Rewriter<'p> {
    outer: &'p Passage<'p>,
    text: String,
    runs: Vec<Run>,
}

impl Rewriter<'_> {
    /// What has been written so far.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Makes room for a text of a length, of which a number of parts are not copied.
    pub fn reserve(&mut self, bytes: usize, parts: usize) {
        self.text.reserve(bytes);
        self.runs.reserve(self.outer.runs.len() + 2 * parts + 1);
    }

    /// Takes a range of the outer text over as it is.
    pub fn copy(&mut self, range: Span) {
        if range.is_empty() {
            return;
        }
        let at = narrow(self.text.len());
        let runs = &mut self.runs;
        let mut take = |run: Run| {
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
        if self.outer.runs.is_empty() {
            take(self.outer.run_of_file(range));
        } else {
            self.outer.runs_of(range, take);
        }
        self.text.push_str(range.slice(self.outer.as_str()));
    }

    /// Takes over another text of the same file, whatever it was made of.
    pub fn append(&mut self, other: &Passage<'_>) {
        let at = narrow(self.text.len());
        let runs = &mut self.runs;
        let all = Span::from_usize(0, other.text.len());
        other.runs_of(all, |run| runs.push(Run { at: at + run.at, ..run }));
        self.text.push_str(&other.text);
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

    fn push(&mut self, text: &str, range: Span, kind: RunKind) {
        if text.is_empty() {
            return;
        }
        let source = self.outer.span_of(range);
        let source = Span::new(source.start - self.outer.base, source.end - self.outer.base);
        self.runs.push(Run { at: narrow(self.text.len()), source, kind });
        self.text.push_str(text);
    }

    /// Ends it. `layer` is how it is written inside the outer text.
    #[must_use]
    pub fn finish(self, layer: Option<Layer>) -> Passage<'static> {
        let mut layers: Vec<_> = layer.into_iter().collect();
        layers.extend_from_slice(&self.outer.layers);
        let (text, base) = (Cow::Owned(self.text), self.outer.base);
        // An empty text has no run to tell where it is.
        let origin =
            self.runs.first().map_or(self.outer.span().start.saturating_sub(base), |run| run.source.start);
        Passage { text, runs: self.runs, origin, base, layers }
    }
}

fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

//! Where a place is after edits.

use crate::diagnostic::Edit;
use crate::text::Span;

/// Edits in the order of a text, and how far each moves what stands after it.
pub(super) struct Shift<'e> {
    edits: &'e [Edit],
    /// For each edit, by how much those before it move the text; and once more, by how much all do.
    moved: Vec<i64>,
}

impl<'e> Shift<'e> {
    pub(super) fn new(edits: &'e [Edit]) -> Self {
        let mut moved = vec![0];
        let mut sum = 0;
        for edit in edits {
            sum += signed(edit.text.len()) - i64::from(edit.span.len());
            moved.push(sum);
        }
        Self { edits, moved }
    }

    /// Where a place is, without what was written beside it.
    pub(super) fn inner(&self, place: Span) -> Span {
        let first = self.edits.partition_point(|edit| edit.span.end <= place.start);
        let start = match self.edits.get(first) {
            Some(edit) if edit.span.start < place.start => self.written(first).1,
            _ => i64::from(place.start) + self.moved[first],
        };
        let after = self.edits.partition_point(|edit| edit.span.start < place.end);
        let end = match after.checked_sub(1) {
            Some(last) if self.edits[last].span.end > place.end => self.written(last).0,
            _ => i64::from(place.end) + self.moved[after],
        };
        span(start, end.max(start))
    }

    /// Where a place is, with all that was written in it and beside it.
    pub(super) fn outer(&self, place: Span) -> Span {
        let first = self.edits.partition_point(|edit| edit.span.end < place.start);
        let start = match self.edits.get(first) {
            Some(edit) if edit.span.start <= place.start => self.written(first).0,
            _ => i64::from(place.start) + self.moved[first],
        };
        let after = self.edits.partition_point(|edit| edit.span.start <= place.end);
        let end = match after.checked_sub(1) {
            Some(last) if self.edits[last].span.end >= place.end => self.written(last).1,
            _ => i64::from(place.end) + self.moved[after],
        };
        span(start, end.max(start))
    }

    /// Where what an edit wrote begins and ends.
    fn written(&self, index: usize) -> (i64, i64) {
        let edit = &self.edits[index];
        let start = i64::from(edit.span.start) + self.moved[index];
        (start, start + signed(edit.text.len()))
    }
}

fn signed(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

fn span(start: i64, end: i64) -> Span {
    let narrow = |offset: i64| u32::try_from(offset.max(0)).unwrap_or(u32::MAX);
    Span::new(narrow(start), narrow(end))
}

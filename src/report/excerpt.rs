//! The few lines of a text that a finding is shown with, as columns of a screen.
//!
//! What is built here is a text of its own: no tabs, no control characters, no secrets, no line
//! wider than the screen. Its size, and the work of making it, depend on the screen and on the
//! number of labels, not on the text.

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use unicode_width::UnicodeWidthChar;

use crate::diagnostic::Finding;
use crate::report::escape::{escaped, is_unprintable};
use crate::report::secrets::{MASK, Secrets};
use crate::text::{LineIndex, Position, Span};

/// Lines shown before and after one with a label.
const CONTEXT: usize = 1;

/// Columns of a tab, wherever it stands: what is left of a cut line does not tell its place.
const TAB: usize = 4;

/// Columns that a line of the text gets at least, however narrow the screen.
const LEAST_COLUMNS: usize = 16;

/// Characters looked at for each column: a bound for text that takes none.
const CHARACTERS_IN_A_COLUMN: usize = 8;

const BYTE_ORDER_MARK: char = '\u{feff}';

/// A text and what has to be known of it to show pieces of it.
pub(super) struct Source<'a> {
    pub(super) index: &'a LineIndex<'a>,
    pub(super) secrets: &'a Secrets<'a>,
    /// The file's path, escaped.
    pub(super) name: &'a str,
    /// Columns of the screen.
    pub(super) width: usize,
    /// Whether to use more than ASCII for what is not the text's.
    pub(super) unicode: bool,
    /// Bytes of the byte-order mark, which is not shown.
    pub(super) mark: u32,
}

/// The pieces of a text that one finding is shown with.
#[derive(Debug)]
pub(super) struct Excerpt {
    name: String,
    /// All lines, each with a line feed.
    text: String,
    pieces: Vec<Piece>,
    labels: Vec<Underline>,
}

/// Lines that follow each other in the file.
#[derive(Debug)]
struct Piece {
    /// Bytes of [`Excerpt::text`].
    start: usize,
    end: usize,
    /// 0-based, in the file.
    first_line: usize,
    lines: usize,
}

/// A label in one line of the excerpt.
#[derive(Debug)]
struct Underline {
    /// Bytes of [`Excerpt::text`].
    start: usize,
    end: usize,
    /// 0-based column of the screen.
    column: usize,
    label: String,
    is_primary: bool,
    /// Where the label begins in the file.
    position: Position,
}

/// A label of the finding, cut to its first line.
struct Place<'a> {
    span: Span,
    /// Where it began before it was cut.
    offset: u32,
    line_index: usize,
    label: &'a str,
    is_primary: bool,
}

/// Places that are shown in one window of one line.
struct Row<'p, 'a> {
    line_index: usize,
    places: &'p [Place<'a>],
}

impl Source<'_> {
    /// The bytes of the byte-order mark that a text begins with, where its file does.
    pub(super) fn mark_of(index: &LineIndex<'_>) -> u32 {
        let at_start = index.position(0).offset == 0;
        if at_start && index.text().starts_with(BYTE_ORDER_MARK) { 3 } else { 0 }
    }

    /// The bytes of a line that are shown.
    fn line(&self, line_index: usize) -> Span {
        let line = self.index.line_span(line_index);
        Span::new(line.start.max(self.mark).min(line.end.max(self.mark)), line.end.max(self.mark))
    }

    fn place<'f>(&self, span: Span, label: &'f str, is_primary: bool) -> Place<'f> {
        let line_index = self.index.line_index(span.start);
        let line = self.line(line_index);
        let start = span.start.clamp(line.start, line.end);
        let end = span.end.clamp(start, line.end);
        Place { span: Span::new(start, end), offset: span.start, line_index, label, is_primary }
    }

    /// What stands for a cut end of a line.
    const fn cut(&self) -> &'static str {
        if self.unicode { "…" } else { "..." }
    }

    /// What a character is shown as. It takes the columns that [`columns`] says.
    fn shown(&self, offset: u32, character: char, out: &mut String) {
        let columns = columns(character);
        if self.secrets.hide(offset) {
            let mask = if self.unicode { MASK } else { '*' };
            out.extend(std::iter::repeat_n(mask, columns));
        } else if character == '\t' {
            out.extend(std::iter::repeat_n(' ', columns));
        } else if is_unprintable(character) {
            out.push(if self.unicode { stand_in(character) } else { '?' });
        } else {
            out.push(character);
        }
    }

    /// The columns that lines of the text may take beside their numbers.
    fn room(&self) -> usize {
        let last = self.index.line_number(self.index.line_count());
        let digits = last.checked_ilog10().map_or(1, |log| log as usize + 1);
        self.width.saturating_sub(digits + 4).max(LEAST_COLUMNS)
    }
}

/// The columns that a character takes.
fn columns(character: char) -> usize {
    match character {
        '\t' => TAB,
        _ if is_unprintable(character) => 1,
        _ => character.width().unwrap_or(0),
    }
}

/// A visible character, one column wide, for one that is not.
fn stand_in(character: char) -> char {
    match character {
        '\0'..='\u{1f}' => {
            char::from_u32(0x2400 + u32::from(character)).unwrap_or(char::REPLACEMENT_CHARACTER)
        }
        '\u{7f}' => '\u{2421}',
        _ => char::REPLACEMENT_CHARACTER,
    }
}

/// How far characters can be taken before they fill a number of columns, in bytes.
fn reach(characters: impl Iterator<Item = char>, room: usize) -> u32 {
    let mut taken = 0;
    let mut bytes = 0;
    for character in characters.take(room * CHARACTERS_IN_A_COLUMN) {
        taken += columns(character);
        if taken > room {
            break;
        }
        bytes += character.len_utf8();
    }
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// The part of a line that is shown: all of it if there is room, or what is around an offset, of
/// which a quarter lies before it.
fn window(text: &str, line: Span, around: u32, room: usize, cut: usize) -> Span {
    let forward = |from: u32, room: usize| from + reach(Span::new(from, line.end).slice(text).chars(), room);
    let back =
        |from: u32, room: usize| from - reach(Span::new(line.start, from).slice(text).chars().rev(), room);
    if forward(line.start, room) == line.end {
        return line;
    }
    let room = room.saturating_sub(2 * cut);
    let start = back(around, room / 4);
    let end = forward(start, room);
    // At the end of the line, what is left of the room is given to what comes before.
    let start = if end == line.end { back(end, room).min(start) } else { start };
    Span::new(start, end)
}

impl Excerpt {
    /// Takes what is needed to show a finding.
    pub(super) fn of(finding: &Finding, source: &Source<'_>) -> Self {
        let related = finding.related.iter().map(|label| source.place(label.span, &label.text, false));
        let mut places = vec![source.place(finding.primary, &finding.label, true)];
        places.extend(related);
        places.sort_by_key(|place| (place.span.start, !place.is_primary));
        let room = source.room();
        let mut excerpt = Self {
            name: source.name.to_owned(),
            text: String::new(),
            pieces: Vec::new(),
            labels: Vec::new(),
        };
        let rows = rows(&places, source, room);
        let near = |one: &Row<'_, '_>, next: &Row<'_, '_>| {
            one.line_index < next.line_index && next.line_index - one.line_index <= 2 * CONTEXT + 1
        };
        let mut pieces: Vec<_> = rows.chunk_by(near).collect();
        // The finding's own place is shown first, wherever the others are.
        pieces.sort_by_key(|rows| !rows.iter().flat_map(|row| row.places).any(|place| place.is_primary));
        for rows in pieces {
            excerpt.push_piece(rows, source, room);
        }
        excerpt
    }

    /// What is to be underlined, in the order of the excerpt. The flag says whether it is the finding's
    /// own place.
    pub(super) fn underlines(&self) -> impl Iterator<Item = (LabeledSpan, bool)> + '_ {
        self.labels.iter().map(|underline| {
            let label = Some(underline.label.clone()).filter(|label| !label.is_empty());
            let span = (underline.start, underline.end - underline.start);
            let labeled = if underline.is_primary {
                LabeledSpan::new_primary_with_span(label, span)
            } else {
                LabeledSpan::new_with_span(label, span)
            };
            (labeled, underline.is_primary)
        })
    }

    /// Adds lines that follow each other, with those around them.
    fn push_piece(&mut self, rows: &[Row<'_, '_>], source: &Source<'_>, room: usize) {
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return };
        let is_blank =
            |line_index: usize| source.line(line_index).slice(source.index.text()).trim().is_empty();
        let mut from = first.line_index.saturating_sub(CONTEXT);
        let mut to = (last.line_index + CONTEXT).min(source.index.line_count().saturating_sub(1));
        // A blank line at the edge tells nothing.
        while from < first.line_index && is_blank(from) {
            from += 1;
        }
        while to > last.line_index && is_blank(to) {
            to -= 1;
        }
        let start = self.text.len();
        let mut rows = rows.iter().peekable();
        for line_index in from..=to {
            let row = rows.next_if(|row| row.line_index == line_index);
            self.push_line(line_index, row.map_or(&[], |row| row.places), source, room);
        }
        let first_line = usize::try_from(source.index.line_number(from) - 1).unwrap_or(usize::MAX);
        self.pieces.push(Piece { start, end: self.text.len(), first_line, lines: to - from + 1 });
    }

    fn push_line(&mut self, line_index: usize, places: &[Place<'_>], source: &Source<'_>, room: usize) {
        let text = source.index.text();
        let line = source.line(line_index);
        let around = places.first().map_or(line.start, |place| place.span.start);
        let cut = source.cut().chars().count();
        let shown = window(text, line, around, room, cut);
        let mut column = 0;
        if shown.start > line.start {
            self.text.push_str(source.cut());
            column += cut;
        }
        // For each character of the text: its offset, and its place in the excerpt.
        let mut marks = Vec::with_capacity(shown.len() as usize + 1);
        let mut offset = shown.start;
        for character in shown.slice(text).chars() {
            marks.push((offset, self.text.len(), column));
            source.shown(offset, character, &mut self.text);
            column += columns(character);
            offset += u32::try_from(character.len_utf8()).unwrap_or(1);
        }
        let last = (offset, self.text.len(), column);
        if shown.end < line.end {
            self.text.push_str(source.cut());
        }
        self.text.push('\n');
        let mark_of = |offset: u32| {
            let at = marks.partition_point(|mark: &(u32, usize, usize)| mark.0 < offset);
            *marks.get(at).unwrap_or(&last)
        };
        let underlines = places.iter().map(|place| {
            let (_, start, column) = mark_of(place.span.start);
            let (_, end, _) = mark_of(place.span.end);
            Underline {
                start,
                end,
                column,
                label: escaped(&source.secrets.masked(place.label)).into_owned(),
                is_primary: place.is_primary,
                position: source.index.position(place.offset),
            }
        });
        self.labels.extend(apart(underlines.collect()));
    }
}

/// Sorts places into rows. Those of one line share a row as long as one window can show where they
/// begin.
fn rows<'p, 'a>(places: &'p [Place<'a>], source: &Source<'_>, room: usize) -> Vec<Row<'p, 'a>> {
    let mut rows: Vec<Row<'p, 'a>> = Vec::new();
    let mut from = 0;
    for (at, place) in places.iter().enumerate() {
        let first = &places[from];
        let between = Span::new(first.span.start, place.span.start).slice(source.index.text());
        let reached = || reach(between.chars(), room / 2) as usize == between.len();
        if at > from && (place.line_index != first.line_index || !reached()) {
            rows.push(Row { line_index: first.line_index, places: &places[from..at] });
            from = at;
        }
    }
    if let Some(first) = places.get(from) {
        rows.push(Row { line_index: first.line_index, places: &places[from..] });
    }
    rows
}

/// Keeps underlines of one line from running into each other, so that each begins under its own
/// character: one ends where the next begins, and those that begin together become one.
fn apart(mut underlines: Vec<Underline>) -> Vec<Underline> {
    underlines.sort_by_key(|underline| (underline.column, !underline.is_primary));
    underlines.dedup_by(|next, kept| {
        let same = next.column == kept.column;
        if same && !next.label.is_empty() {
            if !kept.label.is_empty() {
                kept.label.push_str("; ");
            }
            kept.label.push_str(&next.label);
        }
        same
    });
    for at in 1..underlines.len() {
        let limit = underlines[at].start;
        underlines[at - 1].end = underlines[at - 1].end.min(limit);
    }
    underlines
}

impl SourceCode for Excerpt {
    /// Reads a whole piece, and never two: they are not shown as one, whatever their lines. With no
    /// lines around it asked for, says where a label stands.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let end = span.offset() + span.len();
        let piece = self.pieces.iter().find(|piece| piece.start <= span.offset() && end <= piece.end);
        let piece = piece.ok_or(MietteError::OutOfBounds)?;
        let data = self.text.get(piece.start..piece.end).ok_or(MietteError::OutOfBounds)?.as_bytes();
        let label = self.labels.iter().find(|label| label.start == span.offset());
        let (line, column) = match label.filter(|_| lines_before + lines_after == 0) {
            Some(label) => (zero_based(label.position.line), zero_based(label.position.column)),
            None => (piece.first_line, 0),
        };
        let read = (piece.start, piece.end - piece.start).into();
        Ok(Box::new(MietteSpanContents::new_named(self.name.clone(), data, read, line, column, piece.lines)))
    }
}

fn zero_based(number: u64) -> usize {
    usize::try_from(number.saturating_sub(1)).unwrap_or(usize::MAX)
}

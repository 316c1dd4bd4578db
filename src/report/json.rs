//! One JSON object of all findings, described by `schemas/report.schema.json`.

use std::borrow::Cow;
use std::io;

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use crate::diagnostic::{Applicability, Finding};
use crate::json::Pointers;
use crate::report::escape::{is_plain, is_unprintable};
use crate::report::secrets::Secrets;
use crate::report::{Shown, Summary};
use crate::text::{LineIndex, Position, Span};

/// What stands between two findings: each is on a line of its own.
pub(super) const SEPARATOR: &[u8] = b",\n";

#[derive(Serialize)]
struct Entry<'a> {
    rule: &'a str,
    level: &'static str,
    message: Cow<'a, str>,
    help: Option<Cow<'a, str>>,
    path: &'a str,
    pointer: Cow<'a, str>,
    start: Point,
    end: Point,
    related: Vec<Related<'a>>,
    fix: Option<Change<'a>>,
}

/// A place.
#[derive(Serialize)]
pub(super) struct Point {
    /// 1-based.
    line: u64,
    /// 1-based, in Unicode scalar values.
    column: u64,
    /// 0-based, in bytes from the start of the file.
    offset: u64,
}

#[derive(Serialize)]
struct Related<'a> {
    message: Cow<'a, str>,
    start: Point,
    end: Point,
}

#[derive(Serialize)]
struct Change<'a> {
    title: Cow<'a, str>,
    applicability: &'static str,
    edits: Vec<Replacement<'a>>,
}

#[derive(Serialize)]
struct Replacement<'a> {
    start: Point,
    end: Point,
    text: &'a str,
}

#[derive(Serialize)]
struct Totals {
    files: u64,
    requests: u64,
    skipped: u64,
    errors: u64,
    warnings: u64,
    infos: u64,
    unreadable: u64,
    fixed: u64,
    unwritten: u64,
    known: u64,
}

impl From<Position> for Point {
    fn from(position: Position) -> Self {
        Self { line: position.line, column: position.column, offset: position.offset }
    }
}

impl From<&Summary> for Totals {
    fn from(summary: &Summary) -> Self {
        let Summary {
            files,
            requests,
            skipped,
            errors,
            warnings,
            infos,
            unreadable,
            fixed,
            unwritten,
            known,
        } = *summary;
        Self { files, requests, skipped, errors, warnings, infos, unreadable, fixed, unwritten, known }
    }
}

/// Opens the object and its list.
pub(super) fn begin(out: &mut Vec<u8>) {
    out.extend_from_slice(br#"{"version":1,"findings":["#);
}

/// Closes the list and the object.
pub(super) fn end(summary: &Summary, out: &mut Vec<u8>) {
    out.extend_from_slice(br#"],"summary":"#);
    write(&Totals::from(summary), out);
    out.extend_from_slice(b"}\n");
}

/// Writes the findings of a text, with a [`SEPARATOR`] between two.
pub(super) fn text(shown: &Shown<'_>, out: &mut Vec<u8>) {
    let text = shown.document.text();
    let index = LineIndex::new(text, shown.before);
    let secrets = Secrets::of(shown.all, text);
    let mut pointers = Pointers::new(shown.document);
    let mut near = 0;
    for (nth, finding) in shown.findings.iter().enumerate() {
        if nth > 0 {
            out.extend_from_slice(SEPARATOR);
        }
        let pointer = match &finding.inside {
            Some(inside) => inside.pointer.clone(),
            None => pointers.at(finding.primary.start),
        };
        let start = index.position_near(finding.primary.start, &mut near).into();
        write(&entry(finding, start, shown.path, &pointer, &index, &secrets), out);
    }
}

fn entry<'a>(
    finding: &'a Finding,
    start: Point,
    path: &'a str,
    pointer: &'a str,
    index: &LineIndex<'_>,
    secrets: &Secrets<'_>,
) -> Entry<'a> {
    let related = finding.related.iter().map(|label| {
        let (start, end) = points(label.span, index);
        Related { message: secrets.masked(&label.text), start, end }
    });
    let message = match secrets.masked(&finding.message.read(index.text())) {
        Cow::Owned(masked) => Some(Cow::Owned(masked)),
        Cow::Borrowed(_) => None,
    };
    Entry {
        rule: finding.rule,
        level: finding.severity.as_str(),
        message: message.unwrap_or_else(|| finding.message.read(index.text())),
        help: finding.help.as_ref().map(|help| secrets.masked(help)),
        path,
        pointer: secrets.masked(pointer),
        start,
        end: index.position(finding.primary.end).into(),
        related: related.collect(),
        fix: change(finding, index, secrets),
    }
}

/// A finding's fix. One whose edits would show a secret is left out whole: half of it would break
/// what it is applied to.
fn change<'a>(finding: &'a Finding, index: &LineIndex<'_>, secrets: &Secrets<'_>) -> Option<Change<'a>> {
    let fix = finding.fix.as_deref()?;
    if fix.edits.iter().any(|edit| secrets.are_written_in(&edit.text)) {
        return None;
    }
    let edits = fix.edits.iter().map(|edit| {
        let (start, end) = points(edit.span, index);
        Replacement { start, end, text: &edit.text }
    });
    Some(Change {
        title: secrets.masked(&fix.title),
        applicability: match fix.applicability {
            Applicability::Safe => "safe",
            Applicability::Unsafe => "unsafe",
        },
        edits: edits.collect(),
    })
}

fn points(span: Span, index: &LineIndex<'_>) -> (Point, Point) {
    (index.position(span.start).into(), index.position(span.end).into())
}

/// Writes a value, with nothing in it that a terminal would obey.
pub(super) fn write(value: &impl Serialize, out: &mut Vec<u8>) {
    // Neither writing to a vector nor serialising these types fails.
    let _ = value.serialize(&mut Serializer::with_formatter(out, Visible));
}

/// Compact JSON in which every character that a terminal would obey is an escape: JSON itself asks
/// that of C0 only.
struct Visible;

impl Formatter for Visible {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, out: &mut W, text: &str) -> io::Result<()> {
        if is_plain(text) {
            return out.write_all(text.as_bytes());
        }
        let mut rest = text;
        while let Some(at) = rest.find(is_unprintable) {
            let (before, after) = rest.split_at(at);
            out.write_all(before.as_bytes())?;
            let mut characters = after.chars();
            let character = characters.next().map_or(0, u32::from);
            write!(out, "\\u{character:04x}")?;
            rest = characters.as_str();
        }
        out.write_all(rest.as_bytes())
    }
}

//! Findings in a body that is written inside another text, brought to where it stands in the file.

use crate::diagnostic::{Applicability, Edit, Finding, Fix, Inside};
use crate::json::Pointers;
use crate::request::Request;
use crate::text::{Passage, Span};

/// Puts a finding in a body, or beside it, where it stands in the file.
pub(super) fn bring_home(
    finding: &mut Finding,
    body: &Passage<'_>,
    file: (&str, u32),
    pointers: &mut Pointers<'_>,
) {
    let (file, base) = file;
    let is_beside = |span: Span| span.start >= base;
    let home = |span: Span| {
        if is_beside(span) { Span::new(span.start - base, span.end - base) } else { body.span_of(span) }
    };
    let pointer = if is_beside(finding.primary) { String::new() } else { pointers.at(finding.primary.start) };
    let secret = finding.secret.filter(|secret| !is_beside(*secret));
    let secret = secret.map(|secret| secret.slice(body.as_str()).to_owned());
    finding.message.settle(body.as_str());
    if !is_beside(finding.primary) {
        finding.rewrite_help(|text| body.written(text));
    }
    finding.inside = Some(Box::new(Inside { pointer, secret }));
    finding.primary = home(finding.primary);
    finding.secret = finding.secret.map(home);
    for label in &mut finding.related {
        label.span = home(label.span);
    }
    let Some(mut fix) = finding.fix.take() else { return };
    if body.is_used_elsewhere() && fix.edits.iter().any(|edit| !is_beside(edit.span)) {
        fix.applicability = Applicability::Unsafe;
    }
    let whole = fix.edits.iter_mut().all(|edit| {
        if is_beside(edit.span) {
            edit.span = home(edit.span);
            return true;
        }
        // A value is not written where the name of it stands.
        if body.holds_value_in(edit.span) {
            return false;
        }
        if !body.is_unbroken(edit.span) {
            narrow(edit, body.as_str());
        }
        if edit.text.is_empty() {
            edit.span = body.after_noted_comma(edit.span, file);
        }
        let Some((span, text)) = body.change(edit.span, &edit.text) else { return false };
        let is_removal = text.is_empty() && body.drops_blanks_after(edit.span);
        *edit = Edit { span: if is_removal { with_blanks(span, file) } else { span }, text };
        true
    });
    if whole {
        fix.edits.sort_by_key(|edit| edit.span);
        finding.fix = Some(fix);
    }
}

/// A range that is removed, with the blanks that it would leave; with all of its lines, where it leaves
/// nothing else in them.
fn with_blanks(span: Span, file: &str) -> Span {
    let (start, end) = (span.start as usize, span.end as usize);
    let (before, after) = (file.get(..start).unwrap_or_default(), file.get(end..).unwrap_or_default());
    let blank = |character: char| matches!(character, ' ' | '\t');
    let (indent, rest) = (before.trim_end_matches(blank).len(), after.trim_start_matches(blank));
    let line_end = ["\r\n", "\n"].into_iter().find(|end| rest.starts_with(end));
    let blanks_end = file.len() - rest.len();
    match line_end {
        Some(line_end) if before[..indent].ends_with('\n') => {
            Span::from_usize(indent, blanks_end + line_end.len())
        }
        Some(_) => Span::from_usize(indent, blanks_end),
        // What stood before it had them before itself.
        None if before.ends_with([' ', '\t', '\n', '{']) => Span::from_usize(start, blanks_end),
        None => span,
    }
}

/// Leaves out of a change what stays as it is at its ends: of a text in several pieces, it may then stand
/// in one of them.
fn narrow(edit: &mut Edit, text: &str) {
    let common = |one: &mut dyn Iterator<Item = char>, other: &mut dyn Iterator<Item = char>| {
        one.zip(other).take_while(|(one, other)| one == other).map(|(one, _)| one.len_utf8()).sum::<usize>()
    };
    let was = edit.span.slice(text);
    let start = common(&mut was.chars(), &mut edit.text.chars());
    let (was, new) = (&was[start..], &edit.text[start..]);
    let end = common(&mut was.chars().rev(), &mut new.chars().rev());
    let from = edit.span.start as usize + start;
    let span = Span::from_usize(from, from + was.len() - end);
    *edit = Edit { span, text: new[..new.len() - end].to_owned() };
}

/// Takes a fix away that would write into the name of a variable, or into one of two copies; marks one
/// that changes what others use to be looked at.
pub(super) fn keep_only_whole_fix(finding: &mut Finding, request: &Request<'_>) {
    let parts = || request.url.iter().chain(&request.method);
    let stays =
        |part: &Passage<'_>, edit: &Edit| part.names_value_at(edit.span) || part.is_copied_at(edit.span);
    let breaks = |fix: &Fix| fix.edits.iter().any(|edit| parts().any(|part| stays(part, edit)));
    if finding.fix.as_deref().is_some_and(breaks) {
        finding.fix = None;
    }
    let Some(fix) = finding.fix.as_deref_mut() else { return };
    let shares = |edit: &Edit| parts().any(|part| part.is_used_elsewhere() && part.covers(edit.span));
    if fix.edits.iter().any(shares) {
        fix.applicability = Applicability::Unsafe;
    }
}

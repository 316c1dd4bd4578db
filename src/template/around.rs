//! Templates in which another language's directives stand, which are done first.

use crate::template::{Fault, FaultKind, Piece, PieceKind, Reading};
use crate::text::Span;

/// Reads one: what Velocity reads is looked for in what is left without the directives, each of which is
/// then put among it.
pub(super) fn reading(text: &str, directives: Vec<Piece>) -> Option<Reading> {
    if directives.is_empty() {
        return Some(Reading::of(text));
    }
    let mut reading = Reading::of(&masked(text, &directives)?);
    if directives.iter().any(|directive| may_join(text, directive.span)) || !stands_whole(text, &reading) {
        return None;
    }
    let own = std::mem::take(&mut reading.pieces);
    let pieces = merged(text, own, directives)?;
    if let Some(span) = unclosed(&pieces)?.next() {
        reading.faults.push(Fault { span, kind: FaultKind::UnclosedBlock });
        reading.faults.sort_by_key(|fault| fault.span.start);
    }
    reading.pieces = pieces.into_iter().map(|(piece, _)| piece).collect();
    Some(reading)
}

/// The text with something of the same length in place of each directive, which means nothing to Velocity.
fn masked(text: &str, directives: &[Piece]) -> Option<String> {
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    for directive in directives {
        let span = directive.span;
        masked.push_str(text.get(at..span.start as usize)?);
        masked.extend(span.range().map(|_| '%'));
        at = span.end as usize;
    }
    masked.push_str(text.get(at..)?);
    Some(masked)
}

/// Whether what stands before a directive may be the beginning of something that goes on after it.
fn may_join(text: &str, directive: Span) -> bool {
    let before = text[..directive.start as usize].trim_end_matches(['{', '!', '@']);
    before.ends_with(['$', '#', '\\'])
}

/// Whether what Velocity refuses it would refuse whatever the directives come to: blocks are looked at
/// elsewhere, and what is not closed is seen not to be.
fn stands_whole(text: &str, reading: &Reading) -> bool {
    reading.faults.iter().all(|fault| match fault.kind {
        FaultKind::UnclosedBlock | FaultKind::StrayEnd | FaultKind::StrayElse => true,
        FaultKind::UnclosedReference => {
            text[fault.span.end as usize..].starts_with(['"', ',', ' ', '\r', '\n'])
        }
        FaultKind::UnclosedArguments
        | FaultKind::UnclosedComment
        | FaultKind::Misspelled(_)
        | FaultKind::NoArguments(_)
        | FaultKind::NoDollar
        | FaultKind::LoopComma => false,
    })
}

/// All pieces in the order of the text, and whether each is one of the directives; `None` where a
/// directive stands in something of Velocity's, or may be the end of a name of its.
fn merged(text: &str, own: Vec<Piece>, directives: Vec<Piece>) -> Option<Vec<(Piece, bool)>> {
    let mut all: Vec<_> = own.into_iter().map(|piece| (piece, false)).collect();
    all.extend(directives.into_iter().map(|piece| (piece, true)));
    all.sort_by_key(|(piece, _)| piece.span.start);
    let clash = all.windows(2).any(|pair| {
        let [(before, is_directive), (after, _)] = pair else { return false };
        let is_open = !is_directive
            && matches!(before.kind, PieceKind::Reference(_))
            && !before.span.slice(text).ends_with('}');
        before.span.end > after.span.start || (is_open && before.span.end == after.span.start && pair[1].1)
    });
    (!clash).then_some(all)
}

/// The directives whose blocks do not end; `None` where a block of one language has the beginning or
/// the end of one of the other's in it, without the rest.
fn unclosed(pieces: &[(Piece, bool)]) -> Option<impl Iterator<Item = Span>> {
    let mut open: Vec<(Span, bool)> = Vec::new();
    for (piece, is_directive) in pieces {
        match piece.kind {
            PieceKind::If(_) | PieceKind::Foreach | PieceKind::Definition | PieceKind::Literal => {
                open.push((piece.span, *is_directive));
            }
            PieceKind::ElseIf(_) | PieceKind::Else | PieceKind::End => {
                let of = if piece.kind == PieceKind::End { open.pop() } else { open.last().copied() };
                if of.map_or(*is_directive, |(_, of)| of != *is_directive) {
                    return None;
                }
            }
            _ => {}
        }
    }
    Some(open.into_iter().filter(|(_, is_directive)| *is_directive).map(|(span, _)| span))
}

//! Terraform's strings and here-documents, taken apart into what stands for itself and what does not.

use super::blocks::Lexer;
use crate::template::PieceKind;
use crate::text::Span;

/// A part of a string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Text that stands as it reads.
    Text(Span),
    /// An escape, and what it stands for.
    Escape(Span, char),
    /// `$${` or `%%{`.
    Marker(Span),
    /// `$${…}` around something that only Terraform knows.
    Unfilled(Span),
    /// `${…}`.
    Interpolation {
        whole: Span,
        /// What stands in it.
        inner: Span,
    },
    /// `%{ if … }` and the like, as what it is to a template.
    Directive { whole: Span, kind: PieceKind },
}

/// How a string is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quotes {
    /// Between double quotes.
    Double,
    /// `<<WORD`, or `<<-WORD` where its indent does not count.
    HereDocument { flush: bool },
    /// In a string of JSON: what that says is a template.
    Json,
}

/// The parts of a string; `None` where it has directives that are not known, as then it may be anything.
pub(super) fn pieces(lexer: &mut Lexer<'_>, text: &str, content: Span, quotes: Quotes) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let bytes = &text.as_bytes()[..content.end as usize];
    // Velocity has variables of its own, of any name.
    let said = content.slice(text).as_bytes();
    let sets = |directive: &[u8]| memchr::memmem::find(said, directive).is_some();
    let has_variables = sets(b"#set") || sets(b"#foreach") || sets(b"#{");
    let (mut at, mut plain) = (content.start as usize, content.start as usize);
    let mut push = |plain: usize, at: usize, piece: Piece| {
        if plain < at {
            pieces.push(Piece::Text(Span::from_usize(plain, at)));
        }
        pieces.push(piece);
    };
    while let Some(len) = memchr::memchr3(b'$', b'%', b'\\', &bytes[at..]) {
        at += len;
        let rest = &bytes[at..];
        let next = match (rest[0], rest.get(1)) {
            (b'\\', _) if quotes == Quotes::Double => {
                let (character, len) = escape(&text[at..content.end as usize]);
                push(plain, at, Piece::Escape(Span::from_usize(at, at + len), character));
                at + len
            }
            (b'$' | b'%', Some(b'{')) => {
                let (end, closed) = lexer.interpolation_end(Span::from_usize(at + 2, bytes.len()));
                let whole = Span::from_usize(at, end);
                let inner = Span::from_usize(at + 2, end - usize::from(closed));
                let piece = if rest[0] == b'$' {
                    Piece::Interpolation { whole, inner }
                } else {
                    Piece::Directive { whole, kind: directive(text, inner)? }
                };
                push(plain, at, piece);
                end
            }
            (b'$' | b'%', Some(second)) if *second == rest[0] && rest.get(2) == Some(&b'{') => {
                let own = if has_variables { None } else { terraforms_own(rest) };
                let span = Span::from_usize(at, at + own.unwrap_or(3));
                push(plain, at, if own.is_some() { Piece::Unfilled(span) } else { Piece::Marker(span) });
                span.end as usize
            }
            _ => {
                at += 1;
                continue;
            }
        };
        (at, plain) = (next, next);
    }
    if plain < bytes.len() {
        pieces.push(Piece::Text(Span::from_usize(plain, bytes.len())));
    }
    if quotes == (Quotes::HereDocument { flush: true }) {
        pieces = without_indent(text, &pieces);
    }
    strip(text, &mut pieces, quotes);
    Some(pieces)
}

/// What a directive is, by what stands between its braces.
fn directive(text: &str, inner: Span) -> Option<PieceKind> {
    let said = without_strips(text, inner);
    let (word, rest) = word(said.slice(text));
    let rest = Span::new(said.end - u32::try_from(rest.len()).ok()?, said.end);
    match word {
        "if" => Some(PieceKind::If(rest)),
        "else" if rest.is_empty() => Some(PieceKind::Else),
        "endif" | "endfor" if rest.is_empty() => Some(PieceKind::End),
        // What it names so is not what a data action does.
        "for" if !names_input(rest.slice(text)) => Some(PieceKind::Foreach),
        _ => None,
    }
}

/// Whether one of the names that a loop gives is `input`.
fn names_input(head: &str) -> bool {
    let mut words = head.split([' ', ',', '\t', '\r', '\n']).take_while(|word| *word != "in");
    words.any(|word| word.eq_ignore_ascii_case("input"))
}

/// The word that a text begins with, and what follows it, without the blanks between them.
fn word(text: &str) -> (&str, &str) {
    let len = text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    (&text[..len], text[len..].trim_start())
}

/// The inside of an interpolation or directive without the `~` and blanks at its ends.
pub(super) fn without_strips(text: &str, inner: Span) -> Span {
    let said = inner.slice(text);
    let is_around = |character: char| character == '~' || character.is_whitespace();
    let start = said.len() - said.trim_start_matches(is_around).len();
    let len = said.trim_matches(is_around).len();
    let start = inner.start as usize + start;
    Span::from_usize(start, start + len)
}

/// How many blocks of directives stand in each other at most.
pub(super) fn depth(text: &str) -> usize {
    let (mut depth, mut deepest) = (0usize, 0);
    for at in memchr::memmem::find_iter(text.as_bytes(), "%{") {
        let inner = text[at + 2..]
            .trim_start_matches(|character: char| character == '~' || character.is_whitespace());
        match word(inner).0 {
            "if" | "for" => depth += 1,
            "endif" | "endfor" => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// Leaves out the white space that a `~` takes away: what stands before it, or after it, in the string or
/// on the line.
fn strip(text: &str, pieces: &mut Vec<Piece>, quotes: Quotes) {
    let strips = |piece: &Piece| match piece {
        Piece::Interpolation { whole, .. } | Piece::Directive { whole, .. } => {
            let said = whole.slice(text);
            (said[2..].starts_with('~'), said.ends_with("~}"))
        }
        _ => (false, false),
    };
    if !pieces.iter().any(|piece| strips(piece) != (false, false)) {
        return;
    }
    let in_lines = matches!(quotes, Quotes::HereDocument { .. });
    let mut kept: Vec<Piece> = Vec::with_capacity(pieces.len());
    let mut strips_next = false;
    for piece in pieces.drain(..) {
        let (before, after) = strips(&piece);
        while before && let Some(last) = kept.pop() {
            let (last, goes_on) = stripped(text, last, in_lines, true);
            kept.extend(last);
            if !goes_on {
                break;
            }
        }
        if strips_next && matches!(piece, Piece::Text(_) | Piece::Escape(..)) {
            let (piece, goes_on) = stripped(text, piece, in_lines, false);
            kept.extend(piece);
            strips_next = goes_on;
            continue;
        }
        strips_next = after;
        kept.push(piece);
    }
    *pieces = kept;
}

/// What is left of a piece without the white space at an end of it, and whether the next one loses its
/// own too.
fn stripped(text: &str, piece: Piece, in_lines: bool, at_end: bool) -> (Option<Piece>, bool) {
    let span = match piece {
        Piece::Escape(_, character) if character.is_whitespace() => return (None, true),
        Piece::Text(span) => span,
        piece => return (Some(piece), false),
    };
    let said = span.slice(text);
    let mut lines = said.split_inclusive('\n');
    let line = if at_end { lines.next_back() } else { lines.next() }.filter(|_| in_lines).unwrap_or(said);
    let blanks =
        if at_end { line.len() - line.trim_end().len() } else { line.len() - line.trim_start().len() };
    let (start, end) = (span.start as usize, span.end as usize);
    let left =
        if at_end { Span::from_usize(start, end - blanks) } else { Span::from_usize(start + blanks, end) };
    ((!left.is_empty()).then_some(Piece::Text(left)), blanks == said.len() && !in_lines)
}

/// The character that an escape stands for, and its length.
fn escape(text: &str) -> (char, usize) {
    let Some(kind) = text[1..].chars().next() else { return ('\\', 1) };
    let simple = match kind {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' | 'U' => {
            let len = if kind == 'u' { 6 } else { 10 };
            let code = text.get(2..len).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
            let code = code.and_then(|digits| u32::from_str_radix(digits, 16).ok()).and_then(char::from_u32);
            return code.map_or((kind, 2), |character| (character, len));
        }
        other => other,
    };
    (simple, 1 + kind.len_utf8())
}

/// The length of the `$${…}` that a text begins with, where it names what Terraform knows and Velocity does
/// not.
fn terraforms_own(text: &[u8]) -> Option<usize> {
    let path = text.strip_prefix(b"$${")?;
    let len = path.iter().take_while(|byte| is_path(**byte)).count();
    if path.get(len) != Some(&b'}') {
        return None;
    }
    let mut names = path[..len].split(|byte| *byte == b'.');
    let (root, name, third) = (names.next()?, names.next()?, names.next());
    let is_own = match root {
        b"var" | b"local" | b"module" => !name.is_empty(),
        b"data" => third.is_some(),
        b"each" => matches!(name, b"key" | b"value"),
        b"path" => matches!(name, b"module" | b"root" | b"cwd"),
        b"terraform" => name == b"workspace",
        _ => false,
    };
    is_own.then_some(3 + len + 1)
}

const fn is_path(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'[' | b']')
}

/// Leaves out the white space that all lines begin with. Lines of nothing else do not count, as with
/// Terraform.
fn without_indent(text: &str, pieces: &[Piece]) -> Vec<Piece> {
    let indent = |line: &str| line.chars().take_while(|character| character.is_whitespace()).count();
    let mut least = usize::MAX;
    lines(text, pieces, |piece, begins| match piece {
        Piece::Text(line) if begins => {
            let line = line.slice(text);
            if !is_blank(line) {
                least = least.min(indent(line));
            }
        }
        _ if begins => least = 0,
        _ => {}
    });
    let mut flush = Vec::with_capacity(pieces.len());
    lines(text, pieces, |piece, begins| match piece {
        Piece::Text(line) if begins && !is_blank(line.slice(text)) => {
            let cut: usize = line.slice(text).chars().take(least).map(char::len_utf8).sum();
            let line = Span::from_usize(line.start as usize + cut, line.end as usize);
            if !line.is_empty() {
                flush.push(Piece::Text(line));
            }
        }
        piece => flush.push(piece),
    });
    flush
}

fn is_blank(line: &str) -> bool {
    line.ends_with('\n') && line.trim().is_empty()
}

/// Yields the pieces, texts line by line, and whether each begins a line.
fn lines(text: &str, pieces: &[Piece], mut each: impl FnMut(Piece, bool)) {
    let mut begins = true;
    for piece in pieces {
        let Piece::Text(span) = piece else {
            each(piece.clone(), begins);
            begins = false;
            continue;
        };
        let mut start = span.start as usize;
        for line in span.slice(text).split_inclusive('\n') {
            each(Piece::Text(Span::from_usize(start, start + line.len())), begins);
            begins = line.ends_with('\n');
            start += line.len();
        }
    }
}

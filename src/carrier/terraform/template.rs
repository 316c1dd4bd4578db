//! Terraform's strings and here-documents, taken apart into what stands for itself and what does not.

use super::blocks::Lexer;
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

/// The parts of a string; `None` where it has directives, as then it may be anything.
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
                if rest[0] == b'%' {
                    return None;
                }
                let (end, closed) = lexer.interpolation_end(Span::from_usize(at + 2, bytes.len()));
                let whole = Span::from_usize(at, end);
                let inner = Span::from_usize(at + 2, end - usize::from(closed));
                push(plain, at, Piece::Interpolation { whole, inner });
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
    Some(pieces)
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

//! A `PowerShell` script as tokens, each with its place.

use crate::carrier::references::placeholder_len;
use crate::text::Span;

/// A token.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) range: Span,
    pub(super) kind: TokenKind,
    /// Whether blanks or nothing stand before it.
    pub(super) spaced: bool,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A string, or a word without quotes.
    Text(Quoted, Vec<Part>),
    /// A variable: its name, without a scope.
    Variable(Span),
    /// `@name`: a table of parameters.
    Splat(Span),
    /// `-Name`, or an operator that looks like one: the name.
    Parameter(Span),
    /// A bracket, and the number of the one that closes it.
    Open(Bracket, usize),
    Close,
    Equals,
    /// `+=` and the like.
    Changes,
    Plus,
    Comma,
    Pipe,
    /// The end of a line, or a semicolon.
    Separator,
    /// `.name` or `::name` after something: the name.
    Member(Span),
    /// A quote that nothing closes, with the rest of its line: the quote.
    Unclosed(Span),
    Other,
}

/// A bracket that opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bracket {
    /// `(`
    Round,
    /// `[`
    Square,
    /// `{`
    Block,
    /// `@{`
    Table,
    /// `@(`
    List,
    /// `$(`
    Expression,
}

/// The quotes around a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quoted {
    Bare,
    Single,
    Double,
    /// `@'…'@`
    SingleBlock,
    /// `@"…"@`
    DoubleBlock,
}

impl Quoted {
    const fn expands(self) -> bool {
        matches!(self, Self::Bare | Self::Double | Self::DoubleBlock)
    }
}

/// A part of a string that is written in one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) range: Span,
    pub(super) kind: PartKind,
    pub(super) quoting: Quoted,
}

/// What a part of a string is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PartKind {
    /// Text as it reads.
    Literal,
    /// An escape, and the character that it stands for.
    Escape(char),
    /// The value of a variable of this name.
    Variable(Span),
    /// `$(…)`, or something else that is filled in.
    Unknown,
}

/// Reads a script. Any text gives something.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    /// How often the whole text may be looked through for what closes a quote that is left open.
    const MOST: usize = 16;
    let mut lexer = Lexer {
        text,
        bytes: text.as_bytes(),
        at: 0,
        tokens: Vec::new(),
        open: Vec::new(),
        may_look: MOST * text.len(),
    };
    while lexer.at < text.len() {
        lexer.token();
    }
    lexer.tokens
}

struct Lexer<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    tokens: Vec<Token>,
    /// The numbers of the brackets that are open, and what closes them.
    open: Vec<(usize, u8)>,
    /// Bytes that may still be looked through for what closes a quote.
    may_look: usize,
}

/// Where a variable's value comes from, before its name.
const SCOPES: [&str; 6] = ["script", "global", "local", "private", "using", "variable"];

impl Lexer<'_> {
    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn token(&mut self) {
        let before = self.at;
        self.skip_blanks();
        let Some(byte) = self.peek(0) else { return };
        let begins = self.tokens.last().is_none_or(|last| last.kind == TokenKind::Separator);
        let spaced = before < self.at || begins;
        let start = self.at;
        let kind = match byte {
            b'\n' | b';' => self.one(TokenKind::Separator),
            b'\'' => self.single(),
            b'"' => self.double(),
            b'@' => self.at_sign(),
            b'$' => self.dollar(),
            b'(' => self.open(Bracket::Round, 1, b')'),
            b'[' => self.open(Bracket::Square, 1, b']'),
            b'{' => self.open(Bracket::Block, 1, b'}'),
            b')' | b']' | b'}' => self.close(byte),
            b'=' if self.peek(1) != Some(b'=') => self.one(TokenKind::Equals),
            b'+' | b'-' | b'*' | b'/' if self.peek(1) == Some(b'=') => {
                self.at += 2;
                TokenKind::Changes
            }
            b'+' if self.peek(1) == Some(b'+') => {
                self.at += 2;
                TokenKind::Changes
            }
            b'-' if self.peek(1) == Some(b'-') => {
                self.at += 2;
                TokenKind::Changes
            }
            b'+' => self.one(TokenKind::Plus),
            b',' => self.one(TokenKind::Comma),
            b'|' if self.peek(1) == Some(b'|') => {
                self.at += 2;
                TokenKind::Separator
            }
            b'|' => self.one(TokenKind::Pipe),
            b'&' if self.peek(1) == Some(b'&') => {
                self.at += 2;
                TokenKind::Separator
            }
            b'-' if self.peek(1).is_some_and(|next| next.is_ascii_alphabetic()) => {
                self.at += 1;
                let name = self.name();
                // The value may follow without a blank.
                if self.peek(0) == Some(b':') {
                    self.at += 1;
                }
                TokenKind::Parameter(name)
            }
            b'.' | b':' if !spaced && self.member().is_some() => {
                let name = self.member().unwrap_or_default();
                self.at = name.end as usize;
                TokenKind::Member(name)
            }
            b'<' if placeholder_len(self.rest()).is_some() => self.bare(),
            b'&' | b'!' | b'<' | b'>' | b'=' => self.one(TokenKind::Other),
            _ => self.bare(),
        };
        self.tokens.push(Token { range: Span::from_usize(start, self.at), kind, spaced });
    }

    fn one(&mut self, kind: TokenKind) -> TokenKind {
        self.at += 1;
        kind
    }

    /// Passes blanks, comments and line ends that a backtick takes away.
    fn skip_blanks(&mut self) {
        while let Some(byte) = self.peek(0) {
            match byte {
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'`' if self.peek(1) == Some(b'\n') => self.at += 2,
                b'`' if self.peek(1) == Some(b'\r') && self.peek(2) == Some(b'\n') => self.at += 3,
                b'<' if self.peek(1) == Some(b'#') => {
                    let end = memchr::memmem::find(&self.bytes[self.at..], b"#>");
                    self.at = end.map_or(self.bytes.len(), |len| self.at + len + 2);
                }
                b'#' => {
                    let end = memchr::memchr(b'\n', &self.bytes[self.at..]);
                    self.at = end.map_or(self.bytes.len(), |len| self.at + len);
                }
                b'\xef' if self.rest().starts_with('\u{feff}') => self.at += 3,
                b'\xc2' if self.rest().starts_with('\u{a0}') => self.at += 2,
                _ => break,
            }
        }
    }

    fn open(&mut self, bracket: Bracket, len: usize, close: u8) -> TokenKind {
        self.at += len;
        self.open.push((self.tokens.len(), close));
        // Until it is closed, it is at the end.
        TokenKind::Open(bracket, usize::MAX)
    }

    fn close(&mut self, byte: u8) -> TokenKind {
        self.at += 1;
        // A bracket that is missing ends with the one around it.
        let Some(matching) = self.open.iter().rposition(|(_, close)| *close == byte) else {
            return TokenKind::Close;
        };
        let number = self.tokens.len();
        for (open, _) in self.open.drain(matching..) {
            if let TokenKind::Open(_, close) = &mut self.tokens[open].kind {
                *close = number;
            }
        }
        TokenKind::Close
    }

    fn at_sign(&mut self) -> TokenKind {
        match self.peek(1) {
            Some(b'{') => self.open(Bracket::Table, 2, b'}'),
            Some(b'(') => self.open(Bracket::List, 2, b')'),
            Some(quote @ (b'\'' | b'"')) if self.begins_block() => self.block(quote),
            Some(byte) if byte.is_ascii_alphabetic() || byte == b'_' => {
                self.at += 1;
                TokenKind::Splat(self.name())
            }
            _ => self.one(TokenKind::Other),
        }
    }

    /// Whether the line ends after `@"`.
    fn begins_block(&self) -> bool {
        let line = self.rest()[2..].split('\n').next().unwrap_or_default();
        line.len() + 2 < self.rest().len() && line.trim().is_empty()
    }

    /// `@"`, lines, `"@`
    fn block(&mut self, quote: u8) -> TokenKind {
        let end = if quote == b'"' { "\n\"@" } else { "\n'@" };
        let first =
            memchr::memchr(b'\n', &self.bytes[self.at..]).map_or(self.bytes.len(), |len| self.at + len);
        let stop = memchr::memmem::find(&self.bytes[first..], end.as_bytes());
        let quoting = if quote == b'"' { Quoted::DoubleBlock } else { Quoted::SingleBlock };
        let Some(stop) = stop.map(|len| first + len) else {
            return self.unclosed(self.bytes.len());
        };
        let from = (first + 1).min(stop);
        let to = if self.text[from..stop].ends_with('\r') { stop - 1 } else { stop };
        self.at = stop + end.len();
        TokenKind::Text(quoting, self.parts(from, to, quoting))
    }

    fn single(&mut self) -> TokenKind {
        let from = self.at + 1;
        let mut end = from;
        loop {
            let Some(len) = memchr::memchr(b'\'', &self.bytes[end..]) else {
                return self.unclosed(self.bytes.len());
            };
            end += len;
            if self.bytes.get(end + 1) != Some(&b'\'') {
                break;
            }
            end += 2;
        }
        if self.swallows_a_call(from, end) {
            return self.unclosed(end);
        }
        self.at = end + 1;
        TokenKind::Text(Quoted::Single, self.parts(from, end, Quoted::Single))
    }

    fn double(&mut self) -> TokenKind {
        let from = self.at + 1;
        let mut end = from;
        loop {
            match self.bytes.get(end) {
                None => return self.unclosed(self.bytes.len()),
                Some(b'`') => end += 1 + self.text[end + 1..].chars().next().map_or(0, char::len_utf8),
                Some(b'"') if self.bytes.get(end + 1) == Some(&b'"') => end += 2,
                Some(b'"') => break,
                Some(b'$') if self.bytes.get(end + 1) == Some(&b'(') => {
                    end = expression_end(self.bytes, end + 1).unwrap_or(end + 2);
                }
                Some(_) => end += 1,
            }
        }
        if self.swallows_a_call(from, end) {
            return self.unclosed(end);
        }
        self.at = end + 1;
        TokenKind::Text(Quoted::Double, self.parts(from, end, Quoted::Double))
    }

    /// Whether quotes hold the next call: the quote at the end of a string before it is missing.
    fn swallows_a_call(&self, from: usize, to: usize) -> bool {
        memchr::memmem::find(&self.bytes[from..to], b"\nInvoke-").is_some()
    }

    /// A quote that nothing closes, though it was looked for as far as an offset: its line is passed, and its
    /// end where it goes on with the next.
    fn unclosed(&mut self, to: usize) -> TokenKind {
        let len = if self.peek(0) == Some(b'@') { 2 } else { 1 };
        let quote = Span::from_usize(self.at, self.at + len);
        let left = self.may_look.checked_sub(to.saturating_sub(self.at));
        self.may_look = left.unwrap_or_default();
        let line = left.and_then(|_| memchr::memchr(b'\n', &self.bytes[self.at..]));
        let end = line.map_or(self.bytes.len(), |len| self.at + len);
        let goes_on = self.text[self.at..end].trim_end().ends_with('`');
        self.at = if goes_on { self.bytes.len().min(end + 1) } else { end };
        TokenKind::Unclosed(quote)
    }

    /// The parts of a string between two offsets.
    fn parts(&self, from: usize, to: usize, quoting: Quoted) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut start = from;
        let mut at = from;
        let mut push = |from: usize, to: usize, kind: PartKind| {
            if from < to {
                parts.push(Part { range: Span::from_usize(from, to), kind, quoting });
            }
        };
        while at < to {
            let special = match self.bytes[at] {
                b'\'' if quoting == Quoted::Single => Some((at + 2, PartKind::Escape('\''))),
                b'"' if quoting == Quoted::Double => Some((at + 2, PartKind::Escape('"'))),
                b'`' if quoting.expands() => escape(&self.text[at..to]).map(|(len, kind)| (at + len, kind)),
                b'$' if quoting.expands() => reference(&self.text[..to], at),
                _ => None,
            };
            match special {
                Some((end, kind)) => {
                    push(start, at, PartKind::Literal);
                    push(at, end.min(to), kind);
                    at = end.min(to);
                    start = at;
                }
                None => at += 1,
            }
        }
        push(start, to, PartKind::Literal);
        parts
    }

    fn dollar(&mut self) -> TokenKind {
        if self.peek(1) == Some(b'(') {
            return self.open(Bracket::Expression, 2, b')');
        }
        match reference(self.text, self.at) {
            Some((end, kind)) => {
                self.at = end;
                match kind {
                    PartKind::Variable(name) => TokenKind::Variable(name),
                    _ => TokenKind::Other,
                }
            }
            None => self.one(TokenKind::Other),
        }
    }

    fn name(&mut self) -> Span {
        let start = self.at;
        while self.peek(0).is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            self.at += 1;
        }
        Span::from_usize(start, self.at)
    }

    /// The name in `.name` and `::name`.
    fn member(&self) -> Option<Span> {
        let dots = if self.rest().starts_with("::") { 2 } else { 1 };
        let follows = |token: &Token| {
            matches!(
                token.kind,
                TokenKind::Variable(_) | TokenKind::Close | TokenKind::Member(_) | TokenKind::Text(..)
            )
        };
        let rest = &self.rest()[dots..];
        let len = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_').len();
        let is_member =
            self.tokens.last().is_some_and(follows) && len > 0 && (dots == 2 || self.peek(0) == Some(b'.'));
        is_member.then(|| Span::from_usize(self.at + dots, self.at + dots + len))
    }

    /// A word without quotes.
    fn bare(&mut self) -> TokenKind {
        let start = self.at;
        let ends = |byte: u8| b" \t\r\n;|&(){},'\"=[]<>".contains(&byte);
        while let Some(byte) = self.peek(0) {
            if let Some(len) = placeholder_len(self.rest()) {
                self.at += len;
            } else if self.at == start {
                self.skip_character();
            } else if ends(byte) {
                break;
            } else if self.peek(0) == Some(b'$') && self.peek(1) == Some(b'(') {
                match expression_end(self.bytes, self.at + 1) {
                    Some(end) => self.at = end,
                    None => break,
                }
            } else if self.peek(0) == Some(b'`') && matches!(self.peek(1), Some(b'\n' | b'\r')) {
                break;
            } else {
                self.skip_character();
            }
        }
        TokenKind::Text(Quoted::Bare, self.parts(start, self.at, Quoted::Bare))
    }

    fn skip_character(&mut self) {
        self.at += self.rest().chars().next().map_or(1, char::len_utf8);
    }
}

/// What a backtick and what follows it stand for, and their length.
fn escape(text: &str) -> Option<(usize, PartKind)> {
    let character = text.chars().nth(1)?;
    let len = 1 + character.len_utf8();
    let kind = match character {
        'n' => PartKind::Escape('\n'),
        't' => PartKind::Escape('\t'),
        'r' => PartKind::Escape('\r'),
        '0' | 'a' | 'b' | 'e' | 'f' | 'v' => PartKind::Unknown,
        'u' if text[2..].starts_with('{') => {
            let end = text.find('}').filter(|end| *end < 12)?;
            let value = u32::from_str_radix(&text[3..end], 16).ok().and_then(char::from_u32)?;
            return Some((end + 1, PartKind::Escape(value)));
        }
        other => PartKind::Escape(other),
    };
    Some((len, kind))
}

/// The end of what a dollar sign begins, and what it is.
fn reference(text: &str, at: usize) -> Option<(usize, PartKind)> {
    let rest = &text[at + 1..];
    if rest.starts_with('(') {
        let end = expression_end(text.as_bytes(), at + 1)?;
        return Some((end, PartKind::Unknown));
    }
    let braced = rest.starts_with('{');
    let inside = rest.strip_prefix('{').unwrap_or(rest);
    let start = at + 1 + usize::from(braced);
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let name_len = |text: &str| text.find(|c: char| !is_name(c)).unwrap_or(text.len());
    let mut from = start;
    let mut end = start + name_len(inside);
    if text[end..].starts_with(':') && text[end + 1..].starts_with(|c: char| c.is_alphabetic() || c == '_') {
        let scope = &text[start..end];
        let is_scope = SCOPES.iter().any(|known| known.eq_ignore_ascii_case(scope));
        if is_scope || scope.eq_ignore_ascii_case("env") {
            from = if is_scope { end + 1 } else { start };
            end = end + 1 + name_len(&text[end + 1..]);
        }
    }
    if from == end {
        return None;
    }
    let stop = if braced { text[end..].starts_with('}').then_some(end + 1)? } else { end };
    Some((stop, PartKind::Variable(Span::from_usize(from, end))))
}

/// The offset after the bracket that closes the one at an offset, if that is near.
fn expression_end(bytes: &[u8], open: usize) -> Option<usize> {
    const MOST: usize = 2000;
    let mut depth = 0;
    for (len, byte) in bytes[open..].iter().take(MOST).enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(open + len + 1);
        }
    }
    None
}

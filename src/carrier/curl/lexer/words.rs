//! Words: quotes, escapes and expansions.

use super::{DEEPEST, Lexer, Piece, PieceKind, Quoted, Word};
use crate::carrier::references::placeholder_len;
use crate::text::Span;

impl Lexer<'_> {
    /// Reads a word, which may be empty. `close` is what closes the commands that it is among.
    pub(super) fn word(&mut self, close: Option<u8>) -> Word {
        let start = self.at;
        let mut pieces = Vec::new();
        while let Some(byte) = self.peek(0) {
            match byte {
                b'\r' if matches!(self.peek(1), Some(b'\n') | None) => break,
                b'`' if close == Some(b'`') => break,
                b'<' | b'>' if self.peek(1) == Some(b'(') => {
                    let from = self.at;
                    self.at += 2;
                    self.commands(b')');
                    self.push(&mut pieces, from, PieceKind::Unknown, Quoted::Bare);
                }
                b'(' if self.at > start && self.bytes[self.at - 1] == b'=' => {
                    self.list_of_values(&mut pieces);
                }
                b'<' if let Some(len) = self.placeholder(start) => {
                    let from = self.at;
                    self.at += len;
                    self.push(&mut pieces, from, PieceKind::Literal, Quoted::Bare);
                }
                b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'(' | b')' | b'<' | b'>' => break,
                b'\'' => self.single(&mut pieces),
                b'"' => self.double(&mut pieces),
                b'\\' => self.escape(&mut pieces),
                b'$' | b'`' => self.expansion(&mut pieces, Quoted::Bare),
                _ => {
                    let from = self.at;
                    self.at += 1;
                    let ends = |byte: u8| b" \t\n\r;&|()<>'\"\\$`".contains(&byte);
                    while self.peek(0).is_some_and(|byte| !ends(byte)) {
                        self.at += 1;
                    }
                    self.push(&mut pieces, from, PieceKind::Literal, Quoted::Bare);
                }
            }
            if self.unclosed.is_some() {
                break;
            }
        }
        Word { range: Span::from_usize(start, self.at), pieces }
    }

    fn push(&self, pieces: &mut Vec<Piece>, from: usize, kind: PieceKind, quoting: Quoted) {
        if from >= self.at {
            return;
        }
        let piece = Piece { range: Span::from_usize(from, self.at), kind, quoting };
        let is_bare = |piece: &Piece| piece.kind == PieceKind::Literal && piece.quoting == Quoted::Bare;
        match pieces.last_mut() {
            Some(last) if is_bare(last) && is_bare(&piece) && last.range.end == piece.range.start => {
                last.range.end = piece.range.end;
            }
            _ => pieces.push(piece),
        }
    }

    /// The length of a placeholder that a word begins or goes on with, as documentation has it:
    /// `https://…/<id>`. What a shell would read there is a redirection, which nobody writes like that.
    pub(super) fn placeholder(&self, start: usize) -> Option<usize> {
        let len = placeholder_len(&self.text[self.at..self.end])?;
        let before = &self.text[start..self.at];
        let is_file = self.text[self.at..self.at + len].contains('.');
        let begins = self.in_call && !is_file;
        let is_number = before.bytes().all(|byte| byte.is_ascii_digit());
        let goes_on = if before.is_empty() { begins } else { !is_number && before != "@-" };
        // `<file>other`
        let leads_on = |byte: u8| byte.is_ascii_alphanumeric() || b"_$'\"&>".contains(&byte);
        (goes_on && !self.peek(len).is_some_and(leads_on)).then_some(len)
    }

    /// Reads the commands in `$(…)` and the like, or passes them where they stand too deep.
    fn commands(&mut self, close: u8) -> PieceKind {
        if self.depth >= DEEPEST {
            self.at = self.end;
            return PieceKind::Unknown;
        }
        self.depth += 1;
        let first = self.script.commands.len();
        self.finder.begin_output(self.at);
        self.list(Some(close));
        self.finder.end_output(self.at);
        self.depth = self.depth.saturating_sub(1);
        PieceKind::Output { first, end: self.script.commands.len() }
    }

    /// `NAME=(…)`: what is in it is not kept.
    fn list_of_values(&mut self, pieces: &mut Vec<Piece>) {
        let from = self.at;
        self.at += 1;
        if self.depth >= DEEPEST {
            self.at = self.end;
        }
        self.depth += 1;
        loop {
            self.skip_blanks();
            match self.peek(0) {
                None => break,
                Some(b')') => {
                    self.at += 1;
                    break;
                }
                Some(b'#') => self.skip_line(),
                Some(_) => self.element(),
            }
            if self.unclosed.is_some() {
                return;
            }
        }
        self.depth = self.depth.saturating_sub(1);
        self.push(pieces, from, PieceKind::Unknown, Quoted::Bare);
    }

    fn element(&mut self) {
        if self.word(None).range.is_empty() {
            self.skip_character();
        }
    }

    fn single(&mut self, pieces: &mut Vec<Piece>) {
        let from = self.at + 1;
        let Some(len) = memchr::memchr(b'\'', &self.bytes[from..self.end]) else {
            self.leave(self.at, self.end);
            return;
        };
        if self.swallows_a_call(pieces, from, from + len) {
            self.leave(self.at, from + len);
            return;
        }
        self.at = from + len;
        self.push(pieces, from, PieceKind::Literal, Quoted::Single);
        self.at += 1;
    }

    /// Takes a quote for one that nothing closes; its end was looked for as far as an offset.
    fn leave(&mut self, open: usize, end: usize) {
        self.unclosed = Some(open);
        self.looked += end.saturating_sub(open);
    }

    /// Whether quotes in a call of `curl`, or around an object of JSON or the rest of one, hold the next
    /// call: the quote at the end of the first one is missing.
    fn swallows_a_call(&self, before: &[Piece], from: usize, to: usize) -> bool {
        let is_object = || {
            let text = self.text[from..to].trim_start_matches(['"', '\'']).trim_start();
            text.strip_prefix('{').is_some_and(|text| text.trim_start().starts_with(['"', '\\']))
        };
        memchr::memmem::find(&self.bytes[from..to], b"\ncurl ").is_some()
            && (self.in_call || is_object() || self.closed_early(before).is_some())
    }

    fn double(&mut self, pieces: &mut Vec<Piece>) {
        let open = self.at;
        let known = self.script.commands.len();
        self.at += 1;
        self.expanded(pieces, Quoted::Double, Some(b'"'));
        if self.unclosed.is_none() && self.swallows_a_call(pieces, open, self.at) {
            self.leave(open, self.at);
        } else if self.peek(0) == Some(b'"') {
            self.at += 1;
        } else if self.unclosed.is_none() {
            self.leave(open, self.at);
        }
        if self.unclosed == Some(open) {
            // They are read again.
            self.script.commands.truncate(known);
        }
    }

    /// Reads text in which variables are expanded, up to what closes it.
    pub(super) fn expanded(&mut self, pieces: &mut Vec<Piece>, quoting: Quoted, close: Option<u8>) {
        let mut from = self.at;
        while let Some(byte) = self.peek(0) {
            if close == Some(byte) || self.unclosed.is_some() {
                break;
            }
            match byte {
                b'\\' => {
                    let escaped = match self.peek(1) {
                        Some(b'"') if quoting == Quoted::Double => '"',
                        Some(b'\\') => '\\',
                        Some(b'$') => '$',
                        Some(b'`') => '`',
                        Some(b'\n') => {
                            self.push(pieces, from, PieceKind::Literal, quoting);
                            self.at += 2;
                            from = self.at;
                            continue;
                        }
                        _ => {
                            self.at += 1;
                            continue;
                        }
                    };
                    self.push(pieces, from, PieceKind::Literal, quoting);
                    from = self.at;
                    self.at += 2;
                    self.push(pieces, from, PieceKind::Escape(escaped), quoting);
                    from = self.at;
                }
                b'$' | b'`' => {
                    self.push(pieces, from, PieceKind::Literal, quoting);
                    self.expansion(pieces, quoting);
                    from = self.at;
                }
                _ => {
                    self.at += 1;
                    while self.peek(0).is_some_and(|byte| !b"\\$`\"".contains(&byte)) {
                        self.at += 1;
                    }
                }
            }
        }
        self.push(pieces, from, PieceKind::Literal, quoting);
    }

    fn escape(&mut self, pieces: &mut Vec<Piece>) {
        let from = self.at;
        match self.text[self.at + 1..self.end].chars().next() {
            None => {
                self.at += 1;
                self.push(pieces, from, PieceKind::Literal, Quoted::Bare);
            }
            Some('\n') => self.at += 2,
            Some('\r') if self.peek(2) == Some(b'\n') => self.at += 3,
            Some(character) => {
                self.at += 1 + character.len_utf8();
                self.push(pieces, from, PieceKind::Escape(character), Quoted::Bare);
            }
        }
    }

    /// Reads what begins with a dollar sign or a backtick.
    fn expansion(&mut self, pieces: &mut Vec<Piece>, quoting: Quoted) {
        let from = self.at;
        if self.peek(0) == Some(b'`') {
            self.at += 1;
            let kind = self.commands(b'`');
            self.push(pieces, from, kind, quoting);
            return;
        }
        match self.peek(1) {
            Some(b'\'') if quoting == Quoted::Bare => self.ansi(pieces),
            Some(b'"') if quoting == Quoted::Bare => {
                self.at += 1;
                self.double(pieces);
            }
            Some(b'(') if self.peek(2) == Some(b'(') && self.arithmetic() => {
                self.push(pieces, from, PieceKind::Unknown, quoting);
            }
            Some(b'(') => {
                self.at += 2;
                let kind = self.commands(b')');
                self.push(pieces, from, kind, quoting);
            }
            Some(b'{') => self.in_braces(pieces, quoting),
            Some(byte) if byte.is_ascii_alphabetic() || byte == b'_' => {
                self.at += 1;
                let name = self.name();
                self.push(pieces, from, PieceKind::Variable { name, plain: true }, quoting);
            }
            Some(byte) if byte.is_ascii_digit() || b"@*#?$!-".contains(&byte) => {
                let name = Span::from_usize(self.at + 1, self.at + 2);
                self.at += 2;
                self.push(pieces, from, PieceKind::Variable { name, plain: false }, quoting);
            }
            _ => {
                self.at += 1;
                self.push(pieces, from, PieceKind::Literal, quoting);
            }
        }
    }

    fn name(&mut self) -> Span {
        let start = self.at;
        while self.peek(0).is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            self.at += 1;
        }
        Span::from_usize(start, self.at)
    }

    /// `${NAME}`, `${NAME:-other}` and the like; a dollar sign where nothing closes it.
    fn in_braces(&mut self, pieces: &mut Vec<Piece>, quoting: Quoted) {
        const MOST: usize = 2048;
        let from = self.at;
        if self.starts_with("${{") && self.in_expression() {
            self.push(pieces, from, PieceKind::Unknown, quoting);
            return;
        }
        let mut end = self.at + 2;
        let limit = self.end.min(end + MOST);
        let mut depth = 1;
        while depth > 0 && end < limit {
            match self.bytes[end] {
                b'\\' => end += 1,
                b'$' if self.bytes.get(end + 1) == Some(&b'{') => {
                    depth += 1;
                    end += 1;
                }
                b'}' => depth -= 1,
                _ => {}
            }
            end += 1;
        }
        if depth > 0 {
            self.at += 1;
            self.push(pieces, from, PieceKind::Literal, quoting);
            return;
        }
        self.at += 2;
        let has_mark = matches!(self.peek(0), Some(b'#' | b'!'));
        self.at += usize::from(has_mark);
        let name = self.name();
        let plain = self.peek(0) == Some(b'}') && !has_mark;
        self.at = end;
        let kind = if name.is_empty() || has_mark {
            PieceKind::Unknown
        } else {
            PieceKind::Variable { name, plain }
        };
        self.push(pieces, from, kind, quoting);
    }

    /// Skips `${{ … }}`, which a pipeline fills in before a shell reads it, if it is closed on its line.
    fn in_expression(&mut self) -> bool {
        let rest = &self.bytes[self.at..self.end];
        let line = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
        let Some(len) = memchr::memmem::find(line, b"}}") else { return false };
        self.at += len + 2;
        true
    }

    /// Skips `$((…))`, if it is closed nearby.
    fn arithmetic(&mut self) -> bool {
        const MOST: usize = 400;
        let rest = &self.bytes[self.at..self.end.min(self.at + MOST)];
        let mut depth = 0;
        for (len, byte) in rest.iter().enumerate().skip(1) {
            match byte {
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                let inside = &rest[..len];
                let assigns = memchr::memchr(b'=', inside).is_some()
                    || memchr::memmem::find(inside, b"++").is_some()
                    || memchr::memmem::find(inside, b"--").is_some();
                if assigns {
                    self.keep_names(self.at, self.at + len);
                }
                self.at += len + 1;
                return true;
            }
        }
        false
    }

    /// `$'…'`
    fn ansi(&mut self, pieces: &mut Vec<Piece>) {
        let open = self.at;
        self.at += 2;
        let mut from = self.at;
        loop {
            match self.peek(0) {
                None => {
                    self.leave(open, self.at);
                    return;
                }
                Some(b'\'') => break,
                Some(b'\\') => {
                    self.push(pieces, from, PieceKind::Literal, Quoted::Ansi);
                    from = self.at;
                    let kind = self.ansi_escape();
                    self.push(pieces, from, kind, Quoted::Ansi);
                    from = self.at;
                }
                Some(_) => self.at += 1,
            }
        }
        self.push(pieces, from, PieceKind::Literal, Quoted::Ansi);
        self.at += 1;
    }

    fn ansi_escape(&mut self) -> PieceKind {
        let Some(character) = self.text[self.at + 1..self.end].chars().next() else {
            self.at += 1;
            return PieceKind::Literal;
        };
        self.at += 1 + character.len_utf8();
        PieceKind::Escape(match character {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'x' => return self.hexadecimal(2),
            'u' => return self.hexadecimal(4),
            'U' => return self.hexadecimal(8),
            '0'..='7' | 'a' | 'b' | 'c' | 'e' | 'E' | 'f' | 'v' => return PieceKind::Unknown,
            other => other,
        })
    }

    fn hexadecimal(&mut self, most: usize) -> PieceKind {
        let is_digit = |ahead: &usize| self.peek(*ahead).is_some_and(|byte| byte.is_ascii_hexdigit());
        let len = (0..most).take_while(is_digit).count();
        let value = u32::from_str_radix(&self.text[self.at..self.at + len], 16).ok();
        self.at += len;
        value.and_then(char::from_u32).map_or(PieceKind::Unknown, PieceKind::Escape)
    }
}

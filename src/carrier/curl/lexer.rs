//! A shell script as commands and words, each with its place.
//!
//! Read as bash reads it, as far as that shows what `curl` is called with: quotes, expansions,
//! here-documents and lists of commands. What an expansion does with a value is not read.

mod blocks;
mod documents;
mod words;

use crate::carrier::scopes::Blocks;
use crate::text::Span;
use blocks::Finder;

/// How deep commands may stand in one another.
const DEEPEST: usize = 40;

/// A part of a word that is written in one way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// Where it stands.
    pub(super) range: Span,
    pub(super) kind: PieceKind,
    pub(super) quoting: Quoted,
}

/// What a part of a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PieceKind {
    /// Text as it reads.
    Literal,
    /// An escape, and the character that it stands for.
    Escape(char),
    /// The value of a variable: where its name stands, and whether it is taken as it is.
    Variable { name: Span, plain: bool },
    /// What commands print: the numbers of the commands.
    Output { first: usize, end: usize },
    /// Something else that the shell fills in.
    Unknown,
}

/// The quotes around a part of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quoted {
    /// None.
    Bare,
    /// `'…'`
    Single,
    /// `"…"`
    Double,
    /// `$'…'`
    Ansi,
    /// A here-document with expansions.
    Document,
    /// A here-document without.
    Verbatim,
}

/// A word: parts after one another.
#[derive(Clone, Debug, Default)]
pub(super) struct Word {
    pub(super) range: Span,
    pub(super) pieces: Vec<Piece>,
}

/// What a command reads.
#[derive(Clone, Debug, Default)]
pub(super) enum Input {
    /// Whatever the script reads.
    #[default]
    Inherited,
    /// What another command prints: its number, where there is one.
    Pipe(Option<usize>),
    /// A here-document: its number.
    Document(usize),
    /// A here-string.
    Text(Word),
    /// A file of this name.
    File(Word),
}

/// A command: its words, those before its name included.
#[derive(Clone, Debug, Default)]
pub(super) struct Command {
    pub(super) words: Vec<Word>,
    pub(super) input: Input,
    /// The quote in its last word that is left open, so that the rest of it was not read.
    pub(super) open: Option<Open>,
    /// Whether it runs, in the shell itself, wherever the block that it stands in does.
    pub(super) is_sure: bool,
}

/// A quote that nothing closes, in a call of `curl`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open {
    /// The quote.
    pub(super) quote: Span,
    /// The quote before it that ends a string where the word goes on as if in it.
    pub(super) early: Option<Span>,
}

/// What was read of a script.
#[derive(Debug, Default)]
pub(super) struct Script {
    /// In the order in which they end.
    pub(super) commands: Vec<Command>,
    /// The parts of the here-documents.
    pub(super) documents: Vec<Vec<Piece>>,
    /// Names that arithmetic may change.
    pub(super) changed: Vec<Span>,
    /// Whether a quote is left open.
    pub(super) is_open: bool,
    /// The blocks of it, by offset, where they are sure.
    pub(super) blocks: Option<Blocks>,
    /// The functions in it, if so: their names, and the numbers of their blocks.
    pub(super) functions: Vec<(Span, usize)>,
}

impl Script {
    /// Reads a script. Any text gives something.
    pub(super) fn read(text: &str) -> Self {
        /// How often the whole text may be looked through for what closes a quote that is left open.
        const MOST: usize = 16;
        let mut lexer = Lexer {
            text,
            bytes: text.as_bytes(),
            at: 0,
            end: text.len(),
            depth: 0,
            script: Self::default(),
            pending: Vec::new(),
            unclosed: None,
            looked: 0,
            in_call: false,
            finder: Finder::default(),
        };
        while lexer.looked <= MOST * text.len() {
            lexer.list(None);
            let Some(open) = lexer.unclosed.take() else { break };
            lexer.script.is_open = true;
            // What was read since is in quotes or not, who knows: it goes on with the next line.
            lexer.pending.clear();
            lexer.depth = 0;
            lexer.end = text.len();
            lexer.at = memchr::memchr(b'\n', &lexer.bytes[open..]).map_or(text.len(), |len| open + len + 1);
        }
        if !lexer.script.is_open {
            let (blocks, functions) = lexer.finder.finish().unzip();
            (lexer.script.blocks, lexer.script.functions) = (blocks, functions.unwrap_or_default());
        }
        lexer.script
    }
}

/// A here-document that was announced and is still to come.
struct Pending {
    document: usize,
    delimiter: String,
    quoted: bool,
    strips_tabs: bool,
}

struct Lexer<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    /// Where what is read now ends.
    end: usize,
    depth: usize,
    script: Script,
    pending: Vec<Pending>,
    /// Where a quote is opened that nothing closes.
    unclosed: Option<usize>,
    /// Bytes that were looked through for what closes such quotes.
    looked: usize,
    /// Whether the words that are read are those of a call of `curl`.
    in_call: bool,
    finder: Finder,
}

/// A pipeline as far as it was read.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is something that was read or not")]
struct Line {
    command: Command,
    /// Whether the command reads what another prints.
    piped: bool,
    /// The command before it.
    before: Option<usize>,
    parentheses: usize,
    is_call: bool,
    /// Whether the word that names its command was read.
    is_named: bool,
    /// Whether it runs only if the one before it fails, or does not.
    depends: bool,
}

impl Lexer<'_> {
    fn peek(&self, ahead: usize) -> Option<u8> {
        let at = self.at + ahead;
        (at < self.end).then(|| self.bytes[at])
    }

    fn starts_with(&self, text: &str) -> bool {
        self.bytes[self.at..self.end].starts_with(text.as_bytes())
    }

    /// Reads commands up to what closes them, which is read too; up to the end where nothing does.
    fn list(&mut self, close: Option<u8>) {
        let mut line = Line::default();
        loop {
            self.skip_blanks();
            let Some(byte) = self.peek(0) else { break };
            if close == Some(byte) && (byte != b')' || line.parentheses == 0) {
                self.at += 1;
                break;
            }
            match byte {
                b'\n' => {
                    self.end_command(&mut line, false);
                    self.at += 1;
                    self.read_documents();
                }
                b'#' => self.skip_line(),
                b'&' if self.peek(1) == Some(b'>') => {
                    self.at += 1;
                    self.redirect(&mut line, close);
                }
                b'|' if self.peek(1) != Some(b'|') => {
                    self.at += if self.peek(1) == Some(b'&') { 2 } else { 1 };
                    self.end_command(&mut line, true);
                }
                b';' | b'&' | b'|' | b'`' | b')' => self.separator(&mut line, byte),
                b'(' if self.peek(1) == Some(b'(') && self.skip_arithmetic() => {}
                b'(' if self.skip_parameters(&line) => self.end_command(&mut line, false),
                b'(' => {
                    self.at += 1;
                    line.parentheses += 1;
                    self.finder.open_parenthesis(self.at);
                    self.end_command(&mut line, false);
                }
                b'<' | b'>' if self.peek(1) != Some(b'(') && !self.begins_placeholder(&line) => {
                    self.redirect(&mut line, close);
                }
                _ => {
                    self.in_call = line.is_call;
                    let word = self.word(close);
                    if let Some(open) = self.unclosed {
                        return self.leave_open(line, word, open);
                    }
                    line.is_call |= word.range.slice(self.text) == "curl";
                    let descriptor = matches!(self.peek(0), Some(b'<' | b'>')) && self.is_number(&word);
                    if word.range.is_empty() {
                        self.skip_character();
                    } else if !descriptor {
                        self.take_word(&mut line, word);
                    }
                }
            }
            if let Some(open) = self.unclosed {
                return self.leave_open(line, Word::default(), open);
            }
        }
        self.end_command(&mut line, false);
    }

    /// Reads what stands between commands.
    fn separator(&mut self, line: &mut Line, byte: u8) {
        let from = self.at;
        self.at += 1;
        while self.peek(0) == Some(byte) && byte != b')' {
            self.at += 1;
        }
        let joins = self.at == from + 2 && matches!(byte, b'&' | b'|');
        // What runs beside the shell changes nothing in it.
        line.depends |= byte == b'&' && !joins;
        self.end_command(line, false);
        line.depends = joins;
        match byte {
            b')' => {
                line.parentheses = line.parentheses.saturating_sub(1);
                self.finder.close_parenthesis(from);
            }
            b';' if self.at > from + 1 || self.peek(0) == Some(b'&') => self.finder.end_case(from),
            _ => {}
        }
    }

    /// Ends a command whose last word holds a quote that nothing closes: of a call of `curl`, and where a
    /// variable is given a value, what was read before is kept, and what follows the quote up to a blank.
    fn leave_open(&mut self, mut line: Line, mut word: Word, open: usize) {
        let quote = Span::from_usize(open, open + if self.bytes[open] == b'$' { 2 } else { 1 });
        let is_same = |known: &Command| known.open.is_some_and(|known| known.quote == quote);
        word.pieces.retain(|piece| piece.range.end <= quote.start);
        let words = || line.command.words.iter().chain([&word]);
        let early = words().find_map(|word| self.closed_early(&word.pieces));
        let assigns = words().any(|word| {
            let name = word.pieces.first().filter(|first| first.quoting == Quoted::Bare);
            name.is_some_and(|name| name.range.slice(self.text).ends_with('='))
        });
        if !(line.is_call || assigns) || self.script.commands.last().is_some_and(is_same) {
            return;
        }
        let from = quote.range().end;
        let rest = &self.text[from..];
        let end = from + rest.find(char::is_whitespace).unwrap_or(rest.len());
        let kept = Span::from_usize(from, end);
        if !kept.is_empty() {
            word.pieces.push(Piece { range: kept, kind: PieceKind::Literal, quoting: Quoted::Bare });
        }
        word.range = Span::new(word.pieces.first().map_or(kept.start, |first| first.range.start), kept.end);
        line.command.words.push(word);
        line.command.open = Some(Open { quote, early });
        self.end_command(&mut line, false);
    }

    /// The quote that ends a string of JSON where a word goes on with a letter: `'{"note": "don't"}'`.
    fn closed_early(&self, pieces: &[Piece]) -> Option<Span> {
        let first = pieces.iter().find(|piece| piece.quoting != Quoted::Bare)?;
        if !first.range.slice(self.text).trim_start().starts_with(['{', '[']) {
            return None;
        }
        pieces.iter().zip(pieces.iter().skip(1)).find_map(|(piece, next)| {
            let goes_on = next.quoting == Quoted::Bare
                && next.range.start == piece.range.end + 1
                && next.range.slice(self.text).starts_with(char::is_alphanumeric);
            let is_quoted = matches!(piece.quoting, Quoted::Single | Quoted::Double);
            (is_quoted && goes_on).then(|| Span::new(piece.range.end, piece.range.end + 1))
        })
    }

    /// Whether the next word of a call is a placeholder.
    fn begins_placeholder(&mut self, line: &Line) -> bool {
        self.in_call = line.is_call;
        self.placeholder(self.at).is_some()
    }

    fn is_number(&self, word: &Word) -> bool {
        !word.range.is_empty() && word.range.slice(self.text).bytes().all(|byte| byte.is_ascii_digit())
    }

    fn skip_blanks(&mut self) {
        while let Some(byte) = self.peek(0) {
            match byte {
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'\\' if self.peek(1) == Some(b'\n') => self.at += 2,
                b'\\' if self.peek(1) == Some(b'\r') && self.peek(2) == Some(b'\n') => self.at += 3,
                _ => break,
            }
        }
    }

    fn skip_character(&mut self) {
        let rest = &self.text[self.at..self.end];
        self.at += rest.chars().next().map_or(0, char::len_utf8);
    }

    fn skip_line(&mut self) {
        let rest = &self.bytes[self.at..self.end];
        self.at = memchr::memchr(b'\n', rest).map_or(self.end, |len| self.at + len);
    }

    /// Skips `((…))`, if it is closed on its line, and keeps the names in it.
    fn skip_arithmetic(&mut self) -> bool {
        const MOST: usize = 400;
        let line = &self.bytes[self.at..self.end.min(self.at + MOST)];
        let line = &line[..memchr::memchr(b'\n', line).unwrap_or(line.len())];
        let Some(len) = memchr::memmem::find(line, b"))") else { return false };
        self.keep_names(self.at, self.at + len);
        self.at += len + 2;
        true
    }

    fn keep_names(&mut self, from: usize, to: usize) {
        let mut start = None;
        for at in from..=to {
            let is_name = at < to && (self.bytes[at].is_ascii_alphanumeric() || self.bytes[at] == b'_');
            match start {
                None if is_name => start = Some(at),
                Some(first) if !is_name => {
                    self.script.changed.push(Span::from_usize(first, at));
                    start = None;
                }
                _ => {}
            }
        }
    }

    fn end_command(&mut self, line: &mut Line, pipes: bool) {
        let mut command = std::mem::take(&mut line.command);
        line.is_call = false;
        line.is_named = false;
        command.is_sure = !line.depends && !line.piped && !pipes;
        let is_empty = command.words.is_empty() && matches!(command.input, Input::Inherited);
        if !is_empty {
            line.depends = false;
            if line.piped && matches!(command.input, Input::Inherited) {
                command.input = Input::Pipe(line.before);
            }
            line.before = Some(self.script.commands.len());
            self.script.commands.push(command);
        } else if !line.piped {
            line.before = None;
        }
        // A line that ends in `|` goes on with the next.
        line.piped = pipes || (is_empty && line.piped);
        if !line.piped {
            line.before = None;
        }
    }

    /// Reads `<`, `>` and the like, with what they lead to.
    fn redirect(&mut self, line: &mut Line, close: Option<u8>) {
        let start = self.at;
        if self.starts_with("<<<") {
            self.at += 3;
            self.skip_blanks();
            line.command.input = Input::Text(self.word(close));
            return;
        }
        if self.starts_with("<<") {
            self.at += 2;
            let strips_tabs = self.peek(0) == Some(b'-');
            self.at += usize::from(strips_tabs);
            self.skip_blanks();
            let word = self.word(close);
            let quoted = word
                .pieces
                .iter()
                .any(|piece| piece.quoting != Quoted::Bare || matches!(piece.kind, PieceKind::Escape(_)));
            let mut delimiter = String::new();
            for piece in &word.pieces {
                match piece.kind {
                    PieceKind::Escape(character) => delimiter.push(character),
                    _ => delimiter.push_str(piece.range.slice(self.text)),
                }
            }
            if delimiter.is_empty() {
                return;
            }
            let document = self.script.documents.len();
            self.script.documents.push(Vec::new());
            self.pending.push(Pending { document, delimiter, quoted, strips_tabs });
            line.command.input = Input::Document(document);
            return;
        }
        while matches!(self.peek(0), Some(b'<' | b'>' | b'&' | b'|')) {
            self.at += 1;
        }
        let reads = &self.text[start..self.at] == "<";
        self.skip_blanks();
        let word = self.word(close);
        if reads && !word.pieces.is_empty() {
            line.command.input = Input::File(word);
        }
    }
}

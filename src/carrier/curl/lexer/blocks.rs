//! The blocks that commands stand in.

use super::{Lexer, Line, PieceKind, Quoted, Word};
use crate::carrier::scopes::{Blocks, Kind};
use crate::text::Span;

/// The blocks of a script, while they are found.
#[derive(Debug, Default)]
pub(super) struct Finder {
    blocks: Blocks,
    open: Vec<Holds>,
    /// The name of a function whose body is still to come.
    names_function: Option<Span>,
    /// Whether the next word is the name of a function.
    before_name: bool,
    /// The functions: their names and their blocks.
    functions: Vec<(Span, usize)>,
    /// Whether blocks do not end as they should, so that nothing is known of them.
    is_broken: bool,
}

/// What is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holds {
    If,
    Loop,
    Case,
    Braces,
    Parentheses,
    /// Commands whose output is taken.
    Output,
    /// A part of a block.
    Branch,
}

impl Finder {
    fn begin(&mut self, at: usize, holds: Holds, kind: Kind) {
        self.open.push(holds);
        self.blocks.open(at, kind);
    }

    /// Begins what may be the body of a function.
    fn begin_body(&mut self, at: usize, holds: Holds, kind: Kind) {
        match self.names_function.take() {
            Some(name) => {
                self.begin(at, holds, Kind::Function);
                self.functions.push((name, self.blocks.function_at(at)));
            }
            None => self.begin(at, holds, kind),
        }
    }

    /// Ends what is open up to a block, and the block too.
    fn end(&mut self, at: usize, block: Holds) {
        self.end_branch(at);
        if self.open.last() == Some(&block) {
            self.open.pop();
            self.blocks.close(at);
        } else {
            self.is_broken = true;
        }
    }

    fn end_branch(&mut self, at: usize) {
        if self.open.last() == Some(&Holds::Branch) {
            self.open.pop();
            self.blocks.close(at);
        }
    }

    fn branch(&mut self, at: usize, block: Holds) {
        self.end_branch(at);
        self.is_broken |= self.open.last() != Some(&block);
        self.begin(at, Holds::Branch, Kind::Plain);
    }

    /// Begins the commands in `$(…)`.
    pub(super) fn begin_output(&mut self, at: usize) {
        self.begin(at, Holds::Output, Kind::Apart);
    }

    pub(super) fn end_output(&mut self, at: usize) {
        self.end(at, Holds::Output);
    }

    /// `(`
    pub(super) fn open_parenthesis(&mut self, at: usize) {
        if self.open.last() != Some(&Holds::Case) {
            self.begin_body(at, Holds::Parentheses, Kind::Apart);
        }
    }

    /// `)`
    pub(super) fn close_parenthesis(&mut self, at: usize) {
        if self.open.last() == Some(&Holds::Case) {
            self.begin(at, Holds::Branch, Kind::Plain);
        } else {
            self.end(at, Holds::Parentheses);
        }
    }

    /// `;;` and the like.
    pub(super) fn end_case(&mut self, at: usize) {
        self.end_branch(at);
    }

    /// Takes a word where a command is named, and says whether the command is still to come.
    fn word(&mut self, said: &str, place: Span) -> bool {
        let (start, end) = (place.range().start, place.range().end);
        if std::mem::take(&mut self.before_name) {
            self.names_function = Some(place);
            return true;
        }
        if self.open.last() == Some(&Holds::Case) && said != "esac" {
            return false;
        }
        if self.names_function.is_some() && said != "{" {
            self.is_broken = true;
        }
        match said {
            "if" => self.begin(end, Holds::If, Kind::Plain),
            "then" | "elif" | "else" => self.branch(end, Holds::If),
            "while" | "until" | "for" | "select" => self.begin(start, Holds::Loop, Kind::Loop),
            "case" => self.begin(end, Holds::Case, Kind::Plain),
            "{" => self.begin_body(end, Holds::Braces, Kind::Plain),
            "function" => self.before_name = true,
            "fi" => self.end(start, Holds::If),
            "done" => self.end(start, Holds::Loop),
            "esac" => self.end(start, Holds::Case),
            "}" => self.end(start, Holds::Braces),
            _ => {}
        }
        matches!(
            said,
            "if" | "then" | "elif" | "else" | "while" | "until" | "do" | "{" | "!" | "time" | "function"
        )
    }

    /// The blocks and the functions, where they are sure.
    pub(super) fn finish(mut self) -> Option<(Blocks, Vec<(Span, usize)>)> {
        self.is_broken |= !self.open.is_empty() || self.names_function.is_some();
        (!self.is_broken).then_some((self.blocks, self.functions))
    }
}

impl Lexer<'_> {
    /// Takes the next word of a command.
    pub(super) fn take_word(&mut self, line: &mut Line, word: Word) {
        let bare = match word.pieces.as_slice() {
            [piece] if piece.kind == PieceKind::Literal && piece.quoting == Quoted::Bare => {
                Some(piece.range.slice(self.text))
            }
            _ => None,
        };
        if line.is_named {
            self.finder.before_name = false;
        } else {
            line.is_named = !bare.is_some_and(|said| self.finder.word(said, word.range));
        }
        line.command.words.push(word);
    }

    /// Passes `()` after the name of a function.
    pub(super) fn skip_parameters(&mut self, line: &Line) -> bool {
        let inside = &self.bytes[self.at + 1..self.end];
        let blanks = inside.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let name = line.command.words.last().filter(|_| inside.get(blanks) == Some(&b')'));
        let Some(name) = name else { return false };
        self.at += blanks + 2;
        self.finder.names_function = Some(name.range);
        true
    }
}

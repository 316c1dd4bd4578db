//! What Velocity prints or refuses, and the author meant otherwise.

use super::{Reader, head};
use crate::template::reading::{Fault, FaultKind};
use crate::text::Span;

impl Reader<'_> {
    /// Tells of `$esc.jsonString(input.x)`: what is between the brackets is no value to Velocity.
    pub(super) fn without_dollar(&mut self, from: usize, end: usize) {
        let Some(open) = memchr::memchr(b'(', &self.bytes[from..end]).map(|at| from + at + 1) else { return };
        let inner = &self.text[open..end];
        let bare = inner.trim_start_matches([' ', '{']);
        let start = open + inner.len() - bare.len();
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.');
        let len = bare.bytes().take_while(is_name).count();
        if bare.starts_with("input.") && bare[len..].trim_start_matches([' ', '}']).starts_with(')') {
            let braced = start - usize::from(inner[..start - open].ends_with('{'));
            self.fault(FaultKind::NoDollar, braced, start + len + usize::from(bare[len..].starts_with('}')));
        }
    }

    /// Tells of a word with a hash before it that is no directive, where the rest of the template shows that
    /// it was to be one. Velocity prints it.
    pub(super) fn misspelled(&mut self, name: &str, start: usize, end: usize) {
        const FAR: usize = 256;
        if self.lost {
            return;
        }
        let rest = self.text[end..].trim_start();
        let near = &rest[..rest.floor_char_boundary(FAR)];
        // A condition is about something.
        let opens = near.starts_with('(') && near.split(')').next().is_some_and(|inner| inner.contains('$'));
        let in_block = self.open.last().is_some_and(|open| open.takes_else);
        let is_ended = || self.text[end..].to_ascii_lowercase().contains("#end");
        let meant = match name.to_ascii_lowercase().as_str() {
            "if" if opens && is_ended() => "if",
            "foreach" if opens && is_ended() => "foreach",
            "set" if opens && assigns(&rest[1..]) => "set",
            "elseif" | "elsif" | "elif" if opens && in_block => "elseif",
            "else" | "esle" if in_block => "else",
            "end" | "endif" | "endfor" | "endforeach" if !self.open.is_empty() => "end",
            _ => return,
        };
        self.fault(FaultKind::Misspelled(meant), start, end);
        self.lost = true;
    }

    /// Looks at a directive that has no brackets: Velocity prints some such words, and refuses others.
    pub(super) fn without_arguments(&mut self, name: &str, start: usize, end: usize) {
        let span = Span::from_usize(start, end);
        let rest = &self.text[end..];
        match name {
            "if" => self.bare = self.bare.or(Some((span, "if"))),
            "foreach" => self.bare = self.bare.or(Some((span, "foreach"))),
            "elseif" if self.open.last().is_some_and(|open| open.takes_else) && !self.lost => {
                self.fault(FaultKind::NoArguments("elseif"), start, end);
                self.lost = true;
            }
            "set" if assigns(rest) && !self.lost => {
                self.fault(FaultKind::NoArguments("set"), start, end);
                self.lost = true;
            }
            _ => {}
        }
    }

    /// Tells of an `#end` or `#else` that belongs to nothing, or of what it was to belong to.
    pub(super) fn stray(&mut self, kind: FaultKind, start: usize, end: usize) {
        if !self.lost {
            match self.bare {
                Some((span, name)) => {
                    self.reading.faults.push(Fault { span, kind: FaultKind::NoArguments(name) });
                }
                None => self.fault(kind, start, end),
            }
        }
        self.lost = true;
    }

    /// Tells of the comma that a loop ends with, where what is around it ends after the loop. In a string it
    /// is text.
    pub(super) fn comma_of_loop(&mut self, from: usize, to: usize, end: usize) {
        let before = self.text[from..to].trim_end();
        let comma = from + before.len().saturating_sub(1);
        let is_last = before.ends_with(',') && self.text[end..].trim_start().starts_with(['}', ']']);
        let is_text = || memchr::memchr_iter(b'"', &self.bytes[..comma]).count() % 2 == 1;
        if is_last && !is_text() {
            self.fault(FaultKind::LoopComma, comma, comma + 1);
        }
    }
}

/// Whether a text goes on as an assignment does: ` $name = `.
fn assigns(text: &str) -> bool {
    let text = text.trim_start_matches([' ', '\t']);
    let Some(head) = head(text.as_bytes(), 0).filter(|_| text.starts_with('$')) else { return false };
    let after = text[head.end..].trim_start_matches([' ', '}']);
    after.starts_with('=') && !after.starts_with("==")
}

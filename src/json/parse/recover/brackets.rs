//! Brackets that are missing, of the wrong kind, or too many.

use crate::json::FaultKind;
use crate::json::document::{Flags, Kind, Node};
use crate::json::parse::{Parser, narrow};
use crate::json::scan;
use crate::text::Span;

/// How often one text is looked through to its end to weigh two readings.
const MOST_WEIGHINGS: u8 = 8;

impl Parser<'_, '_> {
    /// The text ends inside the innermost container: one finding for all that are open.
    #[cold]
    pub(in crate::json::parse) fn end_of_text(&mut self) {
        // Of an object whose opening bracket is missing, too, that was told.
        let is_told = |top: u32| self.arena.nodes[top as usize].flags.has(Flags::BARE);
        if let Some(&top) = self.arena.open.last().filter(|top| !is_told(**top)) {
            let bracket = self.opening(top);
            let outer =
                self.arena.open.first().filter(|outer| !is_told(**outer)).map(|index| self.opening(*index));
            self.fault_at(FaultKind::Unclosed, bracket, outer.filter(|outer| *outer != bracket), true);
        }
        let end = self.bytes.len();
        while !self.arena.open.is_empty() {
            self.pop(end);
        }
    }

    /// A bracket of the other kind. True when it may be read as the end of the container `top`.
    #[cold]
    pub(in crate::json::parse) fn wrong_bracket(&mut self, top: u32) -> bool {
        let opening = self.opening(top);
        let wanted = if self.bytes[self.at] == b'}' { Kind::Object } else { Kind::Array };
        if self.bytes[opening.start as usize] == b'[' && wanted == Kind::Array {
            // An object in brackets: said at its opening one.
            return true;
        }
        let here = Span::from_usize(self.at, self.at + 1);
        let depth = self.arena.open.len();
        let outer = self.enclosing(wanted);
        let closings = self.closings_after(self.at + 1);
        if let Some(outer) = outer
            && closings != Some(depth - 1)
        {
            // The bracket belongs to a container further out: this one was never closed.
            self.fault_at(FaultKind::Unclosed, opening, Some(here), true);
            let end = self.end_before(self.at);
            while self.arena.open.len() > outer + 1 {
                self.pop(end);
            }
            return true;
        }
        if closings == Some(depth) {
            // One too many: its opening bracket is missing.
            self.fault_at(FaultKind::UnexpectedCharacter, here, None, true);
            self.at += 1;
            return false;
        }
        self.fault_at(FaultKind::WrongBracket, here, Some(opening), true);
        true
    }

    /// Opens an object whose bracket is missing before the key at `start`, if the text closes one
    /// more container than are open.
    pub(super) fn open_before(&mut self, start: usize) -> bool {
        let missing = self.closings_after(start) == Some(self.arena.open.len() + 1);
        if missing {
            let index = narrow(self.arena.nodes.len());
            self.push(Kind::Object, start, start, Flags::BARE);
            self.arena.open.push(index);
        }
        missing
    }

    /// `"a": 1, "b": 2}`: the outermost value is a key, as its bracket is missing.
    #[cold]
    pub(in crate::json::parse) fn unopened_root(&mut self) -> bool {
        let start = self.at;
        let end = scan::string_end(self.bytes, start + 1);
        let is_key = self.bytes.get(end) == Some(&b'"')
            && self.bytes.get(scan::skip_space(self.bytes, end + 1)) == Some(&b':');
        if is_key {
            self.unopened(start);
        }
        is_key
    }

    /// Opens an object whose bracket is missing.
    fn unopened(&mut self, start: usize) {
        self.fault(FaultKind::Unopened, start, start);
        let index = narrow(self.arena.nodes.len());
        self.push(Kind::Object, start, start, Flags::BARE);
        self.arena.open.push(index);
    }

    /// The last item is a key: opens the object that it is of, if the text closes one more container
    /// than are open.
    pub(super) fn unopened_item(&mut self, item: Node) -> bool {
        let start = item.start as usize;
        let missing = self.closings_after(start) == Some(self.arena.open.len() + 1);
        if missing {
            self.arena.nodes.pop();
            self.unopened(start);
            self.at = start;
        }
        missing
    }

    /// An opening bracket where a key belongs.
    pub(super) fn bracket_for_key(&mut self, top: u32) {
        let start = self.at;
        let in_array = self.arena.open.iter().rev().nth(1).is_some_and(|outer| !self.is_object(*outer));
        let first = self.arena.nodes.len() == top as usize + 1;
        if in_array && !first && self.bytes[start] == b'{' {
            // `[{"a": 1, {"a": 2}]`
            self.fault_at(FaultKind::Unclosed, self.opening(top), None, true);
            self.pop(self.last_end());
            self.back_to_comma(start);
            return;
        }
        if self.bytes[start] == b'{' && self.closings_after(start + 1) == Some(self.arena.open.len()) {
            // All that are open without it are closed: it is one too many.
            self.guess(FaultKind::UnexpectedCharacter, start, start + 1);
            self.at += 1;
            return;
        }
        self.guess(FaultKind::UnexpectedCharacter, start, start + 1);
        self.push(Kind::Key, start, start, Flags::BARE);
        self.value();
    }

    /// After the outermost value: a bracket too many. True when members follow that belong to it:
    /// `{"a": {}}, "b": 1}`.
    #[cold]
    pub(in crate::json::parse) fn extra_bracket(&mut self) -> bool {
        let Some(root) =
            self.arena.nodes.first().filter(|node| matches!(node.kind, Kind::Object | Kind::Array))
        else {
            return false;
        };
        let mut bracket = root.end as usize - 1;
        if self.unopened_array() {
            return true;
        }
        let extra = matches!(self.bytes.get(self.at), Some(b'}' | b']'));
        if extra {
            bracket = self.at;
            self.at += 1;
            self.space();
        }
        let at_bracket = matches!(self.bytes.get(bracket), Some(b'}' | b']'));
        let follows = self.bytes.get(self.at) == Some(&b',') && self.closings_after(self.at) == Some(1);
        let goes_on = at_bracket && follows;
        if extra || goes_on {
            let kind = if goes_on { FaultKind::UnexpectedCharacter } else { FaultKind::TextAfterEnd };
            self.guess(kind, bracket, bracket + 1);
        }
        if goes_on {
            self.arena.open.push(0);
        }
        goes_on
    }

    /// `{…}, {…}]`: the array that the outermost value is an item of has no opening bracket.
    fn unopened_array(&mut self) -> bool {
        let is_item = self.bytes.get(self.at) == Some(&b',')
            && self.bytes.get(scan::skip_space(self.bytes, self.at + 1)) == Some(&b'{');
        let last = self.end_before(self.bytes.len());
        if !is_item || self.bytes[last - 1] != b']' || self.closings_after(self.at) != Some(1) {
            return false;
        }
        let Some(first) = self.arena.nodes.first().map(Node::span) else { return false };
        self.fault(FaultKind::Unopened, first.start as usize, first.start as usize);
        // All that was read is an item of it.
        for node in &mut self.arena.nodes {
            node.next += 1;
        }
        let array =
            Node { start: first.start, end: first.end, next: 1, kind: Kind::Array, flags: Flags::BARE };
        self.arena.nodes.insert(0, array);
        self.arena.open.push(0);
        true
    }

    /// The opening bracket of a container.
    fn opening(&self, index: u32) -> Span {
        let start = self.arena.nodes[index as usize].start;
        // A container whose bracket is missing begins with its first key, in whatever quotes.
        let len = self.text[start as usize..].chars().next().map_or(1, char::len_utf8);
        Span::new(start, start + narrow(len))
    }

    /// How deep the innermost open container of a kind stands.
    fn enclosing(&mut self, wanted: Kind) -> Option<usize> {
        let kind = |index: &u32| self.arena.nodes[*index as usize].kind;
        let open = &self.arena.open;
        // What was looked through in vain is not looked through again.
        let known = self.alike;
        let inner = open[known..].iter().rposition(|index| kind(index) == wanted);
        let found = inner.map(|at| known + at).or_else(|| {
            known.checked_sub(1).filter(|_| open.first().is_some_and(|index| kind(index) == wanted))
        });
        if found.is_none() {
            self.alike = open.len();
        }
        found
    }

    /// How many more brackets are closed than opened from an offset to the end of the text; `None`
    /// if fewer are, or this was asked too often.
    fn closings_after(&mut self, offset: usize) -> Option<usize> {
        if self.weighings == MOST_WEIGHINGS {
            return None;
        }
        self.weighings += 1;
        let (mut at, mut closings) = (offset, 0isize);
        while let Some(&byte) = self.bytes.get(at) {
            match byte {
                b'{' | b'[' => closings -= 1,
                b'}' | b']' => closings += 1,
                b'"' => {
                    at = scan::string_end(self.bytes, at + 1);
                    while self.bytes.get(at) == Some(&b'\\') {
                        at = scan::string_end(self.bytes, (at + 2).min(self.bytes.len()));
                    }
                }
                _ => {}
            }
            at += 1;
        }
        usize::try_from(closings).ok()
    }

    /// How many bytes of closing brackets at the end of a string that was never closed are those of
    /// the containers around it, and how many containers they close.
    pub(super) fn trailing_brackets(&self, value: &str) -> (usize, usize) {
        let count = |brackets: [char; 2]| value.matches(brackets).count();
        let mut spare = count(['}', ']']).saturating_sub(count(['{', '[']));
        let mut kept = value;
        let mut closed = 0;
        for index in self.arena.open.iter().rev() {
            let bracket = if self.is_object(*index) { '}' } else { ']' };
            let Some(shorter) = kept.trim_end().strip_suffix(bracket).filter(|_| spare > 0) else { break };
            kept = shorter;
            spare -= 1;
            closed += 1;
        }
        (value.len() - kept.len(), closed)
    }

    /// Cuts the last node, a string or key that took in what follows it, to end at `end`.
    pub(super) fn cut_last(&mut self, end: usize) {
        if let Some(last) = self.arena.nodes.last_mut() {
            last.end = narrow(end);
            last.flags = last.flags.with(Flags::BARE);
        }
        self.at = end;
    }
}

//! What the variables of a script are given.

use std::collections::{HashMap, HashSet};

use super::lexer::{Command, Input, Script, Word};
use super::options::after;
use super::script::{assignment, is_keyword, whole};
use crate::carrier::references::is_name;
use crate::carrier::scopes::{All, Blocks, Given, Variables};
use crate::text::Span;

/// What the variables of a script are given; the places are offsets.
pub(super) struct Values<'t> {
    text: &'t str,
    blocks: Blocks,
    /// Whether the blocks are sure.
    is_sure: bool,
    variables: Variables<&'t str, Word>,
    /// Those that are their function's own.
    local: HashSet<(usize, &'t str)>,
    /// In how many functions others are given something.
    changing: HashMap<&'t str, usize>,
    /// Where functions are called, and which; nothing, where there are several of that name.
    calls: Vec<(usize, Option<usize>)>,
    /// The functions that call others.
    calling: HashSet<usize>,
    /// Where other scripts are run in this one, which may give its variables something else.
    others: Vec<usize>,
}

impl<'t> Values<'t> {
    pub(super) fn of(script: &mut Script, text: &'t str) -> Self {
        let blocks = script.blocks.take();
        let mut values = Self {
            text,
            is_sure: blocks.is_some(),
            blocks: blocks.unwrap_or_default(),
            variables: Variables::new(),
            local: HashSet::new(),
            changing: HashMap::new(),
            calls: Vec::new(),
            calling: HashSet::new(),
            others: Vec::new(),
        };
        for command in &script.commands {
            values.take(command, script);
        }
        for name in &script.changed {
            values.give(name.slice(text), (*name, false), None);
        }
        values.variables.sort();
        values.others.sort_unstable();
        values.find_calls(script);
        values
    }

    fn give(&mut self, name: &'t str, (place, is_sure): (Span, bool), value: Option<Word>) {
        let range = place.range();
        let function = self.blocks.function_at(range.start);
        let is_new = self.variables.of(name).is_none_or(|all| !all.contains_key(&function));
        if is_new && function != 0 && !self.local.contains(&(function, name)) {
            *self.changing.entry(name).or_default() += 1;
        }
        let end = value.as_ref().map_or(range.end, |word| word.range.range().end);
        let given = Given {
            at: range.start,
            from: end.max(range.end),
            block: is_sure.then(|| self.blocks.at(range.start)),
            value,
        };
        self.variables.give(function, name, given, &self.blocks);
    }

    /// Takes what a command gives variables.
    fn take(&mut self, command: &Command, script: &Script) {
        let (words, text) = (&command.words, self.text);
        let said = |word: &Word| word.range.slice(text);
        let first = words.iter().find(|word| assignment(word, text).is_none() && !is_keyword(said(word)));
        let first = first.map_or("", said);
        if matches!(first, "source" | ".") {
            self.others.extend(words.last().map(|word| word.range.range().end));
        }
        let is_local = matches!(first, "local" | "declare" | "typeset")
            && !words.iter().any(|word| matches!(said(word), "-g" | "-gx" | "-gr" | "-xg" | "-rg"));
        let declares = is_local || matches!(first, "export" | "readonly" | "declare" | "typeset");
        let names = matches!(
            first,
            "read" | "for" | "select" | "mapfile" | "readarray" | "getopts" | "let" | "unset" | "printf"
        );
        for word in words {
            let assigned = assignment(word, text);
            let name = assigned.map_or_else(|| said(word), |(name, _)| name.trim_end_matches('+'));
            let place = (word.range, command.is_sure);
            if is_local && is_name(name) {
                self.declare(name, word.range);
            }
            match assigned {
                // Those before another command hold for that command alone.
                Some((all, len)) if declares || first.is_empty() => {
                    let is_known = all == name && command.open.is_none();
                    self.give(name, place, Some(after(word, len)).filter(|_| is_known));
                }
                Some(_) => self.give(name, place, None),
                None => {}
            }
        }
        if names {
            let document = match (first, &command.input) {
                ("read", Input::Document(number)) => Some(*number),
                _ => None,
            };
            for word in words.iter().skip(1).filter(|word| is_name(said(word)) && said(word) != first) {
                let value = document.and_then(|number| script.documents.get(number));
                let value = value.map(|pieces| whole(pieces.clone()));
                self.give(said(word), (word.range, command.is_sure), value);
            }
        }
    }

    fn declare(&mut self, name: &'t str, place: Span) {
        let function = self.blocks.function_at(place.range().start);
        let was_given = self.variables.of(name).is_some_and(|all| all.contains_key(&function));
        if function != 0 && !was_given {
            self.local.insert((function, name));
        }
    }

    fn find_calls(&mut self, script: &Script) {
        let mut functions: HashMap<&str, Option<usize>> = HashMap::new();
        for (name, function) in &script.functions {
            functions
                .entry(name.slice(self.text))
                .and_modify(|known| *known = None)
                .or_insert(Some(*function));
        }
        let named: HashSet<u32> = script.functions.iter().map(|(name, _)| name.start).collect();
        for command in &script.commands {
            // What a function is given is known before it runs.
            let Some(end) = command.words.last().map(|word| word.range.range().end) else { continue };
            for word in command.words.iter().filter(|word| !named.contains(&word.range.start)) {
                if let Some(function) = functions.get(word.range.slice(self.text)) {
                    self.calls.push((end, *function));
                    self.calling.insert(self.blocks.function_at(word.range.range().start));
                }
            }
        }
        self.calls.sort_unstable();
    }

    /// Whether a variable of this name is given anything.
    pub(super) fn holds(&self, name: &str) -> bool {
        self.variables.holds(name)
    }

    /// What a variable is given, at the place where it is named, and from where on, if that is known.
    pub(super) fn value(&self, name: Span) -> Option<(usize, &Word)> {
        let said = name.slice(self.text);
        let all = self.variables.of(said)?;
        let place = name.range().start;
        let function = self.blocks.function_at(place);
        let given = match all.get(&function).filter(|_| self.is_sure) {
            Some(own) => self.own(own, (function, said), place, all.len() == 1)?,
            None => match all.values().next().filter(|_| all.len() == 1)?.given() {
                [only] => only,
                _ => return None,
            },
        };
        let first = self.others.partition_point(|other| *other < given.from);
        if self.others.get(first).is_some_and(|other| *other <= place) {
            return None;
        }
        given.value.as_ref().map(|value| (given.from, value))
    }

    fn own<'v>(
        &self,
        own: &'v All<Word>,
        variable: (usize, &'t str),
        place: usize,
        is_all: bool,
    ) -> Option<&'v Given<Word>> {
        let is_own = is_all || self.local.contains(&variable);
        let last = own.last(place, &self.blocks);
        let given = last.or_else(|| own.only(place, &self.blocks).filter(|_| is_own))?;
        (!self.may_change(variable, given.from, place)).then_some(given)
    }

    /// Whether a function that is called between two places may give a variable something else.
    fn may_change(&self, (function, name): (usize, &'t str), from: usize, to: usize) -> bool {
        const MOST: usize = 32;
        let is_own = function != 0 && !self.local.contains(&(function, name));
        let others = self.changing.get(name).copied().unwrap_or_default();
        let Some(all) = self.variables.of(name).filter(|_| others > usize::from(is_own)) else {
            return false;
        };
        let first = self.calls.partition_point(|(at, _)| *at < from);
        let mut calls = self.calls[first..].iter().take_while(|(at, _)| *at < to);
        let changes = |(at, called): &(usize, Option<usize>)| {
            self.blocks.reaches(*at, to)
                && called.is_none_or(|called| {
                    self.calling.contains(&called)
                        || all.contains_key(&called) && !self.local.contains(&(called, name))
                })
        };
        calls.by_ref().take(MOST).any(changes) || calls.next().is_some()
    }
}

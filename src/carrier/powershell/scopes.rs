//! The blocks and functions of a script, and what its variables are given in them.

use std::collections::HashSet;

use super::lexer::{Bracket, TokenKind};
use super::script::{Range, Script};
use crate::carrier::scopes::{All, Blocks, Given, Kind, Variables};
use crate::text::Span;

/// What the variables of a script are given; the places are numbers of tokens.
pub(super) struct Scopes {
    blocks: Blocks,
    /// By the name in lower case.
    variables: Variables<String, Range>,
    /// Where other scripts are run in this one, which may give its variables something else.
    others: Vec<usize>,
    /// Those that are handed to commands, which may put something into a table. In lower case.
    handed_over: HashSet<String>,
}

/// Brackets that are open while the blocks are found.
struct Around {
    close: usize,
    holds: Holds,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    Statements,
    /// The blocks of a `switch`.
    Cases,
    /// The block of a function, after its name and parameters.
    Body,
    /// That of a class, after its name.
    Class,
    Methods,
}

impl Default for Scopes {
    fn default() -> Self {
        Self {
            blocks: Blocks::default(),
            variables: Variables::new(),
            others: Vec::new(),
            handed_over: HashSet::new(),
        }
    }
}

impl Scopes {
    pub(super) fn of(script: &Script<'_>) -> Self {
        let Finder { blocks, parameters, .. } = found(script);
        let mut scopes = Self { blocks, ..Self::default() };
        scopes.assign(script, &parameters);
        scopes.variables.sort();
        scopes
    }

    /// Whether a variable of this name is given anything.
    pub(super) fn holds(&self, name: &str) -> bool {
        self.variables.holds(name.to_lowercase().as_str())
    }

    fn assign(&mut self, script: &Script<'_>, parameters: &[usize]) {
        let mut parameters_end = 0;
        // Changes inside of values, which may be those of the script.
        let mut changed: Vec<(usize, String, usize)> = Vec::new();
        // Those of a type that makes something else of what they are given.
        let mut converting = HashSet::new();
        for (at, token) in script.tokens.iter().enumerate() {
            let follows = |names: &[&str], back: usize| {
                at.checked_sub(back).is_some_and(|at| script.is_word(at, names))
            };
            if matches!(token.kind, TokenKind::Open(Bracket::Round, _))
                && (parameters.binary_search(&at).is_ok()
                    || follows(&["param"], 1)
                    || follows(&["function", "filter", "workflow"], 2))
            {
                // What a caller gives is not known.
                parameters_end = parameters_end.max(script.after(at));
            }
            if script.is_word(at, &[".", "Invoke-Expression", "iex"]) && begins_statement(script, at) {
                self.others.push(at);
            }
            let TokenKind::Variable(name) = token.kind else { continue };
            if is_handed_over(script, at) {
                self.handed_over.insert(script.written(name).to_lowercase());
            }
            let is_parameter = at < parameters_end || follows(&["foreach"], 2);
            let function = self.function(script, name, at);
            if !is_parameter && is_converted(script, at) {
                converting.insert((function, script.written(name).to_lowercase()));
            }
            let Some((next, value)) = assigned(script, at, is_parameter) else { continue };
            let key = script.written(name).to_lowercase();
            let value = value.filter(|_| !converting.contains(&(function, key.clone())));
            let is_inside = next > at + 1;
            let block = self.blocks.at(at);
            if is_inside && function != 0 {
                changed.push((function, key.clone(), at));
            }
            let given = Given {
                at,
                from: value.map_or(next, |(_, end)| end),
                block: Some(block).filter(|_| !depends(script, at)),
                value,
            };
            self.variables.give(function, key, given, &self.blocks);
        }
        for (function, key, at) in changed {
            let own = self.variables.of(key.as_str()).and_then(|all| all.get(&function));
            let is_own = own.is_some_and(All::is_set);
            if !is_own {
                let given = Given { at, from: at, block: Some(self.blocks.at(at)), value: None };
                self.variables.give(0, key, given, &self.blocks);
            }
        }
    }

    /// The function whose variable a name at a token is.
    fn function(&self, script: &Script<'_>, name: Span, at: usize) -> usize {
        if is_script_wide(script, name) { 0 } else { self.blocks.function_at(at) }
    }

    /// What a variable is given at a place, where that is known.
    pub(super) fn value(&self, script: &Script<'_>, name: Span) -> Option<Range> {
        let place = script.token_at(name.start);
        let all = self.variables.of(script.written(name).to_lowercase().as_str())?;
        let own = self.function(script, name, place);
        // A function that is called takes over the variables of the one that calls it.
        let may_be_others = |function: &usize| own != 0 && *function != 0;
        let own = match all.get(&own) {
            Some(own) => own,
            None if all.keys().any(may_be_others) => return None,
            None => all.get(&0)?,
        };
        let given = own.last(place, &self.blocks).or_else(|| own.only(place, &self.blocks))?;
        let first = self.others.partition_point(|other| *other < given.from);
        let may_change = self.others.get(first).is_some_and(|other| *other < place);
        given.value.filter(|value| !may_change && !self.is_to_be_filled(script, name, *value))
    }

    /// Whether what a variable is given is an empty table which something may be put into, be it only after
    /// it has become part of another one.
    fn is_to_be_filled(&self, script: &Script<'_>, name: Span, value: Range) -> bool {
        if !is_empty_table(script, value) {
            return false;
        }
        let key = script.written(name).to_lowercase();
        let all = self.variables.of(key.as_str()).into_iter().flat_map(|all| all.values());
        self.handed_over.contains(&key) || all.flat_map(All::given).any(|given| given.value.is_none())
    }

    /// What a variable may be given at a place where that is not known, and was not said before.
    pub(super) fn candidates(
        &self,
        script: &Script<'_>,
        name: Span,
        said: &mut HashSet<(String, Option<usize>)>,
    ) -> Vec<Range> {
        let key = script.written(name).to_lowercase();
        let Some(all) = self.variables.of(key.as_str()) else { return Vec::new() };
        let own = self.function(script, name, script.token_at(name.start));
        let own = all.get(&own).map(|_| own);
        if !said.insert((key, own)) {
            return Vec::new();
        }
        let all = all.iter().filter(|(function, _)| own.is_none_or(|own| own == **function));
        all.flat_map(|(_, all)| all.given()).filter_map(|given| given.value).collect()
    }
}

/// Whether a value is `@{}`, of whatever type.
fn is_empty_table(script: &Script<'_>, (start, end): Range) -> bool {
    let mut at = start;
    while at < end && matches!(script.kind(at), Some(TokenKind::Open(Bracket::Square, _))) {
        at = script.after(at);
    }
    let Some(TokenKind::Open(Bracket::Table, close)) = script.kind(at) else { return false };
    (at + 1..*close).all(|inside| script.kind(inside) == Some(&TokenKind::Separator))
}

/// Whether a variable is piped or given to a command that may change what it holds.
fn is_handed_over(script: &Script<'_>, at: usize) -> bool {
    const MOST: usize = 16;
    const READING: [&str; 14] = [
        "convertto-",
        "echo",
        "elseif",
        "export-",
        "format-",
        "if",
        "invoke-",
        "measure-",
        "out-",
        "return",
        "switch",
        "test-",
        "while",
        "write-",
    ];
    let may_change = |command: usize| match script.tokens.get(command) {
        Some(token) if matches!(token.kind, TokenKind::Text(..)) => {
            let word = script.written(token.range).to_lowercase();
            !READING.iter().any(|start| word.starts_with(start))
        }
        _ => false,
    };
    if script.kind(at + 1) == Some(&TokenKind::Pipe) {
        return may_change(at + 2);
    }
    // The command of which it is an argument.
    let mut command = None;
    for before in (at.saturating_sub(MOST)..at).rev() {
        match script.kind(before) {
            Some(TokenKind::Text(..)) => command = Some(before),
            Some(TokenKind::Parameter(_) | TokenKind::Variable(_) | TokenKind::Comma) => {}
            _ => break,
        }
    }
    command.is_some_and(may_change)
}

/// What is after a variable that is given something, and what that is.
fn assigned(script: &Script<'_>, at: usize, is_parameter: bool) -> Option<(usize, Option<Range>)> {
    let mut changes = is_parameter;
    let mut next = at + 1;
    loop {
        let part = script.tokens.get(next).filter(|token| !token.spaced);
        match part.map(|token| &token.kind) {
            Some(TokenKind::Member(member)) => {
                let called = matches!(script.kind(next + 1), Some(TokenKind::Open(Bracket::Round, _)));
                let puts = ["add", "remove", "insert", "clear"];
                changes |= called && puts.iter().any(|put| put.eq_ignore_ascii_case(script.written(*member)));
                next += 1;
            }
            Some(TokenKind::Open(Bracket::Square, _)) => next = script.after(next),
            _ => break,
        }
    }
    match script.kind(next) {
        Some(TokenKind::Equals) => {
            let end = script.statement_end(next + 1, script.tokens.len());
            let before = at.checked_sub(1).and_then(|before| script.kind(before));
            let one = next == at + 1 && !changes && before != Some(&TokenKind::Comma);
            let value = Some((next + 1, end)).filter(|(start, end)| one && start < end);
            Some((next, value))
        }
        Some(TokenKind::Changes) => Some((next, None)),
        _ if changes => Some((next, None)),
        _ => None,
    }
}

/// Whether a type stands before a variable that makes something else of what it is given:
/// `[string]$n = 5`.
fn is_converted(script: &Script<'_>, at: usize) -> bool {
    const MOST: usize = 64;
    let mut end = at;
    while let Some(close) = end.checked_sub(1).filter(|at| script.kind(*at) == Some(&TokenKind::Close)) {
        let opens = |at: &usize| matches!(script.kind(*at), Some(TokenKind::Open(Bracket::Square, closing)) if *closing == close);
        let Some(open) = (close.saturating_sub(MOST)..close).rev().find(opens) else { return false };
        let is_index = open.checked_sub(1).is_some_and(|before| {
            matches!(script.kind(before), Some(TokenKind::Variable(_) | TokenKind::Member(_)))
        });
        if is_index {
            return false;
        }
        if !script.is_kept_by((open, end)) {
            return true;
        }
        end = open;
    }
    false
}

/// Whether a statement runs only if the one before it fails, or does not: `a && $b = c`.
fn depends(script: &Script<'_>, at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| script.tokens.get(before));
    before.is_some_and(|token| matches!(script.written(token.range), "&&" | "||"))
}

/// Whether a name is said to be one of the script's, or of all: `$script:name`.
fn is_script_wide(script: &Script<'_>, name: Span) -> bool {
    if script.written(name).get(..4).is_some_and(|start| start.eq_ignore_ascii_case("env:")) {
        return true;
    }
    let before = &script.text.as_str().as_bytes()[..name.start as usize];
    ["script:", "global:"].iter().any(|scope| {
        let start = before.len().checked_sub(scope.len());
        start.is_some_and(|start| before[start..].eq_ignore_ascii_case(scope.as_bytes()))
    })
}

/// The blocks of a script, while they are found.
#[derive(Default)]
struct Finder {
    blocks: Blocks,
    around: Vec<Around>,
    /// The numbers of the brackets around the parameters of methods.
    parameters: Vec<usize>,
}

impl Finder {
    fn open(&mut self, at: usize, close: usize, kind: Kind, holds: Holds) {
        self.around.push(Around { close, holds });
        self.blocks.open(at + 1, kind);
    }
}

/// The blocks that stand in a script.
fn found(script: &Script<'_>) -> Finder {
    let mut finder = Finder::default();
    // The bracket that each closes.
    let mut opening = vec![0; script.tokens.len()];
    for (at, token) in script.tokens.iter().enumerate() {
        while finder.around.last().is_some_and(|last| last.close <= at) {
            finder.around.pop();
            finder.blocks.close(at);
        }
        let holds = finder.around.last().map_or(Holds::Statements, |last| last.holds);
        match &token.kind {
            TokenKind::Text(..) if begins_statement(script, at) => {
                let is_class = script.is_word(at, &["class"]);
                if (is_class || script.is_word(at, &["function", "filter", "workflow"]))
                    && let Some(close) = body_after(script, at + 1)
                {
                    let holds = if is_class { Holds::Class } else { Holds::Body };
                    finder.open(at, close, Kind::Function, holds);
                }
            }
            TokenKind::Open(bracket, close) => {
                if let Some(opening) = opening.get_mut(*close) {
                    *opening = at;
                }
                if *bracket == Bracket::Round
                    && holds == Holds::Methods
                    && let Some(body) = body_after(script, script.after(at))
                {
                    finder.open(at, body, Kind::Function, Holds::Body);
                    finder.parameters.push(at);
                }
                let (kind, holds) = match bracket {
                    Bracket::Block => block(script, at, &opening, holds),
                    _ => (Kind::Plain, Holds::Statements),
                };
                finder.open(at, *close, kind, holds);
            }
            _ => {}
        }
    }
    finder
}

fn begins_statement(script: &Script<'_>, at: usize) -> bool {
    at.checked_sub(1).and_then(|before| script.kind(before)).is_none_or(|before| {
        matches!(before, TokenKind::Separator | TokenKind::Close | TokenKind::Open(Bracket::Block, _))
    })
}

/// Where the block ends that follows soon: the body of what is named before it.
fn body_after(script: &Script<'_>, from: usize) -> Option<usize> {
    const MOST: usize = 8;
    let mut at = from;
    for _ in 0..MOST {
        match script.kind(at)? {
            TokenKind::Open(Bracket::Block, close) => return Some(*close),
            TokenKind::Close => return None,
            _ => at = script.after(at),
        }
    }
    None
}

/// What a block in braces is, by what stands before it.
fn block(script: &Script<'_>, at: usize, opening: &[usize], holds: Holds) -> (Kind, Holds) {
    const MOST: usize = 8;
    const ONCE: [&str; 8] = ["if", "elseif", "else", "try", "catch", "finally", "begin", "end"];
    const SEVERAL: [&str; 9] =
        ["foreach", "for", "while", "do", "process", "foreach-object", "where-object", "%", "?"];
    match holds {
        Holds::Cases | Holds::Body => return (Kind::Plain, Holds::Statements),
        Holds::Class => return (Kind::Plain, Holds::Methods),
        Holds::Statements | Holds::Methods => {}
    }
    let mut before = at;
    for _ in 0..MOST {
        let Some(last) = before.checked_sub(1) else { break };
        before = last;
        match script.kind(before) {
            Some(TokenKind::Separator | TokenKind::Parameter(_)) => {}
            // `if (…) {`, `catch [Exception] {`
            Some(TokenKind::Close) => before = opening[before],
            _ if script.is_word(before, &ONCE) => return (Kind::Plain, Holds::Statements),
            _ if script.is_word(before, &SEVERAL) => return (Kind::Loop, Holds::Statements),
            _ if script.is_word(before, &["switch"]) => return (Kind::Loop, Holds::Cases),
            _ => break,
        }
    }
    // It may be kept, to be run whenever.
    (Kind::Later, Holds::Statements)
}

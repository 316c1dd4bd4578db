//! A template taken apart: references, directives, comments and escapes; everything else is text.

use std::collections::HashMap;

use crate::template::around;
use crate::template::reader::Reader;
use crate::text::Span;

/// A template, taken apart. Spans count bytes of its text.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// All that is not plain text, in the order of the text.
    pub pieces: Vec<Piece>,
    /// Every reference, those in directives and in other references included.
    pub references: Vec<Reference>,
    /// What Velocity would refuse.
    pub faults: Vec<Fault>,
    /// The names that the template itself gives values, and how often it does.
    locals: HashMap<String, usize>,
}

/// Something that does not stand for itself.
#[derive(Clone, Copy, Debug)]
pub struct Piece {
    /// All of it.
    pub span: Span,
    /// What it is.
    pub kind: PieceKind,
}

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PieceKind {
    /// A reference, by its place in [`Reading::references`].
    Reference(usize),
    /// A comment.
    Comment,
    /// `\$` or `\#`: stands for the second character.
    Escape,
    /// `#[[…]]#`: the text that it prints.
    Verbatim(Span),
    /// `#if(…)`, with its condition.
    If(Span),
    /// `#elseif(…)`, with its condition.
    ElseIf(Span),
    /// `#else`
    Else,
    /// `#end`
    End,
    /// `#set($name = value)`
    Set {
        /// The variable, where it is nothing else.
        name: Option<Span>,
        /// What it is given.
        value: Span,
    },
    /// `#foreach(…)`
    Foreach,
    /// `#macro(…)` or `#define(…)`: prints nothing where it stands.
    Definition,
    /// `#literal()`
    Literal,
    /// Something that prints what cannot be known, such as the call of a macro.
    Unknown,
}

/// A reference: `$!{input.a.b}`.
#[derive(Clone, Debug)]
pub struct Reference {
    /// All of it; of one within brackets, without what is called on it.
    pub span: Span,
    /// Whether it prints nothing where there is nothing, and not itself.
    pub silent: bool,
    /// The first name.
    pub root: Span,
    /// The names of properties after it.
    pub path: Vec<Span>,
    /// What it is besides its names.
    pub form: Form,
    /// Where it stands.
    pub place: Place,
    /// Whether it stands in an argument of `$esc`.
    pub escaped: bool,
}

/// What a reference takes out of what it names: the item of a list, or the member of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'t> {
    /// `[0]` and `.get(0)`.
    Item,
    /// `.name`, `['name']` and `.get('name')`.
    Member(&'t str),
}

impl Reference {
    /// What it takes, one after another, out of what its first name stands for; `None` where more is
    /// called on it, so that what it prints is something else.
    #[must_use]
    pub fn steps<'t>(&self, text: &'t str) -> Option<Vec<Step<'t>>> {
        self.steps_with(text, false)
    }

    /// The same of what is then at most shortened, or written in other letters: `.trim()` keeps the quotes
    /// of a text.
    #[must_use]
    pub fn steps_to_text<'t>(&self, text: &'t str) -> Option<Vec<Step<'t>>> {
        self.steps_with(text, true)
    }

    fn steps_with<'t>(&self, text: &'t str, of_text: bool) -> Option<Vec<Step<'t>>> {
        let mut steps: Vec<_> = self.path.iter().map(|name| Step::Member(name.slice(text))).collect();
        match self.form {
            Form::Names => return Some(steps),
            Form::Blurred => return None,
            Form::Called => {}
        }
        let names_end = self.path.last().unwrap_or(&self.root).end;
        let mut rest = Span::new(names_end, self.span.end).slice(text);
        if self.span.slice(text).trim_start_matches(['$', '!']).starts_with('{') {
            rest = rest.strip_suffix('}')?;
        }
        // Of one within brackets, nothing is known of what is called on it.
        if rest.is_empty() {
            return None;
        }
        while !rest.is_empty() {
            if of_text && is_calls_on_text(rest) {
                break;
            }
            let (step, after) = step(rest)?;
            steps.push(step);
            rest = after;
        }
        Some(steps)
    }
}

/// Whether a text is nothing but calls of methods that leave the quotes of a text where they are.
fn is_calls_on_text(mut text: &str) -> bool {
    const METHODS: [&str; 6] = ["trim", "strip", "toLowerCase", "toUpperCase", "toString", "substring"];
    while !text.is_empty() {
        let called = text.strip_prefix('.').and_then(|text| text.split_once('('));
        let Some((_, rest)) = called.filter(|(name, _)| METHODS.contains(name)) else { return false };
        let Some((arguments, after)) = rest.split_once(')') else { return false };
        if !arguments.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b' ')) {
            return false;
        }
        text = after;
    }
    true
}

/// The step that a text begins with, and what follows it.
fn step(text: &str) -> Option<(Step<'_>, &str)> {
    let called = text.strip_prefix(".get(").map(|inner| (inner, ')'));
    let Some((inner, close)) = called.or_else(|| text.strip_prefix('[').map(|inner| (inner, ']'))) else {
        let name = text.strip_prefix('.')?;
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        let (name, after) = name.split_at(name.bytes().take_while(is_name).count());
        return (!name.is_empty() && !after.starts_with('(')).then_some((Step::Member(name), after));
    };
    let inner = inner.trim_start();
    let quote = inner.chars().next().filter(|first| matches!(first, '"' | '\''));
    let (step, after) = if let Some(quote) = quote {
        let (name, after) = inner[1..].split_once(quote)?;
        // A name that is put together may be any.
        ((!name.contains(['$', '#', '\\'])).then_some(Step::Member(name))?, after)
    } else {
        let (number, after) = inner.split_at(inner.bytes().take_while(u8::is_ascii_digit).count());
        ((!number.is_empty()).then_some(Step::Item)?, after)
    };
    Some((step, after.trim_start().strip_prefix(close)?))
}

/// What a reference is besides its names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Nothing.
    Names,
    /// Nothing, but its last name may be longer than it was read.
    Blurred,
    /// Something is called on it, or taken out of it.
    Called,
}

/// Where a reference stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the text: it is printed.
    Text,
    /// In another reference.
    Argument,
    /// In a directive.
    Directive,
}

/// Something that Velocity refuses, or takes for something else than it looks like.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    /// Where.
    pub span: Span,
    /// What.
    pub kind: FaultKind,
}

/// What is wrong with a template as Velocity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// `${…` without its brace.
    UnclosedReference,
    /// A call, or the arguments of a directive, without its bracket.
    UnclosedArguments,
    /// A block without `#end`.
    UnclosedBlock,
    /// `#end` of nothing.
    StrayEnd,
    /// `#else` or `#elseif` outside an `#if`.
    StrayElse,
    /// `#*` without `*#`, or `#[[` without `]]#`.
    UnclosedComment,
    /// What is written for a directive and is none, such as `#elsif` and `#IF`: the name of the one that is
    /// meant.
    Misspelled(&'static str),
    /// A directive without the brackets for its arguments: its name.
    NoArguments(&'static str),
    /// An input in the brackets of `$esc` without the `$` before it.
    NoDollar,
    /// A comma that each run of a loop leaves, with nothing after the last.
    LoopComma,
}

impl Reading {
    /// Takes a template apart.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Reader::new(text).run()
    }

    /// Takes a template apart in which directives of another language stand, which are done before Velocity
    /// reads what they leave. They are pieces of it then, as Velocity's own are. `None` where it is not
    /// certain that Velocity reads what is between them as it is read here.
    #[must_use]
    pub fn around(text: &str, directives: Vec<Piece>) -> Option<Self> {
        around::reading(text, directives)
    }

    /// Whether it has directives: which text it makes depends on more than what is filled in.
    #[must_use]
    pub fn has_directives(&self) -> bool {
        self.pieces.iter().any(|piece| {
            !matches!(
                piece.kind,
                PieceKind::Reference(_) | PieceKind::Comment | PieceKind::Escape | PieceKind::Verbatim(_)
            )
        })
    }

    /// Whether its blocks do not fit together, so that nothing can be said of what it prints.
    #[must_use]
    pub fn is_unbalanced(&self) -> bool {
        self.faults.iter().any(|fault| {
            !matches!(fault.kind, FaultKind::UnclosedReference | FaultKind::NoDollar | FaultKind::LoopComma)
        })
    }

    /// Whether the template itself gives a name its value.
    #[must_use]
    pub fn is_local(&self, name: &str) -> bool {
        self.locals.contains_key(name)
    }

    pub(super) fn add_local(&mut self, name: &str) {
        *self.locals.entry(name.to_owned()).or_default() += 1;
    }

    /// What a name always stands for: it is given a value once, whatever the conditions come to, and before
    /// anything refers to it.
    #[must_use]
    pub fn only_value<'t>(&self, text: &'t str, name: &str) -> Option<&'t str> {
        if self.locals.get(name) != Some(&1) {
            return None;
        }
        let mut depth = 0usize;
        for piece in &self.pieces {
            match piece.kind {
                PieceKind::If(_) | PieceKind::Foreach | PieceKind::Definition | PieceKind::Literal => {
                    depth += 1;
                }
                PieceKind::End => depth = depth.saturating_sub(1),
                // What it brings in may give values too.
                PieceKind::Unknown => return None,
                PieceKind::Set { name: Some(set), value } if set.slice(text) == name => {
                    let is_used = |reference: &Reference| {
                        reference.root.slice(text) == name && reference.span.start < piece.span.end
                    };
                    let is_first = !self.references.iter().any(is_used);
                    return (depth == 0 && is_first).then(|| value.slice(text));
                }
                _ => {}
            }
        }
        None
    }
}

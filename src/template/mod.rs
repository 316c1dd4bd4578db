//! Velocity templates: what they refer to, and the texts that they make.
//!
//! [`Reading`] takes a template apart; [`Variants`] are the texts that it may make, as passages of the
//! file; [`Inputs`] is what the contract says may be filled in. Nothing is run: what is not known
//! stays a placeholder.

mod around;
mod inputs;
mod reader;
mod reading;
mod variants;

pub use inputs::{Input, InputKind, Inputs, Names};
pub use reading::{Fault, FaultKind, Form, Piece, PieceKind, Place, Reading, Reference, Step};
pub use variants::{UNKNOWN, Variant, Variants, flat, plain};

use std::rc::Rc;

use crate::text::{Passage, Span};

/// The templates of a request, and what may be filled in.
#[derive(Clone, Debug)]
pub struct Templates<'t> {
    /// Those that are there.
    pub parts: Vec<Part<'t>>,
    /// The inputs, where it is plainly said which there are.
    pub inputs: Option<Inputs<'t>>,
    /// Whether these are all: none stands elsewhere.
    pub whole: bool,
    /// Where the body's template makes no JSON, whatever its conditions come to.
    pub broken: Vec<Broken>,
}

/// One of the templates of a request.
#[derive(Clone, Debug)]
pub struct Part<'t> {
    /// What it makes.
    pub role: Role,
    /// As it is written.
    pub text: Passage<'t>,
    /// The same, taken apart.
    pub reading: Rc<Reading>,
}

/// What a template makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The URL.
    Url,
    /// The value of a header.
    Header,
    /// The body.
    Body,
}

/// A place at which no outcome of a template is JSON.
#[derive(Clone, Debug)]
pub struct Broken {
    /// Where that shows.
    pub span: Span,
    /// What is wrong there, as a message.
    pub complaint: String,
    /// The branch that makes it so; `None` where all do.
    pub branch: Option<Span>,
}

impl<'t> Part<'t> {
    /// Takes a template apart.
    #[must_use]
    pub fn of(role: Role, text: &Passage<'t>) -> Self {
        Self { role, text: text.clone(), reading: Rc::new(Reading::of(text.as_str())) }
    }

    /// The same of one in which directives of another language stand; see [`Reading::around`].
    #[must_use]
    pub fn around(role: Role, text: &Passage<'t>, directives: Vec<Piece>) -> Option<Self> {
        let reading = Rc::new(Reading::around(text.as_str(), directives)?);
        Some(Self { role, text: text.clone(), reading })
    }
}

impl<'t> Templates<'t> {
    /// The same, giving back every offset with `base` added; see [`Passage::based`].
    #[must_use]
    pub fn based(&self, base: u32) -> Self {
        let moved = |span: Span| Span::new(span.start + base, span.end + base);
        let part = |part: &Part<'t>| Part {
            role: part.role,
            text: part.text.clone().based(base),
            reading: Rc::clone(&part.reading),
        };
        let broken = |broken: &Broken| Broken {
            span: moved(broken.span),
            complaint: broken.complaint.clone(),
            branch: broken.branch.map(moved),
        };
        Self {
            parts: self.parts.iter().map(part).collect(),
            inputs: self.inputs.as_ref().map(|inputs| inputs.based(base)),
            whole: self.whole,
            broken: self.broken.iter().map(broken).collect(),
        }
    }
}

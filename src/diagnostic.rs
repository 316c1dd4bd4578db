//! What is said of a place in a text. Data only: no lines, no columns, no colour.

use std::borrow::Cow;
use std::fmt;
use std::ops::{Deref, DerefMut};

use crate::json::{Flags, Value};
use crate::text::Span;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing fails.
    Info,
    /// The request is probably not what was meant, or will cease to work.
    Warning,
    /// The API refuses the request, or does something else than it says.
    Error,
}

impl Severity {
    /// All, lightest first.
    pub const ALL: [Self; 3] = [Self::Info, Self::Warning, Self::Error];

    /// Its name in every output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

/// A place that a finding is about, or is measured against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The bytes it stands under.
    pub span: Span,
    /// What is to be seen there.
    pub text: Cow<'static, str>,
}

/// Whether a fix may be applied without being looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applicability {
    /// It cannot change what was meant.
    Safe,
    /// It may: someone has to look.
    Unsafe,
}

/// One replacement of bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty to insert.
    pub span: Span,
    /// What it is replaced with; empty to delete.
    pub text: String,
}

/// A change that mends what a finding is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, in the imperative.
    pub title: Cow<'static, str>,
    /// Replacements that do not overlap, in the order of the text.
    pub edits: Vec<Edit>,
    /// Whether it may be applied unseen.
    pub applicability: Applicability,
}

/// What is wrong: lower case, no full stop, text of the input in backticks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Message {
    /// As it is.
    Text(Cow<'static, str>),
    /// About a name that stands in the text: put together when it is read, as there may be very many.
    Named {
        /// What stands before the name, and after it.
        words: &'static [&'static str; 2],
        /// The name's bytes.
        name: Span,
    },
}

impl Message {
    /// Says something about a key, between two pieces of words.
    #[must_use]
    pub fn about(key: Value<'_>, words: &'static [&'static str; 2]) -> Self {
        if key.node().flags == Flags::default() {
            return Self::Named { words, name: key.inner_span() };
        }
        let [before, after] = words;
        Self::Text(format!("{before}{}{after}", key.as_str().unwrap_or_default()).into())
    }

    /// What it says, of the text that it is about.
    #[must_use]
    pub fn read<'m>(&'m self, text: &str) -> Cow<'m, str> {
        match self {
            Self::Text(said) => Cow::Borrowed(said),
            Self::Named { words: [before, after], name } => [before, name.slice(text), after].concat().into(),
        }
    }

    /// Makes it the same whatever text it is read with.
    pub fn settle(&mut self, text: &str) {
        if matches!(self, Self::Named { .. }) {
            *self = Self::Text(self.read(text).into_owned().into());
        }
    }
}

impl From<Cow<'static, str>> for Message {
    fn from(said: Cow<'static, str>) -> Self {
        Self::Text(said)
    }
}

impl From<String> for Message {
    fn from(said: String) -> Self {
        Self::Text(said.into())
    }
}

impl From<&'static str> for Message {
    fn from(said: &'static str) -> Self {
        Self::Text(said.into())
    }
}

/// One thing that is wrong at one place. It derefs to its [`Details`].
#[derive(Clone, Debug)]
pub struct Finding {
    /// The id of the rule that says so.
    pub rule: &'static str,
    /// What is wrong.
    pub message: Message,
    /// The place itself.
    pub primary: Span,
    /// The rule's level, or the one given on the command line.
    pub severity: Severity,
    /// There may be hundreds of thousands of findings, and most of them say no more than the above.
    details: Option<Box<Details>>,
}

/// What a finding may have besides.
#[derive(Clone, Debug, Default)]
pub struct Details {
    /// What to do about it.
    pub help: Option<Cow<'static, str>>,
    /// The part of that which is to be written into the text, between its backticks.
    pub to_write: Option<Span>,
    /// What is to be seen at the place; empty where the message says it all.
    pub label: Cow<'static, str>,
    /// Other places that matter.
    pub related: Vec<Label>,
    /// The change that mends it, where one is known and was asked for.
    pub fix: Option<Box<Fix>>,
    /// Bytes that no output may show, such as a card's number.
    pub secret: Option<Span>,
    /// What is to be known besides of a finding in a body that is written inside another text.
    pub inside: Option<Box<Inside>>,
}

impl Finding {
    /// Says what is wrong at a place, and nothing besides.
    #[must_use]
    pub fn new(rule: &'static str, severity: Severity, primary: Span, message: impl Into<Message>) -> Self {
        Self { rule, message: message.into(), primary, severity, details: None }
    }
}

impl Deref for Finding {
    type Target = Details;

    fn deref(&self) -> &Details {
        static NONE: Details = Details {
            help: None,
            to_write: None,
            label: Cow::Borrowed(""),
            related: Vec::new(),
            fix: None,
            secret: None,
            inside: None,
        };
        self.details.as_deref().unwrap_or(&NONE)
    }
}

impl Finding {
    /// Changes what the help says is to be written.
    pub fn rewrite_help(&mut self, write: impl FnOnce(&str) -> Option<String>) {
        let (Some(place), Some(help)) = (self.to_write, self.help.as_deref()) else { return };
        let Some(text) = write(place.slice(help)) else { return };
        // What holds a backtick cannot stand in backticks.
        let around = u32::from(text.contains('`'));
        let (start, end) = (place.start - around, place.end + around);
        let before = Span::new(0, start).slice(help);
        let after = help.get(end as usize..).unwrap_or_default();
        let help = [before, &text, after].concat();
        self.to_write = Some(Span::from_usize(start as usize, start as usize + text.len()));
        self.help = Some(help.into());
    }
}

impl DerefMut for Finding {
    fn deref_mut(&mut self) -> &mut Details {
        self.details.get_or_insert_default()
    }
}

/// Of a finding in a body that is written inside another text: what cannot be read off the file.
#[derive(Clone, Debug)]
pub struct Inside {
    /// The JSON Pointer of the place in the body.
    pub pointer: String,
    /// The secret as it reads, where it is written otherwise.
    pub secret: Option<String>,
}

/// A finding before its rule and level are stamped on it; what rules make.
#[derive(Clone, Debug)]
pub struct Draft {
    message: Message,
    help: Option<Cow<'static, str>>,
    to_write: Option<Span>,
    primary: Span,
    details: Option<Box<Details>>,
    severity: Option<Severity>,
}

impl Draft {
    /// Says what is wrong at a place.
    pub fn new(primary: Span, message: impl Into<Message>) -> Self {
        Self { message: message.into(), help: None, to_write: None, primary, details: None, severity: None }
    }

    fn with(mut self, change: impl FnOnce(&mut Details)) -> Self {
        change(self.details.get_or_insert_default());
        self
    }

    /// What it says.
    #[must_use]
    pub const fn message(&self) -> &Message {
        &self.message
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<Cow<'static, str>>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds what to do about it, where that is to write something, which stands in backticks at its
    /// end.
    #[must_use]
    pub fn help_to_write(self, words: &str, text: &str) -> Self {
        let start = words.len() + 1;
        let to_write = Some(Span::from_usize(start, start + text.len()));
        Self { to_write, ..self.help(format!("{words}`{text}`")) }
    }

    /// Adds what is to be seen at the place.
    #[must_use]
    pub fn label(self, label: impl Into<Cow<'static, str>>) -> Self {
        self.with(|details| details.label = label.into())
    }

    /// Adds another place that matters.
    #[must_use]
    pub fn related(self, span: Span, text: impl Into<Cow<'static, str>>) -> Self {
        self.with(|details| details.related.push(Label { span, text: text.into() }))
    }

    /// Adds the change that mends it.
    #[must_use]
    pub fn fix(self, fix: Fix) -> Self {
        self.with(|details| details.fix = Some(Box::new(fix)))
    }

    /// Hides bytes from every output.
    #[must_use]
    pub fn secret(self, span: Span) -> Self {
        self.with(|details| details.secret = Some(span))
    }

    /// Gives this finding a level other than its rule's.
    #[must_use]
    pub const fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }
}

impl Fix {
    /// A change of one place.
    pub fn replace(title: impl Into<Cow<'static, str>>, span: Span, text: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            edits: vec![Edit { span, text: text.into() }],
            applicability: Applicability::Safe,
        }
    }

    /// Marks that someone has to look at it.
    #[must_use]
    pub const fn needs_a_look(mut self) -> Self {
        self.applicability = Applicability::Unsafe;
        self
    }

    /// Adds another replacement, which must stand after those before it.
    #[must_use]
    pub fn and(mut self, span: Span, text: impl Into<String>) -> Self {
        self.edits.push(Edit { span, text: text.into() });
        self
    }
}

/// What of a finding is wanted besides its place and message: what no output shows is not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wants {
    /// What to do about it.
    pub help: bool,
    /// The change that mends it.
    pub fixes: bool,
}

/// Where rules put what they find.
pub struct Sink<'a> {
    rule: &'static str,
    /// The rule's level of its own, and the one that holds.
    levels: (Severity, Severity),
    wants: Wants,
    found: &'a mut Vec<Finding>,
}

impl<'a> Sink<'a> {
    /// A sink that stamps findings with a rule's id and level: `default` is its own, `level` the one
    /// that holds.
    pub const fn new(
        rule: &'static str,
        default: Severity,
        level: Severity,
        wants: Wants,
        found: &'a mut Vec<Finding>,
    ) -> Self {
        Self { rule, levels: (default, level), wants, found }
    }

    /// Whether fixes are worth making: no output shows them otherwise.
    #[must_use]
    pub const fn wants_fixes(&self) -> bool {
        self.wants.fixes
    }

    /// Whether help is worth making, where that takes time.
    #[must_use]
    pub const fn wants_help(&self) -> bool {
        self.wants.help
    }

    /// Takes a finding. A level of its own is kept only while the rule stands at its default: a
    /// level that the user gives holds for all that the rule finds.
    pub fn push(&mut self, draft: Draft) {
        let (default, level) = self.levels;
        let severity = draft.severity.filter(|_| level == default).unwrap_or(level);
        let mut details = draft.details;
        // Help that no output shows is not worth the room.
        if let Some(help) = draft.help.filter(|_| self.wants.help) {
            let details = details.get_or_insert_default();
            (details.help, details.to_write) = (Some(help), draft.to_write);
        }
        let Draft { message, primary, .. } = draft;
        self.found.push(Finding { rule: self.rule, message, primary, severity, details });
    }
}

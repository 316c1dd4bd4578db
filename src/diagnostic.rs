//! What is said of a place in a text. Data only: no lines, no columns, no colour.

use std::borrow::Cow;
use std::fmt;

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

/// One thing that is wrong at one place.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The id of the rule that says so.
    pub rule: &'static str,
    /// The rule's level, or the one given on the command line.
    pub severity: Severity,
    /// What is wrong: lower case, no full stop, text of the input in backticks.
    pub message: Cow<'static, str>,
    /// What to do about it.
    pub help: Option<Cow<'static, str>>,
    /// The place itself.
    pub primary: Span,
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
    message: Cow<'static, str>,
    help: Option<Cow<'static, str>>,
    primary: Span,
    label: Cow<'static, str>,
    related: Vec<Label>,
    fix: Option<Box<Fix>>,
    secret: Option<Span>,
    severity: Option<Severity>,
}

impl Draft {
    /// Says what is wrong at a place.
    pub fn new(primary: Span, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            message: message.into(),
            help: None,
            primary,
            label: Cow::Borrowed(""),
            related: Vec::new(),
            fix: None,
            secret: None,
            severity: None,
        }
    }

    /// What it says.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<Cow<'static, str>>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds what is to be seen at the place.
    #[must_use]
    pub fn label(mut self, label: impl Into<Cow<'static, str>>) -> Self {
        self.label = label.into();
        self
    }

    /// Adds another place that matters.
    #[must_use]
    pub fn related(mut self, span: Span, text: impl Into<Cow<'static, str>>) -> Self {
        self.related.push(Label { span, text: text.into() });
        self
    }

    /// Adds the change that mends it.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(Box::new(fix));
        self
    }

    /// Hides bytes from every output.
    #[must_use]
    pub const fn secret(mut self, span: Span) -> Self {
        self.secret = Some(span);
        self
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
        self.found.push(Finding {
            rule: self.rule,
            severity,
            message: draft.message,
            help: draft.help.filter(|_| self.wants.help),
            primary: draft.primary,
            label: draft.label,
            related: draft.related,
            fix: draft.fix,
            secret: draft.secret,
            inside: None,
        });
    }
}

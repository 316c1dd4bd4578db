//! What programs call: texts in, problems out.
//!
//! These types are the API of the crate and stand on their own, so that those behind them are free to
//! change. The parts of a request are put together to one text and checked as if they stood in a file;
//! what is found is then told of the part it is in.

use std::fmt;
use std::ops::Range;

use crate::api::{self, Operation, closest};
use crate::carrier::Skip;
use crate::diagnostic::{self, Applicability, Finding, Wants};
use crate::lint::{Scratch, Sent, Settings, lint_faults, lint_request};
use crate::report::Secrets;
use crate::rules;
use crate::text::Span;

/// Checks the body of a request that updates a participant, whichever operation it is for.
///
/// Where the operation is known, [`check_request`] finds more; so does [`Checker::operation`].
///
/// ```
/// let report = paylint::check_body(r#"{"attributes": {"orderId": "A-1",}}"#);
/// let problem = &report.problems[0];
/// assert_eq!(problem.rule, "syntax-error");
/// assert_eq!(problem.range, 32..33);
///
/// assert!(paylint::check_body(r#"{"attributes": {"orderId": "A-1"}}"#).problems.is_empty());
/// ```
pub fn check_body(body: &str) -> Report {
    Checker::new().check_body(body)
}

/// Checks a whole request: its method, its URL or path, and its body; an empty body is none.
///
/// ```
/// use paylint::Part;
///
/// let url = "https://api.mypurecloud.com/api/v2/conversations/calls/0d3a9c1e-5b7f-4e2a-9c8d-1f6b2a7e4c90\
///            /participants/7f1e2d3c-4b5a-4697-8877-665544332211/attributes";
/// let report = paylint::check_request("PUT", url, r#"{"attributes": {"orderId": "A-1"}}"#);
/// let problem = &report.problems[0];
/// assert_eq!((problem.rule, problem.part), ("wrong-method", Part::Method));
///
/// let report = paylint::check_request("GET", "https://example.com/orders", "");
/// assert_eq!(report.unchecked, Some(paylint::Unchecked::Foreign));
/// ```
pub fn check_request(method: &str, url: &str, body: &str) -> Report {
    Checker::new().check_request(method, url, body)
}

/// Checks one text after another, with memory that is used again, and with settings of its own.
///
/// ```
/// # fn main() -> Result<(), paylint::UnknownName> {
/// use paylint::{Checker, Severity};
///
/// let mut checker = Checker::new()
///     .operation("patchConversationsCallParticipantAttributes")?
///     .level("empty-map", Severity::Error)?
///     .without("dotted-key")?;
/// assert!(checker.check_body(r#"{"attributes": {"order.id": "A-1"}}"#).problems.is_empty());
/// assert!(checker.check_body(r#"{"attributes": {}}"#).has_errors());
/// # Ok(())
/// # }
/// ```
pub struct Checker {
    settings: Settings,
    scratch: Scratch,
    text: String,
}

/// What came of a check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
#[must_use]
pub struct Report {
    /// What is wrong, in the order of the text: method, URL, body.
    pub problems: Vec<Problem>,
    /// The `operationId` that the request was checked as, where exactly one fits.
    pub operation: Option<&'static str>,
    /// Why it was not checked. There are no problems then, and that does not mean that it is well.
    pub unchecked: Option<Unchecked>,
}

/// One thing that is wrong at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The id of the rule that says so, which `paylint explain` explains.
    pub rule: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// What is wrong, in one line. Secrets in it, such as a card's number, are masked.
    pub message: String,
    /// What to do about it. Secrets are masked here, too.
    pub help: Option<String>,
    /// The part of the request that it is in.
    pub part: Part,
    /// The place, in bytes of that part as it was given.
    pub range: Range<usize>,
    /// The JSON Pointer of the place, where it is in the body; secrets are masked.
    pub pointer: Option<String>,
    /// The change that mends it, where one is known.
    pub fix: Option<Fix>,
}

/// How much a problem weighs; from light to heavy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// The request is probably not what was meant, or will cease to work.
    Warning,
    /// The API refuses the request, or does something else than it says.
    Error,
}

/// A part of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Part {
    /// The HTTP method.
    Method,
    /// The URL or path.
    Url,
    /// The body.
    Body,
}

/// A change that mends a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fix {
    /// What it does, in the imperative. Secrets in it are masked.
    pub title: String,
    /// Whether it cannot change what was meant, and may be made without a look.
    pub is_safe: bool,
    /// Replacements that do not overlap, in order: made from the last to the first, their ranges
    /// hold.
    pub edits: Vec<Edit>,
}

/// One replacement of bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Edit {
    /// The part of the request that is changed.
    pub part: Part,
    /// What is replaced, in bytes of that part; empty to insert.
    pub range: Range<usize>,
    /// What it is replaced with; empty to delete.
    pub text: String,
}

/// Why a request was not checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Unchecked {
    /// It goes to another part of the API.
    OtherApi,
    /// It goes somewhere other than the API.
    Foreign,
    /// Its parts are 4 GiB or longer together.
    TooLong,
}

/// A name that no rule, or no operation, has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownName {
    message: String,
}

impl Default for Checker {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Checker {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Checker").finish_non_exhaustive()
    }
}

impl Checker {
    /// One that holds every rule at its own level.
    #[must_use]
    pub fn new() -> Self {
        let mut settings = Settings::default();
        settings.wants = Wants { help: true, fixes: true };
        Self { settings, scratch: Scratch::default(), text: String::new() }
    }

    /// Says what [`Self::check_body`] is given bodies for: an `operationId`, or its name in an SDK.
    ///
    /// # Errors
    ///
    /// No operation has that name.
    pub fn operation(mut self, name: &str) -> Result<Self, UnknownName> {
        let operation = api::operation(name).ok_or_else(|| {
            UnknownName::of("operation", name, api::OPERATIONS.iter().map(|known| known.id))
        })?;
        self.settings.operation = Some(operation);
        Ok(self)
    }

    /// Gives all that a rule finds a severity, and turns it on if it is off.
    ///
    /// # Errors
    ///
    /// No rule has that id.
    pub fn level(self, rule: &str, severity: Severity) -> Result<Self, UnknownName> {
        self.with(rule, Some(severity))
    }

    /// Turns a rule off.
    ///
    /// # Errors
    ///
    /// No rule has that id.
    pub fn without(self, rule: &str) -> Result<Self, UnknownName> {
        self.with(rule, None)
    }

    fn with(mut self, id: &str, severity: Option<Severity>) -> Result<Self, UnknownName> {
        let rule = rules::by_id(id)
            .ok_or_else(|| UnknownName::of("rule", id, rules::ALL.iter().map(|known| known.id)))?;
        let held: Vec<_> = self.settings.rules().map(|(held, level)| (held.id, level)).collect();
        self.settings = self.settings.with_levels(|other| {
            if other.id == rule.id {
                return severity.map(Severity::inside);
            }
            held.iter().find(|(held, _)| *held == other.id).map(|(_, level)| *level)
        });
        Ok(self)
    }

    /// Checks a body; see [`check_body`].
    pub fn check_body(&mut self, body: &str) -> Report {
        if u32::try_from(body.len()).is_err() {
            return Report::unchecked(Unchecked::TooLong);
        }
        let parts = Parts { method: None, url: None, body: 0..body.len(), text: body };
        // A file may lack a body; where one is given, nothing is none.
        if body.trim().is_empty() {
            let linted = lint_faults(body, &self.settings, &mut self.scratch);
            return parts.report(linted.findings, &linted.hidden, None);
        }
        parts.reported(&self.settings, &mut self.scratch)
    }

    /// Checks a request; see [`check_request`].
    pub fn check_request(&mut self, method: &str, url: &str, body: &str) -> Report {
        let len = [2, method.len(), url.len(), body.len()].into_iter().fold(0, usize::saturating_add);
        if u32::try_from(len).is_err() {
            return Report::unchecked(Unchecked::TooLong);
        }
        self.text.clear();
        self.text.extend([method, " ", url, "\n", body]);
        let url = method.len() + 1..method.len() + 1 + url.len();
        let body = url.end + 1..self.text.len();
        let parts = Parts { method: Some(0..method.len()), url: Some(url), body, text: &self.text };
        parts.reported(&self.settings, &mut self.scratch)
    }
}

/// Where a request's parts are in one text. They do not touch, so that each end is of one part only.
struct Parts<'t> {
    method: Option<Range<usize>>,
    url: Option<Range<usize>>,
    body: Range<usize>,
    text: &'t str,
}

impl Parts<'_> {
    /// The part that holds a place, and the place in it.
    fn place(&self, span: Span) -> (Part, Range<usize>) {
        let Range { start, end } = span.range();
        let (part, own) = match (&self.method, &self.url) {
            (Some(method), _) if start <= method.end => (Part::Method, method),
            (_, Some(url)) if start <= url.end => (Part::Url, url),
            _ => (Part::Body, &self.body),
        };
        let within = |offset: usize| offset.clamp(own.start, own.end) - own.start;
        (part, within(start)..within(end))
    }

    fn reported(&self, settings: &Settings, scratch: &mut Scratch) -> Report {
        let span = |range: &Range<usize>| Span::from_usize(range.start, range.end);
        let method = self.method.as_ref().filter(|method| !method.is_empty());
        let sent = Sent {
            text: self.text,
            method: method.map(span),
            url: self.url.as_ref().map(span),
            body: span(&self.body),
        };
        match lint_request(&sent, settings, scratch) {
            Ok(judged) => self.report(judged.findings, &judged.hidden, judged.operation),
            Err(Skip::OtherApi) => Report::unchecked(Unchecked::OtherApi),
            Err(_) => Report::unchecked(Unchecked::Foreign),
        }
    }

    fn report(
        &self,
        findings: &[Finding],
        hidden: &[Finding],
        operation: Option<&'static Operation>,
    ) -> Report {
        let secrets = Secrets::of(findings.iter().chain(hidden), self.text);
        let problems = findings.iter().map(|finding| self.problem(finding, &secrets)).collect();
        Report { problems, operation: operation.map(|operation| operation.id), unchecked: None }
    }

    fn problem(&self, finding: &Finding, secrets: &Secrets<'_>) -> Problem {
        let shown = |words: &str| secrets.masked(words).into_owned();
        let (part, range) = self.place(finding.primary);
        let pointer = finding.inside.as_ref().map_or("", |inside| &inside.pointer);
        Problem {
            rule: finding.rule,
            severity: Severity::of(finding.severity),
            message: shown(&finding.message.read(self.text)),
            help: finding.help.as_deref().map(shown),
            part,
            range,
            pointer: (part == Part::Body).then(|| shown(pointer)),
            fix: finding.fix.as_deref().map(|fix| self.fix(fix, secrets)),
        }
    }

    fn fix(&self, fix: &diagnostic::Fix, secrets: &Secrets<'_>) -> Fix {
        let edit = |edit: &diagnostic::Edit| {
            let (part, range) = self.place(edit.span);
            Edit { part, range, text: edit.text.clone() }
        };
        Fix {
            title: secrets.masked(&fix.title).into_owned(),
            is_safe: fix.applicability == Applicability::Safe,
            edits: fix.edits.iter().map(edit).collect(),
        }
    }
}

impl Report {
    const fn unchecked(why: Unchecked) -> Self {
        Self { problems: Vec::new(), operation: None, unchecked: Some(why) }
    }

    /// Whether a problem is an error: the request should not be sent.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity == Severity::Error)
    }
}

impl fmt::Display for Problem {
    /// As in the command's concise output, without the place: `error[rule] message`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}[{}] {}", self.severity, self.rule, self.message)
    }
}

impl Severity {
    const fn of(severity: diagnostic::Severity) -> Self {
        match severity {
            diagnostic::Severity::Info => Self::Info,
            diagnostic::Severity::Warning => Self::Warning,
            diagnostic::Severity::Error => Self::Error,
        }
    }

    const fn inside(self) -> diagnostic::Severity {
        match self {
            Self::Info => diagnostic::Severity::Info,
            Self::Warning => diagnostic::Severity::Warning,
            Self::Error => diagnostic::Severity::Error,
        }
    }

    /// Its name in every output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.inside().as_str()
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl fmt::Display for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Method => "method",
            Self::Url => "url",
            Self::Body => "body",
        })
    }
}

impl fmt::Display for Unchecked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let skip = match self {
            Self::OtherApi => Skip::OtherApi,
            Self::Foreign => Skip::Foreign,
            Self::TooLong => Skip::TooLong,
        };
        skip.fmt(formatter)
    }
}

impl UnknownName {
    fn of(kind: &str, name: &str, known: impl Iterator<Item = &'static str>) -> Self {
        let nearest = closest(name, known).map(|known| format!("; did you mean `{known}`?"));
        Self { message: format!("no {kind} is named `{name}`{}", nearest.unwrap_or_default()) }
    }
}

impl fmt::Display for UnknownName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.message)
    }
}

impl std::error::Error for UnknownName {}

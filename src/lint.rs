//! The pipeline, pure: a text in, findings out.

use std::borrow::Cow;

use crate::api::{self, Endpoint, Model, Operation, Reach, Resolution, resolve};
use crate::carrier::{self, Assume, Skip};
use crate::diagnostic::{Finding, Severity, Sink, Wants};
use crate::json::{Arena, Document};
use crate::request::Request;
use crate::rules::{self, Check, Rule, Signs, Subject, Survey, TextSubject};
use crate::text::{Span, Utf16};

/// What is checked, and how it is judged.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What bare bodies are for; the union of participant updates where none is given.
    pub operation: Option<&'static Operation>,
    /// What findings carry.
    pub wants: Wants,
    rules: RuleSet,
}

/// The rules that are on, laid out so that those to be asked are found without asking each.
#[derive(Clone, Debug)]
struct RuleSet {
    /// Each with its level; at most 64.
    rules: Vec<(&'static Rule, Severity)>,
    /// For each sign, the rules that wait for it, as bits.
    waiting: [u64; Signs::COUNT],
    /// The rules about texts, as bits; the others are about requests.
    of_texts: u64,
}

impl RuleSet {
    fn new(rules: impl IntoIterator<Item = (&'static Rule, Severity)>) -> Self {
        let rules: Vec<_> = rules.into_iter().take(u64::BITS as usize).collect();
        let mut waiting = [0; Signs::COUNT];
        let mut of_texts = 0;
        for (at, (rule, _)) in rules.iter().enumerate() {
            for sign in rule.waits_for.indices() {
                waiting[sign] |= 1 << at;
            }
            of_texts |= u64::from(matches!(rule.check, Check::Text(_))) << at;
        }
        Self { rules, waiting, of_texts }
    }

    /// The rules that wait for one of the signs and are among those of a mask, in their order.
    fn due(&self, signs: Signs, among: u64) -> impl Iterator<Item = (&'static Rule, Severity)> + '_ {
        let mut due = among & signs.indices().fold(0, |due, sign| due | self.waiting[sign]);
        std::iter::from_fn(move || {
            let rule = self.rules.get(due.trailing_zeros() as usize)?;
            due &= due - 1;
            Some(*rule)
        })
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            operation: None,
            wants: Wants { help: true, fixes: false },
            rules: RuleSet::new(rules::ALL.iter().map(|rule| (*rule, rule.level))),
        }
    }
}

impl Settings {
    /// Gives each rule the level that a function says, or turns it off.
    #[must_use]
    pub fn with_levels(mut self, level: impl Fn(&'static Rule) -> Option<Severity>) -> Self {
        self.rules = RuleSet::new(rules::ALL.iter().filter_map(|rule| Some((*rule, level(rule)?))));
        self
    }

    /// The rules that are on.
    pub fn rules(&self) -> impl Iterator<Item = (&'static Rule, Severity)> + '_ {
        self.rules.rules.iter().copied()
    }
}

/// The memory that linting uses, to be used for one text after another.
#[derive(Default)]
pub struct Scratch {
    arena: Arena,
    survey: Survey,
    findings: Vec<Finding>,
}

/// What came of a text.
pub struct Linted<'a> {
    /// Its tree.
    pub document: Document<'a>,
    /// What was found, in the order of the text.
    pub findings: &'a [Finding],
    /// How many requests were checked.
    pub requests: usize,
    /// Why none, or not all, were.
    pub skip: Option<Skip>,
}

/// A text to be linted.
#[derive(Clone, Copy, Debug)]
pub struct Input<'t> {
    /// The text.
    pub text: &'t str,
    /// Bytes of the file that are no UTF-8, each shown as `?` in the text.
    pub invalid_utf8: &'t [Span],
    /// What it may be taken for.
    pub assume: Assume,
    /// What [`rules::may_hold_secret`] says of a larger text that this one stands in, where it was
    /// asked.
    pub may_hold_secret: Option<bool>,
}

/// Checks one text. Never fails: what is wrong with it is what it returns.
pub fn lint<'a>(input: &Input<'a>, settings: &Settings, scratch: &'a mut Scratch) -> Linted<'a> {
    let Scratch { arena, survey, findings } = scratch;
    findings.clear();
    if let Some(encoding) = Utf16::detect(input.text, input.invalid_utf8) {
        return lint_utf_16(input, encoding, settings, arena, findings);
    }
    let document = arena.parse(input.text);
    let secret = input.may_hold_secret.unwrap_or_else(|| rules::may_hold_secret(input.text.as_bytes()));
    let signs = survey.of(&document, secret).and_if(!input.invalid_utf8.is_empty(), Signs::INVALID_UTF8);
    let mut requests = 0;
    let mut elsewhere = None;
    let recognised = carrier::requests(&document, input.assume, |request| {
        match check_request(request, signs, settings, findings) {
            None => requests += 1,
            Some(skip) => elsewhere = Some(skip),
        }
    });
    let skip = recognised.err().or(elsewhere);
    // Faults are those of a request only where there is one, or where there was to be one.
    if requests > 0 || (skip.is_none() && input.assume == Assume::Body) {
        check_text(
            &TextSubject { document: &document, invalid_utf8: input.invalid_utf8, utf_16: None },
            signs,
            settings,
            findings,
        );
    }
    findings.sort_by(|one, other| {
        (one.primary, one.rule, &one.message).cmp(&(other.primary, other.rule, &other.message))
    });
    Linted { document, findings, requests, skip }
}

/// Says of a text in UTF-16 that it is that, and nothing else: read as what it should be, it is
/// faults from end to end.
fn lint_utf_16<'a>(
    input: &Input<'a>,
    encoding: Utf16,
    settings: &Settings,
    arena: &'a mut Arena,
    findings: &'a mut Vec<Finding>,
) -> Linted<'a> {
    // Whether it is about a request at all shows in what it would say.
    let meant = encoding.decode(input.text, input.invalid_utf8);
    let mut meant_arena = Arena::new();
    let mut requests = 0;
    let mut elsewhere = None;
    let recognised = carrier::requests(&meant_arena.parse(&meant), input.assume, |request| {
        match subject(request, settings) {
            Ok(_) => requests += 1,
            Err(skip) => elsewhere = Some(skip),
        }
    });
    let skip = recognised.err().or(elsewhere);
    let document = arena.parse(input.text);
    if requests > 0 || (skip.is_none() && input.assume == Assume::Body) {
        let subject =
            TextSubject { document: &document, invalid_utf8: input.invalid_utf8, utf_16: Some(encoding) };
        check_text(&subject, Signs::INVALID_UTF8, settings, findings);
    }
    Linted { document, findings, requests: 0, skip }
}

fn check_text(subject: &TextSubject<'_>, signs: Signs, settings: &Settings, findings: &mut Vec<Finding>) {
    for (rule, level) in settings.rules.due(signs, settings.rules.of_texts) {
        if let Check::Text(check) = rule.check {
            check(subject, &mut Sink::new(rule.id, rule.level, level, settings.wants, findings));
        }
    }
}

/// Checks one request; the reason, if it is not for the part of the API that is checked.
fn check_request(
    request: &Request<'_>,
    survey: Signs,
    settings: &Settings,
    findings: &mut Vec<Finding>,
) -> Option<Skip> {
    let subject = match subject(request, settings) {
        Ok(subject) => subject,
        Err(skip) => return Some(skip),
    };
    let signs = subject.signs(survey);
    let before = findings.len();
    for (rule, level) in settings.rules.due(signs, !settings.rules.of_texts) {
        if let Check::Request(check) = rule.check {
            check(&subject, &mut Sink::new(rule.id, rule.level, level, settings.wants, findings));
        }
    }
    // After a fault that left the parser guessing, what it read is a guess too.
    let trusted = subject.trusted_end;
    if trusted != u32::MAX {
        let found = findings.split_off(before);
        findings.extend(found.into_iter().filter(|finding| finding.primary.start < trusted));
    }
    None
}

fn subject<'a>(request: &'a Request<'a>, settings: &Settings) -> Result<Subject<'a>, Skip> {
    let Some(url) = &request.url else {
        let operation = settings.operation;
        let model = operation.map_or(Some(api::UNION_MODEL), Operation::model);
        return Ok(Subject::new(request, None, None, operation, model));
    };
    let endpoint = Endpoint::parse(url.as_str());
    match endpoint.reach {
        Reach::Conversations => {}
        Reach::OtherApi => return Err(Skip::OtherApi),
        Reach::Foreign => return Err(Skip::Foreign),
    }
    let method = request.method.as_ref().and_then(|method| api::Method::parse(method.as_str().trim()));
    let resolution = resolve(method, &endpoint);
    if matches!(resolution, Resolution::None) && !endpoint.is_telling() {
        return Err(Skip::Foreign);
    }
    let (operation, model): (_, Option<&'static Model>) = match &resolution {
        Resolution::Operation(operation) => (Some(*operation), operation.model()),
        Resolution::OneOf(operation) => (None, operation.model()),
        Resolution::OtherMethods(operations) => (None, only_model(operations)),
        Resolution::None | Resolution::Unknown => (None, None),
    };
    Ok(Subject::new(request, Some(endpoint), Some(resolution), operation, model))
}

/// The model that operations agree on, if they do.
fn only_model(operations: &[&'static Operation]) -> Option<&'static Model> {
    let mut models =
        operations.iter().filter(|operation| operation.body.is_some()).map(|operation| operation.model());
    let first = models.next()??;
    models.all(|other| other.is_some_and(|other| other.name == first.name)).then_some(first)
}

/// A file's bytes as text, and the bytes that are no UTF-8: each of those is shown as `?`, so that
/// every offset still counts bytes of the file.
#[must_use]
pub fn readable(bytes: &[u8]) -> (Cow<'_, str>, Vec<Span>) {
    if let Ok(text) = simdutf8::basic::from_utf8(bytes) {
        return (Cow::Borrowed(text), Vec::new());
    }
    let mut text = String::with_capacity(bytes.len());
    let mut invalid = Vec::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        let start = text.len();
        text.extend(chunk.invalid().iter().map(|_| '?'));
        let run = Span::from_usize(start, text.len());
        match invalid.last_mut() {
            _ if run.is_empty() => {}
            // One run of bad bytes may come in several chunks.
            Some(Span { end, .. }) if *end == run.start => *end = run.end,
            _ => invalid.push(run),
        }
    }
    (Cow::Owned(text), invalid)
}

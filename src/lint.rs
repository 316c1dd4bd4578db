//! The pipeline, pure: a text in, findings out.

mod address;
mod beside;
mod direct;
mod home;
mod listing;
mod settings;
mod told;
mod trust;
mod values;
mod variants;

pub use direct::{Judged, Sent, lint_request};
pub use listing::{Listed, Listing, Target, list};
pub use settings::Settings;

use std::borrow::Cow;
use std::collections::HashSet;

use address::Addresses;
use home::{bring_home, keep_only_whole_fix};
use trust::Trust;

use crate::answer;
use crate::api::{Endpoint, Operation, may_reach_conversations};
use crate::carrier::{self, Assume, Carrier, Skip, Source};
use crate::diagnostic::{Finding, Severity, Sink};
use crate::json::{Arena, Document, FaultKind, Flags, Kind, Pointers};
use crate::request::{Body, Payload, Request};
use crate::rules::{self, Check, HIDING, Signs, Subject, Survey, TextSubject};
use crate::template::{Piece, PieceKind, Reading};
use crate::text::{Passage, Span, Utf16};

/// The memory that linting uses, to be used for one text after another.
#[derive(Default)]
pub struct Scratch {
    arena: Arena,
    survey: Survey,
    findings: Vec<Finding>,
    /// For the bodies that are written inside other texts.
    bodies: Arena,
}

/// What came of a text.
pub struct Linted<'a> {
    /// Its tree; of a text that is no JSON, nothing but the text.
    pub document: Document<'a>,
    /// What was found, in the order of the text.
    pub findings: &'a [Finding],
    /// What is not told, as its rule is off, and says what no output may show all the same.
    pub hidden: Vec<Finding>,
    /// How many requests were checked.
    pub requests: usize,
    /// Why none, or not all, were.
    pub skip: Option<Skip>,
    /// The files that requests send as their bodies.
    pub links: Vec<Link>,
}

impl Linted<'_> {
    /// All whose secrets no output may show: what was found, told or not.
    #[must_use]
    pub fn all(&self) -> Cow<'_, [Finding]> {
        if self.hidden.is_empty() {
            return Cow::Borrowed(self.findings);
        }
        Cow::Owned([self.findings, &self.hidden].concat())
    }
}

/// A file that a request sends as its body.
#[derive(Clone, Debug)]
pub struct Link {
    /// Its name as the request has it: relative to the file that the request is in.
    pub name: String,
    /// The operation that it is sent to.
    pub operation: &'static Operation,
    /// Whether it is a template, of which the request makes what it sends.
    pub is_template: bool,
}

/// A text to be linted.
#[derive(Clone, Copy, Debug)]
pub struct Input<'t> {
    /// The text.
    pub text: &'t str,
    /// Bytes of the file that are no UTF-8, each shown as `?` in the text.
    pub invalid_utf8: &'t [Span],
    /// Where requests are looked for in it.
    pub carrier: Carrier,
    /// What it may be taken for.
    pub assume: Assume,
    /// What [`rules::may_hold_secret`] says of a larger text that this one stands in, where it was
    /// asked.
    pub may_hold_secret: Option<bool>,
    /// Whether it is a line of a file, and not its first.
    pub is_later_line: bool,
}

impl<'t> Input<'t> {
    /// A text that may be taken for a body, or a JSON file that the user named.
    #[must_use]
    pub const fn json(text: &'t str) -> Self {
        Self {
            text,
            invalid_utf8: &[],
            carrier: Carrier::Json,
            assume: Assume::Body,
            may_hold_secret: None,
            is_later_line: false,
        }
    }
}

/// Checks one text. Never fails: what is wrong with it is what it returns.
pub fn lint<'a>(input: &Input<'a>, settings: &Settings, scratch: &'a mut Scratch) -> Linted<'a> {
    let Scratch { arena, survey, findings, bodies } = scratch;
    findings.clear();
    if let Some(encoding) = Utf16::detect(input.text, input.invalid_utf8) {
        return lint_utf_16(input, encoding, settings, arena, findings);
    }
    let is_json = input.carrier.is_json();
    let document = if is_json { arena.parse(input.text) } else { Document::unread(input.text) };
    let mut linter = Linter {
        addresses: Addresses::new(settings, Trust::in_file(input)),
        may_hold_secret: input.may_hold_secret,
        // Of a file that is JSON from end to end, they are told of as such.
        invalid_utf8: if is_json { &[] } else { input.invalid_utf8 },
        ..Linter::new(settings, &document, survey, bodies, findings)
    };
    let recognised = each_request(input, &document, &mut |request| {
        linter.request(request);
    });
    let (requests, elsewhere, links) = (linter.requests, linter.elsewhere, std::mem::take(&mut linter.links));
    let skip = recognised.err().or(elsewhere);
    // Faults are those of a request only where there is one, or where there was to be one: of a file that
    // was named and cannot be read it is not known what it holds.
    let is_unread = is_json && !(document.faults().is_empty() && input.invalid_utf8.is_empty());
    let is_named = input.assume.takes_any() && (skip.is_none() || is_unread);
    if requests > 0 || is_named {
        // Of a file that merely holds requests, what matters is whether it can be read.
        let signs = match recognised {
            _ if !is_json => Signs::NONE,
            Ok(Carrier::Json) if requests > 0 || skip.is_none() => linter.signs(),
            _ => readable_signs(&document),
        };
        let signs = signs.and_if(is_json && !input.invalid_utf8.is_empty(), Signs::INVALID_UTF8);
        let subject = TextSubject {
            invalid_utf8: input.invalid_utf8,
            is_later_line: input.is_later_line,
            ..TextSubject::of(&document)
        };
        check_text(&subject, signs, settings, findings);
    }
    put_in_order(findings);
    told::forget_told_better(findings, input.text);
    if findings.iter().any(|finding| finding.inside.is_some()) {
        forget_seen_twice(findings);
    }
    let hidden = settings.rules.take_hidden(findings);
    // It was judged, if not as a request.
    let skip = skip.filter(|_| !(is_named && is_unread));
    Linted { document, findings, hidden, requests, skip, links }
}

fn put_in_order(findings: &mut Vec<Finding>) {
    findings.sort_by(|one, other| {
        (one.primary, one.rule, &one.message).cmp(&(other.primary, other.rule, &other.message))
    });
    // What stands in a variable is seen with each request that it is put in, and a secret in a URL as part of
    // the request and of the file.
    findings.dedup_by(|one, other| {
        let is_alike = one.message == other.message
            || (one.rule == HIDING.id && one.inside.is_some() == other.inside.is_some());
        (one.primary, one.rule) == (other.primary, other.rule) && is_alike
    });
}

/// Gives each request of a text away; says what the text is, or why there is none.
fn each_request(
    input: &Input<'_>,
    document: &Document<'_>,
    each: &mut dyn FnMut(&Request<'_>),
) -> Result<Carrier, Skip> {
    let text = Passage::of_file(input.text);
    if input.carrier.is_json() {
        let source = Source { document, text: &text, is_file: true };
        carrier::requests_in(input.carrier, source, input.assume, each)
    } else {
        carrier::requests(input.carrier, &text, input.assume, each)
    }
}

/// Whether a template reads as the JSON that it makes, but for the values that are filled in.
#[must_use]
pub fn reads_as_json(template: &str) -> bool {
    let reading = Reading::of(template);
    let is_value = |piece: &Piece| matches!(piece.kind, PieceKind::Reference(_));
    let is_plain = reading.faults.is_empty() && reading.pieces.iter().all(is_value);
    is_plain && !template.contains("%{") && Arena::new().parse(template).faults().is_empty()
}

/// Says of a text only what is wrong with it as JSON.
pub fn lint_faults<'a>(text: &'a str, settings: &Settings, scratch: &'a mut Scratch) -> Linted<'a> {
    let Scratch { arena, findings, .. } = scratch;
    findings.clear();
    let document = arena.parse(text);
    check_text(&TextSubject::of(&document), Signs::FAULT, settings, findings);
    Linted { document, findings, hidden: Vec::new(), requests: 0, skip: None, links: Vec::new() }
}

/// What is seen of a text that is read but not judged itself.
fn readable_signs(document: &Document<'_>) -> Signs {
    Signs::NONE
        .and_if(!document.faults().is_empty(), Signs::FAULT)
        .and_if(document.text().starts_with('\u{feff}'), Signs::BYTE_ORDER_MARK)
}

/// A string is seen as part of the file, and again as the body that is written in it: what is found in
/// both is told of the body.
fn forget_seen_twice(findings: &mut Vec<Finding>) {
    let place = |finding: &Finding| (finding.rule, finding.primary);
    let inside: HashSet<_> = findings.iter().filter(|finding| finding.inside.is_some()).map(place).collect();
    findings.retain(|finding| finding.inside.is_some() || !inside.contains(&place(finding)));
}

/// Checks the requests of one text.
struct Linter<'l, 'd> {
    settings: &'l Settings,
    addresses: Addresses<'l>,
    file: &'d Document<'d>,
    /// What was seen of the file's own document, once it was asked for: where bodies are written inside
    /// of it, it is not.
    signs: Option<Signs>,
    /// See [`Input::may_hold_secret`].
    may_hold_secret: Option<bool>,
    /// The bytes that are no UTF-8 of a file in which they may stand elsewhere than in requests: in a
    /// comment, say, which is not sent.
    invalid_utf8: &'l [Span],
    survey: &'l mut Survey,
    bodies: &'l mut Arena,
    findings: &'l mut Vec<Finding>,
    requests: usize,
    /// Why a request was none of ours.
    elsewhere: Option<Skip>,
    links: Vec<Link>,
}

impl<'l, 'd> Linter<'l, 'd> {
    /// What checks the requests of a file, before the first of them.
    fn new(
        settings: &'l Settings,
        file: &'d Document<'d>,
        survey: &'l mut Survey,
        bodies: &'l mut Arena,
        findings: &'l mut Vec<Finding>,
    ) -> Self {
        Self {
            settings,
            addresses: Addresses::new(settings, Trust::full()),
            file,
            signs: None,
            may_hold_secret: None,
            invalid_utf8: &[],
            survey,
            bodies,
            findings,
            requests: 0,
            elsewhere: None,
            links: Vec::new(),
        }
    }
}

impl Linter<'_, '_> {
    fn signs(&mut self) -> Signs {
        *self.signs.get_or_insert_with(|| {
            let text = self.file.text().as_bytes();
            let secret = self.may_hold_secret.unwrap_or_else(|| rules::may_hold_secret(text));
            self.survey.of(self.file, secret)
        })
    }

    /// Checks a request; its operation, where it is known.
    fn request(&mut self, request: &Request<'_>) -> Option<&'static Operation> {
        if self.settings.within.is_some_and(|within| !within.contains(request.place)) {
            return None;
        }
        if let Payload::Unreadable(broken) = request.payload {
            let nothing = Document::unread("");
            let subject =
                TextSubject { unreadable: Some((request.place, broken)), ..TextSubject::of(&nothing) };
            check_text(&subject, Signs::FAULT, self.settings, self.findings);
            return None;
        }
        let before = self.findings.len();
        let checked = match &request.payload {
            Payload::Json(value) => {
                let subject =
                    Subject::new(request, Body::Json(*value), value.document(), (self.file.text(), 0));
                let signs = self.signs();
                check_request(subject, signs, &self.addresses, self.findings)
            }
            Payload::Text(body) if !body.as_str().trim().is_empty() => self.body(request, body, false),
            Payload::Unclosed(open) => self.unclosed(request, open),
            Payload::Variants(variants) => self.variants(request, variants),
            payload => {
                let body = if matches!(payload, Payload::Absent | Payload::Text(_)) {
                    Body::Absent
                } else {
                    Body::Opaque
                };
                let subject = Subject::new(request, body, self.file, (self.file.text(), 0));
                // Nothing of the file's own document is part of the request.
                let checked = check_request(subject, Signs::NONE, &self.addresses, self.findings);
                if checked.is_ok() {
                    self.beside(request);
                }
                checked
            }
        };
        let operation = checked.unwrap_or_default();
        match checked {
            Ok(_) => {
                self.requests += 1;
                self.unread(request, before);
                if let (Payload::File(name), Some(operation)) = (&request.payload, operation) {
                    let is_template = request.templates.is_some();
                    self.links.push(Link { name: name.as_str().to_owned(), operation, is_template });
                }
            }
            Err(skip) => self.elsewhere = Some(skip),
        }
        if self.settings.wants.fixes {
            for finding in &mut self.findings[before..] {
                keep_only_whole_fix(finding, request);
            }
        }
        operation
    }

    /// Checks a request whose body is written inside another text: as a document of its own, whose
    /// findings are then brought back to the file. To tell them apart, places in the file are counted
    /// from the body's end on while the rules look at them. `whatever` says that it is read even where a
    /// reference in it may stand for structure.
    fn body(
        &mut self,
        request: &Request<'_>,
        body: &Passage<'_>,
        whatever: bool,
    ) -> Result<Option<&'static Operation>, Skip> {
        // Of a request that goes somewhere else the body need not be read.
        if let Some(url) = request.url.as_ref().filter(|url| !may_reach_conversations(url.as_str())) {
            let hosts = self.settings.team.as_ref().map_or(&[][..], |team| &team.hosts);
            address::reach(&Endpoint::parse_among(url.as_str(), hosts))?;
        }
        let mended = values::escaped(body, self.file.text(), self.bodies);
        let (body, broken) = mended.as_ref().map_or((body, &[][..]), |(body, broken)| (body, broken));
        let base = u32::try_from(body.as_str().len()).unwrap_or(u32::MAX).saturating_add(1);
        let request = &request.beside_payload(base);
        let document = self.bodies.parse(body.as_str());
        let beside = request.headers.iter().map(|header| &header.value).chain(&request.url);
        let secret =
            std::iter::once(body).chain(beside).any(|text| rules::may_hold_secret(text.as_str().as_bytes()));
        let signs = self.survey.of(&document, secret).and_if(!broken.is_empty(), Signs::FAULT);
        let is_read = whatever || request.templates.is_none() || !hands_over_structure(&document);
        let sent = match document.root() {
            Some(root) if is_read && !root.is_unknown() => Body::Json(root),
            _ => Body::Opaque,
        };
        let before = self.findings.len();
        let mut subject = Subject::new(request, sent, &document, (self.file.text(), base));
        subject.passage = Some(body);
        let operation = check_request(subject, signs, &self.addresses, self.findings)?;
        let unread = if request.is_sample { Vec::new() } else { body.ranges_of(self.invalid_utf8) };
        let signs = signs.and_if(!unread.is_empty(), Signs::INVALID_UTF8);
        let subject = TextSubject {
            request: Some(request),
            invalid_utf8: &unread,
            broken_values: broken,
            ..TextSubject::of(&document)
        };
        if is_read {
            check_text(&subject, signs, self.settings, self.findings);
        }
        let found = &mut self.findings[before..];
        found.sort_by_key(|finding| finding.primary);
        let mut pointers = Pointers::new(&document);
        for finding in found {
            bring_home(finding, body, (self.file.text(), base), &mut pointers);
        }
        Ok(operation)
    }
}

/// Whether a reference stands where structure does, and so may stand for any: `{${input.members}}`.
fn hands_over_structure(document: &Document<'_>) -> bool {
    let text = document.text();
    let of_structure =
        |kind| matches!(kind, FaultKind::MissingComma | FaultKind::MissingColon | FaultKind::MissingValue);
    let mut faults = document.faults().iter().filter(|fault| of_structure(fault.kind)).peekable();
    if faults.peek().is_none() {
        return false;
    }
    let names: HashSet<u32> = document
        .nodes()
        .iter()
        .filter(|node| node.kind == Kind::Key && node.flags.has(Flags::BARE))
        .filter(|node| node.span().slice(text).starts_with('$'))
        .map(|node| node.end)
        .collect();
    faults.any(|fault| {
        let after = &text.as_bytes()[fault.span.end as usize..];
        let next = after.iter().find(|byte| !byte.is_ascii_whitespace());
        names.contains(&fault.span.start) || (fault.kind == FaultKind::MissingComma && next == Some(&b'$'))
    })
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
    if !input.carrier.is_json() {
        let document = Document::unread(input.text);
        let skip = Some(Skip::Utf16);
        return Linted { document, findings, hidden: Vec::new(), requests: 0, skip, links: Vec::new() };
    }
    // Whether it is about a request at all shows in what it would say.
    let meant = encoding.decode(input.text, input.invalid_utf8);
    let addresses = Addresses::new(settings, Trust::in_file(&Input { text: &meant, ..*input }));
    let mut meant_arena = Arena::new();
    let mut requests = 0;
    let mut elsewhere = None;
    let (document, text) = (meant_arena.parse(&meant), Passage::of_file(&meant));
    let source = Source { document: &document, text: &text, is_file: true };
    let recognised =
        carrier::requests_in(input.carrier, source, input.assume, &mut |request| match addresses
            .find(Subject::new(request, Body::Opaque, &document, (&meant, 0)))
        {
            Ok(_) => requests += 1,
            Err(skip) => elsewhere = Some(skip),
        });
    let skip = recognised.err().or(elsewhere);
    let document = arena.parse(input.text);
    if requests > 0 || (skip.is_none() && input.assume.takes_any()) {
        let subject = TextSubject {
            invalid_utf8: input.invalid_utf8,
            utf_16: Some(encoding),
            ..TextSubject::of(&document)
        };
        check_text(&subject, Signs::INVALID_UTF8, settings, findings);
    }
    Linted { document, findings, hidden: Vec::new(), requests: 0, skip, links: Vec::new() }
}

fn check_text(subject: &TextSubject<'_>, signs: Signs, settings: &Settings, findings: &mut Vec<Finding>) {
    for (rule, level) in settings.rules.due(signs, settings.rules.of_texts) {
        if let Check::Text(check) = rule.check {
            check(subject, &mut Sink::new(rule.id, rule.level, level, settings.wants, findings));
        }
    }
}

/// Checks one request; its operation, where it is known, or the reason, if it is not for the part of the
/// API that is checked.
fn check_request<'a, 'l: 'a>(
    subject: Subject<'a>,
    survey: Signs,
    addresses: &Addresses<'l>,
    findings: &mut Vec<Finding>,
) -> Result<Option<&'static Operation>, Skip> {
    let settings = addresses.settings();
    let subject = addresses.find(subject)?;
    let signs = subject.signs(survey);
    let before = findings.len();
    for (rule, level) in settings.rules.due(signs, !settings.rules.of_texts) {
        if let Check::Request(check) = rule.check {
            check(&subject, &mut Sink::new(rule.id, rule.level, level, settings.wants, findings));
        }
    }
    if let Some(answer) = &settings.answer {
        let level = Severity::Error;
        answer.mark(&subject, &mut Sink::new(answer::ID, level, level, settings.wants, findings));
    }
    // After a fault that left the parser guessing, what it read is a guess too.
    let trusted = subject.trusted_end;
    if trusted != u32::MAX {
        let end = subject.document.text().len();
        let is_beside = |span: Span| span.start as usize > end;
        let found = findings.split_off(before);
        findings.extend(
            found.into_iter().filter(|finding| finding.primary.start < trusted || is_beside(finding.primary)),
        );
    }
    Ok(subject.operation)
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

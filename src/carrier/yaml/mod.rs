//! YAML: each document is read as the JSON that it stands for.

mod broken;
mod mask;
mod nested;
mod offsets;
mod scalar;
mod scripts;
mod transcribe;
mod types;

use memchr::memmem;
use saphyr_parser::{Event, Parser};

use crate::carrier::mention::speaks_of_platform;
use crate::carrier::{Assume, Carrier, Skip, Source, json, json_requests};
use crate::json::{Arena, Kind, Value};
use crate::request::{Header, Payload, Request, Scope};
use crate::text::{Passage, Span};
use broken::Break;
use mask::mask;
use nested::Nested;
use offsets::Offsets;
use transcribe::{Place, Scalar, Transcriber, Transcript};

/// Yields the requests of a text, in its order.
pub(super) fn requests(
    text: &Passage<'_>,
    assume: Assume,
    each: &mut dyn FnMut(&Request<'_>),
) -> Result<Carrier, Skip> {
    let takes_bodies = assume.is_told() || speaks_of_platform(text.as_str());
    let mut reader = Reader { assume, takes_bodies, each, found: false, breaks: Vec::new() };
    reader.read_all(text);
    let mut is_left_out = false;
    let mut is_told = false;
    for broken in std::mem::take(&mut reader.breaks) {
        // Of a file that was met and is about something else, it does not matter.
        let is_ours = reader.found || assume.takes_any() || broken.shows_request;
        match broken.reason.filter(|_| is_ours) {
            Some(reason) => {
                is_told = true;
                (reader.each)(&Request::bare(broken.place, Payload::Unreadable(reason)));
            }
            None => is_left_out = true,
        }
    }
    reader.verdict(is_left_out, is_told)
}

/// As [`requests`], of a text that stands in another, and may be a sketch: of what cannot be read in it, nothing
/// is told; `takes_bodies` says whether what stands alone may be a body, and a path without one
/// a request.
pub(super) fn read(
    text: &Passage<'_>,
    assume: Assume,
    takes_bodies: bool,
    each: &mut dyn FnMut(&Request<'_>),
) -> Result<Carrier, Skip> {
    let mut reader = Reader { assume, takes_bodies, each, found: false, breaks: Vec::new() };
    reader.read_all(text);
    reader.verdict(!reader.breaks.is_empty(), false)
}

/// The parts of a text that begin with `---`, which never stands at the start of a line inside of a
/// document: what is wrong with one does not touch the next.
fn documents(text: &str) -> impl Iterator<Item = Span> {
    let bytes = text.as_bytes();
    let mut start = 0;
    std::iter::from_fn(move || {
        if start >= bytes.len() {
            return None;
        }
        let begins = |at: &usize| {
            let after = bytes.get(at + 3);
            bytes[at - 1] == b'\n' && after.is_none_or(u8::is_ascii_whitespace)
        };
        let from = start + 1;
        let end = memmem::find_iter(bytes.get(from..)?, b"---").map(|at| from + at).find(begins);
        let document = Span::from_usize(start, end.unwrap_or(bytes.len()));
        start = end.unwrap_or(bytes.len());
        Some(document)
    })
}

/// Whether a word is in a text without which nothing in it is recognised.
fn may_hold_request(text: &str) -> bool {
    const WORDS: [&str; 15] = [
        "conversations",
        "ttribute",
        "ttrs",
        "articipant",
        "ustom",
        "state",
        "wrapup",
        "resumeTime",
        "held",
        "muted",
        "confined",
        "recording",
        "ATTR",
        "PARTICIPANT",
        "CUSTOM",
    ];
    WORDS.iter().any(|word| memmem::find(text.as_bytes(), word.as_bytes()).is_some())
}

struct Reader<'e> {
    assume: Assume,
    takes_bodies: bool,
    each: &'e mut dyn FnMut(&Request<'_>),
    found: bool,
    /// Where it cannot be read.
    breaks: Vec<Break>,
}

impl Reader<'_> {
    fn read_all(&mut self, text: &Passage<'_>) {
        for document in documents(text.as_str()) {
            let held = document.slice(text.as_str());
            if self.assume.takes_any() || may_hold_request(held) {
                self.read(&text.piece(document));
            }
        }
    }

    /// What the text is, or why there is no request in it.
    const fn verdict(&self, is_left_out: bool, is_told: bool) -> Result<Carrier, Skip> {
        match () {
            () if is_left_out => Err(Skip::BrokenYaml),
            () if self.found || is_told => Ok(Carrier::Yaml),
            () => Err(Skip::NotRecognised),
        }
    }

    /// Reads what stands between two `---`.
    fn read(&mut self, text: &Passage<'_>) {
        let masked = mask(text.as_str());
        let mut offsets = Offsets::new(&masked.text);
        let mut parser = Parser::new_from_str(&masked.text);
        let mut document = None;
        let mut had_any = false;
        while let Some(event) = parser.next_event() {
            let (event, span) = match event {
                Ok(event) => event,
                Err(error) => {
                    // After a document's end, it is the next one's head that is read.
                    if document.is_some() || !had_any {
                        let at = offsets.byte_of(error.marker().index());
                        self.breaks.push(Break::at(text, at, error.info()));
                    }
                    return;
                }
            };
            let place = Place {
                start: offsets.byte_of(span.start.index()),
                end: offsets.byte_of(span.end.index()),
                column: span.start.col(),
            };
            match event {
                Event::DocumentStart(_) => {
                    had_any = true;
                    document = Some(Transcriber::new(text, &masked, place.start, text.as_str().len()));
                }
                Event::DocumentEnd => {
                    if let Some(document) = document.take() {
                        self.recognise(text, &document.finish());
                    }
                }
                event => {
                    if let Some(document) = &mut document {
                        document.event(event, &place);
                    }
                }
            }
        }
    }
}

impl Reader<'_> {
    /// Yields what a document of a text holds.
    fn recognise(&mut self, text: &Passage<'_>, transcript: &Transcript) {
        let own = Own { text, scalars: &transcript.scalars };
        let mut arena = Arena::new();
        let document = arena.parse(transcript.text.as_str());
        // An empty document sends nothing.
        let Some(root) = document.root().filter(|root| root.kind() != Kind::Null) else { return };
        let source = Source { document: &document, text: &transcript.text, is_file: false };
        let kind = kind(root);
        let mut nested = Nested::new(source, &own, kind);
        if kind != DocumentKind::Data {
            self.inside(&mut nested, root);
            return;
        }
        let mut found = false;
        if root.kind() == Kind::Array {
            let mut item_arena = Arena::new();
            for item in root.items().filter(|item| item.is_object()) {
                let text = transcript.text.piece(item.span());
                let document = item_arena.parse(text.as_str());
                let alone = Source { document: &document, text: &text, is_file: false };
                found |= self.yield_from(alone, Assume::Nothing, self.takes_bodies, &own)
                    || self.inside(&mut nested, item);
            }
        } else {
            let takes_bodies =
                self.takes_bodies || (self.assume == Assume::Named && json::is_plain_body(root));
            found = self.yield_from(source, Assume::Nothing, takes_bodies, &own)
                || self.inside(&mut nested, root);
        }
        if !found && self.assume.is_told() {
            self.yield_from(source, self.assume, true, &own);
        }
    }

    /// Yields what a document of JSON is; whether it is anything.
    fn yield_from(&mut self, source: Source<'_>, assume: Assume, takes_bodies: bool, own: &Own<'_>) -> bool {
        let mut found = false;
        // Whether there were any shows in what was yielded.
        let _ = json_requests(source, assume, &mut |request| {
            found |= self.give(request, takes_bodies, own);
        });
        found
    }

    /// Yields a request that stands in the JSON of a document, if it is taken for one.
    fn give(&mut self, request: &Request<'_>, takes_bodies: bool, own: &Own<'_>) -> bool {
        let is_told = self.assume.is_told();
        let is_bodiless = matches!(request.payload, Payload::Absent);
        // Another service may have such a route.
        if (request.url.is_none() || is_bodiless) && !takes_bodies {
            return false;
        }
        // An address among other settings.
        if !is_told && is_bodiless && request.method.is_none() {
            return false;
        }
        self.found = true;
        let mut request = own.request(request);
        // A list of a service's routes has no bodies, and sends nothing.
        if !is_told && is_bodiless {
            request.payload = Payload::Opaque;
        }
        (self.each)(&request);
        true
    }
}

/// What a document tells by its members that it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum DocumentKind {
    /// Nothing: it may be about requests.
    Data,
    /// The description of an API, which shows requests.
    Api,
    /// Something that is run, in which there may be scripts.
    Program,
}

fn kind(root: Value<'_>) -> DocumentKind {
    let has = |name: &str| root.get(name).is_some();
    if !root.is_object() {
        DocumentKind::Data
    } else if ["openapi", "swagger", "asyncapi"].into_iter().any(has) {
        DocumentKind::Api
    } else if (has("apiVersion") && has("kind")) || (has("on") && has("jobs")) {
        DocumentKind::Program
    } else {
        DocumentKind::Data
    }
}

/// Brings the texts of requests back from the JSON that they were transcribed to.
struct Own<'s> {
    text: &'s Passage<'s>,
    scalars: &'s [Scalar],
}

impl Own<'_> {
    fn request<'t>(&self, request: &Request<'t>) -> Request<'t> {
        let own = |text: &Passage<'t>| self.passage(text).unwrap_or_else(|| text.clone());
        Request {
            place: request.place,
            method: request.method.as_ref().map(own),
            url: request.url.as_ref().map(own),
            headers: request
                .headers
                .iter()
                .map(|header| Header { name: header.name.clone(), value: own(&header.value) })
                .collect(),
            scopes: request
                .scopes
                .iter()
                .map(|scope| Scope { text: own(&scope.text), of_permissions: scope.of_permissions })
                .collect(),
            unexpanded: request.unexpanded.clone(),
            templates: request.templates.clone(),
            is_sample: request.is_sample,
            payload: match &request.payload {
                Payload::Text(text) => Payload::Text(own(text)),
                Payload::File(name) => Payload::File(own(name)),
                other => other.clone(),
            },
        }
    }

    /// The scalar that a place of the file is in.
    fn scalar_at(&self, place: Span) -> Option<&Scalar> {
        let index =
            self.scalars.partition_point(|scalar| scalar.place.start <= place.start).checked_sub(1)?;
        self.scalars.get(index).filter(|scalar| scalar.place.contains(place))
    }

    /// The same text, or part of one, as it stands in a scalar of the file.
    fn passage(&self, text: &Passage<'_>) -> Option<Passage<'static>> {
        let place = text.span();
        let whole = self.scalar_at(place)?.passage(self.text);
        if whole.as_str() == text.as_str() {
            return Some(whole);
        }
        let start = whole.as_str().find(text.as_str())?;
        let piece = whole.piece(Span::from_usize(start, start + text.as_str().len()));
        (piece.span() == place).then_some(piece)
    }
}

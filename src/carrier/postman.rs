//! Postman's collections: v2.0 and v2.1, and what of v1 is written in the same plain way.

mod body;
mod url;
mod variables;

use crate::api::may_reach_conversations;
use crate::carrier::postman::variables::Variables;
use crate::carrier::{Carrier, Skip, Source};
use crate::json::{Kind, Value};
use crate::request::{Header, Payload, Request};
use crate::text::{Passage, Span};

/// The members of a JSON text of which it must have one to be a collection.
pub(super) const MEMBERS: &[&str] = &["info", "requests", "collection"];

/// Yields the requests of a collection, if a value is one.
pub(super) fn requests<'t>(
    source: Source<'t>,
    root: Value<'t>,
    each: &mut dyn FnMut(&Request<'_>),
) -> Option<Result<Carrier, Skip>> {
    let (collection, form) = collection(root)?;
    let mut reader =
        Reader { source, variables: Variables::new(source), each, found: false, elsewhere: false };
    match form {
        Form::Items => reader.items(collection),
        Form::Flat => reader.flat(collection),
    }
    Some(if reader.found { Ok(Carrier::Postman) } else { Err(Skip::NoRequest) })
}

/// How a collection is laid out.
#[derive(Clone, Copy)]
enum Form {
    /// Since v2: items, which may hold items.
    Items,
    /// v1: all requests in one array.
    Flat,
}

/// The collection that a value is, or that Postman's own API wraps in one.
fn collection(root: Value<'_>) -> Option<(Value<'_>, Form)> {
    let (mut info, mut items, mut requests, mut order, mut wrapped) = (None, false, false, false, None);
    for (key, member) in root.members() {
        let is_array = member.kind() == Kind::Array;
        match key.raw() {
            r#""info""# if member.is_object() => info = Some(member),
            r#""item""# => items = is_array,
            r#""requests""# => requests = is_array,
            r#""order""# => order = is_array,
            r#""collection""# if member.is_object() => wrapped = Some(member),
            _ => {}
        }
    }
    let declared = |info: Value<'_>| {
        let schema = info.get("schema").and_then(Value::as_str);
        schema
            .is_some_and(|schema| schema.contains("getpostman.com") || schema.contains("schema.postman.com"))
    };
    match info {
        Some(info) if items || declared(info) => Some((root, Form::Items)),
        _ if requests && order => Some((root, Form::Flat)),
        _ => {
            let inner = wrapped?;
            let info = inner.get("info")?;
            (info.is_object() && (declared(info) || inner.get("item").is_some()))
                .then_some((inner, Form::Items))
        }
    }
}

struct Reader<'t, 'e> {
    source: Source<'t>,
    variables: Variables<'t>,
    each: &'e mut dyn FnMut(&Request<'_>),
    found: bool,
    /// Whether a request that goes somewhere else was given: one is enough to say so.
    elsewhere: bool,
}

/// A folder being read, or the collection.
struct Folder {
    /// Index of its next item's node.
    next: u32,
    /// Index of the node after its last item.
    end: u32,
    /// Whether requests that only read keep their body.
    keeps_body: bool,
}

/// The members of an item, a folder or a collection.
#[derive(Default)]
struct Item<'t> {
    items: Option<Value<'t>>,
    request: Option<Value<'t>>,
    responses: Option<Value<'t>>,
    variables: Option<Value<'t>>,
    keeps_body: Option<bool>,
}

impl<'t> Item<'t> {
    fn of(value: Value<'t>) -> Self {
        let mut item = Self::default();
        for (key, member) in value.members() {
            match key.raw() {
                r#""item""# if member.kind() == Kind::Array => item.items = Some(member),
                r#""request""# => item.request = Some(member),
                r#""response""# if member.kind() == Kind::Array => item.responses = Some(member),
                // The first exports of v2.0 have it in the plural.
                r#""variable""# | r#""variables""# => item.variables = Some(member),
                r#""protocolProfileBehavior""# => {
                    item.keeps_body = member.get("disableBodyPruning").map(|keeps| keeps.raw() == "true");
                }
                _ => {}
            }
        }
        item
    }
}

impl<'t> Reader<'t, '_> {
    /// Reads items in items, however deep.
    fn items(&mut self, collection: Value<'t>) {
        let mut open = Vec::new();
        self.enter(&Item::of(collection), false, &mut open);
        while let Some(folder) = open.last_mut() {
            if folder.next >= folder.end {
                open.pop();
                self.variables.leave();
                continue;
            }
            let value = Value::at(self.source.document, folder.next);
            folder.next = value.node().next;
            let item = Item::of(value);
            let keeps_body = item.keeps_body.unwrap_or(folder.keeps_body);
            self.item(&item, keeps_body);
            self.enter(&item, keeps_body, &mut open);
        }
    }

    fn enter(&mut self, item: &Item<'t>, keeps_body: bool, open: &mut Vec<Folder>) {
        let Some(items) = item.items else { return };
        self.variables.enter(item.variables);
        let keeps_body = item.keeps_body.unwrap_or(keeps_body);
        open.push(Folder { next: items.index() + 1, end: items.node().next, keeps_body });
    }

    /// Yields the request of an item, and those of its saved examples that differ from it.
    fn item(&mut self, item: &Item<'t>, keeps_body: bool) {
        let request = item.request.and_then(|request| self.request(request, keeps_body));
        if let Some(request) = &request {
            self.give(request);
        }
        let responses = item.responses.into_iter().flat_map(Value::items);
        for example in responses.filter_map(|response| response.get("originalRequest")) {
            let example = self.request(example, keeps_body);
            let is_same = |example: &Request<'_>| {
                request.as_ref().is_some_and(|request| identity(request) == identity(example))
            };
            if let Some(example) = example.filter(|example| !is_same(example)) {
                self.give(&example);
            }
        }
    }

    fn give(&mut self, request: &Request<'t>) {
        self.found = true;
        (self.each)(request);
    }

    /// Reads a request: its URL alone, or an object.
    fn request(&mut self, value: Value<'t>, keeps_body: bool) -> Option<Request<'t>> {
        let (mut method, mut url, mut header, mut body) = (None, None, None, None);
        if value.kind() == Kind::String {
            url = Some(value);
        }
        for (key, member) in value.members() {
            match key.raw() {
                r#""method""# => method = self.source.passage(member),
                r#""url""# => url = Some(member),
                r#""header""# => header = Some(member),
                r#""body""# => body = Some(member),
                _ => {}
            }
        }
        let url = url::read(self.source, url?)?;
        let ours = self.variables.speak_of_conversations() || may_reach_conversations(url.as_str());
        if !ours && std::mem::replace(&mut self.elsewhere, true) {
            return None;
        }
        let url = self.variables.resolve_url(url);
        let method = method.filter(|method| !method.is_empty()).unwrap_or_else(|| self.get(value));
        let method = self.variables.resolve(method);
        // Of a request that goes somewhere else nothing more is asked.
        let headers = header.filter(|_| ours).map(|header| self.headers(header)).unwrap_or_default();
        let pruned = !keeps_body && ["GET", "HEAD"].iter().any(|it| method.as_str().eq_ignore_ascii_case(it));
        let payload = match body {
            Some(_) if !ours => Payload::Opaque,
            Some(body) if !pruned => self.body(body, &headers),
            _ => Payload::Absent,
        };
        Some(Request {
            place: self.source.place(value),
            method: Some(method),
            url: Some(url),
            headers,
            scopes: Vec::new(),
            unexpanded: Vec::new(),
            templates: None,
            is_sample: false,
            payload,
        })
    }

    /// The method of a request that names none.
    fn get(&self, request: Value<'t>) -> Passage<'t> {
        let mut out = self.source.text.rewrite();
        out.put("GET", Span::empty(request.span().start));
        out.finish(Some(crate::text::Layer::Copied))
    }

    fn body(&mut self, body: Value<'t>, headers: &[Header<'t>]) -> Payload<'t> {
        let payload = body::read(self.source, body, headers);
        match payload {
            body::Body::Absent => Payload::Absent,
            body::Body::Opaque => Payload::Opaque,
            body::Body::Text { text, strip } => {
                let text = self.variables.resolve(text);
                Payload::Text(if strip { body::without_comments(text) } else { text })
            }
        }
    }

    /// Reads headers as they are written. Of a token that a variable holds there is nothing to say here:
    /// a variable is what is to stand in its place.
    fn headers(&self, header: Value<'t>) -> Vec<Header<'t>> {
        if let Some(lines) = self.source.passage(header) {
            return header_lines(&lines);
        }
        let mut headers = Vec::new();
        for item in header.items() {
            let (mut name, mut value, mut disabled) = (None, None, false);
            for (key, member) in item.members() {
                match key.raw() {
                    r#""key""# => name = self.source.passage(member),
                    r#""value""# => value = self.source.passage(member),
                    r#""disabled""# => disabled = member.raw() == "true",
                    _ => {}
                }
            }
            if let (Some(name), Some(value), false) = (name, value, disabled) {
                headers.push(Header { name, value });
            }
        }
        headers
    }

    /// Reads the requests of a v1 collection.
    fn flat(&mut self, collection: Value<'t>) {
        self.variables.enter(collection.get("variables"));
        let Some(requests) = collection.get("requests") else { return };
        for value in requests.items() {
            let url = value.get("url").and_then(|url| self.source.passage(url));
            let Some(url) = url.filter(|url| !url.is_empty()) else { continue };
            let url = self.variables.resolve_url(url);
            let method = value.get("method").and_then(|method| self.source.passage(method));
            let headers = value.get("headers").map(|headers| self.headers(headers)).unwrap_or_default();
            let payload = match body::read_flat(self.source, value) {
                body::Body::Absent => Payload::Absent,
                body::Body::Opaque => Payload::Opaque,
                body::Body::Text { text, .. } => Payload::Text(self.variables.resolve(text)),
            };
            let method = Some(method.unwrap_or_else(|| self.get(value)));
            self.give(&Request {
                place: self.source.place(value),
                method,
                url: Some(url),
                headers,
                scopes: Vec::new(),
                unexpanded: Vec::new(),
                templates: None,
                is_sample: false,
                payload,
            });
        }
        self.variables.leave();
    }
}

/// What tells a request from another: its method, URL and body.
fn identity<'r>(request: &'r Request<'_>) -> [Option<&'r str>; 3] {
    let body = match &request.payload {
        Payload::Text(text) => Some(text.as_str().trim()),
        _ => None,
    };
    let said = |part: &'r Option<Passage<'_>>| part.as_ref().map(Passage::as_str);
    [said(&request.method), said(&request.url), body]
}

/// Headers as one text: `name: value`, one a line.
fn header_lines<'t>(lines: &Passage<'t>) -> Vec<Header<'t>> {
    let mut headers = Vec::new();
    let mut start = 0;
    for line in lines.as_str().split_inclusive('\n') {
        let end = start + line.len();
        // A line that is commented out is not sent.
        if let Some(colon) = line.find(':').filter(|_| !line.trim_start().starts_with("//")) {
            let name = lines.piece(Span::from_usize(start, start + colon)).trimmed();
            let value = lines.piece(Span::from_usize(start + colon + 1, end)).trimmed();
            headers.push(Header { name, value });
        }
        start = end;
    }
    headers
}

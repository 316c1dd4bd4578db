//! JSON files: a bare body, an envelope around one, or an array of envelopes.

use crate::api::{self, edit_distance};
use crate::carrier::Skip;
use crate::json::{Document, Kind, Value};
use crate::request::{Body, Request, Text, is_map_alias};
use crate::text::Span;

/// What a text may be taken for that does not show what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assume {
    /// A body: the user named the file, or its path is mapped to an operation.
    Body,
    /// Nothing: the file was met on a walk.
    Nothing,
}

/// Yields the requests of a document, in its order; says why there are none.
///
/// # Errors
///
/// The reason for which the document holds no request.
pub fn requests<'a>(
    document: &'a Document<'a>,
    assume: Assume,
    mut each: impl FnMut(&Request<'a>),
) -> Result<(), Skip> {
    let Some(root) = document.root() else {
        return if assume == Assume::Body { Ok(()) } else { Err(Skip::NotRecognised) };
    };
    if let Some(request) = envelope(root) {
        each(&request);
        return Ok(());
    }
    if root.kind() == Kind::Array && root.items().any(|item| envelope(item).is_some()) {
        for item in root.items() {
            each(&envelope(item).unwrap_or_else(|| bare(item)));
        }
        return Ok(());
    }
    if assume == Assume::Body || is_body(root) {
        each(&bare(root));
        return Ok(());
    }
    Err(Skip::NotRecognised)
}

fn bare(body: Value<'_>) -> Request<'_> {
    Request {
        document: body.document(),
        whole: body,
        method: None,
        url: None,
        headers: None,
        scopes: Vec::new(),
        body: if body.is_unknown() { Body::Opaque } else { Body::Json(body) },
    }
}

/// Reads an object as an envelope, if it is one: it says where it goes, in a string.
fn envelope(value: Value<'_>) -> Option<Request<'_>> {
    if value.kind() != Kind::Object {
        return None;
    }
    let mut parts = Parts::default();
    for (key, member) in value.members() {
        parts.take(&key.as_str()?, member);
    }
    let line = parts.line.and_then(Text::of).and_then(|line| request_line(&line));
    let (method, url) = match line {
        Some((method, url)) => (Some(method), Some(url)),
        None => (parts.method.and_then(Text::of), parts.url.and_then(Text::of)),
    };
    let url = url?;
    let path = url.as_str().contains('/');
    if !path || (method.is_none() && parts.body.is_none() && !url.as_str().contains("conversations")) {
        return None;
    }
    let body = match parts.body {
        None => Body::Absent,
        // A string may be the body's JSON, serialised: not a fault, and not looked into here.
        Some(body) if body.is_unknown() || body.kind() == Kind::String => Body::Opaque,
        Some(body) => Body::Json(body),
    };
    Some(Request {
        document: value.document(),
        whole: value,
        method,
        url: Some(url),
        headers: parts.headers,
        scopes: parts.scopes,
        body,
    })
}

/// The members of an envelope, by what they mean.
#[derive(Default)]
struct Parts<'a> {
    method: Option<Value<'a>>,
    url: Option<Value<'a>>,
    line: Option<Value<'a>>,
    headers: Option<Value<'a>>,
    body: Option<Value<'a>>,
    scopes: Vec<Value<'a>>,
}

impl<'a> Parts<'a> {
    fn take(&mut self, name: &str, value: Value<'a>) {
        // Most members are a body's own, and are told by their first letter.
        let first = name.bytes().next().unwrap_or_default().to_ascii_lowercase();
        if !matches!(first, b'b' | b'e' | b'h' | b'm' | b'p' | b'r' | b's' | b'u') {
            return;
        }
        let is = |names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
        if is(&["url", "path", "endpoint", "uri"]) && value.kind() == Kind::String {
            self.url = self.url.or(Some(value));
        } else if is(&["method", "httpMethod", "requestType"]) {
            self.method = Some(value);
        } else if is(&["request"]) && value.kind() == Kind::String {
            self.line = Some(value);
        } else if is(&["headers"]) {
            self.headers = Some(value);
        } else if is(&["body", "payload"]) {
            self.body = Some(value);
        } else if is(&["scope", "scopes", "permission", "permissions", "requiredScopes"]) {
            self.scopes.push(value);
        }
    }
}

/// `PATCH /api/v2/…`: method and path.
fn request_line<'a>(line: &Text<'a>) -> Option<(Text<'a>, Text<'a>)> {
    let text = line.as_str();
    let start = text.len() - text.trim_start().len();
    let method = text[start..].split_whitespace().next()?;
    let after = start + method.len();
    let url = after + (text[after..].len() - text[after..].trim_start().len());
    let end = url + text[url..].split_whitespace().next()?.len();
    let is_method = method.len() < 8 && method.bytes().all(|byte| byte.is_ascii_alphabetic());
    (is_method && text[url..end].contains('/'))
        .then(|| (line.piece(Span::from_usize(start, after)), line.piece(Span::from_usize(url, end))))
}

/// Whether an object met on a walk is a participant body, by its members: at least as many are
/// known as are not, and what is known is telling.
fn is_body(value: Value<'_>) -> bool {
    if value.kind() != Kind::Object {
        return false;
    }
    let (mut telling, mut weak, mut strange) = (0, 0, 0);
    for (key, member) in value.members() {
        let name = key.as_str().unwrap_or_default();
        match name.as_ref() {
            "attributes" if matches!(member.kind(), Kind::Object | Kind::Null | Kind::Array) => telling += 1,
            "state" if names_state(member) => telling += 1,
            "wrapup" | "wrapupSkipped" | "resumeTime" | "held" | "muted" | "confined" => telling += 1,
            "state" | "recording" | "attributes" => weak += 1,
            name if is_map_alias(name, member) => telling += 1,
            _ => strange += 1,
        }
    }
    let known = telling + weak;
    (telling > 0 && strange <= known) || (weak > 0 && strange == 0)
}

/// Whether a value is the name of a participant's state, or nearly.
fn names_state(value: Value<'_>) -> bool {
    const SETTABLE: [&str; 2] = ["connected", "disconnected"];
    value.kind() == Kind::String
        && value.as_str().is_some_and(|said| {
            states().any(|state| state.eq_ignore_ascii_case(&said))
                || SETTABLE.iter().any(|state| edit_distance(&said, state) <= 2)
        })
}

/// The states that the published model lists.
fn states() -> impl Iterator<Item = &'static str> {
    let shape = api::model("MediaParticipantRequest")
        .and_then(|model| model.schema.as_ref())
        .map(|schema| schema.shape);
    let properties = match shape {
        Some(api::Shape::Object { properties, .. }) => *properties,
        _ => &[],
    };
    let options = properties.iter().find_map(|(name, shape)| match shape {
        api::Shape::String { options, .. } if *name == "state" => Some(*options),
        _ => None,
    });
    options.unwrap_or_default().iter().copied()
}

//! The requests of a text, named and not checked.

use std::borrow::Cow;

use serde::Serialize;

use crate::carrier::Carrier;
use crate::lint::{self, Target};
use crate::report::json::{self, Point};
use crate::report::{Format, Summary, escaped};
use crate::text::{Before, LineIndex};

/// A text whose requests are to be named.
#[derive(Clone, Copy, Debug)]
pub struct Listed<'a> {
    /// Its file's path, as given or walked, with `/` between its parts. May hold anything.
    pub path: &'a str,
    /// What stands before this text in its file.
    pub before: Before,
    /// The text.
    pub text: &'a str,
    /// What it is.
    pub carrier: Carrier,
    /// Whether requests of the same file were named before.
    pub goes_on: bool,
}

#[derive(Serialize)]
struct Entry<'a> {
    path: &'a str,
    carrier: &'static str,
    start: Point,
    method: Option<Cow<'a, str>>,
    url: Option<&'a str>,
    operation: Option<&'static str>,
    model: Option<&'static str>,
}

impl Format {
    /// Writes what comes before all requests.
    pub fn begin_list(self, out: &mut Vec<u8>) {
        if self == Self::Json {
            out.extend_from_slice(br#"{"version":1,"requests":["#);
        }
    }

    /// Writes the requests of a text, of which there is one at least.
    pub fn requests(self, listed: &Listed<'_>, requests: &[lint::Listed], out: &mut Vec<u8>) {
        let index = LineIndex::new(listed.text, listed.before);
        let path = escaped(listed.path);
        let carrier = listed.carrier.name();
        if self == Self::Full && !listed.goes_on {
            let between = if out.is_empty() { "" } else { "\n" };
            out.extend_from_slice(format!("{between}{path} ({carrier})\n").as_bytes());
        }
        for request in requests {
            let position = index.position(request.place.start);
            let call = escaped(&call(request)).into_owned();
            let target = target(request.target);
            let line = match self {
                Self::Full => format!("  {:>4}  {call}\n        {target}\n", position.line),
                Self::Concise => {
                    format!("{path}:{}:{}: [{carrier}] {call} -> {target}\n", position.line, position.column)
                }
                Self::Json => {
                    if !out.is_empty() {
                        out.extend_from_slice(json::SEPARATOR);
                    }
                    json::write(&entry(request, listed.path, carrier, position.into()), out);
                    continue;
                }
            };
            out.extend_from_slice(line.as_bytes());
        }
    }

    /// Writes what comes after all requests.
    pub fn end_list(self, summary: &Summary, out: &mut Vec<u8>) {
        if self == Self::Json {
            json::end(summary, out);
        }
    }
}

fn entry<'a>(request: &'a lint::Listed, path: &'a str, carrier: &'static str, start: Point) -> Entry<'a> {
    let (operation, model) = match request.target {
        Target::Operation(operation) => (Some(operation.id), operation.model().map(|model| model.name)),
        Target::Model(name) => (None, Some(name)),
        Target::Nothing => (None, None),
    };
    let (method, url) = (request.method.as_deref().map(method), request.url.as_deref());
    Entry { path, carrier, start, method, url, operation, model }
}

/// A method as HTTP writes it, where it is one of its own; anything else as it is given.
fn method(said: &str) -> Cow<'_, str> {
    const METHODS: [&str; 9] =
        ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];
    let known = METHODS.into_iter().find(|method| method.eq_ignore_ascii_case(said.trim()));
    known.map_or(Cow::Borrowed(said), Cow::Borrowed)
}

/// A request as one would speak of it.
fn call(request: &lint::Listed) -> String {
    match (&request.method, &request.url) {
        (Some(said), Some(url)) => format!("{} {url}", method(said)),
        (None, Some(url)) => url.clone(),
        (_, None) => "a body alone".to_owned(),
    }
}

fn target(target: Target) -> String {
    match target {
        Target::Operation(operation) => operation.id.to_owned(),
        Target::Model(name) => format!("checked as {name}"),
        Target::Nothing => "no operation of the API".to_owned(),
    }
}

//! Blocks whose language is not named: what their text shows them to be.
//!
//! Answers, logs, sketches and lists of routes stand in such blocks more often than requests do. A block is
//! read only where its text can be nothing else, and what is doubtful in it is not judged.

use super::{Language, example};
use crate::carrier::Carrier;
use crate::request::{Payload, Request};
use crate::text::Passage;

/// Words of info strings that name no language.
pub(super) const WORDS: [&str; 5] = ["text", "txt", "plaintext", "plain", "none"];

/// What the URLs of all requests have that are read in such blocks.
pub(super) const PATH: &str = "/api/v2/conversations";

/// What a block may be read as, by how it begins.
pub(super) fn carrier_of(text: &str) -> Option<Carrier> {
    if !text.contains(PATH) {
        return None;
    }
    if text.trim_start().starts_with(['{', '[']) {
        return Some(Carrier::Json);
    }
    let mut lines = text.lines().map(str::trim).skip_while(|line| line.is_empty() || line.starts_with('#'));
    let first = lines.next()?;
    if first.strip_prefix("$ ").unwrap_or(first).trim_start().starts_with("curl ") {
        return Some(Carrier::Curl);
    }
    (is_request_line(first) && lines.next().is_none_or(may_follow)).then_some(Carrier::Http)
}

/// `PATCH /api/v2/conversations/… HTTP/1.1`, and nothing besides.
fn is_request_line(line: &str) -> bool {
    const METHODS: [&str; 5] = ["PATCH", "POST", "PUT", "DELETE", "GET"];
    let mut words = line.split_whitespace();
    let is_method = words.next().is_some_and(|word| METHODS.contains(&word));
    let is_target = words.next().is_some_and(|target| {
        let begins = [PATH, "https://", "http://", "{{"].iter().any(|start| target.starts_with(start));
        begins && target.contains(PATH) && !target.contains("...") && !target.contains('…')
    });
    let is_version = words.next().is_none_or(|word| word.starts_with("HTTP/"));
    is_method && is_target && is_version && words.next().is_none()
}

/// Whether a line may stand below a request line, where that is not one of a list and no prose is about
/// it.
fn may_follow(line: &str) -> bool {
    let is_header = line.split_once(':').is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    });
    line.is_empty() || is_header || line.starts_with(['?', '&', '#', '{', '['])
}

/// Whether a request out of such a block is one for certain.
pub(super) fn is_request(request: &Request<'_>, speaks_of_platform: bool) -> bool {
    let Some(url) = request.url.as_ref().map(Passage::as_str) else { return false };
    let is_sent = request.method.is_some() || matches!(request.payload, Payload::Text(_));
    request.templates.is_some() || (speaks_of_platform && is_sent && url.contains(PATH))
}

/// Whether what a request out of such a block seems to send may be something else that stands below it.
pub(super) fn is_doubtful(request: &Request<'_>, language: Language) -> bool {
    // A shell's quotes and a data action's members say what is sent.
    let is_marked = language == Language::Other(Carrier::Curl) || request.templates.is_some();
    match &request.payload {
        Payload::Text(body) => !is_marked && !example::is_body(body),
        _ => false,
    }
}

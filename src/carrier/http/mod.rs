//! HTTP files: requests as they go over the wire, for an editor to send.
//!
//! Two dialects that differ in little: that of the REST Client for VS Code, and that of the HTTP
//! client in `JetBrains`' editors.

mod variables;

use crate::carrier::{Skip, curl, may_be_json, names_conversations};
use crate::request::{Header, Payload, Request};
use crate::text::{Passage, Span};

use variables::Variables;

/// Yields the requests of an HTTP file, in its order.
///
/// # Errors
///
/// The reason for which there are none.
pub(super) fn requests(text: &Passage<'_>, each: &mut dyn FnMut(&Request<'_>)) -> Result<(), Skip> {
    let file = text.as_str();
    if !names_conversations(file) {
        return Err(Skip::NoRequest);
    }
    let lines = Lines::of(file);
    let variables = Variables::of(text, &lines.0);
    let mut found = false;
    for block in lines.blocks(file) {
        let block = Block { text, lines: block, variables: &variables };
        found |= block.request(each).is_some();
    }
    if found { Ok(()) } else { Err(Skip::NoRequest) }
}

/// The lines of a text, each without its end.
struct Lines(Vec<Span>);

impl Lines {
    fn of(text: &str) -> Self {
        let mut lines = Vec::new();
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]) {
            let line = text[start..end].strip_suffix('\r').unwrap_or(&text[start..end]);
            lines.push(Span::from_usize(start, start + line.len()));
            start = end + 1;
        }
        Self(lines)
    }

    /// The lines of each request: those between two that begin with `###`.
    fn blocks<'l>(&'l self, text: &'l str) -> impl Iterator<Item = &'l [Span]> {
        self.0.split(|line| line.slice(text).starts_with("###"))
    }
}

/// What stands between two separators.
struct Block<'b, 't> {
    text: &'b Passage<'t>,
    lines: &'b [Span],
    variables: &'b Variables<'b>,
}

impl Block<'_, '_> {
    fn line(&self, index: usize) -> &str {
        self.lines.get(index).map_or("", |line| line.slice(self.text.as_str()))
    }

    /// Yields the request of the block, if it has one.
    fn request(&self, each: &mut dyn FnMut(&Request<'_>)) -> Option<()> {
        let (first, line) = self.request_line()?;
        if self.line(first).trim_start().starts_with("curl ") {
            let rest = self.lines[first].join(*self.lines.last()?);
            return curl::requests(&self.text.piece(rest), each).ok();
        }
        let mut at = first + 1;
        let mut target = vec![line.target];
        while let Some(more) = self.more_of_target(at) {
            target.push(more);
            at += 1;
        }
        if let Some(last) = target.last_mut() {
            *last = without_version(*last, self.text.as_str());
        }
        let target = target.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        let start = target.first()?.start;
        let method = if let Some(method) = line.method {
            self.text.piece(method)
        } else {
            // A request without a method reads.
            let mut method = self.text.rewrite();
            method.put_value("GET", Span::new(start, target.last()?.end));
            method.finish(None)
        };
        let (headers, well_formed, body) = self.headers(at);
        let url = self.url(&target, &headers);
        let payload = match self.payload(body) {
            Payload::Text(_) if !may_be_json(&headers) => Payload::Opaque,
            Payload::Absent if !well_formed => Payload::Opaque,
            payload => payload,
        };
        let place = self.text.span_of(Span::new(line.method.map_or(start, |method| method.start), start));
        each(&Request {
            place: Span::empty(place.start),
            method: Some(method),
            url: Some(url),
            headers,
            scopes: Vec::new(),
            unexpanded: Vec::new(),
            templates: None,
            is_sample: false,
            payload,
        });
        Some(())
    }

    /// The first line that is a request's, and its number.
    fn request_line(&self) -> Option<(usize, RequestLine)> {
        let mut script = false;
        for (index, line) in self.lines.iter().enumerate() {
            let said = line.slice(self.text.as_str()).trim();
            if script {
                script = !said.ends_with("%}");
            } else if said.starts_with("HTTP/") {
                // What follows is the answer to a request.
                return None;
            } else if said.starts_with('<') {
                script = said.contains("{%") && !said.contains("%}");
            } else if !said.is_empty() && !is_comment(said) && variables::definition(said).is_none() {
                if let Some(found) = RequestLine::of(*line, self.text.as_str()) {
                    return Some((index, found));
                }
                if said.starts_with("curl ") {
                    return Some((index, RequestLine { method: None, target: *line }));
                }
            }
        }
        None
    }

    /// A line on which the target of the request goes on.
    fn more_of_target(&self, index: usize) -> Option<Span> {
        let line = self.lines.get(index)?;
        let said = self.line(index);
        let inner = said.trim();
        let query = inner.starts_with(['?', '&']);
        let indented = said.starts_with([' ', '\t']) && !inner.is_empty();
        let is_body =
            inner.starts_with(['"', '<', '[', '}']) || (inner.starts_with('{') && !inner.starts_with("{{"));
        let is_other = is_body || is_comment(inner) || header(*line, self.text.as_str()).is_some();
        let goes_on = query || (indented && !is_other);
        goes_on.then(|| trimmed(*line, self.text.as_str()))
    }

    /// The headers from a line on, whether all of them are such, and the line that the body begins at.
    fn headers(&self, from: usize) -> (Vec<Header<'_>>, bool, usize) {
        let mut headers = Vec::new();
        let mut well_formed = true;
        let mut at = from;
        while let Some(line) = self.lines.get(at) {
            at += 1;
            let said = line.slice(self.text.as_str()).trim();
            if said.is_empty() {
                break;
            }
            if ends_body(said) {
                at -= 1;
                break;
            }
            if is_comment(said) || variables::definition(said).is_some() {
                continue;
            }
            match header(*line, self.text.as_str()) {
                Some((name, value)) => headers
                    .push(Header { name: self.text.piece(name), value: self.variables.resolved(&[value]) }),
                // A body without the empty line before it, most likely.
                None => well_formed &= !said.starts_with(['{', '[', '<', '"']),
            }
        }
        (headers, well_formed, at)
    }

    /// The URL: the parts of the target, after the host that a header names where they name none.
    fn url(&self, target: &[Span], headers: &[Header<'_>]) -> Passage<'static> {
        let url = self.variables.resolved(target);
        let host = headers.iter().find(|header| header.name.as_str().eq_ignore_ascii_case("host"));
        let Some(host) = host.filter(|host| url.as_str().starts_with('/') && !host.value.is_empty()) else {
            return url;
        };
        let mut whole = host.value.rewrite();
        let all = |text: &Passage<'_>| Span::from_usize(0, text.as_str().len());
        whole.put("https://", Span::empty(0));
        whole.copy(all(&host.value));
        whole.append(&url);
        whole.finish(None)
    }

    /// What is sent: the lines from a number on, comments left out.
    fn payload(&self, from: usize) -> Payload<'static> {
        let text = self.text.as_str();
        let lines = self.lines.get(from..).unwrap_or_default();
        let lines = lines.iter().take_while(|line| !ends_body(line.slice(text)));
        let mut parts: Vec<Span> = Vec::new();
        let mut open = false;
        for line in lines {
            let said = line.slice(text).trim_start();
            if is_comment(said) || variables::definition(said).is_some() {
                open = false;
                continue;
            }
            match parts.last_mut() {
                Some(last) if open => *last = last.join(*line),
                _ => parts.push(*line),
            }
            open = true;
            // The end of the line is part of the body.
            let next = line.end as usize;
            let end = if text[next..].starts_with("\r\n") { 2 } else { 1 };
            if let Some(last) = parts.last_mut() {
                last.end = last.end.max(Span::from_usize(0, (next + end).min(text.len())).end);
            }
        }
        let is_blank = |part: &Span| part.slice(text).trim().is_empty();
        while parts.last().is_some_and(is_blank) {
            parts.pop();
        }
        parts.drain(..parts.iter().take_while(|part| is_blank(part)).count());
        let Some((first, last)) = parts.first().zip(parts.last()) else { return Payload::Absent };
        let all = text.get(first.start as usize..last.end as usize).unwrap_or_default();
        if let Some(name) = file_name(*first, text) {
            return if all.trim().contains('\n') {
                Payload::Opaque
            } else {
                Payload::File(self.variables.resolved(&[name]))
            };
        }
        if all.lines().any(|line| line.starts_with("< ") || line.starts_with("<@")) {
            return Payload::Opaque;
        }
        if let Some(last) = parts.last_mut() {
            let len = last.slice(text).trim_end().len();
            *last = Span::from_usize(last.start as usize, last.start as usize + len);
        }
        Payload::Text(self.variables.resolved(&parts))
    }
}

/// `PATCH https://… HTTP/1.1`, or the URL alone.
struct RequestLine {
    method: Option<Span>,
    target: Span,
}

impl RequestLine {
    fn of(line: Span, text: &str) -> Option<Self> {
        const METHODS: [&str; 9] =
            ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "CONNECT", "TRACE"];
        let all = trimmed(line, text);
        let said = all.slice(text);
        let is_url = |said: &str| {
            said.starts_with('/') || said.starts_with("{{") || said.contains("://") || said.contains("/api/")
        };
        let first = said.find([' ', '\t']).unwrap_or(said.len());
        let word = &said[..first];
        let rest = said[first..].trim_start();
        let known = METHODS.iter().any(|method| method.eq_ignore_ascii_case(word));
        let shouted = (3..10).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_uppercase());
        if !rest.is_empty() && (known || (shouted && is_url(rest))) {
            let method = Span::from_usize(all.start as usize, all.start as usize + first);
            let target = Span::from_usize(all.end as usize - rest.len(), all.end as usize);
            return Some(Self { method: Some(method), target });
        }
        let bare = said.starts_with('/') || said.starts_with("{{") || said.starts_with("http");
        (bare && is_url(said)).then_some(Self { method: None, target: all })
    }
}

fn trimmed(line: Span, text: &str) -> Span {
    let said = line.slice(text);
    let start = line.start as usize + (said.len() - said.trim_start().len());
    Span::from_usize(start, start + said.trim().len())
}

/// A target without ` HTTP/1.1` at its end.
fn without_version(target: Span, text: &str) -> Span {
    let said = target.slice(text);
    let Some(at) = said.rfind([' ', '\t']) else { return target };
    let is_version = said[at + 1..].get(..5).is_some_and(|start| start.eq_ignore_ascii_case("HTTP/"));
    if !is_version {
        return target;
    }
    Span::from_usize(target.start as usize, target.start as usize + said[..at].trim_end().len())
}

fn is_comment(line: &str) -> bool {
    line.starts_with('#') || line.starts_with("//")
}

/// Whether a line begins what is done with the answer, a script or where it is kept, or the answer itself.
fn ends_body(line: &str) -> bool {
    let is_answer = |rest: &str| rest.starts_with(|first: char| first.is_ascii_digit());
    line.starts_with('>') || line.starts_with("<>") || line.strip_prefix("HTTP/").is_some_and(is_answer)
}

/// The name and the value of a header.
fn header(line: Span, text: &str) -> Option<(Span, Span)> {
    let all = trimmed(line, text);
    let said = all.slice(text);
    let colon = said.find(':')?;
    let name = said[..colon].trim_end();
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || !name.bytes().all(is_token) || said[colon..].starts_with("://") {
        return None;
    }
    let start = all.start as usize;
    let value = said[colon + 1..].trim_start();
    let name = Span::from_usize(start, start + name.len());
    Some((name, Span::from_usize(start + said.len() - value.len(), start + said.len())))
}

/// The name in `< name` and `<@utf8 name`.
fn file_name(part: Span, text: &str) -> Option<Span> {
    let said = part.slice(text);
    let rest = said.strip_prefix('<')?;
    let rest = rest
        .strip_prefix('@')
        .map_or(rest, |rest| rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric()));
    if !rest.starts_with([' ', '\t']) {
        return None;
    }
    let line = rest.lines().next().unwrap_or_default();
    let start = part.start as usize + (said.len() - rest.len());
    let name = trimmed(Span::from_usize(start, start + line.len()), text);
    (!name.is_empty()).then_some(name)
}

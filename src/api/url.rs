//! What a URL, as written in a request, says of where it goes.

use crate::api::REGIONS;
use crate::json::holds_placeholder;
use crate::text::Span;

/// A URL taken apart. Ranges count bytes of the text that was given.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// `https`, `http`, where there is one.
    pub scheme: Option<Span>,
    /// The host and port, where there is one.
    pub host: Option<Span>,
    /// The path, without query and fragment.
    pub path: Span,
    /// The segments of the path after `/api/v2`, or after whatever stands in its place.
    pub parts: Vec<Part>,
    /// Whether `/api/v2` stands before them, or may, in a placeholder.
    pub versioned: bool,
    /// What answers there.
    pub reach: Reach,
}

/// One segment of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its bytes in the URL.
    pub span: Span,
    /// What it says.
    pub text: String,
    /// Whether it is filled in when the request is sent.
    pub template: bool,
}

/// What a URL leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The API's conversations, or something so like them that they must be meant.
    Conversations,
    /// Another part of the API: not this tool's matter.
    OtherApi,
    /// Somewhere else.
    Foreign,
}

/// What a host is to the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    /// The API of a region.
    Api,
    /// The login server of a region, which issues tokens.
    Login,
    /// The web application of a region.
    Apps,
    /// A region's domain with another name before it, or none.
    OfRegion,
    /// Looks like the platform's, but is no region's.
    UnknownRegion,
    /// Not known when the request is written.
    Template,
    /// Another's.
    Foreign,
}

/// What a host is, and the domain of the region it belongs to.
#[must_use]
pub fn classify(host: &str) -> (Host, Option<&'static str>) {
    if is_template(host) {
        return (Host::Template, None);
    }
    let name = host.split(':').next().unwrap_or(host).trim_end_matches('.').to_ascii_lowercase();
    for (_, domain) in REGIONS {
        if let Some(prefix) = name.strip_suffix(domain) {
            let kind = match prefix {
                "api." => Host::Api,
                "login." => Host::Login,
                "apps." => Host::Apps,
                _ if prefix.is_empty() || prefix.ends_with('.') => Host::OfRegion,
                _ => continue,
            };
            return (kind, Some(domain));
        }
    }
    let like = ["mypurecloud", "pure.cloud", "purecloud", "genesys.cloud", "genesyscloud"];
    if like.iter().any(|mark| name.contains(mark)) {
        return (Host::UnknownRegion, None);
    }
    (Host::Foreign, None)
}

impl Endpoint {
    /// Takes a URL or a path apart. Any text gives something; what is no address of the API is
    /// [`Reach::Foreign`].
    #[must_use]
    pub fn parse(url: &str) -> Self {
        let (scheme, host, path) = split(url);
        let all = segments(url, path);
        let known = host.map_or(Host::Template, |host| classify(host.slice(url)).0);
        let (skip, versioned) = prefix(&all, host.is_some());
        let parts = all[skip..].to_vec();
        let reach = reach(known, host.is_some(), versioned, &parts);
        Self { scheme, host, path, parts, versioned, reach }
    }

    /// Where the segments are written, `/api/v2` left out.
    #[must_use]
    pub fn parts_span(&self) -> Span {
        match (self.parts.first(), self.parts.last()) {
            (Some(first), Some(last)) => first.span.join(last.span),
            _ => self.path,
        }
    }
}

/// Scheme, host and path of a URL.
fn split(url: &str) -> (Option<Span>, Option<Span>, Span) {
    let end = url.find(['?', '#']).filter(|at| !is_inside_placeholder(url, *at)).unwrap_or(url.len());
    let (scheme, rest) = match url[..end].find("://") {
        Some(at) if at > 0 => (Some(Span::from_usize(0, at)), at + 3),
        _ => (None, 0),
    };
    if scheme.is_none() && (url.starts_with('/') || !looks_like_host(&url[..end])) {
        return (None, None, Span::from_usize(0, end));
    }
    let host_end = slash(&url[..end], rest);
    (scheme, Some(Span::from_usize(rest, host_end)), Span::from_usize(host_end, end))
}

/// Whether a text without a scheme begins with a host name.
fn looks_like_host(url: &str) -> bool {
    let first = url.split('/').next().unwrap_or(url);
    is_template(first) || (first.contains('.') && !first.contains(' '))
}

/// The first slash from an offset on that is no part of a placeholder.
fn slash(text: &str, from: usize) -> usize {
    let mut at = from;
    while let Some(found) = text[at..].find('/') {
        if !is_inside_placeholder(text, at + found) {
            return at + found;
        }
        at += found + 1;
    }
    text.len()
}

/// Whether a `{` that opened before an offset is still open there.
fn is_inside_placeholder(text: &str, at: usize) -> bool {
    let before = &text[..at];
    let count = |bracket: char| before.matches(bracket).count();
    (count('{') > count('}') && text[at..].contains('}'))
        || (count('(') > count(')') && text[at..].contains(')'))
}

fn segments(url: &str, path: Span) -> Vec<Part> {
    let mut parts = Vec::new();
    let end = path.end as usize;
    let mut start = path.start as usize;
    if url[start..end].starts_with('/') {
        start += 1;
    }
    while start < end {
        let next = slash(&url[..end], start);
        let text = &url[start..next];
        parts.push(Part {
            span: Span::from_usize(start, next),
            text: text.to_owned(),
            template: is_template(text),
        });
        start = next + 1;
        if start == end && next < end {
            // One slash at the end means nothing.
            break;
        }
    }
    parts
}

/// Whether a segment or host is filled in when the request is sent.
#[must_use]
fn is_template(text: &str) -> bool {
    let named = |mark: char| {
        text.strip_prefix(mark).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()))
    };
    named(':') || (text.contains('{') && text.contains('}')) || holds_placeholder(text) || text == "%s"
}

/// How many segments stand before those that the catalogue knows, and whether `/api/v2` is, or may
/// be, among them.
fn prefix(all: &[Part], has_host: bool) -> (usize, bool) {
    let conversations = |at: usize| all.get(at).is_some_and(|part| part.text == "conversations");
    for (at, pair) in all.windows(2).enumerate().take(3) {
        if pair[0].text.eq_ignore_ascii_case("api") && pair[1].text.eq_ignore_ascii_case("v2") {
            return (at + 2, true);
        }
    }
    // `{{baseUrl}}/conversations/…`: the placeholder may hold it.
    if all.first().is_some_and(|part| part.template) && conversations(1) {
        return (1, true);
    }
    if has_host && conversations(0) {
        return (0, false);
    }
    let skip = all.iter().take(3).position(|part| part.text == "conversations").unwrap_or(0);
    (skip, false)
}

fn reach(host: Host, has_host: bool, versioned: bool, parts: &[Part]) -> Reach {
    if has_host && host == Host::Foreign {
        return Reach::Foreign;
    }
    let ours = host != Host::Template;
    let Some(first) = parts.first() else {
        return if versioned || ours { Reach::OtherApi } else { Reach::Foreign };
    };
    if first.text == "conversations" {
        let enough = versioned || ours || parts.iter().any(|part| part.text == "participants");
        return if enough { Reach::Conversations } else { Reach::Foreign };
    }
    let alike = !first.template && crate::api::edit_distance(&first.text, "conversations") <= 3;
    let participant = parts.iter().any(|part| part.text.eq_ignore_ascii_case("participants"));
    if (versioned || ours) && (alike || participant) {
        return Reach::Conversations;
    }
    if versioned || ours { Reach::OtherApi } else { Reach::Foreign }
}

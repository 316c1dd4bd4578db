//! What a URL, as written in a request, says of where it goes.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::api::{REGIONS, edit_distance, is_uuid, words};
use crate::json::holds_placeholder;
use crate::text::Span;

/// A URL taken apart. Ranges count bytes of the text that was given.
#[derive(Clone, Debug)]
pub struct Endpoint<'u> {
    /// `https`, `http`, where there is one.
    pub scheme: Option<Span>,
    /// The host and port, where there is one.
    pub host: Option<Span>,
    /// What that host is to the API; [`Host::Template`] where there is none.
    pub kind: Host,
    /// The path, without query and fragment.
    pub path: Span,
    /// What stands before the parts, `api/v2` where all is well.
    pub prefix: Span,
    /// The segments of the path after `/api/v2`, or after whatever stands in its place.
    pub parts: Vec<Part<'u>>,
    /// Whether `/api/v2` stands before them, or may, in a placeholder or a base.
    pub versioned: bool,
    /// Whether it is said, and not only likely, that this is the platform: by the host or by
    /// `/api/v2`.
    pub certain: bool,
    /// What answers there.
    pub reach: Reach,
}

/// One segment of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part<'u> {
    /// Its bytes in the URL.
    pub span: Span,
    /// What it says.
    pub text: &'u str,
    /// Whether it is filled in when the request is sent.
    pub template: bool,
    /// Whether that will be an id, by its name: it stands for no literal.
    pub named_id: bool,
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
    /// Another's, which stands for the API, as the team says.
    Proxy,
}

/// What a host is, and the domain of the region it belongs to.
#[must_use]
pub fn classify(host: &str) -> (Host, Option<&'static str>) {
    let name = name_of(host);
    if is_template(name) {
        return (if is_elsewhere(name) { Host::Foreign } else { Host::Template }, None);
    }
    for (_, domain) in REGIONS {
        let Some(prefix) = strip_suffix(name, domain) else { continue };
        let is = |label: &str| prefix.eq_ignore_ascii_case(label);
        let kind = match prefix {
            _ if is("api.") => Host::Api,
            _ if is("login.") => Host::Login,
            _ if is("apps.") => Host::Apps,
            _ if prefix.is_empty() || prefix.ends_with('.') => Host::OfRegion,
            _ => continue,
        };
        return (kind, Some(domain));
    }
    (if is_like_the_platform(name) { Host::UnknownRegion } else { Host::Foreign }, None)
}

/// A host without user, port and closing dot.
#[must_use]
pub fn name_of(host: &str) -> &str {
    let name = memchr::memrchr(b'@', host.as_bytes()).map_or(host, |at| &host[at + 1..]);
    if memchr::memchr(b':', name.as_bytes()).is_none() {
        return name.trim_end_matches('.');
    }
    // A colon may be part of a placeholder: `${HOST:-localhost}`.
    let mut depth = 0_u32;
    let port = name.bytes().position(|byte| {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        byte == b':' && depth == 0
    });
    let port = port.filter(|port| *port > 0);
    name[..port.unwrap_or(name.len())].trim_end_matches('.')
}

/// Whether a host that begins with a placeholder ends in a domain that no region's does.
fn is_elsewhere(name: &str) -> bool {
    let after_name = |name: &str| name.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    let end = match name.rfind(['}', '>', ')', '%', '$']) {
        Some(at) if name[at..].starts_with('$') => {
            at + 1 + after_name(&name[at + 1..]).unwrap_or(name.len() - at - 1)
        }
        Some(at) => at + 1,
        None => return false,
    };
    let tail = name[end..].to_ascii_lowercase();
    tail.len() > 1
        && tail.starts_with('.')
        && !REGIONS.iter().any(|(_, domain)| format!(".{domain}").ends_with(&tail))
        && !is_like_the_platform(tail.trim_start_matches('.'))
}

/// Whether a host is one of those that are named, or under a domain that is.
fn is_among(name: &str, hosts: &[String]) -> bool {
    hosts.iter().any(|host| match host.strip_prefix('*') {
        Some(domain) => strip_suffix(name, domain).is_some_and(|rest| !rest.is_empty()),
        None => name.eq_ignore_ascii_case(host),
    })
}

fn strip_suffix<'h>(name: &'h str, domain: &str) -> Option<&'h str> {
    let at = name.len().checked_sub(domain.len())?;
    let end = &name.as_bytes()[at..];
    // Most domains end in another letter.
    let may_be = end.last().map(u8::to_ascii_lowercase) == domain.bytes().last();
    (may_be && end.eq_ignore_ascii_case(domain.as_bytes())).then(|| name.get(..at))?
}

/// Whether a host is under a domain of the platform's, or what looks like one: a company's own
/// proxy that merely has the product in its name is not.
fn is_like_the_platform(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let labels: Vec<_> = name.split('.').collect();
    if let [.., owner, "cloud"] = labels[..]
        && (owner == "pure" || owner.ends_with("-pure") || owner == "genesys")
    {
        return true;
    }
    (0..labels.len()).any(|at| {
        let top = &labels[at + 1..];
        let is_top = matches!(top.len(), 1 | 2) && top.iter().all(|label| label.len() <= 5);
        let label = labels[at];
        is_top
            && (matches!(label, "purecloud" | "genesyscloud")
                || (label.len() >= 9 && edit_distance(label, "mypurecloud") <= 2 && label != "purecloud"))
    })
}

impl<'u> Endpoint<'u> {
    /// Takes a URL or a path apart. Any text gives something; what is no address of the API is
    /// [`Reach::Foreign`].
    #[must_use]
    pub fn parse(url: &'u str) -> Self {
        Self::parse_among(url, &[])
    }

    /// The same, where hosts that are not the platform's stand for the API: names in lower case; after
    /// `*.`, any under a domain.
    #[must_use]
    pub fn parse_among(url: &'u str, proxies: &[String]) -> Self {
        let (scheme, host, path) = split(url);
        let mut parts = segments(url, path);
        let kind = host.map_or(Host::Template, |host| classify(host.slice(url)).0);
        let is_proxy = || host.is_some_and(|host| is_among(name_of(host.slice(url)), proxies));
        let kind = if kind == Host::Foreign && is_proxy() { Host::Proxy } else { kind };
        let base = match host {
            Some(_) if matches!(kind, Host::Template | Host::Proxy) => Base::Template,
            Some(_) => Base::Host,
            None if path.slice(url).starts_with('/') => Base::None,
            None => Base::Relative,
        };
        let prefix = Prefix::of(&parts, base);
        let certain = prefix.written || base == Base::Host || kind == Host::Proxy;
        let start = parts.first().map_or(path.start, |part| part.span.start);
        let end =
            prefix.len.checked_sub(1).and_then(|last| parts.get(last)).map_or(start, |part| part.span.end);
        parts.drain(..prefix.len);
        let reach = reach(kind, certain, &parts);
        Self {
            scheme,
            host,
            kind,
            path,
            prefix: Span::new(start, end),
            parts,
            versioned: prefix.right,
            certain,
            reach,
        }
    }

    /// What it is of an equal text.
    #[must_use]
    pub(crate) fn of_equal<'v>(&self, url: &'v str) -> Endpoint<'v> {
        self.with_texts(|span| span.slice(url))
    }

    /// The same without the texts of its parts, which can be given back by [`Endpoint::of_equal`].
    #[must_use]
    pub(crate) fn detached(&self) -> Endpoint<'static> {
        self.with_texts(|_| "")
    }

    fn with_texts<'v>(&self, text: impl Fn(Span) -> &'v str) -> Endpoint<'v> {
        let Self { scheme, host, kind, path, prefix, ref parts, versioned, certain, reach } = *self;
        let parts = parts.iter().map(|part| Part { text: text(part.span), ..*part }).collect();
        Endpoint { scheme, host, kind, path, prefix, parts, versioned, certain, reach }
    }

    /// Whether nothing is known of where it leads: it is all filled in later.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.kind == Host::Template
            && (self.host.is_some() || self.prefix.is_empty())
            && self.parts.iter().all(|part| part.template)
    }

    /// Where the segments are written, `/api/v2` left out.
    #[must_use]
    pub fn parts_span(&self) -> Span {
        match (self.parts.first(), self.parts.last()) {
            (Some(first), Some(last)) => first.span.join(last.span),
            _ => self.path,
        }
    }

    /// Whether the path speaks of conversations as only this API does. `/conversations/{id}` alone is
    /// what many others have too.
    #[must_use]
    pub fn is_telling(&self) -> bool {
        self.certain || self.is_telling_further_on()
    }

    /// Whether more than `/api/v2/conversations` says that the platform is meant, as others have that too:
    /// the host, or what follows in the path.
    #[must_use]
    pub fn names_platform(&self) -> bool {
        let participants = |part: &Part<'_>| is(part, "participants") || is(part, "participant");
        self.kind != Host::Template || self.parts.iter().any(participants) || self.is_telling_further_on()
    }

    fn is_telling_further_on(&self) -> bool {
        const TELLING: [&str; 6] =
            ["attributes", "communications", "wrapup", "wrapupcodes", "replace", "consult"];
        const MEDIA: [&str; 5] = ["calls", "callbacks", "emails", "cobrowsesessions", "screenshares"];
        self.parts.iter().any(|part| TELLING.contains(&part.text))
            || self.parts.get(1).is_some_and(|part| MEDIA.contains(&part.text))
    }
}

/// What a path is appended to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Base {
    /// A host that is known.
    Host,
    /// A placeholder, which may hold the first segments too.
    Template,
    /// Nothing: the path begins with a slash.
    None,
    /// Something that is not written, as the path begins without a slash.
    Relative,
}

/// The segments before those that the catalogue knows.
struct Prefix {
    len: usize,
    /// Whether they are `/api/v2`, or may be.
    right: bool,
    /// Whether `/api/v2` is written there.
    written: bool,
}

impl Prefix {
    fn of(all: &[Part<'_>], base: Base) -> Self {
        let pair = all.windows(2).take(4).position(|pair| is(&pair[0], "api") && is(&pair[1], "v2"));
        let mount = pair.unwrap_or(0);
        let len = mount + all[mount..].iter().take_while(|part| is_version(part.text)).count();
        let written = matches!(&all[mount..len], [api, v2] if api.text == "api" && v2.text == "v2");
        if pair.is_some() {
            // A proxy may have the API under a path of its own; the platform's own host has not.
            let mounted = base != Base::Host || all[..mount].iter().any(|part| part.template);
            return Self { len, right: written && (mount == 0 || mounted), written: true };
        }
        let base = match all {
            [first, second, ..] if first.template && second.text == "conversations" => {
                return Self { len: 1, right: true, written: false };
            }
            _ => base,
        };
        let right = match base {
            Base::Template | Base::Relative => {
                matches!(&all[..len], [])
                    || matches!(&all[..len], [v2] if v2.text == "v2" || v2.text.is_empty())
            }
            Base::Host | Base::None => false,
        };
        Self { len, right, written: false }
    }
}

fn is(part: &Part<'_>, text: &str) -> bool {
    part.text.eq_ignore_ascii_case(text)
}

/// `api`, a version, or nothing between two slashes.
fn is_version(text: &str) -> bool {
    let version = || {
        let digits = text.strip_prefix(['v', 'V'])?;
        Some(!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'))
    };
    text.is_empty() || text.eq_ignore_ascii_case("api") || version() == Some(true)
}

fn reach(kind: Host, certain: bool, parts: &[Part<'_>]) -> Reach {
    if kind == Host::Foreign {
        return Reach::Foreign;
    }
    let otherwise = if certain { Reach::OtherApi } else { Reach::Foreign };
    let Some(first) = parts.first() else { return otherwise };
    let participants =
        || parts.iter().any(|part| !part.template && (is(part, "participants") || is(part, "participant")));
    let meant = if first.text == "conversations" {
        certain || participants()
    } else {
        certain && (is_nearly(first, "conversations") || (participants() && begins_within(first)))
    };
    if meant { Reach::Conversations } else { otherwise }
}

/// Whether a URL may have [`Reach::Conversations`]. Never wrong when it says no, and sooner said than all
/// that [`Endpoint`] knows.
#[must_use]
pub fn may_reach_conversations(url: &str) -> bool {
    static FINDER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(WORD));
    const WORD: &str = "conversations";
    if FINDER.find(url.as_bytes()).is_some() {
        return true;
    }
    // As long as the words are, or nearly.
    let is_long_enough = |word: &str| (10..=16).contains(&word.len());
    let is = |word: &str, said: &str| word.eq_ignore_ascii_case(said);
    let meant = |word: &str| {
        is(word, WORD)
            || is(word, "participants")
            || is(word, "participant")
            // A placeholder is no other word's misspelling.
            || (!(word.contains('{') && word.contains('}')) && is_nearly_word(word, WORD))
    };
    let bytes = url.as_bytes();
    // Slashes in brackets do not part a path.
    if memchr::memchr2(b'(', b'<', bytes).is_some() {
        return true;
    }
    let mut start = 0;
    memchr::memchr3_iter(b'/', b'?', b'#', bytes).chain([bytes.len()]).any(|end| {
        let word = url[start..end].trim();
        start = end + 1;
        is_long_enough(word) && meant(word)
    })
}

fn is_nearly(part: &Part<'_>, word: &str) -> bool {
    !part.template && is_nearly_word(part.text, word)
}

fn is_nearly_word(text: &str, word: &str) -> bool {
    text.len().abs_diff(word.len()) <= 3 && edit_distance(text, word) <= 3
}

/// Whether a path may begin with this segment because `conversations` was left out before it.
fn begins_within(first: &Part<'_>) -> bool {
    first.template
        || is_uuid(first.text)
        || is_nearly(first, "participants")
        || words::channel(first.text).is_some()
        || words::is_media(first.text)
}

/// Scheme, host and path of a URL, blanks around it left out.
fn split(url: &str) -> (Option<Span>, Option<Span>, Span) {
    let start = url.len() - url.trim_start().len();
    let url = url.trim_end();
    if start >= url.len() {
        return (None, None, Span::from_usize(start.min(url.len()), url.len()));
    }
    let end = match memchr::memchr2(b'?', b'#', url.as_bytes()) {
        None => url.len(),
        Some(_) => find(url, start, |byte, next| byte == b'?' || (byte == b'#' && next != Some(b'{'))),
    };
    let url = &url[..end];
    // A scheme ends at the first slash, as does anything else.
    let first = memchr::memchr(b'/', &url.as_bytes()[start..]).map(|at| start + at);
    let (scheme, rest) = match first {
        Some(slash) if slash > start + 1 && url[..slash].ends_with(':') && url[slash..].starts_with("//") => {
            (Some(Span::from_usize(start, slash - 1)), slash + 2)
        }
        Some(slash) if slash == start && url[slash..].starts_with("//") => (None, start + 2),
        _ => (None, start),
    };
    let has_host = scheme.is_some() || (!url[rest..].starts_with('/') && looks_like_host(&url[rest..]));
    if !has_host {
        return (None, None, Span::from_usize(start, end));
    }
    let host_end = slash(url, rest);
    (scheme, Some(Span::from_usize(rest, host_end)), Span::from_usize(host_end, end))
}

/// Whether a text without a scheme begins with a host name.
fn looks_like_host(url: &str) -> bool {
    let first = &url[..slash(url, 0)];
    is_template(first) || (first.contains('.') && !first.contains(' '))
}

/// The first slash from an offset on that is no part of a placeholder; the end, if there is none.
fn slash(text: &str, from: usize) -> usize {
    find(text, from, |byte, _| byte == b'/')
}

/// The bytes that part a URL, and those that a placeholder's brackets begin with.
static MARKS: [bool; 256] = set_of(b"/?#{(<");

/// The bytes of which words and numbers are made, and names of hosts.
static PLAIN: [bool; 256] = set_of(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.");

const fn set_of(bytes: &[u8]) -> [bool; 256] {
    let mut set = [false; 256];
    let mut at = 0;
    while at < bytes.len() {
        set[bytes[at] as usize] = true;
        at += 1;
    }
    set
}

/// The first of [`MARKS`] from an offset on that is wanted and does not stand inside a bracket of a
/// placeholder which is closed again. The second argument is the byte after it.
fn find(text: &str, from: usize, wanted: impl Fn(u8, Option<u8>) -> bool) -> usize {
    let bytes = text.as_bytes();
    let mut at = from;
    // A bracket that is not closed from here on is not closed further on either.
    let mut open = [true; 3];
    let next = |at: usize| Some(at + bytes.get(at..)?.iter().position(|byte| MARKS[usize::from(*byte)])?);
    while let Some(mark) = next(at) {
        at = mark;
        let rest = &bytes[at..];
        let (kind, after) = match rest[0] {
            b'{' if open[0] => (0, memchr::memchr(b'}', rest).map(|close| close + 1)),
            b'(' if open[1] => (1, memchr::memchr(b')', rest).map(|close| close + 1)),
            b'<' if open[2] && rest.get(1) == Some(&b'%') => {
                (2, memchr::memmem::find(rest, b"%>").map(|close| close + 2))
            }
            byte if wanted(byte, rest.get(1).copied()) => return at,
            _ => {
                at += 1;
                continue;
            }
        };
        match after {
            Some(len) => at += len,
            None => open[kind] = false,
        }
    }
    text.len()
}

fn segments(url: &str, path: Span) -> Vec<Part<'_>> {
    let mut parts = Vec::with_capacity(12);
    let end = path.end as usize;
    let mut start = path.start as usize;
    if url[start..end].starts_with('/') {
        start += 1;
    }
    while start < end {
        let next = slash(&url[..end], start);
        let text = &url[start..next];
        let template = is_template(text);
        let named_id = template && is_named_id(text);
        parts.push(Part { span: Span::from_usize(start, next), text, template, named_id });
        // One slash at the end means nothing.
        start = next + 1;
    }
    parts
}

/// Whether a segment or host is filled in when the request is sent.
pub(super) fn is_template(text: &str) -> bool {
    // Almost every segment or host is made of these alone, and a name between two marks is not.
    if text.bytes().all(|byte| PLAIN[usize::from(byte)]) {
        return false;
    }
    let between = |mark: &str| text.len() > 2 * mark.len() && text.starts_with(mark) && text.ends_with(mark);
    let named = text
        .strip_prefix(':')
        .is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_alphabetic()));
    named
        || (text.contains('{') && text.contains('}'))
        || (text.contains("%7B") && text.contains("%7D"))
        || between("__")
        || between("@@")
        || matches!(text, "%s" | "%v" | "%d")
        || holds_placeholder(text)
}

/// Whether a placeholder is named for an id.
fn is_named_id(text: &str) -> bool {
    let name = text.trim_end_matches(|last: char| !last.is_ascii_alphanumeric()).as_bytes();
    name.ends_with(b"Id") || name.ends_with(b"ID") || name.ends_with(b"id")
}

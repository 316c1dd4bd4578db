//! HTTP archives: the traffic that a browser or a proxy recorded.
//!
//! Of a recording that is short enough to be read whole, the requests are found here. A long one is
//! taken apart while the file is read, and its requests come one by one, as texts of their own.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::carrier::{Carrier, Skip, Source};
use crate::json::{Flags, Kind, Value};
use crate::request::{Header, Payload, Request};

/// Whether a text speaks of the API's conversations, slashes escaped or not. What does not is no
/// request of ours, and most of a recording is not.
#[must_use]
pub fn concerns_api(text: &[u8]) -> bool {
    static WORD: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("v2/conversations"));
    static ESCAPED: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("v2\\/conversations"));
    WORD.find_iter(text).any(|at| text[..at].ends_with(b"/api/"))
        || ESCAPED.find_iter(text).any(|at| text[..at].ends_with(b"\\/api\\/"))
}

/// Yields the requests of a recording, or of one of its entries' `request`, if a value is one.
pub(super) fn requests<'t>(
    source: Source<'t>,
    root: Value<'t>,
    each: &mut dyn FnMut(&Request<'_>),
) -> Option<Result<Carrier, Skip>> {
    let mut found = false;
    let mut give = |request: Request<'t>| {
        found = true;
        each(&request);
    };
    match kind(root)? {
        Recording::Request => request(source, root).into_iter().for_each(&mut give),
        Recording::Log(log) => {
            let entries = log.get("entries").filter(|entries| entries.kind() == Kind::Array)?;
            let sent = entries.items().filter_map(|entry| entry.get("request"));
            let ours = sent.filter(|sent| {
                let url = sent.get("url").and_then(Value::as_str);
                url.is_some_and(|url| concerns_api(url.as_bytes()))
            });
            ours.filter_map(|sent| request(source, sent)).for_each(&mut give);
        }
    }
    Some(if found { Ok(Carrier::Har) } else { Err(Skip::NoRequest) })
}

/// The members of a JSON text of which it must have one to be a recording.
pub(super) const MEMBERS: &[&str] = &["log", "url"];

/// What a value is of a recording.
enum Recording<'t> {
    /// All of it, but for the object around it.
    Log(Value<'t>),
    /// The `request` of one entry: it has what an envelope written by hand has not.
    Request,
}

fn kind(value: Value<'_>) -> Option<Recording<'_>> {
    let (mut url, mut recorded) = (false, false);
    for (key, member) in value.members() {
        match key.raw() {
            r#""log""# if member.is_object() => return Some(Recording::Log(member)),
            r#""url""# => url = member.kind() == Kind::String,
            r#""postData""# => recorded |= member.kind() == Kind::Object,
            r#""headersSize""# | r#""queryString""# | r#""httpVersion""# => recorded = true,
            _ => {}
        }
    }
    (url && recorded).then_some(Recording::Request)
}

/// Reads what was sent, if a program or a person meant to send it.
fn request<'t>(source: Source<'t>, sent: Value<'t>) -> Option<Request<'t>> {
    let url = source.passage(sent.get("url")?)?;
    let method = sent.get("method").and_then(|method| source.passage(method));
    let said = method.as_ref().map_or("", |method| method.as_str().trim());
    // A browser asks on its own whether it may send a request.
    if ["OPTIONS", "HEAD", "CONNECT", "TRACE"].iter().any(|own| own.eq_ignore_ascii_case(said)) {
        return None;
    }
    let reads = said.eq_ignore_ascii_case("GET") || said.eq_ignore_ascii_case("DELETE");
    let payload = payload(source, sent, reads);
    Some(Request {
        place: source.place(sent),
        method,
        url: Some(url),
        headers: sent.get("headers").map(|headers| self::headers(source, headers)).unwrap_or_default(),
        scopes: Vec::new(),
        unexpanded: Vec::new(),
        templates: None,
        is_sample: false,
        payload,
    })
}

fn headers<'t>(source: Source<'t>, headers: Value<'t>) -> Vec<Header<'t>> {
    let header = |item: Value<'t>| {
        let name = source.passage(item.get("name")?)?;
        // `:path` and the like are parts of HTTP/2, and no headers.
        (!name.as_str().starts_with(':'))
            .then(|| Some(Header { name, value: source.passage(item.get("value")?)? }))?
    };
    headers.items().filter_map(header).collect()
}

fn payload<'t>(source: Source<'t>, sent: Value<'t>, reads: bool) -> Payload<'t> {
    let Some(data) = sent.get("postData").filter(|data| data.kind() != Kind::Null) else {
        // Not every recorder keeps bodies: that there was none, the size has to say.
        let empty = sent.get("bodySize").is_some_and(|size| size.raw() == "0");
        return if empty || reads { Payload::Absent } else { Payload::Opaque };
    };
    let encoded = data.get("encoding").is_some_and(|encoding| encoding.kind() == Kind::String);
    let form = data.get("mimeType").and_then(Value::as_str).is_some_and(|kind| is_form(&kind));
    // Of a text that is cut off the rest is not known.
    let text = data.get("text").filter(|text| !text.node().flags.has(Flags::BARE));
    match text.and_then(|text| source.passage(text)) {
        Some(text) if !encoded && !form => Payload::Text(text),
        _ => Payload::Opaque,
    }
}

fn is_form(kind: &str) -> bool {
    let kind = kind.trim_start().to_ascii_lowercase();
    kind.starts_with("multipart/") || kind.starts_with("application/x-www-form-urlencoded")
}

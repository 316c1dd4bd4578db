//! What stands inside of other things: envelopes under keys, and the shell scripts of pipelines.

use memchr::memmem;

use crate::carrier::yaml::scripts::Scripts;
use crate::carrier::yaml::{DocumentKind, Own, Reader};
use crate::carrier::{self, Assume, Carrier, Source, json};
use crate::json::{Kind, Value};
use crate::request::{Payload, Request};
use crate::text::Passage;

/// What a document may hold inside of other things.
pub(super) struct Nested<'d> {
    source: Source<'d>,
    own: &'d Own<'d>,
    has_envelopes: bool,
    scripts: Option<Scripts<'d>>,
    /// Whether requests are shown, and not sent.
    are_samples: bool,
}

impl<'d> Nested<'d> {
    pub(super) fn new(source: Source<'d>, own: &'d Own<'d>, kind: DocumentKind) -> Self {
        let names_path = || memmem::find(source.text.as_str().as_bytes(), ADDRESS.as_bytes()).is_some();
        Self {
            source,
            own,
            has_envelopes: kind == DocumentKind::Data && names_path(),
            scripts: Scripts::new(source, own),
            are_samples: kind == DocumentKind::Api,
        }
    }
}

/// What is in the address of each request that is looked for.
pub(super) const ADDRESS: &str = "/conversations";

impl Reader<'_> {
    /// Yields the requests that stand inside of a value; whether there are any.
    pub(super) fn inside(&mut self, nested: &mut Nested<'_>, outer: Value<'_>) -> bool {
        if !nested.has_envelopes && nested.scripts.is_none() {
            return false;
        }
        let are_samples = nested.are_samples;
        let mut found = false;
        let mut at = outer.index();
        let end = outer.node().next;
        while at < end {
            let value = Value::at(outer.document(), at);
            at += 1;
            match value.kind() {
                // What came back, or is to come.
                Kind::Key if is_answer(value) => at = value.node().next,
                Kind::Object => {
                    if nested.has_envelopes && self.envelope(nested.source, value, nested.own) {
                        found = true;
                        at = value.node().next;
                        continue;
                    }
                    let Some(scripts) = &mut nested.scripts else { continue };
                    scripts.each(value, |carrier, script| {
                        found |= self.script(carrier, script, are_samples);
                    });
                }
                _ => {}
            }
        }
        found
    }

    fn script(&mut self, carrier: Carrier, script: &Passage<'_>, is_sample: bool) -> bool {
        let mut found = false;
        // Whether there were any shows in what was yielded.
        let _ = carrier::requests(carrier, script, Assume::Nothing, &mut |request| {
            found = true;
            let mut request = request.clone();
            request.is_sample = is_sample;
            (self.each)(&request);
        });
        self.found |= found;
        found
    }

    /// Yields an object, if it is an envelope of ours.
    fn envelope(&mut self, source: Source<'_>, value: Value<'_>, own: &Own<'_>) -> bool {
        // Each object of a file is looked at: first, whether there is an address in it at all.
        let is_ours = |member: Value<'_>| member.as_str().is_some_and(|said| said.contains(ADDRESS));
        if !value.members().any(|(_, member)| member.kind() == Kind::String && is_ours(member)) {
            return false;
        }
        let Some(mut request) = json::envelope(source, value) else { return false };
        let url = request.url.as_ref().map_or("", Passage::as_str);
        // Without a body and a host, it is a route of whatever gateway.
        let is_sent = matches!(request.payload, Payload::Text(_))
            || url.contains("://")
            || url.starts_with(['$', '{', '<']);
        if !url.contains(ADDRESS) || !is_sent {
            return false;
        }
        if holds_more(value, &request) {
            request.payload = Payload::Opaque;
        }
        self.give(&request, self.takes_bodies, own)
    }
}

fn is_answer(key: Value<'_>) -> bool {
    matches!(key.as_str().as_deref(), Some("response" | "responses" | "expect" | "expected"))
}

/// Whether a body is not sent as the JSON that it is written as: in another format, or after a template
/// with conditions was filled in.
fn holds_more(envelope: Value<'_>, request: &Request<'_>) -> bool {
    let format = envelope.get("body_format").and_then(Value::as_str);
    let is_json = format.is_none_or(|format| matches!(format.as_ref(), "json" | "raw"));
    !is_json || matches!(&request.payload, Payload::Text(body) if has_directives(body.as_str()))
}

/// Whether a template does more than put values in: `{% if x %}`, `{{#if x}}`, `{{- range .x }}`.
pub(super) fn has_directives(text: &str) -> bool {
    const WORDS: [&str; 6] = ["if", "range", "with", "each", "else", "end"];
    text.contains("{%")
        || text.match_indices("{{").any(|(at, _)| {
            let inside = text[at + 2..].trim_start_matches(['-', '~']).trim_start();
            let word = inside.split(|next: char| !next.is_ascii_alphanumeric()).next().unwrap_or_default();
            inside.starts_with(['#', '/', '^']) || WORDS.contains(&word)
        })
}

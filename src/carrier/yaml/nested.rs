//! What stands inside of other things: envelopes under keys, and the shell scripts of pipelines.

use crate::carrier::yaml::scripts::Scripts;
use crate::carrier::yaml::{Own, Reader};
use crate::carrier::{self, Assume, Carrier, Source, json};
use crate::json::{Kind, Value};
use crate::request::{Payload, Request};
use crate::text::Passage;

impl Reader<'_> {
    /// Yields the requests that stand inside of a value; whether there are any. `has_envelopes` says
    /// whether there may be other than those of scripts.
    pub(super) fn inside(
        &mut self,
        source: Source<'_>,
        outer: Value<'_>,
        has_envelopes: bool,
        own: &Own<'_>,
    ) -> bool {
        let mut scripts = Scripts::new(source, own);
        if !has_envelopes && scripts.is_none() {
            return false;
        }
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
                    if has_envelopes && self.envelope(source, value, own) {
                        found = true;
                        at = value.node().next;
                        continue;
                    }
                    let Some(scripts) = &mut scripts else { continue };
                    scripts.each(value, |carrier, script| {
                        found |= self.script(carrier, script);
                    });
                }
                _ => {}
            }
        }
        found
    }

    fn script(&mut self, carrier: Carrier, script: &Passage<'_>) -> bool {
        let mut found = false;
        // Whether there were any shows in what was yielded.
        let _ = carrier::requests(carrier, script, Assume::Nothing, &mut |request| {
            found = true;
            (self.each)(request);
        });
        self.found |= found;
        found
    }

    /// Yields an object, if it is an envelope of ours.
    fn envelope(&mut self, source: Source<'_>, value: Value<'_>, own: &Own<'_>) -> bool {
        // Each object of a file is looked at: first, whether there is an address in it at all.
        let is_ours = |member: Value<'_>| member.as_str().is_some_and(|said| said.contains("/conversations"));
        if !value.members().any(|(_, member)| member.kind() == Kind::String && is_ours(member)) {
            return false;
        }
        let Some(mut request) = json::envelope(source, value) else { return false };
        let url = request.url.as_ref().map_or("", Passage::as_str);
        // Without a body and a host, it is a route of whatever gateway.
        let is_sent = matches!(request.payload, Payload::Text(_))
            || url.contains("://")
            || url.starts_with(['$', '{', '<']);
        if !url.contains("/conversations") || !is_sent {
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
fn has_directives(text: &str) -> bool {
    const WORDS: [&str; 6] = ["if", "range", "with", "each", "else", "end"];
    text.contains("{%")
        || text.match_indices("{{").any(|(at, _)| {
            let inside = text[at + 2..].trim_start_matches(['-', '~']).trim_start();
            let word = inside.split(|next: char| !next.is_ascii_alphanumeric()).next().unwrap_or_default();
            inside.starts_with(['#', '/', '^']) || WORDS.contains(&word)
        })
}

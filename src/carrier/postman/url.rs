//! The URLs of a collection's requests.

use crate::carrier::Source;
use crate::json::{Kind, Value};
use crate::text::{Layer, Passage, Rewriter, Span};

/// Reads a URL: a string, or an object that holds it whole, in parts, or both.
pub(super) fn read<'t>(source: Source<'t>, url: Value<'t>) -> Option<Passage<'t>> {
    if url.kind() == Kind::String {
        return source.passage(url).filter(|url| !url.is_empty());
    }
    let (mut raw, mut parts) = (None, Parts::default());
    for (key, member) in url.members() {
        match key.raw() {
            r#""raw""# => raw = source.passage(member).filter(|raw| !raw.is_empty()),
            r#""protocol""# => parts.protocol = Some(member),
            r#""host""# => parts.host = Some(member),
            r#""port""# => parts.port = Some(member),
            r#""path""# => parts.path = Some(member),
            _ => {}
        }
    }
    let is_whole = parts.path.is_none();
    match raw {
        // What is sent is made of the parts: to change one of the two would set them at odds.
        Some(raw) => Some(if is_whole { raw } else { raw.within(Layer::Copied) }),
        None => parts.join(source),
    }
}

#[derive(Default)]
struct Parts<'t> {
    protocol: Option<Value<'t>>,
    host: Option<Value<'t>>,
    port: Option<Value<'t>>,
    path: Option<Value<'t>>,
}

impl<'t> Parts<'t> {
    fn join(&self, source: Source<'t>) -> Option<Passage<'t>> {
        let text = source.text;
        let mut out = text.rewrite();
        if let Some(protocol) = self.protocol.filter(|protocol| protocol.kind() == Kind::String) {
            write(source, protocol, &mut out);
            if !out.as_str().is_empty() && !out.as_str().ends_with("://") {
                out.put("://", Span::empty(protocol.inner_span().end));
            }
        }
        for (at, label) in strings(self.host).enumerate() {
            if at > 0 {
                out.put(".", Span::empty(label.inner_span().start));
            }
            write(source, label, &mut out);
        }
        if let Some(port) = strings(self.port).next() {
            out.put(":", Span::empty(port.inner_span().start));
            write(source, port, &mut out);
        }
        for segment in strings(self.path) {
            let inner = segment.inner_span();
            if !inner.slice(text.as_str()).starts_with('/') {
                out.put("/", Span::empty(inner.start));
            }
            write(source, segment, &mut out);
        }
        let url = out.finish(Some(Layer::JsonString));
        (!url.is_empty()).then_some(url)
    }
}

/// A string, or the strings of an array; of an object among them, its `value`.
fn strings(value: Option<Value<'_>>) -> impl Iterator<Item = Value<'_>> {
    let alone = value.filter(|value| value.kind() == Kind::String);
    let items = value.into_iter().flat_map(Value::items);
    let items = items.filter_map(|item| if item.is_object() { item.get("value") } else { Some(item) });
    alone.into_iter().chain(items.filter(|item| item.kind() == Kind::String))
}

fn write(source: Source<'_>, string: Value<'_>, out: &mut Rewriter<'_>) {
    if let Some(said) = source.passage(string) {
        out.append(&said);
    }
}

//! The JSON parser: against `serde_json`, against its own promises, and on what people get wrong.

mod instance;
mod keys;
mod placeholders;
mod pointers;
mod recovery;
mod serde;
mod soup;
mod spans;
mod texts;

use paylint::json::{Arena, Document, Kind, Value};

/// Parses a text and shows the document to a function.
fn with<T>(text: &str, look: impl FnOnce(&Document<'_>) -> T) -> T {
    let mut arena = Arena::new();
    look(&arena.parse(text))
}

/// The tree in short: keys decoded, scalars as written, `?` for what could not be read.
fn outline(document: &Document<'_>) -> String {
    let mut text = String::new();
    if let Some(root) = document.root() {
        outline_value(root, &mut text);
    }
    text
}

fn outline_value(value: Value<'_>, text: &mut String) {
    match value.kind() {
        Kind::Object => {
            text.push('{');
            for (index, (key, value)) in value.members().enumerate() {
                text.push_str(if index > 0 { "," } else { "" });
                text.push_str(&key.as_str().unwrap_or_default());
                text.push(':');
                outline_value(value, text);
            }
            text.push('}');
        }
        Kind::Array => {
            text.push('[');
            for (index, item) in value.items().enumerate() {
                text.push_str(if index > 0 { "," } else { "" });
                outline_value(item, text);
            }
            text.push(']');
        }
        Kind::String => {
            text.push('"');
            text.push_str(&value.as_str().unwrap_or_default());
            text.push('"');
        }
        Kind::Invalid => text.push('?'),
        _ => text.push_str(value.raw()),
    }
}

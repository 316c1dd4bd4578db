//! Our tree as `jsonschema` sees it.

use jsonschema::json::{Node as _, conformance};
use paylint::json::{Arena, Kind, SpannedJson, Value};
use proptest::prelude::*;

use super::{texts, with};

#[test]
fn conforms() {
    let text = conformance::document().to_string();
    let mut arena = Arena::new();
    let document = arena.parse(&text);
    conformance::assert_conformance::<SpannedJson>(&document.root().unwrap());
}

#[test]
fn conforms_when_pretty() {
    let text = serde_json::to_string_pretty(&conformance::document()).unwrap();
    with(&text, |document| {
        conformance::assert_conformance::<SpannedJson>(&document.root().unwrap());
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn scalars_and_containers_convert(text in texts::json()) {
        with(&text, |document| {
            for (index, node) in (0..).zip(document.nodes()) {
                if node.kind == Kind::Key {
                    continue;
                }
                let value = Value::at(document, index);
                // JSON Schema compares numbers by value, and so does `equals_value`.
                let theirs: serde_json::Value = serde_json::from_str(value.raw()).unwrap();
                prop_assert!(value.equals_value(&theirs), "{:?} {:?}", value, theirs);
            }
            Ok(())
        })?;
    }

    #[test]
    fn any_tree_can_be_read(text in texts::any_text()) {
        with(&text, |document| {
            for index in (0..).take(document.nodes().len()) {
                let value = Value::at(document, index);
                let _ = (value.json_type(), value.to_value(), value.identity());
                let _ = value.as_number().map(|number| jsonschema::json::JsonNumber::to_number(&number).into_owned());
            }
        });
    }
}

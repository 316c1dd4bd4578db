//! Against `serde_json`: the same verdict on every text, the same values of every valid one.

use paylint::json::{Kind, Value};
use proptest::prelude::*;
use serde::Deserialize as _;
use serde::de::IgnoredAny;

use super::{texts, with};

/// RFC 8259's verdict, at any depth.
fn is_json(text: &str) -> bool {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    deserializer.disable_recursion_limit();
    IgnoredAny::deserialize(&mut deserializer).is_ok() && deserializer.end().is_ok()
}

fn same_verdict(text: &str) -> Result<(), TestCaseError> {
    with(text, |document| {
        prop_assert_eq!(document.faults().is_empty(), is_json(text), "{:?} {:?}", text, document.faults());
        Ok(())
    })
}

/// Our tree as `serde_json` would have it: the last of a name wins.
fn to_serde(value: Value<'_>) -> serde_json::Value {
    match value.kind() {
        Kind::Object => serde_json::Value::Object(
            value
                .members()
                .map(|(key, value)| (key.as_str().unwrap().into_owned(), to_serde(value)))
                .collect(),
        ),
        Kind::Array => value.items().map(to_serde).collect(),
        Kind::String => value.as_str().unwrap().into_owned().into(),
        Kind::Null => serde_json::Value::Null,
        Kind::Boolean => (value.raw() == "true").into(),
        Kind::Number => serde_json::from_str(value.raw()).unwrap(),
        kind => panic!("{kind:?} in valid JSON"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn valid_texts_have_no_fault(text in texts::json()) {
        with(&text, |document| {
            prop_assert!(is_json(&text), "the generator is wrong: {text:?}");
            prop_assert_eq!(document.faults(), &[]);
            Ok(())
        })?;
    }

    #[test]
    fn values_are_equal(text in texts::json()) {
        let theirs: serde_json::Value = serde_json::from_str(&text).unwrap();
        let ours = with(&text, |document| to_serde(document.root().unwrap()));
        prop_assert_eq!(ours, theirs);
    }

    #[test]
    fn a_bom_changes_nothing(text in texts::json()) {
        let plain = with(&text, |document| to_serde(document.root().unwrap()));
        let marked = format!("\u{feff}{text}");
        with(&marked, |document| {
            prop_assert_eq!(document.faults(), &[]);
            prop_assert_eq!(to_serde(document.root().unwrap()), plain);
            Ok(())
        })?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn verdicts_on_mutated_texts(text in texts::mutated()) {
        if !texts::may_hold_placeholder(&text) {
            same_verdict(&text)?;
        }
    }

    #[test]
    fn verdicts_on_soup(text in texts::soup()) {
        if !texts::may_hold_placeholder(&text) {
            same_verdict(&text)?;
        }
    }

    #[test]
    fn verdicts_on_strings(inner in "[a\\\\\"u0dD89bn/\u{1}\u{1f}\u{7f}\t ]{0,12}") {
        same_verdict(&format!("\"{inner}\""))?;
    }

    #[test]
    fn verdicts_on_numbers(text in "[-+0-9.eE_x]{0,7}") {
        same_verdict(&text)?;
    }
}

#[test]
fn surrogates_and_large_numbers() {
    for text in [
        r#""\ud800""#,
        r#""\udc00\ud800x""#,
        r#""\ud83d\u0041""#,
        "1e999",
        "-1E-999",
        "123456789012345678901234567890",
    ] {
        with(text, |document| assert_eq!(document.faults(), &[], "{text}"));
    }
    with(r#""\ud83d\ude00 \ud800\u0041 \udc00""#, |document| {
        assert_eq!(document.root().unwrap().as_str().unwrap(), "😀 \u{fffd}A \u{fffd}");
    });
}

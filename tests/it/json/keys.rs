//! The quick look at keys never misses what the thorough one finds.

use paylint::json::{KeyTable, Kind, Value, clashes};
use proptest::prelude::*;

use super::{texts, with};

fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-bA-B._\\[{@`]{0,3}",
        "(long|LONG|Long)[kK]ey(with|With)_[a-b.]{0,9}",
        "[a-bA-B]{7,9}",
        "[éÉäÄāĀßẞſsSkKıiIİΣσςǅ]{0,3}",
        "(\\\\u0041|\\\\u0061|A|a|\\\\u002e|\\\\n|\\\\\"){0,4}",
        Just("{{key}}".to_owned()),
    ]
}

fn object() -> impl Strategy<Value = String> {
    prop::collection::vec((key(), any::<bool>()), 0..12).prop_map(|members| {
        let members: Vec<_> = members
            .into_iter()
            .map(|(key, nested)| format!("\"{key}\":{}", if nested { "{\"a\":1,\"b\":[{}]}" } else { "1" }))
            .collect();
        format!("{{{}}}", members.join(","))
    })
}

fn survey_agrees(text: &str, table: &mut KeyTable) -> Result<(), TestCaseError> {
    with(text, |document| {
        let survey = table.survey(document);
        let found = clashes(document);
        prop_assert!(survey.clash || found.is_empty(), "{:?} {:?}", text, found);
        let keys = (0..).zip(document.nodes()).filter(|(_, node)| node.kind == Kind::Key);
        for (index, _) in keys {
            let name = Value::at(document, index).as_str().unwrap();
            prop_assert!(survey.dot || !name.contains('.'), "{:?} {:?}", text, name);
        }
        for clash in found {
            let (first, second) = (clash.first.as_str().unwrap(), clash.second.as_str().unwrap());
            prop_assert_eq!(clash.exact, first == second);
            prop_assert_eq!(first.to_lowercase(), second.to_lowercase());
            prop_assert!(clash.first.index() < clash.second.index());
        }
        Ok(())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn survey_misses_no_clash(texts in prop::collection::vec(object(), 1..4)) {
        let mut table = KeyTable::default();
        for text in texts {
            survey_agrees(&text, &mut table)?;
        }
    }

    #[test]
    fn survey_of_any_text(text in texts::any_text()) {
        survey_agrees(&text, &mut KeyTable::default())?;
    }
}

#[test]
fn survey_is_not_always_alarmed() {
    let members: Vec<_> =
        (0..5000).map(|index| format!("\"attribute_{index}\": \"é\", \"é{index}\": {{}}")).collect();
    with(&format!("{{{}}}", members.join(",")), |document| {
        let survey = KeyTable::default().survey(document);
        assert!(!survey.clash && !survey.dot);
    });
}

#[test]
fn deep_objects_are_surveyed_quickly() {
    let text = format!("{}1{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
    with(&text, |document| {
        assert!(!KeyTable::default().survey(document).clash);
        assert!(clashes(document).is_empty());
    });
}

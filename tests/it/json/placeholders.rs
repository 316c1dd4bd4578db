//! Placeholders: what stands for a value or key is no fault.

use paylint::json::{Kind, holds_placeholder};
use proptest::prelude::*;
use proptest::sample::select;

use super::{texts, with};

const PLACEHOLDERS: &[&str] = &[
    "{{x}}",
    "{{ x.y }}",
    "{{{x}}}",
    "${x}",
    "${var.x[0]}",
    "$!{x}",
    "$x",
    "$x.y",
    "$esc.jsonString($x.y)",
    "$(cmd a b)",
    "<x>",
    "<your id>",
    "%x%",
    "$${x}",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn stand_for_a_value_or_key(placeholder in select(PLACEHOLDERS), other in texts::json()) {
        let text = format!("{{\"a\":{placeholder}, {placeholder} : {other},\"b\":[{placeholder},{placeholder} ]}}");
        with(&text, |document| {
            prop_assert_eq!(document.faults(), &[], "{}", text);
            let root = document.root().unwrap();
            prop_assert_eq!(root.get("a").unwrap().raw(), placeholder);
            prop_assert_eq!(root.get("a").unwrap().kind(), Kind::Placeholder);
            prop_assert_eq!(root.get("b").unwrap().items().count(), 2);
            prop_assert_eq!(root.members().nth(1).unwrap().0.raw(), placeholder);
            Ok(())
        })?;
    }

    #[test]
    fn are_seen_inside_strings(placeholder in select(PLACEHOLDERS), before in "[a-z é]{0,9}", after in "[ é][a-z é]{0,9}") {
        let with = format!("{before}{placeholder}{after}");
        prop_assert!(holds_placeholder(&with));
        let without = format!("{before}{after}");
        prop_assert!(!holds_placeholder(&without));
    }

    #[test]
    fn are_looked_for_in_any_text(text in any::<String>()) {
        let _ = holds_placeholder(&text);
    }
}

#[test]
fn are_looked_for_quickly() {
    for thing in
        ["{", "{{", "{{a", "$", "$(", "${", "$a(", "$a.", "<", "<a", "<a ", "%", "%a", "$(${", "$a()"]
    {
        let _ = holds_placeholder(&thing.repeat(2_000_000 / thing.len()));
    }
}

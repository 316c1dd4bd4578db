//! Pointers lead back to where they were taken.

use paylint::json::{Kind, Pointers, Value};
use proptest::prelude::*;

use super::{texts, with};

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn lead_back(text in texts::json_with_distinct_keys()) {
        with(&text, |document| {
            let root = document.root().unwrap();
            let mut walk = Pointers::new(document);
            for (index, node) in (0..).zip(document.nodes()) {
                let pointer = walk.at(node.start);
                prop_assert_eq!(&pointer, &Pointers::new(document).at(node.start));
                let found = root.pointer(&pointer).map(Value::index);
                let meant = if node.kind == Kind::Key { index + 1 } else { index };
                prop_assert_eq!(found, Some(meant), "{:?} {:?}", text, pointer);
            }
            Ok(())
        })?;
    }

    #[test]
    fn one_walk_and_single_looks_agree(text in texts::any_text()) {
        with(&text, |document| {
            let mut walk = Pointers::new(document);
            for offset in 0..=u32::try_from(text.len()).unwrap() {
                prop_assert_eq!(walk.at(offset), Pointers::new(document).at(offset), "{:?} {}", text, offset);
            }
            // An earlier offset starts anew.
            let first = walk.at(0);
            prop_assert_eq!(first, Pointers::new(document).at(0));
            Ok(())
        })?;
    }
}

#[test]
fn by_hand() {
    let text = r#"{"a": {"b/c": [1, {"d~e": 2}], "": 3}, "f": 4}"#;
    with(text, |document| {
        let at =
            |needle: &str| Pointers::new(document).at(u32::try_from(text.find(needle).unwrap()).unwrap());
        assert_eq!(at("{"), "");
        assert_eq!(at("\"a\""), "/a");
        assert_eq!(at("1"), "/a/b~1c/0");
        assert_eq!(at("2"), "/a/b~1c/1/d~0e");
        assert_eq!(at("3"), "/a/");
        assert_eq!(at("4"), "/f");
        let root = document.root().unwrap();
        for (pointer, raw) in [
            ("/a/b~1c/0", Some("1")),
            ("/a/b~1c/1/d~0e", Some("2")),
            ("/a/", Some("3")),
            ("/a/b~1c/2", None),
            ("/a/b~1c/+0", None),
            ("/a/b~1c/00", None),
            ("/x", None),
            ("/f/x", None),
            ("f", None),
        ] {
            assert_eq!(root.pointer(pointer).map(Value::raw), raw, "{pointer}");
        }
    });
}

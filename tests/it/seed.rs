//! The requests that the tool was asked for: each with every rule on, and no finding more or less
//! than a reader would expect.

use std::fs;
use std::path::Path;

use paylint::lint::{Input, Scratch, Settings, lint};

use crate::rules::{describe, inputs};

fn settings() -> Settings {
    let mut settings = Settings::default();
    settings.wants.fixes = true;
    settings
}

#[test]
fn seed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/seed");
    for path in inputs(&folder) {
        let text = fs::read_to_string(&path).unwrap();
        let input = Input::json(&text);
        let mut scratch = Scratch::default();
        let linted = lint(&input, &settings(), &mut scratch);
        assert_eq!((linted.requests, linted.skip), (1, None), "{}", path.display());
        let found: Vec<_> = linted.findings.iter().map(|finding| finding.rule).collect();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let expected: &[&str] = match name.as_str() {
            "thread-request.json" => &["wrong-endpoint"],
            "answer-body.json" => &["custom-attributes"],
            "answer-request.json" => &["misplaced-attributes"],
            "answer-put-right.json" => &[],
            other => panic!("fixtures/seed/{other} is not expected"),
        };
        assert_eq!(found, expected, "{name}");
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(&folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name, describe(&text, linted.findings)));
    }
}

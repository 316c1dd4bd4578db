//! What `json` writes is what its schema says.

use std::fs;
use std::path::Path;

use paylint::diagnostic::{Fix, Label, Severity};
use paylint::json::Arena;
use paylint::report::{Format, Shown, Summary};
use paylint::text::{Before, Span};
use serde_json::{Value, json};

use super::{PLAIN, finding};

#[test]
fn the_report_is_valid() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/report.schema.json");
    let schema: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    assert!(jsonschema::draft202012::meta::is_valid(&schema));
    let validator = jsonschema::draft202012::new(&schema).unwrap();

    let text = r#"{"attributes": {"a/~b": 1}}"#;
    let mut arena = Arena::new();
    let document = arena.parse(text);
    let bare = finding(Span::new(0, 1), "bare");
    let mut whole = finding(Span::new(24, 25), "whole");
    whole.severity = Severity::Info;
    whole.help = Some("help".into());
    whole.related.push(Label { span: Span::new(0, 1), text: "there".into() });
    whole.fix = Some(Box::new(Fix::replace("quote", Span::new(24, 25), "\"1\"").needs_a_look()));
    let summary = Summary { files: 2, requests: 3, errors: 3, infos: 1, ..Summary::default() };

    for findings in [&[][..], std::slice::from_ref(&bare), &[bare.clone(), whole]] {
        for texts in 0..3 {
            let shown =
                Shown { path: "p", before: Before::default(), document: &document, findings, all: findings };
            let mut out = Vec::new();
            Format::Json.begin(&mut out);
            let mut is_first = true;
            for _ in 0..texts {
                let mut chunk = Vec::new();
                Format::Json.text(&shown, &PLAIN, &mut chunk);
                if !chunk.is_empty() {
                    if !is_first {
                        out.extend_from_slice(Format::Json.separator());
                    }
                    is_first = false;
                    out.extend_from_slice(&chunk);
                }
            }
            Format::Json.end(&summary, &mut out);
            let report: Value = serde_json::from_slice(&out).unwrap();
            if let Err(error) = validator.validate(&report) {
                panic!("{}: {error}", error.instance_path());
            }
            let entries = report["findings"].as_array().unwrap();
            assert_eq!(entries.len(), texts * findings.len());
            assert_eq!(report["summary"]["requests"], 3);
            if let Some(last) = entries.get(1).filter(|_| findings.len() == 2) {
                assert_eq!(last["pointer"], "/attributes/a~1~0b");
                assert_eq!(
                    last["fix"],
                    json!({
                        "title": "quote", "applicability": "unsafe",
                        "edits": [{"start": last["start"], "end": last["end"], "text": "\"1\""}]
                    })
                );
            }
        }
    }
    assert!(!validator.is_valid(&json!({"version": 2, "findings": [], "summary": {}})));
}

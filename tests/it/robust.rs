//! Linting any bytes ends, and does not panic; and every place it names is one of the text.

use std::fs;
use std::path::{Path, PathBuf};

use paylint::carrier::{ALL, Assume, Carrier};
use paylint::lint::{Input, Scratch, Settings, lint, readable};
use proptest::prelude::*;

fn fixtures(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            fixtures(&path, found);
        } else if path.extension().is_some_and(|extension| extension != "snap") {
            found.push(path);
        }
    }
}

fn check(carrier: Carrier, bytes: &[u8], settings: &Settings, scratch: &mut Scratch) {
    let (text, invalid_utf8) = readable(bytes);
    assert_eq!(text.len(), bytes.len());
    // The others ask for nothing that is assumed.
    let assumed = if carrier.is_json() || matches!(carrier, Carrier::Yaml | Carrier::Terraform) {
        &[Assume::Body, Assume::Nothing][..]
    } else {
        &[Assume::Nothing]
    };
    for &assume in assumed {
        let input = Input { invalid_utf8: &invalid_utf8, carrier, assume, ..Input::json(&text) };
        let linted = lint(&input, settings, scratch);
        for finding in linted.findings {
            let related = finding.related.iter().map(|label| label.span);
            for span in related.chain([finding.primary]).chain(finding.secret) {
                assert!(text.get(span.range()).is_some(), "{}: {span:?} in {text:?}", finding.rule);
            }
            for edit in finding.fix.iter().flat_map(|fix| &fix.edits) {
                assert!(text.get(edit.span.range()).is_some(), "{}: {edit:?} in {text:?}", finding.rule);
            }
        }
    }
}

fn settings() -> Settings {
    let mut settings = Settings::default();
    settings.wants.fixes = true;
    settings
}

/// Every fixture, cut off wherever something changes: those of the carriers, and the others, so that two threads have
/// something to do.
#[test]
fn truncations_of_carriers() {
    truncations(|path| path.to_string_lossy().contains("carriers"));
}

#[test]
fn truncations_of_others() {
    truncations(|path| !path.to_string_lossy().contains("carriers"));
}

fn truncations(of: impl Fn(&Path) -> bool) {
    let mut files = Vec::new();
    fixtures(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures"), &mut files);
    files.retain(|path| of(path));
    assert!(files.len() > 30, "the fixtures are there");
    let (settings, mut scratch) = (settings(), Scratch::default());
    for path in files {
        let name = path.file_name().unwrap().as_encoded_bytes();
        let carrier = Carrier::of_name(name).unwrap_or(Carrier::Json);
        let bytes = fs::read(&path).unwrap();
        // A long text is cut near its ends, where something changes, and a word not at each letter.
        let is_near_an_end = |end: &usize| *end < 3000 || bytes.len() - end < 300;
        let is_in_a_word = |end: &usize| {
            let around = &bytes[end.saturating_sub(1)..=*end];
            *end > 0 && around.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b' ')
        };
        let cuts = (0..bytes.len()).filter(is_near_an_end);
        for end in cuts.filter(|end| end % 5 == 0 || !is_in_a_word(end)) {
            check(carrier, &bytes[..end], &settings, &mut scratch);
        }
        check(carrier, &bytes, &settings, &mut scratch);
    }
}

#[test]
fn deep_and_wide() {
    let (settings, mut scratch) = (settings(), Scratch::default());
    for text in [
        "[".repeat(100_000),
        "{\"a\":".repeat(100_000),
        format!("{{\"attributes\":{}1{}}}", "{\"a\":".repeat(100_000), "}".repeat(100_000)),
        format!("{{\"wrapup\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000)),
        format!("{{\"attributes\":{{{}}}}}", "\"a\":1,".repeat(20_000)),
        format!(
            "{{\"attributes\":{{{}\"z\":\"\"}}}}",
            (0..20_000).map(|n| format!("\"K{n}\":\"\",\"k{n}\":null,")).collect::<String>()
        ),
        format!("{{{}\"z\":1}}", (0..20_000).map(|n| format!("\"key{n}\":1,")).collect::<String>()),
        "\"\\".repeat(50_000),
        "{{".repeat(50_000),
        "$(".repeat(50_000),
        "<a".repeat(50_000),
        "/*".repeat(50_000),
    ] {
        for record in ALL {
            check(record.carrier, text.as_bytes(), &settings, &mut scratch);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for record in ALL {
            check(record.carrier, &bytes, &settings(), &mut Scratch::default());
        }
    }

    #[test]
    fn anything_like_json(parts in prop::collection::vec(prop::sample::select(vec![
        "{", "}", "[", "]", ":", ",", "\"", "'", "\\", "\n", "\t", " ", "null", "true", "True", "0", "-1.5e3",
        "\"attributes\"", "\"state\"", "\"disconnected\"", "\"wrapup\"", "\"url\"", "\"method\"", "\"PATCH\"",
        "\"/api/v2/conversations/{c}/participants/{p}\"", "\"body\"", "{}", "é", "\u{feff}", "${", "{{", "//", "/*", "#",
        "\"4111 1111 1111 1111\"", "\\u00e9", "\\u", "\u{0}", "\"customAttributes\"", "scopes",
    ]), 0..40)) {
        for record in ALL {
            check(record.carrier, parts.concat().as_bytes(), &settings(), &mut Scratch::default());
        }
    }
}

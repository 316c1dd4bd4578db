//! Each carrier on files as people keep them: `fixtures/carriers/<carrier>/`.
//!
//! The folder's name is the carrier's. A file whose name begins with `good` gives no finding, neither
//! where it is met nor, unless it is JSON, where it is named. What is found in the others, and the requests that are read, is in the snapshot beside each.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use paylint::carrier::{ALL, Assume, Carrier, requests};
use paylint::diagnostic::{Finding, Fix};
use paylint::lint::{Input, Scratch, Settings, lint, readable};
use paylint::request::{Payload, Request};
use paylint::text::Passage;

use crate::rules::{apply, describe, inputs};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/carriers")
}

/// What all rules find in a file that is met.
pub fn findings(carrier: Carrier, text: &str) -> Vec<Finding> {
    findings_as(carrier, text, Assume::Nothing)
}

/// What all rules find in a file.
fn findings_as(carrier: Carrier, text: &str, assume: Assume) -> Vec<Finding> {
    let mut settings = Settings::default();
    settings.wants.fixes = true;
    let input = Input { carrier, assume, ..Input::json(text) };
    lint(&input, &settings, &mut Scratch::default()).findings.to_vec()
}

/// The requests of a file, one a line, with what they send as it reads.
pub fn list(carrier: Carrier, text: &str) -> String {
    let mut out = String::new();
    let file = Passage::of_file(text);
    let mut each = |request: &Request<'_>| {
        let said = |passage: &Option<Passage<'_>>| {
            passage.as_ref().map_or("-".to_owned(), |said| said.as_str().to_owned())
        };
        let payload = match &request.payload {
            Payload::Absent => "nothing".to_owned(),
            Payload::Opaque => "(not known)".to_owned(),
            Payload::Json(value) => format!("{:?}", value.raw()),
            Payload::Text(text) => format!("{:?}", text.as_str()),
            Payload::Variants(variants) => {
                let texts: Vec<_> = variants.all.iter().map(|variant| variant.body.as_str()).collect();
                let (complete, sure) = (variants.complete, variants.sure);
                format!("one of (complete: {complete}, sure: {sure}) {texts:#?}")
            }
            Payload::File(name) => format!("the file {:?}", name.as_str()),
            Payload::Unclosed(open) => {
                let place = |quote: &Passage<'_>| (quote.as_str().to_owned(), quote.span().range());
                format!("what {:?} opens (early: {:?})", place(&open.quote), open.early.as_ref().map(place))
            }
            Payload::Unreadable(broken) => format!("(not read: {})", broken.why),
        };
        writeln!(out, "{} {}", said(&request.method), said(&request.url)).unwrap();
        for header in &request.headers {
            writeln!(out, "  {}: {}", header.name.as_str(), header.value.as_str()).unwrap();
        }
        writeln!(out, "  sends {payload}").unwrap();
        for reference in &request.unexpanded {
            let span = reference.text.span();
            assert!(text.get(span.range()).is_some(), "{span:?} is no place of the file");
            writeln!(out, "  unexpanded: {} ({:?})", reference.text.as_str(), reference.quoting).unwrap();
        }
        for part in request.method.iter().chain(&request.url) {
            assert!(text.get(part.span().range()).is_some(), "{:?} is no place of the file", part.as_str());
        }
    };
    let found = requests(carrier, &file, Assume::Nothing, &mut each);
    match found {
        Ok(found) => format!("{}\n{out}", found.name()),
        Err(why) => format!("skipped: {why}\n{out}"),
    }
}

/// Each fix alone makes its finding go away, and brings no fault of the text with it.
fn assert_fixes_help(carrier: Carrier, text: &str, found: &[Finding], whence: &str) {
    let count =
        |findings: &[Finding], rule: &str| findings.iter().filter(|finding| finding.rule == rule).count();
    let fixes = found.iter().filter_map(|finding| Some((finding.rule, finding.fix.as_deref()?)));
    for (rule, fix) in fixes {
        let fix: &Fix = fix;
        let mended = apply(text, fix);
        let left = findings(carrier, &mended);
        assert!(
            count(&left, rule) < count(found, rule),
            "{whence}: {rule}: {} does not help:\n{mended}",
            fix.title
        );
        let faults = |findings: &[Finding]| count(findings, "syntax-error");
        assert!(faults(&left) <= faults(found), "{whence}: {rule}: {} breaks the body:\n{mended}", fix.title);
    }
}

#[test]
fn fixtures() {
    for entry in fs::read_dir(root()).unwrap() {
        let folder = entry.unwrap().path();
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let carrier =
            Carrier::by_id(&name).unwrap_or_else(|| panic!("fixtures/carriers/{name} is no carrier"));
        for path in inputs(&folder) {
            let whence = path.display().to_string();
            let bytes = fs::read(&path).unwrap();
            let text = readable(&bytes).0;
            let found = findings(carrier, &text);
            for finding in &found {
                let spans =
                    std::iter::once(finding.primary).chain(finding.related.iter().map(|label| label.span));
                for span in spans {
                    assert!(text.get(span.range()).is_some(), "{whence}: {span:?} is no place of the file");
                }
            }
            let file = path.file_name().unwrap().to_string_lossy().into_owned();
            if file.starts_with("good") {
                assert!(found.is_empty(), "{whence}: {}", describe(&text, &found));
                let named = findings_as(carrier, &text, Assume::Named);
                assert!(carrier.is_json() || named.is_empty(), "{whence}: {}", describe(&text, &named));
            }
            assert_fixes_help(carrier, &text, &found, &whence);
            let mut settings = insta::Settings::clone_current();
            settings.set_snapshot_path(&folder);
            settings.set_prepend_module_to_snapshot(false);
            settings.set_omit_expression(true);
            settings.bind(|| {
                insta::assert_snapshot!(
                    file,
                    format!("{}\n{}", list(carrier, &text), describe(&text, &found))
                );
            });
        }
    }
}

#[test]
fn every_carrier_has_fixtures() {
    for record in ALL {
        let folder = root().join(record.name);
        assert!(folder.is_dir() && !inputs(&folder).is_empty(), "{} has no fixture", record.name);
    }
}

#[test]
fn however_many_quotes_are_left_open_the_calls_after_them_are_read() {
    const URL: &str = "https://api.mypurecloud.de/api/v2/conversations/calls/$c/participants/$p";
    for (carrier, call) in [
        (Carrier::Curl, format!("curl -X PATCH \"{URL}\" -d '{{\"muted\": BODY}}'\n")),
        (
            Carrier::PowerShell,
            format!("Invoke-RestMethod -Method Patch -Uri \"{URL}\" -Body '{{\"muted\": BODY}}'\n"),
        ),
    ] {
        let broken = call.replace("BODY", "\"it's\"");
        let script = broken.repeat(100) + &call.replace("BODY", "5");
        let found = findings(carrier, &script);
        let rules: Vec<_> = found.iter().map(|finding| finding.rule).collect();
        assert_eq!(rules.iter().filter(|rule| **rule == "syntax-error").count(), 100, "{rules:?}");
        assert_eq!(rules.last(), Some(&"wrong-type"), "{rules:?}");
    }
}

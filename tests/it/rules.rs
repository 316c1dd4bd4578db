//! Every rule against its own fixtures and examples.
//!
//! `fixtures/rules/<id>/pass/*` must be silent and `…/fail/*` must not, with only that rule running.
//! `fixtures/rules/<id>/paylint.toml` configures it, where there is one, and `x.toml` its input `x.json`.
//! What is asserted comes first; the snapshot beside the input only approves the words.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use paylint::carrier::Carrier;
use paylint::config::{Base, Config, Flags, Home, Layer, parse};
use paylint::diagnostic::{Finding, Fix};
use paylint::lint::{Input, Scratch, Settings, lint};
use paylint::rules::{ALL, Check, Rule, carrier_of_example};
use paylint::text::{Before, LineIndex, Span};

use crate::cli::Folder;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules")
}

/// The inputs in a folder, sorted; snapshots and configurations are not inputs.
pub fn inputs(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| !matches!(extension.to_str(), Some("snap" | "new" | "toml")))
        })
        .collect();
    files.sort();
    files
}

/// The bytes of an input. In a `.gen` file, which stands for one too long to be kept, a line
/// `repeat N: <text>` stands for that text so many times, any other for itself, without its end.
pub fn read(path: &Path) -> Vec<u8> {
    let bytes = fs::read(path).unwrap();
    if path.extension().is_none_or(|extension| extension != "gen") {
        return bytes;
    }
    let expand = |line: &str| match line.strip_prefix("repeat ").and_then(|rest| rest.split_once(": ")) {
        Some((times, text)) => text.repeat(times.parse().unwrap()),
        None => line.to_owned(),
    };
    String::from_utf8(bytes).unwrap().lines().map(expand).collect::<String>().into_bytes()
}

/// How a rule's fixture, or its examples, are judged.
fn configured(rule: &Rule, input: Option<&Path>) -> Settings {
    let beside = input.map(|input| input.with_extension("toml"));
    let own = root().join(rule.id).join("paylint.toml");
    let Some(path) = beside.into_iter().chain([own]).find(|path| path.exists()) else {
        return Settings::default();
    };
    let text = fs::read_to_string(&path).unwrap();
    let file = parse(&text, Home::Whole).unwrap_or_else(|faults| panic!("{}: {faults:?}", path.display()));
    let name = path.display().to_string();
    let layer = Layer { name, text, file: file.unwrap(), base: Base::Own };
    Config::new(vec![layer.into()], Flags::default().into()).settings
}

/// What a rule finds in a text, alone.
fn run(rule: &'static Rule, carrier: Carrier, bytes: &[u8], settings: &Settings) -> (String, Vec<Finding>) {
    let settings = settings.clone();
    let mut settings = settings.with_levels(|other| (other.id == rule.id).then_some(other.level));
    settings.wants.fixes = true;
    let (text, invalid) = paylint::lint::readable(bytes);
    let input = Input { invalid_utf8: &invalid, carrier, ..Input::json(&text) };
    let mut scratch = Scratch::default();
    let findings = lint(&input, &settings, &mut scratch).findings.to_vec();
    (text.into_owned(), findings)
}

fn assert_sound(rule: &Rule, text: &str, findings: &[Finding], whence: &str) {
    for finding in findings {
        assert_eq!(finding.rule, rule.id, "{whence}");
        let spans = std::iter::once(finding.primary).chain(finding.related.iter().map(|label| label.span));
        for span in spans {
            assert!(text.get(span.range()).is_some(), "{whence}: {span:?} is no range of the text");
        }
        let message = finding.message.read(text);
        assert!(!message.ends_with('.') && !message.is_empty(), "{whence}: {message}");
        assert!(!message.starts_with(char::is_uppercase), "{whence}: {message}");
        assert!(!message.contains('\n'), "{whence}: {message}");
    }
    let mut seen: Vec<_> =
        findings.iter().map(|finding| (finding.primary, finding.message.read(text))).collect();
    let all = seen.len();
    seen.dedup();
    assert_eq!(seen.len(), all, "{whence}: a finding appears twice");
}

pub fn apply(text: &str, fix: &Fix) -> String {
    let mut out = String::new();
    let mut at = 0;
    for edit in &fix.edits {
        assert!(edit.span.start as usize >= at, "edits overlap or are out of order");
        out.push_str(&text[at..edit.span.start as usize]);
        out.push_str(&edit.text);
        at = edit.span.end as usize;
    }
    out.push_str(&text[at..]);
    out
}

/// Applying fixes one after another ends, and the text is JSON where it was.
fn assert_fixes_converge(
    rule: &'static Rule,
    carrier: Carrier,
    text: &str,
    findings: &[Finding],
    configured: &Settings,
    whence: &str,
) {
    let valid = |text: &str| serde_json::from_str::<serde_json::Value>(text).is_ok();
    let was_valid = valid(text);
    let mut text = text.to_owned();
    let mut left = findings.to_vec();
    for _ in 0..1000 {
        let Some(fix) = left.iter().find_map(|finding| finding.fix.clone()) else { return };
        let before = left.len();
        text = apply(&text, &fix);
        assert!(!was_valid || valid(&text), "{whence}: {} broke the JSON: {text}", fix.title);
        left = run(rule, carrier, text.as_bytes(), configured).1;
        assert!(left.len() < before, "{whence}: {} did not mend it: {text}", fix.title);
    }
    panic!("{whence}: the fixes do not end");
}

pub fn describe(text: &str, findings: &[Finding]) -> String {
    let index = LineIndex::new(text, Before::default());
    let mut out = String::new();
    for finding in findings {
        let start = index.position(finding.primary.start);
        let end = index.position(finding.primary.end);
        writeln!(
            out,
            "{}:{}-{}:{} {}[{}] {}",
            start.line,
            start.column,
            end.line,
            end.column,
            finding.severity,
            finding.rule,
            finding.message.read(text)
        )
        .unwrap();
        let label = if finding.label.is_empty() { String::new() } else { format!(" ({})", finding.label) };
        writeln!(out, "  at   {:?}{label}", shown(text, finding, finding.primary)).unwrap();
        for related in &finding.related {
            writeln!(out, "  also {:?} ({})", shown(text, finding, related.span), related.text).unwrap();
        }
        if let Some(inside) = &finding.inside {
            writeln!(out, "  in   {:?}", inside.pointer).unwrap();
        }
        if let Some(help) = &finding.help {
            writeln!(out, "  help {help}").unwrap();
        }
        if let Some(fix) = &finding.fix {
            writeln!(out, "  fix  {} ({:?})", fix.title, fix.applicability).unwrap();
        }
    }
    out
}

fn shown(text: &str, finding: &Finding, span: Span) -> String {
    match finding.secret {
        Some(secret) if secret.start < span.end && span.start < secret.end => "(secret)".to_owned(),
        _ => span.slice(text).to_owned(),
    }
}

#[test]
fn fixtures() {
    for rule in ALL.iter().filter(|rule| !matches!(rule.check, Check::Run)) {
        for verdict in ["pass", "fail"] {
            let folder = root().join(rule.id).join(verdict);
            let files = inputs(&folder);
            assert!(!files.is_empty(), "{} has no {verdict} fixture", rule.id);
            for path in files {
                let whence = path.display().to_string();
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                let carrier = Carrier::of_name(name.as_bytes()).unwrap_or(Carrier::Json);
                let settings = configured(rule, Some(&path));
                let (text, findings) = run(rule, carrier, &read(&path), &settings);
                assert_sound(rule, &text, &findings, &whence);
                if verdict == "pass" {
                    assert!(findings.is_empty(), "{whence}: {}", describe(&text, &findings));
                    continue;
                }
                assert!(!findings.is_empty(), "{whence}: nothing found");
                assert_fixes_converge(rule, carrier, &text, &findings, &settings, &whence);
                let mut settings = insta::Settings::clone_current();
                settings.set_snapshot_path(&folder);
                settings.set_prepend_module_to_snapshot(false);
                settings.set_omit_expression(true);
                settings.bind(|| {
                    insta::assert_snapshot!(name, describe(&text, &findings));
                });
            }
        }
    }
}

/// Everything in a folder, however deep, by its path in there.
fn files_in(folder: &Path, inside: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder.join(inside)).unwrap() {
        let entry = entry.unwrap();
        let path = inside.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            files_in(folder, &path, found);
        } else {
            found.push(path);
        }
    }
}

/// What a rule says of a whole run shows in folders, each of which is checked as one.
#[test]
fn fixtures_of_whole_runs() {
    for rule in ALL.iter().filter(|rule| matches!(rule.check, Check::Run)) {
        for verdict in ["pass", "fail"] {
            let folder = root().join(rule.id).join(verdict);
            let entries = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
            let mut cases: Vec<_> = entries.filter(|path| path.is_dir()).collect();
            cases.sort();
            assert!(!cases.is_empty(), "{} has no {verdict} fixture", rule.id);
            for case in cases {
                let name = case.file_name().unwrap().to_string_lossy().into_owned();
                let copy = Folder::new(&format!("rule-{}-{verdict}-{name}", rule.id));
                let mut files = Vec::new();
                files_in(&case, Path::new(""), &mut files);
                for file in files {
                    copy.write(file.to_str().unwrap(), fs::read(case.join(&file)).unwrap());
                }
                let out = copy.run(&["check", "--format", "concise"]).out;
                let is_told = out.contains(&format!("[{}]", rule.id));
                assert_eq!(is_told, verdict == "fail", "{}: {out}", case.display());
                if is_told {
                    let mut settings = insta::Settings::clone_current();
                    settings.set_snapshot_path(&folder);
                    settings.set_prepend_module_to_snapshot(false);
                    settings.set_omit_expression(true);
                    settings.bind(|| insta::assert_snapshot!(name, out));
                }
            }
        }
    }
}

#[test]
fn every_folder_is_a_rule() {
    for entry in fs::read_dir(root()).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        assert!(ALL.iter().any(|rule| rule.id == name), "fixtures/rules/{name} is no rule");
    }
}

#[test]
fn every_file_is_a_rule_of_its_name() {
    let helpers = ["mod", "evidence", "references", "secrets", "signs", "subject", "team", "words"];
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules")).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let known = ALL.iter().any(|rule| rule.id.replace('-', "_") == stem);
        assert!(known || helpers.contains(&stem.as_str()), "src/rules/{stem}.rs is no rule");
    }
    let mut ids: Vec<_> = ALL.iter().map(|rule| rule.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), ALL.len(), "two rules have one id");
}

#[test]
fn examples_hold() {
    for rule in ALL.iter().filter(|rule| !matches!(rule.check, Check::Run)) {
        // What is too long for the API is too long for an example as well.
        let shown = rule.id != "oversized-body";
        assert!(rule.bad.is_empty() != shown && !rule.good.is_empty(), "{} has no examples", rule.id);
        for text in rule.bad {
            let (carrier, settings) = (carrier_of_example(text), configured(rule, None));
            let (text, findings) = run(rule, carrier, text.as_bytes(), &settings);
            assert!(!findings.is_empty(), "{}: nothing found in its bad example {text}", rule.id);
            assert_sound(rule, &text, &findings, rule.id);
            assert_fixes_converge(rule, carrier, &text, &findings, &settings, rule.id);
        }
        for text in rule.good {
            // A good example is good in the eyes of every rule.
            let input = Input { carrier: carrier_of_example(text), ..Input::json(text) };
            let mut scratch = Scratch::default();
            let linted = lint(&input, &configured(rule, None), &mut scratch);
            assert!(linted.findings.is_empty(), "{}: {}", rule.id, describe(text, linted.findings));
        }
    }
}

#[test]
fn records_are_complete() {
    for rule in ALL {
        for (what, text) in [("summary", rule.summary), ("why", rule.why), ("remedy", rule.remedy)] {
            assert!(text.len() > 10, "{}: {what} is empty", rule.id);
        }
        assert!(!rule.summary.ends_with('.'), "{}: the summary is a phrase", rule.id);
        assert!(!rule.evidence.source().is_empty(), "{}: no source", rule.id);
    }
}

//! Recordings that are too long to be read whole: what is said of them is what is said of short ones.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use paylint::carrier::{Assume, Carrier};
use paylint::files::{Event, Splitter};
use paylint::json::{Arena, Kind, Value};
use paylint::lint::{Input, Scratch, Settings, lint};
use paylint::report::{Format, Shown, Style};
use paylint::text::{Before, Span};

use crate::rules::inputs;

/// Longer than what is read whole.
const LONG: usize = 1 << 20;

const ID: &str = "5f1f4b6e-5f0a-4c0e-9d5e-3f2f5a1f8b11";

/// Makes a list of events of a text that comes in pieces of a length.
fn events(text: &str, piece: usize) -> Vec<Event> {
    let mut splitter = Splitter::default();
    let (mut at, mut events) = (0, Vec::new());
    let mut end = 0;
    while end < text.len() {
        end = (end + piece).min(text.len());
        while let Some(event) = splitter.next(&text.as_bytes()[..end], &mut at) {
            events.push(event);
        }
        assert_eq!(at, end);
    }
    events
}

/// The same, read off the tree.
fn events_of_tree(text: &str) -> Vec<Event> {
    let mut arena = Arena::new();
    let document = arena.parse(text);
    assert!(document.faults().is_empty(), "{:?} in {text}", document.faults());
    let entries = document.root().unwrap().get("log").and_then(|log| log.get("entries"));
    let Some(entries) = entries.filter(|entries| entries.kind() == Kind::Array) else { return Vec::new() };
    let requests = entries.items().filter_map(|entry| entry.get("request"));
    let spans = requests.filter(|request| request.is_object()).map(Value::span);
    let events = spans.flat_map(|span: Span| {
        [Event::RequestOpened(span.start as usize), Event::RequestClosed(span.end as usize)]
    });
    std::iter::once(Event::ListOpened(entries.span().start as usize)).chain(events).collect()
}

#[test]
fn the_splitter_finds_what_the_tree_has() {
    let mut texts = vec![
        r#"{"log":{"entries":[]}}"#.to_owned(),
        r#"{"log":{"pages":[{"entries":[{"request":{}}]}],"entries":[{"request":{}},{"request":{"a":"}"}}]}}"#
            .to_owned(),
        r#" { "request" : {} , "log" : { "request" : [ { } ], "entries" : [ 1, "request", { "a" : "request" , "request" : { "request" : { } } } ] } } "#
            .to_owned(),
        r#"{"entries":[{"request":{}}],"log":[{"entries":[{"request":{}}]}]}"#.to_owned(),
        r#"{"log":{"entries":[{"request":"x"},{"request":[{}]},{"response":{"request":{}}},{"re\"quest":{},"\\":{},"request":{"\\":"\\\\"}}]}}"#
            .to_owned(),
    ];
    // Runs of backslashes before quotes and brackets, at every place of a block of 64 bytes.
    for run in 0..6 {
        for shift in 0..70 {
            let escapes = "\\\\".repeat(run);
            let fill = "x".repeat(shift);
            texts.push(format!(
                r#"{{"log":{{"entries":[{{"c":{{"t":"{fill}{escapes}\"}}]"}},"request":{{"t":["{fill}{escapes}","{{{escapes}"]}}}},{{"request":{{}}}}]}}}}"#
            ));
        }
    }
    for path in inputs(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/carriers/har")) {
        let text = fs::read_to_string(&path).unwrap();
        if !path.ends_with("cut-off.har") {
            texts.push(text.trim_start_matches('\u{feff}').to_owned());
        }
    }
    for text in texts {
        let expected = events_of_tree(&text);
        for piece in [1, 2, 3, 7, 63, 64, 65, 127, 1000, text.len()] {
            assert_eq!(events(&text, piece), expected, "in pieces of {piece}: {text}");
        }
    }
}

#[test]
fn the_splitter_stands_any_text() {
    let signs = ["{", "}", "[", "]", "\"", "\\", ":", ",", "log", "entries", "request", "\"log\":", " ", "é"];
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    for _ in 0..2_000 {
        let mut text = String::new();
        for _ in 0..200 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(signs[usize::try_from(state >> 33).unwrap() % signs.len()]);
        }
        let whole = events(&text, text.len());
        assert_eq!(events(&text, 5), whole, "{text}");
        assert_eq!(events(&text, 64), whole, "{text}");
    }
}

/// A recording of some length: requests of ours that are wrong, between others.
fn recording(newline: &str) -> String {
    let mut text = format!(r#"{{"log":{{{newline}"comment":"録画 – größer","entries":[{newline}"#);
    let mut nth = 0;
    while text.len() < LONG {
        let body = format!(r#"{{\"attributes\":{{\"名前\":\"{nth}\",\"größe\":{nth},\"\u00e9\":\"ok\"}}}}"#);
        let host = if nth % 3 == 1 { "www.example.com" } else { "api.mypurecloud.de" };
        let slash = if nth % 2 == 0 { "/" } else { "\\/" };
        let url = format!("https://{host}/api/v2/conversations/{ID}/participants/{ID}/attributes")
            .replace('/', slash);
        let answer = "Gespräch \\\"{[\\\\".repeat(nth * 37 % 400);
        write!(
            text,
            r#"{{"request":{{{newline}"headers":[],"url":"{url}","method":"PATCH",{newline}"postData":{{"mimeType":"application/json","text":"{body}"}}}},{newline}"response":{{"content":{{"text":"{answer}"}}}}}},{newline}"#
        )
        .unwrap();
        nth += 1;
    }
    write!(text, r#"{{"request":{{"url":"data:,"}}}}]}}}}{newline}"#).unwrap();
    text
}

/// What the JSON report says of a text that is checked whole, but for the pointers.
fn whole(text: &str, path: &str) -> (Vec<serde_json::Value>, usize) {
    let mut settings = Settings::default();
    settings.wants.fixes = true;
    let mut scratch = Scratch::default();
    let input = Input { carrier: Carrier::Har, assume: Assume::Nothing, ..Input::json(text) };
    let linted = lint(&input, &settings, &mut scratch);
    let shown = Shown {
        path,
        before: Before::default(),
        document: &linted.document,
        findings: linted.findings,
        all: linted.findings,
    };
    let style = Style { color: false, width: 80, unicode: true, links: false };
    let mut out = Vec::new();
    Format::Json.begin(&mut out);
    Format::Json.text(&shown, &style, &mut out);
    Format::Json.end(&paylint::report::Summary::default(), &mut out);
    (findings(&out).0, linted.requests)
}

/// The findings of a JSON report without their pointers, and the number of requests.
fn findings(report: &[u8]) -> (Vec<serde_json::Value>, u64) {
    let mut report: serde_json::Value = serde_json::from_slice(report).unwrap();
    let found = report["findings"].as_array_mut().unwrap();
    for finding in &mut *found {
        finding.as_object_mut().unwrap().remove("pointer");
    }
    (std::mem::take(found), report["summary"]["requests"].as_u64().unwrap())
}

fn command(arguments: &[&str], folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_paylint"));
    command.args(["check", "--format", "json"]).args(arguments).current_dir(folder);
    command
}

#[test]
fn a_long_recording_is_read_as_a_short_one() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("har");
    fs::create_dir_all(&folder).unwrap();
    for (name, newline) in [("minified", ""), ("lines", "\n"), ("windows", "\r\n"), ("old", "\r")] {
        for mark in ["", "\u{feff}"] {
            let text = format!("{mark}{}", recording(newline));
            let path = format!("{name}{}.har", mark.len());
            let (mut expected, requests) = whole(&text, &path);
            // Of a recording that is taken apart, only what is cut out of it is looked at.
            expected.retain(|finding| finding["rule"] != "byte-order-mark");
            assert!(expected.len() > 100, "{} findings", expected.len());
            fs::write(folder.join(&path), &text).unwrap();
            let output = command(&[&path], &folder).output().unwrap();
            let (found, seen) = findings(&output.stdout);
            assert_eq!(found, expected, "{path}");
            assert_eq!(seen, requests as u64);
            for finding in &found {
                let at = |point: &str| usize::try_from(finding[point]["offset"].as_u64().unwrap()).unwrap();
                assert!(text[at("start")..at("end")].bytes().all(|byte| byte.is_ascii_digit()));
            }
            // From a pipe it comes in other pieces.
            let mut child = command(&["-", "--stdin-filename", &path], &folder)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let mut pipe = child.stdin.take().unwrap();
            let writer = std::thread::spawn(move || {
                let mut rest = text.as_bytes();
                let mut size = 1;
                while !rest.is_empty() {
                    size = size * 3 % 9973 + 1;
                    let (now, later) = rest.split_at(size.min(rest.len()));
                    pipe.write_all(now).unwrap();
                    rest = later;
                }
            });
            let output = child.wait_with_output().unwrap();
            writer.join().unwrap();
            assert_eq!(findings(&output.stdout).0, expected, "{path} from a pipe");
        }
    }
}

#[test]
fn files_are_counted_once_and_told_why_they_are_not() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("har-counts");
    fs::create_dir_all(&folder).unwrap();
    let run = |name: &str, text: &str| {
        fs::write(folder.join(name), text).unwrap();
        let output = command(&[name], &folder).output().unwrap();
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let number = |of: &str| report["summary"][of].as_u64().unwrap();
        (number("files"), number("requests"), number("skipped"), report["findings"].clone())
    };
    let fill = " ".repeat(LONG);
    let entry = |url: &str, body: &str| {
        format!(
            r#"{{"request":{{"method":"PATCH","url":"{url}","headers":[],"postData":{{"text":"{body}"}}}},"response":{{}}}}"#
        )
    };
    let url = format!("https://api.mypurecloud.de/api/v2/conversations/{ID}/participants/{ID}/attributes");
    let ours = entry(&url, r#"{\"attributes\":{\"a\":\"1\"}}"#);
    let other = entry("https://example.com/", "{}");
    for fill in ["", fill.as_str()] {
        let good = format!(r#"{{"log":{{"entries":[{ours},{other},{fill}{ours}]}}}}"#);
        assert_eq!(run("good.har", &good), (1, 2, 0, serde_json::json!([])));
        let none = format!(r#"{{"log":{{"entries":[{other}{fill}]}}}}"#);
        assert_eq!(run("none.har", &none), (0, 0, 1, serde_json::json!([])));
        assert_eq!(run("empty.har", fill).0, u64::from(fill.is_empty()));
        // Cut off between two requests: what is whole is checked, and the rest is told.
        let cut = format!(r#"{{"log":{{"entries":[{ours},{{"response":{{"content":"{fill}"#);
        let (files, requests, skipped, found) = run("cut.har", &cut);
        assert_eq!((files, requests, skipped), (1, 1, 0));
        assert!(found.as_array().unwrap().iter().all(|finding| finding["rule"] == "syntax-error"));
        assert!(!found.as_array().unwrap().is_empty());
        // Cut off within a request.
        let cut = format!(r#"{{"log":{{"entries":[{fill}{}"#, &ours[..ours.len() - 40]);
        let (files, requests, skipped, found) = run("cut-within.har", &cut);
        assert_eq!((files, requests, skipped), (1, 1, 0));
        assert!(!found.as_array().unwrap().is_empty());
    }
    // A request that is longer than a block.
    let long = entry(&url, &format!(r#"{{\"attributes\":{{\"long\":\"{}\",\"n\":1}}}}"#, "é".repeat(LONG)));
    let text = format!(r#"{{"log":{{"entries":[{other},{long},{ours}]}}}}"#);
    let (files, requests, _, found) = run("long.har", &text);
    assert_eq!((files, requests), (1, 2));
    let rules: Vec<_> = found.as_array().unwrap().iter().map(|finding| &finding["rule"]).collect();
    assert_eq!(rules, ["oversized-body", "non-string-value"]);
    let offset = usize::try_from(found[1]["start"]["offset"].as_u64().unwrap()).unwrap();
    assert_eq!(&text[offset..=offset], "1");
}

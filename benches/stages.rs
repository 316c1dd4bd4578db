//! What each stage costs, on texts made here: many small bodies, and one large; a large collection of
//! Postman's, and a recording of 100 MB.
//!
//! `cargo bench` prints the times; `benches/README.md` has the ratios that were seen.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot run should say so")]

use std::fmt::Write as _;
use std::hint::black_box;

use divan::Bencher;
use divan::counter::BytesCount;
use paylint::config::Flags;
use paylint::files::{Configs, Job, Search, Selection, check};
use paylint::json::Arena;
use paylint::lint::{Input, Scratch, Settings, lint};
use paylint::report::{Format, Shown, Style};
use paylint::rules::Survey;
use paylint::text::Before;

fn main() {
    divan::main();
}

/// A repeatable stream of numbers.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

/// A body of so many attributes; numbers for strings, where it is to be wrong.
fn body(attributes: usize, wrong: bool) -> String {
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    let mut text = String::from("{\n  \"attributes\": {\n");
    for at in 0..attributes {
        let comma = if at + 1 < attributes { "," } else { "" };
        let value = numbers.next();
        if wrong {
            writeln!(text, "    \"attribute_{at:06}\": {value}{comma}").unwrap();
        } else {
            writeln!(text, "    \"attribute_{at:06}\": \"{value:016x}{:08x}\"{comma}", value >> 32).unwrap();
        }
    }
    text.push_str("  }\n}\n");
    text
}

const SIZES: [usize; 3] = [17, 1_000, 200_000];

#[divan::bench(args = SIZES)]
fn parse(bencher: Bencher<'_, '_>, attributes: usize) {
    let text = body(attributes, false);
    let mut arena = Arena::new();
    bencher.counter(BytesCount::new(text.len())).bench_local(|| arena.parse(black_box(&text)).nodes().len());
}

#[divan::bench(args = SIZES)]
fn parse_serde_json_value(bencher: Bencher<'_, '_>, attributes: usize) {
    let text = body(attributes, false);
    let parse = || serde_json::from_str::<serde_json::Value>(black_box(&text)).unwrap();
    bencher.counter(BytesCount::new(text.len())).bench_local(parse);
}

#[divan::bench(args = SIZES)]
fn parse_serde_json_grammar_only(bencher: Bencher<'_, '_>, attributes: usize) {
    let text = body(attributes, false);
    let parse = || serde_json::from_str::<serde::de::IgnoredAny>(black_box(&text)).unwrap();
    bencher.counter(BytesCount::new(text.len())).bench_local(parse);
}

#[divan::bench(args = SIZES)]
fn survey(bencher: Bencher<'_, '_>, attributes: usize) {
    let text = body(attributes, false);
    let mut arena = Arena::new();
    let document = arena.parse(&text);
    let mut survey = Survey::default();
    bencher.counter(BytesCount::new(text.len())).bench_local(|| survey.of(black_box(&document), false));
}

#[divan::bench(args = SIZES)]
fn lint_valid(bencher: Bencher<'_, '_>, attributes: usize) {
    whole(bencher, &body(attributes, false));
}

#[divan::bench(args = SIZES)]
fn lint_all_wrong(bencher: Bencher<'_, '_>, attributes: usize) {
    whole(bencher, &body(attributes, true));
}

fn whole(bencher: Bencher<'_, '_>, text: &str) {
    let settings = Settings::default();
    let mut scratch = Scratch::default();
    let input = Input::json(text);
    bencher
        .counter(BytesCount::new(text.len()))
        .bench_local(|| lint(black_box(&input), &settings, &mut scratch).findings.len());
}

#[divan::bench(args = [Format::Concise, Format::Json, Format::Full])]
fn report_a_thousand(bencher: Bencher<'_, '_>, format: Format) {
    let text = body(1_000, true);
    let settings = Settings::default();
    let mut scratch = Scratch::default();
    let linted = lint(&Input::json(&text), &settings, &mut scratch);
    let style = Style { color: false, width: 80, unicode: true, links: false };
    let mut out = Vec::new();
    bencher.bench_local(|| {
        out.clear();
        let shown = Shown {
            path: "payloads/body.json",
            before: Before::default(),
            document: &linted.document,
            findings: linted.findings,
            all: linted.findings,
        };
        format.text(black_box(&shown), &style, &mut out);
        out.len()
    });
}

const ID: &str = "5f1f4b6e-5f0a-4c0e-9d5e-3f2f5a1f8b11";

/// A collection of 5,000 requests, of which one in so many is for the API's conversations.
fn collection(one_in: usize) -> String {
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    let mut text = String::from(
        r#"{"info":{"name":"all","schema":"https://schema.getpostman.com/json/collection/v2.1.0/"},"item":["#,
    );
    for at in 0..5_000 {
        let path = if at % one_in == 0 {
            format!("conversations/{{{{conversationId}}}}/participants/{ID}/attributes")
        } else {
            format!("routing/queues/{ID}/members")
        };
        // As long as an order's number is, and no card's.
        let (one, two) = (numbers.next() % 100_000_000, numbers.next());
        let body = format!(
            r#"{{\n  \"attributes\": {{\n    \"order_id\": \"{one}\",\n    \"segment\": \"{{{{segment}}}}\",\n    \"note\": \"{two:x}\"\n  }}\n}}"#
        );
        let segments = path.split('/').map(|segment| format!("\"{segment}\"")).collect::<Vec<_>>().join(",");
        let comma = if at + 1 < 5_000 { "," } else { "" };
        write!(
            text,
            r#"
{{"name":"request {at}","event":[{{"listen":"test","script":{{"exec":["pm.test('ok', () => pm.response.to.have.status(202));"],"type":"text/javascript"}}}}],
"request":{{"method":"PATCH","header":[{{"key":"Content-Type","value":"application/json"}}],"body":{{"mode":"raw","raw":"{body}","options":{{"raw":{{"language":"json"}}}}}},
"url":{{"raw":"{{{{baseUrl}}}}/api/v2/{path}","host":["{{{{baseUrl}}}}"],"path":["api","v2",{segments}]}}}},
"response":[{{"name":"ok","status":"OK","code":200,"header":[{{"key":"Content-Type","value":"application/json"}}],"cookie":[],"body":"{{\"id\": \"{ID}\", \"selfUri\": \"/api/v2/{path}\"}}"}}]}}{comma}"#
        )
        .unwrap();
    }
    text.push_str(r#"],"variable":[{"key":"baseUrl","value":"https://api.mypurecloud.de"},{"key":"segment","value":"gold"}]}"#);
    text
}

const SHARES: [usize; 2] = [1, 20];

#[divan::bench(args = SHARES)]
fn collection_parse(bencher: Bencher<'_, '_>, one_in: usize) {
    let text = collection(one_in);
    let mut arena = Arena::new();
    bencher.counter(BytesCount::new(text.len())).bench_local(|| arena.parse(black_box(&text)).nodes().len());
}

#[divan::bench(args = SHARES)]
fn collection_lint(bencher: Bencher<'_, '_>, one_in: usize) {
    whole(bencher, &collection(one_in));
}

/// A recording: pages, scripts and pictures, and now and then a request to the API.
fn recording(length: usize) -> String {
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    let mut text = String::with_capacity(length + (1 << 20));
    text.push_str("{\n  \"log\": {\n    \"version\": \"1.2\",\n    \"entries\": [");
    let mut at = 0;
    while text.len() < length {
        let ours = at % 16 == 7;
        let url = if ours {
            format!("https://api.mypurecloud.de/api/v2/conversations/{ID}/participants/{ID}/attributes")
        } else {
            format!("https://cdn.example.com/{:x}.js", numbers.next())
        };
        let value = numbers.next();
        write!(
            text,
            r#"
      {{
        "startedDateTime": "2026-03-02T09:14:07.412Z",
        "request": {{
          "method": "PATCH",
          "url": "{url}",
          "httpVersion": "h2",
          "headers": [{{"name": "accept", "value": "*/*"}}, {{"name": "user-agent", "value": "Mozilla/5.0 (X11; Linux x86_64)"}}],
          "queryString": [],
          "cookies": [],
          "headersSize": -1,
          "bodySize": 60,
          "postData": {{"mimeType": "application/json", "text": "{{\"attributes\":{{\"order\":\"{value}\",\"zone\":\"größer\"}}}}"}}
        }},
        "response": {{"status": 200, "content": {{"size": 1, "mimeType": "text/plain", "text": ""#
        )
        .unwrap();
        // Half of what comes back is pictures, half is text with quotes and line breaks.
        for _ in 0..numbers.next() % 4_000 {
            let word = numbers.next();
            if at % 2 == 0 {
                write!(text, "{word:016X}").unwrap();
            } else {
                write!(text, r#"\"{:05x}\": [{{}}],\n  "#, word >> 44).unwrap();
            }
        }
        text.push_str("\"}},\n        \"time\": 41.3\n      },");
        at += 1;
    }
    text.push_str("\n      {}\n    ]\n  }\n}\n");
    text
}

const HUNDRED_MB: usize = 100_000_000;

#[divan::bench(sample_count = 20)]
fn recording_parse(bencher: Bencher<'_, '_>) {
    let text = recording(HUNDRED_MB);
    let mut arena = Arena::new();
    bencher.counter(BytesCount::new(text.len())).bench_local(|| arena.parse(black_box(&text)).nodes().len());
}

/// The whole command, reading included, on one thread. `minified` is all in one line.
#[divan::bench(sample_count = 20, args = ["pretty", "minified"])]
fn recording_check(bencher: Bencher<'_, '_>, form: &str) {
    let text = recording(HUNDRED_MB);
    let text = if form == "minified" { text.replace('\n', "") } else { text };
    let path = std::env::temp_dir().join(format!("paylint-bench-{}-{form}.har", std::process::id()));
    std::fs::write(&path, &text).unwrap();
    let configs =
        Configs::new(Search::Nowhere, &[], Flags::default(), None).unwrap_or_else(|_| unreachable!());
    let selection = Selection::new(&[], &[], None).unwrap();
    let style = Style { color: false, width: 80, unicode: true, links: false };
    let job = Job {
        known: None,
        configs: &configs,
        list: false,
        carrier: None,
        fixing: None,
        selection: &selection,
        format: Format::Concise,
        style: &style,
        list_skipped: false,
        named: paylint::carrier::Assume::Named,
        threads: Some(1),
        stdin_name: "-",
        progress: &|_, _| {},
    };
    bencher.counter(BytesCount::new(text.len())).bench_local(|| {
        let totals = check(&job, std::slice::from_ref(&path), &mut Vec::new()).unwrap();
        assert!(totals.summary.requests > 10 && totals.summary.files == 1);
        totals.summary.requests
    });
    std::fs::remove_file(&path).unwrap();
}

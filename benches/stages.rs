//! What each stage costs, on texts made here: many small bodies, and one large.
//!
//! `cargo bench` prints the times; `benches/README.md` has the ratios that were seen.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot run should say so")]

use std::fmt::Write as _;
use std::hint::black_box;

use divan::Bencher;
use divan::counter::BytesCount;
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
        };
        format.text(black_box(&shown), &style, &mut out);
        out.len()
    });
}

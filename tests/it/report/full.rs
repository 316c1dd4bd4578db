//! What a person sees.

use std::fmt::Write as _;

use paylint::diagnostic::{Finding, Fix, Label, Severity};
use paylint::report::{Format, Style};
use paylint::text::{Before, Span};
use unicode_width::UnicodeWidthStr;

use super::{PLAIN, finding, render, render_plain, span_of};

macro_rules! assert_drawing {
    ($name:literal, $drawing:expr) => {
        let mut settings = insta::Settings::clone_current();
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!($name, $drawing));
    };
}

fn number_in(text: &str, needle: &str) -> Finding {
    let span = span_of(text, needle);
    let mut finding = finding(span, "attribute `priority` is a number, it must be a string");
    finding.help = Some(format!("write it as a string: `\"{needle}\"`").into());
    finding.fix = Some(Box::new(Fix::replace("put the value in quotes", span, format!("\"{needle}\""))));
    finding
}

#[test]
fn one_line() {
    let text = r#"{"attributes": {"priority": 12}}"#;
    assert_drawing!("one_line", render_plain(Format::Full, text, &[number_in(text, "12")]));
}

#[test]
fn lines_around() {
    let text = "{\n  \"attributes\": {\n    \"order_id\": \"12345\",\n    \"priority\": 12,\n    \"vip\": \"true\"\n  }\n}\n";
    let mut finding = number_in(text, "12,");
    finding.primary.end -= 1;
    finding.label = "a number".into();
    assert_drawing!("lines_around", render_plain(Format::Full, text, &[finding]));
}

fn doubled(text: &str) -> Finding {
    let key = "\"order_id\"";
    let second = text.rfind(key).unwrap();
    let mut finding = finding(Span::from_usize(second, second + key.len()), "key `order_id` appears twice");
    finding.rule = "duplicate-key";
    finding.label = "again".into();
    finding.related.push(Label { span: span_of(text, key), text: "first".into() });
    finding.help = Some("remove one of them: the API keeps the last".into());
    finding
}

#[test]
fn two_labels() {
    let text = "{\"attributes\": {\n  \"order_id\": \"1\",\n  \"order_id\": \"2\"\n}}\n";
    let same_line = "{\"order_id\": \"1\", \"order_id\": \"2\"}";
    let out = [text, same_line].map(|text| render_plain(Format::Full, text, &[doubled(text)])).join("\n");
    assert_drawing!("two_labels", out);
}

#[test]
fn far_label() {
    let mut text = "{\"attributes\": {\n  \"order_id\": \"1\",\n".to_owned();
    for nth in 0..120 {
        writeln!(text, "  \"key_{nth}\": \"\",").unwrap();
    }
    text.push_str("  \"order_id\": \"2\"\n}}\n");
    assert_drawing!("far_label", render_plain(Format::Full, &text, &[doubled(&text)]));
}

#[test]
fn several_findings() {
    let text = "{\n  \"atributes\": {\n    \"priority\": 12\n  }\n}\n";
    let mut unknown = finding(
        span_of(text, "\"atributes\""),
        "`atributes` is no property of UpdateConversationCallParticipant, which has `attributes`, `state`, `muted` and 6 others",
    );
    unknown.rule = "unknown-property";
    unknown.label = "did you mean `attributes`?".into();
    unknown.help = Some("take one of the names that `paylint schema UpdateConversationCallParticipant` prints; the API ignores any other, and answers as if all were well".into());
    unknown.fix = Some(Box::new(Fix::replace("rename it", unknown.primary, "\"attributes\"").needs_a_look()));
    let mut whole = finding(span_of(text, "{\n    \"priority\": 12\n  }"), "a map");
    whole.severity = Severity::Warning;
    let mut number = number_in(text, "12");
    number.severity = Severity::Info;
    assert_drawing!("several_findings", render_plain(Format::Full, text, &[unknown, whole, number]));
}

#[test]
fn odd_text() {
    let text = "\u{feff}{\r\n\t\"名前\": \"山田\u{1b}[31m\u{202e}\",\r\n\t\"priority\": 12\r\n}\r\n";
    let mut escape = finding(span_of(text, "\u{1b}"), "U+001B must be written as `\\u001b`");
    escape.rule = "syntax-error";
    escape.label = "here".into();
    assert_drawing!("odd_text", render_plain(Format::Full, text, &[escape, number_in(text, "12")]));
}

#[test]
fn json_lines() {
    let text = r#"{"attributes": {"priority": 12}}"#;
    let before = Before { bytes: 4_000_000, lines: 99_999, columns: 0 };
    let out = render(Format::Full, &PLAIN, "calls/many.jsonl", before, text, &[number_in(text, "12")]);
    assert_drawing!("json_lines", out);
}

#[test]
fn a_place_between_characters() {
    let text = "{\n  \"a\": \"1\"\n  \"b\": \"2\"";
    let mut comma = finding(Span::empty(12), "a comma is missing");
    comma.label = "here".into();
    let end = finding(Span::from_usize(text.len(), text.len()), "the object is not closed");
    assert_drawing!("between", render_plain(Format::Full, text, &[comma, end]));
}

#[test]
fn ascii() {
    let text = "{\"attributes\": {\n  \"order_id\": \"1\",\n  \"order_id\": \"2\"\n}}\n";
    let style = Style { unicode: false, ..PLAIN };
    let out = render(Format::Full, &style, "p.json", Before::default(), text, &[doubled(text)]);
    assert!(out.is_ascii());
    assert_drawing!("ascii", out);
}

#[test]
fn colour_and_links() {
    let text = r#"{"attributes": {"priority": 12}}"#;
    let style = Style { color: true, links: true, ..PLAIN };
    let out = render(Format::Full, &style, "p.json", Before::default(), text, &[number_in(text, "12")]);
    assert_drawing!("colour_and_links", out.replace('\u{1b}', "␛"));
}

/// One line of 2 MB with a thousand findings.
fn minified() -> (String, Vec<Finding>) {
    let mut text = "{\"attributes\":{\"order_id\":\"\"".to_owned();
    let mut findings = Vec::new();
    for nth in 0..1000 {
        write!(text, ",\"key_{nth}\":\"{}\",\"größe_{nth}\":", "x".repeat(1970)).unwrap();
        let start = text.len();
        write!(text, "{nth}").unwrap();
        let mut finding =
            finding(Span::from_usize(start, text.len()), "attribute is a number, it must be a string");
        finding.label = "a number".into();
        findings.push(finding);
    }
    text.push_str(",\"order_id\":\"\"}}");
    let last = doubled(&text);
    findings.push(last);
    (text, findings)
}

#[test]
fn a_window_on_a_minified_line() {
    let (text, findings) = minified();
    for (unicode, width) in [(true, 80), (false, 80), (true, 200), (true, 1)] {
        let style = Style { unicode, width, ..PLAIN };
        let out = render(Format::Full, &style, "min.json", Before::default(), &text, &findings);
        for line in out.lines() {
            let room = width.max(43);
            assert!(line.width() <= room, "{} columns: {line}", line.width());
        }
        assert!(out.len() < findings.len() * 1500);
        for nth in [0, 9, 500, 999] {
            assert!(out.contains(&format!("größe_{nth}\":{nth}")) || width == 1, "{nth}");
        }
    }
    let some = [findings[0].clone(), findings[700].clone(), findings[1000].clone()];
    assert_drawing!("minified", render_plain(Format::Full, &text, &some));
}

#[test]
fn a_wide_label_is_cut_with_its_line() {
    let text = format!("{{\"a\": \"{}\", \"b\": {}}}", "山".repeat(60), "\u{301}".repeat(5000));
    let long = span_of(&text, &"山".repeat(60));
    let out =
        render_plain(Format::Full, &text, &[finding(long, "m"), finding(span_of(&text, "\u{301}"), "n")]);
    assert!(out.lines().all(|line| line.width() <= 80), "{out}");
    assert!(out.len() < 8000);
}

#[test]
fn fixes_are_asked_for_where_they_are_shown() {
    assert!(Format::Full.wants().fixes && Format::Json.wants().fixes && !Format::Concise.wants().fixes);
}

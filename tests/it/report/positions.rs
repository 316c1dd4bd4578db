//! Every format says the same place, and the place is the right one.

use paylint::json::Arena;
use paylint::report::{Format, Style};
use paylint::text::{Before, LineIndex, Span};
use serde_json::Value;
use unicode_width::UnicodeWidthChar;

use super::{PLAIN, finding, render};

const TEXTS: &[&str] = &[
    r#"{"attributes": {"priority": 1}}"#,
    "{\n  \"attributes\": {\n    \"a\": 1,\n    \"b\": true\n  }\n}\n",
    "{\r\n  \"attributes\": {\r\n\t\"a\":\t1,\r\n\t\t\"b\": [true]\r\n  }\r\n}\r\n",
    "{\r\"a\": 1,\r\"b\": 2\r}",
    "\u{feff}{\"naïve\": 1, \"größe\": \"ß\"}",
    "\u{feff}\n{\"a\": 1}",
    "{\"名前\": \"山田太郎\", \"ключ\": 5, \"한국어\": null}",
    "{\"e\u{301}te\u{301}\": \"👩‍💻 ok\", \"x\": \"a\u{300}\u{301}b\"}",
    r#"{"esc\u00e9\n\"q\"": "\ud83d\ude00\\", "n": 1e5}"#,
    "{\"raw\u{1b}[31m\": \"tab\there\u{0}\u{7f}\u{85}\u{202e}\u{2028}\", \"b\": \u{feff}1}",
    "[1,\n\n\n2,\n\n3]",
    "{\"a\": 1",
    "1",
];

/// Spans worth trying: every node, every character, the empty one before each, the end.
fn spans(text: &str) -> Vec<Span> {
    let mut arena = Arena::new();
    let mut spans: Vec<_> = arena.parse(text).nodes().iter().map(paylint::json::Node::span).collect();
    for (at, character) in text.char_indices() {
        spans.push(Span::from_usize(at, at));
        spans.push(Span::from_usize(at, at + character.len_utf8()));
    }
    spans.push(Span::from_usize(text.len(), text.len()));
    spans.sort();
    spans.dedup();
    spans
}

/// Line and column by counting, from the words of their definition.
fn count(text: &str, offset: usize, before: Before) -> (u64, u64) {
    let mut line = before.lines + 1;
    let mut column = before.columns + 1;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        if at >= offset {
            break;
        }
        let next = characters.peek().map(|(_, next)| *next);
        if at == 0 && before.bytes == 0 && character == '\u{feff}' {
            continue;
        }
        if character == '\n' || (character == '\r' && next != Some('\n')) {
            line += 1;
            column = 1;
        } else {
            column += 1;
        }
    }
    (line, column)
}

fn befores() -> [Before; 3] {
    [
        Before::default(),
        Before { bytes: 98_765, lines: 1233, columns: 0 },
        Before { bytes: 98_765, lines: 0, columns: 76_543 },
    ]
}

#[test]
fn json_and_concise_agree_with_counting() {
    for text in TEXTS {
        for before in befores() {
            let spans = spans(text);
            let findings: Vec<_> = spans
                .iter()
                .map(|span| {
                    let mut finding = finding(*span, "m");
                    finding.related.push(paylint::diagnostic::Label { span: *span, text: "there".into() });
                    finding
                })
                .collect();
            let out = render(Format::Json, &PLAIN, "p", before, text, &findings);
            assert_eq!(out.lines().count(), findings.len(), "one finding a line");
            let json: Value = serde_json::from_str(&out).unwrap();
            let concise = render(Format::Concise, &PLAIN, "a:b/c.json", before, text, &findings);
            let entries = json["findings"].as_array().unwrap();
            assert_eq!(entries.len(), findings.len());
            assert_eq!(concise.lines().count(), findings.len());
            for ((entry, line), span) in entries.iter().zip(concise.lines()).zip(&spans) {
                for (point, offset) in [("start", span.start), ("end", span.end)] {
                    let (line, column) = count(text, offset as usize, before);
                    let expected = serde_json::json!({
                        "line": line, "column": column, "offset": before.bytes + u64::from(offset)
                    });
                    assert_eq!(entry[point], expected, "{point} of {span:?} in {text:?}");
                    assert_eq!(entry["related"][0][point], expected);
                }
                let (number, column) = count(text, span.start as usize, before);
                assert_eq!(line, format!("a:b/c.json:{number}:{column}: error[non-string-value] m"));
            }
        }
    }
}

#[test]
fn positions_near_each_other() {
    for text in TEXTS {
        let index = LineIndex::new(text, Before::default());
        let offsets: Vec<_> = spans(text).iter().map(|span| span.start).collect();
        for from in 0..index.line_count() + 2 {
            for offset in &offsets {
                let mut near = from;
                assert_eq!(index.position_near(*offset, &mut near), index.position(*offset));
                assert_eq!(near, index.line_index(*offset));
            }
        }
    }
}

#[test]
fn pointers_lead_back() {
    for text in TEXTS {
        let mut arena = Arena::new();
        let document = arena.parse(text);
        let Ok(parsed) = serde_json::from_str::<Value>(text) else { continue };
        let values: Vec<_> = document
            .nodes()
            .iter()
            .filter(|node| node.kind != paylint::json::Kind::Key)
            .map(paylint::json::Node::span)
            .collect();
        let findings: Vec<_> = values.iter().map(|span| finding(*span, "m")).collect();
        let json: Value =
            serde_json::from_str(&render(Format::Json, &PLAIN, "p", Before::default(), text, &findings))
                .unwrap();
        for (entry, span) in json["findings"].as_array().unwrap().iter().zip(values) {
            let pointer = entry["pointer"].as_str().unwrap();
            let value: Value = serde_json::from_str(span.slice(text)).unwrap();
            assert_eq!(parsed.pointer(pointer), Some(&value), "{pointer} in {text}");
        }
    }
}

/// What a character of the text is shown as.
fn shown(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match character {
            '\t' => out.push_str("    "),
            '\0'..='\u{1f}' => out.push(char::from_u32(0x2400 + u32::from(character)).unwrap()),
            '\u{7f}' => out.push('␡'),
            '\u{80}'..='\u{9f}' | '\u{202e}' | '\u{2028}' | '\u{feff}' => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}

fn width(text: &str) -> usize {
    text.chars().map(|character| character.width().unwrap_or(0)).sum()
}

/// The first line of a drawing that has an underline: its number, its text, and the columns that
/// are underlined.
fn underlined(drawing: &str) -> (u64, &str, std::ops::Range<usize>) {
    let lines: Vec<_> = drawing.lines().collect();
    let under = lines
        .iter()
        .position(|line| line.trim_start().starts_with(['·', ':']))
        .unwrap_or_else(|| panic!("nothing is underlined in:\n{drawing}"));
    let (number, text) = lines[under - 1].split_once(['│', '|']).unwrap();
    let (_, marks) = lines[under].split_once(['·', ':']).unwrap();
    let marks = &marks[1..];
    let from = marks.find(|mark| mark != ' ').unwrap();
    let to = marks.trim_end().chars().count();
    (number.trim().parse().unwrap(), &text[1..], from..to)
}

/// The characters of a line that stand above columns.
fn above(line: &str, columns: &std::ops::Range<usize>) -> String {
    let mut column = 0;
    let mut out = String::new();
    for character in line.chars() {
        let wide = character.width().unwrap_or(0);
        let is_above = if wide == 0 {
            // A mark belongs to what it is drawn on.
            column > columns.start && column <= columns.end
        } else {
            column >= columns.start && column < columns.end
        };
        if is_above {
            out.push(character);
        }
        column += wide;
    }
    out
}

#[test]
fn underlines_stand_under_their_characters() {
    for text in TEXTS {
        for before in befores() {
            for unicode in [true, false] {
                let style = Style { unicode, ..PLAIN };
                for span in spans(text) {
                    let out = render(Format::Full, &style, "p.json", before, text, &[finding(span, "m")]);
                    let (line, column) = count(text, span.start as usize, before);
                    assert!(
                        out.contains(&format!("[p.json:{line}:{column}]")),
                        "{span:?} is at {line}:{column}, not:\n{out}"
                    );
                    let (number, shown_line, columns) = underlined(&out);
                    assert_eq!(number, line, "{span:?} of {text:?}:\n{out}");
                    let mark_is_hidden = before.bytes == 0 && text.starts_with('\u{feff}');
                    let hidden = |part: &str| -> String {
                        if mark_is_hidden { part.replacen('\u{feff}', "", 1) } else { part.to_owned() }
                    };
                    let part = &text[span.range()];
                    let part = if span.start == 0 { hidden(part) } else { part.to_owned() };
                    let first_line = part.split(['\n', '\r']).next().unwrap();
                    if width(&shown(first_line)) == 0 {
                        // Nothing to stand under: one column, where it would be.
                        let before_it = &text[..span.start as usize];
                        let is_inside_crlf = text[span.start as usize..].starts_with('\n');
                        let before_it =
                            if is_inside_crlf { before_it.trim_end_matches('\r') } else { before_it };
                        let from_line = before_it.rsplit(['\n', '\r']).next().unwrap();
                        let from_line = if from_line.starts_with('\u{feff}') {
                            hidden(from_line)
                        } else {
                            from_line.into()
                        };
                        assert_eq!(columns.len(), 1, "{span:?} of {text:?}:\n{out}");
                        assert_eq!(columns.start, width(&shown(&from_line)), "{span:?} of {text:?}:\n{out}");
                    } else if unicode {
                        let expected: String = shown(first_line)
                            .chars()
                            .skip_while(|character| character.width() == Some(0))
                            .collect();
                        let seen = above(shown_line, &columns);
                        assert!(
                            seen == expected
                                || seen.trim_end_matches(|c: char| c.width() == Some(0)) == expected,
                            "{expected:?} is underlined as {seen:?}:\n{out}"
                        );
                    } else {
                        assert_eq!(columns.len(), width(&shown(first_line)), "{span:?} of {text:?}:\n{out}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_label_that_another_begins_in_ends_there() {
    let text = r#"{"attributes": {"a": 1, "a": 2}}"#;
    let whole = super::span_of(text, r#"{"a": 1, "a": 2}"#);
    let second = Span::new(24, 27);
    for (outer, inner) in [(whole, second), (second, whole)] {
        let mut finding = finding(outer, "m");
        finding.label = "outer".into();
        finding.related.push(paylint::diagnostic::Label { span: inner, text: "inner".into() });
        let out = render(Format::Full, &PLAIN, "p", Before::default(), text, &[finding]);
        let (_, line, columns) = underlined(&out);
        assert_eq!(above(line, &columns), r#"{"a": 1, "a""#, "{out}");
        assert!(out.contains("outer") && out.contains("inner"), "{out}");
        let start = count(text, outer.start as usize, Before::default());
        assert!(out.contains(&format!("[p:{}:{}]", start.0, start.1)), "{out}");
    }
}

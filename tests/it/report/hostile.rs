//! Nothing of the input's reaches the output as it is, if a terminal would obey it.

use paylint::diagnostic::{Finding, Fix, Label};
use paylint::report::{Format, Style, escaped};
use paylint::text::{Before, Span};

use super::{PLAIN, finding, render};

const NASTY: &str = "\0\u{1}\u{7}\u{8}\t\n\u{b}\u{c}\r\u{1b}[31m\u{1b}]8;;x\u{1b}\\\u{7f}\u{80}\u{85}\u{9b}31m\u{9f}\u{61c}\u{200e}\u{200f}\u{2028}\u{2029}\u{202a}\u{202e}\u{2066}\u{2069}\u{feff}";

fn is_obeyed(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn nasty_case() -> (String, Vec<Finding>) {
    let text = format!("{{\"k{NASTY}\": \"v{NASTY}\", \"n\": 1}}");
    let mut findings = Vec::new();
    for (at, character) in text.char_indices() {
        let span = Span::from_usize(at, at + character.len_utf8());
        let mut finding = finding(span, format!("message {NASTY}"));
        finding.help = Some(format!("help {NASTY}").into());
        finding.label = format!("label {NASTY}").into();
        finding.related.push(Label { span: Span::new(0, 1), text: format!("related {NASTY}").into() });
        finding.fix = Some(Box::new(Fix::replace(format!("title {NASTY}"), span, NASTY)));
        findings.push(finding);
    }
    (text, findings)
}

#[test]
fn no_control_character_but_line_feeds() {
    let (text, findings) = nasty_case();
    let path = format!("dir{NASTY}/file.json");
    for format in [Format::Full, Format::Concise, Format::Json] {
        for unicode in [true, false] {
            let style = Style { unicode, ..PLAIN };
            let out = render(format, &style, &path, Before::default(), &text, &findings);
            let found = out.chars().find(|character| *character != '\n' && is_obeyed(*character));
            assert_eq!(found, None, "in {format:?}");
            match format {
                Format::Full => {}
                Format::Concise | Format::Json => assert_eq!(out.lines().count(), findings.len()),
            }
        }
    }
}

#[test]
fn only_colours_and_links_are_sent_to_a_terminal() {
    let (text, findings) = nasty_case();
    let style = Style { color: true, links: true, ..PLAIN };
    let out = render(Format::Full, &style, NASTY, Before::default(), &text, &findings);
    let mut rest = out.as_str();
    while let Some(at) = rest.find(|character| character != '\n' && is_obeyed(character)) {
        let sequence = &rest[at..];
        let len = if sequence.starts_with("\u{1b}[") {
            let len = sequence.find('m').unwrap() + 1;
            assert!(
                sequence[2..len - 1].chars().all(|c| c.is_ascii_digit() || c == ';'),
                "{:?}",
                &sequence[..len]
            );
            len
        } else {
            let target =
                sequence.strip_prefix("\u{1b}]8;;").unwrap_or_else(|| panic!("{:?}", &sequence[..4]));
            let len = target.find("\u{1b}\\").unwrap();
            assert!(len == 0 || target[..len].ends_with("src/rules/README.md#non-string-value"));
            5 + len + 2
        };
        rest = &sequence[len..];
    }
    let bare = render(Format::Full, &PLAIN, NASTY, Before::default(), &text, &findings);
    assert!(bare.len() < out.len());
}

#[test]
fn json_gives_back_what_it_escapes() {
    let (text, findings) = nasty_case();
    let out = render(Format::Json, &PLAIN, NASTY, Before::default(), &text, &findings);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    let first = &json["findings"][0];
    assert_eq!(first["path"], NASTY);
    assert_eq!(first["message"], format!("message {NASTY}"));
    assert_eq!(first["related"][0]["message"], format!("related {NASTY}"));
    assert_eq!(first["fix"]["edits"][0]["text"], NASTY);
}

#[test]
fn escapes_are_visible() {
    assert_eq!(escaped("a\u{1b}[0m\r\n"), "a\\u{1b}[0m\\r\\n");
    assert_eq!(escaped("\u{feff}\u{202e}\u{9b}"), "\\u{feff}\\u{202e}\\u{9b}");
    for text in ["", "plain", "größe 山田 👩‍💻", "\\u{1b}"] {
        assert!(matches!(escaped(text), std::borrow::Cow::Borrowed(same) if same == text));
    }
}

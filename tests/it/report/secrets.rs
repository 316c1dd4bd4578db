//! What a finding calls secret is shown nowhere.

use paylint::diagnostic::{Fix, Label, Message};
use paylint::report::{Format, Style};
use paylint::text::{Before, Span};

use super::{PLAIN, finding, render, render_plain, span_of};

const CARD: &str = "4111 1111 1111 1111";

#[test]
fn masked_wherever_the_bytes_are() {
    let text = format!(
        "{{\n  \"attributes\": {{\n    \"n\": 1,\n    \"card\": \"{CARD}\",\n    \"{CARD}\": 2\n  }}\n}}"
    );
    let card = span_of(&text, CARD);
    let key = Span::from_usize(text.rfind(CARD).unwrap(), text.rfind(CARD).unwrap() + CARD.len());
    let near = finding(span_of(&text, "1,"), "near");
    let mut own = finding(card, "own");
    own.secret = Some(card);
    let mut careless = finding(span_of(&text, "2\n").join(key), format!("attribute `{CARD}` is a number"));
    careless.help = Some(format!("not {CARD}{CARD}").into());
    careless.label = CARD.into();
    careless.related.push(Label { span: card, text: CARD.into() });
    careless.fix = Some(Box::new(Fix::replace(format!("drop {CARD}"), key, CARD)));
    let mut second = finding(key, "key");
    second.secret = Some(key);
    let mut named = finding(key, "");
    named.message = Message::Named { words: &["attribute `", "` is named"], name: key };
    let findings = [near, own, second, careless, named];
    for format in [Format::Full, Format::Concise, Format::Json] {
        for unicode in [true, false] {
            let style = Style { unicode, ..PLAIN };
            let out = render(format, &style, "p", Before::default(), &text, &findings);
            assert!(!out.contains("4111") && !out.contains("1111"), "{format:?}:\n{out}");
        }
    }
    let json: serde_json::Value =
        serde_json::from_str(&render_plain(Format::Json, &text, &findings)).unwrap();
    assert!(json["findings"][3]["fix"].is_null());
    let hidden = "•".repeat(CARD.len());
    assert_eq!(json["findings"][3]["message"], format!("attribute `{hidden}` is a number"));
    assert_eq!(json["findings"][4]["message"], format!("attribute `{hidden}` is named"));
}

#[test]
fn one_column_for_one() {
    let text = r#"{"attributes": {"t": "Bearer 山\u0041é", "x": 1}}"#;
    let token = span_of(text, r"山\u0041é");
    let mut secret = finding(token, "a token, as in `山Aé`");
    secret.secret = Some(token);
    let out = render_plain(Format::Full, text, &[secret, finding(span_of(text, "1}"), "after")]);
    assert!(out.contains("\"Bearer •••••••••\", \"x\": 1"), "{out}");
    assert!(out.contains("as in `•••`"), "{out}");
}

#[test]
fn secrets_that_begin_alike() {
    let text = r#"["abcdefgh", "abcdefghij", "abcx"]"#;
    let mut findings: Vec<_> = ["abcdefgh\"", "abcdefghij\"", "abcx\""]
        .iter()
        .map(|needle| {
            let span = span_of(text, needle);
            let mut finding = finding(Span::new(span.start, span.end - 1), "m");
            finding.secret = Some(finding.primary);
            finding
        })
        .collect();
    findings[0].message = "abcdefghij abcdefghi abcx abcd abcdefgabcdefgh".into();
    let out = render_plain(Format::Concise, text, &findings);
    assert!(out.contains("] •••••••••• ••••••••i •••• abcd abcdefg••••••••\n"), "{out}");
}

/// What is put together when it is written reads as it would have before.
#[test]
fn a_name_from_the_text() {
    let text = "{\"\u{202e}x\": 1}";
    let name = Span::new(2, u32::try_from(text.len()).unwrap() - 5);
    let mut named = finding(span_of(text, "1"), "");
    named.message = Message::Named { words: &["attribute `", "` is a number"], name };
    let mut settled = named.clone();
    settled.message.settle(text);
    assert!(matches!(settled.message, Message::Text(_)));
    for format in [Format::Full, Format::Concise, Format::Json] {
        let out = render_plain(format, text, &[named.clone()]);
        assert!(out.contains("x` is a number") && !out.contains('\u{202e}'), "{format:?}:\n{out}");
        assert_eq!(out, render_plain(format, text, &[settled.clone()]));
    }
}

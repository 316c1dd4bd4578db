//! Files that are not in UTF-8.

use paylint::carrier::{Assume, Skip};
use paylint::lint::{Input, Scratch, Settings, lint, readable};
use paylint::text::Span;

/// The rules that speak, and why nothing was checked, of bytes met with all rules on.
fn met(bytes: &[u8], assume: Assume) -> (Vec<&'static str>, Option<Skip>) {
    let (text, invalid_utf8) = readable(bytes);
    let mut scratch = Scratch::default();
    let input = Input { invalid_utf8: &invalid_utf8, assume, ..Input::json(&text) };
    let linted = lint(&input, &Settings::default(), &mut scratch);
    (linted.findings.iter().map(|finding| finding.rule).collect(), linted.skip)
}

/// A text in UTF-16 of either order, with its byte-order mark and without.
fn utf_16(text: &str) -> [Vec<u8>; 4] {
    let bytes = |mark: &str, order: fn(u16) -> [u8; 2]| {
        mark.encode_utf16().chain(text.encode_utf16()).flat_map(order).collect()
    };
    [
        bytes("\u{feff}", u16::to_le_bytes),
        bytes("\u{feff}", u16::to_be_bytes),
        bytes("", u16::to_le_bytes),
        bytes("", u16::to_be_bytes),
    ]
}

#[test]
fn utf_16_is_said_once() {
    for text in [
        r#"{"state": "connected"}"#,
        "{\r\n\t\"attributes\": {\"customer\": \"Zoë 東京 😀\", \"muted\": 1,}\r\n}\r\n",
        r#"{"method": "PATCH", "url": "/api/v2/conversations/{conversationId}/participants/{participantId}", "body": {"state": 1}}"#,
    ] {
        for bytes in utf_16(text) {
            for assume in [Assume::Body, Assume::Nothing] {
                assert_eq!(met(&bytes, assume), (vec!["invalid-utf8"], None), "{text}");
            }
        }
    }
}

#[test]
fn utf_16_that_is_no_request_is_skipped() {
    for bytes in utf_16(r#"{"name": "paylint", "version": "0.1.0"}"#) {
        assert_eq!(met(&bytes, Assume::Nothing), (vec![], Some(Skip::NotRecognised)));
    }
    for bytes in utf_16(r#"{"method": "GET", "url": "https://example.com/a/b", "body": {"a": 1}}"#) {
        let (rules, skip) = met(&bytes, Assume::Nothing);
        assert!(rules.is_empty() && skip.is_some());
    }
}

#[test]
fn bytes_stay_in_their_place() {
    let (text, invalid) = readable(b"{\"a\": \"\xe9\xe8 \xff\xc3\xa9\xc3\"}");
    assert_eq!(text, "{\"a\": \"?? ?é?\"}");
    assert_eq!(invalid, [Span::new(7, 9), Span::new(10, 11), Span::new(13, 14)]);
    let all: Vec<u8> = (0..=255).cycle().take(2000).collect();
    let (text, invalid) = readable(&all);
    assert_eq!(text.len(), all.len());
    assert!(invalid.windows(2).all(|pair| pair[0].end < pair[1].start));
    assert!(invalid.iter().all(|run| run.slice(&text).bytes().all(|byte| byte == b'?')));
}

#[test]
fn every_short_beginning_of_a_text_is_taken_for_something() {
    for text in utf_16(r#"{"attributes": {"größe": "XL"}}"#) {
        for end in 0..text.len() {
            met(&text[..end], Assume::Body);
            met(&text[end..], Assume::Body);
        }
    }
}

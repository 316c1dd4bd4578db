//! Files that are not in UTF-8.

use paylint::carrier::{Assume, Carrier, Skip};
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

/// What is found in a file of a kind, and the bytes that each speaks of.
fn found(carrier: Carrier, bytes: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let (text, invalid_utf8) = readable(bytes);
    let mut scratch = Scratch::default();
    let assume = Assume::Nothing;
    let input = Input { invalid_utf8: &invalid_utf8, carrier, assume, ..Input::json(&text) };
    let linted = lint(&input, &Settings::default(), &mut scratch);
    linted.findings.iter().map(|finding| (finding.rule, bytes[finding.primary.range()].to_vec())).collect()
}

#[test]
fn bytes_are_told_of_where_they_are_sent() {
    let script = b"#!/bin/sh\n# gr\xf6\xdfe\nNAME='Zo\xeb'\ncurl -X PATCH \"$BASE/api/v2/conversations/$C/participants/$P/attributes\" \\\n  -H 'X-Name: Jos\xe9' -d \"{\\\"attributes\\\": {\\\"a\\\": \\\"\xe9\xe8\\\"}}\"\n";
    let told = |bytes: &[u8]| ("invalid-utf8", bytes.to_vec());
    assert_eq!(found(Carrier::Curl, script), [told(b"\xe9"), told(b"\xe9\xe8")]);
    let http = b"### gr\xf6\xdfe\nPATCH https://api.mypurecloud.de/api/v2/conversations/{{c}}/participants/{{p}}/attributes\n\n{\"attributes\": {\"a\": \"\xe9\", \"b\": 5}}\n";
    assert_eq!(found(Carrier::Http, http), [told(b"\xe9"), ("non-string-value", b"5".to_vec())]);
    let yaml = b"# gr\xf6\xdfe\nmethod: PATCH\nurl: /api/v2/conversations/{c}/participants/{p}/attributes\nbody:\n  attributes:\n    # \xe9\n    a: Zo\xeb\n";
    assert_eq!(found(Carrier::Yaml, yaml), [told(b"\xeb")]);
}

#[test]
fn where_a_request_goes_is_not_known_of_bytes_that_are_no_text() {
    let script = b"curl -X PATCH \"https://api.mypurecloud.de/api/v2/conversations/\xe9/participant\"\n";
    assert_eq!(found(Carrier::Curl, script), [("invalid-utf8", b"\xe9".to_vec())]);
}

#[test]
fn documentation_sends_nothing() {
    let page = b"# Genesys Cloud\n\n```http\nPATCH https://api.mypurecloud.de/api/v2/conversations/YOUR_CALL_ID/participants/abc/attributes\n\n{\"attributes\": {\"a\": \"\xe9\"}}\n```\n";
    assert_eq!(found(Carrier::Markdown, page), []);
}

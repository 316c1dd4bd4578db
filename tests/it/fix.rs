//! Fixing, pure: it comes to an end, breaks nothing, and touches nothing but what it says.

use std::fs;
use std::path::{Path, PathBuf};

use paylint::carrier::{ALL, Assume, Carrier};
use paylint::diagnostic::{Applicability, Edit, Finding, Fix, Severity};
use paylint::fix::{Fixed, Fixer, MOST_ROUNDS, Text};
use paylint::lint::{Input, Linted, Scratch, Settings, lint, readable};
use paylint::text::Span;
use proptest::prelude::*;

use crate::rules::read;

fn text(bytes: &[u8], carrier: Carrier) -> Text<'_> {
    Text { bytes, carrier, assume: Assume::Body, one_line: false }
}

fn fixed(text: &Text<'_>, most: Applicability) -> Fixed {
    Fixer::new(&Settings::default(), most).fix(text, &mut Scratch::default())
}

/// What fixing makes of a JSON text.
fn mended(input: &str, most: Applicability) -> String {
    let fixed = fixed(&text(input.as_bytes(), Carrier::Json), most);
    assert!(fixed.ended);
    fixed.bytes.map_or_else(|| input.to_owned(), |bytes| String::from_utf8(bytes).unwrap())
}

/// Replaces ranges of bytes from the last to the first: another way than the fixer's.
fn replay(bytes: &[u8], rounds: &[Vec<Edit>]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for edits in rounds {
        for edit in edits {
            let ends = |text: &[u8]| text.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count();
            let replaced = ends(&bytes[edit.span.range()]);
            assert!(ends(edit.text.as_bytes()) <= replaced, "{edit:?} writes a line end");
        }
        for pair in edits.windows(2) {
            assert!(pair[0].span.end <= pair[1].span.start, "edits overlap: {pair:?}");
        }
        for edit in edits.iter().rev() {
            bytes.splice(edit.span.range(), edit.text.bytes());
        }
    }
    bytes
}

fn count(bytes: &[u8], carrier: Carrier, assume: Assume, rule: &str) -> usize {
    let (text, invalid_utf8) = readable(bytes);
    let input = Input { invalid_utf8: &invalid_utf8, carrier, assume, ..Input::json(&text) };
    let mut scratch = Scratch::default();
    let linted = lint(&input, &Settings::default(), &mut scratch);
    linted.findings.iter().filter(|finding| finding.rule == rule).count()
}

fn is_json(bytes: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok()
}

/// All that holds of fixing any text.
fn check(text: &Text<'_>, most: Applicability) {
    let Text { bytes, carrier, assume, .. } = *text;
    let shown = String::from_utf8_lossy(bytes);
    let fixed = fixed(text, most);
    assert!(fixed.ended, "the fixes do not end: {shown}");
    let now = fixed.bytes.clone().unwrap_or_else(|| bytes.to_vec());
    let after = String::from_utf8_lossy(&now);
    assert_eq!(fixed.bytes.is_some(), !fixed.done.is_empty());
    assert_eq!(fixed.rounds.is_empty(), fixed.done.is_empty());
    // What is not replaced by an edit is there still, and in its order.
    assert!(replay(bytes, &fixed.rounds) == now, "more was changed than was said: {shown} -> {after}");
    assert!(!is_json(bytes) || is_json(&now), "it broke: {shown} -> {after}");
    for rule in ["syntax-error", "duplicate-key", "invalid-utf8"] {
        let (old, new) = (count(bytes, carrier, assume, rule), count(&now, carrier, assume, rule));
        assert!(new <= old, "{rule}: {old} before, {new} after: {shown} -> {after}");
    }
    let again = self::fixed(&Text { bytes: &now, ..*text }, most);
    assert!(again.bytes.is_none(), "there is more to fix: {shown} -> {after} ({:?})", again.done);
}

fn everyway(bytes: &[u8], carrier: Carrier) {
    for most in [Applicability::Safe, Applicability::Unsafe] {
        for assume in [Assume::Body, Assume::Nothing] {
            check(&Text { assume, ..text(bytes, carrier) }, most);
        }
    }
}

fn fixtures(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            fixtures(&path, found);
        } else if path.extension().is_some_and(|extension| extension != "snap" && extension != "gen") {
            found.push(path);
        }
    }
    found.sort();
}

/// Every fixture of the repository, with the carrier that its name or its folder says.
fn all_fixtures() -> Vec<(PathBuf, Carrier, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut files = Vec::new();
    fixtures(&root, &mut files);
    let of = |path: PathBuf| {
        let inside = path.strip_prefix(&root).unwrap().to_owned();
        let folder = inside.iter().nth(1).and_then(|folder| folder.to_str()).and_then(Carrier::by_id);
        let named = Carrier::of_name(path.file_name().unwrap().as_encoded_bytes());
        let bytes = read(&path);
        (path, folder.or(named).unwrap_or(Carrier::Json), bytes)
    };
    files.into_iter().map(of).collect()
}

#[test]
fn fixtures_are_mended() {
    let all = all_fixtures();
    assert!(all.len() > 100, "the fixtures are there");
    for (_, carrier, bytes) in all.iter().filter(|(_, _, bytes)| bytes.len() < 1 << 20) {
        everyway(bytes, *carrier);
    }
}

/// With all that can be applied applied, no finding is left that has a fix, but for one that was taken
/// back: of those there is none in the fixtures.
#[test]
fn no_fix_of_a_fixture_is_taken_back() {
    let mut settings = Settings::default();
    settings.wants.fixes = true;
    for (path, carrier, bytes) in all_fixtures() {
        let now = fixed(&text(&bytes, carrier), Applicability::Unsafe).bytes.unwrap_or(bytes);
        let (text, invalid_utf8) = readable(&now);
        let input = Input { invalid_utf8: &invalid_utf8, carrier, ..Input::json(&text) };
        let mut scratch = Scratch::default();
        let linted = lint(&input, &settings, &mut scratch);
        for finding in linted.findings {
            assert!(
                finding.fix.is_none(),
                "{}: {} still has a fix: {:?}\n{text}",
                path.display(),
                finding.rule,
                finding.fix
            );
        }
    }
}

#[test]
fn safe_fixes() {
    for (before, after) in [
        // As written.
        (
            r#"{"attributes": {"a": 1.0, "b": -0, "c": 1E5, "d": false}}"#,
            r#"{"attributes": {"a": "1.0", "b": "-0", "c": "1E5", "d": "false"}}"#,
        ),
        ("{\"attributes\": {\"a\": \"b\",\r\n},\r\n}\r\n", "{\"attributes\": {\"a\": \"b\"\r\n}\r\n}\r\n"),
        ("\u{feff}{\"attributes\": {\"a\": 1}}", "{\"attributes\": {\"a\": \"1\"}}"),
        (
            "{'attributes': {'a': 'it\\'s \"b\"', \"c\": “d”}}",
            r#"{"attributes": {"a": "it's \"b\"", "c": "d"}}"#,
        ),
        (r#"{"attributes": {"a": True, "b": FALSE}}"#, r#"{"attributes": {"a": "true", "b": "false"}}"#),
        (r#"{"muted": True}"#, r#"{"muted": true}"#),
        (
            r#"{"wrapup": {"code": "5f1f4b6e-5f0a-4c0e-9d5e-3f2f5a1f8b11", "notes": 12}}"#,
            r#"{"wrapup": {"code": "5f1f4b6e-5f0a-4c0e-9d5e-3f2f5a1f8b11", "notes": "12"}}"#,
        ),
        // Of what is to be looked at, nothing is touched.
        (
            r#"{"attributes": {"a": null, "b": {"c": 1}, "d": [1]}}"#,
            r#"{"attributes": {"a": null, "b": {"c": 1}, "d": [1]}}"#,
        ),
        (r#"{"customAttributes": {"a": "b"}}"#, r#"{"customAttributes": {"a": "b"}}"#),
        (r#"{"isMuted": true, "state": "conected"}"#, r#"{"isMuted": true, "state": "conected"}"#),
        (r#"{"attributes": {"a": "b"}} // why"#, r#"{"attributes": {"a": "b"}} // why"#),
    ] {
        assert_eq!(mended(before, Applicability::Safe), after);
    }
}

/// A request to an operation, with what is sent.
fn request(method: &str, path: &str, body: &str) -> String {
    format!(r#"{{"method": "{method}", "url": "/api/v2/conversations/{path}", "body": {body}}}"#)
}

#[test]
fn safe_fixes_of_requests() {
    const IDS: &str =
        "5f1f4b6e-5f0a-4c0e-9d5e-3f2f5a1f8b11/participants/9c2e8a40-17f3-4b7e-8d61-0a5d2b9e4c73";
    let attributes = format!("{IDS}/attributes");
    let right = request("PATCH", &attributes, r#"{"attributes": {"a": "1"}}"#);
    for wrong in [
        request("POST", &attributes, r#"{"attributes": {"a": 1}}"#),
        request("PATCH", &attributes, r#"{"customAttributes": {"a": "1"}}"#),
        request("PATCH", &attributes, r#"{"a": 1}"#),
        request("PUT", &attributes, r#"{"a": 1}"#),
        request("PATCH", &attributes.replace("participants", "participant"), r#"{"attributes": {"a": "1"}}"#),
        request("PATCH", &attributes.replace("/part", "//part"), r#"{"attributes": {"a": "1"}}"#),
    ] {
        let now = mended(&wrong, Applicability::Safe).replace(r#"{"attributes": {"a": "1"}}"#, "{}");
        assert_eq!(now, right.replace(r#"{"attributes": {"a": "1"}}"#, "{}"), "{wrong}");
    }
    // More than one operation fits, or what is sent is to go elsewhere: nothing is done unseen.
    for untouched in [
        request("PATCH", IDS, r#"{"attributes": {"a": "1"}}"#),
        request("PATCH", &format!("voice/{attributes}"), r#"{"attributes": {"a": "1"}}"#),
        request("GET", &attributes, r#"{"attributes": {"a": "1"}}"#),
    ] {
        assert_eq!(mended(&untouched, Applicability::Safe), untouched);
    }
    assert_eq!(mended(&request("PATCH", IDS, r#"{"attributes": {"a": "1"}}"#), Applicability::Unsafe), right);
}

#[test]
fn fixes_to_be_looked_at() {
    for (before, after) in [
        (r#"{"attributes": {"a": null, "b": "c", "d": null}}"#, r#"{"attributes": {"b": "c"}}"#),
        (r#"{"attributes": {"a": null}}"#, r#"{"attributes": {"a": null}}"#),
        (
            r#"{"attributes": {"a": {"b": "c\n"}, "d": [1, 2]}}"#,
            r#"{"attributes": {"a": "{\"b\": \"c\\n\"}", "d": "[1, 2]"}}"#,
        ),
        (r#"{"customAttributes": {"a": 1}}"#, r#"{"attributes": {"a": "1"}}"#),
        (r#"{"mutd": true}"#, r#"{"muted": true}"#),
        // Each of them may be renamed, but both would be one.
        (r#"{"mutd": true, "mutedd": false}"#, r#"{"muted": true, "mutedd": false}"#),
    ] {
        assert_eq!(mended(before, Applicability::Unsafe), after);
    }
}

#[test]
fn a_body_in_a_string_stays_in_it() {
    let before = r#"{"method": "PATCH", "url": "/api/v2/conversations/{c}/participants/{p}/attributes", "body": "{\"attributes\": {\"a\": 1, \"b\": True,}}"}"#;
    let after = r#"{"method": "PATCH", "url": "/api/v2/conversations/{c}/participants/{p}/attributes", "body": "{\"attributes\": {\"a\": \"1\", \"b\": \"true\"}}"}"#;
    assert_eq!(mended(before, Applicability::Safe), after);
    let before = before.replace("True,", "[\\\"x\\\"]");
    let after = after.replace(r#"\"true\""#, r#"\"[\\\"x\\\"]\""#);
    assert_eq!(mended(&before, Applicability::Unsafe), after);
}

/// No empty line is left where a member was.
#[test]
fn members_of_yaml_go_with_their_line() {
    let around = |members: &str| {
        format!(
            "method: PATCH\nurl: /api/v2/conversations/{{c}}/participants/{{p}}/attributes\nbody:\n  attributes:{members}\n"
        )
    };
    for (before, after) in [
        ("\n    leer:\n    b: \"2\"", "\n    b: \"2\""),
        ("\n    a: \"1\"\n    leer:\n    # kept\n    b: \"2\"", "\n    a: \"1\"\n    # kept\n    b: \"2\""),
        ("\n    a: \"1\"\n    leer:\n\n    b: \"2\"\n    ende: null", "\n    a: \"1\"\n    b: \"2\""),
        (" {leer: null, b: \"2\"}", " {b: \"2\"}"),
        (" {\"leer\":null,\n  \"b\": \"2\", ende: }", " {\"b\": \"2\" }"),
    ] {
        let before = around(before);
        let done = fixed(&text(before.as_bytes(), Carrier::Yaml), Applicability::Unsafe);
        assert_eq!(String::from_utf8(done.bytes.unwrap_or_default()).unwrap(), around(after));
    }
}

#[test]
fn bytes_that_are_no_text_are_kept() {
    let before = b"{'attributes': {\"a\xe9\": 1, 'b': 'c\xff\xfe', \"d\": [\"\xe9\"],}}";
    let after = b"{\"attributes\": {\"a\xe9\": \"1\", \"b\": \"c\xff\xfe\", \"d\": [\"\xe9\"]}}";
    let fixed = fixed(&text(before, Carrier::Json), Applicability::Unsafe);
    assert_eq!(String::from_utf8_lossy(&fixed.bytes.unwrap()), String::from_utf8_lossy(after));
    let nothing = b"\xff\xfe{\0\"\0a\0\"\0:\x001\0}\0";
    assert!(self::fixed(&text(nothing, Carrier::Json), Applicability::Unsafe).bytes.is_none());
}

#[test]
fn only_rules_that_are_on_are_applied() {
    let input = r#"{"attributes": {"a": 1, "b": 'c',}}"#;
    let only = |id: &'static str| {
        let settings = Settings::default().with_levels(|rule| (rule.id == id).then_some(rule.level));
        let fixer = Fixer::new(&settings, Applicability::Unsafe);
        let done = fixer.fix(&text(input.as_bytes(), Carrier::Json), &mut Scratch::default());
        String::from_utf8(done.bytes.unwrap_or_default()).unwrap()
    };
    assert_eq!(only("non-string-value"), r#"{"attributes": {"a": "1", "b": 'c',}}"#);
    assert_eq!(only("syntax-error"), r#"{"attributes": {"a": 1, "b": "c"}}"#);
    assert_eq!(only("null-value"), "");
}

#[test]
fn what_is_suppressed_is_not_mended() {
    let input = r#"{"attributes": {"a": 1, "b": 2}}"#;
    let fixer = Fixer::new(&Settings::default(), Applicability::Safe);
    let judge = |linted: &Linted<'_>| {
        let counts = |finding: &&Finding| !finding.message.read(linted.document.text()).contains("`a`");
        linted.findings.iter().filter(counts).cloned().collect()
    };
    let text = text(input.as_bytes(), Carrier::Json);
    let now = fixer.fix_judged(&text, &mut Scratch::default(), Some(&judge));
    assert_eq!(now.bytes.unwrap(), br#"{"attributes": {"a": 1, "b": "2"}}"#);
}

/// A rule that always finds something more: every change makes way for another, at the other end.
#[test]
fn what_never_settles_is_cut_off() {
    let input = r#"{"attributes": {"a": "b"}}"#;
    let judge = |linted: &Linted<'_>| {
        let text = linted.document.text();
        let end = if text.len() % 2 == 0 { 0 } else { text.len() };
        let place = Span::from_usize(end, end);
        let mut finding = Finding::new("dotted-key", Severity::Info, place, "more room is wanted");
        finding.fix = Some(Box::new(Fix::replace("make room", place, " ")));
        vec![finding]
    };
    let fixer = Fixer::new(&Settings::default(), Applicability::Safe);
    let text = text(input.as_bytes(), Carrier::Json);
    let came = fixer.fix_judged(&text, &mut Scratch::default(), Some(&judge));
    assert!(!came.ended);
    assert_eq!((came.rounds.len(), came.done.len()), (MOST_ROUNDS, MOST_ROUNDS));
    let now = came.bytes.unwrap();
    assert_eq!(now, replay(input.as_bytes(), &came.rounds));
    let now = String::from_utf8(now).unwrap();
    assert_eq!((now.trim(), now.len()), (input, input.len() + MOST_ROUNDS));
    // One that gives what was there before is taken back, and is no reason to go on.
    let turning = |linted: &Linted<'_>| {
        let place = Span::new(0, 1);
        let other = if place.slice(linted.document.text()) == " " { "\t" } else { " " };
        let mut finding = Finding::new("dotted-key", Severity::Info, place, "the other is wanted");
        finding.fix = Some(Box::new(Fix::replace("take the other", place, other)));
        vec![finding]
    };
    let input = format!(" {input}");
    let text = Text { bytes: input.as_bytes(), ..text };
    let came = fixer.fix_judged(&text, &mut Scratch::default(), Some(&turning));
    assert!(came.ended && came.bytes.is_none());
}

#[test]
fn what_was_done_is_told() {
    let fixed = fixed(&text(br#"{"attributes": {"a": 1, "b": True}}"#, Carrier::Json), Applicability::Safe);
    let done: Vec<_> = fixed.done.iter().map(|done| (done.rule, done.title.as_ref())).collect();
    assert_eq!(
        done,
        [
            ("non-string-value", "put the value in quotes"),
            ("syntax-error", "write `true`"),
            ("non-string-value", "put the value in quotes")
        ]
    );
    assert_eq!((fixed.rounds.len(), fixed.requests, fixed.skip), (2, 1, None));
}

#[test]
fn a_line_stays_a_line() {
    for most in [Applicability::Safe, Applicability::Unsafe] {
        for (_, carrier, bytes) in all_fixtures().iter().filter(|(_, _, bytes)| bytes.len() < 1 << 16) {
            for line in bytes.split(|byte| *byte == b'\n') {
                let fixed = fixed(&Text { one_line: true, ..text(line, *carrier) }, most);
                assert!(!fixed.bytes.unwrap_or_default().contains(&b'\n'));
            }
        }
    }
}

#[test]
fn many_fixes_take_few_looks() {
    let body = |value: &str| {
        let members = (0..50_000).map(|n| format!("\"k{n}\": {value}, ")).collect::<String>();
        format!("{{\"attributes\": {{{members}\"z\": \"\"}}}}")
    };
    assert_eq!(mended(&body("1"), Applicability::Safe), body("\"1\""));
    let fixed = fixed(&text(body("1").as_bytes(), Carrier::Json), Applicability::Safe);
    assert_eq!((fixed.done.len(), fixed.rounds.len()), (50_000, 1));
}

/// A value of a body, as it may be written, well or not.
fn value() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "1",
        "1.0",
        "-0",
        "true",
        "False",
        "None",
        "null",
        "\"x\"",
        "'x'",
        "'it\\'s \"x\"'",
        "“x”",
        "\"a\\'b\"",
        "\"\t\"",
        "{{x}}",
        "${x}",
        "word",
        "012",
        ".5",
        "\"4111 1111 1111 1111\"",
        "\"é\"",
        "{}",
        "[]",
        "",
        "\"x",
        "\"connected\"",
        "\"Disconnected\"",
        "\"conected\"",
    ]);
    leaf.prop_map(str::to_owned).prop_recursive(3, 12, 4, |inner| {
        let key = prop::sample::select(vec![
            "\"a\"",
            "'b'",
            "c",
            "\"attributes\"",
            "\"customAttributes\"",
            "\"state\"",
            "\"wrapup\"",
            "\"muted\"",
            "\"mutd\"",
            "\"code\"",
            "\"notes\"",
            "\"a.b\"",
            "\"A\"",
            "\"held\"",
            "\"durationSeconds\"",
        ]);
        let space = prop::sample::select(vec!["", " ", "\n  ", "\r\n\t", " /* c */ "]);
        let comma = prop::sample::select(vec![",", ",", ",", ",", ",,", "", ";"]);
        let colon = prop::sample::select(vec![":", ": ", ":", "=", ""]);
        let member = (key, colon, inner.clone(), comma.clone(), space.clone())
            .prop_map(|(key, colon, value, comma, space)| format!("{space}{key}{colon}{value}{comma}"));
        let item = (inner, comma, space).prop_map(|(value, comma, space)| format!("{space}{value}{comma}"));
        prop_oneof![
            4 => prop::collection::vec(member, 0..5).prop_map(|members| format!("{{{}}}", members.concat())),
            1 => prop::collection::vec(item, 0..4).prop_map(|items| format!("[{}]", items.concat())),
        ]
    })
}

fn envelope() -> impl Strategy<Value = String> {
    let method = prop::sample::select(vec!["PATCH", "POST", "PUT", "patch", " PATCH", "UPDATE"]);
    let path = prop::sample::select(vec![
        "/api/v2/conversations/{c}/participants/{p}/attributes",
        "/api/v2/conversations/calls/{c}/participants/{p}",
        "/api/v2/conversations/call/{c}//participant/{p}/attributes",
        "/conversations/{c}/participants/{p}/attributes",
        "http://login.mypurecloud.com/api/v1/conversations/{c}/participants/{p}/attributes",
        "https:\\/\\/api.mypurecloud.com\\/api\\/v2\\/conversations\\/chats\\/{c}\\/participants\\/{p}\\/attributes",
    ]);
    (method, path, value()).prop_map(|(method, path, body)| {
        format!("{{\"method\": \"{method}\", \"url\": \"{path}\", \"scopes\": \"conversation\", \"body\": {body}}}")
    })
}

/// A fixture with something put in, taken out or doubled in a few places.
fn mutation() -> impl Strategy<Value = (Carrier, Vec<u8>)> {
    let small: Vec<_> = all_fixtures()
        .into_iter()
        .filter(|(_, _, bytes)| bytes.len() < 4000)
        .map(|(_, carrier, bytes)| (carrier, bytes))
        .collect();
    let piece = prop::sample::select(vec![
        &b"\""[..],
        b"'",
        b",",
        b":",
        b"{",
        b"}",
        b"[",
        b"]",
        b"\\",
        b"\\\"",
        b"1",
        b"true",
        b"True",
        b"null",
        b"\n",
        b"\r\n",
        b"\t",
        b"\xff",
        b"\xc3",
        b"//",
        b"/*",
        b"${x}",
        b"\xef\xbb\xbf",
        b"",
    ]);
    let change = (any::<prop::sample::Index>(), 0..4usize, piece);
    (prop::sample::select(small), prop::collection::vec(change, 0..6)).prop_map(
        |((carrier, mut bytes), changes)| {
            for (at, length, piece) in changes {
                let at = at.index(bytes.len() + 1);
                let end = (at + length).min(bytes.len());
                bytes.splice(at..end, piece.iter().copied());
            }
            (carrier, bytes)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_body(body in value()) {
        everyway(body.as_bytes(), Carrier::Json);
    }

    #[test]
    fn any_request(request in envelope()) {
        everyway(request.as_bytes(), Carrier::Json);
        let inside = format!(
            "{{\"method\": \"PATCH\", \"url\": \"/api/v2/conversations/calls/x\", \"body\": {}}}",
            serde_json::Value::from(request)
        );
        everyway(inside.as_bytes(), Carrier::Json);
    }

    #[test]
    fn any_mutation_of_a_fixture((carrier, bytes) in mutation()) {
        everyway(&bytes, carrier);
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
        for record in ALL {
            everyway(&bytes, record.carrier);
        }
    }
}

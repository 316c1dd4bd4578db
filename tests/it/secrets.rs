//! The quick look for secrets against the slow one.

use std::fmt::Write as _;

use paylint::lint::{Input, Scratch, Settings, lint};
use paylint::rules::{Secret, SecretKind, may_hold_secret, secrets};
use proptest::prelude::*;

fn kinds(text: &str) -> Vec<SecretKind> {
    secrets(text).iter().map(|secret| secret.kind).collect()
}

/// A number with the check digit that makes it pass.
fn with_check_digit(digits: &str) -> String {
    let passes = |text: &str| {
        let weigh = |(index, digit): (usize, char)| {
            let weighed = digit.to_digit(10).unwrap() * if index % 2 == 0 { 1 } else { 2 };
            if weighed > 9 { weighed - 9 } else { weighed }
        };
        text.chars().rev().enumerate().map(weigh).sum::<u32>() % 10 == 0
    };
    (0..10).map(|check| format!("{digits}{check}")).find(|text| passes(text)).unwrap()
}

#[test]
fn cards_are_told_by_issuer() {
    let cards = [
        ("4111111111111111", "Visa"),
        ("5555555555554444", "Mastercard"),
        ("2221000000000009", "Mastercard"),
        ("378282246310005", "American Express"),
        ("6011111111111117", "Discover"),
        ("30569309025904", "Diners Club"),
        ("3530111333300000", "JCB"),
        ("6205500000000000004", "UnionPay"),
        ("6759649826438453", "Maestro"),
    ];
    // A telephone number may have as many digits.
    assert_eq!(kinds("4222222222222"), []);
    for (number, issuer) in cards {
        assert_eq!(kinds(number), [SecretKind::Card(issuer)], "{number}");
        assert_eq!(kinds(&format!("pan={number};")), [SecretKind::Card(issuer)], "{number} in a text");
        assert_eq!(kinds(&format!("é{number}")), [SecretKind::Card(issuer)], "{number} after another letter");
        for spoilt in [format!("9{number}"), format!("{number}7"), format!("A{number}"), format!("+{number}")]
        {
            assert_eq!(kinds(&spoilt), [], "{spoilt}");
        }
    }
}

#[test]
fn cards_may_be_grouped() {
    for text in [
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "3782 822463 10005",
        "3056 930902 5904",
        "4111 1111 1111 1111 12/27",
        "12 4111 1111 1111 1111",
        "41111111 11111111",
    ] {
        assert_eq!(kinds(text).len(), 1, "{text}");
    }
    assert_eq!(kinds("4111 1111 1111 1111, 5555 5555 5555 4444").len(), 2);
}

#[test]
fn what_only_looks_like_one_is_silent() {
    for text in [
        "4111 1111 1111 1112",
        "4111  1111  1111  1111",
        "5f1f4b6e-5f0a-4c0e-9d5e-3f2f5a1f8b11",
        "12345678-4111-1111-1111-111111111111",
        "54453813-7657-4972-a655-5485768efd57",
        "46392359-3766-4095-a76b-d50884e6bf81",
        "24220722-0946-4564-b71f-aa196cc5e9f8",
        "ab345678-4111-1111-8111-1111111111ab",
        "2024-01-15T10:20:30.000Z",
        "2024-01-15 10:20:30 2024-01-15",
        "1700000000000",
        "1700000000000000",
        "+49 151 2345 678901",
        "+44 4111 1111 1111 1111",
        "+1 (415) 555-0132",
        "415-555-0132 4111",
        "DE44 5001 0517 5407 3249 31",
        "order-1234567890123",
        "0.4111111111111111",
        "4111111111111111.5",
        "0000 0000 0000 0000",
        "Bearer {{token}}",
        "Bearer <token>",
        "Bearer <paste-your-access-token-here>",
        "Bearer ${GENESYS_ACCESS_TOKEN}",
        "Bearer YOUR_TOKEN",
        "Bearer YOUR_ACCESS_TOKEN_GOES_HERE_2024",
        "Bearer xxxxxxxxxxxxxxxxxxxxxxxx",
        "the bearer international-understanding",
        "eyJ...",
        "eyJhbGciOiJIUzI1NiJ9.payload.signature",
        "eyJhbGciOiJIUzI1NiJ9",
        "-----BEGIN PRIVATE KEY-----\nMIIE…\n-----END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\n{{private_key}}\n-----END PRIVATE KEY-----",
        "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END PUBLIC KEY-----",
        "-----BEGIN CERTIFICATE-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END CERTIFICATE-----",
    ] {
        assert_eq!(kinds(text), [], "{text}");
    }
}

#[test]
fn tokens_and_keys_are_found() {
    let jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P";
    assert_eq!(kinds(jwt), [SecretKind::WebToken]);
    assert_eq!(kinds(&format!("https://example.com/?t={jwt}&x=1")), [SecretKind::WebToken]);
    assert_eq!(kinds(&format!("Bearer {jwt}")), [SecretKind::BearerToken]);
    assert_eq!(kinds("bearer  aB3-dE6_gH9.jK2~mN5+pQ8/sT1="), [SecretKind::BearerToken]);
    assert_eq!(kinds("curl -H 'Authorization: Bearer 0123456789abcdef0123'"), [SecretKind::BearerToken]);
    for name in ["", "RSA ", "EC ", "ENCRYPTED ", "OPENSSH "] {
        let key = format!(
            "see -----BEGIN {name}PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\n-----END {name}PRIVATE KEY----- !"
        );
        assert_eq!(kinds(&key), [SecretKind::PrivateKey], "{key}");
    }
}

/// Pieces that secrets, and what is like them, are made of.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[0-9]{1,6}",
        2 => "[ -]",
        2 => "[0-9 -]{4,16}",
        2 => "[4-6][0-9]{11,17}".prop_map(|digits| with_check_digit(&digits)),
        2 => Just("4111 1111 1111 1111".to_owned()),
        1 => "[Bb]earer ",
        2 => "[A-Za-z0-9_.~+/-]{18,30}",
        1 => "eyJ[A-Za-z0-9_-]{7,20}[.]",
        1 => "[A-Za-z0-9_-]{8,20}[.]",
        1 => Just("-----BEGIN RSA PRIVATE KEY-----\n".to_owned()),
        1 => Just("-----END RSA PRIVATE KEY-----".to_owned()),
        2 => "[a-zé ,:/.\"\\\\\n]{0,9}",
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_quick_look_misses_nothing(text in text()) {
        let found = secrets(&text);
        if !found.is_empty() {
            prop_assert!(may_hold_secret(text.as_bytes()), "{text:?}");
        }
        let mut end = 0;
        for Secret { span, .. } in found {
            prop_assert!(span.start >= end && !span.is_empty(), "{text:?}");
            prop_assert!(text.get(span.range()).is_some());
            end = span.end;
        }
    }

    /// However a string is escaped, and wherever it stands, the rule finds what is in the text.
    #[test]
    fn the_rule_misses_nothing(text in text(), escapes in prop::collection::vec(any::<bool>(), 64)) {
        let mut body = r#"{"attributes": {"é": ""#.to_owned();
        for (index, character) in text.chars().enumerate() {
            match character {
                '/' if escapes[index % 64] => body.push_str("\\/"),
                '"' | '\\' => body.extend(['\\', character]),
                '\n' => body.push_str("\\n"),
                _ if escapes[index % 64] && escapes[(index * 7) % 64] && escapes[(index * 13) % 64] => {
                    write!(body, "\\u{:04x}", u32::from(character)).unwrap();
                }
                _ => body.push(character),
            }
        }
        body.push_str("\"}}");
        let settings = Settings::default().with_levels(|rule| (rule.id == "sensitive-value").then_some(rule.level));
        let mut scratch = Scratch::default();
        let input = Input::json(&body);
        let linted = lint(&input, &settings, &mut scratch);
        let shown: Vec<String> = linted.findings.iter().map(|finding| {
            let slice = finding.secret.unwrap().slice(&body);
            serde_json::from_str(&format!("\"{slice}\"")).unwrap()
        }).collect();
        let expected: Vec<_> = secrets(&text).iter().map(|secret| secret.span.slice(&text).to_owned()).collect();
        prop_assert_eq!(shown, expected, "{}", body);
    }
}

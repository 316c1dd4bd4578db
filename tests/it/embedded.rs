//! A body is found to have the same faults wherever it is written, at the same characters.
//!
//! Random bodies are checked alone, and then in each place that a carrier reads them from. How a
//! character is written there is known, so that for each finding the place is, too.

use paylint::carrier::{Assume, Carrier};
use paylint::diagnostic::Finding;
use paylint::lint::{Input, Scratch, Settings, lint};
use paylint::rules::{Group, by_id};
use proptest::prelude::*;

/// A place that a body can be written in.
struct Place {
    /// The carrier's name.
    carrier: &'static str,
    /// What stands before the body, and after it.
    around: (&'static str, &'static str),
    /// How a character of it is written.
    write: fn(char) -> String,
    /// Whether only bodies without a fault of syntax can be written there: they are structure of
    /// another language.
    strict: bool,
}

const OPERATION: &str = "patchConversationParticipantAttributes";

/// Between the quotes of a JSON string.
fn in_json(character: char) -> String {
    let quoted = serde_json::Value::from(character.to_string()).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// As [`in_json`], with nothing but ASCII.
fn in_ascii_json(character: char) -> String {
    if character.is_ascii() {
        return in_json(character);
    }
    character.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect()
}

const PLACES: &[Place] = &[
    Place {
        carrier: "json",
        around: (
            "{\"method\": \"PATCH\",\r\n \"url\": \"/api/v2/conversations/{conversationId}/participants/{participantId}/attributes\", \"body\": ",
            "}",
        ),
        write: String::from,
        strict: true,
    },
    Place {
        carrier: "json",
        around: (
            "{\"method\": \"PATCH\", \"url\": \"/api/v2/conversations/{conversationId}/participants/{participantId}/attributes\", \"body\": \"",
            "\"}",
        ),
        write: in_json,
        strict: false,
    },
    Place {
        carrier: "data-action",
        around: (
            "{\"name\": \"größe\", \"config\": {\"request\": {\"requestUrlTemplate\": \"/api/v2/conversations/${input.conversationId}/participants/${input.participantId}/attributes\",\n \"requestType\": \"PATCH\", \"requestTemplate\": \"",
            "\"}}}",
        ),
        write: in_ascii_json,
        strict: false,
    },
    Place {
        carrier: "terraform",
        around: (
            "# größe\r\nresource \"genesyscloud_integration_action\" \"a\" {\r\n  config_request {\r\n    request_type = \"PATCH\"\r\n    request_url_template = \"/api/v2/conversations/$${input.c}/participants/$${input.p}/attributes\"\r\n    request_template = \"",
            "\"\r\n  }\r\n}\r\n",
        ),
        write: in_terraform,
        strict: false,
    },
    Place {
        carrier: "terraform",
        around: (
            "resource \"genesyscloud_integration_action\" \"a\" {\n  config_request {\n    request_type = \"PATCH\"\n    request_url_template = \"/api/v2/conversations/$${input.c}/participants/$${input.p}/attributes\"\n    request_template = <<EOT\n",
            "\nEOT\n  }\n}\n",
        ),
        write: String::from,
        strict: false,
    },
    Place {
        carrier: "terraform",
        around: (
            "resource \"genesyscloud_integration_action\" \"a\" {\n  config_request {\n    request_type = \"PATCH\"\n    request_url_template = \"/api/v2/conversations/$${input.c}/participants/$${input.p}/attributes\"\n    request_template = <<EOT\n%{ if var.size == \"größe\" ~}\n",
            "\n%{~ else ~}\n{\"attributes\": {\"a\": \"b\"}}\n%{~ endif ~}\nEOT\n  }\n}\n",
        ),
        write: String::from,
        strict: true,
    },
    Place {
        carrier: "http",
        around: (
            "### größe\nPATCH https://api.mypurecloud.de/api/v2/conversations/{{c}}/participants/{{p}}/attributes\nContent-Type: application/json\n\n",
            "\n\n### next\nGET https://example.com/\n",
        ),
        write: String::from,
        strict: false,
    },
    Place {
        carrier: "curl",
        around: (
            "#!/bin/sh\n# größe\ncurl -X PATCH \"https://api.mypurecloud.de/api/v2/conversations/$C/participants/$P/attributes\" \\\n  -H 'Content-Type: application/json' \\\n  -d '",
            "'\necho done\n",
        ),
        write: in_single_quotes,
        strict: false,
    },
    Place {
        carrier: "curl",
        around: (
            "curl -X PATCH \"https://api.mypurecloud.de/api/v2/conversations/$C/participants/$P/attributes\" --json \"",
            "\"\n",
        ),
        write: in_double_quotes,
        strict: false,
    },
    Place {
        carrier: "powershell",
        around: (
            "# größe\r\nInvoke-RestMethod -Method Patch -Uri \"https://api.mypurecloud.de/api/v2/conversations/$c/participants/$p/attributes\" -Body '",
            "'\r\n",
        ),
        write: in_powershell,
        strict: false,
    },
    Place {
        carrier: "postman",
        around: (
            "{\"info\": {\"name\": \"größe\", \"schema\": \"https://schema.getpostman.com/json/collection/v2.1.0/collection.json\"}, \"item\": [{\"name\": \"set\", \"request\": {\"method\": \"PATCH\", \"url\": \"{{host}}/api/v2/conversations/{{c}}/participants/{{p}}/attributes\", \"body\": {\"mode\": \"raw\", \"raw\": \"",
            "\"}}}]}",
        ),
        write: in_json,
        strict: false,
    },
    Place {
        carrier: "har",
        around: (
            "{\"log\": {\"version\": \"1.2\", \"entries\": [{\"comment\": \"größe\", \"request\": {\"method\": \"PATCH\", \"url\": \"https://api.mypurecloud.de/api/v2/conversations/5f1f4b6e-5f0a-4c0e-9d5e-3f2f5a1f8b11/participants/5f1f4b6e-5f0a-4c0e-9d5e-3f2f5a1f8b12/attributes\", \"headers\": [], \"postData\": {\"mimeType\": \"application/json\", \"text\": \"",
            "\"}}}]}}",
        ),
        write: in_ascii_json,
        strict: false,
    },
    Place {
        carrier: "yaml",
        around: (
            "# größe\nmethod: PATCH\nurl: /api/v2/conversations/{conversationId}/participants/{participantId}/attributes\nbody: \"",
            "\"\n",
        ),
        write: in_json,
        strict: false,
    },
    Place {
        carrier: "yaml",
        around: (
            "method: PATCH\nurl: /api/v2/conversations/{conversationId}/participants/{participantId}/attributes\nbody: '",
            "'\n",
        ),
        write: in_yaml_single,
        strict: true,
    },
    Place {
        carrier: "yaml",
        around: (
            "- hosts: größe\n  tasks:\n    - uri:\n        url: '{{ base }}/api/v2/conversations/{{ c }}/participants/{{ p }}/attributes'\n        method: PATCH\n        body: \"",
            "\"\n",
        ),
        write: in_json,
        strict: false,
    },
    Place {
        carrier: "yaml",
        around: (
            "on: push\njobs:\n  größe:\n    steps:\n      - run: |\n          curl -X PATCH \"$BASE/api/v2/conversations/${{ inputs.c }}/participants/$P/attributes\" \\\n            -d '",
            "'\n          echo größe\n",
        ),
        write: in_script,
        strict: true,
    },
    Place {
        carrier: "markdown",
        around: (
            "# Größe\n\nSet attributes:\n\n```http\nPATCH https://api.mypurecloud.de/api/v2/conversations/{{c}}/participants/{{p}}/attributes\nContent-Type: application/json\n\n",
            "\n```\n",
        ),
        write: String::from,
        strict: true,
    },
    Place {
        carrier: "markdown",
        around: (
            "# Größe\n\nWithout a fence:\n\n    $ curl -X PATCH \"https://api.mypurecloud.de/api/v2/conversations/$C/participants/$P/attributes\" \\\n        -d '",
            "'\n",
        ),
        write: in_indented_script,
        strict: true,
    },
];

/// Between the double quotes of a string of Terraform's.
fn in_terraform(character: char) -> String {
    in_json(character)
}

/// Between a shell's single quotes.
fn in_single_quotes(character: char) -> String {
    if character == '\'' { "'\\''".to_owned() } else { character.into() }
}

/// Between a shell's double quotes.
fn in_double_quotes(character: char) -> String {
    if matches!(character, '"' | '\\' | '$' | '`') { format!("\\{character}") } else { character.into() }
}

/// Between PowerShell's single quotes.
fn in_powershell(character: char) -> String {
    if character == '\'' { "''".to_owned() } else { character.into() }
}

/// Between YAML's single quotes, on one line.
fn in_yaml_single(character: char) -> String {
    match character {
        '\'' => "''".to_owned(),
        // A line break is folded into a space: white space in JSON, as it was.
        '\n' | '\r' | '\t' => " ".to_owned(),
        other => other.into(),
    }
}

/// Between a shell's single quotes, in a block scalar of YAML's.
fn in_script(character: char) -> String {
    match character {
        '\n' => "\n          ".to_owned(),
        '\r' => " ".to_owned(),
        other => in_single_quotes(other),
    }
}

/// Between a shell's single quotes, in a block of Markdown that is indented.
fn in_indented_script(character: char) -> String {
    match character {
        '\n' => "\n    ".to_owned(),
        '\r' => " ".to_owned(),
        other => in_single_quotes(other),
    }
}

fn written(place: &Place, text: &str) -> String {
    text.chars().map(place.write).collect()
}

/// Which rule, from where to where, and what it says. The rules about templates speak of the place,
/// not of the body.
type Found = (&'static str, usize, usize, String);

fn found(text: &str, findings: &[Finding], offset: impl Fn(usize) -> usize) -> Vec<Found> {
    let of_body = |finding: &&Finding| by_id(finding.rule).unwrap().group != Group::Endpoint;
    let mut found: Vec<_> = findings
        .iter()
        .filter(of_body)
        .map(|finding| {
            let span = finding.primary.range();
            (finding.rule, offset(span.start), offset(span.end), finding.message.read(text).into_owned())
        })
        .collect();
    found.sort();
    found
}

fn bare(body: &str) -> Vec<Finding> {
    let mut settings = Settings::default();
    settings.operation = paylint::api::operation(OPERATION);
    lint(&Input::json(body), &settings, &mut Scratch::default()).findings.to_vec()
}

fn assert_same_everywhere(body: &str) -> Result<(), TestCaseError> {
    let alone = bare(body);
    let is_strict = serde_json::from_str::<serde_json::Value>(body).is_ok();
    for place in PLACES.iter().filter(|place| is_strict || !place.strict) {
        let carrier = Carrier::by_id(place.carrier).unwrap();
        let (before, after) = place.around;
        let file = format!("{before}{}{after}", written(place, body));
        let input = Input { carrier, assume: Assume::Nothing, ..Input::json(&file) };
        let mut scratch = Scratch::default();
        let linted = lint(&input, &Settings::default(), &mut scratch);
        let expected = found(body, &alone, |offset| before.len() + written(place, &body[..offset]).len());
        prop_assert_eq!(
            found(&file, linted.findings, |offset| offset),
            expected,
            "{}: {}",
            place.carrier,
            file
        );
    }
    Ok(())
}

/// A JSON string's text, as it is written.
fn string() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-zA-Z0-9_ .-]{0,8}".prop_map(String::from),
        1 => prop::sample::select(vec!["é", "日本", "😀", "\\n", "\\\"", "\\u00e9", "\\ud83d\\ude00", "\\\\", "'", "''", "\\t"]).prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..4).prop_map(|pieces| format!("\"{}\"", pieces.concat()))
}

fn value() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        4 => string(),
        1 => prop::sample::select(vec!["1", "-2.5e3", "true", "false", "null", "{}", "[]", "\"4111 1111 1111 1111\""]).prop_map(String::from),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(|items| format!("[{}]", items.join(", "))),
            prop::collection::vec((string(), inner), 0..3).prop_map(|members| object(&members, ",\n\t")),
        ]
    })
}

fn object(members: &[(String, String)], comma: &str) -> String {
    let members: Vec<_> = members.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    format!("{{{}}}", members.join(comma))
}

fn body() -> impl Strategy<Value = String> {
    let name =
        prop::sample::select(vec!["attributes", "attributes", "attributes", "customAttributes", "held", "x"]);
    (
        prop::collection::vec((string(), value()), 0..5),
        name,
        prop::option::of((string(), value())),
        any::<bool>(),
    )
        .prop_map(|(members, name, other, wide)| {
            let comma = if wide { ",\r\n    " } else { "," };
            let mut body = vec![(format!("\"{name}\""), object(&members, comma))];
            body.extend(other);
            object(&body, comma)
        })
}

/// The same with a fault in it.
fn broken() -> impl Strategy<Value = String> {
    let change = prop::sample::select(vec![
        (",", ",,"),
        ("}", ",}"),
        (":", ""),
        ("\"", "'"),
        ("true", "True"),
        ("{", "{,"),
        (",", ""),
    ]);
    (body(), change).prop_map(|(body, (from, to))| body.replacen(from, to, 1))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whole_bodies(body in body()) {
        assert_same_everywhere(&body)?;
    }

    #[test]
    fn broken_bodies(body in broken()) {
        assert_same_everywhere(&body)?;
    }
}

#[test]
fn every_carrier_is_tried() {
    for record in paylint::carrier::ALL {
        assert!(
            PLACES.iter().any(|place| place.carrier == record.name),
            "{} holds no body here",
            record.name
        );
    }
}

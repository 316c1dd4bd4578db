//! What a file is taken for that is named, or said to be of a kind.

use crate::cli::Folder;

const BODY: &str = "attributes:\n  order_id: 007\n";
const CALL: &str = "method: PATCH\nurl: /api/v2/conversations/calls/c/participants/p/attributes\nbody:\n  attributes:\n    a: 7\n";
const TYPO: &str = "attributs:\n  order_id: 7\n";
const HOOKS: &str = "- id: a\n  state: 1\n- id: b\n";
const RECORDING: &str = r#"{"log": {"entries": [{"request": {"method": "PATCH", "url": "https://api.mypurecloud.de/api/v2/conversations/calls/5f1f4b6e-5f0a-4c0e-9d5e-3f2f5a1f8b11/participants/5f1f4b6e-5f0a-4c0e-9d5e-3f2f5a1f8b12", "postData": {"mimeType": "application/json", "text": "{\"held\": 1}"}}}]}}"#;

#[test]
fn a_yaml_file_that_is_named_is_a_body_where_it_looks_like_one() {
    let folder = Folder::new("named-yaml");
    folder.write("hooks.yaml", HOOKS).write("typo.yaml", TYPO).write("body.yaml", BODY);
    let run = folder.run(&[
        "check",
        "--format",
        "concise",
        "--show-skipped",
        "hooks.yaml",
        "typo.yaml",
        "body.yaml",
    ]);
    assert_eq!(
        run.out,
        "body.yaml:2:13: error[non-string-value] attribute `order_id` is a number, it must be a string\n"
    );
    assert_eq!(
        run.err,
        "skipped hooks.yaml: neither a participant body nor a request envelope\n\
         skipped typo.yaml: neither a participant body nor a request envelope\n\
         1 error in 1 request, 1 file checked, 2 skipped\n"
    );
}

#[test]
fn a_yaml_file_that_is_said_to_be_a_body_is_one() {
    let folder = Folder::new("told-yaml");
    folder.write("typo.yaml", TYPO);
    for told in [
        &["--carrier", "yaml"][..],
        &["--operation", "patchConversationParticipantAttributes"],
        &[
            "--request",
            "PATCH /api/v2/conversations/{conversationId}/participants/{participantId}/attributes",
        ],
    ] {
        let run = folder.run(&[&["check", "--format", "concise", "typo.yaml"], told].concat());
        assert!(
            run.out.starts_with("typo.yaml:1:1: error[unknown-property] `attributs`"),
            "{told:?}: {}",
            run.out
        );
    }
    let run = folder.run(&["check", "--carrier", "yaml", "--recognized-only", "typo.yaml"]);
    assert_eq!(run.err, "nothing found in 0 requests, 0 files checked, 1 skipped\n");
    folder.write(
        "paylint.toml",
        "[[bodies]]\nfiles = \"*.yaml\"\noperation = \"patchConversationParticipantAttributes\"\n",
    );
    assert!(folder.run(&["check", "."]).out.contains("`attributs`"));
}

#[test]
fn json_that_is_said_to_be_of_a_kind_is_that_or_nothing() {
    let folder = Folder::new("forced");
    folder.write("body.json", r#"{"held": 1}"#).write("recording.json", RECORDING);
    let told = |carrier: &str, name: &str| {
        folder.run(&["check", "--format", "concise", "--show-skipped", "--carrier", carrier, name])
    };
    for (carrier, why) in [
        ("har", "no HTTP archive, which has a `log` with `entries`"),
        ("postman", "no collection of Postman's, which has `info` and `item`"),
        ("data-action", "no data action, which has `config.request.requestUrlTemplate`"),
    ] {
        let run = told(carrier, "body.json");
        let skipped =
            format!("skipped body.json: {why}\nnothing found in 0 requests, 0 files checked, 1 skipped\n");
        assert_eq!((run.code, run.err), (0, skipped), "{carrier}");
    }
    assert!(told("json", "body.json").out.starts_with("body.json:1:10: error[wrong-type]"));
    assert!(told("har", "recording.json").out.starts_with("recording.json:1:"));
    assert!(told("postman", "recording.json").out.is_empty());
}

/// More than is read at once.
#[test]
fn a_long_file_that_is_said_to_be_a_recording_is_read_as_one() {
    let folder = Folder::new("forced-long");
    let space = " ".repeat(600_000);
    folder
        .write("recording.json", format!("{space}{RECORDING}"))
        .write("body.har", format!("{space}{{\"held\": 1}}"));
    let told = |name: &str| {
        folder.run(&["check", "--format", "concise", "--show-skipped", "--carrier", "har", name])
    };
    assert!(told("recording.json").out.contains("error[wrong-type] `held`"));
    assert!(told("body.har").err.starts_with("skipped body.har: no HTTP archive"));
}

#[test]
fn a_hidden_file_is_checked_where_it_is_named() {
    let folder = Folder::new("hidden");
    folder.write(".github/workflows/call.yml", CALL);
    let walked = folder.run(&["check", "."]);
    assert!(walked.err.starts_with("nothing found in 0 requests, 0 files checked\n"), "{}", walked.err);
    for named in [".github/workflows/call.yml", ".github"] {
        let run = folder.run(&["check", "--format", "concise", "--only", "non-string-value", named]);
        assert!(
            run.out.starts_with(".github/workflows/call.yml:5:8: error[non-string-value]"),
            "{}",
            run.out
        );
    }
}

#[test]
fn yaml_that_cannot_be_read_is_a_fault_or_a_skip() {
    let folder = Folder::new("broken-yaml");
    folder
        .write("other.yaml", "a: {b: 1\n")
        .write("part.yaml", "name: attributes\n---\na: [attributes\n")
        .write(
            "chart.yaml",
            "url: /api/v2/conversations/calls/c/participants/p/attributes\nbody:\n  {{- if .Values.x }}\n  a: [\n  {{- end }}\n",
        )
        .write("ours.yaml", "url: /api/v2/conversations/calls\nbody: {a: \"b\"\n");
    let run = folder.run(&["check", "--format", "concise", "--show-skipped", "."]);
    let told = "ours.yaml:2:14: error[syntax-error] the YAML cannot be read: a comma or `}` is missing before this\n";
    assert_eq!(run.out, told);
    assert_eq!(
        run.err,
        "skipped chart.yaml: not all of it is YAML that can be read\n\
         skipped other.yaml: neither a participant body nor a request envelope\n\
         skipped part.yaml: not all of it is YAML that can be read\n\
         1 error in 0 requests, 1 file checked, 3 skipped\n"
    );
    let run = folder.run(&["check", "--format", "concise", "other.yaml", "part.yaml", "chart.yaml"]);
    assert_eq!(
        run.out,
        "other.yaml:1:9: error[syntax-error] the YAML cannot be read: a comma or `}` is missing before this\n\
         part.yaml:3:15: error[syntax-error] the YAML cannot be read: a comma or `]` is missing before this\n"
    );
    assert_eq!(run.err, "2 errors in 0 requests, 2 files checked, 1 skipped\n");
    let listed = folder.run(&["check", "--list", "ours.yaml"]);
    assert!(!listed.out.contains("ours.yaml:2"), "{}", listed.out);
}

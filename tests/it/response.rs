//! `paylint response` on requests and the API's answers to them: `fixtures/response/<case>/`.

use std::fs;
use std::path::Path;
use std::process::Command;

use paylint::answer::Answer;
use paylint::api::ERRORS;
use paylint::rules::by_id;

fn run(arguments: &[&str]) -> (String, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_paylint"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("COLUMNS", "80")
        .env("LC_ALL", "C.UTF-8")
        .env_remove("FORCE_COLOR")
        .output()
        .unwrap();
    (String::from_utf8([output.stdout, output.stderr].concat()).unwrap(), output.status.code())
}

#[test]
fn cases() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/response");
    for entry in fs::read_dir(&root).unwrap() {
        let folder = entry.unwrap().path();
        let case = folder.file_name().unwrap().to_string_lossy().into_owned();
        let file = |start: &str| {
            let mut names = fs::read_dir(&folder)
                .unwrap()
                .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
            let name = names.find(|name| name.starts_with(start))?;
            Some(format!("fixtures/response/{case}/{name}"))
        };
        let mut arguments = vec!["response".to_owned()];
        match file("recording") {
            Some(recording) => arguments.push(recording),
            None => {
                arguments.extend([file("answer").unwrap(), "--request".to_owned(), file("request").unwrap()]);
            }
        }
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        let (text, code) = run(&arguments);
        let json = run(&[&arguments[..], &["--format", "json"]].concat());
        let json: serde_json::Value = serde_json::from_str(&json.0).unwrap();
        assert_eq!(json["version"], 1, "{case}");
        let errors =
            json["findings"].as_array().unwrap().iter().filter(|finding| finding["level"] == "error").count();
        assert_eq!(code, Some(i32::from(errors > 0)), "{case}");
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(&folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!("output", text));
    }
}

#[test]
fn both_on_standard_input() {
    use std::io::Write as _;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/response/recorded/recording.json");
    let mut child = Command::new(env!("CARGO_BIN_EXE_paylint"))
        .args(["response", "--format", "concise"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&fs::read(path).unwrap()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with("<stdin>:5:28: error[null-value]"), "{text}");
}

#[test]
fn what_is_no_answer_is_said() {
    for (arguments, word) in [
        (&["response", "fixtures/seed/answer-body.json"][..], "holds no error"),
        (&["response", "fixtures/response/loose/answer.json"], "--request FILE"),
        (&["response", "no-such-file.json"], "cannot read"),
        (&["explain", "missing.wrapup.coed"], "missing.wrapup.code"),
    ] {
        let (text, code) = run(arguments);
        assert_eq!(code, Some(2), "{arguments:?}: {text}");
        assert!(text.contains(word), "{arguments:?}: {text}");
    }
}

#[test]
fn every_code_is_explained() {
    assert!(ERRORS.len() > 90);
    assert!(ERRORS.is_sorted_by_key(|error| error.code));
    for error in &ERRORS {
        assert!(error.rules.iter().all(|rule| by_id(rule).is_some()), "{}: {:?}", error.code, error.rules);
        assert!((400..600).contains(&error.status), "{}", error.code);
        assert!(!error.means.ends_with('.') && !error.remedy.ends_with('.'), "{}", error.code);
    }
    let (text, code) = run(&["explain", "invalid.property"]);
    assert_eq!(code, Some(0));
    assert!(text.contains("misplaced-attributes"), "{text}");
}

/// What an answer speaks of, as it is read.
fn clues(text: &str) -> Vec<String> {
    Answer::read(text).unwrap().clues.into_iter().map(|clue| clue.name).collect()
}

#[test]
fn names_are_read_from_wherever_they_stand() {
    assert_eq!(clues(r#"{"message": "Attribute 'a b' doesn't fit, \"c\" isn't known"}"#), ["a b", "c"]);
    assert_eq!(clues(r#"{"details": [{"fieldName": "wrapup.code", "errorCode": "x.y"}]}"#), ["wrapup.code"]);
    assert_eq!(clues(r#"{"message": "no", "messageParams": {"property": "held"}}"#), ["held"]);
    assert_eq!(clues(r#"{"errors": [{"errors": [{"message": "in [state]"}]}]}"#), ["state"]);
    assert!(Answer::read("{\"attributes\": {}}").is_none());
    assert!(Answer::read("nothing").is_none());
}

/// What a browser records besides is none of the API's answers.
#[test]
fn of_a_recording_only_what_went_to_the_api_is_shown() {
    let folder = crate::cli::Folder::new("response-elsewhere");
    let entry = |url: &str| {
        format!(
            r#"{{"request": {{"method": "PATCH", "url": "{url}", "headers": [], "postData": {{"text": "{{\"attributes\": {{\"a\": 1}}}}"}}}}, "response": {{"status": 400, "content": {{"text": "{{\"message\": \"no 'a'\"}}"}}}}}}"#
        )
    };
    let ours = "https://api.mypurecloud.com/api/v2/conversations/5f1f4b6e-5f0a-4c0e-9d5e-3f2f5a1f8b11/participants/9c2e8a40-17f3-4b7e-8d61-0a5d2b9e4c73/attributes";
    let other = entry("https://example.com/pixel");
    let log = |entries: &str| {
        format!(r#"{{"log": {{"version": "1.2", "creator": {{}}, "entries": [{entries}]}}}}"#)
    };
    folder.write("other.har", log(&other)).write("both.har", log(&format!("{other}, {}", entry(ours))));
    let run = folder.run(&["response", "other.har"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("`other.har` holds no request that could be looked at"), "{}", run.err);
    let run = folder.run(&["response", "both.har", "--format", "json"]);
    let told: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let answers = told["answers"].as_array().unwrap();
    assert_eq!((run.code, answers.len(), answers[0]["findings"].as_u64()), (1, 1, Some(2)), "{told}");
    assert_eq!(answers[0]["operation"], "patchConversationParticipantAttributes");
    assert!(answers[0]["verdict"].as_str().unwrap().starts_with("the answer names"), "{told}");
    // Line by line, what cannot be known is said beside.
    let run = folder.run(&["response", "both.har", "--format", "concise"]);
    assert_eq!(run.out.lines().count(), 2, "{}", run.out);
    assert!(run.err.starts_with("the answer names what is marked in the request"), "{}", run.err);
}

#[test]
fn a_code_that_the_operation_does_not_have_is_told() {
    let folder = crate::cli::Folder::new("response-undeclared");
    folder
        .write("request.json", r#"{"method": "PATCH", "url": "/api/v2/conversations/{c}/participants/{p}/attributes", "body": {"attributes": {"a": "b"}}}"#)
        .write("answer.json", r#"{"code": "missing.wrapup.code", "message": "A wrapup code is missing", "status": 400}"#);
    let run = folder.run(&["response", "answer.json", "--request", "request.json"]);
    assert!(run.out.contains("not for\npatchConversationParticipantAttributes"), "{}", run.out);
    assert_eq!(run.code, 0);
}

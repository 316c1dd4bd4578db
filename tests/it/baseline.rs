//! `--baseline`, `--write-baseline`, `--prune-baseline`, run as a user runs them.

use std::fs;
use std::path::Path;

use paylint::baseline::{Baseline, Fault, fingerprint};
use serde_json::Value;

use crate::cli::Folder;
use crate::rules::inputs;

const FILE: &str = "known.json";

/// Two that are wrong.
const BODY: &str = r#"{"attributes": {"order": 12, "vip": null}}"#;

fn folder(name: &str) -> Folder {
    Folder::new(&format!("baseline-{name}"))
}

fn read(folder: &Folder, name: &str) -> String {
    fs::read_to_string(folder.0.join(name)).unwrap()
}

/// The same JSON in another layout: spread over lines, or without any white space.
fn laid_out(text: &str, spread: bool) -> String {
    let (mut out, mut depth) = (String::new(), 0);
    let mut characters = text.chars();
    let line = |depth: usize| if spread { format!("\n{}", "\t".repeat(depth)) } else { String::new() };
    if spread {
        out.push_str("\n\n");
    }
    while let Some(character) = characters.next() {
        match character {
            '"' => {
                out.push('"');
                while let Some(inner) = characters.next() {
                    out.push(inner);
                    match inner {
                        '\\' => out.extend(characters.next()),
                        '"' => break,
                        _ => {}
                    }
                }
            }
            '{' | '[' => {
                depth += 1;
                out.push(character);
                out += &line(depth);
            }
            '}' | ']' => {
                depth -= 1;
                out += &line(depth);
                out.push(character);
            }
            ',' => {
                out.push(',');
                out += &line(depth);
            }
            ':' => out.push_str(if spread { " : " } else { ":" }),
            ' ' | '\t' | '\r' | '\n' => {}
            other => out.push(other),
        }
    }
    out
}

#[test]
fn what_is_written_is_known() {
    let folder = folder("known");
    folder.write("a/body.json", BODY);
    let run = folder.run(&["check", "a/body.json", "--write-baseline", FILE]);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.err);
    assert!(run.err.contains("2 findings written to `known.json`"), "{}", run.err);
    assert!(run.err.contains("nothing found in 1 request, 1 file checked, 2 known"), "{}", run.err);
    let text = read(&folder, FILE);
    assert_eq!(text.lines().count(), 4, "{text}");
    let entries: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(entries["findings"][0]["path"], "a/body.json");
    assert_eq!(entries["findings"][0]["pointer"], "/attributes/order");
    let run = folder.run(&["check", "a/body.json", "--baseline", FILE, "--format", "json"]);
    let report: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(
        (run.code, &report["summary"]["known"], &report["summary"]["errors"]),
        (0, &2.into(), &0.into())
    );
    // From another folder, and with a baseline elsewhere.
    folder.write("b/empty", "");
    let run = folder.run(&["check", "a/../a/body.json", "--write-baseline", "b/known.json"]);
    assert_eq!(run.code, 0);
    assert!(read(&folder, "b/known.json").contains("\"../a/body.json\""));
}

#[test]
fn what_is_written_is_what_the_schema_says() {
    let folder = folder("schema");
    let schema: Value = serde_json::from_str(&folder.run(&["schema", "baseline"]).out).unwrap();
    assert!(jsonschema::draft202012::meta::is_valid(&schema));
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let line = BODY.to_owned() + "\n";
    folder.write("a.json", BODY).write("b.jsonl", line.repeat(3)).write("good.json", "{\"muted\": true}");
    for (paths, entries) in [(&["a.json", "b.jsonl"][..], 4), (&["good.json"], 0)] {
        folder.run(&[&["check", "--write-baseline", FILE], paths].concat());
        let written: Value = serde_json::from_str(&read(&folder, FILE)).unwrap();
        assert_eq!(written["findings"].as_array().unwrap().len(), entries);
        assert!(validator.is_valid(&written), "{written}");
    }
    let entry = r#"{"rule": "r", "path": "p", "pointer": "", "fingerprint": "00000000000000fF"}"#;
    let of = |entry: &str, version: u64| format!("{{\"version\": {version}, \"findings\": [{entry}]}}");
    // What it refuses is refused, and the other way round.
    for (text, is_good) in [
        (of(entry, 1), true),
        (of(entry, 2), false),
        (of(&entry.replace("00ff", "ff").replace("00fF", "fF"), 1), false),
        (of(&entry.replace("\"rule\"", "\"role\""), 1), false),
        (of(&entry.replace('}', ", \"count\": 2}"), 1), true),
        (of(&entry.replace('}', ", \"count\": -1}"), 1), false),
        (of(&entry.replace('}', ", \"more\": 2}"), 1), false),
    ] {
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            (validator.is_valid(&value), Baseline::parse(&text).is_ok()),
            (is_good, is_good),
            "{text}"
        );
    }
}

#[test]
fn a_new_one_beside_known_ones_fails() {
    let folder = folder("new");
    folder.write("body.json", BODY);
    folder.run(&["check", "body.json", "--write-baseline", FILE]);
    folder.write("body.json", "\n\n{\"attributes\": {\"x\": true,\n\n \"order\": 12, \"vip\": null}}");
    let run = folder.run(&["check", "body.json", "--baseline", FILE, "--format", "concise"]);
    assert_eq!((run.code, run.out.lines().count()), (1, 1), "{}", run.out);
    assert!(run.out.starts_with("body.json:3:22: error[non-string-value]"), "{}", run.out);
    assert!(run.err.contains("1 error in 1 request, 1 file checked, 2 known"), "{}", run.err);
    // One that is equal to a known one is new, too.
    folder.write("lines.jsonl", format!("{BODY}\n"));
    folder.run(&["check", "lines.jsonl", "--write-baseline", FILE]);
    folder.write("lines.jsonl", format!("{{\"attributes\": {{\"a\": \"b\"}}}}\n{BODY}\n"));
    assert_eq!(folder.run(&["check", "lines.jsonl", "--baseline", FILE]).code, 0);
    folder.write("lines.jsonl", format!("{BODY}\n{BODY}\n"));
    let run = folder.run(&["check", "lines.jsonl", "--baseline", FILE, "--format", "concise"]);
    assert!(run.code == 1 && run.out.starts_with("lines.jsonl:2:"), "{}", run.out);
}

#[test]
fn what_is_gone_is_told_and_pruned() {
    let folder = folder("gone");
    folder.write("a/body.json", BODY).write("b/body.json", BODY);
    folder.run(&["check", "a/body.json", "b/body.json", "--write-baseline", FILE]);
    let before = read(&folder, FILE);
    folder.write("a/body.json", r#"{"attributes": {"order": "12", "vip": null}}"#);
    let run = folder.run(&["check", "a/body.json", "--baseline", FILE]);
    assert!(run.err.contains("1 known finding is gone: `--prune-baseline` takes it out of"), "{}", run.err);
    assert_eq!((run.code, read(&folder, FILE)), (0, before.clone()));
    // A rule that did not run says nothing of what it would find.
    let run = folder.run(&["check", "a/body.json", "--baseline", FILE, "--allow", "non-string-value"]);
    assert!(!run.err.contains("gone"), "{}", run.err);
    let run = folder.run(&["check", "a/body.json", "--baseline", FILE, "--prune-baseline"]);
    assert!(run.err.contains("1 known finding is gone, and no longer in `known.json`"), "{}", run.err);
    let after = read(&folder, FILE);
    let left = before.lines().filter(|line| after.contains(line.trim_end_matches(','))).count();
    assert_eq!((before.lines().count(), left, after.lines().count()), (6, 5, 5), "{after}");
    // A file that is gone takes its findings along.
    fs::remove_file(folder.0.join("b/body.json")).unwrap();
    folder.run(&["check", ".", "--baseline", FILE, "--prune-baseline"]);
    assert!(!read(&folder, FILE).contains("b/body.json"));
}

#[test]
fn layout_and_lines_are_of_no_matter() {
    let folder = folder("layout");
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules");
    let mut names = Vec::new();
    let mut texts = Vec::new();
    for rule in fs::read_dir(rules).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        for path in inputs(&rule.join("fail")).into_iter().filter(|path| path.extension().unwrap() == "json")
        {
            let Ok(text) = fs::read_to_string(&path) else { continue };
            if serde_json::from_str::<serde::de::IgnoredAny>(&text).is_err() {
                continue;
            }
            let part = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
            names.push(format!("{}/{}", part(&rule), part(&path)));
            texts.push(text);
        }
    }
    assert!(names.len() > 50);
    let run = |flag: &str, more: &[&str]| {
        let mut arguments = vec!["check", "--no-config", flag, FILE, "--format", "concise"];
        arguments.extend(more);
        arguments.extend(names.iter().map(String::as_str));
        folder.run(&arguments)
    };
    let all = |change: &dyn Fn(&str) -> String| {
        for (name, text) in names.iter().zip(&texts) {
            folder.write(name, change(text));
        }
    };
    all(&str::to_owned);
    let wrote = run("--write-baseline", &["--threads", "4"]);
    assert_eq!((wrote.code, wrote.out.as_str()), (0, ""), "{}", wrote.err);
    let text = read(&folder, FILE);
    assert!(text.lines().count() > 50);
    run("--write-baseline", &["--threads", "1"]);
    assert_eq!(text, read(&folder, FILE));
    for spread in [true, false] {
        all(&|text| laid_out(text, spread));
        let same = run("--baseline", &[]);
        assert_eq!((same.code, same.out.as_str()), (0, ""), "{}", same.err);
        assert!(!same.err.contains("gone"), "{}", same.err);
        run("--write-baseline", &[]);
        assert_eq!(text, read(&folder, FILE));
    }
}

#[test]
fn carriers() {
    let folder = folder("carriers");
    let terraform = |lines: &str, value: &str| {
        format!(
            "{lines}resource \"genesyscloud_integration_action\" \"a\" {{\n  config_request {{\n    request_url_template = \"/api/v2/conversations/calls/$${{input.c}}/participants/$${{input.p}}/attributes\"\n    request_type = \"PATCH\"\n    request_template = jsonencode({{ attributes = {{ order = {value} }} }})\n  }}\n}}\n"
        )
    };
    let action = |between: &str, value: &str| {
        format!(
            "{{{between}\"name\": \"n\", \"config\": {{\"request\": {{\"requestUrlTemplate\": \"/api/v2/conversations/calls/${{input.c}}/participants/${{input.p}}/attributes\", \"requestType\": \"PATCH\", \"requestTemplate\": \"{{\\\"attributes\\\": {{{between}\\\"order\\\": {value}}}}}\"}}}}}}"
        )
        .replace(&format!("{{{between}\\\""), &format!("{{{}\\\"", between.replace('\n', "\\n")))
    };
    folder.write("main.tf", terraform("", "12")).write("action.json", action("", "12"));
    let wrote = folder.run(&["check", "main.tf", "action.json", "--write-baseline", FILE]);
    let text = read(&folder, FILE);
    assert_eq!(wrote.code, 0, "{}", wrote.err);
    for name in ["main.tf", "action.json"] {
        assert!(text.contains(name), "{name}: {text}");
    }
    folder.write("main.tf", terraform("# new\n\n", "12")).write("action.json", action("\n", "12"));
    let run = folder.run(&["check", "main.tf", "action.json", "--baseline", FILE, "--fail-on", "info"]);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.err);
    assert!(!run.err.contains("gone"), "{}", run.err);
    folder.write("main.tf", terraform("", "13")).write("action.json", action("", "13"));
    let run = folder.run(&["check", "main.tf", "action.json", "--baseline", FILE]);
    assert_eq!(run.code, 1, "{}", run.err);
}

#[test]
fn a_secret_is_never_written_nor_shown() {
    let folder = folder("secret");
    let card = "4111111111111111";
    let body = |more: &str| format!("{{\"attributes\": {{{more}\"card\": \"{card}\"}}}}");
    folder.write("body.json", body(""));
    let wrote = folder.run(&["check", "body.json", "--write-baseline", FILE]);
    let text = read(&folder, FILE);
    assert!(text.contains("sensitive-value"), "{text} {}", wrote.err);
    assert!(!text.contains(card), "{text}");
    folder.write("body.json", body("\"new\": null, "));
    for format in ["full", "concise", "json"] {
        let run = folder.run(&["check", "body.json", "--baseline", FILE, "--format", format]);
        assert_eq!(run.code, 1);
        assert!(run.out.contains("null-value") && !run.out.contains(card), "{}", run.out);
    }
}

#[test]
fn bad_files() {
    let folder = folder("bad");
    folder.write("body.json", BODY);
    for (text, told) in [
        ("", "known.json:1:0: EOF"),
        ("{\"version\":1,\n\"findings\":[{]}", "known.json:2:14: "),
        ("{\"version\":2,\"findings\":{}}", "is of version 2, and this paylint knows up to version 1"),
        ("{\"version\":1,\"findings\":[],\"more\":1}", "unknown field `more`"),
        (
            "{\"version\":1,\"findings\":[\n{\"rule\":\"a\",\"path\":\"b\",\"pointer\":\"\",\"fingerprint\":\"1\"}]}",
            "known.json:2:",
        ),
    ] {
        folder.write(FILE, text);
        let run = folder.run(&["check", "body.json", "--baseline", FILE]);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{text}");
        assert!(run.err.contains(told) && run.err.contains("help"), "{text}: {}", run.err);
        assert_eq!(read(&folder, FILE), text);
    }
    let run = folder.run(&["check", "body.json", "--baseline", "none.json"]);
    assert!(run.code == 2 && run.err.contains("cannot read the baseline `none.json`"), "{}", run.err);
    let run = folder.run(&["check", "body.json", "--write-baseline", "no/folder.json"]);
    assert!(run.code == 2 && run.err.contains("cannot write the baseline `no/folder.json`"), "{}", run.err);
    let run = folder.run(&["check", "body.json", "missing.json", "--write-baseline", "new.json"]);
    assert!(run.code == 2 && run.err.contains("the baseline `new.json` is not written"), "{}", run.err);
    assert!(!folder.0.join("new.json").exists());
}

#[test]
fn the_format_stays() {
    assert_eq!(
        fingerprint("null-value", "/attributes/vip", "null"),
        fingerprint("null-value", "/attributes/vip", " nu\nll")
    );
    assert_ne!(fingerprint("a", "b", "1"), fingerprint("a", "b", "1.0"));
    let text = "{\"version\":1,\"findings\":[\n{\"rule\":\"r\",\"path\":\"p\",\"pointer\":\"/a\",\"fingerprint\":\"00000000000000ff\",\"count\":2}\n]}\n";
    let baseline = Baseline::parse(text).unwrap();
    assert_eq!((baseline.text().as_str(), baseline.len()), (text, 2));
    assert_eq!(Baseline::parse(&Baseline::default().text()), Ok(Baseline::default()));
    assert_eq!(Baseline::parse("{\"version\":7}"), Err(Fault::Newer(7)));
}

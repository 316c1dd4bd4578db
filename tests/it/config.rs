//! `paylint.toml`: what can be written in it, where it holds, and what it does.

use std::fs;
use std::path::{Path, PathBuf};

use paylint::config::{File, Home, parse};
use paylint::diagnostic::Finding;
use paylint::json::Document;
use paylint::report::{Format, Shown, Style};
use paylint::text::Before;
use serde_json::{Value, json};
use toml::de::{DeTable, DeValue};

use crate::cli::{BAD, Folder, GOOD};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

fn fixtures(verdict: &str) -> Vec<(String, String, Home)> {
    let folder = root().join("fixtures/config").join(verdict);
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let home = if name.starts_with("pyproject") { Home::Pyproject } else { Home::Whole };
            (name, fs::read_to_string(path).unwrap(), home)
        })
        .collect();
    files.sort_by(|one, other| one.0.cmp(&other.0));
    files
}

/// TOML as the JSON that a validator sees.
fn as_json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => json!(text),
        DeValue::Integer(number) => json!(i64::from_str_radix(number.as_str(), number.radix()).unwrap()),
        DeValue::Float(number) => json!(number.as_str().parse::<f64>().unwrap()),
        DeValue::Boolean(value) => json!(value),
        DeValue::Datetime(date) => json!(date.to_string()),
        DeValue::Array(items) => items.iter().map(|item| as_json(item.get_ref())).collect(),
        DeValue::Table(table) => {
            let members =
                table.iter().map(|(key, value)| (key.get_ref().to_string(), as_json(value.get_ref())));
            Value::Object(members.collect())
        }
    }
}

/// The settings of a text; `None` where it is no TOML.
fn settings(text: &str, home: Home) -> Option<Value> {
    let table = DeTable::parse(text).ok()?.into_inner();
    let whole = as_json(&DeValue::Table(table));
    Some(match home {
        Home::Whole => whole,
        Home::Pyproject => whole["tool"]["paylint"].clone(),
    })
}

fn schema() -> Value {
    serde_json::from_str(&fs::read_to_string(root().join("schemas/paylint.schema.json")).unwrap()).unwrap()
}

fn drawn(name: &str, text: &str, findings: &[Finding]) -> String {
    let style = Style { color: false, width: 100, unicode: true, links: false };
    let document = Document::unread(text);
    let mut out = Vec::new();
    Format::Full.text(
        &Shown { path: name, before: Before::default(), document: &document, findings, all: findings },
        &style,
        &mut out,
    );
    String::from_utf8(out).unwrap()
}

#[test]
fn good_ones_are_read_and_valid() {
    let schema = schema();
    assert!(jsonschema::draft202012::meta::is_valid(&schema));
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    for (name, text, home) in fixtures("good") {
        match parse(&text, home) {
            Ok(file) => assert_eq!(file.is_some(), name != "pyproject-of-others", "{name}"),
            Err(faults) => panic!("{}", drawn(&name, &text, &faults)),
        }
        let settings = settings(&text, home).unwrap();
        if let Err(error) = validator.validate(&settings)
            && !settings.is_null()
        {
            panic!("{name}: {}: {error}", error.instance_path());
        }
    }
}

#[test]
fn bad_ones_are_told_at_their_places() {
    let validator = jsonschema::draft202012::new(&schema()).unwrap();
    for (name, text, home) in fixtures("bad") {
        let Err(faults) = parse(&text, home) else { panic!("{name}: nothing is wrong with it") };
        assert!(!faults.is_empty(), "{name}");
        for fault in &faults {
            let place = fault.primary;
            assert!(text.get(place.range()).is_some(), "{name}: {place:?} is no place of the file");
            assert!(!place.slice(&text).contains('\n'), "{name}: {place:?} is more than a line");
            let message = fault.message.read(&text);
            assert!(!message.ends_with('.') && !message.contains('\n'), "{name}: {message}");
            assert!(!message.starts_with(char::is_uppercase), "{name}: {message}");
        }
        // What a schema can know of, an editor shows as well.
        if let Some(settings) = settings(&text, home) {
            assert_eq!(validator.is_valid(&settings), name.starts_with("beyond"), "{name}: {settings}");
        }
        let mut snapshot = insta::Settings::clone_current();
        snapshot.set_snapshot_path(root().join("fixtures/config/bad"));
        snapshot.set_prepend_module_to_snapshot(false);
        snapshot.set_omit_expression(true);
        snapshot
            .bind(|| insta::assert_snapshot!(name.as_str(), drawn(&format!("{name}.toml"), &text, &faults)));
    }
}

#[test]
fn every_key_is_in_the_schema_and_in_an_example() {
    let schema = schema();
    let mut described: Vec<_> = schema["properties"].as_object().unwrap().keys().cloned().collect();
    let mut keys: Vec<_> = File::KEYS.iter().map(ToString::to_string).collect();
    described.sort();
    keys.sort();
    assert_eq!(described, keys);
    let all = fs::read_to_string(root().join("fixtures/config/good/all.toml")).unwrap();
    let all = settings(&all, Home::Whole).unwrap();
    for key in keys {
        assert!(all.get(&key).is_some(), "all.toml has no {key}");
        assert!(schema["properties"][&key].to_string().contains("description"), "{key} is not described");
    }
    assert!(!schema.to_string().contains("null\""), "a TOML file has no null");
}

/// The files that findings are in, each with its level and rule.
fn lines(out: &str) -> Vec<String> {
    out.lines()
        .map(|line| {
            let (path, rest) = line.split_once(':').unwrap();
            let what = rest.split_once(": ").unwrap().1.split_once(']').unwrap().0;
            format!("{path} {what}]")
        })
        .collect()
}

const CONCISE: [&str; 3] = ["check", "--format", "concise"];

fn check(folder: &Folder, arguments: &[&str]) -> Vec<String> {
    lines(&folder.run(&[&CONCISE, arguments].concat()).out)
}

const ERROR: &str = "error[non-string-value]";
const WARNING: &str = "warning[non-string-value]";

#[test]
fn the_nearest_holds_alone() {
    let folder = Folder::new("config-nearest");
    folder
        .write("paylint.toml", "[rules]\nnon-string-value = \"warning\"\n")
        .write("a.json", BAD)
        .write("sub/deep/b.json", BAD)
        .write("own/paylint.toml", "fail-on = \"never\"\n")
        .write("own/deep/c.json", BAD)
        .write("py/pyproject.toml", "[tool.paylint.rules]\nnon-string-value = \"info\"\n")
        .write("py/d.json", BAD)
        .write("both/pyproject.toml", "[tool.paylint.rules]\nnon-string-value = \"info\"\n")
        .write("both/paylint.toml", "")
        .write("both/e.json", BAD)
        .write("other/pyproject.toml", "[tool.other]\nname = \"paylint\"\n")
        .write("other/f.json", BAD);
    let expected = [
        format!("a.json {WARNING}"),
        format!("both/e.json {ERROR}"),
        format!("other/f.json {WARNING}"),
        format!("own/deep/c.json {ERROR}"),
        "py/d.json info[non-string-value]".to_owned(),
        format!("sub/deep/b.json {WARNING}"),
    ];
    assert_eq!(check(&folder, &[]), expected);
    let named = ["a.json", "both/e.json", "other/f.json", "own/deep/c.json", "py/d.json", "sub/deep/b.json"];
    assert_eq!(check(&folder, &named), expected);
    // From below, what is above holds as well.
    let below = Folder(folder.0.join("sub"));
    assert_eq!(check(&below, &["."]), [format!("deep/b.json {WARNING}")]);
    assert_eq!(check(&below, &["../own/deep/c.json"]), [format!("../own/deep/c.json {ERROR}")]);
    // Each has its own idea of what fails.
    assert_eq!(folder.run(&["check", "own"]).code, 0);
    assert_eq!(folder.run(&["check", "own", "--fail-on", "error"]).code, 1);
    assert_eq!(folder.run(&["check", "own", "both"]).code, 1);
    assert_eq!(folder.run(&["check", "own", "sub"]).code, 0);
}

#[test]
fn flags_are_stronger_than_settings_given_inline_and_those_than_the_file() {
    let folder = Folder::new("config-order");
    folder
        .write("a.json", BAD)
        .write("paylint.toml", "rules.non-string-value = \"warning\"\n")
        .write("other.toml", "rules.non-string-value = \"info\"\n");
    let inline = "rules.non-string-value = \"error\"";
    for (arguments, level) in [
        (&[][..], Some("warning")),
        (&["--no-config"], Some("error")),
        (&["--config", "other.toml"], Some("info")),
        (&["--config", inline], Some("error")),
        (&["--config", inline, "--config", "rules.non-string-value = \"info\""], Some("info")),
        (&["--config", inline, "--warn", "non-string-value"], Some("warning")),
        (&["--config", "other.toml", "--config", inline], Some("error")),
        (&["--no-config", "--config", "rules.non-string-value='info'"], Some("info")),
        (&["--config", "rules.non-string-value='off'"], None),
        (&["--config", "rules.non-string-value='off'", "--only", "non-string-value"], Some("error")),
        (&["--deny", "non-string-value"], Some("error")),
        (&["--allow", "non-string-value"], None),
    ] {
        let found = check(&folder, &[&["a.json"], arguments].concat());
        let expected: Vec<_> =
            level.iter().map(|level| format!("a.json {level}[non-string-value]")).collect();
        assert_eq!(found, expected, "{arguments:?}");
    }
    for (arguments, said) in [
        (&["--config", "gone.toml"][..], "cannot read `gone.toml`: no such file or directory"),
        (&["--config", "other.toml", "--config", "paylint.toml"], "is a second configuration"),
        (&["--config", "other.toml", "--no-config"], "--no-config, but also"),
        (&["--config", "rules.nul-value = \"off\""], "did you mean `null-value`?"),
        (&["--config", "fail-on = "], "error[invalid-config]"),
        (&["--config", "fail-on"], "`--config fail-on` gives the setting no value"),
        (&["--config", "rules.null-value"], "write it as in the file: `--config 'rules.null-value = …'`"),
    ] {
        let run = folder.run(&[&["check", "a.json"], arguments].concat());
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments:?}: {run:?}");
        assert!(run.err.contains(said), "{arguments:?}: {}", run.err);
    }
}

#[test]
fn standard_input_is_where_its_name_says() {
    let folder = Folder::new("config-stdin");
    folder
        .write("paylint.toml", "rules.non-string-value = \"warning\"\n")
        .write("sub/paylint.toml", "rules.non-string-value = \"info\"\n")
        .write("broken/paylint.toml", "rule = 1\n");
    let run = |arguments: &[&str]| folder.run_with(&[&CONCISE[..], &["-"], arguments].concat(), BAD);
    assert_eq!(lines(&run(&[]).out), [format!("<stdin> {WARNING}")]);
    assert_eq!(lines(&run(&["--stdin-filename", "new/a.json"]).out), [format!("new/a.json {WARNING}")]);
    assert_eq!(lines(&run(&["--stdin-filename", "sub/a.json"]).out), ["sub/a.json info[non-string-value]"]);
    let broken = run(&["--stdin-filename", "broken/a.json"]);
    assert_eq!((broken.code, broken.out.as_str()), (2, ""));
    assert!(broken.err.contains("broken/paylint.toml:1:1"), "{broken:?}");
}

#[test]
fn a_bad_one_is_shown_and_is_exit_code_2_in_every_format() {
    let folder = Folder::new("config-bad");
    folder
        .write("a/x.json", BAD)
        .write("b/paylint.toml", "[rules]\nnull-valu = \"off\"\n")
        .write("b/x.json", BAD)
        .write("b/deep/x.json", BAD);
    for format in ["full", "concise", "json"] {
        let run = folder.run(&["check", "--format", format]);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.out.contains("a/x.json") && !run.out.contains("b/x.json"), "{run:?}");
        assert!(
            run.err.contains("b/paylint.toml:2:1") && run.err.contains("did you mean `null-value`?"),
            "{run:?}"
        );
        assert_eq!(run.err.matches("invalid-config").count(), 1, "{run:?}");
    }
    let run = folder.run(&["check", "b/x.json", "b/deep/x.json"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    folder.write("paylint.toml", "required-version = \">=99\"\n");
    let run = folder.run(&["check", "a/x.json"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("the settings are for `>=99`"), "{run:?}");
    // Where nothing could be looked at, nothing is said to be well.
    assert!(!run.err.contains("nothing found"), "{run:?}");
    assert_eq!(folder.run(&["check", "a/x.json", "--no-config"]).code, 1);
    fs::write(folder.0.join("paylint.toml"), b"region = \"\xff\"").unwrap();
    assert!(folder.run(&["check", "a/x.json"]).err.contains("these bytes are not UTF-8"));
}

#[test]
fn globs_are_relative_to_the_files_folder() {
    let folder = Folder::new("config-globs");
    folder
        .write("in/paylint.toml", "exclude = [\"gen/\", \"/top.json\"]\ninclude = \"*.tpl\"\n")
        .write("in/gen/a.json", BAD)
        .write("in/top.json", BAD)
        .write("in/b.tpl", BAD)
        .write("in/c.json", BAD)
        .write("in/sub/top.json", BAD)
        .write("in/sub/d.tpl", BAD)
        .write("gen/e.json", BAD);
    let found = |folder: &Folder, arguments: &[&str]| -> Vec<String> {
        let cut = |line: &String| line.split(' ').next().unwrap().to_owned();
        check(folder, arguments).iter().map(cut).collect()
    };
    assert_eq!(found(&folder, &[]), ["gen/e.json", "in/b.tpl", "in/sub/d.tpl"]);
    assert_eq!(found(&Folder(folder.0.join("in")), &[]), ["b.tpl", "sub/d.tpl"]);
    assert_eq!(found(&folder, &["in", "--include", "sub/top.json", "--exclude", "b.*"]), ["in/sub/d.tpl"]);
    assert_eq!(
        found(&folder, &["in", "--include", "c.json", "--include", "in/sub/top.json"]),
        ["in/b.tpl", "in/c.json", "in/sub/d.tpl", "in/sub/top.json"]
    );
    // What is named is checked, unless it is to be taken as if it were met.
    assert_eq!(found(&folder, &["in/gen/a.json"]), ["in/gen/a.json"]);
    let run = folder.run(&["check", "in/gen/a.json", "--recognized-only", "--show-skipped"]);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{run:?}");
    assert!(run.err.contains("skipped in/gen/a.json: left out by `exclude`"), "{run:?}");
    // Given inline, they are relative to the working folder.
    assert_eq!(found(&folder, &["--config", "exclude = 'in/sub/'"]), ["gen/e.json", "in/b.tpl"]);
}

#[test]
fn bodies_are_what_their_files_are_said_to_be() {
    let folder = Folder::new("config-bodies");
    let odd = r#"{"flag": true}"#;
    folder
        .write(
            "paylint.toml",
            "[[bodies]]\nfiles = \"calls/*.body\"\noperation = \"patchConversationsCallParticipantAttributes\"\n\
             [[bodies]]\nfiles = \"media/\"\nrequest = \"PATCH /api/v2/conversations/calls/{c}/participants/{p}\"\n",
        )
        .write("calls/a.body", odd)
        .write("media/deep/b.json", GOOD)
        .write("media/c.json", odd)
        .write("elsewhere.json", odd)
        .write("elsewhere.body", odd);
    let found = check(&folder, &[]);
    assert_eq!(
        found,
        [
            "calls/a.body error[unwrapped-attributes]",
            "calls/a.body error[non-string-value]",
            "media/c.json error[unknown-property]",
            "media/deep/b.json error[misplaced-attributes]",
        ]
    );
    let operation = ["--operation", "patchConversationsCallParticipantAttributes", "media/deep/b.json"];
    assert!(check(&folder, &operation).is_empty());
}

#[test]
fn overrides_fit_by_path_rule_and_place() {
    let folder = Folder::new("config-overrides");
    let body = "{\"attributes\": {\"a\": 1, \"b\": 2, \"c/d\": null}}";
    let entries = "[[overrides]]\nfiles = \"legacy/\"\nrules = [\"non-string-value\"]\npointer = \"/attributes/a\"\n\
        reason = \"known\"\n[[overrides]]\nfiles = \"legacy/\"\npointer = \"/*/c~1d\"\nlevel = \"info\"\n\
        reason = \"known\"\n";
    folder.write("paylint.toml", entries).write("legacy/x.json", body).write("new/x.json", body);
    let run = folder.run(&["check", "--format", "concise"]);
    assert_eq!(
        lines(&run.out),
        [
            format!("legacy/x.json {ERROR}"),
            "legacy/x.json info[null-value]".to_owned(),
            format!("new/x.json {ERROR}"),
            format!("new/x.json {ERROR}"),
            "new/x.json error[null-value]".to_owned(),
        ]
    );
    assert!(run.err.starts_with("4 errors, 1 note in"), "{}", run.err);
    // In a body inside another text, and in a stream of lines, the pointer is that of the body, or line.
    folder
        .write("legacy/x.json", format!("{body}\n"))
        .write("legacy/y.jsonl", format!("{body}\n{body}\n"))
        .write("new/x.json", GOOD);
    let errors = check(&folder, &[]).iter().filter(|line| line.ends_with(ERROR)).count();
    assert_eq!(errors, 3);
    // The last that fits decides, and a rule that is off can be on in places.
    folder.write(
        "paylint.toml",
        "rules.null-value = \"off\"\n[[overrides]]\nrules = [\"null-value\"]\nfiles = \"x.json\"\nlevel = \"warning\"\n\
         reason = \"new files only\"\n[[overrides]]\nrules = \"non-string-value\"\nreason = \"not now\"\n",
    );
    assert_eq!(check(&folder, &[]), ["legacy/x.json warning[null-value]"]);
}

#[test]
fn a_team_has_its_own_rules_region_and_hosts() {
    let folder = Folder::new("config-team");
    folder
        .write(
            "paylint.toml",
            "region = \"mypurecloud.de\"\nextra-hosts = [\"proxy.example.com\"]\n[attributes]\n\
             required-attributes = [\"order_id\"]\nattribute-pattern = \"[a-z_]+\"\nmax-value-length = 3\n",
        )
        .write("a.json", r#"{"attributes": {"Order": "1234"}}"#)
        .write(
            "b.json",
            r#"{"method": "PATCH", "url": "https://api.mypurecloud.com/api/v2/conversations/{c}/participants/{p}/attributes", "body": {"attributes": {"order_id": "1"}}}"#,
        )
        .write(
            "c.json",
            r#"{"method": "PATCH", "url": "https://proxy.example.com/pc/api/v2/conversations/{c}/participants/{p}/attributes", "body": {"attributes": {"order_id": 1}}}"#,
        );
    assert_eq!(
        check(&folder, &[]),
        [
            "a.json error[missing-attribute]",
            "a.json error[team-attribute-name]",
            "a.json error[attribute-limit]",
            "b.json warning[wrong-host]",
            "c.json error[non-string-value]",
        ]
    );
    assert!(check(&folder, &["--no-config"]).is_empty());
}

#[test]
fn entries_that_do_nothing_are_told_by_a_whole_run() {
    let folder = Folder::new("config-unused");
    let entries = "rules.null-value = \"off\"\nrules.dotted-key = \"off\"\n\
        [[overrides]]\nrules = \"non-string-value\"\nreason = \"used\"\n\
        [[overrides]]\nrules = \"empty-map\"\nreason = \"not used\"\n\
        [[bodies]]\nfiles = \"gone/*.json\"\noperation = \"patchConversationsCallParticipantAttributes\"\n\
        [[bodies]]\nfiles = \"sub/a.json\"\noperation = \"patchConversationsCallParticipantAttributes\"\n";
    folder
        .write("in/paylint.toml", entries)
        .write("in/sub/a.json", BAD)
        .write("in/b.json", r#"{"attributes": {"a": null}}"#);
    // That a rule is off is policy, whether it would find something or not.
    let expected = ["in/paylint.toml warning[unused-override]", "in/paylint.toml warning[unused-override]"];
    assert_eq!(check(&folder, &[]), expected);
    assert_eq!(check(&folder, &["in"]), expected);
    assert_eq!(check(&folder, &["-j8", "in/b.json", "."]), expected);
    let run = folder.run(&["check", "--format", "concise"]);
    assert!(
        run.out.contains("in/paylint.toml:6:1: ") && run.out.contains("in/paylint.toml:9:1: "),
        "{}",
        run.out
    );
    assert_eq!(run.code, 0);
    assert_eq!(folder.run(&["check", "--fail-on", "warning"]).code, 1);
    let report: Value = serde_json::from_str(&folder.run(&["check", "--format", "json"]).out).unwrap();
    assert_eq!(report["findings"].as_array().unwrap().len(), 2);
    // Where something may have been left out, nothing is known.
    for arguments in [
        &["in/sub"][..],
        &["in/b.json", "in/sub/a.json"],
        &["--exclude", "x"],
        &["--only", "empty-map"],
        &["--carrier", "json"],
        &["--no-config", "--allow", "null-value,non-string-value"],
        &["--config", "rules.unused-override = 'off'"],
        &["gone.json", "in"],
    ] {
        assert!(check(&folder, arguments).is_empty(), "{arguments:?}");
    }
}

#[test]
fn what_holds_is_shown_with_its_source() {
    let folder = Folder::new("config-show");
    folder
        .write(
            "paylint.toml",
            "fail-on = \"warning\"\n[rules]\ndotted-key = \"off\"\n[[bodies]]\nfiles = \"a/*.json\"\n\
             operation = \"patchConversationsCallParticipantAttributes\"\n[attributes]\nmax-attributes = 3\n",
        )
        .write("a/x.json", GOOD);
    let run = folder.run(&[
        "config",
        "a/x.json",
        "--deny",
        "mixed-update",
        "--config",
        "region = 'mypurecloud.de'",
    ]);
    assert_eq!(run.code, 0, "{run:?}");
    let has = |words: &[&str]| run.out.lines().any(|line| line.split_whitespace().eq(words.iter().copied()));
    assert!(run.out.starts_with("a/x.json: paylint.toml\n"), "{}", run.out);
    for words in [
        &["fail-on", "warning", "paylint.toml:1"][..],
        &["region", "mypurecloud.de", "--config"],
        &["operation", "patchConversationsCallParticipantAttributes", "paylint.toml:4"],
        &["attributes.max-attributes", "3", "paylint.toml:8"],
        &["rules.dotted-key", "off", "paylint.toml:3"],
        &["rules.mixed-update", "error", "--deny"],
        &["rules.null-value", "error", "default"],
    ] {
        assert!(has(words), "{words:?}: {}", run.out);
    }
    let run = folder.run(&["config", "a/x.json", "--format", "json"]);
    let shown: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((&shown["path"], &shown["config"]), (&json!("a/x.json"), &json!("paylint.toml")));
    let setting = |key: &str| {
        let settings = shown["settings"].as_array().unwrap();
        settings.iter().find(|setting| setting["key"] == key).unwrap_or_else(|| panic!("{key}")).clone()
    };
    assert_eq!(
        setting("fail-on"),
        json!({"key": "fail-on", "value": "warning", "source": {"kind": "file", "name": "paylint.toml", "line": 1}})
    );
    assert_eq!(
        setting("rules.null-value")["source"],
        json!({"kind": "default", "name": "default", "line": null})
    );
    let run = folder.run(&["config", "--no-config"]);
    assert!(run.out.starts_with(".: no configuration\n"), "{run:?}");
    folder.write("paylint.toml", "x = 1");
    assert_eq!(folder.run(&["config"]).code, 2);
}

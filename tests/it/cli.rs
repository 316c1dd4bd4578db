//! The command, run as a user runs it.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A folder of its own for each test, empty at the start.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli").join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) -> &Self {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, "")
    }

    pub fn run_with(&self, arguments: &[&str], input: &str) -> Run {
        let mut child = Command::new(env!("CARGO_BIN_EXE_paylint"))
            .args(arguments)
            .current_dir(&self.0)
            .env_remove("FORCE_COLOR")
            .env_remove("NO_COLOR")
            .env("COLUMNS", "80")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that reads no input may be gone before it is written.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        Run::new(&child.wait_with_output().unwrap())
    }
}

#[derive(Debug, PartialEq, Eq)]
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Run {
    fn new(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Self { code: output.status.code().unwrap(), out: text(&output.stdout), err: text(&output.stderr) }
    }
}

pub const GOOD: &str = r#"{"attributes": {"order_id": "12345"}}"#;
pub const BAD: &str = "{\n  \"attributes\": {\"order_id\": 12345}\n}\n";

/// A large file is read into other memory than a small one.
#[test]
fn large_files_are_read_whole_and_leave_nothing_behind() {
    let folder = Folder::new("large");
    let members: String = (0..100_000).map(|at| format!("  \"attribute_{at:06}\": \"value\",\n")).collect();
    let large = format!("{{\"attributes\": {{\n{members}  \"last\": 1\n}}}}\n");
    assert!(large.len() > 2 << 20);
    folder.write("1.json", BAD).write("2.json", &large).write("3.json", BAD);
    let run = folder.run(&["check", "--format", "concise", "--only", "non-string-value", "."]);
    let places: Vec<_> = run.out.lines().map(|line| line.split(": ").next().unwrap()).collect();
    assert_eq!(places, ["1.json:2:30", "2.json:100002:11", "3.json:2:30"]);
}

#[test]
fn clean_is_zero_and_findings_are_one_in_every_format() {
    let folder = Folder::new("exit");
    folder.write("good.json", GOOD).write("bad.json", BAD);
    for format in ["full", "concise", "json"] {
        assert_eq!(folder.run(&["check", "good.json", "--format", format]).code, 0, "{format}");
        assert_eq!(folder.run(&["check", "bad.json", "--format", format]).code, 1, "{format}");
        assert_eq!(
            folder.run(&["check", "bad.json", "--format", format, "--fail-on", "never"]).code,
            0,
            "{format}"
        );
        assert_eq!(folder.run(&["check", "gone.json", "--format", format]).code, 2, "{format}");
    }
}

#[test]
fn concise_names_the_place() {
    let folder = Folder::new("concise");
    let run = folder.write("bad.json", BAD).run(&["check", "--format", "concise"]);
    assert_eq!(
        run.out,
        "bad.json:2:30: error[non-string-value] attribute `order_id` is a number, it must be a string\n"
    );
    assert_eq!(run.err, "1 error in 1 request, 1 file checked\n");
}

#[test]
fn quiet_says_nothing_besides() {
    let folder = Folder::new("quiet");
    let run = folder.write("good.json", GOOD).run(&["check", "--quiet"]);
    assert_eq!(run, Run { code: 0, out: String::new(), err: String::new() });
}

#[test]
fn an_unreadable_file_stops_no_other() {
    let folder = Folder::new("unreadable");
    let run = folder.write("bad.json", BAD).run(&["check", "gone.json", "bad.json", "--format", "concise"]);
    assert_eq!(run.code, 2);
    assert!(run.out.starts_with("bad.json:2:30: "), "{run:?}");
    assert!(run.err.contains("cannot read `gone.json`: no such file or directory"), "{run:?}");
}

#[test]
fn standard_input_has_a_name() {
    let folder = Folder::new("stdin");
    let run = folder.run_with(&["check", "-", "--stdin-filename", "a/b.json", "--format", "concise"], BAD);
    assert!(run.out.starts_with("a/b.json:2:30: "), "{run:?}");
    assert_eq!(run.code, 1);
    let lines = format!("{GOOD}\n\n{{\"attributes\": {{\"a\": true}}}}\n");
    let run = folder.run_with(&["check", "-", "--stdin-filename", "b.jsonl", "--format", "concise"], &lines);
    assert!(run.out.starts_with("b.jsonl:3:22: "), "{run:?}");
    assert!(run.err.contains("2 requests"), "{run:?}");
    let marked = format!("\u{feff}{GOOD}\n\u{feff}{GOOD}\n");
    let run = folder.run_with(&["check", "-", "--stdin-filename", "b.jsonl", "--format", "concise"], &marked);
    assert!(run.out.contains("the file begins with") && run.out.contains("the line begins with"), "{run:?}");
    assert_eq!(folder.run_with(&["check", "-"], GOOD).code, 0);
}

#[test]
fn a_folder_is_walked_in_order_and_what_is_strange_is_left_alone() {
    let folder = Folder::new("walk");
    folder
        .write("b/two.json", BAD)
        .write("a/one.JSON", BAD)
        .write("package.json", r#"{"name": "x", "version": "1.0.0", "scripts": {}, "config": {"a": 1}}"#)
        .write("tsconfig.json", "{ // a comment\n \"compilerOptions\": {} }")
        .write("device.json", r#"{"id": "1", "name": "desk", "state": "active", "muted": 5}"#)
        .write("shirt.json", r#"{"id": "7", "attributes": {"size": 12}}"#)
        .write("lamp.json", r#"{"state": "on"}"#)
        .write("film.json", r#"{"recording": {"id": 1}}"#)
        .write("node.json", r#"{"attributes": {"class": "x", "n": 1}, "tag": "div"}"#)
        .write("notes.txt", "no")
        .write(".hidden/three.json", BAD)
        .write("node_modules/x/four.json", BAD)
        .write("target/five.json", BAD)
        .write("users.json", r#"{"method": "PATCH", "url": "/api/v2/users/1", "body": {"a": 1}}"#)
        .write(
            "other.json",
            r#"{"method": "PATCH", "url": "https://example.com/api/v2/conversations/x", "body": {"a": 1}}"#,
        );
    let run = folder.run(&["check", ".", "--format", "concise", "--show-skipped"]);
    let files: Vec<_> = run.out.lines().map(|line| line.split(':').next().unwrap()).collect();
    assert_eq!(files, ["a/one.JSON", "b/two.json"]);
    for skipped in [
        "package.json: neither",
        "tsconfig.json: neither",
        "device.json: neither",
        "shirt.json: neither",
        "lamp.json: neither",
        "film.json: neither",
        "node.json: neither",
        "notes.txt: not a kind",
        "users.json: a request to another part",
        "other.json: a request to somewhere",
    ] {
        assert!(run.err.contains(&format!("skipped {skipped}")), "{skipped}: {}", run.err);
    }
    assert!(run.err.ends_with("2 errors in 2 requests, 2 files checked, 10 skipped\n"), "{}", run.err);
    // Named, it is checked whatever it is.
    assert_eq!(folder.run(&["check", "package.json"]).code, 1);
    assert_eq!(folder.run(&["check", "package.json", "--recognized-only"]).code, 0);
}

#[test]
fn a_file_is_checked_once_by_whatever_paths() {
    let folder = Folder::new("once");
    folder.write("a/one.json", BAD).write("a/package.json", r#"{"name": "x"}"#);
    for paths in
        [&["a/one.json", "a/one.json"], &["./a/one.json", "a"], &["a", "a/../a/one.json"], &["a", "."]]
    {
        let run = folder.run(&[&["check", "--format", "concise"], paths.as_slice()].concat());
        assert_eq!(run.out.lines().count(), 1, "{paths:?}: {run:?}");
        assert!(run.err.contains("1 file checked"), "{paths:?}: {}", run.err);
    }
    // Naming a file says more than meeting it.
    let run = folder.run(&["check", "--format", "concise", "a", "a/package.json"]);
    assert!(run.out.contains("unknown-property"), "{run:?}");
}

#[test]
fn a_named_file_that_cannot_be_read_is_no_success() {
    let folder = Folder::new("named-broken");
    let cut = r#"{"method": "PATCH", "url": "https://api.mypurecloud.com/api/v2/conversa"#;
    folder
        .write("cut.json", cut)
        .write("users.json", r#"{"method": "PATCH", "url": "/api/v2/users/me", "body": {"a": 1,}}"#)
        .write("bytes.json", b"{\"method\": \"PATCH\", \"url\": \"/api/\xfb2/conversations/calls\"}");
    for (name, rule) in [("cut", "syntax-error"), ("users", "syntax-error"), ("bytes", "invalid-utf8")] {
        let run = folder.run(&["check", "--format", "concise", &format!("{name}.json")]);
        assert_eq!(run.code, 1, "{name}: {run:?}");
        assert_eq!(run.out.lines().count(), 1, "{name}: {run:?}");
        assert!(run.out.contains(rule) && run.err.contains("1 file checked"), "{name}: {run:?}");
    }
    // Met on a walk, they are of others, and nothing is left to check.
    assert_eq!(folder.run(&["check", "."]).code, 2);
}

#[test]
fn among_lines_of_requests_a_broken_one_is_told() {
    let folder = Folder::new("broken-line");
    let other = r#"{"event": "started"}"#;
    folder.write("a.jsonl", format!("{other}\n{GOOD}\n{other}\nattributes oops\n{GOOD}\n"));
    folder.write("b.jsonl", format!("{other}\nattributes oops\n"));
    let run = folder.run(&["check", "--format", "concise", "."]);
    assert_eq!(run.out.lines().count(), 1, "{run:?}");
    assert!(run.out.starts_with("a.jsonl:4:1: error[syntax-error]"), "{run:?}");
}

#[test]
fn ignore_files_hold_at_every_level() {
    let folder = Folder::new("ignore");
    fs::create_dir_all(folder.0.join(".git")).unwrap();
    folder
        .write(".gitignore", "generated/\n*.tmp.json\n")
        .write("generated/a.json", BAD)
        .write("x.tmp.json", BAD)
        .write("sub/.gitignore", "b.json\n!keep.tmp.json\n")
        .write("sub/b.json", BAD)
        .write("sub/keep.tmp.json", BAD)
        .write("sub/.ignore", "c.json\n")
        .write("sub/c.json", BAD)
        .write("other/b.json", BAD);
    let names = |run: &Run| {
        let line = |line: &str| line.split(':').next().unwrap().to_owned();
        run.out.lines().map(line).collect::<Vec<_>>()
    };
    let run = folder.run(&["check", "--format", "concise"]);
    assert_eq!(names(&run), ["other/b.json", "sub/keep.tmp.json"]);
    // From below, those above hold too.
    let run = folder.run(&["check", "sub", "other", "--format", "concise"]);
    assert_eq!(names(&run), ["sub/keep.tmp.json", "other/b.json"]);
    let run =
        folder.run(&["check", "--format", "concise", "--exclude", "other/", "--exclude", "sub/*.tmp.json"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("there is nothing to check"), "{run:?}");
}

#[test]
fn globs_select() {
    let folder = Folder::new("globs");
    folder.write("a.json", BAD).write("b.tpl", BAD).write("sub/c.json", BAD);
    let run = folder.run(&["check", "--format", "concise", "--include", "*.tpl", "--include", "sub/**"]);
    let files: Vec<_> = run.out.lines().map(|line| line.split(':').next().unwrap()).collect();
    assert_eq!(files, ["b.tpl", "sub/c.json"]);
    let run = folder.run(&["check", "--exclude", "a[.json"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("`a[.json` is no glob"), "{run:?}");
}

#[cfg(unix)]
#[test]
fn loops_of_links_are_survived() {
    let folder = Folder::new("links");
    folder.write("a/bad.json", BAD);
    std::os::unix::fs::symlink("..", folder.0.join("a/up")).unwrap();
    std::os::unix::fs::symlink("self", folder.0.join("self")).unwrap();
    std::os::unix::fs::symlink("a/bad.json", folder.0.join("link.json")).unwrap();
    let run = folder.run(&["check", "--format", "concise"]);
    assert_eq!(run.out.lines().count(), 1, "{run:?}");
    assert_eq!(folder.run(&["check", "link.json"]).code, 1);
    assert_eq!(folder.run(&["check", "self"]).code, 2);
}

#[test]
fn usage_errors_name_the_nearest() {
    let folder = Folder::new("usage");
    folder.write("good.json", GOOD);
    for (arguments, said) in [
        (&["check", "--allow", "non-string-values"][..], "did you mean `non-string-value`?"),
        (&["check", "--only", "zzz"], "`paylint rules` lists them"),
        (
            &["check", "--operation", "patchConversationsChatParticipantAttributes"],
            "the API no longer has `patchConversationsChatParticipantAttributes`",
        ),
        (
            &["check", "--request", "PATCH /api/v2/conversations/chats/{c}/participants/{p}/attributes"],
            "patchConversationsMessageParticipantAttributes",
        ),
        (
            &["check", "--operation", "patchConversationCallParticipant"],
            "did you mean `patchConversationsCallParticipant`?",
        ),
        (&["check", "--request", "PATCH"], "write method and path"),
        (&["check", "--request", "FETCH /api/v2/conversations"], "GET, POST, PUT, PATCH or DELETE"),
        (
            &["check", "--request", "PATCH /api/v2/conversations/voice/{c}/participants/{p}"],
            "the nearest is `PATCH ",
        ),
        (&["check", "--deny", "dotted-key", "--allow", "dotted-key"], "given two levels"),
        (&["explain", "null-values"], "did you mean `null-value`?"),
        (&["schema", "ParticipantAttribute"], "did you mean `ParticipantAttributes`?"),
        (&["operations", "qqqqq"], "try words of its path"),
        (&["check", "--no-such-option"], "--no-such-option"),
    ] {
        let run = folder.run(arguments);
        assert_eq!(run.code, 2, "{arguments:?}: {run:?}");
        assert!(run.err.contains(said), "{arguments:?}: {}", run.err);
        assert!(run.out.is_empty(), "{arguments:?}: {}", run.out);
    }
}

#[test]
fn levels_are_the_users() {
    let folder = Folder::new("levels");
    folder.write("bad.json", BAD);
    assert_eq!(folder.run(&["check", "--warn", "non-string-value"]).code, 0);
    assert_eq!(folder.run(&["check", "--warn", "non-string-value", "--fail-on", "warning"]).code, 1);
    let run = folder.run(&["check", "--allow", "non-string-value", "--format", "concise"]);
    assert_eq!((run.code, run.out.as_str()), (0, ""));
    assert_eq!(folder.run(&["check", "--only", "null-value,empty-map"]).code, 0);
    let run = folder.run(&["check", "--statistics", "--format", "concise"]);
    assert!(run.err.contains("1  non-string-value"), "{run:?}");
}

#[test]
fn the_operation_of_bare_bodies_is_given() {
    let folder = Folder::new("operation");
    folder.write("body.json", r#"{"attributes": {"a": "b"}}"#);
    for name in
        ["patchConversationsCallParticipantAttributes", "patch_conversations_call_participant_attributes"]
    {
        assert_eq!(folder.run(&["check", "body.json", "--operation", name]).code, 0, "{name}");
    }
    let request = "PATCH /api/v2/conversations/calls/{conversationId}/participants/{participantId}";
    let run = folder.run(&["check", "body.json", "--request", request, "--format", "concise"]);
    assert_eq!(run.code, 1);
    assert!(run.out.contains("error[misplaced-attributes]"), "{run:?}");
}

#[test]
fn threads_change_nothing() {
    let folder = Folder::new("threads");
    for n in 0..600 {
        let text = if n % 3 == 0 { BAD } else { GOOD };
        folder.write(&format!("d{}/p{n:04}.json", n % 7), text);
    }
    let lines: String = (0..20_000).map(|n| format!("{{\"attributes\": {{\"n\": {n}}}}}\n")).collect();
    folder.write("d3/many.jsonl", lines);
    for format in ["concise", "json"] {
        let one = folder.run(&["check", "-j1", "--format", format]);
        let many = folder.run(&["check", "-j16", "--format", format]);
        assert!(one == many, "{format}: threads change the output");
        assert_eq!(one.code, 1);
    }
}

#[test]
fn a_method_is_listed_as_http_writes_it() {
    let folder = Folder::new("methods");
    let url = "/api/v2/conversations/{conversationId}/participants/{participantId}/attributes";
    for (said, shown) in
        [("Patch", "PATCH"), ("post", "POST"), ("{{method}}", "{{method}}"), ("Link", "Link")]
    {
        folder.write("a.json", format!(r#"{{"method": "{said}", "url": "{url}"}}"#));
        let run = folder.run(&["check", "--list", "a.json"]);
        assert!(run.out.contains(&format!(" {shown} {url}")), "{}", run.out);
        let run = folder.run(&["check", "--list", "--format", "json", "a.json"]);
        let list: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        assert_eq!(list["requests"][0]["method"], shown, "{}", run.out);
    }
}

#[test]
fn lists_and_schemas_are_printed() {
    let folder = Folder::new("lists");
    let rules = folder.run(&["rules", "--format", "json"]);
    let rules: serde_json::Value = serde_json::from_str(&rules.out).unwrap();
    assert_eq!(rules.as_array().unwrap().len(), paylint::rules::ALL.len());
    for rule in paylint::rules::ALL {
        assert!(folder.run(&["rules"]).out.contains(rule.id));
        assert!(folder.run(&["explain", rule.id]).out.starts_with(rule.id));
    }
    for name in folder.run(&["schema", "--list"]).out.lines() {
        let schema: serde_json::Value = serde_json::from_str(&folder.run(&["schema", name]).out).unwrap();
        assert!(schema["$schema"].is_string(), "{name}");
    }
    let path = "PATCH /api/v2/conversations/calls/{conversationId}/participants/{participantId}";
    let run = folder.run(&["operations", path, "-n1"]);
    for said in [
        "MediaParticipantRequest",
        "patchConversationsCallParticipant",
        "patch_conversations_call_participant",
        "conversations",
        "conversation:participant:wrapup",
    ] {
        assert!(run.out.contains(said), "{said}: {}", run.out);
    }
    let run = folder.run(&["operations", "participant", "attributes", "-n1"]);
    assert!(
        run.out.starts_with(
            "PATCH  /api/v2/conversations/{conversationId}/participants/{participantId}/attributes\n"
        ),
        "{}",
        run.out
    );
    assert_eq!(folder.run(&["operations"]).out.lines().count(), 334);
}

#[test]
fn nothing_hostile_reaches_the_terminal() {
    let folder = Folder::new("hostile");
    let name = "a\u{1b}[31m\nb.json";
    folder.write(name, "{\"attributes\": {\"k\u{1b}]0;x\u{7}\u{9b}\": 1, \"\\u001b[2J\": null}}");
    for format in ["full", "concise", "json"] {
        let run = folder.run(&["check", "--format", format, "--show-skipped"]);
        let bare = |text: &str| text.chars().all(|c| !c.is_control() || c == '\n');
        assert!(bare(&run.out) && bare(&run.err), "{format}: {run:?}");
        assert!(!run.out.contains("\nb.json"), "{format}: {run:?}");
    }
}

/// Whichever rules are on, whatever is excepted, and wherever the secret stands.
#[test]
fn no_output_shows_a_secret() {
    let folder = Folder::new("no-secret");
    let secrets =
        ["4111111111111111", "aB3dE6/H9jK2~N5pQ8sT1vW4x", "aB3dE6~1H9jK2", "MIIEvQIBADANBgkqhkiG9w0B"];
    let key = "-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBgkqhkiG9w0B\\n-----END PRIVATE KEY-----";
    folder.write(
        "a.json",
        format!(
            "{{\"attributes\": {{\"{}\": 1, \"x.y\": null, \"a/Bearer {}\": 2, \"b\": {{\"pem\": \"{key}\"}},\n\"c.d\": \"{}\"}}}}\n",
            secrets[0], secrets[1], secrets[0]
        ),
    );
    folder.write(
        "b.sh",
        format!(
            "TOKEN='Bearer {}' # beside the request\ncurl -X PATCH /api/v2/conversations/x/participants/y/attributes -d '{{\"attributes\": {{\"{}\": 1}}}}'",
            secrets[1], secrets[0]
        ),
    );
    folder.write("all.toml", "");
    folder.write("except.toml", "[[overrides]]\nrules = \"sensitive-value\"\nreason = \"a test's card\"\n");
    folder.write("off.toml", "rules.sensitive-value = \"off\"\n");
    folder.write(
        "answer.json",
        format!("{{\"message\": \"Attribute '{}' is wrong\", \"code\": \"invalid.property\"}}", secrets[0]),
    );
    let team = format!("attributes.allowed-attributes = [\"{}\"]", secrets[0]);
    let none = |run: &Run, what: &[&str]| {
        for secret in secrets {
            assert!(
                !run.out.contains(secret) && !run.err.contains(secret),
                "{what:?}: {}{}",
                run.out,
                run.err
            );
        }
    };
    for config in ["all.toml", "except.toml", "off.toml"] {
        for format in ["full", "concise", "json"] {
            for arguments in [
                &["check"][..],
                &["check", "--only", "non-string-value"],
                &["check", "--list"],
                &["check", "--config", &team],
                &["config", "--config", &team],
            ] {
                let all = [arguments, &["--config", config, "--format", format, "a.json", "b.sh"]].concat();
                let run = folder.run(&all);
                assert!(run.code < 2 && !run.out.is_empty(), "{all:?}: {run:?}");
                none(&run, &all);
            }
        }
        let diff = ["check", "--diff", "--unsafe-fixes", "--config", config, "a.json", "b.sh"];
        none(&folder.run(&diff), &diff);
        let write = ["check", "--write-baseline", "known.json", "--config", config, "a.json", "b.sh"];
        assert_eq!(folder.run(&write).code, 0);
        let known = fs::read_to_string(folder.0.join("known.json")).unwrap();
        none(&Run { code: 0, out: known, err: String::new() }, &write);
    }
    for format in ["full", "concise", "json"] {
        let response = ["response", "answer.json", "--request", "a.json", "--format", format];
        let run = folder.run(&response);
        assert_eq!(run.code, 1);
        none(&run, &response);
    }
    folder.write("paylint.toml", format!("{team}\nmax = 1\n"));
    let run = folder.run(&["check"]);
    assert!(run.err.contains("••••"), "{run:?}");
    none(&run, &["check"]);
}

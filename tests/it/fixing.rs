//! `--fix`, `--diff` and `paylint fix`, run as a user runs them: what is written, and what never is.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A folder of its own for each test, empty at the start.
struct Folder(PathBuf);

struct Run {
    code: Option<i32>,
    out: Vec<u8>,
    err: String,
}

impl Run {
    fn out(&self) -> &str {
        std::str::from_utf8(&self.out).unwrap()
    }
}

const PROGRAM: &str = env!("CARGO_BIN_EXE_paylint");

impl Folder {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fixing").join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> &Self {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
        self
    }

    fn read(&self, name: &str) -> String {
        String::from_utf8(fs::read(self.0.join(name)).unwrap()).unwrap()
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(&self.0)
            .env_remove("FORCE_COLOR")
            .env("COLUMNS", "80")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn run(&self, arguments: &[&str]) -> Run {
        finish(self.command(PROGRAM, arguments).spawn().unwrap(), b"")
    }

    fn filter(&self, arguments: &[&str], input: &[u8]) -> Run {
        finish(self.command(PROGRAM, arguments).spawn().unwrap(), input)
    }

    /// The names of all that is in it, hidden or not.
    fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(&self.0)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

fn finish(mut child: Child, input: &[u8]) -> Run {
    let mut stdin = child.stdin.take().unwrap();
    let output = std::thread::scope(|scope| {
        // A command that reads no input may be gone before it is written.
        scope.spawn(move || drop(stdin.write_all(input)));
        child.wait_with_output().unwrap()
    });
    let err = String::from_utf8(output.stderr).unwrap();
    Run { code: output.status.code(), out: output.stdout, err }
}

const OLD: &str = "{\r\n  'attributes': {\"n\": 1, \"gone\": null,},\r\n}";
const SAFE: &str = "{\r\n  \"attributes\": {\"n\": \"1\", \"gone\": null}\r\n}";
const ALL: &str = "{\r\n  \"attributes\": {\"n\": \"1\"}\r\n}";

#[test]
fn safe_fixes_are_written_and_the_rest_is_reported() {
    let folder = Folder::new("safe");
    let run = folder.write("a.json", OLD).run(&["check", "--fix", "--format", "concise"]);
    assert_eq!(folder.read("a.json"), SAFE);
    assert_eq!(run.code, Some(1));
    assert_eq!(run.out(), "a.json:2:36: error[null-value] attribute `gone` is null, it must be a string\n");
    assert_eq!(run.err, "1 error in 1 request, 1 file checked, 4 fixed\n");
    assert_eq!(folder.names(), ["a.json"]);
    let run = folder.run(&["check", "--unsafe-fixes", "--format", "json"]);
    assert_eq!(folder.read("a.json"), ALL);
    assert_eq!(run.code, Some(0));
    let report: serde_json::Value = serde_json::from_str(run.out()).unwrap();
    assert_eq!(report["summary"]["fixed"], 1);
    assert_eq!(report["findings"].as_array().unwrap().len(), 0);
    // Nothing is left to do, and nothing is done.
    let before = fs::metadata(folder.0.join("a.json")).unwrap().modified().unwrap();
    let run = folder.run(&["fix", "--unsafe-fixes"]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), "nothing found in 1 request, 1 file checked\n"));
    assert_eq!(fs::metadata(folder.0.join("a.json")).unwrap().modified().unwrap(), before);
}

#[test]
fn exceptions_are_left_alone() {
    let folder = Folder::new("exceptions");
    let line = "{\"attributes\": {\"a\": 1, \"b\": 2}}\n";
    let config = "[[overrides]]\nfiles = \"*\"\nrules = [\"non-string-value\"]\npointer = \"/attributes/a\"\nreason = \"so be it\"\n";
    folder.write("paylint.toml", config).write("x.json", line).write("y.jsonl", line);
    let fixed = line.replace('2', "\"2\"");
    let run = folder.run(&["fix"]);
    assert_eq!(run.code, Some(0), "{}{}", run.out(), run.err);
    assert_eq!((folder.read("x.json"), folder.read("y.jsonl")), (fixed.clone(), fixed.clone()));
    let run = folder.filter(&["fix", "--stdin-filename", "z.jsonl", "-"], line.as_bytes());
    assert_eq!(run.out(), fixed);
}

#[test]
fn checking_writes_nothing() {
    let folder = Folder::new("read-only");
    folder.write("a.json", OLD).write("b.jsonl", format!("{}\n", OLD.replace("\r\n", " ")));
    let state = || {
        let of = |name: &String| {
            let path = folder.0.join(name);
            (fs::read(&path).unwrap(), fs::metadata(&path).unwrap().modified().unwrap())
        };
        (folder.names(), folder.names().iter().map(of).collect::<Vec<_>>())
    };
    let before = state();
    for arguments in [
        &["check"][..],
        &["check", "--format", "json"],
        &["check", "--format", "concise", "--statistics"],
        &["check", "--list"],
        &["check", "--diff"],
        &["check", "--unsafe-fixes", "--diff"],
        &["fix", "--diff"],
        &["check", "a.json", "b.jsonl", "-"],
    ] {
        folder.run(arguments);
        assert!(state() == before, "{arguments:?} wrote something");
    }
}

#[test]
fn a_diff_is_a_patch() {
    let folder = Folder::new("diff");
    let lines = "{\"attributes\": {\"a\": 1}}\n\n{\"attributes\": {\"a\": \"1\"}}\r\n{'muted': true}";
    folder
        .write("sub/a.json", OLD)
        .write("b.json", b"{\"attributes\": {\n\"a\": 1,\n\"b\": \"\xe9\"}}\n")
        .write("good.json", ALL)
        .write("c.jsonl", lines);
    let run = folder.run(&["check", "--diff"]);
    assert_eq!(run.code, Some(1), "{}", run.err);
    assert_eq!(run.err, "7 findings would be fixed, 4 files looked at\n");
    assert!(run.out.starts_with(b"--- b.json\n+++ b.json\n@@ -1,3 +1,3 @@\n"));
    assert_eq!(folder.read("sub/a.json"), OLD);
    let run_patch = finish(folder.command("patch", &["-p0", "--binary"]).spawn().unwrap(), &run.out);
    assert_eq!(run_patch.code, Some(0), "{}{}", run_patch.out(), run_patch.err);
    assert_eq!(folder.read("sub/a.json"), SAFE);
    assert_eq!(
        fs::read(folder.0.join("b.json")).unwrap(),
        b"{\"attributes\": {\n\"a\": \"1\",\n\"b\": \"\xe9\"}}\n"
    );
    assert_eq!(folder.read("c.jsonl"), lines.replace(": 1}", ": \"1\"}").replace('\'', "\""));
    let run = folder.run(&["fix", "--diff"]);
    assert_eq!((run.code, run.out()), (Some(0), ""));
    assert_eq!(folder.run(&["check", "--diff", "--format", "json"]).code, Some(2));
    assert_eq!(folder.run(&["check", "--fix", "--list"]).code, Some(2));
}

#[test]
fn a_diff_shows_no_secret() {
    let folder = Folder::new("secret");
    folder.write("a.json", "{\"attributes\": {\"card\": \"4111 1111 1111 1111\", \"n\": 1}}\n");
    let run = folder.run(&["check", "--diff"]);
    assert!(run.out().contains("\"n\": \"1\"}}"), "{}", run.out());
    assert!(!run.out().contains("1111"), "{}", run.out());
    folder.run(&["fix"]);
    assert_eq!(
        folder.read("a.json"),
        "{\"attributes\": {\"card\": \"4111 1111 1111 1111\", \"n\": \"1\"}}\n"
    );
}

#[test]
fn a_filter_gives_the_whole_text_back() {
    let folder = Folder::new("filter");
    for (input, output, code) in [
        (OLD.as_bytes(), SAFE.as_bytes(), 1),
        (ALL.as_bytes(), ALL.as_bytes(), 0),
        (b"", b"", 1),
        (b"\xff\xfe{\0}\0", b"\xff\xfe{\0}\0", 1),
        (b"[1, 2,]\n\n", b"[1, 2]\n\n", 1),
    ] {
        for arguments in
            [&["fix", "-"][..], &["check", "--fix", "-"], &["fix", "--stdin-filename", "x.json", "-"]]
        {
            let run = folder.filter(arguments, input);
            assert_eq!(String::from_utf8_lossy(&run.out), String::from_utf8_lossy(output), "{arguments:?}");
            assert_eq!((run.code, run.err.as_str()), (Some(code), ""), "{arguments:?}");
        }
    }
    let run = folder.filter(&["fix", "-", "--unsafe-fixes"], OLD.as_bytes());
    assert_eq!((run.code, run.out()), (Some(0), ALL));
    let run = folder.filter(&["fix", "-", "--show-remaining", "--format", "concise"], OLD.as_bytes());
    assert_eq!(run.out(), SAFE);
    assert_eq!(
        run.err,
        "<stdin>:2:36: error[null-value] attribute `gone` is null, it must be a string\n1 error in 1 request, 1 file checked, 4 fixed\n"
    );
    let run = folder.write("a.json", OLD).filter(&["fix", "-", "a.json"], OLD.as_bytes());
    assert_eq!((run.code, run.out()), (Some(2), ""));
    assert!(run.err.contains("cannot be fixed together with files"), "{}", run.err);
    assert_eq!(folder.read("a.json"), OLD);
}

/// A line of JSON Lines, before and after it is fixed.
fn line(n: usize) -> (String, String) {
    match n % 4 {
        0 => (
            format!("{{\"attributes\": {{\"n\": {n}}}}}\n"),
            format!("{{\"attributes\": {{\"n\": \"{n}\"}}}}\n"),
        ),
        1 => ("\r\n".to_owned(), "\r\n".to_owned()),
        2 => (
            format!("{{'muted': True}}{}\r\n", " ".repeat(n % 7)),
            format!("{{\"muted\": true}}{}\r\n", " ".repeat(n % 7)),
        ),
        _ => (
            format!("{{\"attributes\": {{\"n\": \"{n}\"}}}}\n"),
            format!("{{\"attributes\": {{\"n\": \"{n}\"}}}}\n"),
        ),
    }
}

#[test]
fn json_lines_are_fixed_line_by_line() {
    let folder = Folder::new("lines");
    let (old, new): (String, String) = (0..20_000).map(line).collect();
    // The first that has to be changed stands blocks away from the start.
    let clean = "{\"attributes\": {\"n\": \"1\"}}\n".repeat(20_000);
    let end = "{\"attributes\": {\"z\": 1,}}";
    let fixed_end = "{\"attributes\": {\"z\": \"1\"}}";
    let (old, new) = (format!("{clean}{old}{end}"), format!("{clean}{new}{fixed_end}"));
    let run = folder.filter(&["fix", "-", "--stdin-filename", "a.jsonl", "--show-remaining"], old.as_bytes());
    assert!(run.out() == new, "what is filtered differs");
    assert_eq!(
        (run.code, run.err.as_str()),
        (Some(0), "nothing found in 35001 requests, 1 file checked, 15002 fixed\n")
    );
    let run = folder.write("a.jsonl", &old).run(&["fix", "a.jsonl"]);
    assert!(folder.read("a.jsonl") == new, "what is written differs");
    assert_eq!(
        (run.code, run.err.as_str()),
        (Some(0), "nothing found in 35001 requests, 1 file checked, 15002 fixed\n")
    );
    assert_eq!(folder.names(), ["a.jsonl"]);
}

#[test]
fn threads_change_nothing() {
    let folder = Folder::new("threads");
    let mut runs = Vec::new();
    for threads in ["-j1", "-j8"] {
        for n in 0..400 {
            folder.write(&format!("d{}/p{n:04}.json", n % 7), if n % 3 == 0 { ALL } else { OLD });
        }
        let run = folder.run(&["fix", threads, "--format", "json"]);
        let texts: Vec<_> = (0..400).map(|n| folder.read(&format!("d{}/p{n:04}.json", n % 7))).collect();
        runs.push((run.code, run.out, run.err, texts));
    }
    assert!(runs[0] == runs[1], "threads change the outcome");
    // A file that is named in two ways is fixed once.
    let mut runs = Vec::new();
    for threads in ["-j1", "-j8"] {
        folder.write("d1/p0001.json", OLD);
        let run = folder.run(&["fix", ".", "d1/p0001.json", "d1", threads, "--format", "concise"]);
        runs.push((run.code, run.out().to_owned(), run.err));
    }
    assert!(runs[0].2.contains(" 4 fixed"), "{}", runs[0].2);
    assert_eq!(runs[0], runs[1]);
}

/// Each of many requests has two fixes that do not go together: to find that out takes too many tries.
#[test]
fn fixes_that_do_not_settle_are_told_of() {
    let folder = Folder::new("unsettled");
    let request = |n: usize| {
        format!(
            "{{\"method\": \"PATCH\", \"url\": \"/api/v2/conversations/calls/{{c}}/participants/{{p}}\", \"body\": {{\"mutd\": true, \"mutedd\": false, \"held\": {}}}}}",
            n.is_multiple_of(2)
        )
    };
    let all = (0..400).map(request).collect::<Vec<_>>().join(",\n");
    folder.write("a.json", format!("[{all}]"));
    let run = folder.run(&["fix", "--unsafe-fixes", "--quiet", "--format", "concise"]);
    assert_eq!(run.code, Some(1));
    assert!(
        run.err.starts_with("warning: the fixes of `a.json` did not settle in 50 rounds and 500 tries: "),
        "{}",
        run.err
    );
    // What was done until then is kept, and whole.
    let now = folder.read("a.json");
    assert!(serde_json::from_str::<serde::de::IgnoredAny>(&now).is_ok());
    assert_eq!(now.matches("mutedd").count(), 400);
    let left = now.matches("\"mutd\"").count();
    assert!(left < 400, "nothing was done");
}

/// What is known is wrong all the same: it is fixed, and then gone from the baseline.
#[test]
fn known_findings_are_fixed_too() {
    let folder = Folder::new("known");
    folder.write("a.json", "{\"attributes\": {\"a\": 1, \"b\": null}}\n");
    assert_eq!(folder.run(&["check", "--write-baseline", "known.json"]).code, Some(0));
    folder.write("a.json", "{\"attributes\": {\"a\": 1, \"b\": null, \"c\": 2, \"d\": null}}\n");
    let run = folder.run(&["check", "a.json", "--fix", "--baseline", "known.json", "--format", "concise"]);
    assert_eq!(
        folder.read("a.json"),
        "{\"attributes\": {\"a\": \"1\", \"b\": null, \"c\": \"2\", \"d\": null}}\n"
    );
    assert_eq!(run.code, Some(1));
    assert_eq!(run.out(), "a.json:1:53: error[null-value] attribute `d` is null, it must be a string\n");
    assert!(run.err.contains("1 known finding is gone: `--prune-baseline` takes it out of"), "{}", run.err);
    assert!(run.err.ends_with("1 error in 1 request, 1 file checked, 2 fixed, 1 known\n"), "{}", run.err);
    let run =
        folder.run(&["check", "--unsafe-fixes", "--baseline", "known.json", "--prune-baseline", "a.json"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert_eq!(folder.read("known.json"), "{\"version\":1,\"findings\":[\n]}\n");
    // What is found after fixing is what becomes known.
    folder.write("a.json", "{\"attributes\": {\"a\": 1, \"b\": {}}}\n");
    folder.run(&["fix", "--write-baseline", "known.json", "a.json"]);
    assert_eq!(folder.read("known.json").matches("\"rule\"").count(), 1, "{}", folder.read("known.json"));
}

/// A body in a file of its own is fixed for the operation that it is sent to.
#[test]
fn bodies_in_other_files_are_fixed_for_what_they_are_sent_to() {
    let folder = Folder::new("linked");
    let url = "https://api.mypurecloud.com/api/v2/conversations/$C/participants/$P/attributes";
    let script = format!("curl -X PATCH \"{url}\" -d @body.json\ncurl -X PATCH \"{url}\" -d @./body.json\n");
    let call = format!(
        "curl -X PATCH \"{}\" -d @both.json\ncurl -X PATCH \"{url}\" -d @both.json\n",
        url.replace("conversations", "conversations/calls")
    );
    let body = "{\r\n  \"order_id\": 12\r\n}";
    let begin = || {
        folder
            .write("send.sh", &script)
            .write("other.sh", &call)
            .write("body.json", body)
            .write("both.json", body)
            .write("elsewhere.txt", body);
    };
    begin();
    let diff = folder.run(&["fix", "--diff"]);
    assert_eq!(diff.code, Some(1), "{}", diff.err);
    assert_eq!(folder.read("body.json"), body);
    let run = folder.run(&["fix", "--format", "concise"]);
    let fixed = folder.read("body.json");
    assert!(
        fixed.contains("\"attributes\": {") && fixed.contains("\"order_id\": \"12\""),
        "{fixed} {}",
        run.err
    );
    assert_eq!((fixed.matches("\r\n").count(), fixed.ends_with('}')), (2, true), "{fixed}");
    // The diff says the same, once.
    begin();
    let patch = finish(folder.command("patch", &["-p0", "--binary"]).spawn().unwrap(), &diff.out);
    assert_eq!(patch.code, Some(0), "{}{}", patch.out(), patch.err);
    assert_eq!(folder.read("body.json"), fixed);
    // Sent to two operations, it is left as it is: so is what is none of the files to be fixed.
    assert_eq!(folder.read("both.json"), body);
    folder.write("one.sh", format!("curl -X PATCH \"{url}\" -d @elsewhere.txt\n"));
    folder.run(&["fix", "one.sh"]);
    assert_eq!(folder.read("elsewhere.txt"), body);
    // The configuration knows better.
    begin();
    folder.write(
        "paylint.toml",
        "[[bodies]]\nfiles = \"body.json\"\noperation = \"patchConversationsCallParticipant\"\n",
    );
    folder.run(&["fix"]);
    assert_eq!(folder.read("body.json"), body);
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
    use std::os::unix::process::CommandExt;

    use super::*;

    /// Someone who is not root, where the tests are run by root.
    const NOBODY: u32 = 65534;

    fn is_root(folder: &Folder) -> bool {
        fs::metadata(&folder.0).unwrap().uid() == 0
    }

    /// Runs the program as one for whom the rights of files hold.
    fn run_without_privileges(folder: &Folder, arguments: &[&str]) -> Run {
        let mut command = folder.command(PROGRAM, arguments);
        if is_root(folder) {
            command.uid(NOBODY).gid(NOBODY);
        }
        finish(command.spawn().unwrap(), b"")
    }

    fn own(folder: &Folder, names: &[&str]) {
        if is_root(folder) {
            for name in names {
                chown(folder.0.join(name), Some(NOBODY), Some(NOBODY)).unwrap();
            }
        }
    }

    fn mode(folder: &Folder, name: &str, mode: u32) {
        fs::set_permissions(folder.0.join(name), fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn mode_and_owner_are_kept() {
        let folder = Folder::new("mode");
        folder.write("a.json", OLD).write("b.json", OLD);
        own(&folder, &["b.json"]);
        mode(&folder, "a.json", 0o640);
        mode(&folder, "b.json", 0o664);
        let of = |name: &str| {
            let it = fs::metadata(folder.0.join(name)).unwrap();
            (it.mode(), it.uid(), it.gid())
        };
        let before = (of("a.json"), of("b.json"));
        folder.run(&["fix"]);
        assert_eq!((folder.read("a.json").as_str(), folder.read("b.json").as_str()), (SAFE, SAFE));
        assert_eq!((of("a.json"), of("b.json")), before);
    }

    #[test]
    fn rights_are_kept_to() {
        let folder = Folder::new("rights");
        folder.write("closed/a.json", OLD).write("open/a.json", OLD);
        own(&folder, &["closed", "closed/a.json", "open", "open/a.json"]);
        mode(&folder, "closed", 0o555);
        mode(&folder, "open/a.json", 0o444);
        let run = run_without_privileges(&folder, &["fix", "closed", "open", "--format", "concise"]);
        mode(&folder, "closed", 0o755);
        assert_eq!(run.code, Some(2), "{}", run.err);
        assert!(run.err.starts_with(
            "error: cannot fix `closed/a.json`: permission denied\nerror: cannot fix `open/a.json`: permission denied\n"
        ), "{}", run.err);
        // They are told as they are.
        assert_eq!(run.out().matches("error[syntax-error]").count(), 6, "{}", run.out());
        for name in ["closed", "open"] {
            assert_eq!(folder.read(&format!("{name}/a.json")), OLD);
            assert_eq!(fs::read_dir(folder.0.join(name)).unwrap().count(), 1);
        }
    }

    #[test]
    fn no_link_leads_out() {
        let folder = Folder::new("links");
        folder.write("in/real.json", OLD).write("out/real.json", OLD).write("in/other.json", ALL);
        symlink("real.json", folder.0.join("in/inside.json")).unwrap();
        symlink("../out/real.json", folder.0.join("in/outside.json")).unwrap();
        let inside = Folder(folder.0.join("in"));
        let run = inside.run(&["fix", "outside.json", "--format", "concise"]);
        assert_eq!(run.code, Some(2));
        assert!(run.err.starts_with(
            "error: cannot fix `outside.json`: it is a link to a file outside of what is fixed\n"
        ));
        assert_eq!(folder.read("out/real.json"), OLD);
        // On a walk, none is followed.
        assert_eq!(inside.run(&["fix", "--only", "empty-map"]).code, Some(0));
        let run = inside.run(&["fix", "inside.json"]);
        assert_eq!(run.code, Some(1), "{}", run.err);
        assert_eq!(folder.read("in/real.json"), SAFE);
        assert_eq!(fs::read_link(folder.0.join("in/inside.json")).unwrap(), Path::new("real.json"));
        // Seen from above, the other lies inside as well.
        assert_eq!(folder.run(&["fix", "in/outside.json"]).code, Some(1));
        assert_eq!(folder.read("out/real.json"), SAFE);
        assert!(fs::symlink_metadata(folder.0.join("in/outside.json")).unwrap().is_symlink());
    }

    #[test]
    fn a_file_of_two_names_is_left_alone() {
        let folder = Folder::new("hard-link");
        folder.write("a.json", OLD);
        fs::hard_link(folder.0.join("a.json"), folder.0.join("b.json")).unwrap();
        let run = folder.run(&["fix", "a.json"]);
        assert_eq!(run.code, Some(2));
        assert!(run.err.contains("cannot fix `a.json`: it has other names (hard links)"), "{}", run.err);
        assert_eq!((folder.read("a.json").as_str(), folder.names().len()), (OLD, 2));
    }

    /// A body that has to be fixed, of more than so many bytes; and what it becomes.
    fn long(bytes: usize) -> (String, String) {
        let members = bytes / 15;
        let text = |value: &str| {
            let members: String = (0..members).map(|n| format!("\"key{n:05}\": {value},\n")).collect();
            format!("{{\"attributes\": {{\n{members}\"z\": \"\"}}}}\n")
        };
        (text("1"), text("\"1\""))
    }

    #[test]
    fn a_full_disk_leaves_the_old_file() {
        let folder = Folder::new("full");
        let (old, _) = long(60_000);
        let lines = "{\"attributes\": {\"n\": 1}}\n".repeat(5000);
        folder.write("a.json", &old).write("b.jsonl", &lines).write("c.json", OLD);
        // Files may have no more than some kilobytes: for the system that is another way to be full.
        let script =
            format!("ulimit -f 8; exec {PROGRAM} fix --format concise --only non-string-value,syntax-error");
        let run = finish(folder.command("sh", &["-c", &script]).spawn().unwrap(), b"");
        assert_eq!(run.code, Some(2), "{}", run.err);
        assert!(run.err.contains("error: cannot fix `a.json`: file too large\n"), "{}", run.err);
        assert!(run.err.contains("error: cannot fix `b.jsonl`: file too large\n"), "{}", run.err);
        assert!(folder.read("a.json") == old && folder.read("b.jsonl") == lines);
        assert_eq!(folder.read("c.json"), SAFE);
        assert_eq!(folder.names(), ["a.json", "b.jsonl", "c.json"]);
        // Where it may be mounted, a real one.
        let script = format!(
            "mkdir disk; mount -t tmpfs -o size=256k none disk 2>/dev/null || exit 99; cp a.json b.jsonl disk; cd disk; {PROGRAM} fix -j2 --quiet --format concise; code=$?; cmp b.jsonl ../b.jsonl && ls -A | wc -l; exit $code"
        );
        let mut command = folder.command("unshare", &["-m", "sh", "-c", &script]);
        if let Ok(child) = command.spawn() {
            let run = finish(child, b"");
            if run.err.contains("cannot fix") {
                assert!(run.err.contains("`b.jsonl`: no space left on device"), "{}", run.err);
                assert!(run.out().ends_with("\n2\n"), "{}", run.out());
                assert_eq!(run.code, Some(2));
            }
        }
    }

    #[test]
    fn a_file_that_is_changed_meanwhile_is_not_overwritten() {
        let folder = Folder::new("meanwhile");
        let (old, new) = long(2_000_000);
        folder.write("a.json", &old);
        let path = folder.0.join("a.json");
        let mut command = folder.command(PROGRAM, &["fix", "--quiet", "--format", "concise"]);
        let child = command.stdout(Stdio::null()).spawn().unwrap();
        let open = PathBuf::from(format!("/proc/{}/fd", child.id()));
        let since = Instant::now();
        while !fs::read_dir(&open)
            .is_ok_and(|mut all| all.any(|it| fs::read_link(it.unwrap().path()).is_ok_and(|it| it == path)))
        {
            if !open.exists() || since.elapsed() > Duration::from_secs(20) {
                // There is no such folder on this system: nothing can be proved.
                finish(child, b"");
                return;
            }
        }
        let mut file = fs::OpenOptions::new().append(true).open(&path).unwrap();
        file.write_all(b" ").unwrap();
        let run = finish(child, b"");
        let now = folder.read("a.json");
        // Whichever came first, what was added is there.
        assert!(now == format!("{old} ") || now == format!("{new} "), "what was added is lost");
        if now.starts_with(&old) {
            assert_eq!(run.code, Some(2));
            assert!(
                run.err.contains("cannot fix `a.json`: it was changed while it was being fixed"),
                "{}",
                run.err
            );
        }
        assert_eq!(folder.names(), ["a.json"]);
    }

    /// A number that differs from run to run.
    fn random(below: u128) -> u128 {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos();
        (now ^ (now >> 7)).wrapping_mul(0x9e37_79b9_7f4a_7c15) % below.max(1)
    }

    #[test]
    fn a_kill_leaves_each_file_old_or_new() {
        const FILES: usize = 80;
        const KILLS: usize = 20;
        let folder = Folder::new("kill");
        let (old, new) = long(4_000);
        let (old_lines, new_lines): (String, String) = (0..4000).map(line).collect();
        let begin = || {
            for n in 0..FILES {
                folder.write(&format!("p{n:03}.json"), &old);
            }
            folder.write("lines.jsonl", &old_lines);
        };
        let spawn = || folder.command(PROGRAM, &["fix", "-j2", "--quiet"]).spawn().unwrap();
        begin();
        let since = Instant::now();
        finish(spawn(), b"");
        let whole = since.elapsed().as_micros();
        let mut midway = 0;
        for _ in 0..KILLS {
            begin();
            let mut child = spawn();
            std::thread::sleep(Duration::from_micros(u64::try_from(random(whole)).unwrap()));
            child.kill().unwrap();
            child.wait().unwrap();
            let mut fixed = 0;
            for n in 0..FILES {
                let now = folder.read(&format!("p{n:03}.json"));
                assert!(now == old || now == new, "p{n:03}.json is neither old nor new: {} bytes", now.len());
                fixed += usize::from(now == new);
            }
            let lines = folder.read("lines.jsonl");
            assert!(lines == old_lines || lines == new_lines, "lines.jsonl is neither old nor new");
            midway += usize::from(fixed > 0 && fixed < FILES);
        }
        assert!(midway > 0, "no kill came while files were written");
        // What is left behind says what it is, and nobody looks at it.
        for name in folder.names() {
            let extension = Path::new(&name).extension().unwrap().to_str().unwrap();
            let leftover = name.starts_with(".paylint-fix-") && extension == "tmp";
            assert!(leftover || ["json", "jsonl"].contains(&extension), "{name}");
        }
        folder.write(".paylint-fix-1-0.tmp", OLD);
        let run = folder.run(&["fix", "--show-skipped"]);
        assert!(!run.err.contains(".tmp"), "{}", run.err);
        assert_eq!(run.code, Some(0), "{}", run.err);
        assert!((0..FILES).all(|n| folder.read(&format!("p{n:03}.json")) == new));
        assert!(folder.read("lines.jsonl") == new_lines);
        assert_eq!(folder.read(".paylint-fix-1-0.tmp"), OLD);
    }
}

#[test]
fn a_constant_is_written_as_what_it_sends() {
    let folder = Folder::new("constants");
    let script = |value: &str| {
        format!(
            "$body = @{{ attributes = @{{ vip = {value} }} }} | ConvertTo-Json\n\
             $uri = \"https://api.mypurecloud.com/api/v2/conversations/$c/participants/$p/attributes\"\n\
             Invoke-RestMethod -Method Patch -Body $body -Uri $uri\n"
        )
    };
    folder.write("send.ps1", script("$true"));
    assert_eq!(folder.run(&["fix", "send.ps1"]).code, Some(0));
    // In quotes, PowerShell would make `True` of `$true`.
    assert_eq!(folder.read("send.ps1"), script("\"true\""));
}

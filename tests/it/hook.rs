//! The pre-commit hook, run by pre-commit itself on a repository of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn scratch() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("hook")
}

/// Runs a command that has to succeed.
fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {text}");
    text
}

/// `pre-commit`, out of an environment made once.
fn pre_commit() -> PathBuf {
    const VERSION: &str = "4.7.0";
    let folder = scratch().join(format!("pre-commit-{VERSION}"));
    let program = folder.join("bin/pre-commit");
    if !program.exists() {
        fs::create_dir_all(scratch()).unwrap();
        run(Command::new("python3").args(["-m", "venv"]).arg(&folder));
        let mut pip = Command::new(folder.join("bin/pip"));
        run(pip.args([
            "install",
            "--quiet",
            "--disable-pip-version-check",
            &format!("pre-commit=={VERSION}"),
        ]));
    }
    program
}

/// Git without the settings of whoever runs the tests.
fn git(folder: &Path) -> Command {
    let mut git = Command::new("git");
    git.current_dir(folder).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").args([
        "-c",
        "user.name=test",
        "-c",
        "user.email=test@example.com",
        "-c",
        "init.defaultBranch=main",
    ]);
    git
}

/// A copy of what Git knows of this checkout and of what it does not yet, as a repository of its own:
/// `try-repo` takes a commit.
fn hook_repository() -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR"));
    let copy = scratch().join("repository");
    let _ = fs::remove_dir_all(&copy);
    let listed = run(git(source).args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]));
    for name in listed.split('\0').filter(|name| !name.is_empty() && source.join(name).exists()) {
        let to = copy.join(name);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(source.join(name), to).unwrap();
    }
    run(git(&copy).args(["init", "--quiet"]));
    run(git(&copy).args(["add", "--all", "--force"]));
    run(git(&copy).args(["commit", "--quiet", "--message", "as it stands"]));
    copy
}

#[test]
fn try_repo_tells_bad_from_good() {
    let pre_commit = pre_commit();
    let hook = hook_repository();
    let project = scratch().join("project");
    let _ = fs::remove_dir_all(&project);
    fs::create_dir_all(project.join("payloads")).unwrap();
    fs::write(project.join("payloads/good.json"), r#"{"attributes": {"order_id": "12345"}}"#).unwrap();
    fs::write(project.join("package.json"), r#"{"name": "x", "version": "1.0.0", "private": true}"#).unwrap();
    run(git(&project).args(["init", "--quiet"]));
    run(git(&project).args(["add", "--all"]));
    let try_repo = |expected: bool| {
        let mut command = Command::new(&pre_commit);
        command
            .current_dir(&project)
            .env("PRE_COMMIT_HOME", scratch().join("home"))
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            // What is built for the hook is built once for all runs of this test.
            .env("CARGO_TARGET_DIR", scratch().join("target"))
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
            .args(["try-repo", "--verbose", "--color", "never", "--all-files"])
            .arg(&hook)
            .arg("paylint");
        let output = command.output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.success(), expected, "{text}{}", String::from_utf8_lossy(&output.stderr));
        text
    };
    let text = try_repo(true);
    assert!(text.contains("Passed"), "{text}");
    fs::write(project.join("payloads/bad.json"), "{\n  \"attributes\": {\"order_id\": 12345}\n}\n").unwrap();
    run(git(&project).args(["add", "--all"]));
    let text = try_repo(false);
    assert!(text.contains("Failed"), "{text}");
    assert!(text.contains("payloads/bad.json:2:30"), "{text}");
    assert!(!text.contains("good.json") && !text.contains("package.json"), "{text}");
}

//! The commands of README.md, each executed in a shell as a reader would.
//!
//! A block of `console` shows what its commands print, and is held to it: `UPDATE=1 cargo test readme`
//! writes it anew. Of a block of `sh`, the commands have to do their work. Those of one section go on in
//! one folder, which begins as a copy of `fixtures/readme/<section>/`; a block of `toml` with settings is
//! its `paylint.toml`. (`trycmd` runs no shell: no pipe, no redirection, no `cat`.)

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::docs::hold;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

/// The folder that a section's commands are executed in.
struct Folder(PathBuf);

impl Folder {
    fn of(section: &str) -> Self {
        let dashed = |character: char| if character.is_alphanumeric() { character } else { '-' };
        let name: String = section.to_lowercase().chars().map(dashed).collect();
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("readme").join(&name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        copy(&root().join("fixtures/readme").join(&name), &path);
        Self(path)
    }
}

/// What a command prints in a folder, on both outputs, and its exit code.
fn run(command: &str, folder: &Path) -> (String, Option<i32>) {
    let programs = Path::new(env!("CARGO_BIN_EXE_paylint")).parent().unwrap().to_str().unwrap();
    let path = format!("{programs}:{}", std::env::var("PATH").unwrap());
    let output = Command::new("sh")
        .args(["-c", &format!("exec 2>&1\n{command}")])
        .current_dir(folder)
        .env("PATH", path)
        .env("COLUMNS", "80")
        .env("LC_ALL", "C.UTF-8")
        .env_remove("FORCE_COLOR")
        .env_remove("NO_COLOR")
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    (String::from_utf8(output.stdout).unwrap(), output.status.code())
}

fn copy(from: &Path, to: &Path) {
    let Ok(entries) = fs::read_dir(from) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        let new = to.join(path.file_name().unwrap());
        if path.is_dir() {
            fs::create_dir_all(&new).unwrap();
            copy(&path, &new);
        } else {
            fs::copy(&path, &new).unwrap();
        }
    }
}

/// A block of commands, with what they print now.
fn shown(block: &str, folder: &Folder) -> String {
    let mut shown = String::new();
    for command in block.lines().filter_map(|line| line.strip_prefix("$ ")) {
        let (printed, _) = run(command, &folder.0);
        let printed: String = printed.lines().map(|line| format!("{}\n", line.trim_end())).collect();
        write!(shown, "$ {command}\n{printed}").unwrap();
    }
    assert!(!shown.is_empty(), "there is no command in {block:?}");
    shown
}

/// Executes the commands of a block that are paylint's; how many those are.
fn executed(block: &str, folder: &Folder) -> usize {
    let mut count = 0;
    for line in block.lines() {
        // What runs the tool from a checkout is run in one.
        let (command, folder_of) = match line.strip_prefix("cargo run --release -- ") {
            Some(arguments) => (format!("paylint {arguments}"), root()),
            None if line.starts_with("paylint ") => (line.to_owned(), folder.0.clone()),
            None => continue,
        };
        let (printed, code) = run(&command, &folder_of);
        assert!(matches!(code, Some(0 | 1)), "{command}: {code:?}\n{printed}");
        count += 1;
    }
    count
}

#[test]
fn its_commands_do_what_it_says() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let mut wanted = String::new();
    let mut folder = Folder::of("");
    let mut lines = readme.split_inclusive('\n');
    let (mut consoles, mut commands) = (0, 0);
    while let Some(line) = lines.next() {
        wanted.push_str(line);
        if let Some(section) = line.strip_prefix("## ") {
            folder = Folder::of(section.trim());
        }
        let Some(language) = line.trim_end().strip_prefix("```").filter(|name| !name.is_empty()) else {
            continue;
        };
        let block: String = lines.by_ref().take_while(|line| line.trim_end() != "```").collect();
        match language {
            "console" => {
                consoles += 1;
                wanted.push_str(&shown(&block, &folder));
            }
            "sh" => {
                commands += executed(&block, &folder);
                wanted.push_str(&block);
            }
            "toml" => {
                fs::write(folder.0.join("paylint.toml"), &block).unwrap();
                wanted.push_str(&block);
            }
            _ => wanted.push_str(&block),
        }
        wanted.push_str("```\n");
    }
    assert!(consoles >= 4 && commands >= 12, "{consoles} blocks, {commands} commands");
    hold(&root().join("README.md"), &wanted);
}

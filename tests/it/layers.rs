//! The order of the modules, as `src/lib.rs` lists them: each uses only those above it.

use std::fs;
use std::path::{Path, PathBuf};

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Module names in the order of `src/lib.rs`.
fn order() -> Vec<String> {
    let text = fs::read_to_string(source().join("lib.rs")).unwrap();
    text.lines()
        .filter_map(|line| {
            Some(line.trim_start_matches("pub ").strip_prefix("mod ")?.strip_suffix(';')?.to_owned())
        })
        .collect()
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Every source file with the module it belongs to and its text.
fn modules() -> Vec<(String, PathBuf, String)> {
    let mut found = Vec::new();
    files(&source(), &mut found);
    found
        .into_iter()
        .map(|path| {
            let inside = path.strip_prefix(source()).unwrap();
            let first = inside.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).unwrap();
            (first.trim_end_matches(".rs").to_owned(), path, text)
        })
        .collect()
}

#[test]
fn a_module_uses_only_those_above_it() {
    let order = order();
    assert!(order.len() > 10, "src/lib.rs lists its modules, one a line");
    for (module, path, text) in modules() {
        let Some(own) = order.iter().position(|name| *name == module) else { continue };
        for part in text.split("crate::").skip(1) {
            let used: String = part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let Some(other) = order.iter().position(|name| *name == used) else { continue };
            assert!(other <= own, "{} uses `{used}`, which stands below `{module}`", path.display());
        }
    }
}

#[test]
fn crates_stay_where_they_belong() {
    for (name, allowed) in [
        ("jsonschema", &["schema", "json"][..]),
        ("hcl_edit", &["carrier"]),
        ("miette", &["report"]),
        ("clap", &["cli"]),
        ("walkdir", &["files"]),
        ("ignore::", &["files", "config"]),
        ("std::fs", &["files"]),
        ("rustix", &["files"]),
        ("similar", &["report"]),
        ("indicatif", &["cli"]),
        ("toml::", &["config"]),
        ("schemars", &["config", "baseline"]),
        ("semver", &["config"]),
        ("regex_lite", &["config", "rules"]),
    ] {
        for (module, path, text) in modules() {
            let uses = text.lines().filter(|line| !line.trim_start().starts_with("//")).any(|line| {
                line.contains(&format!("use {name}"))
                    || line.contains(&format!("{}::", name.trim_end_matches("::")))
            });
            assert!(!uses || allowed.contains(&module.as_str()), "{} uses {name}", path.display());
        }
    }
}

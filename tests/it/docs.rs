//! Tables and pages that are made from the rules' records. `UPDATE=1 cargo test docs` rewrites them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use paylint::carrier::{ALL as CARRIERS, Carrier};
use paylint::rules::{ALL, Group, Rule, carrier_of_example};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

/// Holds a file to a text, or writes it.
pub fn hold(path: &Path, wanted: &str) {
    if env::var_os("UPDATE").is_some() {
        fs::write(path, wanted).unwrap();
    }
    let there = fs::read_to_string(path).unwrap_or_default();
    assert!(there == wanted, "{} is out of date: run UPDATE=1 cargo test docs", path.display());
}

/// Replaces what stands between `<!-- name -->` and `<!-- /name -->`.
fn hold_part(path: &Path, name: &str, wanted: &str) {
    let text = fs::read_to_string(path).unwrap();
    let (open, close) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let start = text.find(&open).unwrap_or_else(|| panic!("{} has no {open}", path.display())) + open.len();
    let end = start + text[start..].find(&close).unwrap();
    hold(path, &format!("{}{wanted}{}", &text[..start], &text[end..]));
}

fn groups() -> Vec<(Group, Vec<&'static Rule>)> {
    let mut groups: Vec<(Group, Vec<&'static Rule>)> = Vec::new();
    for rule in ALL {
        match groups.last_mut() {
            Some((group, rules)) if *group == rule.group => rules.push(rule),
            _ => groups.push((rule.group, vec![rule])),
        }
    }
    groups
}

#[test]
fn the_rules_stand_in_groups() {
    let mut titles: Vec<_> = groups().iter().map(|(group, _)| group.title()).collect();
    let all = titles.len();
    titles.sort_unstable();
    titles.dedup();
    assert_eq!(titles.len(), all, "a group stands in two places");
}

#[test]
fn the_schema_of_the_configuration() {
    hold(&root().join("schemas/paylint.schema.json"), &paylint::config::schema());
}

#[test]
fn the_schema_of_a_baseline() {
    hold(&root().join("schemas/baseline.schema.json"), &paylint::baseline::schema());
}

#[test]
fn the_table_in_the_readme() {
    let mut table = String::new();
    for (group, rules) in groups() {
        writeln!(table, "\n**{}**\n\n| rule | level | finds | fix |\n|---|---|---|---|", group.title())
            .unwrap();
        for rule in rules {
            let link = format!("src/rules/README.md#{}", rule.id);
            let fix = if rule.fix.is_some() { "yes" } else { "" };
            writeln!(table, "| [`{}`]({link}) | {} | {} | {fix} |", rule.id, rule.level, rule.summary)
                .unwrap();
        }
    }
    table.push('\n');
    hold_part(&root().join("README.md"), "rules", &table);
}

#[test]
fn the_carriers_in_the_readme() {
    let mut table = String::from("\n| carrier | files | what is read |\n|---|---|---|\n");
    for record in CARRIERS {
        let files = record.endings.iter().map(|ending| format!("`*{ending}`")).collect::<Vec<_>>().join(", ");
        writeln!(table, "| `{}` | {files} | {} |", record.name, record.summary).unwrap();
    }
    table.push('\n');
    hold_part(&root().join("README.md"), "carriers", &table);
}

/// The hook is given every file that a walk would look into.
#[test]
fn the_files_of_the_hook() {
    let mut endings: Vec<_> = CARRIERS.iter().flat_map(|record| record.endings).collect();
    // What ends as another one does is there already.
    let all = endings.clone();
    endings.retain(|ending| !all.iter().any(|other| other != ending && ending.ends_with(*other)));
    let endings = endings.iter().map(|ending| &ending[1..]).collect::<Vec<_>>().join("|");
    let path = root().join(".pre-commit-hooks.yaml");
    let text = fs::read_to_string(&path).unwrap();
    let wanted: String = text
        .lines()
        .map(|line| {
            if line.starts_with("  files:") {
                format!("  files: \\.({endings})$\n")
            } else {
                format!("{line}\n")
            }
        })
        .collect();
    hold(&path, &wanted);
}

#[test]
fn the_page_of_each_rule() {
    let mut page = String::from(
        "# The rules\n\nMade from the rules' records, which stand in this folder, one file each. \
         `paylint explain RULE` prints the same.\n",
    );
    for (group, rules) in groups() {
        writeln!(page, "\n## {}", group.title()).unwrap();
        for rule in rules {
            writeln!(
                page,
                "\n### {}\n\n*{}*: {}.\n\n{}\n\n{}",
                rule.id, rule.level, rule.summary, rule.why, rule.remedy
            )
            .unwrap();
            if let Some(fix) = rule.fix {
                writeln!(page, "\nQuick fix: {fix}.").unwrap();
            }
            writeln!(page, "\nEvidence, {}: {}.", rule.evidence.kind(), rule.evidence.source()).unwrap();
            let ignored = "
<!-- paylint-ignore -->";
            let examples = [("Found in", ignored, rule.bad), ("Not found in", "", rule.good)];
            for (title, mark, examples) in examples.into_iter().filter(|(.., examples)| !examples.is_empty())
            {
                writeln!(page, "\n{title}:").unwrap();
                for example in examples {
                    let language = if carrier_of_example(example) == Carrier::Json { "json" } else { "sh" };
                    page.push_str(mark);
                    writeln!(page, "\n```{language}\n{}\n```", paylint::cli::pretty(example)).unwrap();
                }
            }
        }
    }
    hold(&root().join("src/rules/README.md"), &page);
}

#[test]
fn the_help_in_the_readme() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_paylint"))
        .args(["check", "-h"])
        .env("COLUMNS", "100")
        .output()
        .unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    let help: String = help.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    hold_part(&root().join("README.md"), "help", &format!("\n```text\n{}\n```\n\n", help.trim_end()));
}

#[test]
fn the_sample_in_the_readme() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_paylint"))
        .args(["check", "fixtures/seed/thread-request.json", "fixtures/cli/sample/order.json"])
        .current_dir(root())
        .env("COLUMNS", "100")
        .env("LC_ALL", "C.UTF-8")
        .env_remove("FORCE_COLOR")
        .output()
        .unwrap();
    let out = String::from_utf8([output.stdout, b"\n".to_vec(), output.stderr].concat()).unwrap();
    let out: String = out.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    hold_part(&root().join("README.md"), "sample", &format!("\n```text\n{out}```\n\n"));
}

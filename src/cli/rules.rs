//! `paylint rules`

use std::fmt::Write as _;

use serde_json::json;

use crate::cli::args::{ListFormat, Rules};
use crate::rules::ALL;

/// The table of all rules.
pub fn render(arguments: &Rules) -> String {
    match arguments.format {
        ListFormat::Json => json(),
        ListFormat::Text => table(),
    }
}

fn table() -> String {
    let width = ALL.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    let mut text = String::new();
    let mut group = None;
    for rule in ALL {
        if group != Some(rule.group) {
            let space = if group.is_some() { "\n" } else { "" };
            let _ = writeln!(text, "{space}{}", rule.group.title());
            group = Some(rule.group);
        }
        let fix = if rule.fix.is_some() { "fix" } else { "" };
        let _ = writeln!(text, "  {:width$}  {:7}  {fix:3}  {}", rule.id, rule.level, rule.summary);
    }
    let _ = writeln!(text, "\n`paylint explain RULE` says more.");
    text
}

fn json() -> String {
    let rules: Vec<_> = ALL
        .iter()
        .map(|rule| {
            json!({
                "id": rule.id,
                "level": rule.level.as_str(),
                "group": rule.group.title().to_lowercase(),
                "summary": rule.summary,
                "why": rule.why,
                "remedy": rule.remedy,
                "fix": rule.fix,
                "evidence": { "kind": rule.evidence.kind(), "source": rule.evidence.source() },
                "bad": rule.bad,
                "good": rule.good,
            })
        })
        .collect();
    format!("{:#}\n", json!(rules))
}

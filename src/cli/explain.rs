//! `paylint explain`

use std::fmt::Write as _;

use crate::cli::args::Explain;
use crate::cli::check::unknown_rule;
use crate::cli::error::Trouble;
use crate::report::Style;
use crate::rules;

/// All that a rule's record says.
pub fn render(arguments: &Explain, style: Style) -> Result<String, Trouble> {
    let rule = rules::by_id(&arguments.rule).ok_or_else(|| unknown_rule(&arguments.rule))?;
    let (bold, plain) = if style.color { ("\u{1b}[1m", "\u{1b}[0m") } else { ("", "") };
    let mut text = format!("{bold}{}{plain} ({}): {}\n\n", rule.id, rule.level, rule.summary);
    wrap(&mut text, rule.why, style.width);
    text.push('\n');
    wrap(&mut text, rule.remedy, style.width);
    if let Some(fix) = rule.fix {
        let _ = writeln!(text, "\n{bold}Quick fix{plain}");
        wrap(&mut text, fix, style.width);
    }
    let _ = writeln!(text, "\n{bold}Evidence{plain}");
    wrap(&mut text, &format!("{}: {}", rule.evidence.kind(), rule.evidence.source()), style.width);
    for (title, examples) in [("Found in", rule.bad), ("Not found in", rule.good)] {
        let _ = writeln!(text, "\n{bold}{title}{plain}");
        for (at, example) in examples.iter().enumerate() {
            let space = if at > 0 { "\n" } else { "" };
            text.push_str(space);
            for line in pretty(example).lines() {
                let _ = writeln!(text, "  {line}");
            }
        }
    }
    Ok(text)
}

/// An example on several lines where it is JSON and too long for one; as it is written otherwise.
#[must_use]
pub fn pretty(example: &str) -> String {
    const ONE_LINE: usize = 76;
    if example.len() <= ONE_LINE || example.contains('\n') {
        return example.to_owned();
    }
    match serde_json::from_str::<serde_json::Value>(example) {
        Ok(value) => format!("{value:#}"),
        Err(_) => example.to_owned(),
    }
}

/// Breaks a paragraph into lines of at most so many columns.
fn wrap(text: &mut String, paragraph: &str, width: usize) {
    for part in paragraph.split("\n\n") {
        let mut column = 0;
        for word in part.split_whitespace() {
            let len = word.chars().count();
            if column > 0 && column + 1 + len > width {
                text.push('\n');
                column = 0;
            } else if column > 0 {
                text.push(' ');
                column += 1;
            }
            text.push_str(word);
            column += len;
        }
        text.push('\n');
    }
}

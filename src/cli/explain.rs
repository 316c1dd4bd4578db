//! `paylint explain`

use std::fmt::Write as _;

use crate::api::{ERRORS, ErrorCode, OPERATIONS};
use crate::cli::args::Explain;
use crate::cli::check::unknown_rule;
use crate::cli::error::{Trouble, suggest};
use crate::report::Style;
use crate::rules;

/// All that a rule's record, or that of an error code, says.
pub fn render(arguments: &Explain, style: Style) -> Result<String, Trouble> {
    let name = arguments.rule.as_str();
    if let Some(error) = ErrorCode::of(name) {
        return Ok(error_code(error, style));
    }
    let rule = rules::by_id(name)
        .ok_or_else(|| if name.contains('.') { unknown_code(name) } else { unknown_rule(name) })?;
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
    let examples = [("Found in", rule.bad), ("Not found in", rule.good)];
    for (title, examples) in examples.into_iter().filter(|(_, examples)| !examples.is_empty()) {
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

fn error_code(error: &ErrorCode, style: Style) -> String {
    /// Operations that are named, at most.
    const SHOWN: usize = 12;
    let (bold, plain) = if style.color { ("\u{1b}[1m", "\u{1b}[0m") } else { ("", "") };
    let mut text = format!("{bold}{}{plain} ({})\n\n", error.code, error.status);
    wrap(&mut text, &sentence(error.means), style.width);
    text.push('\n');
    wrap(&mut text, &sentence(error.remedy), style.width);
    if !error.rules.is_empty() {
        let _ = writeln!(text, "\n{bold}Rules that find its cause in a request{plain}");
        for rule in error.rules {
            let summary = rules::by_id(rule).map_or("", |rule| rule.summary);
            let _ = writeln!(text, "  {rule}: {summary}");
        }
    }
    let _ = writeln!(text, "\n{bold}Evidence{plain}");
    let by = match error.operations {
        None => "declared by every operation on a participant".to_owned(),
        Some([_]) => "declared by one operation".to_owned(),
        Some(operations) => format!("declared by {} operations", operations.len()),
    };
    wrap(
        &mut text,
        &format!("{by} in the published contract; what it means is concluded from its name and place"),
        style.width,
    );
    for operation in error.operations.unwrap_or_default().iter().take(SHOWN).map(|index| &OPERATIONS[*index])
    {
        let _ = writeln!(text, "  {} ({})", operation.id, operation.call());
    }
    let more = error.operations.map_or(0, |operations| operations.len().saturating_sub(SHOWN));
    if more > 0 {
        let _ = writeln!(text, "  and {more} more");
    }
    text
}

/// A phrase as a sentence.
fn sentence(phrase: &str) -> String {
    let mut characters = phrase.chars();
    let first = characters.next().map_or(String::new(), |first| first.to_uppercase().collect());
    format!("{first}{}.", characters.as_str())
}

fn unknown_code(name: &str) -> Trouble {
    let names = ERRORS.iter().map(|error| error.code);
    Trouble::new(format!("there is no error code `{name}`")).help(suggest(
        name,
        names,
        "known are those that operations on a participant declare",
    ))
}

/// An example on several lines, where it is too long for one: broken after brackets and commas,
/// everything else as it is written.
#[must_use]
pub fn pretty(example: &str) -> String {
    const ONE_LINE: usize = 76;
    if example.len() <= ONE_LINE || example.contains('\n') {
        // What cannot be seen is what such an example is about.
        return example.replace('\0', "\\0").replace('\u{feff}', "\\u{feff}");
    }
    let mut text = String::with_capacity(example.len() * 2);
    let mut depth = 0;
    let (mut in_string, mut escaped) = (false, false);
    let mut characters = example.chars().peekable();
    while let Some(character) = characters.next() {
        if in_string {
            text.push(character);
            in_string = character != '"' || escaped;
            escaped = character == '\\' && !escaped;
            continue;
        }
        match character {
            '{' | '[' if !matches!(characters.peek(), Some('}' | ']')) => {
                depth += 1;
                text.push(character);
                new_line(&mut text, depth);
            }
            '}' | ']' if !text.ends_with(['{', '[']) => {
                depth = usize::saturating_sub(depth, 1);
                new_line(&mut text, depth);
                text.push(character);
            }
            ',' => {
                text.push(',');
                new_line(&mut text, depth);
            }
            ' ' if text.ends_with([' ', '\n']) => {}
            _ => {
                in_string = character == '"';
                text.push(character);
            }
        }
    }
    text
}

fn new_line(text: &mut String, depth: usize) {
    text.push('\n');
    text.extend(std::iter::repeat_n("  ", depth));
}

/// Breaks a paragraph into lines of at most so many columns.
pub fn wrap(text: &mut String, paragraph: &str, width: usize) {
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

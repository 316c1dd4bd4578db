//! The text as JSON.

use crate::diagnostic::{Draft, Fix, Severity, Sink};
use crate::json::{Fault, FaultKind};
use crate::rules::{Check, Evidence, Group, Rule, Signs, TextSubject};
use crate::text::Span;

pub static RULE: Rule = Rule {
    id: "syntax-error",
    level: Severity::Error,
    group: Group::Text,
    evidence: Evidence::Standard("RFC 8259, The JavaScript Object Notation (JSON) Data Interchange Format"),
    summary: "text that is not JSON",
    why: "The API reads JSON as RFC 8259 defines it: no comments, no trailing commas, double quotes only, \
          `true`, `false` and `null` in lower case. Anything else is answered with 400 before the request \
          is looked at.",
    remedy: "Mend the text at the place shown. Each fault of a file is reported once, and what can still be \
             read after it is checked as well.",
    fix: Some("removes a trailing or doubled comma; puts a string into double quotes"),
    bad: &[r#"{"attributes": {"order_id": "12345",}}"#, r"{'state': 'connected'}", r#"{"muted": True}"#],
    good: &[r#"{"attributes": {"order_id": "12345"}}"#, r#"{"state": "connected"}"#, r#"{"muted": true}"#],
    waits_for: Signs::FAULT,
    check: Check::Text(check),
};

fn check(subject: &TextSubject<'_>, sink: &mut Sink<'_>) {
    let text = subject.document.text();
    for fault in subject.document.faults() {
        let mut draft = describe(fault, text);
        if sink.wants_fixes()
            && let Some(fix) = fix(fault, text)
        {
            draft = draft.fix(fix);
        }
        sink.push(draft);
    }
}

fn describe(fault: &Fault, text: &str) -> Draft {
    let said = shorten(fault.span.slice(text));
    let draft = |message: String| Draft::new(fault.span, message);
    let related = |draft: Draft, label: &'static str| match fault.related {
        Some(span) => draft.related(span, label),
        None => draft,
    };
    match fault.kind {
        FaultKind::Empty => Draft::new(fault.span, "there is no JSON value here")
            .help("write the body, or remove the file"),
        FaultKind::TrailingComma => Draft::new(fault.span, "a comma after the last element")
            .help("remove the comma: JSON allows none before a closing bracket"),
        FaultKind::ExtraComma => Draft::new(fault.span, "a comma with nothing before it").help("remove it"),
        FaultKind::MissingComma => Draft::new(fault.span, "a comma is missing between two elements")
            .label("add `,` here"),
        FaultKind::MissingColon => Draft::new(fault.span, "a colon is missing after the key").label("add `:` here"),
        FaultKind::EqualsSign => draft(format!("`{said}` where a colon belongs")).help("write `:` between key and value"),
        FaultKind::MissingValue => Draft::new(fault.span, "a value is missing").label("nothing stands here"),
        FaultKind::MissingKey => Draft::new(fault.span, "a key is missing before the colon"),
        FaultKind::Comment => Draft::new(fault.span, "JSON has no comments")
            .help("remove the comment: the API reads this text as it stands"),
        FaultKind::WrongQuotes => draft(format!("{said} is not in double quotes"))
            .help("JSON takes only straight double quotes, `\"`, around keys and strings"),
        FaultKind::UnclosedString => Draft::new(fault.span, "the string is not closed")
            .help("add the closing `\"`"),
        FaultKind::UnopenedString => draft(format!("the opening quote of `{}` is missing", said.trim_end_matches('"')))
            .help("add `\"` before it"),
        FaultKind::UnquotedKey => draft(format!("the key `{said}` is not in quotes")).help("put it in double quotes"),
        FaultKind::BareWord => bare_word(fault.span, &said),
        FaultKind::ControlCharacter => control_character(fault.span, text),
        FaultKind::BadEscape => draft(format!("`{said}` is no escape that JSON knows"))
            .help("JSON escapes are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four hex digits; write \\\\ for a backslash"),
        FaultKind::LeadingZero => Draft::new(fault.span, "a number may not begin with a zero")
            .help("remove the zero; if it matters, as in an account number, the value is a string: put it in quotes"),
        FaultKind::BadNumber => draft(format!("`{said}` is not a number that JSON knows"))
            .help("a number has digits, then maybe a fraction and an exponent; anything else is a string in quotes"),
        FaultKind::Unclosed => related(draft(format!("`{said}` is never closed")), "the text goes on to here"),
        FaultKind::WrongBracket => related(draft(format!("`{said}` closes nothing here")), "this bracket is open"),
        FaultKind::TextAfterEnd => Draft::new(fault.span, "text after the end of the JSON value")
            .help("a file holds one value; several, one a line, belong in a file named `.jsonl`"),
        FaultKind::UnexpectedCharacter => draft(format!("`{said}` fits nothing here")),
    }
}

fn bare_word(span: Span, said: &str) -> Draft {
    let draft = Draft::new(span, format!("`{said}` is no JSON value"));
    match said {
        "True" | "TRUE" => draft.help("write `true`"),
        "False" | "FALSE" => draft.help("write `false`"),
        "None" | "Null" | "NULL" | "nil" | "undefined" => draft.help("write `null`, or leave the member out"),
        "NaN" | "Infinity" | "-Infinity" => draft.help("JSON has no such number; leave the member out, or send a string"),
        _ => draft.help("put a string in double quotes"),
    }
}

fn control_character(span: Span, text: &str) -> Draft {
    let character = span.slice(text).chars().next().unwrap_or_default();
    let (name, escape) = match character {
        '\t' => ("a tab".to_owned(), "\\t".to_owned()),
        '\n' | '\r' => ("a line break".to_owned(), "\\n".to_owned()),
        other => (format!("the control character U+{:04X}", u32::from(other)), format!("\\u{:04x}", u32::from(other))),
    };
    Draft::new(span, format!("{name} inside a string")).help(format!("write `{escape}`, or close the string before it"))
}

fn fix(fault: &Fault, text: &str) -> Option<Fix> {
    let said = fault.span.slice(text);
    Some(match fault.kind {
        FaultKind::TrailingComma | FaultKind::ExtraComma => Fix::replace("remove the comma", fault.span, ""),
        FaultKind::MissingComma => Fix::replace("add a comma", fault.span, ","),
        FaultKind::UnquotedKey => Fix::replace("put the key in quotes", fault.span, format!("\"{said}\"")),
        FaultKind::WrongQuotes => {
            let inner = said.trim_matches(|quote| matches!(quote, '\'' | '`' | '\u{2018}'..='\u{201d}'));
            if inner.contains(['"', '\\']) {
                return None;
            }
            Fix::replace("use double quotes", fault.span, format!("\"{inner}\""))
        }
        _ => return None,
    })
}

/// The beginning of a text, on one line.
fn shorten(text: &str) -> String {
    const MOST: usize = 40;
    let line = text.lines().next().unwrap_or("");
    if line.chars().count() <= MOST {
        return line.to_owned();
    }
    line.chars().take(MOST).chain(['…']).collect()
}

//! Bytes that are not UTF-8.

use crate::diagnostic::{Draft, Severity, Sink};
use crate::rules::{Check, Evidence, Group, Rule, Signs, TextSubject};
use crate::text::{Span, Utf16};

pub static RULE: Rule = Rule {
    id: "invalid-utf8",
    level: Severity::Error,
    group: Group::Text,
    evidence: Evidence::Standard("RFC 8259, section 8.1: JSON is exchanged in UTF-8"),
    summary: "bytes that are not UTF-8",
    why: "JSON that is sent anywhere is UTF-8. A file saved as Windows-1252, Latin-1 or UTF-16 holds other \
          bytes, for every `é` at the latest, and the API refuses them or stores a name with `\u{fffd}` in it.",
    remedy: "Save the file as UTF-8. Where only a few characters are meant, they may be written as escapes \
             instead: `\\u00e9` for `é`.",
    fix: None,
    bad: &[
        "{\0\"\0s\0t\0a\0t\0e\0\"\0:\0\"\0c\0o\0n\0n\0e\0c\0t\0e\0d\0\"\0}\0",
    ],
    good: &[r#"{"attributes": {"customer_name": "José Núñez"}}"#],
    waits_for: Signs::INVALID_UTF8,
    check: Check::Text(check),
};

fn check(subject: &TextSubject<'_>, sink: &mut Sink<'_>) {
    if let Some(encoding) = subject.utf_16 {
        let order = match encoding {
            Utf16::LittleEndian => "little-endian",
            Utf16::BigEndian => "big-endian",
        };
        let message = format!("the file is in UTF-16 ({order}), JSON is UTF-8");
        let help = "save it as UTF-8; nothing else in it was checked";
        sink.push(Draft::new(Utf16::mark(subject.invalid_utf8), message).help(help));
        return;
    }
    for run in subject.invalid_utf8 {
        sink.push(Draft::new(*run, describe(*run)).help("save the file as UTF-8; it may be in Windows-1252 or Latin-1"));
    }
}

fn describe(run: Span) -> String {
    match run.len() {
        1 => "a byte that is not UTF-8".to_owned(),
        more => format!("{more} bytes that are not UTF-8"),
    }
}

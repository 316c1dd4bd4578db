//! A byte-order mark before the JSON.

use crate::diagnostic::{Draft, Fix, Severity, Sink};
use crate::rules::{Check, Evidence, Group, Rule, Signs, TextSubject};
use crate::text::Span;

pub static RULE: Rule = Rule {
    id: "byte-order-mark",
    level: Severity::Warning,
    group: Group::Text,
    evidence: Evidence::Standard("RFC 8259, section 8.1: senders must not put a byte-order mark before JSON"),
    summary: "an invisible byte-order mark at the start of the file",
    why: "Some editors, and PowerShell's `Out-File`, begin a file with three bytes that nobody sees, EF BB BF. \
          JSON is sent without them. A reader may skip them or refuse the text, and the message of one that \
          refuses is about a character that is not there to be seen.",
    remedy: "Save the file as UTF-8 without a byte-order mark (in PowerShell 7, `-Encoding utf8NoBOM`).",
    fix: Some("removes the mark"),
    bad: &["\u{feff}{\"attributes\": {\"order_id\": \"12345\"}}"],
    good: &[r#"{"attributes": {"order_id": "12345"}}"#],
    waits_for: Signs::BYTE_ORDER_MARK,
    check: Check::Text(check),
};

fn check(subject: &TextSubject<'_>, sink: &mut Sink<'_>) {
    let mark = Span::from_usize(0, '\u{feff}'.len_utf8());
    let (message, help) = if subject.is_later_line {
        ("the line begins with a byte-order mark", "remove it: a reader of JSON may refuse it")
    } else {
        (
            "the file begins with a byte-order mark",
            "save it as UTF-8 without one: a reader of JSON may refuse it",
        )
    };
    let mut draft = Draft::new(mark, message).help(help);
    if sink.wants_fixes() {
        draft = draft.fix(Fix::replace("remove the byte-order mark", mark, ""));
    }
    sink.push(draft);
}

//! The text as JSON.

use crate::diagnostic::{Draft, Fix, Severity, Sink};
use crate::json::{Document, Fault, FaultKind, Kind, Node, Value};
use crate::request::OpenQuote;
use crate::rules::{BrokenValue, Check, Evidence, Group, Rule, Signs, TextSubject, echo, echo_or};
use crate::text::Span;

pub static RULE: Rule = Rule {
    id: "syntax-error",
    level: Severity::Error,
    group: Group::Text,
    evidence: Evidence::Standard("RFC 8259, The JavaScript Object Notation (JSON) Data Interchange Format"),
    summary: "text that is not JSON, or a file that cannot be read",
    why: "The API reads JSON as RFC 8259 defines it: no comments, no trailing commas, double quotes only, \
          `true`, `false` and `null` in lower case. Anything else is answered with 400 before the request \
          is looked at.\n\n\
          Where the file says what is filled in for a variable, and that would end the string it is put into, it \
          is told as one fault, at the variable. In a script, a quote that is left open around the body, or ends \
          it too soon, is told where it stands.\n\n\
          A document of YAML that cannot be read is told of at the place where it breaks, if it seems to hold a \
          request, stands beside one, or its file was named; the documents after it are still checked. One that \
          becomes YAML only when a template in it is filled in is skipped.\n\n\
          A number that is spelled as JSON does not, where an attribute's string belongs, is told of as a \
          `non-string-value` alone.",
    remedy: "Mend the text at the place shown. Each fault of a file is reported once, and what can still be \
             read after it is checked as well.",
    fix: Some(
        "removes a superfluous comma, or a quote that is too many at a key; adds a missing comma or colon, puts quotes \
         right, writes `true` for `True` and an escape for a tab; to be looked at: removes a comment, or a quote that \
         is too many at a value; doubles a backslash, adds a quote that is missing, puts a bare word in quotes, writes \
         `null` for `None`",
    ),
    bad: &[r#"{"attributes": {"order_id": "12345",}}"#, r"{'state': 'connected'}", r#"{"muted": True}"#],
    good: &[r#"{"attributes": {"order_id": "12345"}}"#, r#"{"state": "connected"}"#, r#"{"muted": true}"#],
    waits_for: Signs::FAULT,
    check: Check::Text(check),
};

fn check(subject: &TextSubject<'_>, sink: &mut Sink<'_>) {
    let document = subject.document;
    if let Some((place, broken)) = subject.unreadable {
        let message = format!("the YAML cannot be read: {}", broken.why);
        sink.push(Draft::new(place, message).help(broken.help));
        return;
    }
    for value in subject.broken_values {
        sink.push(broken_value(value));
    }
    if let Some(open) = subject.open_quote {
        sink.push(open_quote(open));
    }
    for fault in document.faults().iter().filter(|fault| !is_unread(fault, subject)) {
        let mut draft = describe(fault, document.text());
        if fault.kind == FaultKind::TextAfterEnd && subject.request.is_some() {
            draft = draft.help(help_in_body(fault.span.slice(document.text())));
        }
        // Of a template, what looks like a comment may be a directive that is not written right.
        let in_template = subject.request.is_some_and(|request| request.templates.is_some());
        let may_be_meant = in_template && fault.kind == FaultKind::Comment && fault.span.slice(document.text()).starts_with('#');
        if may_be_meant {
            draft = draft.help("a comment of Velocity's begins with `##`; no directive is written like this");
        }
        if sink.wants_fixes()
            && !may_be_meant
            && let Some(fix) = fix(fault, document)
        {
            draft = draft.fix(fix);
        }
        sink.push(draft);
    }
}

/// What is wrong at a fault, as a message.
#[must_use]
pub fn complaint(fault: &Fault, text: &str) -> String {
    describe(fault, text).message().read(text).into_owned()
}

/// Whether what is at fault is a byte that could not be read, which is told as that.
fn is_unread(fault: &Fault, subject: &TextSubject<'_>) -> bool {
    matches!(fault.kind, FaultKind::UnexpectedCharacter | FaultKind::BareWord | FaultKind::UnquotedKey)
        && subject.is_unread(fault.span)
}

/// A value that ends the string that it is put into, or is not allowed in one; or one that cannot stand
/// without quotes.
fn broken_value(value: &BrokenValue) -> Draft {
    let what = match value.breaker {
        '"' => "a quote",
        '\\' => "a backslash",
        '\n' | '\r' => "a line break",
        '\t' => "a tab",
        _ => "a control character",
    };
    let name = echo_or(&value.name, "what is filled in here");
    if !value.in_string {
        return Draft::new(value.span, format!("{name} is no value of JSON: what is filled in holds {what}"))
            .help("put the placeholder in quotes and escape the value, as JSON does, or fill in another");
    }
    Draft::new(value.span, format!("{name} breaks the string it stands in: its value holds {what}"))
        .help("escape it in the value, as JSON does, or fill in another")
}

/// A quote of a script that is left open, or the one before it that ends the body too soon.
fn open_quote(open: &OpenQuote<'_>) -> Draft {
    let quote = open.quote.as_str();
    if let Some(early) = &open.early {
        let draft = Draft::new(early.span(), format!("`{}` ends the string within the body", early.as_str()))
            .related(open.quote.span(), "which leaves this one open");
        return match open.escaped {
            Some(escaped) => draft.help(format!("write `{escaped}` for a quote within the string")),
            None => draft,
        };
    }
    let draft = Draft::new(open.quote.span(), format!("`{quote}` opens a string that is not closed"));
    if let Some(escaped) = open.escaped {
        return draft.help(format!("close it where the text ends; a quote within it is written `{escaped}`"));
    }
    let closing: String = quote.chars().rev().collect();
    draft.help(format!("write `{closing}` at the beginning of a line of its own, after the text"))
}

fn describe(fault: &Fault, text: &str) -> Draft {
    let (span, said) = (fault.span, fault.span.slice(text));
    let plain = |message: &'static str| Draft::new(span, message);
    match fault.kind {
        FaultKind::TrailingComma => plain("a comma after the last element")
            .help("remove it: JSON allows none before a closing bracket"),
        FaultKind::ExtraComma => plain("a comma with nothing before it").help("remove it"),
        FaultKind::MissingComma if !said.is_empty() => {
            Draft::new(span, format!("`{said}` where a comma belongs")).help("write `,`")
        }
        FaultKind::MissingComma => plain("a comma is missing between two elements").label("add `,` here"),
        FaultKind::MissingColon => plain("a colon is missing between a key and its value").label("add `:` here"),
        FaultKind::EqualsSign => Draft::new(span, format!("`{said}` where a colon belongs"))
            .help("write `:` between a key and its value"),
        FaultKind::MissingValue => plain("a value is missing")
            .label("nothing stands here")
            .help("write the value, or remove the key or comma before it"),
        FaultKind::MissingKey => plain("a key is missing before the colon")
            .help("write the member's name before it, in double quotes"),
        FaultKind::Comment => plain("a comment, which JSON does not have")
            .help("remove the comment: the API refuses a text that holds one"),
        FaultKind::WrongQuotes => Draft::new(span, format!("{} is not in double quotes", echo(said)))
            .help("JSON takes only straight double quotes, `\"`, around keys and strings"),
        FaultKind::UnclosedString => plain("the string is never closed").help("add `\"` where it ends"),
        FaultKind::UnopenedString => {
            Draft::new(span, format!("{} lacks its opening quote", echo(said.trim_end_matches('"'))))
                .help("add `\"` before it")
        }
        FaultKind::BareQuotes => plain("this quote ends the string, which should hold JSON")
            .help("write `\\\"` for each quote within the string"),
        FaultKind::ExtraQuote => plain("a quote too many").help("remove it: the string has its two"),
        FaultKind::UnquotedKey => Draft::new(span, format!("the key {} is not in quotes", echo_or(said, "here")))
            .help("put it in double quotes"),
        FaultKind::BareWord => bare_word(span, said),
        FaultKind::ControlCharacter => control_character(span, said),
        FaultKind::BadEscape => bad_escape(span, said),
        FaultKind::LeadingZero => plain("a number may not begin with a zero")
            .help("remove the zero; if it matters, as in an account number, put the value in quotes"),
        FaultKind::BadNumber => {
            Draft::new(span, format!("{} is not a number as JSON writes them", echo(said)))
                .help("write digits, then maybe a fraction and an exponent, or put it in quotes as a string")
        }
        FaultKind::Empty | FaultKind::Unopened | FaultKind::Unclosed | FaultKind::WrongBracket | FaultKind::TextAfterEnd => {
            structure(fault, text)
        }
        FaultKind::UnexpectedCharacter => unexpected(span, said),
        FaultKind::Fence => plain("a fence of Markdown's, which is no part of the JSON")
            .help(match fault.related {
                Some(closing) if is_followed(closing, text) => "leave nothing but the JSON",
                Some(_) => "remove it, and the one after the JSON",
                None => "remove it",
            }),
    }
}

/// What is wrong with the brackets, or with the text as a whole.
fn structure(fault: &Fault, text: &str) -> Draft {
    let (span, said) = (fault.span, fault.span.slice(text));
    match fault.kind {
        FaultKind::Unopened => {
            let bracket = missing_bracket(fault, text);
            Draft::new(span, format!("a `{bracket}` is missing before this")).label(format!("add `{bracket}` here"))
        }
        FaultKind::Unclosed => {
            let draft = Draft::new(span, format!("`{said}` is never closed"));
            match fault.related {
                Some(other) if other.start > span.start => {
                    draft.related(other, "this one closes what is around it").help(format!("add `{}` before that", closing(said)))
                }
                Some(other) => draft.related(other, "nor is this one").help("add the closing brackets that are missing"),
                None => draft.help(format!("add `{}` where it ends", closing(said))),
            }
        }
        FaultKind::WrongBracket => {
            let opening = fault.related.map_or("", |opening| opening.slice(text));
            let draft = Draft::new(span, format!("`{said}` does not close `{opening}`"))
                .help(format!("write `{}`", closing(opening)));
            fault.related.into_iter().fold(draft, |draft, opening| draft.related(opening, "opened here"))
        }
        FaultKind::TextAfterEnd => {
            let draft = Draft::new(span, format!("{} stands after the end of the JSON value", echo_or(said, "text")));
            if is_all_closing(said) {
                draft.help(CLOSES_TOO_EARLY)
            } else {
                draft.help("a file holds one value; several, one a line, belong in a file named `.jsonl`")
            }
        }
        _ => Draft::new(span, "there is no JSON here").help("write the body, or remove the file"),
    }
}

const CLOSES_TOO_EARLY: &str = "remove it, or look whether a bracket before it closes too early";

fn is_all_closing(said: &str) -> bool {
    said.chars().all(|character| matches!(character, '}' | ']' | ',' | ';' | ' '))
}

/// What to do about text after the body of a request, which is no file of its own.
fn help_in_body(said: &str) -> &'static str {
    match () {
        () if is_all_closing(said) => CLOSES_TOO_EARLY,
        () if said.starts_with('&') => "give the body as one: what several `-d` give is joined by `&`",
        () => "a body is one value: remove what follows it, or put it inside",
    }
}

/// The bracket that is missing before the first key of an object, or before the first item of an array.
fn missing_bracket(fault: &Fault, text: &str) -> char {
    if text[fault.span.start as usize..].starts_with('{') { '[' } else { '{' }
}

fn closing(opening: &str) -> char {
    if opening == "[" { ']' } else { '}' }
}

fn bare_word(span: Span, said: &str) -> Draft {
    let draft = Draft::new(span, format!("{} is not a JSON value", echo(said)));
    match said {
        "True" | "TRUE" => draft.help("write `true`"),
        "False" | "FALSE" => draft.help("write `false`"),
        "None" | "Null" | "NULL" | "nil" | "undefined" => draft.help("write `null`, or leave the member out"),
        "NaN" | "Infinity" | "-Infinity" => draft.help("JSON has no such number: leave the member out, or send a string"),
        _ => draft.help("put it in double quotes if it is a string"),
    }
}

fn control_character(span: Span, said: &str) -> Draft {
    let name: std::borrow::Cow<'_, str> = match said.chars().next().unwrap_or_default() {
        '\t' => "a tab".into(),
        '\n' | '\r' => "a line break".into(),
        other => format!("the control character U+{:04X}", u32::from(other)).into(),
    };
    Draft::new(span, format!("{name} inside a string")).help_to_write("write it as ", &escapes(said))
}

fn bad_escape(span: Span, said: &str) -> Draft {
    let draft = Draft::new(span, format!("`{said}` is not an escape that JSON knows"));
    match said.chars().nth(1) {
        Some('\'') => draft.help("an apostrophe needs no backslash: write `'`"),
        Some('u') => draft.help("`\\u` takes four hex digits, as in `\\u00e9`; for a backslash write `\\\\`"),
        Some('x') => draft.help("write `\\u00` and the two hex digits; for a backslash write `\\\\`"),
        _ => draft.help("for a backslash write `\\\\`; the escapes are `\\\"` `\\\\` `\\/` `\\b` `\\f` `\\n` `\\r` `\\t` `\\u0000`"),
    }
}

fn unexpected(span: Span, said: &str) -> Draft {
    let character = said.chars().next().unwrap_or_default();
    if is_unseen(character) {
        let name = match character {
            '\u{a0}' => "a no-break space".to_owned(),
            '\u{feff}' => "a byte-order mark".to_owned(),
            other => format!("the invisible character U+{:04X}", u32::from(other)),
        };
        return Draft::new(span, format!("{name} between the elements"))
            .help("remove it: JSON knows only spaces, tabs and line breaks there");
    }
    let draft = Draft::new(span, format!("{} cannot stand here", echo(said)));
    match character {
        '}' | ']' => draft.help("remove it, or look whether the bracket that it closes is missing"),
        ',' | ':' => draft.help("remove it"),
        '{' | '[' => draft.help("remove it, or write a key and a colon before it"),
        '"' if said.len() == 1 => draft.help("write it as `\\\"` if it is part of the text, or remove it"),
        '"' => draft.help("remove it, or write it as a member: a key, a colon and a value"),
        _ => draft.help("remove it, or put it in double quotes if it is meant as a string"),
    }
}

/// Whether a character is white space that JSON does not know, or is not shown at all.
fn is_unseen(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || matches!(character, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}')
}

fn fix(fault: &Fault, document: &Document<'_>) -> Option<Fix> {
    let span = fault.span;
    let said = span.slice(document.text());
    let replace = |title: &'static str, text: &str| Some(Fix::replace(title, span, text));
    match fault.kind {
        FaultKind::TrailingComma | FaultKind::ExtraComma => replace("remove the comma", ""),
        FaultKind::MissingComma => replace("write a comma", ","),
        FaultKind::BareQuotes => escaped_whole(span, document),
        FaultKind::Fence => unfenced(span, fault.related, document.text()),
        FaultKind::MissingColon => replace("add a colon", ":"),
        FaultKind::EqualsSign => replace("write a colon", ":"),
        FaultKind::Comment => Some(Fix::replace("remove the comment", span, "").needs_a_look()),
        FaultKind::UnquotedKey => replace("put the key in quotes", &format!("\"{said}\"")),
        FaultKind::WrongQuotes => {
            requoted(span, said)
        }
        FaultKind::BareWord => match said {
            "True" | "TRUE" => replace("write `true`", "true"),
            "False" | "FALSE" => replace("write `false`", "false"),
            "None" | "Null" | "NULL" | "nil" | "undefined" => {
                Some(Fix::replace("write `null`", span, "null").needs_a_look())
            }
            _ if is_word(said) => {
                Some(Fix::replace("put it in double quotes", span, format!("\"{said}\"")).needs_a_look())
            }
            _ => None,
        },
        FaultKind::UnclosedString if !fault.lost => {
            Some(Fix::replace("close the string", Span::empty(span.end), "\"").needs_a_look())
        }
        FaultKind::ExtraQuote => {
            let fix = Fix::replace("remove the quote", span, "");
            // In a value, it may be meant to be read: `15"` inches.
            Some(if is_of_key(span, document) { fix } else { fix.needs_a_look() })
        }
        FaultKind::UnopenedString => {
            Some(Fix::replace("open the string", Span::empty(span.start), "\"").needs_a_look())
        }
        FaultKind::ControlCharacter => escape_all(span, document),
        FaultKind::BadEscape if said == "\\'" => replace("remove the backslash", "'"),
        FaultKind::BadEscape if said.len() > 1 => {
            Some(Fix::replace("double the backslash", Span::empty(span.start), "\\").needs_a_look())
        }
        _ => None,
    }
}

/// Whether something stands after what closes a fence.
fn is_followed(closing: Span, text: &str) -> bool {
    !text[closing.range().end..].trim().is_empty()
}

/// Takes out the lines that fence a text; `None` where there is more in it than that.
fn unfenced(fence: Span, closing: Option<Span>, text: &str) -> Option<Fix> {
    let after = text[fence.range().end..].trim_start_matches(['\r', '\n']);
    let line = Span::from_usize(fence.range().start, text.len() - after.len());
    let fix = Fix::replace("remove the fence", line, "");
    let Some(closing) = closing else { return Some(fix) };
    let before = Span::from_usize(text[..closing.range().start].trim_end().len(), closing.range().end);
    let whole = if before.start >= line.end { before } else { closing };
    (!is_followed(closing, text)).then(|| fix.and(whole, ""))
}

/// Escapes all that a string holds around a quote in it.
fn escaped_whole(quote: Span, document: &Document<'_>) -> Option<Fix> {
    let after = document.nodes().partition_point(|node| node.start <= quote.start);
    let node = document.nodes().get(after.checked_sub(1)?)?;
    let inner = Span::new(node.start + 1, node.end.checked_sub(1)?);
    let escaped = serde_json::Value::from(inner.slice(document.text())).to_string();
    let text = escaped.strip_prefix('"')?.strip_suffix('"')?.to_owned();
    Some(Fix::replace("escape the quotes within the string", inner, text).needs_a_look())
}

/// Writes a string in double quotes, of which those in it are escaped, and single ones are not.
fn requoted(span: Span, said: &str) -> Option<Fix> {
    let (open, close) = (said.chars().next()?.len_utf8(), said.chars().last()?.len_utf8());
    let end = said.len().checked_sub(close)?;
    let inner = said.get(open..end)?;
    let at = |start: usize, end: usize| Span::from_usize(span.start as usize + start, span.start as usize + end);
    let mut fix = Fix::replace("use double quotes", at(0, open), "\"");
    let mut escaped = false;
    for (index, character) in inner.char_indices() {
        let here = open + index;
        match character {
            '\'' if escaped => fix = fix.and(at(here - 1, here), ""),
            '"' if !escaped => fix = fix.and(at(here, here), "\\"),
            character if character < ' ' => return None,
            _ => {}
        }
        escaped = character == '\\' && !escaped;
    }
    Some(fix.and(at(end, said.len()), "\""))
}

/// Whether a quote stands next to a key.
fn is_of_key(quote: Span, document: &Document<'_>) -> bool {
    let nodes = document.nodes();
    let after = nodes.partition_point(|node| node.start < quote.start);
    let is_key = |node: &&Node| node.kind == Kind::Key;
    let before = after.checked_sub(1).and_then(|last| nodes.get(last)).filter(is_key);
    let next = nodes.get(after).filter(is_key);
    before.is_some_and(|key| key.end == quote.start) || next.is_some_and(|key| key.start == quote.end)
}

/// Whether a bare word is surely a string that lacks its quotes.
fn is_word(said: &str) -> bool {
    let letters = said.chars().all(|character| character.is_alphanumeric() || matches!(character, '_' | '-'));
    letters && !matches!(said, "NaN" | "Infinity" | "-Infinity")
}

/// Writes as escapes all control characters of the string that holds the one reported.
fn escape_all(first: Span, document: &Document<'_>) -> Option<Fix> {
    let is_around = |value: &Value<'_>| {
        matches!(value.kind(), Kind::String | Kind::Key)
            && value.span().start < first.start
            && first.end <= value.span().end
    };
    // The string is the last node that begins before what is in it.
    let after = document.nodes().partition_point(|node| node.start < first.start);
    let index = u32::try_from(after.checked_sub(1)?).ok()?;
    let string = Some(Value::at(document, index)).filter(is_around)?;
    let text = document.text();
    let mut fix: Option<Fix> = None;
    for (at, character) in string.inner_span().slice(text).char_indices().filter(|(_, it)| *it < ' ') {
        let at = string.inner_span().start + u32::try_from(at).ok()?;
        let span = Span::new(at, at + 1);
        // A Windows line break is one, and is written as one.
        let next = Span::new(at + 1, at + 2).slice(text);
        let text = if character == '\r' && next == "\n" { String::new() } else { escapes(character.encode_utf8(&mut [0; 4])) };
        fix = Some(match fix {
            None => Fix::replace("write it as an escape", span, text),
            Some(fix) => fix.and(span, text),
        });
    }
    fix
}

/// How JSON writes a control character; a line break of either kind as one.
fn escapes(said: &str) -> String {
    match said.chars().next().unwrap_or_default() {
        '\t' => "\\t".to_owned(),
        '\n' | '\r' => "\\n".to_owned(),
        '\u{8}' => "\\b".to_owned(),
        '\u{c}' => "\\f".to_owned(),
        other => format!("\\u{:04x}", u32::from(other)),
    }
}

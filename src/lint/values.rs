//! Values that are put into the body, and break it.

use crate::json::{Arena, Fault, FaultKind, Kind};
use crate::rules::BrokenValue;
use crate::template::UNKNOWN;
use crate::text::{Passage, Span};

/// How many values of a body are looked at.
const MOST: usize = 16;

/// The body as it would read with such values escaped in its strings, and left out elsewhere, and those;
/// `None` where there are none.
///
/// What a value breaks shows in several places, as quotes and words that belong to none; it is one fault.
pub(super) fn escaped(
    body: &Passage<'_>,
    file: &str,
    arena: &mut Arena,
) -> Option<(Passage<'static>, Vec<BrokenValue>)> {
    let is_plain = |value: &str| value.bytes().all(|byte| byte >= b' ' && !matches!(byte, b'"' | b'\\'));
    let is_content =
        |value: &str| is_plain(value) || serde_json::from_str::<String>(&format!("\"{value}\"")).is_ok();
    let text = body.as_str();
    let mut values = body.values().filter(|value| !is_content(value.slice(text))).take(MOST).peekable();
    values.peek()?;
    let mut faults = arena.parse(text).faults().len();
    let mut mended: Option<Passage<'static>> = None;
    let mut broken: Vec<BrokenValue> = Vec::new();
    let mut grown = 0i64;
    for value in values {
        if faults == 0 {
            break;
        }
        let now = mended.as_ref().unwrap_or(body);
        let moved = |offset: u32| u32::try_from(i64::from(offset) + grown).unwrap_or(u32::MAX);
        let place = Span::new(moved(value.start), moved(value.end));
        let said = place.slice(now.as_str());
        let document = arena.parse(now.as_str());
        let before = document.nodes().partition_point(|node| node.start < place.start);
        let string = before.checked_sub(1).and_then(|last| document.nodes().get(last));
        let is_inside = string
            .is_some_and(|node| matches!(node.kind, Kind::String | Kind::Key) && place.start < node.end);
        // What is wrong within brackets is told of as such.
        let is_structure = !is_inside && said.trim_start().starts_with(['{', '[']);
        if is_structure || document.faults().iter().any(|fault| misplaces_quotes(fault, place)) {
            continue;
        }
        let quoted = serde_json::Value::from(said).to_string();
        let content = if is_inside { &quoted[1..quoted.len() - 1] } else { UNKNOWN };
        let mut out = now.rewrite();
        out.copy(Span::new(0, place.start));
        out.put_value(content, place);
        out.copy(Span::from_usize(place.end as usize, now.as_str().len()));
        let next = out.finish(None);
        let left = arena.parse(next.as_str()).faults().len();
        if left < faults {
            faults = left;
            let end = place.start + u32::try_from(content.len()).unwrap_or(u32::MAX);
            grown += i64::from(end) - i64::from(place.end);
            broken.push(BrokenValue {
                span: Span::new(place.start, end),
                name: now.span_of(place).slice(file).to_owned(),
                breaker: said.chars().find(|it| matches!(it, '"' | '\\') || it.is_control()).unwrap_or('"'),
                in_string: is_inside,
            });
            mended = Some(next);
        }
    }
    Some((mended?, broken))
}

/// Whether after a fault before a place it is not sure what is a string there.
const fn misplaces_quotes(fault: &Fault, place: Span) -> bool {
    let is_of_quotes = matches!(
        fault.kind,
        FaultKind::UnclosedString
            | FaultKind::UnopenedString
            | FaultKind::ExtraQuote
            | FaultKind::WrongQuotes
            | FaultKind::UnquotedKey
            | FaultKind::BareWord
            | FaultKind::MissingComma
            | FaultKind::MissingColon
    );
    is_of_quotes && fault.span.start < place.start
}

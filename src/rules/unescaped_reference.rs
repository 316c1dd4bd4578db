//! Texts that are filled into a string, or a URL's query, as they come.

use std::collections::HashSet;

use crate::api::Shape;
use crate::diagnostic::{Draft, Fix, Severity, Sink};
use crate::json::{Kind, Value};
use crate::rules::{Check, Evidence, Group, Rule, Signs, Subject, key_of, references};
use crate::template::{Input, Names, Place, Reading, Reference, Role, UNKNOWN};
use crate::text::Span;

pub static RULE: Rule = Rule {
    id: "unescaped-reference",
    level: Severity::Warning,
    group: Group::Template,
    evidence: Evidence::Documented(
        "the vendor's help on Velocity macros for data actions: strings in JSON are escaped with `$esc.jsonString`, \
         parts of a URL with `$esc.url`",
    ),
    summary: "a text that is filled into a string of the body, or into the URL's query, without being escaped",
    why: "Velocity fills in the text as it is. A quotation mark, a backslash or a line break in it ends the JSON \
          string or breaks it, and the action fails, for just those callers whose name or note holds one. In \
          the query of a URL, `&`, `#`, `+` and blanks do the same; that is told as info.\n\n\
          An input is left alone that can hold no such character: one with a list of values, a format or a \
          pattern, one of another type, an id by its name. So is a key of the body. The item of a list and the \
          member of an object are judged by what the contract declares of them. What `#set` gives another name, \
          once, is still the same text; so is what a method such as `.trim()` leaves of it.",
    remedy: "Write `$esc.jsonString(${input.x})` in a string of the body, and `$esc.url(${input.x})` in a query.",
    fix: Some("puts the reference into `$esc.jsonString(…)`, or `$esc.url(…)`"),
    bad: &[
        r#"{"config": {"request": {"requestType": "PATCH", "requestUrlTemplate": "/api/v2/conversations/${input.conversationId}/participants/${input.participantId}/attributes", "requestTemplate": "{\"attributes\": {\"note\": \"${input.note}\"}}"}}, "contract": {"input": {"inputSchema": {"type": "object", "properties": {"conversationId": {"type": "string"}, "participantId": {"type": "string"}, "note": {"type": "string"}}}}}}"#,
    ],
    good: &[
        r#"{"config": {"request": {"requestType": "PATCH", "requestUrlTemplate": "/api/v2/conversations/${input.conversationId}/participants/${input.participantId}/attributes", "requestTemplate": "{\"attributes\": {\"note\": \"$esc.jsonString(${input.note})\", \"rank\": \"${input.rank}\"}}"}}, "contract": {"input": {"inputSchema": {"type": "object", "properties": {"conversationId": {"type": "string"}, "participantId": {"type": "string"}, "note": {"type": "string"}, "rank": {"type": "string", "enum": ["gold", "silver"]}}}}}}"#,
    ],
    waits_for: Signs::TEMPLATE,
    check: Check::Request(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let templates = subject.request.templates.as_ref();
    let Some(inputs) = templates.and_then(|templates| templates.inputs.as_ref()) else { return };
    of_query(subject, &inputs.names, sink);
    let Some(body) = subject.body() else { return };
    let mut narrow: Option<HashSet<u32>> = None;
    for index in body.index()..body.node().next {
        let value = Value::at(body.document(), index);
        if value.kind() != Kind::String || memchr::memchr(b'$', value.raw().as_bytes()).is_none() {
            continue;
        }
        for (place, said) in at_risk_in(subject, &inputs.names, value.inner_span()) {
            if narrow.get_or_insert_with(|| narrowed(subject)).contains(&index) || is_for_an_id(value) {
                continue;
            }
            let call = call(said, "jsonString");
            let mut draft = Draft::new(
                place,
                format!("{} is not escaped: a quote or line break in it breaks the body", shown(said)),
            )
            .help_to_write("write ", &format!("{call}({said})"));
            if sink.wants_fixes() {
                draft = draft.fix(Fix::replace(format!("put it into `{call}(…)`"), place, format!("{call}({said})")));
            }
            sink.push(draft);
        }
    }
}

/// The references in a part of the body that print what may be any text, each as it is written in the
/// template.
fn at_risk_in<'s>(subject: &'s Subject<'_>, names: &Names, part: Span) -> Vec<(Span, &'s str)> {
    let text = part.slice(subject.document.text());
    let here = |span: Span| Span::new(part.start + span.start, part.start + span.end);
    let reading = Reading::of(text);
    let mut found: Vec<_> = printed(&reading)
        .filter(|reference| at_risk(subject, names, reference, text, Role::Body).is_some())
        .map(|reference| (here(reference.span), reference.span.slice(text)))
        .collect();
    for (at, unknown) in text.match_indices(UNKNOWN) {
        let place = here(Span::from_usize(at, at + unknown.len()));
        let Some(said) = subject.reference_behind(place) else { continue };
        let reading = Reading::of(said);
        let mut printed = printed(&reading);
        if printed.next().is_some_and(|first| at_risk(subject, names, first, said, Role::Body).is_some()) {
            found.push((place, said));
        }
    }
    found
}

fn of_query(subject: &Subject<'_>, names: &Names, sink: &mut Sink<'_>) {
    let parts = subject.request.templates.iter().flat_map(|templates| &templates.parts);
    for part in parts.filter(|part| part.role == Role::Url) {
        let text = part.text.as_str();
        let Some(query) = text.find('?') else { continue };
        for reference in printed(&part.reading) {
            if (reference.span.start as usize) < query
                || at_risk(subject, names, reference, text, Role::Url).is_none()
            {
                continue;
            }
            let said = reference.span.slice(text);
            let call = call(said, "url");
            let written = format!("{call}({said})");
            let written = part.text.written(&written).unwrap_or(written);
            let mut draft = Draft::new(
                part.text.span_of(reference.span),
                format!("{} is not escaped: `&` or a blank in it breaks the query", shown(said)),
            )
            .help(format!("write `{written}`"))
            .severity(Severity::Info);
            let edits = [
                (Span::empty(reference.span.start), format!("{call}(")),
                (Span::empty(reference.span.end), ")".to_owned()),
            ];
            if sink.wants_fixes()
                && let Some(fix) = references::mend(part, &format!("put it into `{call}(…)`"), &edits)
            {
                draft = draft.fix(fix);
            }
            sink.push(draft);
        }
    }
}

fn shown(reference: &str) -> String {
    format!("`{reference}`")
}

/// The tool that escapes, silent where the reference is: nothing escaped would print the call itself.
fn call(reference: &str, method: &str) -> String {
    let silent = if reference.starts_with("$!") { "!" } else { "" };
    format!("${silent}esc.{method}")
}

fn printed(reading: &Reading) -> impl Iterator<Item = &Reference> {
    reading.references.iter().filter(|reference| reference.place == Place::Text)
}

/// The input that a reference prints, itself or by another name that the template has for it, where that
/// may be any text.
fn at_risk<'n>(
    subject: &Subject<'_>,
    names: &'n Names,
    reference: &Reference,
    text: &str,
    role: Role,
) -> Option<&'n Input> {
    let steps = reference.steps_to_text(text)?;
    let input = if references::is_input(subject, reference, text) {
        references::stepped(names, steps)?
    } else if steps.is_empty() {
        behind(subject, names, reference.root.slice(text), role)?
    } else {
        return None;
    };
    (input.any_text && !references::is_id(&input.name)).then_some(input)
}

/// The input that a variable is another name of: `#set($note = $input.note)`.
fn behind<'n>(subject: &Subject<'_>, names: &'n Names, name: &str, role: Role) -> Option<&'n Input> {
    let mut parts = subject.request.templates.iter().flat_map(|templates| &templates.parts);
    let part = parts.clone().find(|part| part.role == role)?;
    if parts.any(|other| !std::ptr::eq(other, part) && other.reading.is_local(name)) {
        return None;
    }
    let value = part.reading.only_value(part.text.as_str(), name)?;
    let value = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value);
    let reading = Reading::of(value);
    let [reference] = reading.references.as_slice() else { return None };
    let is_all = reference.span.range() == (0..value.len()) && reading.faults.is_empty();
    if !is_all || !references::is_input(subject, reference, value) {
        return None;
    }
    references::stepped(names, reference.steps_to_text(value)?)
}

/// The values that the model has a list of words or a form for, or no string at all: what is sent there can be
/// no other text, or is wrong as it is.
fn narrowed(subject: &Subject<'_>) -> HashSet<u32> {
    let is_narrow = |shape: &Shape| match shape {
        Shape::String { options, date_time, .. } => *date_time || !options.is_empty(),
        shape => !references::takes_string(shape),
    };
    let shaped = references::shaped(subject);
    shaped.into_iter().filter(|(_, shape)| is_narrow(shape)).map(|(value, _)| value.index()).collect()
}

/// Whether a value is the id of something, by the name of its member.
fn is_for_an_id(value: Value<'_>) -> bool {
    let Some(name) = key_of(value).and_then(Value::as_str) else { return false };
    references::is_id(&name) || name == "code"
}

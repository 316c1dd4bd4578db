//! Texts that are filled in where a string belongs, without quotes.

use crate::api::Shape;
use crate::diagnostic::{Draft, Fix, Severity, Sink};
use crate::json::{Kind, Value};
use crate::rules::{Check, Evidence, Group, Rule, Signs, Subject, key_of, references};
use crate::template::InputKind;
use crate::text::Span;

pub static RULE: Rule = Rule {
    id: "unquoted-reference",
    level: Severity::Warning,
    group: Group::Template,
    evidence: Evidence::Inferred("Velocity fills in a text as it is; JSON has strings in quotes (RFC 8259, section 7)"),
    summary: "a text that is filled in without quotes where the API takes a string",
    why: "Velocity fills in the text as it is, without quotes. The body is JSON only while the text is, such as \
          `5` or `\"5\"`; any other breaks it, and a number is refused where a string belongs. What \
          `$esc.jsonString(…)` makes has its quotes escaped, so that it is never a string without others around \
          it. A whole map or body may be handed over like that, and is not reported.",
    remedy: "Put the reference in quotes, and into `$esc.jsonString(…)`. A flow that fills in the quotes itself \
             has to be changed with it.",
    fix: Some("puts the reference into quotes and `$esc.jsonString(…)`; to be looked at"),
    bad: &[
        r#"{"config": {"request": {"requestType": "PATCH", "requestUrlTemplate": "/api/v2/conversations/${input.conversationId}/participants/${input.participantId}/attributes", "requestTemplate": "{\"attributes\": {\"zone\": ${input.zone}}}"}}, "contract": {"input": {"inputSchema": {"type": "object", "properties": {"conversationId": {"type": "string"}, "participantId": {"type": "string"}, "zone": {"type": "string"}}}}}}"#,
    ],
    good: &[
        r#"{"config": {"request": {"requestType": "PATCH", "requestUrlTemplate": "/api/v2/conversations/${input.conversationId}/participants/${input.participantId}/attributes", "requestTemplate": "{\"attributes\": {\"zone\": \"$esc.jsonString(${input.zone})\"}}"}}, "contract": {"input": {"inputSchema": {"type": "object", "properties": {"conversationId": {"type": "string"}, "participantId": {"type": "string"}, "zone": {"type": "string"}}}}}}"#,
        r#"{"config": {"request": {"requestType": "PATCH", "requestUrlTemplate": "/api/v2/conversations/${input.conversationId}/participants/${input.participantId}/attributes", "requestTemplate": "{\"attributes\": ${input.attributes}}"}}, "contract": {"input": {"inputSchema": {"type": "object", "properties": {"conversationId": {"type": "string"}, "participantId": {"type": "string"}, "attributes": {"type": "string"}}}}}}"#,
    ],
    waits_for: Signs::TEMPLATE,
    check: Check::Request(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let attributes = subject.attribute_objects().flat_map(Value::members).map(|(_, value)| value);
    let shaped = references::shaped(subject);
    let strings = shaped.iter().filter(|(_, shape)| matches!(shape, Shape::String { .. }));
    for value in attributes.chain(strings.map(|(value, _)| *value)) {
        if value.kind() != Kind::Placeholder {
            continue;
        }
        let (span, said) = (value.span(), references::said(subject, value));
        let filled = references::filled(subject, value);
        let kind = filled.map_or(InputKind::Unknown, |filled| filled.input.kind);
        // No string comes of that, whatever is filled in: its own quotes are escaped.
        let never = references::is_escape_of_string(said);
        if kind != InputKind::String && !(never && kind == InputKind::Unknown) {
            continue;
        }
        let escaped = never || filled.is_some_and(|filled| filled.escaped);
        let (open, close) = if escaped { ("\"", "\"") } else { ("\"$esc.jsonString(", ")\"") };
        let name = key_of(value).and_then(Value::as_str);
        let whose = name.map_or_else(String::new, |name| format!("`{name}` is "));
        let message = if never {
            format!("{whose}`{said}` without quotes around it: no string comes of that")
        } else {
            format!("{whose}`{said}` without quotes: it is no string unless what is filled in brings its own")
        };
        let mut draft = Draft::new(span, message).help_to_write("write ", &format!("{open}{said}{close}"));
        if sink.wants_fixes() {
            let fix = Fix::replace("put it in quotes", Span::empty(span.start), open).and(Span::empty(span.end), close);
            draft = draft.fix(fix.needs_a_look());
        }
        sink.push(draft);
    }
}

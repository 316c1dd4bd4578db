//! Inputs that the contract declares and no template uses.

use std::collections::HashSet;

use crate::diagnostic::{Draft, Severity, Sink};
use crate::rules::references::{self, Verdict};
use crate::rules::{Check, Evidence, Group, Rule, Signs, Subject};
use crate::template::{Form, Part, PieceKind};

pub static RULE: Rule = Rule {
    id: "unused-input",
    level: Severity::Info,
    group: Group::Template,
    evidence: Evidence::Inferred("what is filled into an input that no template refers to is not sent"),
    summary: "an input that the contract declares and the request does not use",
    why: "Whoever uses the action in a flow is asked for each input of its contract, and what is filled into this \
          one is not sent: neither the URL nor a header nor the body refers to it. Often it was meant to be, \
          under another name.",
    remedy: "Use it where it belongs, or take it out of the input schema.",
    fix: None,
    bad: &[
        r#"{"config": {"request": {"requestType": "PATCH", "requestUrlTemplate": "/api/v2/conversations/${input.conversationId}/participants/${input.participantId}/attributes", "requestTemplate": "{\"attributes\": {\"zone\": \"north\"}}"}}, "contract": {"input": {"inputSchema": {"type": "object", "properties": {"conversationId": {"type": "string"}, "participantId": {"type": "string"}, "zone": {"type": "string"}}}}}}"#,
    ],
    good: &[
        r#"{"config": {"request": {"requestType": "PATCH", "requestUrlTemplate": "/api/v2/conversations/${input.conversationId}/participants/${input.participantId}/attributes", "requestTemplate": "{\"attributes\": {\"zone\": \"$esc.jsonString(${input.zone})\"}}"}}, "contract": {"input": {"inputSchema": {"type": "object", "properties": {"conversationId": {"type": "string"}, "participantId": {"type": "string"}, "zone": {"type": "string"}}}}}}"#,
    ],
    waits_for: Signs::TEMPLATE,
    check: Check::Request(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let Some(templates) = &subject.request.templates else { return };
    let Some(inputs) = templates.inputs.as_ref().filter(|_| templates.whole) else { return };
    let Some(used) = used(subject) else { return };
    for input in &inputs.names.all {
        if !used.contains(&input.name.to_ascii_lowercase()) {
            let place = inputs.schema.span_of(input.key);
            let draft = Draft::new(place, format!("the request does not use the input `{}`", input.name))
                .help("use it in the URL, a header or the body, or take it out of the contract");
            sink.push(draft);
        }
    }
}

/// Whether a part of a template is not there to be read: an expression of the file that it is in.
fn holds_more(part: &Part<'_>) -> bool {
    const TERRAFORM: [&str; 6] = ["var", "local", "module", "data", "each", "path"];
    let text = part.text.as_str();
    let roots = || part.reading.references.iter().map(|reference| reference.root.slice(text));
    text.contains("${…}") || roots().any(|root| TERRAFORM.contains(&root) && !part.reading.is_local(root))
}

/// The names of inputs that the templates refer to, in lower case; `None` where they may use any.
fn used(subject: &Subject<'_>) -> Option<HashSet<String>> {
    let templates = subject.request.templates.as_ref()?;
    let unclear = templates.parts.iter().any(|part| {
        let unknown = part.reading.pieces.iter().any(|piece| piece.kind == PieceKind::Unknown);
        unknown || !part.reading.faults.is_empty() || holds_more(part)
    });
    if unclear || references::is_local(subject, "input") {
        return None;
    }
    let mut used = HashSet::new();
    for (part, reference) in references::references(subject) {
        let text = part.text.as_str();
        if !reference.root.slice(text).eq_ignore_ascii_case("input") {
            continue;
        }
        let name = reference.path.first().filter(|_| reference.form != Form::Blurred)?.slice(text);
        if name.eq_ignore_ascii_case(references::RAW_REQUEST) {
            return None;
        }
        // The one that is meant is told as such.
        if let Verdict::Undeclared { name: missed, among } = references::verdict(subject, part, reference)
            && Some(&missed) == reference.path.first()
            && let Some(near) = references::nearest(name, among)
        {
            used.insert(near.to_ascii_lowercase());
        }
        used.insert(name.to_ascii_lowercase());
    }
    Some(used)
}

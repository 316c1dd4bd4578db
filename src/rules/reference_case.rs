//! References that differ from a real name in case alone.

use crate::diagnostic::{Draft, Severity, Sink};
use crate::rules::references::{self, Verdict};
use crate::rules::{Check, Evidence, Group, Rule, Signs, Subject};

pub static RULE: Rule = Rule {
    id: "reference-case",
    level: Severity::Error,
    group: Group::Template,
    evidence: Evidence::Observed(
        "`${INPUT.ConversationID}` and `$Input.conversationId` in published actions; Velocity's user guide says that \
         names are case-sensitive, and that a reference without a value prints itself",
    ),
    summary: "a reference that is written in another case than the name that it means",
    why: "Velocity tells upper from lower case. A reference to a name that it does not know is no fault to it: it \
          prints the reference itself, so that `${INPUT.conversationId}` is sent to the API as just that, or \
          nothing, where it is written `$!{…}`.",
    remedy: "Write `input` in lower case, and the input's name as the contract has it.",
    fix: Some("writes the name as it is declared"),
    bad: &[
        r#"{"config": {"request": {"requestType": "PATCH", "requestUrlTemplate": "/api/v2/conversations/${INPUT.conversationId}/participants/$Input.participantId/attributes", "requestTemplate": "{\"attributes\": {\"zone\": \"north\"}}"}}}"#,
        r#"{"config": {"request": {"requestType": "PATCH", "requestUrlTemplate": "/api/v2/conversations/${input.conversationID}/participants/${input.participantId}/attributes", "requestTemplate": "{\"attributes\": {\"zone\": \"north\"}}"}}, "contract": {"input": {"inputSchema": {"type": "object", "properties": {"conversationId": {"type": "string"}, "participantId": {"type": "string"}}}}}}"#,
    ],
    good: &[
        r#"{"config": {"request": {"requestType": "PATCH", "requestUrlTemplate": "/api/v2/conversations/${input.conversationId}/participants/$input.participantId/attributes", "requestTemplate": "{\"attributes\": {\"zone\": \"north\"}}"}}, "contract": {"input": {"inputSchema": {"type": "object", "properties": {"conversationId": {"type": "string"}, "participantId": {"type": "string"}}}}}}"#,
    ],
    waits_for: Signs::TEMPLATE,
    check: Check::Request(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    for (part, reference) in references::references(subject) {
        let Verdict::Case(edits) = references::verdict(subject, part, reference) else { continue };
        let (Some(first), Some(last)) = (edits.first(), edits.last()) else { continue };
        let text = part.text.as_str();
        let place = first.0.join(last.0);
        let written: Vec<_> = edits.iter().map(|(span, _)| span.slice(text)).collect();
        let right: Vec<_> = edits.iter().map(|(_, name)| name.as_str()).collect();
        let message = if first.0 == reference.root {
            let all = reference.span.slice(text);
            format!("`{}` in `{all}` is no name that Velocity knows: upper and lower case count", written[0])
        } else {
            format!("`{}` is not declared, `{}` is: upper and lower case count", written[0], right[0])
        };
        let mut draft = Draft::new(part.text.span_of(place), message).help(help(&right));
        if sink.wants_fixes()
            && let Some(fix) = references::mend(part, &help(&right), &edits)
        {
            draft = draft.fix(fix);
        }
        sink.push(draft);
    }
}

fn help(right: &[&str]) -> String {
    format!("write `{}`", right.join("` and `"))
}

//! References to inputs that the contract does not declare.

use crate::diagnostic::{Draft, Severity, Sink};
use crate::rules::references::{self, Verdict};
use crate::rules::{Check, Evidence, Group, Rule, Signs, Subject, list};

pub static RULE: Rule = Rule {
    id: "undeclared-input",
    level: Severity::Error,
    group: Group::Template,
    evidence: Evidence::Inferred(
        "the contract is all that a flow can fill in; Velocity's user guide says that a reference without a value \
         prints itself",
    ),
    summary: "a reference to an input that the contract does not declare",
    why: "A flow fills in what the action's input contract declares, and nothing else. A reference to any other \
          input has no value: Velocity prints the reference itself, which then is sent to the API, or nothing, \
          where it is written `$!{…}`.\n\n\
          Where the contract says outright that it takes more than it declares, and declares nothing of a like \
          name, this is a warning: whoever calls the action by the API may fill that in.",
    remedy: "Declare the input as a property of the input schema, or write the name of one that is there. \
             `input.rawRequest` is always there.",
    fix: Some("writes the nearest name that is declared; to be looked at"),
    bad: &[
        r#"{"config": {"request": {"requestType": "PATCH", "requestUrlTemplate": "/api/v2/conversations/${input.conversation}/participants/${input.participantId}/attributes", "requestTemplate": "{\"attributes\": {\"zone\": \"north\"}}"}}, "contract": {"input": {"inputSchema": {"type": "object", "properties": {"conversationId": {"type": "string"}, "participantId": {"type": "string"}}}}}}"#,
    ],
    good: &[
        r#"{"config": {"request": {"requestType": "PATCH", "requestUrlTemplate": "/api/v2/conversations/${input.conversationId}/participants/${input.participantId}/attributes", "requestTemplate": "${input.rawRequest}"}}, "contract": {"input": {"inputSchema": {"type": "object", "properties": {"conversationId": {"type": "string"}, "participantId": {"type": "string"}, "attributes": {"type": "object"}}}}}}"#,
    ],
    waits_for: Signs::TEMPLATE,
    check: Check::Request(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    for (part, reference) in references::references(subject) {
        let Verdict::Undeclared { name, among } = references::verdict(subject, part, reference) else {
            continue;
        };
        let text = part.text.as_str();
        let said = name.slice(text);
        let around: Vec<_> = std::iter::once("input")
            .chain(reference.path.iter().take_while(|other| **other != name).map(|span| span.slice(text)))
            .collect();
        let message = match around.as_slice() {
            [_] => format!("`{said}` is no input that the contract declares"),
            within => format!("`{said}` is nothing that the contract declares of `{}`", within.join(".")),
        };
        let near = references::nearest(said, among);
        let mut draft = Draft::new(part.text.span_of(name), message);
        if near.is_none() && among.open {
            draft = draft.severity(Severity::Warning);
        }
        draft = match near {
            Some(near) => {
                if sink.wants_fixes()
                    && let Some(fix) =
                        references::mend(part, &format!("write `{near}`"), &[(name, near.to_owned())])
                {
                    draft = draft.fix(fix.needs_a_look());
                }
                draft.help(format!("did you mean `{near}`?"))
            }
            None if among.all.is_empty() => draft.help("declare it in the input schema: that has none"),
            None => {
                let names = list(among.all.iter().map(|input| input.name.as_str()));
                draft.help(format!("declare it in the input schema, which has {names}"))
            }
        };
        sink.push(draft);
    }
}

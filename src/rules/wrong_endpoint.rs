//! Paths that no operation has.

use crate::api::{Endpoint, Nearest, Reach, Resolution, Segment, Step, nearest};
use crate::diagnostic::{Draft, Severity, Sink};
use crate::rules::{Check, Evidence, Group, Rule, Signs, Subject};

pub static RULE: Rule = Rule {
    id: "wrong-endpoint",
    level: Severity::Error,
    group: Group::Endpoint,
    evidence: Evidence::Contract("the paths of every published version under /api/v2/conversations"),
    summary: "a path that no operation of the API has",
    why: "The API answers 404, or, where a made-up word happens to stand in an id's place, 404 for a \
          conversation of that name. Neither tells which path was meant.",
    remedy: "Call the operation that is named. It is the nearest one for the body that is sent, by the \
             segments that would have to change.",
    fix: None,
    bad: &[r#"{"method": "POST", "url": "/api/v2/conversations/participants/update", "body": {"attributes": {"priority": "high"}}}"#],
    good: &[r#"{"method": "PATCH", "url": "/api/v2/conversations/{conversationId}/participants/{participantId}/attributes", "body": {"attributes": {"priority": "high"}}}"#],
    waits_for: Signs::URL,
    check: Check::Request(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let (Some(url), Some(endpoint)) = (&subject.request.url, &subject.endpoint) else { return };
    let known = endpoint.versioned && !matches!(subject.resolution, Some(Resolution::None));
    if endpoint.reach != Reach::Conversations || known || subject.resolution.is_none() {
        return;
    }
    let members = subject.body().map(|body| {
        body.members().filter_map(|(key, _)| key.as_str()).map(|name| name.into_owned()).collect::<Vec<_>>()
    });
    let draft = Draft::new(url.span_of(endpoint.path), "no operation of the API has this path");
    let draft = match nearest(subject.method(), endpoint, members.as_deref()) {
        Some(nearest) => {
            draft.help(format!("the nearest is `{}`{}", nearest.operation.call(), explain(&nearest, endpoint)))
        }
        None => draft.help("`paylint operations` lists those that exist"),
    };
    sink.push(draft);
}

/// The differences between the written path and the real one, in words.
fn explain(nearest: &Nearest, endpoint: &Endpoint) -> String {
    let said = |index: usize| endpoint.parts.get(index).map_or("", |part| part.text.as_str());
    let steps: Vec<_> = nearest
        .steps
        .iter()
        .map(|step| match step {
            Step::Replace(index, name) => format!("`{}` should be `{name}`", said(*index)),
            Step::Remove(index) => format!("`{}` is one segment too many", said(*index)),
            Step::Insert(Segment::Literal(name)) => format!("`{name}` is missing"),
            Step::Insert(Segment::Parameter(name)) => format!("`{{{name}}}` is missing"),
        })
        .collect();
    if steps.is_empty() { String::new() } else { format!(": {}", steps.join(", ")) }
}

//! What an example in a document is: a request, what came back, or the sketch of a model.

use crate::carrier::json::names_state;
use crate::json::{Arena, Document, Kind, Value, holds_placeholder};
use crate::request::{Payload, Request};
use crate::text::Passage;

/// Members that the API's answers and events have, and its requests have not.
const OF_ANSWERS: [&str; 34] = [
    "id",
    "selfUri",
    "participants",
    "participantType",
    "purpose",
    "name",
    "address",
    "ani",
    "dnis",
    "userId",
    "user",
    "queueId",
    "queue",
    "startTime",
    "endTime",
    "connectedTime",
    "startHoldTime",
    "startAlertingTime",
    "disconnectType",
    "direction",
    "provider",
    "peer",
    "conversationId",
    "entities",
    "status",
    "code",
    "message",
    "errors",
    "calls",
    "communications",
    "topicName",
    "eventBody",
    "metadata",
    "wrapupRequired",
];

/// What the values of a model are called in a sketch of it.
const TYPES: [&str; 11] = [
    "string",
    "boolean",
    "bool",
    "integer",
    "int",
    "number",
    "object",
    "array",
    "date",
    "date-time",
    "datetime",
];

/// Whether a request out of a document is one, and no answer that looks like it, nor the sketch of a
/// model.
pub(super) fn is_request(request: &Request<'_>, takes_bodies: bool) -> bool {
    let is_envelope = request.url.is_some();
    // An error names the path, too.
    let is_told = if is_envelope {
        request.method.is_some() || !matches!(request.payload, Payload::Absent)
    } else {
        takes_bodies
    };
    let Payload::Text(body) = &request.payload else { return is_told };
    let mut arena = Arena::new();
    let document = arena.parse(body.as_str());
    let Some(root) = document.root() else { return is_told };
    is_told && !is_sketch(&document) && (is_envelope || !is_answer(root))
}

/// Whether a text is a body to the letter: JSON, and neither what came back nor the sketch of a model.
pub(super) fn is_body(text: &Passage<'_>) -> bool {
    let mut arena = Arena::new();
    let document = arena.parse(text.as_str());
    document.faults().is_empty()
        && !is_sketch(&document)
        && document.root().is_some_and(|root| root.is_object() && !is_answer(root))
}

/// Whether JSON tells of a request that was made, as logs and errors do.
pub(super) fn is_record(text: &Passage<'_>) -> bool {
    const MEMBERS: [&str; 11] = [
        "status",
        "statusCode",
        "code",
        "error",
        "errors",
        "message",
        "level",
        "time",
        "timestamp",
        "contextId",
        "correlationId",
    ];
    let mut arena = Arena::new();
    let document = arena.parse(text.as_str());
    let tells = |value: Value<'_>| value.members().any(|(key, _)| MEMBERS.iter().any(|name| key.says(name)));
    document.root().is_some_and(|root| tells(root) || root.items().any(tells))
}

/// Whether a body is what came back, or speaks of something else.
fn is_answer(root: Value<'_>) -> bool {
    let is_of_answer = |key: Value<'_>| key.as_str().is_some_and(|name| OF_ANSWERS.contains(&name.as_ref()));
    let is_other_state =
        |state: Value<'_>| state.kind() == Kind::String && !names_state(state) && !is_open(state);
    root.members().any(|(key, _)| is_of_answer(key)) || root.get("state").is_some_and(is_other_state)
}

/// Whether a string is known only when the request is sent.
fn is_open(value: Value<'_>) -> bool {
    value.as_str().is_some_and(|said| holds_placeholder(&said))
}

/// Whether values are named by their types, or left empty.
fn is_sketch(document: &Document<'_>) -> bool {
    let strings = (0u32..).zip(document.nodes()).filter(|(_, node)| node.kind == Kind::String);
    let mut empty = 0;
    for (index, _) in strings {
        let said = Value::at(document, index).as_str().unwrap_or_default();
        empty += usize::from(said.is_empty());
        if empty > 1 || TYPES.iter().any(|name| name.eq_ignore_ascii_case(&said)) {
            return true;
        }
    }
    false
}

/// Whether a text is JSON, to the letter.
pub(super) fn is_json(text: &Passage<'_>) -> bool {
    Arena::new().parse(text.as_str()).faults().is_empty()
}

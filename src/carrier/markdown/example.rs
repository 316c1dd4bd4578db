//! What an example in a document is: a request, or what came back.

use crate::json::{Arena, Kind, Value};
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

/// Whether a request out of a document is one, and no answer that looks like it.
pub(super) fn is_request(request: &Request<'_>, is_about_api: bool) -> bool {
    let sends = !matches!(request.payload, Payload::Absent);
    if request.url.is_some() {
        // An error names the path, too.
        return request.method.is_some() || sends;
    }
    is_about_api
        && match &request.payload {
            Payload::Text(body) => !is_answer(body),
            _ => true,
        }
}

fn is_answer(body: &Passage<'_>) -> bool {
    let mut arena = Arena::new();
    let document = arena.parse(body.as_str());
    let names_answer = |key: Value<'_>| key.as_str().is_some_and(|name| OF_ANSWERS.contains(&name.as_ref()));
    document
        .root()
        .is_some_and(|root| root.kind() == Kind::Object && root.members().any(|(key, _)| names_answer(key)))
}

/// Whether a text is JSON, to the letter.
pub(super) fn is_json(text: &Passage<'_>) -> bool {
    Arena::new().parse(text.as_str()).faults().is_empty()
}

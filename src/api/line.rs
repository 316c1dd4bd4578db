//! Operations by a request's first line.

use crate::api::{Endpoint, Method, Operation, Reach, Resolution, Status, nearest, resolve};

/// Why a line names no operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong.
    pub message: String,
    /// What to write.
    pub help: String,
}

/// Why nothing can be sent to an operation, if the API no longer has it.
#[must_use]
pub fn gone(operation: &Operation) -> Option<Refusal> {
    let message = format!("the API no longer has `{}`", operation.id);
    let help = match operation.successors().next() {
        Some(next) => format!("`{}` has taken its place: `{}`", next.id, next.call()),
        None => "`paylint operations` finds those that it has".to_owned(),
    };
    (operation.status == Status::Removed).then_some(Refusal { message, help })
}

/// The operation of a line such as `PATCH /api/v2/conversations/{conversationId}`.
///
/// # Errors
///
/// What is wrong with the line.
pub fn operation_of_line(line: &str) -> Result<&'static Operation, Refusal> {
    let refusal = |message: String, help: String| Err(Refusal { message, help });
    let Some((method, path)) = line.trim().split_once(char::is_whitespace) else {
        return refusal(
            format!("`{line}` is no request"),
            "write method and path: \"PATCH /api/v2/conversations/{conversationId}/participants/{participantId}\""
                .to_owned(),
        );
    };
    let Some(method) = Method::parse(method) else {
        return refusal(
            format!("`{method}` is no method of the API"),
            "it is GET, POST, PUT, PATCH or DELETE".to_owned(),
        );
    };
    let path = path.trim();
    let endpoint = Endpoint::parse(path);
    let near = match resolve(Some(method), &endpoint) {
        Resolution::Operation(operation) | Resolution::OneOf(operation)
            if endpoint.reach == Reach::Conversations =>
        {
            return gone(operation).map_or(Ok(operation), Err);
        }
        _ => nearest(Some(method), &endpoint, None),
    };
    let help = match near {
        Some(near) => format!("the nearest is `{}`", near.operation.call()),
        None => "`paylint operations` lists those under /api/v2/conversations".to_owned(),
    };
    refusal(format!("the API has no operation `{method} {path}`"), help)
}

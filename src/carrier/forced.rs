//! JSON that the user says to be of one kind.

use crate::carrier::{Assume, Carrier, Skip, Source, data_action, har, json_requests, postman};
use crate::request::Request;

/// Yields the requests of a document, in its order; says what it is, or why there are none. Where the
/// user says which carrier it is, it is that or nothing; elsewhere its members tell.
///
/// # Errors
///
/// The reason for which the document holds no request.
pub fn requests(
    carrier: Carrier,
    source: Source<'_>,
    assume: Assume,
    each: &mut dyn FnMut(&Request<'_>),
) -> Result<Carrier, Skip> {
    if assume != Assume::Carrier {
        return json_requests(source, assume, each);
    }
    let root = source.document.root();
    match carrier {
        Carrier::Har => {
            root.and_then(|root| har::requests(source, root, each)).unwrap_or(Err(Skip::NoArchive))
        }
        Carrier::Postman => {
            root.and_then(|root| postman::requests(source, root, each)).unwrap_or(Err(Skip::NoCollection))
        }
        Carrier::DataAction => match root {
            Some(root) if data_action::requests(source, root, each) => Ok(Carrier::DataAction),
            _ => Err(Skip::NoDataAction),
        },
        _ => json_requests(source, assume, each),
    }
}

//! The error codes that operations declare, and what each says of a request.

use crate::api::{ERRORS, OPERATIONS, Operation};

/// A code in the body of an error, by which the API says why it refused a request.
///
/// Source: the published contract, in which operations declare them for each status. What a code means
/// is inferred from its name and from what declares it.
#[derive(Debug)]
pub struct ErrorCode {
    /// The code itself: words with dots between them.
    pub code: &'static str,
    /// The HTTP status that comes with it.
    pub status: u16,
    /// What it says of the request.
    pub means: &'static str,
    /// What to do about it.
    pub remedy: &'static str,
    /// The ids of the rules that find its cause in a request.
    pub rules: &'static [&'static str],
    /// Indices in [`OPERATIONS`] of those that declare it; `None` where all do.
    pub operations: Option<&'static [usize]>,
}

impl ErrorCode {
    /// The record of a code.
    #[must_use]
    pub fn of(code: &str) -> Option<&'static Self> {
        ERRORS.binary_search_by(|error| error.code.cmp(code)).ok().map(|at| &ERRORS[at])
    }

    /// Whether an operation declares it.
    #[must_use]
    pub fn is_declared_by(&self, operation: &Operation) -> bool {
        self.operations
            .is_none_or(|indices| indices.iter().any(|index| OPERATIONS[*index].id == operation.id))
    }
}

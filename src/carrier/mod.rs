//! Where requests are written down: one file for each kind of place.
//!
//! A carrier looks at a text and yields the requests in it. What it does not recognise it names a
//! [`Skip`] for, and never passes off as checked.

mod json;

pub use json::{Assume, requests};

use std::fmt;

/// Why a text, or a part of one, was not checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Skip {
    /// Its name is not one that requests are kept under.
    FileName,
    /// It is neither a body nor an envelope.
    NotRecognised,
    /// Its requests go to another part of the API.
    OtherApi,
    /// Its requests go somewhere else.
    Foreign,
    /// It holds bytes that no text has.
    Binary,
    /// It is a link, a pipe or another thing that is no file.
    NoFile,
    /// It is 4 GiB or longer.
    TooLong,
}

impl fmt::Display for Skip {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::FileName => "not a kind of file that requests are read from",
            Self::NotRecognised => "neither a participant body nor a request envelope",
            Self::OtherApi => "a request to another part of the API",
            Self::Foreign => "a request to somewhere other than the API",
            Self::Binary => "not a text",
            Self::NoFile => "a link or another thing that is no plain file",
            Self::TooLong => "4 GiB or longer",
        })
    }
}

//! Where requests are written down: one file for each kind of place.
//!
//! A carrier looks at a text and yields the requests in it. What it does not recognise it names a
//! [`Skip`] for, and never passes off as checked.

mod data_action;
mod json;
mod markdown;
mod mention;
mod yaml;

pub use data_action::{Action, Template};
pub use json::{Assume, Source, requests as json_requests};

use std::fmt;

use crate::json::Arena;
use crate::request::Request;
use crate::text::Passage;

/// A kind of place that requests are kept in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Carrier {
    /// JSON that is a body or an envelope, or tells by its members what else it is.
    Json,
    /// A data action of the platform's, exported as JSON.
    DataAction,
    /// YAML.
    Yaml,
    /// The code blocks of Markdown.
    Markdown,
}

/// What is shown of a carrier anywhere.
#[derive(Debug)]
pub struct Record {
    /// Which it is.
    pub carrier: Carrier,
    /// Its name, for `--carrier` and in lists.
    pub name: &'static str,
    /// The ends of the names of files that are read as it, in lower case.
    pub endings: &'static [&'static str],
    /// What is read in it, in one phrase.
    pub summary: &'static str,
}

/// Every carrier. A file is read as the first whose ending it has.
pub static ALL: &[Record] = &[
    Record {
        carrier: Carrier::Json,
        name: "json",
        endings: &[".json", ".jsonl", ".ndjson"],
        summary: "a body, a request envelope, an array of envelopes; one of them a line in JSON Lines",
    },
    Record {
        carrier: Carrier::DataAction,
        name: "data-action",
        endings: &[".custom.json"],
        summary: "an exported data action: the URL, the headers and the Velocity template of its request",
    },
    Record {
        carrier: Carrier::Yaml,
        name: "yaml",
        endings: &[".yaml", ".yml"],
        summary: "the same as in JSON, in one document or several; bodies written as JSON in a scalar",
    },
    Record {
        carrier: Carrier::Markdown,
        name: "markdown",
        endings: &[".md", ".mdx", ".markdown"],
        summary: "fenced code blocks, each read as what its info string names; not those after \
                  `<!-- paylint-ignore -->`",
    },
];

/// Yields the requests of a text, in its order; says what it is, or why there are none.
///
/// A text that is JSON is parsed here: of a whole file, [`json_requests`] takes the document that is
/// there already.
///
/// # Errors
///
/// The reason for which the text holds no request.
pub fn requests(
    carrier: Carrier,
    text: &Passage<'_>,
    assume: Assume,
    each: &mut dyn FnMut(&Request<'_>),
) -> Result<Carrier, Skip> {
    match carrier {
        Carrier::Json | Carrier::DataAction => {
            let mut arena = Arena::new();
            let document = arena.parse(text.as_str());
            json_requests(Source { document: &document, text, is_file: false }, assume, each)
        }
        Carrier::Yaml => yaml::requests(text, assume, each),
        Carrier::Markdown => markdown::requests(text, each),
    }
}

impl Carrier {
    /// Whether it is JSON from end to end, and has a document of its own.
    #[must_use]
    pub const fn is_json(self) -> bool {
        matches!(self, Self::Json | Self::DataAction)
    }

    /// The carrier that a file's name stands for.
    #[must_use]
    pub fn of_name(name: &[u8]) -> Option<Self> {
        let ends = |ending: &&str| {
            name.len() >= ending.len()
                && name[name.len() - ending.len()..].eq_ignore_ascii_case(ending.as_bytes())
        };
        ALL.iter().find(|record| record.endings.iter().any(ends)).map(|record| record.carrier)
    }

    /// The carrier of a name.
    #[must_use]
    pub fn by_id(name: &str) -> Option<Self> {
        ALL.iter().find(|record| record.name == name).map(|record| record.carrier)
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        ALL.iter().find(|record| record.carrier == self).map_or("", |record| record.name)
    }
}

/// Why a text, or a part of one, was not checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Skip {
    /// Its name is not one that requests are kept under.
    FileName,
    /// It is neither a body nor an envelope.
    NotRecognised,
    /// There is no request in it.
    NoRequest,
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
    /// A document in it that seems to hold a request is no YAML.
    BrokenYaml,
}

impl fmt::Display for Skip {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::FileName => "not a kind of file that requests are read from",
            Self::NotRecognised => "neither a participant body nor a request envelope",
            Self::NoRequest => "no request to the API in it",
            Self::OtherApi => "a request to another part of the API",
            Self::Foreign => "a request to somewhere other than the API",
            Self::Binary => "not a text",
            Self::NoFile => "a link or another thing that is no plain file",
            Self::TooLong => "4 GiB or longer",
            Self::BrokenYaml => "not all of it is YAML that can be read",
        })
    }
}

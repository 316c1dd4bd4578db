//! Where requests are written down: one file for each kind of place.
//!
//! A carrier looks at a text and yields the requests in it. What it does not recognise it names a
//! [`Skip`] for, and never passes off as checked.

mod curl;
mod data_action;
mod forced;
mod har;
mod http;
mod json;
mod markdown;
mod mention;
mod postman;
mod powershell;
mod references;
mod scopes;
mod terraform;
mod yaml;

pub use data_action::{Action, Template};
pub use forced::requests as requests_in;
pub use har::concerns_api;
pub use json::{Assume, Source, requests as json_requests};
pub use mention::names_platform;

use std::fmt;

use crate::json::Arena;
use crate::request::{Header, Request};
use crate::text::Passage;

/// A kind of place that requests are kept in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Carrier {
    /// JSON that is a body or an envelope, or tells by its members what else it is.
    Json,
    /// A data action of the platform's, exported as JSON.
    DataAction,
    /// Requests for an editor to send, of VS Code's REST Client or of `JetBrains`.
    Http,
    /// Shell scripts that call `curl`.
    Curl,
    /// Terraform's configuration.
    Terraform,
    /// YAML.
    Yaml,
    /// The code blocks of Markdown.
    Markdown,
    /// A collection of Postman's.
    Postman,
    /// An HTTP archive.
    Har,
    /// `PowerShell` scripts that call `Invoke-RestMethod` or `Invoke-WebRequest`.
    PowerShell,
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
        carrier: Carrier::Http,
        name: "http",
        endings: &[".http", ".rest"],
        summary: "requests for an editor to send, in the dialects of VS Code's REST Client and of JetBrains, with the variables that the file declares",
    },
    Record {
        carrier: Carrier::Curl,
        name: "curl",
        endings: &[".sh", ".bash"],
        summary: "each call of `curl` in a shell script, and in the scripts inside it (`ssh host \"…\"`, `sh -c '…'`): through quotes, here-documents and the variables that the script, or the function, surely gives a value before",
    },
    Record {
        carrier: Carrier::Terraform,
        name: "terraform",
        endings: &[".tf"],
        summary: "`genesyscloud_integration_action` and its drafts: strings, here-documents, `jsonencode`, \
                  with Terraform's directives (`%{ if … }`) and Velocity's; `file` and `templatefile` of what lies beside; `.tf.json` too",
    },
    Record {
        carrier: Carrier::Yaml,
        name: "yaml",
        endings: &[".yaml", ".yml"],
        summary: "the same as in JSON, in one document or several, and under keys; bodies written as JSON in a \
                  scalar; Ansible's `uri`; calls of `curl` in the scripts of pipelines",
    },
    Record {
        carrier: Carrier::Markdown,
        name: "markdown",
        endings: &[".md", ".mdx", ".markdown"],
        summary: "code blocks, each read as what its info string names; one that is indented, or whose info string is \
                  missing or `text`, only where it begins as a call of `curl` or a request line, or is a \
                  data action, an envelope, a collection or an archive; a body alone, only in a block of JSON or YAML \
                  whose document names Genesys, PureCloud or a participant's path under `/api/v2/conversations`; not \
                  those after `<!-- paylint-ignore -->`",
    },
    Record {
        carrier: Carrier::Postman,
        name: "postman",
        endings: &[".postman_collection.json"],
        summary: "a collection of Postman's: its requests and saved examples, with the variables it declares",
    },
    Record {
        carrier: Carrier::Har,
        name: "har",
        endings: &[".har"],
        summary: "a recording of HTTP traffic: what was sent to the API's conversations",
    },
    Record {
        carrier: Carrier::PowerShell,
        name: "powershell",
        endings: &[".ps1", ".psm1"],
        summary: "each `Invoke-RestMethod` and `Invoke-WebRequest`: through quotes, here-strings, splatting, hashtables that become JSON, and the variables that the script, or the function, surely gives a value before",
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
        Carrier::Json | Carrier::DataAction | Carrier::Postman | Carrier::Har => {
            let mut arena = Arena::new();
            let document = arena.parse(text.as_str());
            requests_in(carrier, Source { document: &document, text, is_file: false }, assume, each)
        }
        Carrier::Http => http::requests(text, each).map(|()| carrier),
        Carrier::Curl => curl::requests(text, each).map(|()| carrier),
        Carrier::PowerShell => powershell::requests(text, each).map(|()| carrier),
        Carrier::Terraform => terraform::requests(text, assume, each),
        Carrier::Yaml => yaml::requests(text, assume, each),
        Carrier::Markdown => markdown::requests(text, each),
    }
}

impl Record {
    fn has_name(&self, name: &[u8]) -> bool {
        self.endings.iter().any(|ending| {
            let start = name.len().checked_sub(ending.len());
            start.is_some_and(|start| name[start..].eq_ignore_ascii_case(ending.as_bytes()))
        })
    }
}

/// Whether a text may hold a request that is looked for: a quick look, which spares most texts the
/// reading.
fn names_conversations(text: &str) -> bool {
    let holds = |word: &str| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    holds("onversation") || holds("articipant")
}

/// Whether the headers of a request leave it open that its body is JSON.
fn may_be_json(headers: &[Header<'_>]) -> bool {
    const OTHERS: [&str; 5] = ["form-urlencoded", "multipart/", "xml", "graphql", "octet-stream"];
    let kind = headers.iter().find(|header| header.name.as_str().eq_ignore_ascii_case("content-type"));
    let said = kind.map(|kind| kind.value.as_str().to_ascii_lowercase()).unwrap_or_default();
    !OTHERS.iter().any(|other| said.contains(other))
}

impl Carrier {
    /// Whether it is JSON from end to end, and has a document of its own.
    #[must_use]
    pub const fn is_json(self) -> bool {
        matches!(self, Self::Json | Self::DataAction | Self::Postman | Self::Har)
    }

    /// The carrier that a file's name stands for.
    #[must_use]
    pub fn of_name(name: &[u8]) -> Option<Self> {
        ALL.iter().find(|record| record.has_name(name)).map(|record| record.carrier)
    }

    /// Whether a file of that name is one of its own.
    #[must_use]
    pub fn has_name(self, name: &[u8]) -> bool {
        ALL.iter().any(|record| record.carrier == self && record.has_name(name))
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
    /// There is none, as far as it can be read: a quote is left open.
    OpenQuote,
    /// Its requests go to another part of the API.
    OtherApi,
    /// Its requests go somewhere else.
    Foreign,
    /// Where its requests go is not known, and nothing says that it is the API.
    UnknownAddress,
    /// It is Terraform's, and no data action in it can be read.
    NotHcl,
    /// It is in UTF-16.
    Utf16,
    /// It holds bytes that no text has.
    Binary,
    /// It is a link, a pipe or another thing that is no file.
    NoFile,
    /// It is 4 GiB or longer.
    TooLong,
    /// The configuration leaves it out.
    Excluded,
    /// A request sends it, and it lies outside of what is checked.
    Outside,
    /// A request sends it, and it does not exist.
    Missing,
    /// A document in it that seems to hold a request is no YAML.
    BrokenYaml,
    /// It is to be read as an HTTP archive, and is none.
    NoArchive,
    /// It is to be read as a collection, and is none.
    NoCollection,
    /// It is to be read as a data action, and is none.
    NoDataAction,
}

impl fmt::Display for Skip {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::FileName => "not a kind of file that requests are read from",
            Self::NotRecognised => "neither a participant body nor a request envelope",
            Self::NoRequest => "no request to the API in it",
            Self::OpenQuote => "a quote in it is never closed",
            Self::OtherApi => "a request to another part of the API",
            Self::Foreign => "a request to somewhere other than the API",
            Self::UnknownAddress => "a request to an address that is not known to be the API's",
            Self::NotHcl => "not HCL that can be read",
            Self::Utf16 => "in UTF-16, which is read of JSON alone",
            Self::Binary => "not a text",
            Self::NoFile => "a link or another thing that is no plain file",
            Self::TooLong => "4 GiB or longer",
            Self::Excluded => "left out by `exclude` in the configuration",
            Self::Outside => "sent by a request, but outside of the folder that is checked",
            Self::Missing => "sent by a request, but not there",
            Self::BrokenYaml => "not all of it is YAML that can be read",
            Self::NoArchive => "no HTTP archive, which has a `log` with `entries`",
            Self::NoCollection => "no collection of Postman's, which has `info` and `item`",
            Self::NoDataAction => "no data action, which has `config.request.requestUrlTemplate`",
        })
    }
}

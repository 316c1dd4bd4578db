//! Lints the requests that update a Genesys Cloud conversation participant.
//!
//! The command `paylint` reads files. A program that sends such requests checks them itself, before it does:
//! [`check_request`] and [`check_body`] take texts and return what is wrong with them; a [`Checker`]
//! does so many times over, and as it is told.
//!
//! ```
//! let url = "/api/v2/conversations/calls/0d3a9c1e-5b7f-4e2a-9c8d-1f6b2a7e4c90\
//!            /participants/7f1e2d3c-4b5a-4697-8877-665544332211/attributes";
//! let report = paylint::check_request("PATCH", url, r#"{"attributes": {"orderId": 7}}"#);
//!
//! let problem = &report.problems[0];
//! assert_eq!(problem.rule, "non-string-value");
//! assert_eq!(problem.pointer.as_deref(), Some("/attributes/orderId"));
//! assert!(report.has_errors());
//! ```
//!
//! What stands at the root of this crate, and is listed below, is its API, and keeps to semantic
//! versioning. The modules are not part of it: they are open for the tests and the benchmarks, are
//! not listed, and change with any version.
//!
//! # How it is built
//!
//! A datum's path, and the modules in the order in which it passes them; a module uses only those
//! above it.
//!
//! A file's bytes become a [`json::Document`]: a flat tree with byte spans, and the list of what is
//! wrong with it as JSON. A [`carrier`] finds the [`request::Request`]s in it, and if one is written
//! as a [`template`], the texts that this may make. Each is resolved to
//! an operation of the [`api`], and with it to the model of its body. [`rules`] look at that, the
//! [`schema`] among them, and make findings ([`diagnostic`]): data, with spans. [`lint`] is all of
//! this in one pure function; [`mod@fix`] applies what findings say of how to mend them, and lints again. A [`config`] says how it judges, and the API's [`answer`] may be given to
//! it, to look for what that speaks of. A [`report`] turns findings into text, with the lines and columns of
//! the one file they are in; a [`baseline`] lists those that are known already. A program's texts go the
//! same way, without a file. [`files`] walks, reads, writes and keeps the order; [`cli`] is the command.
//!
//! # What never happens here
//!
//! Linting does not fail and does not panic, whatever the bytes. No line or column exists outside
//! [`text`] and [`report`]. Nothing but [`files`] touches the file system; nothing touches the
//! network. Rules keep no state and print nothing. Nothing is written unless fixing was asked for.

#[doc(hidden)]
pub mod text;

#[doc(hidden)]
pub mod json;

#[doc(hidden)]
pub mod template;

#[doc(hidden)]
pub mod diagnostic;

#[doc(hidden)]
pub mod request;

#[doc(hidden)]
pub mod api;

#[doc(hidden)]
pub mod carrier;

#[doc(hidden)]
pub mod schema;

#[doc(hidden)]
pub mod rules;

#[doc(hidden)]
pub mod answer;

#[doc(hidden)]
pub mod lint;

#[doc(hidden)]
pub mod fix;

#[doc(hidden)]
pub mod config;

#[doc(hidden)]
pub mod report;

#[doc(hidden)]
pub mod baseline;

mod program;

#[doc(hidden)]
pub mod files;

#[doc(hidden)]
pub mod cli;

pub use program::{
    Checker, Edit, Fix, Part, Problem, Report, Severity, Unchecked, UnknownName, check_body, check_request,
};

/// Runs what README.md shows.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;

//! Lints the requests that update a Genesys Cloud conversation participant.
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
//! the one file they are in; a [`baseline`] lists those that are known already. [`files`] walks, reads, writes and keeps the order; [`cli`] is the command.
//!
//! # What never happens here
//!
//! Linting does not fail and does not panic, whatever the bytes. No line or column exists outside
//! [`text`] and [`report`]. Nothing but [`files`] touches the file system; nothing touches the
//! network. Rules keep no state and print nothing. Nothing is written unless fixing was asked for.

pub mod text;

pub mod json;

pub mod template;

pub mod diagnostic;

pub mod request;

pub mod api;

pub mod carrier;

pub mod schema;

pub mod rules;

pub mod answer;

pub mod lint;

pub mod fix;

pub mod config;

pub mod report;

pub mod baseline;

pub mod files;

pub mod cli;

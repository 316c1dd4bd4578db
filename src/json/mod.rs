//! JSON with byte spans that survives faults.
//!
//! [`Arena::parse`] reads a text into a flat tree and a list of [`Fault`]s. Strict RFC 8259 decides
//! what is a fault; what follows one is still read. Nothing here allocates once an arena has grown
//! to the size of the texts it is given, and nothing recurses.

mod document;
mod fault;
mod instance;
mod keys;
mod parse;
mod placeholder;
mod pointer;
mod scan;
mod string;

pub use document::{Arena, Document, Flags, Kind, Members, Node, Value};
pub use fault::{Fault, FaultKind};
pub use instance::SpannedJson;
pub use keys::{Clash, KeySurvey, KeyTable, clashes, clashes_in};
pub use placeholder::holds_placeholder;
pub use pointer::Pointers;
pub use string::passage;

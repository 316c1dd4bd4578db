//! Files: which, in what order, read how; the only module that touches the file system.
//!
//! [`check`] walks, and hands out batches of files of one folder. Threads lint them, render what
//! they find while the text is at hand, and [`order`] writes the results in the order of the walk.
//! Nothing is kept of a file in which nothing is found.
//!
//! Nothing is written unless a [`Job`] says that texts are to be fixed, or a baseline is asked for; then by
//! [`write`] alone.

mod config;
mod har;
mod ignored;
mod known;
mod lines;
mod links;
mod mend;
mod mend_lines;
mod order;
mod read;
mod run;
mod tally;
mod walk;
mod write;

pub use config::{Configs, Here, Search, Told};
pub use har::{Event, Splitter};
pub use known::Known;
pub use mend::{Fixing, How};
pub use order::Totals;
pub use read::read_whole;
pub use run::{Job, check, display};
pub use walk::Selection;

/// What the system says of a failure, without its number.
#[must_use]
pub fn message(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut characters = text.chars();
    characters.next().map_or(String::new(), |first| first.to_lowercase().chain(characters).collect())
}

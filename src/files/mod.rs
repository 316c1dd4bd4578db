//! Files: which, in what order, read how; the only module that touches the file system.
//!
//! [`check`] walks, and hands out batches of files of one folder. Threads lint them, render what
//! they find while the text is at hand, and [`order`] writes the results in the order of the walk.
//! Nothing is kept of a file in which nothing is found.

mod har;
mod ignored;
mod lines;
mod order;
mod read;
mod run;
mod walk;

pub use har::{Event, Splitter};
pub use order::Totals;
pub use run::{Job, check, display};
pub use walk::Selection;

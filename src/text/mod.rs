//! Places in a text: byte spans, and the lines and columns that people read.

mod encoding;
mod lines;
mod passage;
mod span;
pub mod vector;

pub use encoding::Utf16;
pub use lines::{Before, LineIndex, Position};
pub use passage::{Layer, Passage, Rewriter};
pub use span::Span;

//! Places in a text: byte spans, and the lines and columns that people read.

mod lines;
mod span;

pub use lines::{Before, LineIndex, Position};
pub use span::Span;

//! Places in a text: byte spans, and the lines and columns that people read.

mod encoding;
mod layer;
mod lines;
mod passage;
mod span;
pub mod vector;

pub use encoding::Utf16;
pub use layer::Layer;
pub use lines::{Before, LineIndex, Position};
pub use passage::{Passage, Rewriter};
pub use span::Span;

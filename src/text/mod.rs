//! Places in a text: byte spans, and the lines and columns that people read.

mod encoding;
mod escapes;
mod layer;
mod lines;
mod passage;
mod rewriter;
mod runs;
mod span;
pub mod vector;

pub use encoding::Utf16;
pub use escapes::decode;
pub use layer::Layer;
pub use lines::{Before, LineIndex, Position};
pub use passage::Passage;
pub use rewriter::Rewriter;
pub use span::Span;

//! JSON Pointers (RFC 6901) of places in a document.

use crate::json::document::{Document, Kind, Value};

/// Finds the pointers of a rising sequence of offsets in one walk over the document.
pub struct Pointers<'a> {
    document: &'a Document<'a>,
    /// Index of the next node to step onto.
    next: u32,
    /// The containers around the last node, outermost first.
    around: Vec<Frame>,
}

#[derive(Clone, Copy)]
struct Frame {
    container: u32,
    /// The key last met, in an object.
    key: Option<u32>,
    /// Items met, in an array.
    items: u32,
}

impl<'a> Pointers<'a> {
    /// Starts before the first node.
    #[must_use]
    pub const fn new(document: &'a Document<'a>) -> Self {
        Self { document, next: 0, around: Vec::new() }
    }

    /// The pointer of the innermost value that stands at an offset, or whose key does. Offsets are
    /// to be asked for in rising order; an earlier one starts the walk anew.
    pub fn at(&mut self, offset: u32) -> String {
        let nodes = self.document.nodes();
        if self.next > 0 && nodes.get(self.next as usize - 1).is_some_and(|node| node.start > offset) {
            *self = Self::new(self.document);
        }
        while let Some(node) = nodes.get(self.next as usize).filter(|node| node.start <= offset) {
            self.step(self.next, node.kind);
            self.next += 1;
        }
        let mut pointer = String::new();
        for frame in &self.around {
            let container = &nodes[frame.container as usize];
            if offset >= container.end {
                break;
            }
            if let Some(key) = frame.key {
                let value_end = nodes.get(key as usize + 1).map_or(u32::MAX, |value| value.end);
                if offset >= value_end.max(nodes[key as usize].end + 1) {
                    break;
                }
                push_token(&mut pointer, &Value::at(self.document, key).as_str().unwrap_or_default());
            } else if frame.items > 0 {
                push_token(&mut pointer, &(frame.items - 1).to_string());
            }
        }
        pointer
    }

    fn step(&mut self, index: u32, kind: Kind) {
        let nodes = self.document.nodes();
        while self.around.last().is_some_and(|frame| nodes[frame.container as usize].next <= index) {
            self.around.pop();
        }
        if let Some(parent) = self.around.last_mut() {
            if nodes[parent.container as usize].kind == Kind::Array {
                parent.items += 1;
            } else if kind == Kind::Key {
                parent.key = Some(index);
            }
        }
        if matches!(kind, Kind::Object | Kind::Array) {
            self.around.push(Frame { container: index, key: None, items: 0 });
        }
    }
}

fn push_token(pointer: &mut String, token: &str) {
    pointer.push('/');
    for character in token.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}

/// The index that a token names: digits, without a superfluous zero.
fn item_index(token: &str) -> Option<usize> {
    let canonical = token == "0" || token.starts_with(|first: char| matches!(first, '1'..='9'));
    token.parse().ok().filter(|_| canonical)
}

impl<'a> Value<'a> {
    /// The node that a JSON Pointer leads to from here: the first of its name, where a key is
    /// doubled.
    #[must_use]
    pub fn pointer(self, pointer: &str) -> Option<Value<'a>> {
        if !pointer.is_empty() && !pointer.starts_with('/') {
            return None;
        }
        let mut value = self;
        for token in pointer.split('/').skip(1) {
            let token = token.replace("~1", "/").replace("~0", "~");
            value = match value.kind() {
                Kind::Object => value.get(&token)?,
                Kind::Array => value.items().nth(item_index(&token)?)?,
                _ => return None,
            };
        }
        Some(value)
    }
}

//! From the characters that the YAML parser counts to bytes.

/// How many characters lie between two places that are remembered.
const STEP: usize = 128;

/// Finds the bytes of characters of one text.
pub(super) struct Offsets<'t> {
    text: &'t str,
    is_ascii: bool,
    /// The offset of each `STEP`th character, as far as was asked for.
    known: Vec<usize>,
}

impl<'t> Offsets<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, is_ascii: text.is_ascii(), known: vec![0] }
    }

    /// The offset of the byte that a character begins with; the text's end for one beyond it.
    pub(super) fn byte_of(&mut self, character: usize) -> usize {
        if self.is_ascii {
            return character.min(self.text.len());
        }
        while self.known.len() <= character / STEP {
            let last = self.known.last().copied().unwrap_or_default();
            self.known.push(self.after(last, STEP));
        }
        self.after(self.known[character / STEP], character % STEP)
    }

    /// The offset so many characters on.
    fn after(&self, from: usize, characters: usize) -> usize {
        self.text[from..].char_indices().nth(characters).map_or(self.text.len(), |(at, _)| from + at)
    }
}

//! Here-documents.

use super::{Lexer, Pending, Piece, PieceKind, Quoted};
use crate::text::Span;

impl Lexer<'_> {
    /// Reads the here-documents that were announced on the line before.
    pub(super) fn read_documents(&mut self) {
        for pending in std::mem::take(&mut self.pending) {
            let parts = self.document(&pending);
            let pieces = self.pieces_of(&parts, pending.quoted);
            if let Some(document) = self.script.documents.get_mut(pending.document) {
                *document = pieces;
            }
        }
    }

    /// Passes a document, and says which parts of it are its text: all of it, or each line for itself
    /// where tabs are left out.
    fn document(&mut self, pending: &Pending) -> Vec<(usize, usize)> {
        let mut parts = Vec::new();
        let mut from = self.at;
        while self.at < self.end {
            let start = self.at;
            self.skip_line();
            let line = self.text[start..self.at].trim_end_matches('\r');
            let said = if pending.strips_tabs { line.trim_start_matches('\t') } else { line };
            self.at = (self.at + 1).min(self.end);
            if said == pending.delimiter {
                parts.push((from, start));
                return parts;
            }
            if pending.strips_tabs {
                parts.push((start + (line.len() - said.len()), self.at));
                from = self.at;
            }
        }
        parts.push((from, self.end));
        parts
    }

    fn pieces_of(&mut self, parts: &[(usize, usize)], quoted: bool) -> Vec<Piece> {
        let (after, end) = (self.at, self.end);
        let mut pieces = Vec::new();
        for &(start, stop) in parts.iter().filter(|(start, stop)| start < stop) {
            if quoted {
                let range = Span::from_usize(start, stop);
                pieces.push(Piece { range, kind: PieceKind::Literal, quoting: Quoted::Verbatim });
                continue;
            }
            (self.at, self.end) = (start, stop);
            self.expanded(&mut pieces, Quoted::Document, None);
            // What is not closed in a document does not reach beyond it.
            self.unclosed = None;
        }
        (self.at, self.end) = (after, end);
        pieces
    }
}

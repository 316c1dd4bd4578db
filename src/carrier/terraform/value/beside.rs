//! Files that an expression reads and that lie beside the one it stands in.

use hcl_edit::expr::Expression;

use super::{DEEPEST, Reader, Written};
use crate::carrier::terraform::template::{Piece, pieces, without_strips};
use crate::text::{Passage, Span};

impl Reader<'_> {
    /// The name of the file beside this one that an expression reads: `file("${path.module}/…")`.
    pub(in crate::carrier::terraform) fn file(&mut self, range: Span) -> Option<Passage<'static>> {
        let mut range = range;
        for _ in 0..DEEPEST {
            let expression = self.parse(range)?;
            let written = Written { expression: &expression, base: range.start as usize };
            let (name, argument) = match &expression {
                Expression::Traversal(path) => {
                    range = self.local(path)?;
                    continue;
                }
                Expression::FuncCall(call) => (call.name.name.value().as_str(), call.args.get(0)?),
                _ => return None,
            };
            let argument = written.of(argument).span();
            match name {
                "trimspace" | "chomp" => range = argument,
                "file" | "templatefile" => return self.beside(argument),
                _ => return None,
            }
        }
        None
    }

    /// The name in `"${path.module}/name"`.
    fn beside(&mut self, range: Span) -> Option<Passage<'static>> {
        if !self.lexer.is_string(range) {
            return None;
        }
        let (content, quotes) = self.inside(range);
        let pieces = pieces(&mut self.lexer, self.text, content, quotes)?;
        let [Piece::Interpolation { inner, .. }, Piece::Text(name)] = pieces[..] else { return None };
        let is_beside = without_strips(self.text, inner).slice(self.text) == "path.module";
        let name = Span::new(name.start + 1, name.end);
        if !is_beside || name.is_empty() || !self.text[name.start as usize - 1..].starts_with('/') {
            return None;
        }
        let mut out = self.outer.rewrite();
        out.copy(name);
        Some(out.finish(None))
    }
}

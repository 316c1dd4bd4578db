//! Terraform's expressions, as far as what they come to is written in the same file.

mod beside;

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use hcl_edit::Span as _;
use hcl_edit::expr::{Array, Expression, FuncCall, Object, ObjectKey, Traversal, TraversalOperator};
use hcl_edit::parser::parse_expr;

use super::blocks::Lexer;
use super::template::{self, Piece, Quotes, pieces, without_strips};
use crate::request::Quoting;
use crate::template::{Piece as Directive, PieceKind};
use crate::text::{Layer, Passage, Rewriter, Span};

/// What stands for something that is not known.
const UNKNOWN: &str = "${…}";

/// The same, where a string is meant.
const UNKNOWN_STRING: &str = "\"${…}\"";

/// How far local values are followed.
const DEEPEST: u8 = 4;

/// How deep an expression may nest that is given to the parser, which recurses; and one with loops or
/// directives, for which it takes more of the stack.
const NESTING: (usize, usize) = (48, 16);

/// How many members may have the name of another, or of one that they were given instead.
const TWINS: u8 = 8;

/// Objects of more members than this are not read: that takes a time that grows with its square.
const WIDEST: usize = 4096;

/// Reads expressions that are written in one text.
pub(super) struct Reader<'r> {
    outer: &'r Passage<'r>,
    text: &'r str,
    pub lexer: Lexer<'r>,
    /// The expressions of local values.
    pub locals: HashMap<&'r str, Span>,
    /// References that are not expanded, or wrongly, in what was read since this was last emptied.
    pub unexpanded: Vec<(Span, Quoting)>,
    /// The directives in the text that is being read, which are left in it as they are written.
    directives: Vec<Directive>,
    /// How many bytes of expressions may yet be read, so that local values that name each other do not
    /// make something endless.
    left: usize,
}

/// An expression, and where the text begins that it was parsed from.
#[derive(Clone, Copy)]
struct Written<'e> {
    expression: &'e Expression,
    base: usize,
}

impl Written<'_> {
    fn of(self, expression: &Expression) -> Written<'_> {
        Written { expression, base: self.base }
    }

    fn span(self) -> Span {
        at(self.expression.span(), self.base)
    }
}

fn at(range: Option<Range<usize>>, base: usize) -> Span {
    let range = range.unwrap_or_default();
    Span::from_usize(range.start + base, range.end + base)
}

impl<'r> Reader<'r> {
    pub(super) fn new(outer: &'r Passage<'r>) -> Self {
        let text = outer.as_str();
        Self {
            outer,
            text,
            lexer: Lexer::new(text),
            locals: HashMap::new(),
            unexpanded: Vec::new(),
            directives: Vec::new(),
            left: text.len().saturating_mul(8).saturating_add(1 << 16),
        }
    }

    fn parse(&mut self, range: Span) -> Option<Expression> {
        self.fits(range)?;
        let mut text = Cow::Borrowed(range.slice(self.text));
        for twin in 0..=TWINS {
            match parse_expr(&text) {
                Ok(expression) => return Some(expression),
                // Terraform takes the last of two members of one name; the parser refuses them.
                Err(error) if error.message().contains("redefined") => {
                    let renamed = renamed(&text, error.location().offset(), twin)?;
                    text = Cow::Owned(renamed);
                }
                Err(_) => return None,
            }
        }
        None
    }

    /// Whether a range is neither too long nor too deep to be parsed.
    fn fits(&mut self, range: Span) -> Option<()> {
        let written = range.slice(self.text);
        self.left = self.left.checked_sub(written.len())?;
        let members = memchr::memchr2_iter(b'=', b':', written.as_bytes()).count();
        let finds = |word: &str| memchr::memmem::find_iter(written.as_bytes(), word).count();
        let directives = template::depth(written);
        let deepest = if directives > 0 || finds("for") > 0 { NESTING.1 } else { NESTING.0 };
        let is_too_much = written.is_empty()
            || members > WIDEST
            || directives > NESTING.1
            || self.lexer.depth(range) > deepest;
        (!is_too_much).then_some(())
    }

    /// Whether what stands in a range is an expression at all.
    pub(super) fn is_expression(&mut self, range: Span) -> bool {
        self.parse(range).is_some()
    }

    /// Whether what stands in a range is no expression; not so, if it is too much to be looked at.
    pub(super) fn is_broken(&mut self, range: Span) -> bool {
        self.fits(range).is_some() && self.parse(range).is_none()
    }

    /// Whether an expression is the word `null`.
    pub(super) fn is_null(&self, range: Span) -> bool {
        range.slice(self.text) == "null"
    }

    /// What stands for a range of which nothing is known.
    pub(super) fn unknown(&self, range: Span) -> Passage<'static> {
        let mut out = self.outer.rewrite();
        out.put(UNKNOWN, range);
        out.finish(None)
    }

    /// The text that an expression comes to, if something is known of it and no directives are in it.
    pub(super) fn text(&mut self, range: Span) -> Option<Passage<'static>> {
        self.text_with_directives(range).filter(|(_, directives)| directives.is_empty()).map(|(text, _)| text)
    }

    /// The same with the directives, which stand in it as they are written.
    pub(super) fn text_with_directives(&mut self, range: Span) -> Option<(Passage<'static>, Vec<Directive>)> {
        self.directives.clear();
        let text = match self.text_in(range, 0) {
            Some(text) => text,
            None => self.unclosed(range)?,
        };
        Some((text, std::mem::take(&mut self.directives)))
    }

    /// A string that is none to the parser because a directive in it has no end.
    fn unclosed(&mut self, range: Span) -> Option<Passage<'static>> {
        self.directives.clear();
        if !self.lexer.is_string(range) {
            return None;
        }
        let (content, quotes) = self.inside(range);
        let text = self.template_in(content, quotes, DEEPEST)?;
        let depth = self.directives.iter().try_fold(0usize, |depth, directive| match directive.kind {
            PieceKind::If(_) | PieceKind::Foreach => Some(depth + 1),
            PieceKind::End => depth.checked_sub(1),
            _ => Some(depth),
        });
        depth.filter(|depth| *depth > 0).map(|_| text)
    }

    fn text_in(&mut self, range: Span, deep: u8) -> Option<Passage<'static>> {
        if deep > DEEPEST {
            return None;
        }
        let expression = self.parse(range)?;
        self.text_of(Written { expression: &expression, base: range.start as usize }, deep)
    }

    fn text_of(&mut self, written: Written<'_>, deep: u8) -> Option<Passage<'static>> {
        match written.expression {
            Expression::String(_) | Expression::StringTemplate(_) | Expression::HeredocTemplate(_) => {
                let (content, quotes) = self.inside(written.span());
                self.template_in(content, quotes, deep)
            }
            Expression::Parenthesis(inner) => self.text_of(written.of(inner.inner()), deep),
            Expression::FuncCall(call) => {
                let (name, argument) = only_argument(call)?;
                let argument = written.of(argument);
                match name {
                    "jsonencode" => Some(self.encoded(argument, deep)),
                    "trimspace" => {
                        let before = self.directives.len();
                        let text = self.text_of(argument, deep)?;
                        let blanks = text.as_str().len() - text.as_str().trim_start().len();
                        for directive in &mut self.directives[before..] {
                            *directive = moved(*directive, |at| at - blanks);
                        }
                        Some(text.trimmed())
                    }
                    "chomp" => {
                        let text = self.text_of(argument, deep)?;
                        let len = text.as_str().trim_end_matches(['\n', '\r']).len();
                        Some(text.piece(Span::from_usize(0, len)))
                    }
                    _ => None,
                }
            }
            Expression::Traversal(path) => {
                let local = self.local(path)?;
                self.text_in(local, deep + 1)
            }
            _ => None,
        }
    }

    /// The text that a template comes to, and its directives.
    pub(super) fn template(
        &mut self,
        content: Span,
        quotes: Quotes,
    ) -> Option<(Passage<'static>, Vec<Directive>)> {
        self.directives.clear();
        let text = self.template_in(content, quotes, 0)?;
        Some((text, std::mem::take(&mut self.directives)))
    }

    fn template_in(&mut self, content: Span, quotes: Quotes, deep: u8) -> Option<Passage<'static>> {
        let pieces = pieces(&mut self.lexer, self.text, content, quotes)?;
        // A template that is one interpolation is what stands in that.
        if let [Piece::Interpolation { inner, .. }] = pieces[..]
            && !self.is_meant_for_velocity(inner)
            && let Some(text) = self.text_in(without_strips(self.text, inner), deep + 1)
        {
            return Some(text);
        }
        let outer = self.outer;
        let layer = match quotes {
            Quotes::Double => Layer::TerraformString,
            Quotes::HereDocument { .. } => Layer::TerraformHereDocument,
            Quotes::Json => Layer::TerraformTemplate,
        };
        if content.is_empty() {
            // What is made of nothing has no place.
            let here = outer.piece(content).within(layer);
            let mut out = here.rewrite();
            out.copy(Span::empty(0));
            return Some(out.finish(None));
        }
        let mut out = outer.rewrite();
        self.write(&mut out, &pieces, Target::Text, deep);
        Some(out.finish(Some(layer)))
    }

    /// The JSON that an expression is encoded as.
    fn encoded(&mut self, written: Written<'_>, deep: u8) -> Passage<'static> {
        if let Expression::Parenthesis(inner) = written.expression {
            return self.encoded(written.of(inner.inner()), deep);
        }
        if let Expression::Traversal(path) = written.expression
            && deep < DEEPEST
            && let Some(local) = self.local(path)
            && let Some(expression) = self.parse(local)
        {
            // All of it stands there, so that its places follow each other.
            return self.encoded(Written { expression: &expression, base: local.start as usize }, deep + 1);
        }
        let outer = self.outer;
        let mut out = outer.rewrite();
        self.json(&mut out, written, deep);
        out.finish(Some(Layer::TerraformValue))
    }

    fn json(&mut self, out: &mut Rewriter<'r>, written: Written<'_>, deep: u8) {
        let span = written.span();
        match written.expression {
            Expression::Null(_) | Expression::Bool(_) => out.copy(span),
            Expression::Number(number) => {
                if serde_json::from_str::<serde_json::Number>(span.slice(self.text)).is_ok() {
                    out.copy(span);
                } else {
                    out.put(&number.to_string(), span);
                }
            }
            Expression::String(_) | Expression::StringTemplate(_) | Expression::HeredocTemplate(_) => {
                self.string(out, written, deep);
            }
            Expression::Parenthesis(inner) => self.json(out, written.of(inner.inner()), deep),
            Expression::Object(object) => self.object(out, written, object, deep),
            Expression::Array(array) => self.array(out, written, array, deep),
            Expression::Traversal(path) => match self.local(path).and_then(|local| self.flat(local, deep)) {
                // With a blank before it, no change begins where it does: what is written there is a name.
                Some(value) => out.put(&format!(" {value}"), span),
                None => out.put(UNKNOWN, span),
            },
            _ => out.put(UNKNOWN, span),
        }
    }

    /// The JSON of a local value, without its places.
    fn flat(&mut self, local: Span, deep: u8) -> Option<String> {
        if deep >= DEEPEST {
            return None;
        }
        let expression = self.parse(local)?;
        let (outer, before) = (self.outer, self.directives.len());
        let mut out = outer.rewrite();
        self.json(&mut out, Written { expression: &expression, base: local.start as usize }, deep + 1);
        self.is_without_directives(before).then(|| out.as_str().to_owned())
    }

    fn object(&mut self, out: &mut Rewriter<'r>, written: Written<'_>, object: &Object, deep: u8) {
        let span = written.span();
        out.copy(Span::new(span.start, span.start + 1));
        let mut before = None;
        for (key, value) in object {
            let value = written.of(value.expr());
            let name = at(key.span(), written.base);
            self.separate(out, before, name.start);
            self.key(out, key, written.base, deep);
            out.put(":", Span::empty(name.end));
            self.json(out, value, deep);
            before = Some(value.span().end);
        }
        out.copy(Span::new(span.end - 1, span.end));
    }

    fn array(&mut self, out: &mut Rewriter<'r>, written: Written<'_>, array: &Array, deep: u8) {
        let span = written.span();
        out.copy(Span::new(span.start, span.start + 1));
        let mut before = None;
        for item in array {
            let item = written.of(item);
            self.separate(out, before, item.span().start);
            self.json(out, item, deep);
            before = Some(item.span().end);
        }
        out.copy(Span::new(span.end - 1, span.end));
    }

    /// The comma between two members: the one that is written there, if one is.
    fn separate(&mut self, out: &mut Rewriter<'r>, before: Option<u32>, next: u32) {
        let Some(end) = before else { return };
        match self.lexer.comma(Span::new(end, next)) {
            Some(comma) => out.copy(comma),
            None => out.put(",", Span::empty(end)),
        }
    }

    fn key(&mut self, out: &mut Rewriter<'r>, key: &ObjectKey, base: usize, deep: u8) {
        let name = at(key.span(), base);
        match key {
            ObjectKey::Expression(
                key
                @ (Expression::String(_) | Expression::StringTemplate(_) | Expression::HeredocTemplate(_)),
            ) => {
                self.quoted(out, Written { expression: key, base }, deep);
                return;
            }
            ObjectKey::Ident(_)
            | ObjectKey::Expression(Expression::Null(_) | Expression::Bool(_) | Expression::Number(_)) => {
                out.put("\"", Span::empty(name.start));
                out.copy(name);
                out.put("\"", Span::empty(name.end));
                return;
            }
            ObjectKey::Expression(_) => {}
        }
        let said = name.slice(self.text);
        let inner = said.strip_prefix('(').and_then(|said| said.strip_suffix(')'));
        match inner.and_then(|inner| self.scalar(inner, deep)) {
            Some(value) => out.put(&quote(&value), name),
            None => out.put(UNKNOWN_STRING, name),
        }
    }

    fn string(&mut self, out: &mut Rewriter<'r>, written: Written<'_>, deep: u8) {
        let (content, quotes) = self.inside(written.span());
        let said = content.slice(self.text);
        let may_be_other = quotes == Quotes::Double && said.starts_with("${") && said.ends_with('}');
        // A template that is one interpolation is what stands in that, of whatever type.
        if may_be_other
            && let Some([Piece::Interpolation { whole, inner }]) =
                pieces(&mut self.lexer, self.text, content, quotes).as_deref()
            && !self.is_meant_for_velocity(*inner)
        {
            let inner = without_strips(self.text, *inner);
            match self.parse(inner).filter(|_| deep < DEEPEST) {
                Some(expression) => {
                    let written = Written { expression: &expression, base: inner.start as usize };
                    self.json(out, written, deep + 1);
                }
                None => out.put(UNKNOWN, *whole),
            }
            return;
        }
        self.quoted(out, written, deep);
    }

    fn quoted(&mut self, out: &mut Rewriter<'r>, written: Written<'_>, deep: u8) {
        let (content, quotes) = self.inside(written.span());
        let Some(pieces) = pieces(&mut self.lexer, self.text, content, quotes) else {
            out.put(UNKNOWN_STRING, written.span());
            return;
        };
        if quotes == Quotes::Double {
            out.copy(Span::new(content.start - 1, content.start));
            self.write(out, &pieces, Target::Json, deep);
            out.copy(Span::new(content.end, content.end + 1));
        } else {
            out.put("\"", Span::empty(content.start));
            self.write(out, &pieces, Target::Json, deep);
            out.put("\"", Span::empty(content.end));
        }
    }

    /// What stands between the quotes of a string, or between the lines that begin and end it.
    fn inside(&self, span: Span) -> (Span, Quotes) {
        let said = span.slice(self.text);
        let start = span.start as usize;
        if !said.starts_with("<<") {
            return (Span::from_usize(start + 1, start + said.len().saturating_sub(1)), Quotes::Double);
        }
        let first = said.find('\n').map_or(said.len(), |at| at + 1);
        let last = said.rfind('\n').map_or(said.len(), |at| at + 1);
        let quotes = Quotes::HereDocument { flush: said.starts_with("<<-") };
        (Span::from_usize(start + first, start + last), quotes)
    }

    fn write(&mut self, out: &mut Rewriter<'r>, pieces: &[Piece], into: Target, deep: u8) {
        for piece in pieces {
            match piece {
                Piece::Directive { whole, kind } => {
                    let start = out.as_str().len();
                    out.copy(*whole);
                    let directive = Directive { span: *whole, kind: *kind };
                    self.directives.push(moved(directive, |at| start + at - whole.start as usize));
                }
                Piece::Text(span) => into.copy(out, *span, self.text),
                Piece::Escape(span, character) => into.put(out, character.encode_utf8(&mut [0; 4]), *span),
                Piece::Marker(span) => out.put(Span::new(span.start + 1, span.end).slice(self.text), *span),
                Piece::Unfilled(span) => {
                    self.not_expanded(*span, Quoting::TerraformEscaped);
                    out.put(UNKNOWN, *span);
                }
                Piece::Interpolation { whole, inner } => {
                    if self.is_meant_for_velocity(*inner) {
                        self.not_expanded(*whole, Quoting::TerraformExpanded);
                        out.put(UNKNOWN, *whole);
                        continue;
                    }
                    let inner = without_strips(self.text, *inner).slice(self.text);
                    match self.scalar(inner, deep) {
                        Some(value) => out.put_value(&into.encode(&value), *whole),
                        None => out.put(UNKNOWN, *whole),
                    }
                }
            }
        }
    }

    fn not_expanded(&mut self, span: Span, quoting: Quoting) {
        self.unexpanded.push((span, quoting));
    }

    /// The text of the string or number that a local value is.
    fn scalar(&mut self, path: &str, deep: u8) -> Option<String> {
        let local = *self.locals.get(path.trim().strip_prefix("local.")?)?;
        if deep >= DEEPEST {
            return None;
        }
        let expression = self.parse(local)?;
        let written = Written { expression: &expression, base: local.start as usize };
        match expression {
            Expression::Number(_) | Expression::Bool(_) => Some(written.span().slice(self.text).to_owned()),
            _ => {
                let before = self.directives.len();
                let text = self.text_of(written, deep + 1)?;
                self.is_without_directives(before).then(|| text.as_str().to_owned())
            }
        }
    }

    /// Whether no directives were met since there were so many; forgets those that were.
    fn is_without_directives(&mut self, before: usize) -> bool {
        let none = self.directives.len() == before;
        self.directives.truncate(before);
        none
    }

    /// The expression of the local value that a path names.
    fn local(&self, path: &Traversal) -> Option<Span> {
        let Expression::Variable(root) = &path.expr else { return None };
        let [operator] = &path.operators[..] else { return None };
        let TraversalOperator::GetAttr(name) = operator.value() else { return None };
        let is_local = root.value().as_str() == "local";
        is_local.then(|| self.locals.get(name.value().as_str()).copied())?
    }

    /// Whether an interpolation names what Terraform does not know, and a data action does.
    fn is_meant_for_velocity(&self, inner: Span) -> bool {
        let path = without_strips(self.text, inner).slice(self.text);
        let root = path.split(|character: char| !character.is_alphanumeric() && character != '_').next();
        root.is_some_and(|root| root.eq_ignore_ascii_case("input"))
    }

    /// The members of an object that is written out, there or as a local value, as texts.
    pub(super) fn members(&mut self, range: Span) -> Vec<(Passage<'static>, Passage<'static>)> {
        let range = match range.slice(self.text).strip_prefix("local.") {
            Some(name) => self.locals.get(name).copied(),
            None => Some(range),
        };
        let object = range.and_then(|range| Some((range.start as usize, self.parse(range)?)));
        let Some((base, Expression::Object(object))) = object else { return Vec::new() };
        let mut members = Vec::new();
        for (key, value) in &object {
            let name = at(key.span(), base);
            let name = match key {
                ObjectKey::Ident(_) => {
                    let mut out = self.outer.rewrite();
                    out.copy(name);
                    Some(out.finish(None))
                }
                ObjectKey::Expression(expression) => self.text(at(expression.span(), base)),
            };
            let value = Written { expression: value.expr(), base }.span();
            let text = self.text(value).unwrap_or_else(|| self.unknown(value));
            members.extend(name.map(|name| (name, text)));
        }
        members
    }
}

/// A directive of which every place is moved.
fn moved(directive: Directive, to: impl Fn(usize) -> usize) -> Directive {
    let moved = |span: Span| Span::from_usize(to(span.start as usize), to(span.end as usize));
    let kind = match directive.kind {
        PieceKind::If(condition) => PieceKind::If(moved(condition)),
        kind => kind,
    };
    Directive { span: moved(directive.span), kind }
}

/// A text with another key at an offset, of the same length: of what is parsed, only the places are
/// used.
fn renamed(text: &str, offset: usize, salt: u8) -> Option<String> {
    let rest = text.get(offset..)?;
    let (start, len) = match rest.strip_prefix('"') {
        Some(inner) => {
            (offset + 1, inner.find(['"', '\\', '$', '%']).filter(|len| inner[*len..].starts_with('"'))?)
        }
        None => (
            offset,
            rest.find(|character: char| !character.is_alphanumeric() && !matches!(character, '_' | '-'))?,
        ),
    };
    let letters = (b'a'..=b'z').cycle().skip(usize::from(salt) + 16).step_by(5).take(len).map(char::from);
    let name: String = letters.collect();
    Some(format!("{}{name}{}", text.get(..start)?, text.get(start + len..)?))
}

/// The name of a function and its argument, if it has one.
fn only_argument(call: &FuncCall) -> Option<(&str, &Expression)> {
    let is_plain = call.name.namespace.is_empty() && call.args.len() == 1 && !call.args.expand_final();
    is_plain.then(|| Some((call.name.name.value().as_str(), call.args.get(0)?)))?
}

/// What the pieces of a string are written into.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    Text,
    /// A string of JSON.
    Json,
}

impl Target {
    fn encode(self, text: &str) -> String {
        if self == Self::Text {
            return text.to_owned();
        }
        let quoted = quote(text);
        quoted[1..quoted.len() - 1].to_owned()
    }

    fn put(self, out: &mut Rewriter<'_>, text: &str, span: Span) {
        out.put(&self.encode(text), span);
    }

    fn copy(self, out: &mut Rewriter<'_>, span: Span, text: &str) {
        if self == Self::Text {
            out.copy(span);
            return;
        }
        let needs_escape = |byte: &u8| matches!(byte, b'"' | b'\\') || byte.is_ascii_control();
        let (mut plain, end) = (span.start as usize, span.end as usize);
        let bytes = text.as_bytes();
        while let Some(len) = bytes[plain..end].iter().position(needs_escape) {
            let at = plain + len;
            out.copy(Span::from_usize(plain, at));
            self.put(out, &text[at..=at], Span::from_usize(at, at + 1));
            plain = at + 1;
        }
        out.copy(Span::from_usize(plain, end));
    }
}

fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

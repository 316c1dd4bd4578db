//! The variables that a file declares, and the texts in which they are put.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};

use crate::text::{Passage, Span};

/// How deep the values of variables may name others.
const DEEPEST: usize = 8;

/// What is written for a reference that JSON's reader would not take for a placeholder.
const UNKNOWN: &str = "{{…}}";

/// The variables of a file.
pub(super) struct Variables<'t> {
    text: &'t Passage<'t>,
    /// What is said of each; nothing where it is said twice, and not the same.
    values: HashMap<&'t str, Option<&'t str>>,
    /// How many bytes of values may still be written: so that what names itself often does not grow
    /// without end.
    left: Cell<usize>,
}

impl<'t> Variables<'t> {
    /// Reads the definitions on the lines of a text.
    pub(super) fn of(text: &'t Passage<'t>, lines: &[Span]) -> Self {
        let file = text.as_str();
        let scripted = set_by_scripts(file);
        let mut values = HashMap::new();
        for line in lines {
            let Some((name, value)) = definition(line.slice(file)) else { continue };
            // In a value, the dialects do not agree on what a backslash is.
            let value = Some(value).filter(|value| !value.contains('\\') && !scripted.contains(name));
            // Nor on which of two definitions holds.
            values
                .entry(name)
                .and_modify(|known: &mut Option<&str>| *known = known.filter(|known| Some(*known) == value))
                .or_insert(value);
        }
        Self { text, values, left: Cell::new(file.len().saturating_mul(16).saturating_add(1 << 16)) }
    }

    /// The text of several ranges after one another, with the values of what is known in it.
    pub(super) fn resolved(&self, ranges: &[Span]) -> Passage<'static> {
        let text = self.text.as_str();
        let mut out = self.text.rewrite();
        for range in ranges {
            let mut from = range.start;
            for (reference, name) in references(range.slice(text)) {
                let place = Span::new(range.start + reference.start, range.start + reference.end);
                let value = self.value(name, DEEPEST);
                if value.is_none() && !is_strange(name) {
                    continue;
                }
                out.copy(Span::new(from, place.start));
                match value {
                    Some(value) => out.put_value(&value, place),
                    None => out.put(UNKNOWN, place),
                }
                from = place.end;
            }
            out.copy(Span::new(from, range.end));
        }
        out.finish(None)
    }

    fn value(&self, name: &str, deepest: usize) -> Option<String> {
        let value = (*self.values.get(name)?)?;
        let deepest = deepest.checked_sub(1)?;
        self.spend(value.len())?;
        let mut out = String::new();
        let mut from = 0;
        for (reference, name) in references(value) {
            out.push_str(&value[from..reference.start as usize]);
            match self.value(name, deepest) {
                Some(value) => out.push_str(&value),
                None if is_strange(name) => out.push_str(UNKNOWN),
                None => out.push_str(reference.slice(value)),
            }
            from = reference.end as usize;
        }
        out.push_str(&value[from..]);
        self.spend(out.len())?;
        Some(out)
    }

    fn spend(&self, bytes: usize) -> Option<()> {
        const LEAST: usize = 16;
        self.left.set(self.left.get().checked_sub(bytes + LEAST)?);
        Some(())
    }
}

/// The name and the value in `@name = value`.
pub(super) fn definition(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.trim_start().strip_prefix('@')?.split_once('=')?;
    let name = name.trim_end();
    let is_name = !name.is_empty() && !name.contains([' ', '\t', '"', '{', '(']);
    is_name.then(|| (name, value.trim()))
}

/// Each `{{name}}` of a text, with the name.
fn references(text: &str) -> impl Iterator<Item = (Span, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + text[at..].find("{{")?;
            let inside = &text[start + 2..];
            let line = inside.split('\n').next().unwrap_or_default();
            match line.find("}}") {
                Some(len) => {
                    at = start + len + 4;
                    return Some((Span::from_usize(start, at), line[..len].trim()));
                }
                // No other one on this line is closed either.
                None => at = start + 2 + line.len(),
            }
        }
    })
}

/// Whether a reference holds what ends a placeholder for JSON's reader.
fn is_strange(name: &str) -> bool {
    name.contains(['"', '{', '}'])
}

/// The names that scripts give values to: `client.global.set("token", …)`.
fn set_by_scripts(text: &str) -> HashSet<&str> {
    let calls = text.match_indices(".set(").map(|(at, call)| text[at + call.len()..].trim_start());
    calls
        .filter_map(|arguments| {
            let rest = arguments.strip_prefix(['"', '\''])?;
            rest.split(['"', '\'', '\n']).next()
        })
        .collect()
}

//! References to variables in quotes that do not expand them.

use crate::text::Span;

/// The references in a text that stands in such quotes, each `$name` or `${name}`, as far as it shows
/// that a variable is meant, and not a text with a dollar sign. `is_known` says whether a name without
/// braces is one of a variable.
pub(super) fn references(text: &str, is_url: bool, is_known: impl Fn(&str) -> bool) -> Vec<Span> {
    let mut found = Vec::new();
    for at in memchr::memchr_iter(b'$', text.as_bytes()) {
        if at > 0 && matches!(text.as_bytes()[at - 1], b'$' | b'\\') {
            continue;
        }
        let rest = &text[at + 1..];
        let (name, len) = match rest.strip_prefix('{') {
            Some(inside) => {
                let name = name_at(inside);
                if !inside[name.len()..].starts_with('}') {
                    continue;
                }
                (name, name.len() + 3)
            }
            None => (name_at(rest), name_at(rest).len() + 1),
        };
        let (before, after) = (&text[..at], &text[at + len..]);
        // A variable of the environment, in PowerShell.
        let of_environment =
            after.strip_prefix(':').map(name_at).filter(|_| name.eq_ignore_ascii_case("env"));
        if let Some(variable) = of_environment.filter(|variable| is_name(variable)) {
            found.push(Span::from_usize(at, at + len + 1 + variable.len()));
            continue;
        }
        if is_name(name) && (rest.starts_with('{') || is_known(name) || is_alone(before, after, is_url)) {
            found.push(Span::from_usize(at, at + len));
        }
    }
    found
}

/// Whether nothing but a reference makes up a segment of a path, or a string that is no key.
fn is_alone(before: &str, after: &str, is_url: bool) -> bool {
    if is_url {
        return before.ends_with('/') && (after.is_empty() || after.starts_with(['/', '?']));
    }
    let rest = after.strip_prefix('"').map(str::trim_start);
    before.ends_with('"') && rest.is_some_and(|rest| !rest.starts_with(':'))
}

/// The letters, digits and underscores that a text begins with.
pub(super) fn name_at(text: &str) -> &str {
    let end = text.find(|next: char| !next.is_ascii_alphanumeric() && next != '_');
    &text[..end.unwrap_or(text.len())]
}

/// Whether a text is the name of a variable.
pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') && name_at(text) == text
}

/// The length of a placeholder as documentation writes it, where a text begins with one: `<id>`, with
/// no blank in it.
pub(super) fn placeholder_len(text: &str) -> Option<usize> {
    const MOST: usize = 80;
    let inner = text.strip_prefix('<')?;
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':');
    let len = inner.bytes().take(MOST).take_while(|byte| is_part(*byte)).count();
    let begins = inner.starts_with(|first: char| first.is_ascii_alphabetic());
    (begins && inner[len..].starts_with('>')).then_some(len + 2)
}

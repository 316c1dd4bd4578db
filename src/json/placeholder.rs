//! Placeholders of the template languages that requests are written in.
//!
//! What stands for a value that is known only when the request is sent is never judged.

/// How deep brackets may nest in a placeholder.
const DEEPEST: usize = 5;

/// The length of the placeholder that starts at an offset, if one does: `{{x}}`, `${x}`, `$!{x}`,
/// `$x.y(z)`, `<x>`, `<%= x %>` or `%x%`.
pub(super) fn placeholder_at(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let bytes = rest.as_bytes();
    match bytes.first()? {
        b'{' if bytes.get(1) == Some(&b'{') => mustache(rest),
        b'$' => reference(rest),
        b'<' if bytes.get(1) == Some(&b'%') => page(rest),
        b'<' => delimited(rest, b'>'),
        b'%' => delimited(rest, b'%'),
        _ => None,
    }
}

/// Whether a string may say something else when it is sent than it says here.
#[must_use]
pub fn holds_placeholder(text: &str) -> bool {
    if text.starts_with('{') && text.ends_with('}') && delimited(text, b'}') == Some(text.len()) {
        return true;
    }
    memchr::memchr3_iter(b'{', b'$', b'<', text.as_bytes())
        .chain(memchr::memchr_iter(b'%', text.as_bytes()))
        .any(|at| placeholder_at(text, at).is_some())
}

fn mustache(rest: &str) -> Option<usize> {
    let open = match rest.as_bytes().get(2..)? {
        [b'{', b'{', ..] => return None,
        [b'{', ..] => 3,
        _ => 2,
    };
    let mut end = open;
    loop {
        let ends = |byte: &u8| matches!(byte, b'{' | b'}' | b'\n' | b'"');
        end += rest.as_bytes()[end..].iter().position(ends)?;
        // A map in the expression, `{{ {'a': b} | to_json }}`. Two braces end the search, so that many
        // unclosed placeholders are not each read to the end.
        let is_map = rest.as_bytes()[end] == b'{' && rest.as_bytes().get(end + 1) != Some(&b'{');
        if !is_map {
            return rest[end..].starts_with(&"}}}"[..open]).then_some(end + open);
        }
        end = balanced(rest.as_bytes(), end, b'{', b'}')?;
    }
}

/// `<%= x %>`, of ERB and EJS.
fn page(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    // Another beginning ends the search, so that many unclosed ones are not each read to the end.
    let end = 2 + bytes[2..].iter().position(|byte| matches!(byte, b'>' | b'<' | b'\n'))?;
    (end > 3 && bytes[end] == b'>' && bytes[end - 1] == b'%').then_some(end + 1)
}

/// A Velocity, shell or Terraform reference.
fn reference(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let mut at = 1;
    while at < 3 && matches!(bytes.get(at), Some(b'!' | b'$')) {
        at += 1;
    }
    match bytes.get(at)? {
        b'{' => balanced(bytes, at, b'{', b'}'),
        b'(' => balanced(bytes, at, b'(', b')'),
        byte if is_name_start(*byte) => loop {
            at += 1;
            match bytes.get(at) {
                Some(byte) if is_name(*byte) => {}
                Some(b'.') if bytes.get(at + 1).is_some_and(|next| is_name_start(*next)) => {}
                Some(b'(') => at = balanced(bytes, at, b'(', b')')? - 1,
                _ => return Some(at),
            }
        },
        _ => None,
    }
}

/// The offset after the bracket that closes the one at `from`, on the same line.
pub(super) fn balanced(bytes: &[u8], from: usize, open: u8, close: u8) -> Option<usize> {
    let mut depth = 0usize;
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        if byte == open {
            depth += 1;
            // With a limit, each byte is looked at so many times at most, whatever the text.
            if depth > DEEPEST {
                return None;
            }
        } else if byte == close {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        } else if byte == b'\n' {
            return None;
        }
    }
    None
}

/// `<name>` and the like: a name between the first byte and `close`.
fn delimited(rest: &str, close: u8) -> Option<usize> {
    let bytes = rest.as_bytes();
    if !is_name_start(*bytes.get(1)?) {
        return None;
    }
    let end =
        2 + bytes[2..].iter().position(|byte| !is_name(*byte) && !matches!(byte, b'-' | b'.' | b' '))?;
    (bytes[end] == close).then_some(end + 1)
}

const fn is_name_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

const fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

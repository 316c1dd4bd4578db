//! Card numbers, tokens and keys in a text.

use std::borrow::Cow;

use fearless_simd::{Level, Simd, dispatch};

use crate::text::Span;
use crate::text::vector::{self, WINDOW, Window};

/// What a secret is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretKind {
    /// The number of a payment card, of an issuer.
    Card(&'static str),
    /// What stands after `Bearer`.
    BearerToken,
    /// A JSON Web Token.
    WebToken,
    /// A private key in PEM.
    PrivateKey,
}

/// A secret, and the bytes of the text that are to be hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Secret {
    /// What it is.
    pub kind: SecretKind,
    /// Where it stands in the text that was given.
    pub span: Span,
}

/// The fewest digits of a card number.
const FEWEST_DIGITS: usize = FEWEST_IN_RUN as usize;
/// The fewest bytes of a run that holds one.
const FEWEST_IN_RUN: u32 = 13;
/// The most.
const MOST_DIGITS: usize = 19;
/// The fewest bytes of a bearer token.
const SHORTEST_TOKEN: usize = 20;

/// Whether a text may hold a secret: for texts of any length, escapes taken as they are written. Never
/// wrong when it says no.
#[must_use]
pub fn may_hold_secret(text: &[u8]) -> bool {
    dispatch!(Level::new(), simd => any_sign(simd, text))
}

/// Whether a window shows a sign of a secret, and the text around it bears that out.
#[inline(always)]
fn any_sign<S: Simd>(simd: S, text: &[u8]) -> bool {
    let mut last: Window = [0; WINDOW + 2];
    // What may be part of a card's number, in the window before: in it no gap follows another.
    let mut before = 0_u64;
    let mut at = 0;
    loop {
        let rest = &text[at..];
        let window = rest.first_chunk().unwrap_or_else(|| {
            last[..rest.len()].copy_from_slice(rest);
            // What is left of a window before is no part of the text.
            last[rest.len()..].fill(0);
            &last
        });
        // The end of `eyJ`, the beginning of `\u00`, two of the hyphens of `-----B`; the end of `bearer`.
        let marks = vector::marks(simd, window, [*b"yJ", *b"\\u", *b"--"], *b"rer");
        let after_digits = marks.digits << 1 | u64::from(at > 0 && text[at - 1].is_ascii_digit());
        let card = marks.digits | marks.gaps & after_digits;
        // What stands on both sides of the edge is looked at from its first byte here.
        let across = before.leading_ones() + card.trailing_ones() >= FEWEST_IN_RUN;
        let runs = thirteens(card) | u64::from(across) & card;
        if (runs != 0 && any_card(text, at, runs)) || (marks.words != 0 && any_word(text, at, marks.words)) {
            return true;
        }
        before = card;
        at += WINDOW;
        if at >= text.len() {
            return false;
        }
    }
}

/// Where thirteen bits in a row are set, as many as a card's number has digits at least: the lowest of
/// them.
#[inline]
const fn thirteens(mask: u64) -> u64 {
    let two = mask & mask >> 1;
    let four = two & two >> 2;
    let eight = four & four >> 4;
    eight & four >> 8 & mask >> 12
}

/// Whether one of the words in the window at an offset is part of what it tells. Where they begin, bits
/// are set in the mask.
#[cold]
fn any_word(text: &[u8], at: usize, mut words: u64) -> bool {
    let next = || {
        let here = (words != 0).then(|| at + words.trailing_zeros() as usize)?;
        words &= words - 1;
        Some(here)
    };
    std::iter::from_fn(next).any(|here| match &text[here..] {
        [b'y', b'J', ..] => text[..here].ends_with(b"e"),
        // An escape that may hide a character.
        [b'\\', b'u', b'0', b'0', b'2'..=b'7', ..] => true,
        [b'-', b'-', ..] => {
            text[here.saturating_sub(3)..].starts_with(b"-----") || text[here..].starts_with(b"-----B")
        }
        [b'r', b'e', b'r', b' ', after @ ..] => text[..here].ends_with(b"ea") && may_be_token(after),
        _ => false,
    })
}

/// Whether a token may be what a text begins with, and no placeholder for one: escapes are part of it, as
/// long as they are not resolved.
fn may_be_token(text: &[u8]) -> bool {
    let token = text.trim_ascii_start();
    let end = token.iter().position(|byte| !is_token(*byte)).unwrap_or(token.len());
    end >= SHORTEST_TOKEN || token.get(end) == Some(&b'\\')
}

/// Whether one of the runs of digits, spaces and hyphens that touch the window at an offset has enough
/// digits for a card's number, those left out that are part of a word. Of each run, bits are set in the
/// mask.
#[cold]
fn any_card(text: &[u8], at: usize, mut runs: u64) -> bool {
    /// No card's number is longer, however it is grouped.
    const FAR: usize = 64;
    let in_run = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b' ' | b'-');
    let mut end = 0;
    while runs != 0 {
        let here = at + runs.trailing_zeros() as usize;
        runs &= runs - 1;
        if here < end {
            continue;
        }
        let start = here - text[..here].iter().rev().take(FAR).take_while(|byte| in_run(byte)).count();
        end = here + text[here..].iter().take(WINDOW + FAR).take_while(|byte| in_run(byte)).count();
        if holds_card(text, start, &text[start..end]) {
            return true;
        }
    }
    false
}

/// Whether the run at an offset has enough digits, those left out that are part of a word.
fn holds_card(text: &[u8], start: usize, run: &[u8]) -> bool {
    let glued = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let digit = |byte: &&u8| byte.is_ascii_digit();
    let mut count = run.iter().filter(digit).count();
    // What stands before may be the end of an escape, and then is no part of the word.
    let escape = text[start.saturating_sub(6)..start].contains(&b'\\');
    if start > 0 && !escape && glued(text.get(start - 1)) {
        count -= run.iter().take_while(digit).count();
    }
    if glued(text.get(start + run.len())) {
        count = count.saturating_sub(run.iter().rev().take_while(digit).count());
    }
    count >= FEWEST_DIGITS
}

/// Every secret of a text, in its order, none within another.
#[must_use]
pub fn secrets(text: &str) -> Vec<Secret> {
    let mut found = Vec::new();
    private_keys(text, &mut found);
    bearer_tokens(text, &mut found);
    web_tokens(text, &mut found);
    cards(text, &mut found);
    found
}

/// A text with one sign in the place of each secret.
#[must_use]
pub fn without_secrets(text: &str) -> Cow<'_, str> {
    let found = if may_hold_secret(text.as_bytes()) { secrets(text) } else { Vec::new() };
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for secret in found {
        out.push_str(&text[at..secret.span.range().start]);
        out.push('•');
        at = secret.span.range().end;
    }
    out.push_str(&text[at..]);
    Cow::Owned(out)
}

/// Adds a secret, unless it is part of one that is known.
fn add(found: &mut Vec<Secret>, kind: SecretKind, start: usize, end: usize) {
    let span = Span::from_usize(start, end);
    let at = found.partition_point(|other| other.span.start < span.start);
    let (before, after) = found.split_at(at);
    if before.last().is_none_or(|other| other.span.end <= span.start)
        && after.first().is_none_or(|other| span.end <= other.span.start)
    {
        found.insert(at, Secret { kind, span });
    }
}

fn private_keys(text: &str, found: &mut Vec<Secret>) {
    const BEGIN: &str = "-----BEGIN ";
    const MARK: &str = "PRIVATE KEY-----";
    let mut at = 0;
    while let Some(start) = text[at..].find(BEGIN).map(|start| start + at) {
        at = start + BEGIN.len();
        let kind = text[at..].find("-----").map(|dashes| &text[at..at + dashes + 5]);
        let Some(kind) = kind.filter(|kind| kind.ends_with(MARK) && !kind.contains(['\n', '{'])) else {
            continue;
        };
        let inside = at + kind.len();
        let end = text[inside..].find("-----").map_or(text.len(), |end| inside + end);
        if holds_key_material(&text[inside..end]) {
            add(found, SecretKind::PrivateKey, start, end);
            at = end;
        }
    }
}

/// Whether a text has more of Base64 in one piece than an example's `MIIE…`.
fn holds_key_material(text: &str) -> bool {
    const SHORTEST: usize = 16;
    let other = |byte: &u8| !(byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='));
    text.as_bytes().split(other).any(|piece| piece.len() >= SHORTEST && !is_made_up(piece))
}

fn bearer_tokens(text: &str, found: &mut Vec<Secret>) {
    const SCHEME: usize = "bearer ".len();
    let bytes = text.as_bytes();
    for space in memchr::memchr_iter(b' ', bytes) {
        let Some(start) = (space + 1).checked_sub(SCHEME) else { continue };
        let glued = start > 0 && bytes[start - 1].is_ascii_alphanumeric();
        if glued || !matches!(&bytes[start..space], b"bearer" | b"Bearer") {
            continue;
        }
        let token = space + bytes[space..].iter().take_while(|byte| **byte == b' ').count();
        let end = token + bytes[token..].iter().take_while(|byte| is_token(**byte)).count();
        let said = &bytes[token..end];
        // One that is cut short, or goes on as a placeholder, is shown and not sent.
        let is_shown = said.ends_with(b"..")
            || text[end..].starts_with(['…', '<', '{', '[', '$', '*'])
            || text[end..].starts_with("\\u2026");
        if is_shown {
            continue;
        }
        if said.len() >= SHORTEST_TOKEN && !is_made_up(said) && said.iter().any(u8::is_ascii_digit) {
            add(found, SecretKind::BearerToken, token, end);
        }
    }
}

/// The characters of a bearer token, by RFC 6750.
const fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/' | b'=')
}

/// Whether a token only holds a real one's place: it says so, or repeats itself.
fn is_made_up(token: &[u8]) -> bool {
    const WORDS: [&[u8]; 6] = [b"token", b"your", b"example", b"placeholder", b"secret", b"xxxx"];
    let lower = token.to_ascii_lowercase();
    let mut different = [false; 256];
    for byte in &lower {
        different[usize::from(*byte)] = true;
    }
    different.iter().filter(|there| **there).count() < 6
        || WORDS.iter().any(|word| memchr::memmem::find(&lower, word).is_some())
}

fn web_tokens(text: &str, found: &mut Vec<Secret>) {
    const SHORTEST: usize = 10;
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(start) = text[at..].find("eyJ").map(|start| start + at) {
        at = start + 3;
        if start > 0 && is_base64_url(bytes[start - 1]) {
            continue;
        }
        let part = |from: usize| from + bytes[from..].iter().take_while(|byte| is_base64_url(**byte)).count();
        let header = part(start);
        if bytes.get(header) != Some(&b'.') {
            continue;
        }
        let payload = part(header + 1);
        if bytes.get(payload) != Some(&b'.') {
            continue;
        }
        // One character alone is no byte of Base64.
        let is_part = |len: usize| len >= SHORTEST && len % 4 != 1;
        if is_part(header - start) && is_part(payload - header - 1) {
            at = part(payload + 1);
            add(found, SecretKind::WebToken, start, at);
        }
    }
}

const fn is_base64_url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

fn cards(text: &str, found: &mut Vec<Secret>) {
    let bytes = text.as_bytes();
    let mut groups = Vec::new();
    let mut at = 0;
    while let Some(start) = bytes[at..].iter().position(u8::is_ascii_digit).map(|start| start + at) {
        at = digit_groups(bytes, start, &mut groups);
        let before = &bytes[..start];
        // Part of an id, of a telephone number, of a fraction.
        let glued = before.last().is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'+')
            || matches!(before, [.., digit, b'.'] if digit.is_ascii_digit());
        if glued {
            continue;
        }
        let cut = match &bytes[at..] {
            [byte, ..] if byte.is_ascii_alphanumeric() => true,
            [b'.', digit, ..] => digit.is_ascii_digit(),
            // A UUID whose first groups happen to be digits.
            [b'-', next, ..] => next.is_ascii_alphanumeric(),
            _ => false,
        };
        let usable = groups.len() - usize::from(cut);
        let mut first = 0;
        while first < usable {
            match card_at(bytes, &groups[..usable], first, usable == groups.len()) {
                Some((after, issuer)) => {
                    add(found, SecretKind::Card(issuer), groups[first].0, groups[after - 1].1);
                    first = after;
                }
                None => first += 1,
            }
        }
    }
}

/// The runs of digits from an offset on, with one space or hyphen between two of them; where they
/// end.
fn digit_groups(bytes: &[u8], mut at: usize, groups: &mut Vec<(usize, usize)>) -> usize {
    groups.clear();
    loop {
        let end = at + bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        groups.push((at, end));
        match &bytes[end..] {
            [b' ' | b'-', digit, ..] if digit.is_ascii_digit() => at = end + 1,
            _ => return end,
        }
    }
}

/// The longest card number that begins with a group: the group after it, and its issuer.
fn card_at(
    bytes: &[u8],
    groups: &[(usize, usize)],
    first: usize,
    complete: bool,
) -> Option<(usize, &'static str)> {
    let mut digits = Vec::with_capacity(MOST_DIGITS);
    let mut sizes = Vec::new();
    let mut best = None;
    for (index, (start, end)) in groups.iter().enumerate().skip(first) {
        if digits.len() + (end - start) > MOST_DIGITS {
            break;
        }
        digits.extend(bytes[*start..*end].iter().map(|byte| byte - b'0'));
        sizes.push(end - start);
        let whole = complete && first == 0 && index + 1 == groups.len();
        if digits.len() >= FEWEST_DIGITS
            && is_layout(&sizes, whole)
            && passes_luhn(&digits)
            && let Some(issuer) = issuer(&digits)
        {
            best = Some((index + 1, issuer));
        }
    }
    best
}

/// Whether digits are grouped as on a card. Where nothing else stands beside them, any grouping
/// will do that does not begin like a date or an area code.
fn is_layout(sizes: &[usize], whole: bool) -> bool {
    match sizes {
        [_] | [4, 6, 4 | 5] | [6, 13] => true,
        [blocks @ .., last] if blocks.iter().all(|size| *size == 4) => *last <= 4,
        [first, rest @ ..] => whole && *first >= 4 && rest.iter().all(|size| *size >= 2),
        [] => false,
    }
}

fn passes_luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(index, digit)| {
            let weighed = u32::from(*digit) * if index % 2 == 0 { 1 } else { 2 };
            weighed / 10 + weighed % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Who issues cards with such a beginning and so many digits.
fn issuer(digits: &[u8]) -> Option<&'static str> {
    let four = digits.iter().take(4).fold(0, |sum, digit| sum * 10 + u32::from(*digit));
    Some(match (four, digits.len()) {
        // Not those of 13 digits, of which none are left: a telephone number may have as many.
        (4000..=4999, 16 | 19) => "Visa",
        (2221..=2720 | 5100..=5599, 16) => "Mastercard",
        (3400..=3499 | 3700..=3799, 15) => "American Express",
        (6011 | 6440..=6599, 16..=19) => "Discover",
        (3000..=3059 | 3095 | 3600..=3699 | 3800..=3999, 14) => "Diners Club",
        (3528..=3589, 16..=19) => "JCB",
        (6200..=6299, 16..=19) => "UnionPay",
        (5018 | 5020 | 5038 | 5893 | 6304 | 6759 | 6761..=6763, 13..=19) => "Maestro",
        _ => return None,
    })
}

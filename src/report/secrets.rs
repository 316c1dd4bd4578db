//! The bytes of a text that no output may show.

use std::borrow::Cow;

use crate::diagnostic::Finding;
use crate::rules::{self, may_hold_secret};
use crate::text::{Span, decode};

/// What stands for a character of a secret.
pub(super) const MASK: char = '•';

/// All secrets of one text: whoever found them, no finding's words or lines may show them.
pub struct Secrets<'a> {
    /// Where they are: sorted, apart from each other.
    spans: Vec<Span>,
    /// What they are, as written and as meant: sorted, each once.
    texts: Vec<Cow<'a, str>>,
    /// Whether a secret begins with a byte.
    first: [bool; 256],
}

impl<'a> Secrets<'a> {
    /// Collects the secrets that findings in a text name, and those that are plain to see in it: a line
    /// beside a request is shown with it.
    #[must_use]
    pub fn of<'f>(findings: impl IntoIterator<Item = &'f Finding>, text: &'a str) -> Self {
        let mut secrets = Self { spans: Vec::new(), texts: Vec::new(), first: [false; 256] };
        let (mut all, mut places) = (Vec::new(), Vec::new());
        for finding in findings {
            places.push(finding.primary);
            places.extend(finding.related.iter().map(|label| label.span));
            all.extend(finding.secret.filter(|span| !span.is_empty()));
            let inside = finding.inside.as_ref().and_then(|inside| inside.secret.clone());
            secrets.texts.extend(inside.map(Cow::Owned));
        }
        for shown in around(places, text) {
            let part = shown.slice(text);
            if may_hold_secret(part.as_bytes()) {
                let home = |span: Span| Span::new(span.start + shown.start, span.end + shown.start);
                all.extend(rules::secrets(part).into_iter().map(|secret| home(secret.span)));
            }
        }
        all.sort_unstable();
        for span in all {
            let raw = span.slice(text);
            secrets.texts.push(Cow::Borrowed(raw));
            if raw.contains('\\') {
                secrets.texts.push(Cow::Owned(decode(raw)));
            }
            match secrets.spans.last_mut() {
                Some(last) if span.start <= last.end => *last = last.join(span),
                _ => secrets.spans.push(span),
            }
        }
        // As part of a JSON Pointer.
        let escaped = |text: &Cow<'_, str>| Cow::Owned(text.replace('~', "~0").replace('/', "~1"));
        let in_pointers: Vec<_> =
            secrets.texts.iter().filter(|text| text.contains(['~', '/'])).map(escaped).collect();
        secrets.texts.extend(in_pointers);
        secrets.texts.retain(|text| !text.is_empty());
        secrets.texts.sort_unstable();
        secrets.texts.dedup();
        for text in &secrets.texts {
            secrets.first[usize::from(text.as_bytes()[0])] = true;
        }
        secrets
    }

    /// Whether a byte of the text belongs to one.
    pub(super) fn hide(&self, offset: u32) -> bool {
        let next = self.spans.partition_point(|span| span.end <= offset);
        self.spans.get(next).is_some_and(|span| span.start <= offset)
    }

    /// Whether there are none.
    pub(super) const fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// Whether words hold one.
    pub(super) fn are_in(&self, words: &str) -> bool {
        !self.texts.is_empty()
            && words
                .bytes()
                .enumerate()
                .any(|(at, byte)| self.first[usize::from(byte)] && self.len_at(words, at).is_some())
    }

    /// Whether a text holds one, through any escapes.
    pub(super) fn are_written_in(&self, text: &str) -> bool {
        /// Layers of escapes, one around the other, that are looked through.
        const MOST: usize = 4;
        let mut read = Cow::Borrowed(text);
        for _ in 0..MOST {
            if self.are_in(&read) {
                return true;
            }
            if self.texts.is_empty() || !read.contains('\\') {
                return false;
            }
            read = Cow::Owned(decode(&read));
        }
        self.are_in(&read)
    }

    /// Words with each character of a secret replaced.
    #[must_use]
    pub fn masked<'w>(&self, words: &'w str) -> Cow<'w, str> {
        if !self.are_in(words) {
            return Cow::Borrowed(words);
        }
        let mut out = String::with_capacity(words.len());
        let mut hidden_to = 0;
        for (at, character) in words.char_indices() {
            if let Some(len) = self.len_at(words, at) {
                hidden_to = hidden_to.max(at + len);
            }
            out.push(if at < hidden_to { MASK } else { character });
        }
        Cow::Owned(out)
    }

    /// The length in bytes of the longest secret that stands at an offset.
    fn len_at(&self, words: &str, at: usize) -> Option<usize> {
        let byte = *words.as_bytes().get(at)?;
        if !self.first[usize::from(byte)] {
            return None;
        }
        let mut rest = words.get(at..)?;
        // A secret that `rest` begins with sorts at or before it, and after every shorter one. If
        // the nearest is none, what both begin with is all that is left to look for.
        loop {
            let after = self.texts.partition_point(|text| text.as_ref() <= rest);
            let nearest = self.texts.get(after.checked_sub(1)?)?.as_ref();
            if rest.starts_with(nearest) {
                return Some(nearest.len());
            }
            let common = rest.char_indices().zip(nearest.chars()).find(|((_, one), other)| one != other);
            rest = &rest[..common?.0.0];
        }
    }
}

/// The parts of a text that may be shown with places in it: all of it, unless it is long; then what is
/// near them, further than any line is shown.
fn around(mut places: Vec<Span>, text: &str) -> Vec<Span> {
    const LONG: usize = 1 << 20;
    const NEAR: usize = 1 << 16;
    if text.len() <= LONG {
        return vec![Span::from_usize(0, text.len())];
    }
    places.sort_unstable();
    let mut parts: Vec<Span> = Vec::new();
    for place in places {
        let mut start = (place.start as usize).saturating_sub(NEAR).min(text.len());
        let mut end = (place.end as usize + NEAR).min(text.len());
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        while !text.is_char_boundary(end) {
            end += 1;
        }
        let part = Span::from_usize(start, end);
        match parts.last_mut() {
            Some(last) if part.start <= last.end => *last = last.join(part),
            _ => parts.push(part),
        }
    }
    parts
}

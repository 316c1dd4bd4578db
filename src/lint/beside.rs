//! What is said of a request beside its body, or where that cannot be read.

use crate::api::Operation;
use crate::carrier::Skip;
use crate::json::Document;
use crate::request::{Body, OpenQuote, Request};
use crate::rules::{self, Signs, Subject, TextSubject};
use crate::text::{Passage, Span};

use super::{Linter, check_text};

impl Linter<'_, '_> {
    /// Tells of bytes that are no UTF-8 in what is sent beside the body. Where they are in the URL, what
    /// was found from an index on is forgotten: where the request goes is not known.
    pub(super) fn unread(&mut self, request: &Request<'_>, before: usize) {
        if self.invalid_utf8.is_empty() || request.is_sample {
            return;
        }
        let places = |part: &Passage<'_>| -> Vec<Span> {
            part.ranges_of(self.invalid_utf8).into_iter().map(|range| part.span_of(range)).collect()
        };
        let mut unread: Vec<_> = request.url.iter().flat_map(places).collect();
        if !unread.is_empty() {
            self.findings.truncate(before);
        }
        unread
            .extend(request.headers.iter().flat_map(|header| [&header.name, &header.value]).flat_map(places));
        let nothing = Document::unread("");
        let subject = TextSubject { invalid_utf8: &unread, ..TextSubject::of(&nothing) };
        let signs = Signs::NONE.and_if(!unread.is_empty(), Signs::INVALID_UTF8);
        check_text(&subject, signs, self.settings, self.findings);
    }

    /// Looks for secrets in what stands beside a body that is not there, or not known.
    pub(super) fn beside(&mut self, request: &Request<'_>) {
        let mut values = request.headers.iter().map(|header| &header.value).chain(&request.url);
        if !values.any(|value| rules::may_hold_secret(value.as_str().as_bytes())) {
            return;
        }
        let nothing = Document::unread("");
        let subject = TextSubject { request: Some(request), ..TextSubject::of(&nothing) };
        check_text(&subject, Signs::SECRET, self.settings, self.findings);
    }

    /// Tells of a quote that is left open in a request, and of secrets: all else that is read of it is a
    /// guess. What is shown to be read may be cut short.
    pub(super) fn unclosed(
        &mut self,
        request: &Request<'_>,
        open: &OpenQuote<'_>,
    ) -> Result<Option<&'static Operation>, Skip> {
        let subject = Subject::new(request, Body::Opaque, self.file, (self.file.text(), 0));
        let operation = self.addresses.find(subject)?.operation;
        self.beside(request);
        if !request.is_sample {
            let nothing = Document::unread("");
            let subject = TextSubject { open_quote: Some(open), ..TextSubject::of(&nothing) };
            check_text(&subject, Signs::FAULT, self.settings, self.findings);
        }
        Ok(operation)
    }
}

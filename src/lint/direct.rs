//! A request that a program hands over, instead of a text that it has to be found in.

use crate::api::Operation;
use crate::carrier::Skip;
use crate::diagnostic::Finding;
use crate::json::Document;
use crate::request::{Payload, Request};
use crate::text::{Passage, Span};

use super::{Linter, Scratch, Settings, put_in_order, told};

/// A request whose parts stand in one text.
#[derive(Clone, Copy, Debug)]
pub struct Sent<'t> {
    /// The text.
    pub text: &'t str,
    /// Where its method is, if it has one.
    pub method: Option<Span>,
    /// Where its URL or path is, if it has one; without, the settings say what the body is for.
    pub url: Option<Span>,
    /// Where its body is; blank for none.
    pub body: Span,
}

/// What came of a request.
#[derive(Debug)]
pub struct Judged<'a> {
    /// What was found, in the order of the text.
    pub findings: &'a [Finding],
    /// What is not told; see [`Linted::hidden`](super::Linted::hidden).
    pub hidden: Vec<Finding>,
    /// The operation, where it is known.
    pub operation: Option<&'static Operation>,
}

/// Checks one request.
///
/// # Errors
///
/// The reason for which the request is none of those that are checked.
pub fn lint_request<'a>(
    sent: &Sent<'_>,
    settings: &Settings,
    scratch: &'a mut Scratch,
) -> Result<Judged<'a>, Skip> {
    let Scratch { survey, findings, bodies, .. } = scratch;
    findings.clear();
    let text = Passage::of_file(sent.text);
    let file = Document::unread(sent.text);
    let piece = |span: Option<Span>| span.map(|span| text.piece(span));
    let request = Request {
        method: piece(sent.method),
        url: piece(sent.url),
        ..Request::bare(sent.body, Payload::Text(text.piece(sent.body)))
    };
    let mut linter = Linter::new(settings, &file, survey, bodies, findings);
    let operation = linter.request(&request);
    if let Some(skip) = linter.elsewhere {
        return Err(skip);
    }
    put_in_order(findings);
    told::forget_told_better(findings, sent.text);
    let hidden = settings.rules.take_hidden(findings);
    Ok(Judged { findings, hidden, operation })
}

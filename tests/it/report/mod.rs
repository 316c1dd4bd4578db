//! The output formats, read back.

mod full;
mod hostile;
mod positions;
mod schema;
mod secrets;

use std::borrow::Cow;

use paylint::diagnostic::{Finding, Severity};
use paylint::json::Arena;
use paylint::report::{Format, Shown, Style, Summary};
use paylint::text::{Before, Span};

/// 80 columns, nothing that is not text.
const PLAIN: Style = Style { color: false, width: 80, unicode: true, links: false };

fn finding(primary: Span, message: impl Into<Cow<'static, str>>) -> Finding {
    Finding::new("non-string-value", Severity::Error, primary, message.into())
}

/// Where a needle stands first.
fn span_of(text: &str, needle: &str) -> Span {
    let start = text.find(needle).unwrap_or_else(|| panic!("no {needle:?} in {text:?}"));
    Span::from_usize(start, start + needle.len())
}

fn render(
    format: Format,
    style: &Style,
    path: &str,
    before: Before,
    text: &str,
    findings: &[Finding],
) -> String {
    let mut arena = Arena::new();
    let document = arena.parse(text);
    let mut out = Vec::new();
    format.begin(&mut out);
    format.text(&Shown { path, before, document: &document, findings, all: findings }, style, &mut out);
    format.end(&Summary::default(), &mut out);
    String::from_utf8(out).expect("every output is UTF-8")
}

fn render_plain(format: Format, text: &str, findings: &[Finding]) -> String {
    render(format, &PLAIN, "body.json", Before::default(), text, findings)
}

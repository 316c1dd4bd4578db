//! One line for each finding.

use crate::diagnostic::{Message, Severity};
use crate::report::secrets::Secrets;
use crate::report::{Shown, escaped};
use crate::text::LineIndex;

/// Bytes that a line usually takes, besides the path.
const USUAL_LENGTH: usize = 96;
/// Findings that room is made for at once.
const MANY: usize = 4096;

/// Writes `path:line:col: error[rule] message` for each finding of a text.
pub(super) fn text(shown: &Shown<'_>, out: &mut Vec<u8>, pass: &mut dyn FnMut(&mut Vec<u8>)) {
    let text = shown.document.text();
    // No line is shown that stands after the last place.
    let end = shown.findings.last().map_or(0, |finding| finding.primary.start);
    let index = LineIndex::up_to(text, shown.before, end);
    let secrets = Secrets::of(shown.all, text);
    let path = format!("{}:", escaped(shown.path));
    let mut heads = Heads::default();
    let mut number = itoa::Buffer::new();
    let mut near = 0;
    out.reserve(shown.findings.len().min(MANY) * (path.len() + USUAL_LENGTH));
    for finding in shown.findings {
        let position = index.position_near(finding.primary.start, &mut near);
        out.extend_from_slice(path.as_bytes());
        out.extend_from_slice(number.format(position.line).as_bytes());
        out.push(b':');
        out.extend_from_slice(number.format(position.column).as_bytes());
        out.extend_from_slice(heads.of(finding.rule, finding.severity).as_bytes());
        match &finding.message {
            Message::Named { words: [before, after], name } if secrets.is_empty() => {
                out.extend_from_slice(before.as_bytes());
                out.extend_from_slice(escaped(name.slice(text)).as_bytes());
                out.extend_from_slice(after.as_bytes());
            }
            message => out.extend_from_slice(escaped(&secrets.masked(&message.read(text))).as_bytes()),
        }
        out.push(b'\n');
        pass(out);
    }
}

/// What stands between the place and the message: a few texts, each of them many times.
#[derive(Default)]
struct Heads(Vec<(&'static str, Severity, String)>);

impl Heads {
    fn of(&mut self, rule: &'static str, severity: Severity) -> &str {
        let known =
            self.0.iter().position(|(other, level, _)| std::ptr::eq(*other, rule) && *level == severity);
        let at = known.unwrap_or_else(|| {
            self.0.push((rule, severity, format!(": {severity}[{rule}] ")));
            self.0.len() - 1
        });
        &self.0[at].2
    }
}

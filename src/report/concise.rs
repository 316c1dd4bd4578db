//! One line for each finding.

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
    let index = LineIndex::new(text, shown.before);
    let secrets = Secrets::of(shown.findings, text);
    let path = escaped(shown.path);
    let mut number = itoa::Buffer::new();
    let mut near = 0;
    out.reserve(shown.findings.len().min(MANY) * (path.len() + USUAL_LENGTH));
    for finding in shown.findings {
        let position = index.position_near(finding.primary.start, &mut near);
        out.extend_from_slice(path.as_bytes());
        out.push(b':');
        out.extend_from_slice(number.format(position.line).as_bytes());
        out.push(b':');
        out.extend_from_slice(number.format(position.column).as_bytes());
        out.extend_from_slice(b": ");
        out.extend_from_slice(finding.severity.as_str().as_bytes());
        out.push(b'[');
        out.extend_from_slice(finding.rule.as_bytes());
        out.extend_from_slice(b"] ");
        out.extend_from_slice(escaped(&secrets.masked(&finding.message)).as_bytes());
        out.push(b'\n');
        pass(out);
    }
}

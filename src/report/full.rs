//! Findings for a person: each with its lines, what is to be seen in them, and what to do.

use std::error::Error;
use std::fmt;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};
use unicode_width::UnicodeWidthStr;

use crate::diagnostic::{Applicability, Finding, Severity};
use crate::report::excerpt::{Excerpt, Source};
use crate::report::secrets::Secrets;
use crate::report::{RULE_URL, Shown, Style, escaped};
use crate::text::LineIndex;

/// Columns that sentences get at least, however narrow the screen.
const LEAST_COLUMNS: usize = 40;

/// Writes the findings of a text, with an empty line between two.
pub(super) fn text(shown: &Shown<'_>, style: &Style, out: &mut Vec<u8>) {
    let text = shown.document.text();
    let index = LineIndex::new(text, shown.before);
    let secrets = Secrets::of(shown.all, text);
    let name = escaped(shown.path);
    let source = Source {
        index: &index,
        secrets: &secrets,
        name: &name,
        width: style.width,
        unicode: style.unicode,
        mark: Source::mark_of(&index),
    };
    let mut painter = Painter::new(style);
    let mut page = String::new();
    for (nth, finding) in shown.findings.iter().enumerate() {
        if nth > 0 {
            page.push('\n');
        }
        painter.finding(finding, &source, &mut page);
        out.extend_from_slice(page.as_bytes());
        page.clear();
    }
}

/// Draws findings in one style.
struct Painter<'s> {
    style: &'s Style,
    handler: GraphicalReportHandler,
    theme: GraphicalTheme,
}

impl<'s> Painter<'s> {
    fn new(style: &'s Style) -> Self {
        let theme = match (style.unicode, style.color) {
            (true, true) => GraphicalTheme::unicode(),
            (true, false) => GraphicalTheme::unicode_nocolor(),
            (false, true) => GraphicalTheme::ascii(),
            (false, false) => GraphicalTheme::none(),
        };
        let handler = GraphicalReportHandler::new_themed(theme.clone())
            .with_width(style.width.max(LEAST_COLUMNS))
            .without_cause_chain()
            .without_syntax_highlighting();
        Self { style, handler, theme }
    }

    fn finding(&mut self, finding: &Finding, source: &Source<'_>, page: &mut String) {
        let words = |text: &str| escaped(&source.secrets.masked(text)).into_owned();
        self.header(finding, &words(&finding.message.read(source.index.text())), page);
        self.snippet(finding, source, page);
        if let Some(help) = &finding.help {
            self.advice("help", &words(help), page);
        }
        if let Some(fix) = &finding.fix {
            let care = match fix.applicability {
                Applicability::Safe => "",
                Applicability::Unsafe => " (look at it before you use it)",
            };
            self.advice("fix", &format!("{}{care}", words(&fix.title)), page);
        }
    }

    /// `error[rule]: message`
    fn header(&self, finding: &Finding, message: &str, page: &mut String) {
        let Finding { rule, severity, .. } = finding;
        let name = format!("{severity}[{rule}]");
        let lines = wrapped(message, self.columns(), name.width() + 2, 2);
        if self.style.links {
            for part in ["\u{1b}]8;;", RULE_URL, "#", rule, "\u{1b}\\"] {
                page.push_str(part);
            }
        }
        self.paint(color(*severity), &name, page);
        if self.style.links {
            page.push_str("\u{1b}]8;;\u{1b}\\");
        }
        page.push_str(": ");
        for (nth, line) in lines.iter().enumerate() {
            if nth > 0 {
                page.push_str("  ");
            }
            self.paint(BOLD, line, page);
            page.push('\n');
        }
    }

    /// The lines, drawn by miette.
    fn snippet(&mut self, finding: &Finding, source: &Source<'_>, page: &mut String) {
        let excerpt = Excerpt::of(finding, source);
        let styles = &self.theme.styles;
        let own = match finding.severity {
            Severity::Error => styles.error,
            Severity::Warning => styles.warning,
            Severity::Info => styles.advice,
        };
        let (labels, highlights) = excerpt
            .underlines()
            .map(|(label, is_primary)| (label, if is_primary { own } else { styles.help }))
            .unzip();
        self.theme.styles.highlights = highlights;
        let handler = self.handler.clone().with_theme(self.theme.clone());
        let mut drawn = String::new();
        // Writing to a string does not fail, and what a label says of its place is always there.
        let _ = handler.render_report(&mut drawn, &Snippet { excerpt, labels });
        // The first line is the message's: it stands above already.
        page.push_str(drawn.split_once('\n').map_or("", |(_, lines)| lines));
    }

    /// `  help: what to do`
    fn advice(&self, title: &str, text: &str, page: &mut String) {
        const INDENT: usize = 8;
        let lines = wrapped(text, self.columns(), INDENT, INDENT);
        for (nth, line) in lines.iter().enumerate() {
            if nth == 0 {
                page.push_str(&" ".repeat(INDENT - 2 - title.len()));
                self.paint(CYAN, title, page);
                page.push_str(": ");
            } else {
                page.push_str(&" ".repeat(INDENT));
            }
            page.push_str(line);
            page.push('\n');
        }
    }

    fn columns(&self) -> usize {
        self.style.width.max(LEAST_COLUMNS)
    }

    fn paint(&self, color: &str, text: &str, page: &mut String) {
        if self.style.color {
            page.push_str(color);
            page.push_str(text);
            page.push_str("\u{1b}[0m");
        } else {
            page.push_str(text);
        }
    }
}

const BOLD: &str = "\u{1b}[1m";
const CYAN: &str = "\u{1b}[36m";

const fn color(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "\u{1b}[1;31m",
        Severity::Warning => "\u{1b}[1;33m",
        Severity::Info => "\u{1b}[1;36m",
    }
}

/// Breaks a sentence at its spaces into lines of a number of columns, of which `first` are taken in
/// the first line and `rest` in each other. A word that is too long is left whole.
fn wrapped(text: &str, columns: usize, first: usize, rest: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut taken = first;
    let mut line_is_empty = true;
    for word in text.split(' ') {
        let width = word.width();
        let gap = usize::from(!line_is_empty);
        if !line_is_empty && taken + gap + width > columns {
            lines.push(String::new());
            taken = rest;
            line_is_empty = true;
        }
        if let Some(line) = lines.last_mut() {
            if !line_is_empty {
                line.push(' ');
                taken += 1;
            }
            line.push_str(word);
        }
        taken += width;
        line_is_empty = false;
    }
    lines
}

/// An excerpt, as miette takes it. It says nothing itself: the words around it are not miette's.
#[derive(Debug)]
struct Snippet {
    excerpt: Excerpt,
    labels: Vec<LabeledSpan>,
}

impl fmt::Display for Snippet {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl Error for Snippet {}

impl Diagnostic for Snippet {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.excerpt)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

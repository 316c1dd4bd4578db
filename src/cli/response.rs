//! `paylint response`

use std::io::{self, Write};
use std::path::Path;

use crate::answer::{Answer, ID, recorded};
use crate::api::ErrorCode;
use crate::carrier::{Assume, Carrier, Skip};
use crate::cli::args::{OutputFormat, Response};
use crate::cli::error::Trouble;
use crate::cli::explain::wrap;
use crate::cli::{CLEAN, FOUND};
use crate::diagnostic::Severity;
use crate::files;
use crate::json::Arena;
use crate::lint::{Input, Linted, Scratch, Settings, lint, readable};
use crate::report::{Format, Shown, Style, Summary, escaped};
use crate::text::{Before, Span};

/// A file's name and text.
struct File {
    name: String,
    text: String,
}

impl File {
    fn read(path: &Path) -> Result<Self, Trouble> {
        let name = if path.as_os_str() == "-" { "<stdin>".to_owned() } else { files::display(path) };
        let bytes = files::read_whole(path)
            .map_err(|error| Trouble::new(format!("cannot read `{name}`: {}", files::message(&error))))?;
        Ok(Self { text: readable(&bytes).0.into_owned(), name })
    }

    fn carrier(&self) -> Carrier {
        Carrier::of_name(self.name.as_bytes()).unwrap_or(Carrier::Json)
    }
}

/// Shows what answers speak of; the exit code.
pub fn run(arguments: &Response, style: Style) -> Result<u8, Trouble> {
    let answer = File::read(&arguments.answer)?;
    let pairs = match &arguments.request {
        Some(path) => {
            let read = Answer::read(&answer.text).ok_or_else(|| no_answer(&answer.name))?;
            vec![(File::read(path)?, None, read)]
        }
        None => together(&answer)?,
    };
    let mut out = Out::new(arguments.format, style);
    let mut code = CLEAN;
    for (file, within, answer) in pairs {
        let mut settings = Settings::default();
        settings.within = within;
        settings.wants = out.format.wants();
        settings.answer = Some(answer);
        let input = Input { carrier: file.carrier(), assume: Assume::Body, ..Input::json(&file.text) };
        let mut scratch = Scratch::default();
        let linted = lint(&input, &settings, &mut scratch);
        if let (0, Some(skip)) = (linted.requests, linted.skip) {
            return Err(no_request(&file.name, skip));
        }
        if linted.findings.iter().any(|finding| finding.severity == Severity::Error) {
            code = FOUND;
        }
        if let Some(answer) = &settings.answer {
            out.pair(&file.name, answer, &linted);
        }
    }
    out.end()?;
    Ok(code)
}

/// Requests and answers that are kept in one file.
fn together(file: &File) -> Result<Vec<(File, Option<Span>, Answer)>, Trouble> {
    let mut arena = Arena::new();
    let pairs = recorded(&arena.parse(&file.text));
    if pairs.is_empty() {
        return Err(match Answer::read(&file.text) {
            Some(_) => Trouble::new(format!("`{}` holds an answer, and no request", file.name))
                .help("name the file that holds the request: `--request FILE`"),
            None => no_answer(&file.name),
        });
    }
    let copy = || File { name: file.name.clone(), text: file.text.clone() };
    Ok(pairs.into_iter().map(|(within, answer)| (copy(), Some(within), answer)).collect())
}

fn no_answer(name: &str) -> Trouble {
    Trouble::new(format!("`{name}` holds no error that the API may have answered")).help(
        "it is a JSON object with `message`, `code`, `errors` or `details`; or an HTTP archive, or `{\"request\": …, \"response\": …}`",
    )
}

fn no_request(name: &str, why: Skip) -> Trouble {
    Trouble::new(format!("`{name}` holds no request that could be looked at: {why}"))
}

/// The output, in one of its formats.
struct Out {
    format: Format,
    style: Style,
    text: Vec<u8>,
    pairs: u64,
    summary: Summary,
    answers: Vec<serde_json::Value>,
}

impl Out {
    fn new(format: OutputFormat, style: Style) -> Self {
        let format = Format::from(format);
        Self { format, style, text: Vec::new(), pairs: 0, summary: Summary::default(), answers: Vec::new() }
    }

    fn pair(&mut self, name: &str, answer: &Answer, linted: &Linted<'_>) {
        if self.format == Format::Full {
            let between = if self.pairs > 0 { "\n" } else { "" };
            self.text.extend_from_slice(format!("{between}{}\n", headline(answer, &self.style)).as_bytes());
        } else if self.format == Format::Json {
            self.answers.push(record(answer));
        }
        self.pairs += 1;
        let shown = Shown {
            path: name,
            before: Before::default(),
            document: &linted.document,
            findings: linted.findings,
            all: linted.findings,
        };
        if !self.text.is_empty() && self.format == Format::Json && !linted.findings.is_empty() {
            self.text.extend_from_slice(self.format.separator());
        }
        self.format.text(&shown, &self.style, &mut self.text);
        for finding in linted.findings {
            match finding.severity {
                Severity::Error => self.summary.errors += 1,
                Severity::Warning => self.summary.warnings += 1,
                Severity::Info => self.summary.infos += 1,
            }
        }
        self.summary.requests += linted.requests as u64;
        if self.format == Format::Full {
            let between = if linted.findings.is_empty() { "" } else { "\n" };
            let mut words = between.to_owned();
            wrap(&mut words, &verdict(answer, linted), self.style.width);
            self.text.extend_from_slice(words.as_bytes());
        }
    }

    fn end(mut self) -> Result<(), Trouble> {
        self.summary.files = 1;
        let mut page = Vec::new();
        if self.format == Format::Json {
            page.extend_from_slice(br#"{"version":1,"answers":"#);
            page.extend_from_slice(serde_json::Value::from(self.answers).to_string().as_bytes());
            page.extend_from_slice(br#","findings":["#);
            page.append(&mut self.text);
            self.format.end(&self.summary, &mut page);
        } else {
            page = self.text;
        }
        let mut out = io::stdout().lock();
        match out.write_all(&page).and_then(|()| out.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Trouble::new(format!("cannot write to standard output: {error}")))
            }
            _ => Ok(()),
        }
    }
}

/// What was answered, and what is known of that.
fn headline(answer: &Answer, style: &Style) -> String {
    let (bold, plain) = if style.color { ("\u{1b}[1m", "\u{1b}[0m") } else { ("", "") };
    let status = answer.status.or_else(|| answer.known_codes().next().map(|code| code.status));
    let status = status.map_or(String::new(), |status| format!("{status} "));
    let codes = answer.codes.iter().map(|code| escaped(code).into_owned()).collect::<Vec<_>>().join(", ");
    let mut text = format!("{bold}{}{plain}\n", format!("the API answered {status}{codes}").trim_end());
    for message in &answer.messages {
        wrap(&mut text, &escaped(message), style.width);
    }
    for code in answer.known_codes() {
        wrap(&mut text, &format!("{}: {}; {}", code.code, code.means, code.remedy), style.width);
    }
    text
}

/// What the answer and the rules say together, and what they cannot.
fn verdict(answer: &Answer, linted: &Linted<'_>) -> String {
    let pointed = linted.findings.iter().any(|finding| finding.rule == ID);
    let found: Vec<_> = linted.findings.iter().filter(|finding| finding.rule != ID).collect();
    let causes: Vec<&str> = answer.known_codes().flat_map(|code| code.rules.iter().copied()).collect();
    let cause = found.iter().find(|finding| causes.contains(&finding.rule));
    let first = if pointed {
        "the answer names what is marked above"
    } else if answer.clues.iter().any(|clue| clue.is_field) {
        "the answer names a field that this request does not have"
    } else {
        "the answer names nothing that stands in this request"
    };
    let second = match (cause, found.is_empty()) {
        (Some(finding), _) => format!("`{}` is what its code speaks of", finding.rule),
        (None, false) => "what is wrong with the request besides is shown above".to_owned(),
        (None, true) if pointed => "nothing else is found to be wrong with the request".to_owned(),
        (None, true) => {
            "nothing is found to be wrong with the request: the cause may lie in the state of the conversation, in the ids, or in the rights of the caller, which cannot be seen here"
                .to_owned()
        }
    };
    format!("{first}; {second}")
}

fn record(answer: &Answer) -> serde_json::Value {
    let known = |code: &ErrorCode| {
        serde_json::json!({
            "code": code.code, "status": code.status, "means": code.means, "remedy": code.remedy, "rules": code.rules,
        })
    };
    serde_json::json!({
        "status": answer.status,
        "codes": answer.codes,
        "messages": answer.messages,
        "context": answer.context,
        "known": answer.known_codes().map(known).collect::<Vec<_>>(),
    })
}

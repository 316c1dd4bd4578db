//! `paylint response`

use std::io::{self, Write};
use std::path::Path;

use crate::answer::{Answer, ID, recorded};
use crate::api::{ErrorCode, Operation};
use crate::carrier::{Assume, Carrier, Skip};
use crate::cli::args::{OutputFormat, Response};
use crate::cli::error::Trouble;
use crate::cli::explain::wrap;
use crate::cli::{CLEAN, FOUND};
use crate::diagnostic::Severity;
use crate::files;
use crate::json::Arena;
use crate::lint::{Input, Linted, Scratch, Settings, Target, lint, list, readable};
use crate::report::{Format, Shown, Style, Summary, escaped};
use crate::rules::without_secrets;
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
    let (file, pairs) = if let Some(path) = &arguments.request {
        let read = Answer::read(&answer.text).ok_or_else(|| no_answer(&answer.name))?;
        (File::read(path)?, vec![(None, read)])
    } else {
        let pairs = together(&answer)?;
        (answer, pairs)
    };
    let mut out = Out::new(arguments.format, style);
    let mut code = CLEAN;
    for (within, answer) in pairs {
        let mut settings = Settings::default();
        settings.within = within;
        settings.wants = out.format.wants();
        settings.answer = Some(answer);
        let input = Input { carrier: file.carrier(), assume: Assume::Body, ..Input::json(&file.text) };
        let mut scratch = Scratch::default();
        let operation = operation_of(&input, &settings, &mut scratch);
        let linted = lint(&input, &settings, &mut scratch);
        if let (None, 0, Some(skip)) = (within, linted.requests, linted.skip) {
            return Err(no_request(&file.name, skip));
        }
        // A recording holds more than what went to the API.
        if within.is_some() && linted.requests == 0 {
            continue;
        }
        if linted.findings.iter().any(|finding| finding.severity == Severity::Error) {
            code = FOUND;
        }
        if let Some(answer) = &settings.answer {
            out.pair(&file.name, answer, operation, &linted);
        }
    }
    if out.pairs == 0 {
        return Err(no_request(&file.name, Skip::NoRequest));
    }
    out.end()?;
    Ok(code)
}

/// The operation that was answered, where it is one.
fn operation_of(input: &Input<'_>, settings: &Settings, scratch: &mut Scratch) -> Option<&'static Operation> {
    let listing = list(input, settings, scratch);
    let is_meant = |place: Span| settings.within.is_none_or(|within| within.contains(place));
    let mut operations = listing.requests.iter().filter(|request| is_meant(request.place)).map(|request| {
        match request.target {
            Target::Operation(operation) => Some(operation),
            Target::Model(_) | Target::Nothing => None,
        }
    });
    let first = operations.next()??;
    operations.all(|other| other.is_some_and(|other| other.id == first.id)).then_some(first)
}

/// Requests and answers that are kept in one file.
fn together(file: &File) -> Result<Vec<(Option<Span>, Answer)>, Trouble> {
    let mut arena = Arena::new();
    let pairs = recorded(&arena.parse(&file.text));
    if pairs.is_empty() {
        return Err(match Answer::read(&file.text) {
            Some(_) => Trouble::new(format!("`{}` holds an answer, and no request", file.name))
                .help("name the file that holds the request: `--request FILE`"),
            None => no_answer(&file.name),
        });
    }
    Ok(pairs.into_iter().map(|(within, answer)| (Some(within), answer)).collect())
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

    fn pair(
        &mut self,
        name: &str,
        answer: &Answer,
        operation: Option<&'static Operation>,
        linted: &Linted<'_>,
    ) {
        if self.format == Format::Full {
            let between = if self.pairs > 0 { "\n" } else { "" };
            self.text.extend_from_slice(
                format!("{between}{}\n", headline(answer, operation, &self.style)).as_bytes(),
            );
        } else if self.format == Format::Json {
            self.answers.push(record(answer, operation, linted));
        }
        self.pairs += 1;
        let shown = Shown {
            path: name,
            before: Before::default(),
            document: &linted.document,
            findings: linted.findings,
            all: &linted.all(),
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
        let between = if linted.findings.is_empty() { "" } else { "\n" };
        match self.format {
            Format::Full => {
                let mut words = between.to_owned();
                wrap(&mut words, &verdict(answer, linted), self.style.width);
                self.text.extend_from_slice(words.as_bytes());
            }
            Format::Concise => {
                // Where standard error is gone, there is nowhere to say so.
                let _ = writeln!(io::stderr(), "{}", verdict(answer, linted));
            }
            Format::Json => {}
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
fn headline(answer: &Answer, operation: Option<&Operation>, style: &Style) -> String {
    let (bold, plain) = if style.color { ("\u{1b}[1m", "\u{1b}[0m") } else { ("", "") };
    let status = answer.status.or_else(|| answer.known_codes().next().map(|code| code.status));
    let status = status.map_or(String::new(), |status| format!("{status} "));
    let codes = answer.codes.iter().map(|code| shown(code)).collect::<Vec<_>>().join(", ");
    let mut text = format!("{bold}{}{plain}\n", format!("the API answered {status}{codes}").trim_end());
    for message in &answer.messages {
        wrap(&mut text, &shown(message), style.width);
    }
    for code in answer.known_codes() {
        wrap(&mut text, &format!("{}: {}; {}", code.code, code.means, code.remedy), style.width);
        if let Some(operation) = operation.filter(|operation| !code.is_declared_by(operation)) {
            let said =
                format!("the contract declares this code for other operations, not for {}", operation.id);
            wrap(&mut text, &said, style.width);
        }
    }
    text
}

/// What an answer says, for programs.
fn shown_whole(said: &str) -> String {
    without_secrets(said).into_owned()
}

/// What an answer says, as it may be shown.
fn shown(said: &str) -> String {
    escaped(&without_secrets(said)).into_owned()
}

/// What the answer and the rules say together, and what they cannot.
fn verdict(answer: &Answer, linted: &Linted<'_>) -> String {
    let pointed = linted.findings.iter().any(|finding| finding.rule == ID);
    let found: Vec<_> = linted.findings.iter().filter(|finding| finding.rule != ID).collect();
    let causes: Vec<&str> = answer.known_codes().flat_map(|code| code.rules.iter().copied()).collect();
    let cause = found.iter().find(|finding| causes.contains(&finding.rule));
    let first = if pointed {
        "the answer names what is marked in the request"
    } else if answer.is_mute() {
        "the answer has no body that could be read"
    } else if answer.clues.iter().any(|clue| clue.is_field) {
        "the answer names a field that this request does not have"
    } else {
        "the answer names nothing that stands in this request"
    };
    let second = match (cause, found.is_empty()) {
        (Some(finding), _) => format!("`{}` is what its code speaks of", finding.rule),
        (None, false) => "what else is wrong with it is shown, too".to_owned(),
        (None, true) if answer.status.is_some_and(|status| status >= 500) => {
            "nothing is found to be wrong with the request: such a status is the server's own trouble, or that of a proxy before it"
                .to_owned()
        }
        (None, true) if pointed => "nothing else is found to be wrong with the request".to_owned(),
        (None, true) => {
            "nothing is found to be wrong with the request: the cause may lie in the state of the conversation, in the ids, or in the rights of the caller, which cannot be seen here"
                .to_owned()
        }
    };
    format!("{first}; {second}")
}

fn record(answer: &Answer, operation: Option<&Operation>, linted: &Linted<'_>) -> serde_json::Value {
    let all = |said: &[String]| said.iter().map(|text| shown_whole(text)).collect::<Vec<_>>();
    let known = |code: &ErrorCode| {
        serde_json::json!({
            "code": code.code, "status": code.status, "means": code.means, "remedy": code.remedy, "rules": code.rules,
            "declared": operation.map(|operation| code.is_declared_by(operation)),
        })
    };
    serde_json::json!({
        "status": answer.status,
        "operation": operation.map(|operation| operation.id),
        "codes": all(&answer.codes),
        "messages": all(&answer.messages),
        "context": answer.context.as_deref().map(shown_whole),
        "known": answer.known_codes().map(known).collect::<Vec<_>>(),
        "findings": linted.findings.len(),
        "verdict": verdict(answer, linted),
    })
}

//! `PowerShell` scripts: every call of `Invoke-RestMethod` and `Invoke-WebRequest` in them.

mod lexer;
mod scopes;
mod script;
mod tables;
mod uses;

use std::collections::HashMap;

use crate::carrier::{Skip, may_be_json, names_conversations};
use crate::request::{Header, OpenQuote, Payload, Request, Unexpanded};
use crate::text::{Layer, Passage, Span};

use lexer::{Bracket, Part, PartKind, Quoted, Token, TokenKind};
use script::{DEEPEST, Range, Script};
use uses::Shared;

/// Yields the requests of a script, in its order.
///
/// # Errors
///
/// The reason for which there are none.
pub(super) fn requests(text: &Passage<'_>, each: &mut dyn FnMut(&Request<'_>)) -> Result<(), Skip> {
    if !names_conversations(text.as_str()) {
        return Err(Skip::NoRequest);
    }
    let script = Script::of(text);
    let shared = Shared::of(&script);
    let mut found = false;
    for at in 0..script.tokens.len() {
        if is_call(&script, at)
            && let Some(request) = Call::read(&script, at).request(&script)
        {
            each(&marked(request, &shared));
            found = true;
        }
    }
    let is_open = || script.tokens.iter().any(|token| matches!(token.kind, TokenKind::Unclosed(_)));
    match found {
        true => Ok(()),
        false if is_open() => Err(Skip::OpenQuote),
        false => Err(Skip::NoRequest),
    }
}

/// A request, with what others use too marked as such.
fn marked<'t>(request: Request<'t>, shared: &Shared) -> Request<'t> {
    let mark = |text: Passage<'t>| if shared.holds(&text) { text.within(Layer::UsedElsewhere) } else { text };
    let payload = match request.payload {
        Payload::Text(text) => Payload::Text(mark(text)),
        payload => payload,
    };
    Request { url: request.url.map(mark), method: request.method.map(mark), payload, ..request }
}

/// Whether a token is the name of a command that sends a request, where a command is named.
fn is_call(script: &Script<'_>, at: usize) -> bool {
    const NAMES: [&str; 4] = ["Invoke-RestMethod", "Invoke-WebRequest", "irm", "iwr"];
    const BEFORE: [&str; 4] = ["return", "throw", "else", "do"];
    if !script.is_word(at, &NAMES) {
        return false;
    }
    let Some(before) = at.checked_sub(1) else { return true };
    match script.kind(before) {
        Some(TokenKind::Text(..)) => script.is_word(before, &BEFORE),
        Some(kind) => matches!(
            kind,
            TokenKind::Separator
                | TokenKind::Open(..)
                | TokenKind::Close
                | TokenKind::Pipe
                | TokenKind::Equals
                | TokenKind::Changes
                | TokenKind::Comma
                | TokenKind::Other
        ),
        None => true,
    }
}

/// The parameters that are read.
const PARAMETERS: [&str; 7] = ["method", "custommethod", "uri", "body", "headers", "contenttype", "infile"];

/// Other parameters that take a value.
const WITH_VALUE: [&str; 27] = [
    "authentication",
    "certificate",
    "certificatethumbprint",
    "connectiontimeoutseconds",
    "credential",
    "form",
    "httpversion",
    "maximumfollowrellink",
    "maximumredirection",
    "maximumretrycount",
    "operationtimeoutseconds",
    "outfile",
    "proxy",
    "proxycredential",
    "responseheadersvariable",
    "retryintervalsec",
    "sessionvariable",
    "sslprotocol",
    "statuscodevariable",
    "timeoutsec",
    "token",
    "transferencoding",
    "unixsocket",
    "useragent",
    "websession",
    "erroraction",
    "outvariable",
];

/// The parameter that a name stands for, in lower case: it may be cut short.
fn parameter(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let name = match name.as_str() {
        "url" => "uri",
        "ea" => "erroraction",
        name => name,
    };
    let all = || PARAMETERS.iter().chain(&WITH_VALUE).copied();
    if let Some(exact) = all().find(|known| *known == name) {
        return Some(exact);
    }
    let mut like = all().filter(|known| known.starts_with(name));
    match (like.next(), like.next()) {
        (Some(one), None) => Some(one),
        _ => None,
    }
}

/// A call, as it is written.
struct Call {
    /// Where its name stands.
    name: Span,
    /// What is given for each parameter, and whether as an argument.
    given: HashMap<&'static str, (Range, bool)>,
    /// Whether there is something that may be any parameter.
    unknown: bool,
    /// The number of its first token.
    first: usize,
    /// The number of the quote that is left open in it.
    open: Option<usize>,
}

impl Call {
    fn read(script: &Script<'_>, at: usize) -> Self {
        let mut call = Self {
            name: script.tokens[at].range,
            given: HashMap::new(),
            unknown: false,
            first: at,
            open: None,
        };
        let mut at = at + 1;
        let is_value = |at: usize| {
            script.kind(at).is_some_and(|kind| {
                !matches!(
                    kind,
                    TokenKind::Parameter(_)
                        | TokenKind::Separator
                        | TokenKind::Pipe
                        | TokenKind::Close
                        | TokenKind::Splat(_)
                )
            })
        };
        while let Some(kind) = script.kind(at) {
            match kind {
                TokenKind::Separator | TokenKind::Pipe | TokenKind::Close => break,
                TokenKind::Parameter(name) => {
                    at += 1;
                    let name = parameter(script.written(*name));
                    if let Some(name) = name.filter(|_| is_value(at)) {
                        let end = script.argument_end(at);
                        call.note_open(script, (at, end));
                        call.given.insert(name, ((at, end), true));
                        at = end;
                    }
                }
                TokenKind::Splat(name) => {
                    call.splat(script, *name);
                    at += 1;
                }
                TokenKind::Unclosed(_) => {
                    call.note_open(script, (at, at + 1));
                    at += 1;
                }
                _ => {
                    let end = script.argument_end(at);
                    call.note_open(script, (at, end));
                    // The address needs no name.
                    call.given.entry("uri").or_insert(((at, end), true));
                    at = end;
                }
            }
        }
        call
    }

    /// Keeps the first quote that is left open: what follows it is not known.
    fn note_open(&mut self, script: &Script<'_>, (at, end): Range) {
        let is_open = |at: &usize| matches!(script.kind(*at), Some(TokenKind::Unclosed(_)));
        self.open = self.open.or_else(|| (at..end).find(is_open));
        self.unknown |= self.open.is_some();
    }

    /// The address, as far as it is written: where its own quote is left open, up to a blank.
    fn address<'t>(&self, script: &Script<'t>) -> Option<Passage<'t>> {
        let ((at, _), _) = *self.given.get("uri")?;
        let Some(TokenKind::Unclosed(quote)) = script.kind(at) else { return None };
        let from = quote.range().end;
        let rest = &script.text.as_str()[from..];
        let len = rest.find(char::is_whitespace).unwrap_or(rest.len());
        Some(script.text.piece(Span::from_usize(from, from + len)))
    }

    /// `@name`: the entries of a table as parameters.
    fn splat(&mut self, script: &Script<'_>, name: Span) {
        let Some(table) = script.value(name).and_then(|range| script.table(range)) else {
            self.unknown = true;
            return;
        };
        for (key, _, value) in script.entries(table) {
            let key = script.written(script.span(key)).trim_matches(['"', '\'']);
            match parameter(key) {
                Some(name) => drop(self.given.entry(name).or_insert((value, false))),
                None => self.unknown |= key.starts_with('$'),
            }
        }
    }

    fn text(&self, script: &Script<'_>, name: &str, formats: bool) -> Option<(Vec<Part>, Span)> {
        let (range, is_argument) = *self.given.get(name)?;
        Some((script.text_of(range, is_argument, formats, DEEPEST)?, script.span(range)))
    }

    fn request<'t>(&self, script: &Script<'t>) -> Option<Request<'t>> {
        let mut unexpanded = Vec::new();
        let url = match self.text(script, "uri", true) {
            Some((parts, place)) => {
                script.references(&parts, true, DEEPEST, &mut unexpanded);
                script.passage(&parts, place, DEEPEST)
            }
            None => self.address(script)?,
        };
        let headers = self.headers(script, &mut unexpanded);
        let method = self.method(script);
        let payload = match self.payload(script, &mut unexpanded) {
            Payload::Text(_) if !may_be_json(&headers) => Payload::Opaque,
            payload => payload,
        };
        unexpanded.sort_by_key(|reference| reference.text.span());
        Some(Request {
            place: script.text.span_of(self.name),
            method,
            url: Some(url),
            headers,
            scopes: Vec::new(),
            unexpanded,
            templates: None,
            is_sample: false,
            payload,
        })
    }

    fn method<'t>(&self, script: &Script<'t>) -> Option<Passage<'t>> {
        for name in ["method", "custommethod"] {
            let Some((range, _)) = self.given.get(name) else { continue };
            // `[…WebRequestMethod]::Patch`
            if let Some(TokenKind::Member(member)) = range.1.checked_sub(1).and_then(|last| script.kind(last))
                && matches!(script.kind(range.0), Some(TokenKind::Open(Bracket::Square, _)))
            {
                return Some(script.text.piece(*member));
            }
            let (parts, place) = self.text(script, name, false)?;
            return Some(script.passage(&parts, place, DEEPEST));
        }
        if self.unknown {
            return None;
        }
        let mut method = script.text.rewrite();
        method.put_value("GET", self.name);
        Some(method.finish(None))
    }

    fn headers<'t>(&self, script: &Script<'t>, unexpanded: &mut Vec<Unexpanded<'t>>) -> Vec<Header<'t>> {
        let mut headers = Vec::new();
        let table = self.given.get("headers").and_then(|(range, _)| script.table(*range));
        for (key, _, value) in table.map(|table| script.entries(table)).unwrap_or_default() {
            let (Some(TokenKind::Text(_, name)), true) = (script.kind(key.0), key.0 + 1 == key.1) else {
                continue;
            };
            let name = script.passage(name, script.span(key), 0);
            if let Some(value) = said(script, (value, false), unexpanded) {
                headers.push(Header { name, value });
            }
        }
        if let Some(kind) = self.given.get("contenttype").and_then(|given| said(script, *given, unexpanded)) {
            let mut name = script.text.rewrite();
            name.put("Content-Type", Span::empty(self.name.end));
            headers.push(Header { name: name.finish(None), value: kind });
        }
        headers
    }

    fn payload<'t>(&self, script: &Script<'t>, unexpanded: &mut Vec<Unexpanded<'t>>) -> Payload<'t> {
        if let Some(open) = self.open.and_then(|open| open_quote(script, (self.first, open + 1))) {
            return Payload::Unclosed(open);
        }
        if self.given.contains_key("form") {
            return Payload::Opaque;
        }
        if self.given.contains_key("infile") {
            return self
                .text(script, "infile", false)
                .map_or(Payload::Opaque, |(parts, place)| file(script, &parts, place));
        }
        match self.given.get("body") {
            Some((range, is_argument)) => body(script, *range, *is_argument, unexpanded, DEEPEST),
            None if self.unknown || is_piped(script, self.first) => Payload::Opaque,
            None => Payload::Absent,
        }
    }
}

/// Whether something is handed to the command that a token names: its body, then.
fn is_piped(script: &Script<'_>, at: usize) -> bool {
    let before = (0..at).rev().find_map(|at| script.kind(at).filter(|kind| **kind != TokenKind::Separator));
    before == Some(&TokenKind::Pipe)
}

/// The first quote that is left open among some tokens, as what is sent.
fn open_quote<'t>(script: &Script<'t>, (from, end): Range) -> Option<OpenQuote<'t>> {
    let at = (from..end).find(|at| matches!(script.kind(*at), Some(TokenKind::Unclosed(_))))?;
    let Some(TokenKind::Unclosed(quote)) = script.kind(at) else { return None };
    let early = closed_early(script, (from, at));
    let escaped = match early.unwrap_or(*quote).slice(script.text.as_str()) {
        "'" => Some("''"),
        "\"" => Some("`\""),
        _ => None,
    };
    let piece = |quote| script.text.piece(quote);
    Some(OpenQuote { quote: piece(*quote), early: early.map(piece), escaped })
}

/// The quote among some tokens that ends a string of JSON where a letter follows it:
/// `'{"note": "don't"}'`.
fn closed_early(script: &Script<'_>, (from, end): Range) -> Option<Span> {
    script.tokens.get(from..end)?.windows(2).find_map(|pair| {
        let [token, next] = pair else { return None };
        let said = |token: &Token| &script.text.as_str()[token.range.range()];
        let is_quoted = matches!(token.kind, TokenKind::Text(Quoted::Single | Quoted::Double, _));
        let is_json = || said(token)[1..].trim_start().starts_with(['{', '[']);
        let goes_on = matches!(next.kind, TokenKind::Text(Quoted::Bare, _))
            && !next.spaced
            && said(next).starts_with(char::is_alphanumeric);
        (is_quoted && goes_on && is_json()).then(|| Span::new(token.range.end - 1, token.range.end))
    })
}

/// What a text says, if it is one.
fn said<'t>(
    script: &Script<'t>,
    (range, is_argument): (Range, bool),
    unexpanded: &mut Vec<Unexpanded<'t>>,
) -> Option<Passage<'t>> {
    let parts = script.text_of(range, is_argument, false, DEEPEST)?;
    script.references(&parts, false, DEEPEST, unexpanded);
    Some(script.passage(&parts, script.span(range), DEEPEST))
}

/// The file of a name, where that is known.
fn file<'t>(script: &Script<'t>, parts: &[Part], place: Span) -> Payload<'t> {
    let name = script.passage(parts, place, DEEPEST);
    let known = !name.is_empty() && !name.as_str().contains('$');
    if known { Payload::File(name) } else { Payload::Opaque }
}

/// What is sent, where a value is it.
fn body<'t>(
    script: &Script<'t>,
    range: Range,
    is_argument: bool,
    unexpanded: &mut Vec<Unexpanded<'t>>,
    deepest: usize,
) -> Payload<'t> {
    let Some(deepest) = deepest.checked_sub(1) else { return Payload::Opaque };
    let (at, end) = range;
    if let Some(open) = open_quote(script, range) {
        return Payload::Unclosed(open);
    }
    let whole = script.after(at) == end;
    match script.kind(at) {
        Some(TokenKind::Open(Bracket::Round, close)) if whole => {
            return body(script, (at + 1, *close), false, unexpanded, deepest);
        }
        Some(TokenKind::Variable(name)) if whole => {
            let value = script.value(*name);
            return match value.filter(|value| script.spend(script.span(*value).len() as usize).is_some()) {
                Some(value) => body(script, value, false, unexpanded, deepest),
                None => Payload::Opaque,
            };
        }
        Some(TokenKind::Open(Bracket::Square, _)) => return bytes(script, range, unexpanded, deepest),
        _ => {}
    }
    if !is_argument {
        let mut pipe = at;
        while pipe < end && script.kind(pipe).is_some_and(|kind| *kind != TokenKind::Pipe) {
            pipe = script.after(pipe);
        }
        if pipe < end {
            let mut next = pipe + 1;
            while script.kind(next).is_some_and(|kind| *kind == TokenKind::Separator) {
                next += 1;
            }
            let more = (next..end).any(|at| script.kind(at).is_some_and(|kind| *kind == TokenKind::Pipe));
            let converts = script.is_word(next, &["ConvertTo-Json"]) && !more;
            return if converts { Payload::Text(script.transcribed((at, pipe))) } else { Payload::Opaque };
        }
        if script.is_word(at, &["ConvertTo-Json"]) {
            let value = argument(script, (at + 1, end), "inputobject");
            return value.map_or(Payload::Opaque, |value| Payload::Text(script.transcribed(value)));
        }
        if script.is_word(at, &["Get-Content", "gc"]) {
            let name = argument(script, (at + 1, end), "path");
            let parts =
                name.and_then(|name| Some((script.text_of(name, true, false, deepest)?, script.span(name))));
            return parts.map_or(Payload::Opaque, |(parts, place)| file(script, &parts, place));
        }
    }
    let Some(parts) = script.text_of(range, is_argument, false, deepest) else { return Payload::Opaque };
    let is_known = |part: &Part| matches!(part.kind, PartKind::Literal | PartKind::Escape(_));
    if !parts.is_empty() && !parts.iter().any(is_known) {
        return Payload::Opaque;
    }
    script.references(&parts, false, deepest, unexpanded);
    Payload::Text(script.passage(&parts, script.span(range), deepest))
}

/// `[Text.Encoding]::UTF8.GetBytes(…)`: what is in the brackets.
fn bytes<'t>(
    script: &Script<'t>,
    (at, end): Range,
    unexpanded: &mut Vec<Unexpanded<'t>>,
    deepest: usize,
) -> Payload<'t> {
    let mut next = script.after(at);
    while next < end {
        if let Some(TokenKind::Member(name)) = script.kind(next)
            && script.written(*name).eq_ignore_ascii_case("GetBytes")
            && let Some(TokenKind::Open(Bracket::Round, close)) = script.kind(next + 1)
            && script.after(next + 1) == end
        {
            return body(script, (next + 2, *close), false, unexpanded, deepest);
        }
        next = script.after(next);
    }
    match script.kind(script.after(at)) {
        // `[string]` and the like.
        Some(TokenKind::Text(quoting, _)) if *quoting != Quoted::Bare => {
            body(script, (script.after(at), end), false, unexpanded, deepest)
        }
        _ => Payload::Opaque,
    }
}

/// The argument of a command that is given by a name, or as the first without one.
fn argument(script: &Script<'_>, (from, end): Range, name: &str) -> Option<Range> {
    const FLAGS: [&str; 5] = ["raw", "compress", "enumsasstrings", "asarray", "force"];
    let mut at = from;
    while at < end {
        match script.kind(at)? {
            TokenKind::Parameter(parameter) => {
                let said = script.written(*parameter).to_ascii_lowercase();
                at += 1;
                if name.starts_with(&said) {
                    return (at < end).then(|| (at, script.argument_end(at).min(end)));
                }
                if !FLAGS.contains(&said.as_str()) {
                    at = script.argument_end(at);
                }
            }
            TokenKind::Separator => at += 1,
            _ => return Some((at, script.argument_end(at).min(end))),
        }
    }
    None
}

//! Shell scripts: every call of `curl` in them.

mod lexer;
mod options;
mod runs;
mod script;
mod uses;
mod values;

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};

use crate::carrier::{Skip, may_be_json, names_conversations};
use crate::request::{Header, Payload, Request, Unexpanded};
use crate::text::{Layer, Passage, Span};

use lexer::{Command, Input, Open, Word};
use options::{Call, Data, calls};
use runs::{Called, Runs, runs};
use script::Reader;
use uses::Uses;

/// How deep scripts may stand in one another: `ssh host "sudo sh -c '…'"`
const DEEPEST: usize = 3;

/// Yields the requests of a shell script, in its order.
///
/// # Errors
///
/// The reason for which there are none.
pub(super) fn requests(text: &Passage<'_>, each: &mut dyn FnMut(&Request<'_>)) -> Result<(), Skip> {
    let left = text.as_str().len().saturating_mul(4).saturating_add(1 << 16);
    let reading = Reading { left: Cell::new(left), is_open: Cell::new(false) };
    match read(text, DEEPEST, &reading, each) {
        true => Ok(()),
        false if reading.is_open.get() => Err(Skip::OpenQuote),
        false => Err(Skip::NoRequest),
    }
}

/// What is noted while a script and those inside it are read.
struct Reading {
    /// How many bytes of scripts inside it may still be read.
    left: Cell<usize>,
    /// Whether a quote of one is left open.
    is_open: Cell<bool>,
}

/// Whether there are requests in a script.
fn read(text: &Passage<'_>, deepest: usize, reading: &Reading, each: &mut dyn FnMut(&Request<'_>)) -> bool {
    if !names_conversations(text.as_str()) {
        return false;
    }
    let reader = Reader::of(text);
    reading.is_open.set(reading.is_open.get() || reader.is_open());
    let uses = OnceCell::new();
    let mut found = false;
    for command in reader.commands() {
        let inner = match runs(command, &reader) {
            None => continue,
            Some(Runs::Curl(called)) => {
                found |= send((&reader, &uses), command, &called, each);
                continue;
            }
            Some(Runs::Script(words)) => reader.together(&words),
            Some(Runs::Document(number)) => reader.passage(&reader.document(number)),
        };
        let after = reading.left.get().checked_sub(inner.as_str().len());
        if let (Some(deepest), Some(after)) = (deepest.checked_sub(1), after) {
            reading.left.set(after);
            found |= read(&inner, deepest, reading, each);
        }
    }
    found
}

/// Yields what a call of `curl` sends, and says whether that is anything.
fn send<'t>(
    (reader, uses): (&Reader<'t>, &OnceCell<Uses<'t>>),
    command: &Command,
    called: &Called<'_>,
    each: &mut dyn FnMut(&Request<'_>),
) -> bool {
    let mut found = false;
    let may_be_options = |word: &Word| reader.may_be_options(word);
    let mut calls = calls(&called.words, reader.text().as_str(), may_be_options);
    let last = calls.len() - 1;
    for (at, call) in calls.iter_mut().enumerate() {
        let open = command.open.filter(|_| at == last);
        call.unknown |= called.more || open.is_some();
        if let (Some(open), []) = (open, call.urls.as_slice()) {
            call.urls.extend(reader.url_after(open.quote).map(Cow::Owned));
        }
        for url in &call.urls {
            let calling = Calling { reader, uses, command, name: called.name, call, open };
            each(&calling.request(url));
            found = true;
        }
    }
    found
}

/// A call, and what is around it.
struct Calling<'c, 't> {
    reader: &'c Reader<'t>,
    /// Made where a variable stands for something.
    uses: &'c OnceCell<Uses<'t>>,
    command: &'c Command,
    /// Where `curl` stands.
    name: Span,
    call: &'c Call<'c>,
    /// The quote that is left open in it.
    open: Option<Open>,
}

impl<'t> Calling<'_, 't> {
    fn request(&self, url: &Word) -> Request<'t> {
        let call = self.call;
        let mut unexpanded = Vec::new();
        let url = self.take(&mut unexpanded, url, true);
        let headers: Vec<_> =
            call.headers.iter().filter_map(|word| header(&self.take(&mut unexpanded, word, false))).collect();
        let payload = match self.payload(&mut unexpanded) {
            Payload::Text(_) if !may_be_json(&headers) => Payload::Opaque,
            payload => payload,
        };
        Request {
            place: self.reader.text().span_of(self.name),
            method: self.method(),
            url: Some(url),
            headers,
            scopes: Vec::new(),
            unexpanded,
            templates: None,
            is_sample: false,
            payload,
        }
    }

    /// What a word says; references in it that are not expanded are put with the others.
    fn take(&self, unexpanded: &mut Vec<Unexpanded<'t>>, word: &Word, is_url: bool) -> Passage<'t> {
        unexpanded.extend(self.reader.references(&word.pieces, is_url));
        self.said(word)
    }

    fn said(&self, word: &Word) -> Passage<'t> {
        let said = self.reader.passage(word);
        let is_elsewhere = matches!(word.pieces.as_slice(), [piece] if self.reader.behind(piece).is_some())
            && self.uses.get_or_init(|| Uses::of(self.reader)).shares(word, self.reader);
        if is_elsewhere { said.within(Layer::UsedElsewhere) } else { said }
    }

    fn method(&self) -> Option<Passage<'t>> {
        let call = self.call;
        if let Some(method) = &call.method {
            return Some(self.said(method));
        }
        let meant = match () {
            // It may be among what is not known.
            () if call.unknown => return None,
            () if call.head => "HEAD",
            () if call.get => "GET",
            () if call.upload => "PUT",
            () if call.form || !call.data.is_empty() => "POST",
            () => "GET",
        };
        let mut method = self.reader.text().rewrite();
        method.put_value(meant, self.name);
        Some(method.finish(None))
    }

    fn payload(&self, unexpanded: &mut Vec<Unexpanded<'t>>) -> Payload<'t> {
        let call = self.call;
        if let Some(open) = self.open {
            return Payload::Unclosed(self.reader.open_quote(open));
        }
        if call.form || call.upload {
            return Payload::Opaque;
        }
        let payload = match call.data.as_slice() {
            _ if call.get => Payload::Absent,
            [] if call.unknown => Payload::Opaque,
            [] => Payload::Absent,
            [data] => self.sent(data, unexpanded),
            several => return self.together(several, unexpanded),
        };
        match payload {
            // What is not known may name another kind of content.
            Payload::Text(text) if call.unknown && !looks_like_json(&text) => Payload::Opaque,
            payload => payload,
        }
    }

    /// What is sent where data is given several times.
    fn together(&self, several: &[Data<'_>], unexpanded: &mut Vec<Unexpanded<'t>>) -> Payload<'t> {
        let mut references = Vec::new();
        let mut out = self.reader.text().rewrite();
        for data in several {
            let Payload::Text(text) = self.sent(data, &mut references) else { return Payload::Opaque };
            if !data.is_json && !out.as_str().is_empty() {
                out.put("&", data.option);
            }
            out.append(&text);
        }
        let text = out.finish(Some(Layer::Mixed));
        // Other data is a form's.
        if !looks_like_json(&text) {
            return Payload::Opaque;
        }
        unexpanded.append(&mut references);
        Payload::Text(text)
    }

    /// What is sent for one piece of data.
    fn sent(&self, data: &Data<'_>, unexpanded: &mut Vec<Unexpanded<'t>>) -> Payload<'t> {
        if data.encoded {
            return Payload::Opaque;
        }
        let word = &*data.argument;
        if let Some(open) = self.reader.open_in(word) {
            return Payload::Unclosed(self.reader.open_quote(open));
        }
        if data.may_be_file && options::leading(word, self.reader.text().as_str()).starts_with('@') {
            return self.file(&options::after(word, 1), unexpanded);
        }
        if !self.reader.is_one_word(word) {
            return Payload::Opaque;
        }
        match self.reader.file_in(word) {
            Some(name) => self.named(&name),
            None if self.reader.is_unknown(word) => Payload::Opaque,
            None => Payload::Text(self.take(unexpanded, word, false)),
        }
    }

    /// `@name`, or `@-` for what the command reads.
    fn file(&self, name: &Word, unexpanded: &mut Vec<Unexpanded<'t>>) -> Payload<'t> {
        let text = self.reader.text().as_str();
        if name.range.slice(text) != "-" {
            return self.named(name);
        }
        let source = match &self.command.input {
            Input::File(name) => return self.named(name),
            Input::Text(word) => Some(word.clone()),
            Input::Document(number) => Some(self.reader.document(*number)),
            Input::Pipe(Some(number)) => {
                let printed = self.reader.printed(*number, 1);
                if let Some(script::Printed::File(name)) = printed {
                    return self.named(&name);
                }
                printed.and_then(script::Printed::text)
            }
            Input::Pipe(None) | Input::Inherited => None,
        };
        match source {
            Some(word) if !self.reader.is_unknown(&word) => {
                Payload::Text(self.take(unexpanded, &word, false))
            }
            _ => Payload::Opaque,
        }
    }

    /// The file of a name, where that is known.
    fn named(&self, name: &Word) -> Payload<'t> {
        let name = self.reader.passage(name);
        let known = !name.is_empty() && !name.as_str().contains(['$', '`', '*']);
        if known { Payload::File(name) } else { Payload::Opaque }
    }
}

/// Whether a text begins as an object or an array does.
fn looks_like_json(text: &Passage<'_>) -> bool {
    text.as_str().trim_start().starts_with(['{', '['])
}

/// `Name: value`
fn header<'t>(said: &Passage<'t>) -> Option<Header<'t>> {
    let text = said.as_str();
    let colon = text.find(':')?;
    let name = said.piece(Span::from_usize(0, colon)).trimmed();
    let value = said.piece(Span::from_usize(colon + 1, text.len())).trimmed();
    (!name.is_empty()).then_some(Header { name, value })
}

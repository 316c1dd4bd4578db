//! Shell scripts: every call of `curl` in them.

mod lexer;
mod options;
mod script;

use crate::carrier::{Skip, may_be_json, names_conversations};
use crate::request::{Header, Payload, Request, Unexpanded};
use crate::text::{Passage, Span};

use lexer::{Command, Input, Word};
use options::{Call, calls};
use script::Reader;

/// Yields the requests of a shell script, in its order.
///
/// # Errors
///
/// The reason for which there are none.
pub(super) fn requests(text: &Passage<'_>, each: &mut dyn FnMut(&Request<'_>)) -> Result<(), Skip> {
    if !names_conversations(text.as_str()) {
        return Err(Skip::NoRequest);
    }
    let reader = Reader::of(text);
    let mut found = false;
    for command in reader.commands() {
        let Some((name, words)) = called(command, text.as_str()) else { continue };
        for call in calls(words, text.as_str(), |word| reader.may_be_options(word)) {
            for url in &call.urls {
                let calling = Calling { reader: &reader, command, name: name.range, call: &call };
                each(&calling.request(url));
                found = true;
            }
        }
    }
    if found { Ok(()) } else { Err(Skip::NoRequest) }
}

/// The word `curl` of a command, and those after it, where that is what it runs.
fn called<'c>(command: &'c Command, text: &str) -> Option<(&'c Word, &'c [Word])> {
    /// Words that are followed by another command.
    const BEFORE: [&str; 21] = [
        "$", "%", ">", "!", "{", "if", "then", "elif", "else", "while", "until", "do", "time", "sudo",
        "command", "exec", "env", "nohup", "builtin", "return", "eval",
    ];
    /// How many words may come before.
    const MOST: usize = 12;
    let words = &command.words;
    let mut timed = false;
    for (at, word) in words.iter().enumerate().take(MOST) {
        let said = word.range.slice(text);
        if matches!(said, "curl" | "\\curl" | "curl.exe") || said.ends_with("/curl") {
            return Some((word, &words[at + 1..]));
        }
        let is_limit = timed && said.starts_with(|first: char| first.is_ascii_digit() || first == '-');
        let passes = BEFORE.contains(&said) || is_limit || script::assignment(word, text).is_some();
        if !passes && said != "timeout" {
            return None;
        }
        timed |= said == "timeout";
    }
    None
}

/// A call, and what is around it.
struct Calling<'c, 't> {
    reader: &'c Reader<'t>,
    command: &'c Command,
    /// Where `curl` stands.
    name: Span,
    call: &'c Call<'c>,
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
        self.reader.passage(word)
    }

    fn method(&self) -> Option<Passage<'t>> {
        let call = self.call;
        if let Some(method) = &call.method {
            return Some(self.reader.passage(method));
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
        if call.form || call.upload {
            return Payload::Opaque;
        }
        let data = match call.data.as_slice() {
            _ if call.get => return Payload::Absent,
            [] if call.unknown => return Payload::Opaque,
            [] => return Payload::Absent,
            [data] if !data.encoded && !call.unknown => data,
            _ => return Payload::Opaque,
        };
        let word = &*data.argument;
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

/// `Name: value`
fn header<'t>(said: &Passage<'t>) -> Option<Header<'t>> {
    let text = said.as_str();
    let colon = text.find(':')?;
    let name = said.piece(Span::from_usize(0, colon)).trimmed();
    let value = said.piece(Span::from_usize(colon + 1, text.len())).trimmed();
    (!name.is_empty()).then_some(Header { name, value })
}

//! What a command runs in the end: `curl`, or a script that is written in its words.

use std::borrow::Cow;
use std::slice;

use super::lexer::{Command, Input, Piece, PieceKind, Quoted, Word};
use super::script::{Reader, Stands, assignment};
use crate::text::Span;

/// What a command runs, as far as it is looked for.
pub(super) enum Runs<'c> {
    Curl(Called<'c>),
    /// A script: all of these words, with a blank between them.
    Script(Cow<'c, [Word]>),
    /// A script in a here-document: its number.
    Document(usize),
}

/// A call of `curl`.
pub(super) struct Called<'c> {
    /// Where `curl` stands.
    pub(super) name: Span,
    /// The words after it.
    pub(super) words: Cow<'c, [Word]>,
    /// Whether it is given more than those.
    pub(super) more: bool,
}

/// Words that another command follows.
const BEFORE: [&str; 17] = [
    "$", "%", ">", "!", "{", "if", "then", "elif", "else", "while", "until", "do", "builtin", "return",
    "coproc", "&&", "||",
];

/// Commands that run another one, which words of their own come before.
const WRAPPERS: [&str; 41] = [
    "time",
    "sudo",
    "doas",
    "command",
    "exec",
    "env",
    "nohup",
    "nice",
    "ionice",
    "timeout",
    "gtimeout",
    "setsid",
    "stdbuf",
    "unbuffer",
    "chronic",
    "caffeinate",
    "xargs",
    "find",
    "docker",
    "docker-compose",
    "podman",
    "nerdctl",
    "kubectl",
    "oc",
    "lxc",
    "strace",
    "proxychains",
    "proxychains4",
    "torsocks",
    "torify",
    "flock",
    "chroot",
    "su",
    "runuser",
    "script",
    "nix-shell",
    "sshpass",
    "aws-vault",
    "op",
    "doppler",
    "direnv",
];

const SHELLS: [&str; 6] = ["bash", "sh", "zsh", "dash", "ksh", "ash"];

/// What a command runs, if that is `curl` or a script.
pub(super) fn runs<'c>(command: &'c Command, reader: &Reader<'c>) -> Option<Runs<'c>> {
    /// How many words may come before.
    const MOST: usize = 40;
    let text = reader.text().as_str();
    let mut before = Before::default();
    let mut words = command.words.as_slice();
    for _ in 0..MOST {
        let (word, rest) = words.split_first()?;
        words = rest;
        let said = plain(word, text);
        if is_curl(said) {
            return Some(Runs::Curl(before.call(word.range, rest, text)));
        }
        let name = said.rsplit('/').next().unwrap_or_default();
        match name {
            "eval" => return spliced(rest, &before, text),
            "ssh" => return on_another_host(command, after_host(rest, text), &before, text),
            _ if SHELLS.contains(&name) => {
                return match of_shell(rest, text) {
                    OfShell::Script(word) => script(before.fill(slice::from_ref(word), text)),
                    OfShell::Input => of_input(command),
                    OfShell::File => None,
                };
            }
            _ if before.wraps && matches!(said, "-c" | "-qc" | "--command" | "--run") => {
                let word = rest.first().filter(|word| word.range.slice(text).contains([' ', '\n']));
                if let Some(word) = word {
                    return script(before.fill(slice::from_ref(word), text));
                }
            }
            _ if WRAPPERS.contains(&name) || is_runner(said) => before.wrap(name),
            _ if before.wraps => before.option(said, rest, text),
            "function" => words = rest.get(1..).unwrap_or_default(),
            _ if BEFORE.contains(&said) || assignment(word, text).is_some() => {}
            _ => match reader.stands_for(word)? {
                Stands::Curl { more } => {
                    let call = before.call(word.range, rest, text);
                    return Some(Runs::Curl(Called { more: more || call.more, ..call }));
                }
                // `$SUDO curl …`
                Stands::Other => before.wraps = true,
            },
        }
    }
    None
}

/// What was said before the command that is run.
#[derive(Default)]
struct Before<'t> {
    /// Whether there is a command that runs what is among its words.
    wraps: bool,
    /// Whether that adds words at the end.
    adds: bool,
    /// What it puts something else in the place of.
    stand_in: Option<&'t str>,
    /// Whether a semicolon or a plus ends its words.
    ends: bool,
}

impl<'t> Before<'t> {
    fn wrap(&mut self, name: &str) {
        self.wraps = true;
        match name {
            "xargs" => self.adds = true,
            "find" => (self.stand_in, self.ends) = (Some("{}"), true),
            _ => {}
        }
    }

    /// Reads an option of `xargs` that says what stands for a line of its input.
    fn option(&mut self, said: &'t str, rest: &[Word], text: &'t str) {
        if !self.adds {
            return;
        }
        let stand_in = match said {
            "-I" => rest.first().map(|word| plain(word, text)),
            "-i" | "--replace" => Some("{}"),
            _ => said.strip_prefix("-I").or_else(|| said.strip_prefix("--replace=")),
        };
        if let Some(stand_in) = stand_in.filter(|said| !said.is_empty()) {
            (self.stand_in, self.adds) = (Some(stand_in), false);
        }
    }

    fn call<'c>(&self, name: Span, rest: &'c [Word], text: &str) -> Called<'c> {
        let is_end = |word: &Word| matches!(word.range.slice(text), r"\;" | "';'" | "\";\"" | "+");
        let end = rest.iter().position(is_end).filter(|_| self.ends).unwrap_or(rest.len());
        Called { name, words: self.fill(&rest[..end], text), more: self.adds }
    }

    /// Words in which what is put in is not known.
    fn fill<'c>(&self, words: &'c [Word], text: &str) -> Cow<'c, [Word]> {
        let Some(stand_in) = self.stand_in else { return Cow::Borrowed(words) };
        words.iter().map(|word| filled(word, stand_in, text)).collect()
    }
}

fn filled(word: &Word, stand_in: &str, text: &str) -> Word {
    let mut pieces = Vec::with_capacity(word.pieces.len());
    for piece in &word.pieces {
        if piece.kind != PieceKind::Literal {
            pieces.push(*piece);
            continue;
        }
        let mut put = |start: usize, end: usize, kind: PieceKind| {
            let range =
                Span::from_usize(piece.range.start as usize + start, piece.range.start as usize + end);
            if start < end {
                pieces.push(Piece { range, kind, ..*piece });
            }
        };
        let said = piece.range.slice(text);
        let mut from = 0;
        for at in memchr::memmem::find_iter(said.as_bytes(), stand_in) {
            put(from, at, PieceKind::Literal);
            from = at + stand_in.len();
            put(at, from, PieceKind::Unknown);
        }
        put(from, said.len(), PieceKind::Literal);
    }
    Word { range: word.range, pieces }
}

/// What a word says, where it is written in one way.
fn plain<'t>(word: &Word, text: &'t str) -> &'t str {
    match word.pieces.as_slice() {
        [piece] if piece.kind == PieceKind::Literal => piece.range.slice(text),
        _ => word.range.slice(text),
    }
}

/// Whether a word names the program, by whatever path, or an image that runs it.
pub(super) fn is_curl(said: &str) -> bool {
    let name = said.rsplit('/').next().unwrap_or_default();
    let is_path = name.len() < said.len() && !said.starts_with('-') && !said.contains("://");
    matches!(said, "curl" | "\\curl" | "curl.exe")
        || is_path && matches!(name.split([':', '@']).next(), Some("curl" | "curl.exe"))
}

/// Whether a command runs another one, by its name: `retry 3 curl …`
fn is_runner(said: &str) -> bool {
    let holds = |word: &str| said.contains(word);
    said.starts_with("run")
        || said.starts_with("try")
        || holds("retry")
        || holds("attempt")
        || holds("backoff")
}

fn script(words: Cow<'_, [Word]>) -> Option<Runs<'_>> {
    (!words.is_empty()).then_some(Runs::Script(words))
}

/// A script that is put together of words. Without quotes of its own around JSON, the shell that reads it
/// makes something else of that: nobody means it, and it cannot be spoken of in terms of what is written.
fn spliced<'c>(words: &'c [Word], before: &Before<'_>, text: &str) -> Option<Runs<'c>> {
    let loses_quotes = |word: &Word| {
        let in_quotes = |piece: &Piece| {
            let said = piece.range.slice(text);
            piece.quoting != Quoted::Bare && piece.kind == PieceKind::Literal && said.contains('{')
        };
        let is_quoted_again = match word.pieces.first() {
            Some(Piece { kind: PieceKind::Escape(first), .. }) => matches!(first, '\'' | '"'),
            Some(first) => first.range.slice(text).starts_with(['\'', '"']),
            None => false,
        };
        !is_quoted_again && word.pieces.iter().any(in_quotes)
    };
    if words.len() > 1 && words.iter().any(loses_quotes) {
        return None;
    }
    script(before.fill(words, text))
}

/// The script that a shell reads.
fn of_input(command: &Command) -> Option<Runs<'_>> {
    match &command.input {
        Input::Document(number) => Some(Runs::Document(*number)),
        Input::Text(word) => script(Cow::Borrowed(slice::from_ref(word))),
        _ => None,
    }
}

/// What `ssh` runs: its words, or what it reads.
fn on_another_host<'c>(
    command: &'c Command,
    words: &'c [Word],
    before: &Before<'_>,
    text: &str,
) -> Option<Runs<'c>> {
    let said = || spliced(words, before, text);
    if words.iter().any(|word| word.range.slice(text).contains("curl")) {
        return said();
    }
    of_input(command).or_else(said)
}

/// The words of `ssh` after the name of the host.
fn after_host<'c>(words: &'c [Word], text: &str) -> &'c [Word] {
    const WITH_VALUE: &str = "BbcDEeFIiJLlmOopQRSWw";
    let mut at = 0;
    while let Some(said) = words.get(at).map(|word| plain(word, text)) {
        at += 1;
        let Some(letters) = said.strip_prefix('-') else { break };
        at += usize::from(letters.len() == 1 && WITH_VALUE.contains(letters));
    }
    words.get(at..).unwrap_or_default()
}

/// Where a shell's script is.
enum OfShell<'c> {
    Script(&'c Word),
    Input,
    File,
}

fn of_shell<'c>(words: &'c [Word], text: &str) -> OfShell<'c> {
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let said = plain(word, text);
        if !said.starts_with(['-', '+']) {
            return OfShell::File;
        }
        if said.starts_with("--") {
            continue;
        }
        match said.as_bytes().last() {
            Some(b'c') => return words.next().map_or(OfShell::File, OfShell::Script),
            // `-euo pipefail`
            Some(b'o') => drop(words.next()),
            _ if said.contains('s') => return OfShell::Input,
            _ => {}
        }
    }
    OfShell::Input
}

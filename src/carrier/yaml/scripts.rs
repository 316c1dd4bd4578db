//! The scripts of pipelines, playbooks and manifests, and what they are written in.

use std::borrow::Cow;

use memchr::memmem;

use crate::carrier::yaml::Own;
use crate::carrier::yaml::scalar::UNKNOWN;
use crate::carrier::yaml::transcribe::Scalar;
use crate::carrier::{Carrier, Source};
use crate::json::{Kind, Value};
use crate::text::{Passage, Span};

/// Members that hold a script of the language that is set around them.
const KEYS: [&str; 14] = [
    "run",
    "script",
    "before_script",
    "after_script",
    "command",
    "commands",
    "args",
    "cmd",
    "cmds",
    "inlineScript",
    "entry",
    "raw",
    "ansible.builtin.command",
    "ansible.builtin.raw",
];

/// Members that hold a shell's.
const OF_SHELL: [&str; 4] = ["bash", "sh", "shell", "ansible.builtin.shell"];

/// Members that hold one of `PowerShell`'s.
const OF_POWERSHELL: [&str; 3] = ["pwsh", "powershell", "ansible.windows.win_shell"];

/// How many lists in one another may hold the lines of a script.
const DEEPEST: usize = 4;

/// What a script is written in, as far as it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    Shell,
    PowerShell,
    /// None of those that are read.
    Other,
}

impl Language {
    pub(super) const fn carrier(self) -> Option<Carrier> {
        match self {
            Self::Shell => Some(Carrier::Curl),
            Self::PowerShell => Some(Carrier::PowerShell),
            Self::Other => None,
        }
    }

    /// The language of a program's name or command line: `bash`, `/bin/sh -e {0}`, `pwsh`.
    fn of_program(said: &str) -> Self {
        let mut words = said.split_whitespace();
        let mut program = words.next().unwrap_or_default();
        if program.ends_with("/env") {
            program = words.find(|word| !word.starts_with('-')).unwrap_or_default();
        }
        let name = program.rsplit(['/', '\\']).next().unwrap_or_default().to_ascii_lowercase();
        match name.strip_suffix(".exe").unwrap_or(&name) {
            "bash" | "sh" | "shell" | "curl" | "zsh" | "dash" | "ash" | "ksh" => Self::Shell,
            "pwsh" | "powershell" | "pscore" | "ps" => Self::PowerShell,
            _ => Self::Other,
        }
    }
}

/// Finds the scripts of a document, object by object, in the document's order.
pub(super) struct Scripts<'d> {
    source: Source<'d>,
    own: &'d Own<'d>,
    /// The objects around, by where they end, with the language that is set in them.
    around: Vec<(u32, Language)>,
}

impl<'d> Scripts<'d> {
    /// Nothing where there can be none.
    pub(super) fn new(source: Source<'d>, own: &'d Own<'d>) -> Option<Self> {
        const CALLS: [&str; 3] = ["curl", "nvoke-", "INVOKE-"];
        let text = source.text.as_str().as_bytes();
        CALLS.iter().any(|call| memmem::find(text, call.as_bytes()).is_some()).then(|| Self {
            source,
            own,
            around: Vec::new(),
        })
    }

    /// Gives the scripts of an object's own members away.
    pub(super) fn each(&mut self, object: Value<'_>, mut give: impl FnMut(Carrier, &Passage<'_>)) {
        while self.around.last().is_some_and(|(end, _)| *end <= object.index()) {
            self.around.pop();
        }
        let inherited = self.around.last().map_or(Language::Shell, |(_, language)| *language);
        let set = language(object).unwrap_or(inherited);
        self.around.push((object.node().next, set));
        for (key, member) in object.members() {
            let Some(name) = key.as_str() else { continue };
            let language = match name.as_ref() {
                name if OF_SHELL.contains(&name) => Language::Shell,
                name if OF_POWERSHELL.contains(&name) => Language::PowerShell,
                name if KEYS.contains(&name) => set,
                // A sample in the description of an API.
                "source" if object.get("lang").is_some() => set,
                _ => continue,
            };
            let mut lines = Vec::new();
            self.gather(member, DEEPEST, &mut lines);
            if lines.is_empty() {
                continue;
            }
            let script = Scalar::lines(self.own.text, &lines);
            if let Some(carrier) = told_by_itself(script.as_str()).unwrap_or(language).carrier() {
                give(carrier, &without_expressions(&script));
            }
        }
    }

    /// The scalars of a script, which may be a list of lines.
    fn gather(&self, value: Value<'_>, deepest: usize, lines: &mut Vec<&'d Scalar>) {
        if value.kind() == Kind::String {
            let text = self.source.passage(value);
            lines.extend(text.and_then(|text| self.own.scalar_at(text.span())));
        } else if let Some(deepest) = deepest.checked_sub(1) {
            for item in value.items() {
                self.gather(item, deepest, lines);
            }
        }
    }
}

/// The language that an object sets for the scripts in it, if it does.
fn language(object: Value<'_>) -> Option<Language> {
    let says = |value: Option<Value<'_>>, word: &str| {
        value.and_then(Value::as_str).is_some_and(|said| said.contains(word))
    };
    let program = object
        .get("shell")
        .or_else(|| object.get("lang"))
        .or_else(|| object.get("scriptType"))
        .or_else(|| object.get("defaults")?.get("run")?.get("shell"))
        .and_then(Value::as_str)
        // A script of Ansible's.
        .filter(|said| !said.contains("curl"));
    if let Some(program) = program {
        return Some(Language::of_program(&program));
    }
    if says(object.get("uses"), "github-script") {
        return Some(Language::Other);
    }
    if says(object.get("runs-on"), "windows") {
        return Some(Language::PowerShell);
    }
    says(object.get("pool").and_then(|pool| pool.get("vmImage")), "windows").then_some(Language::Other)
}

/// The language that the first line of a script names.
fn told_by_itself(script: &str) -> Option<Language> {
    let line = script.strip_prefix("#!")?.lines().next().unwrap_or_default();
    Some(Language::of_program(line))
}

/// A script in which the expressions that are filled in before it runs stand for what is not known.
fn without_expressions<'t>(script: &'t Passage<'t>) -> Cow<'t, Passage<'t>> {
    let text = script.as_str();
    let mut out = script.rewrite();
    let (mut copied, mut at) = (0, 0);
    while let Some(next) = memchr::memchr3(b'$', b'{', b'<', &text.as_bytes()[at..]).map(|next| at + next) {
        at = next + 1;
        if let Some(end) = expression_end(&text[next..]).map(|len| next + len) {
            out.copy(Span::from_usize(copied, next));
            out.put_value(UNKNOWN, Span::from_usize(next, end));
            (copied, at) = (end, end);
        }
    }
    if copied == 0 {
        return Cow::Borrowed(script);
    }
    out.copy(Span::from_usize(copied, text.len()));
    Cow::Owned(out.finish(None))
}

/// The length of the expression that a text begins with: GitHub's `${{ x }}`, Ansible's `{{ x }}`,
/// GitLab's `$[[ x ]]`, `CircleCI`'s `<< parameters.x >>`.
fn expression_end(text: &str) -> Option<usize> {
    const BRACKETS: [(&str, &str); 4] = [("${{", "}}"), ("{{", "}}"), ("$[[", "]]"), ("<<", ">>")];
    /// Longer ones are none.
    const LONGEST: usize = 500;
    let (open, close) = BRACKETS.into_iter().find(|(open, _)| text.starts_with(open))?;
    let after = &text.as_bytes()[open.len()..text.len().min(LONGEST)];
    // What looks like CircleCI's is a here-document mostly.
    let names = ["parameters.", "pipeline.", "matrix."];
    let begins = |name: &str| after.trim_ascii_start().starts_with(name.as_bytes());
    if open == "<<" && !names.into_iter().any(begins) {
        return None;
    }
    // Mostly there is none, and it need not be looked for byte by byte.
    memmem::find(after, close.as_bytes())?;
    let mut quoted = false;
    let end = (0..after.len()).find(|at| {
        quoted ^= open == "${{" && after[*at] == b'\'';
        !quoted && after[*at..].starts_with(close.as_bytes())
    })?;
    // Over the end of a line goes GitHub's alone.
    let is_whole = open == "${{" || !after[..end].contains(&b'\n');
    is_whole.then_some(open.len() + end + close.len())
}

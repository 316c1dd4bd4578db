//! The variables that a collection and its folders declare.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::api::may_reach_conversations;
use crate::carrier::Source;
use crate::json::{Kind, Value};
use crate::text::{Passage, Rewriter, Span};

/// The values of variables where a request stands.
pub(super) struct Variables<'t> {
    /// For each name what it stands for, innermost last; `None` where that is not known.
    values: HashMap<Cow<'t, str>, Vec<Option<Cow<'t, str>>>>,
    /// The names that each open folder declares.
    folders: Vec<Vec<Cow<'t, str>>>,
    /// Bytes that values may still be written into texts: a short name may stand for a long value, over
    /// and over.
    budget: usize,
    /// Whether a value was declared that may take a URL to the conversations.
    of_conversations: bool,
    /// The names that scripts give values to.
    set: HashSet<&'t str>,
}

/// How often a value may name another variable.
const DEEPEST: usize = 20;
/// Bytes of values that any collection may use.
const LEAST_BUDGET: usize = 1 << 20;

impl<'t> Variables<'t> {
    /// None yet.
    pub(super) fn new(source: Source<'t>) -> Self {
        let budget = source.text.as_str().len().saturating_mul(4).max(LEAST_BUDGET);
        let set = set_by_scripts(source.document.text());
        Self { values: HashMap::new(), folders: Vec::new(), budget, of_conversations: false, set }
    }

    /// Declares those of a folder.
    pub(super) fn enter(&mut self, declared: Option<Value<'t>>) {
        let mut names = Vec::new();
        for item in declared.into_iter().flat_map(Value::items) {
            let (mut name, mut id, mut value, mut kind, mut disabled) = (None, None, None, None, false);
            for (key, member) in item.members() {
                match key.raw() {
                    r#""key""# => name = member.as_str(),
                    r#""id""# => id = member.as_str(),
                    r#""value""# => value = Some(member),
                    r#""type""# => kind = member.as_str(),
                    r#""disabled""# => disabled = member.raw() == "true",
                    _ => {}
                }
            }
            let Some(name) = name.or(id).filter(|_| !disabled) else { continue };
            let is_known = kind.as_deref() != Some("secret") && !self.set.contains(&*name);
            let value = value.filter(|_| is_known).and_then(text);
            self.of_conversations |= value.as_deref().is_some_and(may_reach_conversations);
            self.values.entry(name.clone()).or_default().push(value);
            names.push(name);
        }
        self.folders.push(names);
    }

    /// Whether a URL may go to the conversations by what is put in it.
    pub(super) const fn speak_of_conversations(&self) -> bool {
        self.of_conversations
    }

    /// Forgets those of the folder entered last.
    pub(super) fn leave(&mut self) {
        for name in self.folders.pop().into_iter().flatten() {
            if let Some(values) = self.values.get_mut(&name) {
                values.pop();
            }
        }
    }

    /// A text with the values that are known.
    pub(super) fn resolve(&mut self, text: Passage<'t>) -> Passage<'t> {
        self.resolve_where(text, |_| true)
    }

    /// A URL with the values that are known. What is named for an id is another one for each request
    /// that is sent, and what is written down for it merely a sample.
    pub(super) fn resolve_url(&mut self, url: Passage<'t>) -> Passage<'t> {
        self.resolve_where(url, |name| {
            let name = name.trim();
            !(name.ends_with("Id") || name.ends_with("ID") || name.ends_with("id"))
        })
    }

    fn resolve_where(&mut self, text: Passage<'t>, wanted: impl Fn(&str) -> bool) -> Passage<'t> {
        let said = text.as_str();
        // Most texts name none that is known.
        let mut out = None::<Rewriter<'_>>;
        let mut at = 0;
        for reference in references(said) {
            let name = &said[reference.start as usize + 2..reference.end as usize - 2];
            if !wanted(name) {
                continue;
            }
            let Some(value) = self.value(name) else { continue };
            let out = out.get_or_insert_with(|| {
                let mut out = text.rewrite();
                out.reserve(said.len() + value.len(), 1);
                out
            });
            out.copy(Span::new(at, reference.start));
            out.put_value(&value, reference);
            at = reference.end;
        }
        let resolved = out.map(|mut out| {
            out.copy(Span::new(at, Span::from_usize(0, said.len()).end));
            out.finish(None)
        });
        resolved.unwrap_or(text)
    }

    /// What a name stands for, as far as that is known.
    fn value(&mut self, name: &str) -> Option<Cow<'t, str>> {
        let mut value = self.values.get(name)?.last()?.clone()?;
        self.spend(value.len())?;
        for _ in 0..DEEPEST {
            let mut inner = references(&value).peekable();
            if inner.peek().is_none() {
                break;
            }
            let mut next = String::new();
            let (mut at, mut cost, mut found) = (0, 0, false);
            for reference in inner {
                let name = &value[reference.start as usize + 2..reference.end as usize - 2];
                let known = self.values.get(name).and_then(|values| values.last()?.as_ref());
                let Some(known) = known else { continue };
                cost += known.len();
                if cost > self.budget {
                    return None;
                }
                next.push_str(&value[at..reference.start as usize]);
                next.push_str(known);
                at = reference.end as usize;
                found = true;
            }
            if !found {
                break;
            }
            next.push_str(&value[at..]);
            self.spend(next.len())?;
            value = Cow::Owned(next);
        }
        Some(value)
    }

    fn spend(&mut self, bytes: usize) -> Option<()> {
        self.budget = self.budget.checked_sub(bytes)?;
        Some(())
    }
}

/// The names that the scripts of a collection give values to, as its text has them:
/// `pm.variables.set(\"token\", …)`, and `postman.setEnvironmentVariable('token', …)` of old.
fn set_by_scripts(text: &str) -> HashSet<&str> {
    let calls = |call: &'static str| {
        memchr::memmem::find_iter(text.as_bytes(), call).map(move |at| text.split_at(at + call.len()))
    };
    let of_old = calls("Variable(")
        .filter(|(call, _)| call.ends_with("EnvironmentVariable(") || call.ends_with("GlobalVariable("));
    let named = calls(".set(").chain(of_old).filter_map(|(_, arguments)| {
        let arguments = arguments.trim_start();
        let arguments = arguments.strip_prefix('\\').unwrap_or(arguments);
        arguments.strip_prefix(['"', '\'', '`'])?.split(['"', '\'', '`', '\\', '\n']).next()
    });
    named.collect()
}

/// What a variable is written as, where that is known: nothing at all is to be filled in.
fn text(value: Value<'_>) -> Option<Cow<'_, str>> {
    match value.kind() {
        Kind::String => value.as_str().filter(|text| !text.is_empty()),
        Kind::Number | Kind::Boolean => Some(Cow::Borrowed(value.raw())),
        _ => None,
    }
}

/// The references to variables in a text: `{{name}}`, without a brace in the name.
fn references(text: &str) -> impl Iterator<Item = Span> + '_ {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let open = at + memchr::memchr(b'{', &bytes[at..])?;
            let name = open + bytes[open..].iter().take_while(|byte| **byte == b'{').count();
            if name < open + 2 {
                at = name;
                continue;
            }
            let end = name + memchr::memchr2(b'{', b'}', &bytes[name..])?;
            at = end;
            if bytes[end..].starts_with(b"}}") {
                at = end + 2;
                return Some(Span::from_usize(name - 2, at));
            }
        }
    })
}

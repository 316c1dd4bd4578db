//! What several rules ask of the references in templates.

use std::borrow::Cow;

use crate::api::{Additional, Shape, closest};
use crate::diagnostic::Fix;
use crate::json::{Kind, Value, holds_placeholder};
use crate::rules::Subject;
use crate::schema::Expected;
use crate::template::{Form, Input, InputKind, Names, Part, PieceKind, Reading, Reference, Step, UNKNOWN};
use crate::text::Span;

/// The input that stands for a whole value.
#[derive(Clone, Copy, Debug)]
pub struct Filled<'s> {
    /// What is declared of it.
    pub input: &'s Input,
    /// Whether it is filled in by `$esc`.
    pub escaped: bool,
}

/// The declared input that a value is, where it is one reference and nothing else.
pub fn filled<'s>(subject: &'s Subject<'_>, value: Value<'_>) -> Option<Filled<'s>> {
    let names = &subject.request.templates.as_ref()?.inputs.as_ref()?.names;
    if value.kind() != Kind::Placeholder {
        return None;
    }
    let text = said(subject, value);
    let reading = Reading::of(text);
    let [piece] = reading.pieces.as_slice() else { return None };
    if piece.span.range() != (0..text.len()) || !reading.faults.is_empty() {
        return None;
    }
    let (reference, escaped) = match reading.references.as_slice() {
        [reference] => (reference, false),
        [outer, reference] if outer.root.slice(text) == "esc" && reference.escaped => (reference, true),
        _ => return None,
    };
    let input = declared(subject, names, reference, text)?;
    Some(Filled { input, escaped })
}

/// A string of a template, whatever the references in it print.
#[derive(Clone, Copy, Debug)]
pub struct Quoted<'s> {
    /// The reference to an input that it is, where it is that alone: without an escape that it is put into.
    pub said: Option<&'s str>,
    /// The input, where it is declared.
    pub input: Option<&'s Input>,
}

/// What is known of a string that a template fills in: its quotes are sent. `None` where it may become
/// something else before Velocity reads it.
pub fn quoted<'s>(subject: &'s Subject<'_>, value: Value<'s>) -> Option<Quoted<'s>> {
    let templates = subject.request.templates.as_ref()?;
    if value.kind() != Kind::String || value.lacks_quote() {
        return None;
    }
    let text = value.as_str()?;
    let reading = Reading::of(&text);
    if !reading.faults.is_empty() || text.contains(UNKNOWN) || !prints_inputs(subject, &reading, &text) {
        return None;
    }
    let string = Quoted { said: None, input: None };
    let [piece] = reading.pieces.as_slice() else { return Some(string) };
    // With conditions around it, it is not all of the string.
    let is_all = piece.span.range() == (0..text.len())
        && subject.passage.is_none_or(|passage| passage.is_unbroken(value.span()));
    let (Cow::Borrowed(text), true) = (&text, is_all) else { return Some(string) };
    let reference = match reading.references.as_slice() {
        [reference] => reference,
        [_, reference] if reference.escaped && is_escape_of_string(text) => reference,
        _ => return Some(string),
    };
    let names = templates.inputs.as_ref().map(|inputs| &*inputs.names);
    let input = names.and_then(|names| declared(subject, names, reference, text));
    Some(Quoted { said: Some(reference.span.slice(text)), input })
}

/// Whether a text has references to inputs, and is otherwise what Velocity prints of it.
fn prints_inputs(subject: &Subject<'_>, reading: &Reading, text: &str) -> bool {
    let mut rest = String::new();
    let mut at = 0;
    for piece in &reading.pieces {
        if !matches!(piece.kind, PieceKind::Reference(_)) {
            return false;
        }
        rest.push_str(&text[at..piece.span.start as usize]);
        at = piece.span.end as usize;
    }
    rest.push_str(&text[at..]);
    !holds_placeholder(&rest) && reading.references.iter().any(|reference| is_input(subject, reference, text))
}

/// A value that is a placeholder, as it stands in the template.
pub fn said<'s>(subject: &'s Subject<'_>, value: Value<'s>) -> &'s str {
    let behind = || subject.reference_behind(value.span());
    Some(value.raw()).filter(|raw| *raw != UNKNOWN).or_else(behind).unwrap_or(UNKNOWN)
}

/// Whether a text is one call of `$esc.jsonString`.
pub fn is_escape_of_string(text: &str) -> bool {
    let reading = Reading::of(text);
    let [piece] = reading.pieces.as_slice() else { return false };
    let calls = |reference: &Reference| {
        let after = text.get(reference.root.end as usize..).unwrap_or_default();
        reference.root.slice(text) == "esc" && after.starts_with(".jsonString(")
    };
    piece.span.range() == (0..text.len())
        && reading.faults.is_empty()
        && reading.references.first().is_some_and(calls)
        && text.trim_end_matches('}').ends_with(')')
}

/// What is declared of what a reference prints, where that is an input, or something out of one.
pub fn declared<'s>(
    subject: &Subject<'_>,
    names: &'s Names,
    reference: &Reference,
    text: &str,
) -> Option<&'s Input> {
    if !is_input(subject, reference, text) {
        return None;
    }
    stepped(names, reference.steps(text)?)
}

/// What steps lead to out of the inputs.
pub fn stepped<'s>(names: &'s Names, steps: Vec<Step<'_>>) -> Option<&'s Input> {
    let mut input: Option<&Input> = None;
    for step in steps {
        input = Some(match (step, input) {
            (Step::Member(name), None) => names.get(name)?,
            (Step::Member(name), Some(input)) => input.within.as_ref()?.get(name)?,
            (Step::Item, input) => input?.items.as_deref()?,
        });
    }
    input
}

/// Whether a reference is to the inputs, and to those that come with the request.
pub fn is_input(subject: &Subject<'_>, reference: &Reference, text: &str) -> bool {
    reference.root.slice(text) == "input" && !is_local(subject, "input")
}

/// Whether a template of the request gives a name its value.
pub fn is_local(subject: &Subject<'_>, name: &str) -> bool {
    let templates = subject.request.templates.as_ref();
    templates.is_some_and(|templates| templates.parts.iter().any(|part| part.reading.is_local(name)))
}

/// The references of all templates of a request, each with the template it is in.
pub fn references<'s>(subject: &'s Subject<'_>) -> impl Iterator<Item = (&'s Part<'s>, &'s Reference)> {
    let parts = subject.request.templates.iter().flat_map(|templates| &templates.parts);
    parts.flat_map(|part| part.reading.references.iter().map(move |reference| (part, reference)))
}

/// Whether a name is that of an id, of which no character needs an escape.
pub fn is_id(name: &str) -> bool {
    const IDS: [&str; 9] = [
        "conversationid",
        "participantid",
        "communicationid",
        "userid",
        "agentid",
        "queueid",
        "contactid",
        "customerid",
        "sessionid",
    ];
    let lower = name.to_ascii_lowercase();
    let words =
        lower.ends_with("uuid") || lower.ends_with("guid") || IDS.iter().any(|id| lower.ends_with(id));
    let Some(before) = lower.strip_suffix("id") else { return words };
    // `userId` and `userID`, `USER_ID` and `id`; not `paid`, nor `GRID`.
    let last = name.as_bytes()[..before.len()].last();
    words
        || name.ends_with("Id")
        || last.is_none_or(|last| matches!(last, b'_' | b'-'))
        || (name.ends_with("ID") && last.is_some_and(u8::is_ascii_lowercase))
}

/// Whether a value of a type may stand where a model has a shape, as far as that is certain. A string
/// may hold anything.
pub fn may_stand(kind: InputKind, shape: &Shape) -> bool {
    match shape {
        Shape::Any => true,
        _ if matches!(kind, InputKind::Unknown | InputKind::String) => true,
        Shape::Boolean => kind == InputKind::Boolean,
        Shape::String { .. } => false,
        Shape::Integer { .. } | Shape::Number => matches!(kind, InputKind::Integer | InputKind::Number),
        Shape::Array { .. } => kind == InputKind::Array,
        Shape::Object { .. } | Shape::Attributes => kind == InputKind::Object,
    }
}

/// What is said of a value that does not have a shape; `None` for a shape that any value has.
pub const fn expected(shape: &Shape) -> Option<Expected> {
    Some(match shape {
        Shape::Boolean => Expected::Boolean,
        Shape::String { date_time: true, .. } => Expected::DateTime,
        Shape::String { .. } => Expected::String,
        Shape::Integer { .. } => Expected::Integer,
        Shape::Number => Expected::Number,
        Shape::Array { .. } => Expected::Array,
        Shape::Object { .. } | Shape::Attributes => Expected::Object,
        Shape::Any => return None,
    })
}

/// Whether a string may be of a shape.
pub const fn takes_string(shape: &Shape) -> bool {
    matches!(shape, Shape::String { .. } | Shape::Any)
}

/// The values of the body that the model has shapes for, outermost first; not those within maps of
/// attributes.
pub fn shaped<'a>(subject: &Subject<'a>) -> Vec<(Value<'a>, &'static Shape)> {
    let schema = subject.model.and_then(|model| model.schema.as_ref());
    let (Some(body), Some(schema)) = (subject.body(), schema) else { return Vec::new() };
    let mut found = vec![(body, schema.shape)];
    let mut next = 0;
    while let Some((value, shape)) = found.get(next).copied() {
        next += 1;
        match shape {
            Shape::Array { items, .. } => found.extend(value.items().map(|item| (item, *items))),
            Shape::Object { properties, additional, .. } => {
                for (key, member) in value.members() {
                    let name = key.as_str().unwrap_or_default();
                    let known = properties.iter().find(|(known, _)| *known == name).map(|(_, shape)| *shape);
                    let shape = match (known, additional) {
                        (Some(shape), _) => shape,
                        (None, Additional::Of(shape)) => *shape,
                        (None, Additional::Free | Additional::Refused) => continue,
                    };
                    found.push((member, shape));
                }
            }
            _ => {}
        }
    }
    found
}

/// What is to be said of the names of a reference.
pub enum Verdict<'s> {
    /// Nothing.
    Fine,
    /// They are right but for their case: what has to be written, and in place of what.
    Case(Vec<(Span, String)>),
    /// A name that is none of those declared there.
    Undeclared {
        /// The name.
        name: Span,
        /// Those that are declared.
        among: &'s Names,
    },
}

/// Judges the names of a reference by what is declared.
pub fn verdict<'s>(subject: &'s Subject<'_>, part: &Part<'_>, reference: &Reference) -> Verdict<'s> {
    let text = part.text.as_str();
    let root = reference.root.slice(text);
    let mut edits = Vec::new();
    if is_local(subject, root) {
        return Verdict::Fine;
    }
    if let Some(right) = ["input", "esc"].into_iter().find(|right| root.eq_ignore_ascii_case(right)) {
        if root != right {
            edits.push((reference.root, right.to_owned()));
        }
        if right == "esc" {
            return if edits.is_empty() { Verdict::Fine } else { Verdict::Case(edits) };
        }
    } else {
        return Verdict::Fine;
    }
    let inputs = subject.request.templates.as_ref().and_then(|templates| templates.inputs.as_ref());
    let mut names = inputs.map(|inputs| &*inputs.names).filter(|_| reference.form != Form::Blurred);
    for (depth, name) in reference.path.iter().enumerate() {
        let Some(level) = names else { break };
        let said = name.slice(text);
        let found = match level.get(said) {
            Some(input) => input,
            None if depth == 0 && said.eq_ignore_ascii_case(RAW_REQUEST) => {
                if said != RAW_REQUEST {
                    edits.push((*name, RAW_REQUEST.to_owned()));
                }
                break;
            }
            None => match level.get_in_any_case(said) {
                Some(input) => {
                    edits.push((*name, input.name.clone()));
                    input
                }
                None if edits.is_empty() => return Verdict::Undeclared { name: *name, among: level },
                None => break,
            },
        };
        names = found.within.as_ref();
    }
    if edits.is_empty() { Verdict::Fine } else { Verdict::Case(edits) }
}

/// The input that is always there: all of them, as JSON.
pub const RAW_REQUEST: &str = "rawRequest";

/// The declared name that is nearest to one that is not.
pub fn nearest<'n>(name: &str, among: &'n Names) -> Option<&'n str> {
    /// In a longer list nothing is looked for.
    const MOST: usize = 200;
    let names = among.all.iter().take(MOST).map(|input| input.name.as_str());
    closest(name, names)
}

/// A change of a template, of several places in it; `None` where one of them cannot be changed.
pub fn mend(part: &Part<'_>, title: &str, edits: &[(Span, String)]) -> Option<Fix> {
    let mut fix: Option<Fix> = None;
    for (span, text) in edits {
        let (span, text) = part.text.change(*span, text)?;
        fix = Some(match fix {
            None => Fix::replace(title.to_owned(), span, text),
            Some(fix) => fix.and(span, text),
        });
    }
    fix
}

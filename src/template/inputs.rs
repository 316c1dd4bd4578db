//! The inputs that a contract declares.

use std::collections::HashMap;
use std::rc::Rc;

use crate::json::{Arena, Kind, Value, holds_placeholder};
use crate::text::{Passage, Span};

/// How deep the schema of an input is read.
const DEEPEST: usize = 8;

/// The inputs that a JSON Schema declares.
#[derive(Clone, Debug)]
pub struct Inputs<'t> {
    /// The schema; the places of inputs count bytes of it.
    pub schema: Passage<'t>,
    /// Those of the outermost level.
    pub names: Rc<Names>,
}

/// The properties that one level of a schema declares.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// In the order of the schema.
    pub all: Vec<Input>,
    /// Whether it says outright that there may be others.
    pub open: bool,
    /// Their places in the list, by name.
    by_name: HashMap<String, usize>,
    /// The same by the name in lower case.
    by_lower: HashMap<String, usize>,
}

/// One input.
#[derive(Clone, Debug)]
pub struct Input {
    /// Its name.
    pub name: String,
    /// Where that is written in the schema.
    pub key: Span,
    /// Its type.
    pub kind: InputKind,
    /// Whether it may be any text: no list of values, format or pattern says which.
    pub any_text: bool,
    /// The inputs within it, where they are declared.
    pub within: Option<Names>,
    /// What each item of it is, where it is a list and that is declared.
    pub items: Option<Box<Self>>,
}

/// The type of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputKind {
    /// Not said, or several.
    Unknown,
    /// `string`
    String,
    /// `integer`
    Integer,
    /// `number`
    Number,
    /// `boolean`
    Boolean,
    /// `array`
    Array,
    /// `object`
    Object,
}

impl InputKind {
    /// With its article: `an integer`.
    #[must_use]
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Unknown => "of no known type",
            Self::String => "a string",
            Self::Integer => "an integer",
            Self::Number => "a number",
            Self::Boolean => "a boolean",
            Self::Array => "an array",
            Self::Object => "an object",
        }
    }

    fn named(name: &str) -> Self {
        match name {
            "string" => Self::String,
            "integer" => Self::Integer,
            "number" => Self::Number,
            "boolean" => Self::Boolean,
            "array" => Self::Array,
            "object" => Self::Object,
            _ => Self::Unknown,
        }
    }
}

impl<'t> Inputs<'t> {
    /// Reads a schema; `None` where it does not say plainly which inputs there are.
    #[must_use]
    pub fn of(schema: &Passage<'t>) -> Option<Self> {
        let mut arena = Arena::new();
        let document = arena.parse(schema.as_str());
        if !document.faults().is_empty() {
            return None;
        }
        let names = Names::of(document.root()?, DEEPEST)?;
        Some(Self { schema: schema.clone(), names: Rc::new(names) })
    }

    /// The same, giving back every offset with `base` added; see [`Passage::based`].
    #[must_use]
    pub fn based(&self, base: u32) -> Self {
        Self { schema: self.schema.clone().based(base), names: Rc::clone(&self.names) }
    }
}

impl Names {
    /// The input of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Input> {
        self.by_name.get(name).map(|at| &self.all[*at])
    }

    /// The input of a name that is the same but for its case.
    #[must_use]
    pub fn get_in_any_case(&self, name: &str) -> Option<&Input> {
        self.by_lower.get(&name.to_ascii_lowercase()).map(|at| &self.all[*at])
    }

    fn of(schema: Value<'_>, deepest: usize) -> Option<Self> {
        const ELSEWHERE: [&str; 7] =
            ["$ref", "allOf", "anyOf", "oneOf", "patternProperties", "if", "dependencies"];
        let mut names = Self::default();
        let mut properties = None;
        for (key, value) in schema.members() {
            let key = key.as_str()?;
            match key.as_ref() {
                "properties" => properties = Some(value).filter(|value| value.is_object()),
                "additionalProperties" => names.open = value.raw() != "false",
                word if ELSEWHERE.contains(&word) => return None,
                _ => {}
            }
        }
        for (key, value) in properties?.members() {
            let name = key.as_str()?.into_owned();
            // A dot stands for a level that is not spelled out.
            if name.contains('.') || holds_placeholder(&name) {
                return None;
            }
            let at = names.all.len();
            names.by_name.insert(name.clone(), at);
            names.by_lower.entry(name.to_ascii_lowercase()).or_insert(at);
            names.all.push(Input::of(name, key, value, deepest));
        }
        Some(names)
    }
}

impl Input {
    fn of(name: String, key: Value<'_>, schema: Value<'_>, deepest: usize) -> Self {
        const NARROW: [&str; 8] = ["enum", "const", "format", "pattern", "$ref", "allOf", "anyOf", "oneOf"];
        let narrowed =
            schema.members().any(|(key, _)| key.as_str().is_none_or(|key| NARROW.contains(&key.as_ref())));
        let kind = schema.get("type").map_or(InputKind::Unknown, kind);
        let deeper = deepest.checked_sub(1);
        let within = deeper.filter(|_| kind == InputKind::Object);
        let items = deeper.filter(|_| kind == InputKind::Array).and_then(|deepest| {
            let schema = schema.get("items").filter(|items| items.is_object())?;
            // One of the `userIds` is a `userId`.
            let one = name.strip_suffix('s').unwrap_or(&name).to_owned();
            Some(Box::new(Self::of(one, key, schema, deepest)))
        });
        Self {
            name,
            key: key.span(),
            kind,
            any_text: kind == InputKind::String && !narrowed,
            within: within.and_then(|deepest| Names::of(schema, deepest)),
            items,
        }
    }
}

/// What a schema's `type` says; `null` beside another type says nothing.
fn kind(said: Value<'_>) -> InputKind {
    match said.kind() {
        Kind::String => said.as_str().map_or(InputKind::Unknown, |name| InputKind::named(&name)),
        Kind::Array => {
            let mut kinds = said.items().filter_map(Value::as_str).filter(|name| name != "null");
            match (kinds.next(), kinds.next()) {
                (Some(name), None) => InputKind::named(&name),
                _ => InputKind::Unknown,
            }
        }
        _ => InputKind::Unknown,
    }
}

//! What a schema finds wrong, as places of our tree and facts of our own.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, Validator};

use crate::api::{Additional, MODELS, Model, Shape};
use crate::json::{Flags, Kind, Pointers, SpannedJson, Value, holds_placeholder};
use crate::schema::is_date_time;

/// One thing that a schema finds wrong.
#[derive(Clone, Debug)]
pub struct Violation<'a> {
    /// The value, or the key, at fault.
    pub at: Value<'a>,
    /// The object that an unknown key stands in; otherwise the same.
    pub within: Value<'a>,
    /// What is wrong with it.
    pub kind: ViolationKind,
}

/// The ways of being wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ViolationKind {
    /// A key that the model has not; those that it has.
    UnknownProperty {
        /// The members of the object it stands in.
        known: Vec<&'static str>,
    },
    /// An object lacks a member.
    MissingProperty {
        /// Its name.
        name: String,
    },
    /// A value is of another type.
    WrongType {
        /// What it should be.
        expected: Expected,
        /// All that it may say, where that is listed.
        options: &'static [&'static str],
    },
    /// A value is none of those that are allowed.
    NotListed {
        /// All that are.
        options: &'static [&'static str],
    },
    /// A string is no date and time.
    NotDateTime,
    /// A number, a length or a count is out of bounds: the bound, in words.
    OutOfBounds {
        /// Such as `at most 2147483647`.
        bound: String,
    },
    /// A list holds a value twice that it may hold once.
    Repeated,
    /// A keyword that no bundled schema uses.
    Other {
        /// Its name.
        keyword: String,
    },
}

/// A JSON type, with its article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// `true` or `false`
    Boolean,
    /// A number without fraction.
    Integer,
    /// Any number.
    Number,
    /// A string.
    String,
    /// A string of one form.
    DateTime,
    /// An array.
    Array,
    /// An object.
    Object,
    /// `null`
    Null,
}

impl Expected {
    /// With its article: `an object`.
    #[must_use]
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Boolean => "a boolean",
            Self::Integer => "an integer",
            Self::Number => "a number",
            Self::String => "a string",
            Self::DateTime => "a string with a date and a time",
            Self::Array => "an array",
            Self::Object => "an object",
            Self::Null => "null",
        }
    }
}

/// Everything that a model's schema finds wrong with a body, in the order of the text.
///
/// Left out are the contents of attribute maps, which rules of their own speak of, and what depends
/// on a value that is not known yet.
#[must_use]
pub fn violations<'a>(model: &'static Model, body: Value<'a>) -> Vec<Violation<'a>> {
    let (Some(schema), Some(compiled)) = (&model.schema, compiled(model)) else { return Vec::new() };
    let mut found = Vec::new();
    let mut lookup = Lookup { body, walked: 0, index: None };
    for error in compiled.validator.iter_errors(body) {
        let path = error.instance_path().to_string();
        let (Some(at), Some(shape)) = (lookup.find(&path), shape_at(schema.shape, &path)) else { continue };
        // What is no JSON is told as that.
        let malformed = at.node().flags.has(Flags::MALFORMED);
        if at.is_unknown() || malformed || at.lacks_quote() || holds_unknown(at) {
            continue;
        }
        explain(at, shape, error.kind(), &mut found);
    }
    found.sort_by_key(|violation| (violation.at.span().start, violation.at.index()));
    found
}

/// Finds values by their pointers: the first few by walking, and if there are more, in an index, so
/// that a body with very many errors takes time in proportion.
struct Lookup<'a> {
    body: Value<'a>,
    walked: usize,
    index: Option<HashMap<String, Value<'a>>>,
}

impl<'a> Lookup<'a> {
    fn find(&mut self, pointer: &str) -> Option<Value<'a>> {
        const FEW: usize = 16;
        self.walked += 1;
        if self.walked <= FEW {
            return self.body.pointer(pointer);
        }
        let body = self.body;
        self.index.get_or_insert_with(|| index(body)).get(pointer).copied()
    }
}

/// Every value of a body by its pointer: the first, where a key is doubled.
fn index(body: Value<'_>) -> HashMap<String, Value<'_>> {
    let document = body.document();
    let mut pointers = Pointers::new(document);
    let prefix = pointers.at(body.span().start).len();
    let mut index = HashMap::new();
    for at in body.index()..body.node().next {
        let value = Value::at(document, at);
        if value.kind() != Kind::Key {
            let pointer = pointers.at(value.span().start);
            index.entry(pointer[prefix..].to_owned()).or_insert(value);
        }
    }
    index
}

/// A schema made ready at its first use.
pub(super) struct Compiled {
    /// As it is written.
    pub(super) schema: serde_json::Value,
    validator: Validator<SpannedJson>,
}

/// The schema of a model, where one is bundled.
pub(super) fn compiled(model: &Model) -> Option<&'static Compiled> {
    static ALL: [OnceLock<Option<Compiled>>; MODELS.len()] = [const { OnceLock::new() }; MODELS.len()];
    let index = MODELS.iter().position(|other| other.name == model.name)?;
    let compile = || {
        let schema = serde_json::from_str(model.schema.as_ref()?.text).ok()?;
        let validator = jsonschema::options_for::<SpannedJson>()
            .with_format("date-time", is_date_time)
            .with_format("uri", |_: &str| true)
            .should_validate_formats(true)
            .build(&schema)
            .ok()?;
        Some(Compiled { schema, validator })
    };
    ALL[index].get_or_init(compile).as_ref()
}

/// Whether a string may say something else when it is sent.
fn holds_unknown(at: Value<'_>) -> bool {
    at.kind() == Kind::String && at.as_str().is_some_and(|text| holds_placeholder(&text))
}

/// The shape of the value that a pointer leads to; `None` inside a map of attributes.
fn shape_at(shape: &'static Shape, pointer: &str) -> Option<&'static Shape> {
    let mut shape = shape;
    for token in pointer.split('/').skip(1) {
        let name = token.replace("~1", "/").replace("~0", "~");
        shape = match shape {
            Shape::Attributes => return None,
            Shape::Array { items, .. } => items,
            Shape::Object { properties, additional, .. } => {
                match (properties.iter().find(|(known, _)| *known == name), additional) {
                    (Some((_, shape)), _) | (None, Additional::Of(shape)) => shape,
                    (None, Additional::Free | Additional::Refused) => &Shape::Any,
                }
            }
            _ => &Shape::Any,
        };
    }
    Some(shape)
}

fn explain<'a>(
    at: Value<'a>,
    shape: &'static Shape,
    error: &ValidationErrorKind,
    found: &mut Vec<Violation<'a>>,
) {
    use ValidationErrorKind as Error;
    let mut add = |kind| found.push(Violation { at, within: at, kind });
    match error {
        Error::AdditionalProperties { unexpected } | Error::UnevaluatedProperties { unexpected } => {
            unknown_properties(at, shape, unexpected, found);
        }
        Error::Required { property } => {
            let unknown_key =
                at.members().any(|(key, _)| key.as_str().is_some_and(|name| holds_placeholder(&name)));
            if !unknown_key {
                add(ViolationKind::MissingProperty {
                    name: property.as_str().unwrap_or_default().to_owned(),
                });
            }
        }
        Error::Type { kind } => {
            if !(matches!(shape, Shape::Attributes) && at.kind() == Kind::Null) {
                let (expected, options) = match shape {
                    Shape::String { date_time: true, .. } => (Expected::DateTime, &[][..]),
                    Shape::String { options, .. } => (Expected::String, *options),
                    _ => (expected(kind), &[][..]),
                };
                add(ViolationKind::WrongType { expected, options });
            }
        }
        Error::Enum { .. } => {
            // A value of another type is told once, as such.
            if let Shape::String { options, .. } = shape
                && at.kind() == Kind::String
            {
                add(ViolationKind::NotListed { options });
            }
        }
        Error::Format { .. } => add(ViolationKind::NotDateTime),
        // `{}` is the matter of a rule of its own.
        Error::MinProperties { .. } => {}
        Error::Maximum { limit } => add(ViolationKind::OutOfBounds { bound: format!("at most {limit}") }),
        Error::Minimum { limit } => add(ViolationKind::OutOfBounds { bound: format!("at least {limit}") }),
        Error::ExclusiveMaximum { limit } => {
            add(ViolationKind::OutOfBounds { bound: format!("less than {limit}") });
        }
        Error::ExclusiveMinimum { limit } => {
            add(ViolationKind::OutOfBounds { bound: format!("more than {limit}") });
        }
        Error::MaxLength { limit } => {
            add(ViolationKind::OutOfBounds { bound: format!("at most {limit} characters") });
        }
        Error::MinLength { limit } => {
            add(ViolationKind::OutOfBounds { bound: format!("at least {limit} characters") });
        }
        Error::MaxItems { limit } => {
            add(ViolationKind::OutOfBounds { bound: format!("at most {limit} items") });
        }
        Error::MinItems { limit } => {
            add(ViolationKind::OutOfBounds { bound: format!("at least {limit} items") });
        }
        Error::MaxProperties { limit } => {
            add(ViolationKind::OutOfBounds { bound: format!("at most {limit} members") });
        }
        Error::UniqueItems => add(ViolationKind::Repeated),
        Error::AdditionalItems { .. }
        | Error::AnyOf { .. }
        | Error::BacktrackLimitExceeded { .. }
        | Error::RegexEngineFailure { .. }
        | Error::Constant { .. }
        | Error::Contains
        | Error::ContentEncoding { .. }
        | Error::ContentMediaType { .. }
        | Error::Custom { .. }
        | Error::FalseSchema
        | Error::FromUtf8 { .. }
        | Error::MultipleOf { .. }
        | Error::Not { .. }
        | Error::OneOfMultipleValid { .. }
        | Error::OneOfNotValid { .. }
        | Error::Pattern { .. }
        | Error::PropertyNames { .. }
        | Error::UnevaluatedItems { .. }
        | Error::Referencing(_) => add(ViolationKind::Other { keyword: error.keyword().to_owned() }),
    }
}

/// One violation for each key, at the key.
fn unknown_properties<'a>(
    object: Value<'a>,
    shape: &'static Shape,
    unexpected: &[String],
    found: &mut Vec<Violation<'a>>,
) {
    let known: Vec<_> = match shape {
        Shape::Object { properties, .. } => properties.iter().map(|(name, _)| *name).collect(),
        _ => Vec::new(),
    };
    let mut left: HashSet<&str> = unexpected.iter().map(String::as_str).collect();
    for (key, _) in object.members() {
        let name: Cow<'_, str> = key.as_str().unwrap_or_default();
        if left.remove(name.as_ref()) && !holds_placeholder(&name) {
            found.push(Violation {
                at: key,
                within: object,
                kind: ViolationKind::UnknownProperty { known: known.clone() },
            });
        }
    }
}

fn expected(kind: &TypeKind) -> Expected {
    let of = |kind: JsonType| match kind {
        JsonType::Array => Expected::Array,
        JsonType::Boolean => Expected::Boolean,
        JsonType::Integer => Expected::Integer,
        JsonType::Null => Expected::Null,
        JsonType::Number => Expected::Number,
        JsonType::Object => Expected::Object,
        JsonType::String => Expected::String,
    };
    match kind {
        TypeKind::Single(kind) => of(*kind),
        TypeKind::Multiple(kinds) => kinds.into_iter().next().map_or(Expected::Object, of),
    }
}

//! From TOML to what is meant by it: every key and value with its place, every fault told.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use crate::api::closest;
use crate::diagnostic::{Draft, Sink};
use crate::text::Span;

/// A value as TOML has it, with its place.
pub type Node<'t> = Spanned<DeValue<'t>>;

/// What a value is read as. What is wrong with it goes into the sink, and gives nothing.
pub trait Read: Sized {
    /// Reads a value.
    fn read(node: &Node<'_>, faults: &mut Sink<'_>) -> Option<Self>;
}

/// A key that is set: where it stands, and what to.
#[derive(Clone, Debug)]
pub struct Entry<T> {
    /// The key's place; of a value in a list, its own.
    pub key: Span,
    /// The value's place.
    pub place: Span,
    /// What it is set to.
    pub value: T,
}

impl<T: Read> Entry<T> {
    /// Reads what a key is set to.
    pub fn read(key: &Spanned<DeString<'_>>, node: &Node<'_>, faults: &mut Sink<'_>) -> Option<Self> {
        Some(Self { key: span(key), place: span(node), value: T::read(node, faults)? })
    }
}

/// Entries are described as their values are.
impl<T: JsonSchema> JsonSchema for Entry<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

/// Tables in a list of such, each with the place of its head.
impl<T: Read> Read for Vec<Entry<T>> {
    fn read(node: &Node<'_>, faults: &mut Sink<'_>) -> Option<Self> {
        let Some(array) = node.get_ref().as_array() else {
            faults.push(misfit(node, "a list"));
            return None;
        };
        let item = |node: &Node<'_>, faults: &mut Sink<'_>| {
            Some(Entry { key: span(node), place: span(node), value: T::read(node, faults)? })
        };
        Some(array.iter().filter_map(|node| item(node, faults)).collect())
    }
}

/// One value, or a list of several.
#[derive(Clone, Debug)]
pub struct Several<T>(pub Vec<Entry<T>>);

impl<T: Read> Read for Several<T> {
    fn read(node: &Node<'_>, faults: &mut Sink<'_>) -> Option<Self> {
        if node.get_ref().is_array() {
            return Vec::read(node, faults).map(Self);
        }
        let place = span(node);
        Some(Self(vec![Entry { key: place, place, value: T::read(node, faults)? }]))
    }
}

impl<T: JsonSchema> JsonSchema for Several<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let one = generator.subschema_for::<T>();
        schemars::json_schema!({ "anyOf": [one, { "type": "array", "items": one }] })
    }
}

impl Read for String {
    fn read(node: &Node<'_>, faults: &mut Sink<'_>) -> Option<Self> {
        let text = node.get_ref().as_str();
        if text.is_none() {
            faults.push(misfit(node, "a string"));
        }
        text.map(str::to_owned)
    }
}

impl Read for u32 {
    fn read(node: &Node<'_>, faults: &mut Sink<'_>) -> Option<Self> {
        let number = node.get_ref().as_integer();
        let number = number.and_then(|number| Self::from_str_radix(number.as_str(), number.radix()).ok());
        if number.is_none() {
            faults.push(misfit(node, "a whole number"));
        }
        number
    }
}

/// A table: its keys are read by a function that says whether it knows them.
pub fn table<'n, 't>(
    node: &'n Node<'t>,
    faults: &mut Sink<'_>,
) -> Option<Vec<(&'n Spanned<DeString<'t>>, &'n Node<'t>)>> {
    let Some(table) = node.get_ref().as_table() else {
        faults.push(misfit(node, "a table"));
        return None;
    };
    Some(in_order(table))
}

/// The keys of a table in the order of the text.
pub fn in_order<'n, 't>(table: &'n DeTable<'t>) -> Vec<(&'n Spanned<DeString<'t>>, &'n Node<'t>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

/// Says that a value is not of the kind that its key takes.
pub fn misfit(node: &Node<'_>, wanted: &str) -> Draft {
    let is = match node.get_ref() {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    };
    if is == wanted {
        return Draft::new(span(node), "this number is out of range");
    }
    Draft::new(span(node), format!("this is {is}, it must be {wanted}"))
}

/// Says that a name is none of those it may be.
pub fn unknown(place: Span, what: &str, name: &str, known: &[&str], otherwise: &str) -> Draft {
    let help = match closest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => otherwise.to_owned(),
    };
    Draft::new(place, format!("there is no {what} `{name}`")).help(help)
}

/// The place of a key or value.
pub fn span<T>(node: &Spanned<T>) -> Span {
    let range = node.span();
    Span::from_usize(range.start, range.end)
}

/// Makes a struct of settings and reads it: each key with its field, its type, and what it is for.
macro_rules! settings {
    ($(#[$meta:meta])* $name:ident, $within:literal {
        $($(#[$about:meta])* $key:literal $field:ident: $kind:ty,)*
    }) => {
        #[derive(Clone, Debug, Default, JsonSchema)]
        #[schemars(deny_unknown_fields, rename_all = "kebab-case")]
        $(#[$meta])*
        pub struct $name {
            $($(#[$about])* pub $field: Option<Entry<$kind>>,)*
        }

        impl $name {
            /// Its keys, in the order in which they are listed.
            pub const KEYS: &[&str] = &[$($key),*];

            fn read_keys(node: &Node<'_>, faults: &mut Sink<'_>) -> Option<Self> {
                let mut settings = Self::default();
                for (key, value) in table(node, faults)? {
                    match key.get_ref().as_ref() {
                        $($key => settings.$field = Entry::read(key, value, faults),)*
                        name => faults.push(unknown_setting(span(key), $within, name, Self::KEYS)),
                    }
                }
                Some(settings)
            }
        }
    };
}
pub(super) use settings;

/// Says that a key is none that a table has; `within` says which table, where that has to be said.
pub fn unknown_setting(place: Span, within: &str, name: &str, known: &[&str]) -> Draft {
    Draft::new(place, format!("there is no setting `{name}`{within}")).help(nearest(name, known))
}

/// Says that a word is none of a few.
pub fn unknown_word(place: Span, what: &str, name: &str, known: &[&str]) -> Draft {
    Draft::new(place, format!("there is no {what} `{name}`")).help(nearest(name, known))
}

/// The nearest of some names, or all.
fn nearest(name: &str, known: &[&str]) -> String {
    closest(name, known.iter().copied()).map_or_else(
        || format!("there are {}", known.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")),
        |near| format!("did you mean `{near}`?"),
    )
}

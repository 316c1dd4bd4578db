//! The tree as `jsonschema` reads it: validated in place, nothing copied.
//!
//! A value that is not known (a placeholder, a fault) has no JSON type, and is shown as null; what
//! a validator says of it is dropped by the schema module. A number too large for 64 bits is
//! compared as a double.

use std::borrow::Cow;

use jsonschema::JsonType;
use jsonschema::json::{Array, Json, JsonNumber, Node, NodeIdentity, Object};
use serde_json::Number;

use crate::json::document::{Arena, Kind, Members, Value};

/// The representation's name in `jsonschema`'s types.
pub struct SpannedJson;

impl Json for SpannedJson {
    type Node<'a> = Value<'a>;
    type PreparedKey = String;
    type StringBuffer = (String, Arena);

    fn prepare_key(key: &str) -> String {
        key.to_owned()
    }

    fn with_string_node<T>(
        buffer: &mut Self::StringBuffer,
        string: &str,
        f: impl FnOnce(Value<'_>) -> T,
    ) -> T {
        let (text, arena) = buffer;
        *text = serde_json::Value::from(string).to_string();
        let document = arena.parse(text);
        f(Value::at(&document, 0))
    }
}

impl<'a> Node<'a, SpannedJson> for Value<'a> {
    type Object = Self;
    type Array = Self;
    type Number = Literal<'a>;

    fn as_object(&self) -> Option<Self> {
        (self.kind() == Kind::Object).then_some(*self)
    }

    fn as_array(&self) -> Option<Self> {
        (self.kind() == Kind::Array).then_some(*self)
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        (self.kind() == Kind::String).then(|| Value::as_str(*self))?
    }

    fn as_number(&self) -> Option<Literal<'a>> {
        (self.kind() == Kind::Number).then(|| Literal(self.raw()))
    }

    fn as_boolean(&self) -> Option<bool> {
        (self.kind() == Kind::Boolean).then(|| self.raw() == "true")
    }

    fn is_null(&self) -> bool {
        self.json_type() == JsonType::Null
    }

    fn json_type(&self) -> JsonType {
        match self.kind() {
            Kind::Null | Kind::Placeholder | Kind::Invalid => JsonType::Null,
            Kind::Boolean => JsonType::Boolean,
            Kind::Number => JsonType::Number,
            Kind::String | Kind::Key => JsonType::String,
            Kind::Object => JsonType::Object,
            Kind::Array => JsonType::Array,
        }
    }

    fn to_value(&self) -> Cow<'a, serde_json::Value> {
        // Called for `enum`, `const` and `uniqueItems`, and once for each error.
        Cow::Owned(match self.kind() {
            Kind::Null | Kind::Placeholder | Kind::Invalid => serde_json::Value::Null,
            Kind::Boolean => (self.raw() == "true").into(),
            Kind::Number => Literal(self.raw()).to_number().into_owned().into(),
            Kind::String | Kind::Key => Value::as_str(*self).unwrap_or_default().into_owned().into(),
            // A container met here is compared by its text: good enough to tell two items apart.
            Kind::Object | Kind::Array => {
                serde_json::from_str(self.raw()).unwrap_or_else(|_| self.raw().into())
            }
        })
    }

    fn identity(&self) -> Option<NodeIdentity> {
        Some(NodeIdentity::tagged(std::ptr::from_ref(self.document()).addr(), self.index()))
    }
}

impl<'a> Object<'a, SpannedJson> for Value<'a> {
    type Node = Self;
    type MemberName = Cow<'a, str>;
    type MembersIter = Named<'a>;

    fn len(&self) -> usize {
        self.members().count()
    }

    fn is_empty(&self) -> bool {
        self.members().next().is_none()
    }

    fn get(&self, key: &String) -> Option<Self> {
        Value::get(*self, key)
    }

    fn members(&self) -> Named<'a> {
        Named(Value::members(*self))
    }
}

/// Members with their names decoded.
pub struct Named<'a>(Members<'a>);

impl<'a> Iterator for Named<'a> {
    type Item = (Cow<'a, str>, Value<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(key, value)| (key.as_str().unwrap_or(Cow::Borrowed(key.raw())), value))
    }
}

impl<'a> Array<'a, SpannedJson> for Value<'a> {
    type Node = Self;
    type ElementsIter = std::vec::IntoIter<Self>;

    fn len(&self) -> usize {
        self.items().count()
    }

    fn elements(&self) -> Self::ElementsIter {
        self.items().collect::<Vec<_>>().into_iter()
    }
}

/// A number as written.
#[derive(Clone, Copy, Debug)]
pub struct Literal<'a>(&'a str);

impl JsonNumber for Literal<'_> {
    fn as_u64(&self) -> Option<u64> {
        self.0.parse().ok()
    }

    fn as_i64(&self) -> Option<i64> {
        self.0.parse().ok()
    }

    fn as_f64(&self) -> Option<f64> {
        self.0.parse().ok().filter(|number: &f64| number.is_finite())
    }

    fn as_str(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.0)
    }

    fn to_number(&self) -> Cow<'_, Number> {
        let number = self.as_u64().map(Number::from).or_else(|| self.as_i64().map(Number::from));
        Cow::Owned(number.or_else(|| Number::from_f64(self.as_f64()?)).unwrap_or_else(|| Number::from(0)))
    }
}

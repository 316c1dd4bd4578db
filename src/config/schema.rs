//! The configuration's own JSON Schema, for editors.

use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform as _};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::Value;

use crate::config::File;

/// What it is called, as the other schemas are.
const ID: &str = "urn:paylint:schema:config";

/// The schema, made from the structs that are read: what `schemas/paylint.schema.json` has to be.
#[must_use]
pub fn schema() -> String {
    schema_of::<File>(ID)
}

/// The schema of what is read as a type.
pub(crate) fn schema_of<T: JsonSchema>(id: &str) -> String {
    let mut schema = SchemaGenerator::new(SchemaSettings::draft2020_12()).into_root_schema_for::<T>();
    RecursiveTransform(plain).transform(&mut schema);
    schema.insert("$id".to_owned(), id.into());
    format!("{:#}\n", schema.to_value())
}

/// A key may be left out, but TOML has no null to set it to.
fn plain(schema: &mut Schema) {
    let is_null = |value: &Value| value == "null" || value.get("type").is_some_and(|kind| kind == "null");
    // Lines of a comment are no lines of what it says.
    if let Some(Value::String(text)) = schema.get_mut("description") {
        *text = text.replace('\n', " ");
    }
    for keyword in ["type", "anyOf", "enum"] {
        let Some(Value::Array(options)) = schema.get_mut(keyword) else { continue };
        options.retain(|option| !is_null(option) && !option.is_null());
        if options.len() > 1 || keyword == "enum" {
            continue;
        }
        let Some(only) = options.pop() else { continue };
        schema.remove(keyword);
        match only {
            Value::Object(members) => {
                for (name, member) in members {
                    schema.insert(name, member);
                }
            }
            only => {
                schema.insert(keyword.to_owned(), only);
            }
        }
    }
}

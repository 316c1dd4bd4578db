//! What a schema says of a member in words.

use serde_json::Value as Schema;

use crate::api::Model;
use crate::schema::violations::compiled;

/// The description of a member of the object that a path of names leads to, if the model's schema
/// has one.
#[must_use]
pub fn description(model: &Model, path: &[String], member: &str) -> Option<String> {
    let root = &compiled(model)?.schema;
    let mut schema = root;
    for name in path {
        schema = inside(root, schema, name)?;
    }
    let found = resolved(root, schema)?.get("properties")?.get(member)?;
    Some(found.get("description")?.as_str()?.to_owned())
}

fn inside<'s>(root: &'s Schema, schema: &'s Schema, name: &str) -> Option<&'s Schema> {
    let schema = resolved(root, schema)?;
    let property = schema.get("properties").and_then(|properties| properties.get(name));
    property.or_else(|| schema.get("items")).or_else(|| schema.get("additionalProperties"))
}

fn resolved<'s>(root: &'s Schema, schema: &'s Schema) -> Option<&'s Schema> {
    match schema.get("$ref").and_then(Schema::as_str) {
        Some(reference) => root.pointer(reference.strip_prefix('#')?),
        None => Some(schema),
    }
}

//! The quick verdict.

use std::borrow::Cow;

use crate::api::{Additional, Shape};
use crate::json::{Kind, Value, holds_placeholder};
use crate::schema::is_date_time;

/// Whether a value surely has a shape. What is not known yet fits; a map of attributes fits as long
/// as it is a map or null, as the rules about attributes look into it. A no may be mistaken, and is
/// to be asked of the schema.
#[must_use]
pub fn fits(value: Value<'_>, shape: &Shape) -> bool {
    let kind = value.kind();
    if matches!(kind, Kind::Placeholder | Kind::Invalid) {
        return true;
    }
    match shape {
        Shape::Any => true,
        Shape::Boolean => kind == Kind::Boolean,
        Shape::Number => kind == Kind::Number,
        Shape::Integer { minimum, maximum } => {
            kind == Kind::Number
                && value.raw().parse::<i64>().is_ok_and(|number| (*minimum..=*maximum).contains(&number))
        }
        Shape::String { options, date_time, least, most } => {
            kind == Kind::String
                && string_fits(&value.as_str().unwrap_or_default(), options, *date_time, *least, *most)
        }
        Shape::Array { items, unique } => {
            kind == Kind::Array
                && (!*unique || value.items().count() < 2)
                && value.items().all(|item| fits(item, items))
        }
        Shape::Attributes => matches!(kind, Kind::Object | Kind::Null),
        Shape::Object { properties, required, additional, least } => {
            kind == Kind::Object && object_fits(value, properties, required, additional, *least)
        }
    }
}

fn string_fits(text: &str, options: &[&str], date_time: bool, least: usize, most: usize) -> bool {
    let free = options.is_empty() && !date_time && least == 0 && most == usize::MAX;
    if free {
        return true;
    }
    let len = || text.chars().count();
    let listed = options.is_empty() || options.contains(&text);
    let dated = !date_time || is_date_time(text);
    let sized = (least == 0 && most == usize::MAX) || (least..=most).contains(&len());
    (listed && dated && sized) || holds_placeholder(text)
}

fn object_fits(
    object: Value<'_>,
    properties: &[(&str, &Shape)],
    required: &[&str],
    additional: &Additional,
    least: usize,
) -> bool {
    let mut count = 0;
    for (key, value) in object.members() {
        count += 1;
        // A key that is not known yet may be any that is missing or allowed.
        let Some(name) = key.as_str() else { continue };
        let name: Cow<'_, str> = name;
        let fit = match properties.iter().find(|(known, _)| *known == name) {
            Some((_, shape)) => fits(value, shape),
            None => match additional {
                Additional::Free => true,
                Additional::Refused => holds_placeholder(&name),
                Additional::Of(shape) => fits(value, shape),
            },
        };
        if !fit {
            return false;
        }
    }
    count >= least && required.iter().all(|name| object.get(name).is_some())
}

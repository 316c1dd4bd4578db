//! Attribute values that are no strings.

use std::borrow::Cow;

use crate::diagnostic::{Draft, Fix, Severity, Sink};
use crate::json::{Kind, Value};
use crate::rules::{Check, Evidence, Group, Rule, Signs, Subject};

pub static RULE: Rule = Rule {
    id: "non-string-value",
    level: Severity::Error,
    group: Group::Attributes,
    evidence: Evidence::Contract("ParticipantAttributes.attributes is a map of strings in every published version"),
    summary: "an attribute whose value is a number, a boolean, an array or an object",
    why: "Participant attributes are strings, all of them. A number or a boolean is refused with 400 and a \
          message that does not name the attribute, or stored as something that flows and scripts, which \
          compare strings, no longer recognise.",
    remedy: "Put the value in quotes. A structure has to be written as a string of JSON, or as one attribute \
             for each of its members.",
    fix: Some("puts a number or boolean in quotes as it is written"),
    bad: &[r#"{"attributes": {"priority": 1, "vip": true}}"#, r#"{"attributes": {"tags": ["gold"]}}"#],
    good: &[r#"{"attributes": {"priority": "1", "vip": "true"}}"#],
    waits_for: Signs::ODD_VALUE,
    check: Check::Request(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    for map in subject.attribute_maps() {
        for (key, value) in map.value.members() {
            if let Some(draft) = judge(key, value, sink.wants_fixes()) {
                sink.push(draft);
            }
        }
    }
}

fn judge(key: Value<'_>, value: Value<'_>, wants_fix: bool) -> Option<Draft> {
    let (what, help): (_, Cow<'static, str>) = match value.kind() {
        Kind::Number => ("a number", format!("write it as a string: `\"{}\"`", value.raw()).into()),
        Kind::Boolean => ("a boolean", format!("write it as a string: `\"{}\"`", value.raw()).into()),
        Kind::Array => ("an array", "send it as a string of JSON, or as one attribute for each item".into()),
        Kind::Object => ("an object", "send it as a string of JSON, or as one attribute for each member".into()),
        _ => return None,
    };
    let name = key.as_str().unwrap_or_default();
    let mut draft = Draft::new(value.span(), format!("attribute `{name}` is {what}, it must be a string")).help(help);
    if wants_fix {
        let (title, text, safe) = match value.kind() {
            Kind::Number | Kind::Boolean => ("put the value in quotes", format!("\"{}\"", value.raw()), true),
            _ => ("write the value as a string of JSON", serde_json::Value::from(value.raw()).to_string(), false),
        };
        let fix = Fix::replace(title, value.span(), text);
        draft = draft.fix(if safe { fix } else { fix.needs_a_look() });
    }
    Some(draft)
}

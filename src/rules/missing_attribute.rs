//! Attributes that the team always sends, and that are not there.

use crate::diagnostic::{Draft, Severity, Sink};
use crate::json::{Kind, holds_placeholder};
use crate::rules::{Check, Evidence, Group, Rule, Signs, Subject, head, key_of};

pub static RULE: Rule = Rule {
    id: "missing-attribute",
    level: Severity::Error,
    group: Group::Team,
    evidence: Evidence::Team("`required-attributes`, under `[attributes]` in `paylint.toml`"),
    summary: "a map without an attribute that the team always sends",
    why: "An update sets what it names and leaves the rest alone, so nothing refuses a map in which an attribute \
          was forgotten. A team whose flows depend on one can say that every map has it: \
          `required-attributes = [\"order_id\"]`. Without such a setting, this rule finds nothing.",
    remedy: "Add the attribute, or take it from `required-attributes` in `paylint.toml`.",
    fix: None,
    bad: &[r#"{"attributes": {"priority": "high"}}"#],
    good: &[r#"{"attributes": {"order_id": "12345", "priority": "high"}}"#],
    waits_for: Signs::TEAM,
    check: Check::Request(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let Some(agreement) = subject.agreement().filter(|_| subject.is_whole()) else { return };
    for map in subject.attribute_objects().filter(|map| map.kind() == Kind::Object) {
        let names: Vec<_> = map.members().map(|(key, _)| key.as_str()).collect();
        // An empty map is another rule's, and an unknown name may be any.
        let is_known = |name: &Option<std::borrow::Cow<'_, str>>| {
            name.as_ref().is_some_and(|name| !holds_placeholder(name))
        };
        if names.is_empty() || !names.iter().all(is_known) {
            continue;
        }
        let what = key_of(map).and_then(|key| Some(format!("`{}`", key.as_str()?)));
        let what = what.unwrap_or_else(|| "the body".to_owned());
        for wanted in &agreement.required {
            if names.iter().flatten().any(|name| name == wanted) {
                continue;
            }
            let same = names.iter().flatten().find(|name| name.eq_ignore_ascii_case(wanted));
            let help = match same {
                Some(name) => format!("`{name}` is another attribute: upper and lower case count"),
                None => format!("the team's maps all have `{wanted}`"),
            };
            sink.push(Draft::new(head(map), format!("attribute `{wanted}` is missing from {what}")).help(help));
        }
    }
}

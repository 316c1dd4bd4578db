//! More, or longer, attributes than the team has agreed on.

use crate::diagnostic::{Draft, Severity, Sink};
use crate::json::{Kind, Value, holds_placeholder};
use crate::rules::{Agreement, Check, Evidence, Group, Rule, Signs, Subject, head};

pub static RULE: Rule = Rule {
    id: "attribute-limit",
    level: Severity::Error,
    group: Group::Team,
    evidence: Evidence::Team(
        "`max-attributes`, `max-key-length` and `max-value-length`, under `[attributes]` in `paylint.toml`",
    ),
    summary: "more attributes, or longer ones, than the team has agreed on",
    why: "Attributes stay with a conversation for good, are copied into every event and export of it, and are read \
          by whatever takes part. A team can set limits of its own, far below those of the API: \
          `max-attributes = 20`, `max-key-length = 40`, `max-value-length = 200`. Without such a setting, this \
          rule finds nothing.",
    remedy: "Send less, or raise the limit under `[attributes]` in `paylint.toml`.",
    fix: None,
    bad: &[r#"{"attributes": {"note": "The customer called twice about a parcel that has not come"}}"#],
    good: &[r#"{"attributes": {"note": "called twice"}}"#],
    waits_for: Signs::TEAM,
    check: Check::Request(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let Some(agreement) = subject.agreement() else { return };
    for map in subject.attribute_objects() {
        let mut count = 0;
        for (key, value) in map.members() {
            let Some(name) = key.as_str().filter(|name| !holds_placeholder(name)) else { continue };
            count += 1;
            member(key, &name, value, agreement, sink);
        }
        if let Some(most) = agreement.most.filter(|most| count > *most) {
            let message = format!("these are {count} attributes, the team's limit is {most}");
            sink.push(Draft::new(head(map), message).help("send fewer"));
        }
    }
}

fn member(key: Value<'_>, name: &str, value: Value<'_>, agreement: &Agreement, sink: &mut Sink<'_>) {
    if let Some((len, limit)) = over(name, agreement.longest_name) {
        let message = format!("this name has {len} characters, the team's limit is {limit}");
        sink.push(Draft::new(key.span(), message).help("take a shorter name"));
    }
    // What is no string is another rule's.
    let text = value.as_str().filter(|text| value.kind() == Kind::String && !holds_placeholder(text));
    if let Some((len, limit)) = text.and_then(|text| over(&text, agreement.longest_value)) {
        let message = format!("the value of `{name}` has {len} characters, the team's limit is {limit}");
        sink.push(Draft::new(value.span(), message).help("shorten it"));
    }
}

/// The characters of a text and their limit, where there are more.
fn over(text: &str, limit: Option<u32>) -> Option<(usize, u32)> {
    let limit = limit?;
    // Bytes are never fewer than characters.
    if text.len() <= limit as usize {
        return None;
    }
    let len = text.chars().count();
    (len > limit as usize).then_some((len, limit))
}

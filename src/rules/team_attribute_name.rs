//! Attributes of names that the team has not agreed on.

use std::collections::HashSet;

use crate::api::closest;
use crate::diagnostic::{Draft, Fix, Severity, Sink};
use crate::json::{Value, holds_placeholder};
use crate::rules::{Agreement, Check, Evidence, Group, Rule, Signs, Subject, list};

pub static RULE: Rule = Rule {
    id: "team-attribute-name",
    level: Severity::Error,
    group: Group::Team,
    evidence: Evidence::Team("`allowed-attributes` and `attribute-pattern`, under `[attributes]` in `paylint.toml`"),
    summary: "an attribute whose name the team has not agreed on",
    why: "The API takes any name, and keeps what it is sent: an attribute that is misspelled once is an attribute \
          of its own from then on, which no flow and no script reads. A team that knows its names can say so, as \
          a list, as a pattern, or both: `allowed-attributes = [\"order_id\", \"priority\"]` or \
          `attribute-pattern = \"[a-z][a-z0-9_]*\"`. Without such a setting, this rule finds nothing.",
    remedy: "Use the name that is agreed on, or add this one to `[attributes]` in `paylint.toml`.",
    fix: Some("renames it to the nearest agreed name, to be looked at"),
    bad: &[r#"{"attributes": {"order_id": "12345", "Prioritaet": "high"}}"#],
    good: &[r#"{"attributes": {"order_id": "12345", "priority": "high"}}"#],
    waits_for: Signs::TEAM,
    check: Check::Request(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let Some(agreement) = subject.agreement() else { return };
    if agreement.allowed.is_none() && agreement.pattern.is_none() {
        return;
    }
    for map in subject.attribute_objects() {
        let mut present = None;
        for (key, _) in map.members() {
            let Some(name) = key.as_str().filter(|name| !holds_placeholder(name)) else { continue };
            if !agreement.allows(&name) {
                let present = present.get_or_insert_with(|| names_of(map));
                sink.push(draft(key, &name, agreement, present, sink.wants_fixes()));
            }
        }
    }
}

fn names_of(map: Value<'_>) -> HashSet<String> {
    map.members().filter_map(|(key, _)| Some(key.as_str()?.into_owned())).collect()
}

fn draft(
    key: Value<'_>,
    name: &str,
    agreement: &Agreement,
    present: &HashSet<String>,
    wants_fix: bool,
) -> Draft {
    let draft = Draft::new(key.span(), format!("`{name}` is no attribute that the team has agreed on"));
    if let Some(near) = closest(name, agreement.names()) {
        let draft = draft.help(format!("did you mean `{near}`?"));
        let plain = !near.contains(|c: char| matches!(c, '"' | '\\' | '\'') || c.is_control());
        if !wants_fix || !plain || present.contains(near) {
            return draft;
        }
        return draft.fix(Fix::replace(format!("rename it to `{near}`"), key.inner_span(), near).needs_a_look());
    }
    let pattern = agreement.pattern.as_ref().map(|pattern| format!("names match `{}`", pattern.text));
    let known = agreement.names().next().map(|_| format!("there are {}", list(agreement.names())));
    let help = match (known, pattern) {
        (Some(known), Some(pattern)) => format!("{known}; other {pattern}"),
        (known, pattern) => known.or(pattern).unwrap_or_else(|| "no name is allowed".to_owned()),
    };
    draft.help(help)
}

//! Attributes that scripts cannot read.

use crate::diagnostic::{Draft, Severity, Sink};
use crate::json::{Value, holds_placeholder};
use crate::rules::{Check, Evidence, Group, Rule, Signs, Subject, may_hold_secret, secrets};

pub static RULE: Rule = Rule {
    id: "dotted-key",
    level: Severity::Info,
    group: Group::Attributes,
    evidence: Evidence::Documented("scripts do not support names of attributes with a dot in them"),
    summary: "a dot in the name of an attribute",
    why: "The API stores an attribute of any name, but scripts cannot read one with a dot in it: what an agent \
          should see stays empty. The platform's own prefixes have dots and a meaning, and are left alone: \
          `context.`, for what a web chat or a messenger supplies, and `conversationDetails.participantData.`, \
          for what the interaction's details show.",
    remedy: "Use another separator, such as `_`. If no script reads the attribute, this can be left as it is.",
    fix: None,
    bad: &[r#"{"attributes": {"customer.tier": "gold"}}"#],
    good: &[
        r#"{"attributes": {"customer_tier": "gold"}}"#,
        r#"{"attributes": {"context.tier": "gold", "conversationDetails.participantData.Tier": "gold"}}"#,
    ],
    waits_for: Signs::DOT_IN_KEY,
    check: Check::Request(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    const PREFIXES: [&str; 2] = ["context.", "conversationDetails.participantData."];
    // What is kept secret is no script's to read.
    if subject.model.is_some_and(|model| model.name == "ConversationSecureAttributes") {
        return;
    }
    for (key, _) in subject.attribute_objects().flat_map(Value::members) {
        let Some(name) = key.as_str().filter(|name| name.contains('.')) else { continue };
        if PREFIXES.iter().any(|prefix| name.starts_with(prefix)) || holds_placeholder(&name) {
            continue;
        }
        // Another name of it would show it, and is no help.
        if may_hold_secret(name.as_bytes()) && !secrets(&name).is_empty() {
            continue;
        }
        sink.push(
            Draft::new(key.span(), format!("scripts cannot read `{name}`: its name has a dot"))
                .help(format!("name it `{}` if a script should read it", name.replace('.', "_"))),
        );
    }
}

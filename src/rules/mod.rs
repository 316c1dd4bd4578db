//! The rules: one file, one id, one fixture folder each.
//!
//! To add one, write `src/rules/<name>.rs` with a static [`Rule`] named `RULE`, add the two lines
//! below (the module, and its place in [`ALL`]), and put fixtures into
//! `fixtures/rules/<id>/pass` and `…/fail`. Tests hold the three names together, run the examples,
//! and write the tables of the documentation anew.
//!
//! A rule is asked only when one of the [`Signs`] it waits for has been seen, so that a request
//! with nothing wrong in it pays for no rule.

pub mod evidence;
mod references;
mod secrets;
mod signs;
mod subject;
mod team;
mod words;

pub use evidence::Evidence;
pub use secrets::{Secret, SecretKind, may_hold_secret, secrets, without_secrets};
pub use signs::{Signs, Survey};
pub use subject::{AttributeMap, BrokenValue, Subject, TextSubject, key_of};
pub use syntax_error::complaint;
pub use team::{Agreement, NamePattern, Team};
pub use words::{echo, echo_or, head, list, noun};

use crate::carrier::Carrier;
use crate::diagnostic::{Severity, Sink};

/// What a rule is, whole: everything that is shown of it anywhere comes from here.
#[derive(Debug)]
pub struct Rule {
    /// Its name, in kebab case. Names the fault, not the cure.
    pub id: &'static str,
    /// Its level, unless the user gives another.
    pub level: Severity,
    /// What it looks at.
    pub group: Group,
    /// How sure it is, and from where.
    pub evidence: Evidence,
    /// What it finds, in one line.
    pub summary: &'static str,
    /// Why that is wrong, and what happens to such a request. Markdown.
    pub why: &'static str,
    /// How to put it right.
    pub remedy: &'static str,
    /// What its quick fix does, where it has one.
    pub fix: Option<&'static str>,
    /// Bodies or envelopes that it finds something in, or what [`carrier_of_example`] says.
    pub bad: &'static [&'static str],
    /// The same, put right.
    pub good: &'static [&'static str],
    /// What has to be seen before it is asked.
    pub waits_for: Signs,
    /// The check itself.
    pub check: Check,
}

/// What a rule is given to look at.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// The text and its tree, once for each text.
    Text(fn(&TextSubject<'_>, &mut Sink<'_>)),
    /// Each request in it.
    Request(fn(&Subject<'_>, &mut Sink<'_>)),
    /// What came of a whole run: the run itself does.
    Run,
}

/// What rules are about, in the order in which they are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// The text as JSON.
    Text,
    /// The body against the published model.
    Contract,
    /// The map of attributes.
    Attributes,
    /// Where the request is sent.
    Endpoint,
    /// What the request would do.
    Meaning,
    /// What is filled in when it is sent.
    Template,
    /// What the team says in its configuration.
    Team,
}

impl Group {
    /// As a heading.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Text => "Text",
            Self::Contract => "Contract",
            Self::Attributes => "Attributes",
            Self::Endpoint => "Endpoint",
            Self::Meaning => "Meaning",
            Self::Template => "Template",
            Self::Team => "Team",
        }
    }
}

macro_rules! rules {
    ($($module:ident),* $(,)?) => {
        $(mod $module;)*
        /// Every rule, by group.
        pub static ALL: &[&Rule] = &[$(&$module::RULE),*];
    };
}

rules![
    // Text
    syntax_error,
    duplicate_key,
    byte_order_mark,
    invalid_utf8,
    // Contract
    unknown_property,
    wrong_type,
    invalid_value,
    missing_property,
    missing_body,
    unexpected_body,
    // Attributes
    non_string_value,
    null_value,
    empty_map,
    misplaced_attributes,
    unwrapped_attributes,
    custom_attributes,
    mixed_update,
    key_case_collision,
    dotted_key,
    sensitive_value,
    oversized_body,
    // Endpoint
    wrong_endpoint,
    wrong_method,
    removed_endpoint,
    deprecated_endpoint,
    wrong_host,
    placeholder_id,
    invalid_id,
    unknown_scope,
    // Meaning
    unsettable_state,
    communication_state,
    missing_wrapup_code,
    conflicting_update,
    // Template
    broken_template,
    reference_case,
    undeclared_input,
    unused_input,
    unescaped_reference,
    unquoted_reference,
    uninterpolated_reference,
    // Team
    team_attribute_name,
    missing_attribute,
    attribute_limit,
    unused_override,
];

/// The rule that says what no output may show: it is asked even where it is off.
pub static HIDING: &Rule = &sensitive_value::RULE;

/// The rule that says of a text how it is spelled.
pub static SPELLING: &Rule = &syntax_error::RULE;

/// The rule that says of a value that it belongs in quotes.
pub static QUOTING: &Rule = &non_string_value::RULE;

/// How an example of a rule is read: as a shell script where it begins as one, and else as JSON.
#[must_use]
pub fn carrier_of_example(text: &str) -> Carrier {
    if text.starts_with("#!") { Carrier::Curl } else { Carrier::Json }
}

/// The rule of an id.
#[must_use]
pub fn by_id(id: &str) -> Option<&'static Rule> {
    ALL.iter().find(|rule| rule.id == id).copied()
}

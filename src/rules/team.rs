//! What a team says of its own requests, beyond what the API asks.

use regex_lite::Regex;

/// What holds for a team's requests.
#[derive(Clone, Debug, Default)]
pub struct Team {
    /// The region that requests go to, and its domain.
    pub region: Option<&'static (&'static str, &'static str)>,
    /// Hosts that stand for the API, in lower case; after `*.`, any under a domain.
    pub hosts: Vec<String>,
    /// What is agreed on for maps of attributes.
    pub agreement: Option<Agreement>,
}

/// What is agreed on for maps of attributes.
#[derive(Clone, Debug, Default)]
pub struct Agreement {
    /// Names that each must have.
    pub required: Vec<String>,
    /// Names that it may have besides.
    pub allowed: Option<Vec<String>>,
    /// What other names have to match, as a whole.
    pub pattern: Option<NamePattern>,
    /// Attributes at most.
    pub most: Option<u32>,
    /// Characters of a name at most.
    pub longest_name: Option<u32>,
    /// Characters of a value at most.
    pub longest_value: Option<u32>,
}

/// A pattern, as it is written and as it is matched.
#[derive(Clone, Debug)]
pub struct NamePattern {
    /// As it is written.
    pub text: String,
    /// Made to match whole names.
    pub regex: Regex,
}

impl Agreement {
    /// Whether an attribute may have a name.
    #[must_use]
    pub fn allows(&self, name: &str) -> bool {
        if self.allowed.is_none() && self.pattern.is_none() {
            return true;
        }
        self.names().any(|known| known == name)
            || self.pattern.as_ref().is_some_and(|pattern| pattern.regex.is_match(name))
    }

    /// The names that are known.
    pub fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.required.iter().chain(self.allowed.iter().flatten()).map(String::as_str)
    }
}

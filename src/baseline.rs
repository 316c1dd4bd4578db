//! Findings that are known already: how each is told from others, and the file that lists them.
//!
//! A known finding is recognised by its rule, its place in the body and what stands there. Lines,
//! columns and layout have no part in it, and neither has anything that stands elsewhere.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::schema_of;
use crate::diagnostic::Finding;

/// The version of the format that is written, and the latest that is read.
pub const VERSION: u64 = 1;

/// What tells a finding from the others of its file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// The rule.
    pub rule: String,
    /// The JSON Pointer of its place, as outputs show it.
    pub pointer: String,
    /// See [`fingerprint`].
    pub fingerprint: u64,
}

/// How many findings of each key a file has; more than one, where they are equal.
pub type Counts = BTreeMap<Key, u64>;

/// Known findings, by the file that they are in: a path with `/`, seen from the baseline's folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// By file.
    pub files: BTreeMap<String, Counts>,
}

/// Why a text is no baseline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is of a version that is not known.
    Newer(u64),
    /// It is broken.
    Broken {
        /// What is wrong.
        what: String,
        /// The line, from 1.
        line: usize,
        /// The column, from 1, in bytes.
        column: usize,
    },
}

#[derive(Deserialize)]
struct Versioned {
    version: u64,
}

/// The findings that are known, as `paylint check --write-baseline` writes them. They are sorted, an entry
/// a line.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "baseline")]
struct File {
    /// The version of this form.
    #[serde(rename = "version")]
    #[schemars(extend("const" = VERSION))]
    _version: u64,
    /// What is known.
    findings: Vec<Entry>,
}

/// A finding that is known, or several that are equal.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// The id of the rule that found it.
    rule: String,
    /// The file, with `/` between its parts, relative to the folder of the baseline.
    path: String,
    /// JSON Pointer of the place in the body. Where a name in it is a secret, its characters are `•`.
    pointer: String,
    /// A hash of the rule, the pointer and what stands there, white space left out.
    #[serde(with = "hex")]
    #[schemars(with = "String", regex(pattern = "^[0-9A-Fa-f]{16}$"))]
    fingerprint: u64,
    /// How many there are that are equal; one, where it is left out.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    count: u64,
}

/// The schema of the file: what `schemas/baseline.schema.json` has to be.
#[must_use]
pub fn schema() -> String {
    schema_of::<File>("urn:paylint:schema:baseline")
}

const fn one() -> u64 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
const fn is_one(count: &u64) -> bool {
    *count == 1
}

mod hex {
    use serde::de::{Deserialize, Deserializer, Error};
    use serde::ser::Serializer;

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
    pub fn serialize<S: Serializer>(value: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{value:016x}"))
    }

    pub fn deserialize<'d, D: Deserializer<'d>>(deserializer: D) -> Result<u64, D::Error> {
        let text = String::deserialize(deserializer)?;
        let is_hex = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let value = u64::from_str_radix(&text, 16).ok().filter(|_| is_hex);
        value.ok_or_else(|| D::Error::custom("a fingerprint has 16 hexadecimal digits"))
    }
}

impl Baseline {
    /// Reads the text of a file.
    ///
    /// # Errors
    ///
    /// It is broken, or of a later version.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let Versioned { version } = serde_json::from_str(text).map_err(|error| broken(&error))?;
        if version > VERSION {
            return Err(Fault::Newer(version));
        }
        let File { findings, .. } = serde_json::from_str(text).map_err(|error| broken(&error))?;
        let mut baseline = Self::default();
        for Entry { rule, path, pointer, fingerprint, count } in findings {
            let key = Key { rule, pointer, fingerprint };
            let sum = baseline.files.entry(path).or_default().entry(key).or_default();
            *sum = sum.saturating_add(count);
        }
        Ok(baseline)
    }

    /// The text of its file: an entry a line, sorted.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("{{\"version\":{VERSION},\"findings\":[");
        let mut between = "\n";
        for (path, counts) in &self.files {
            for (key, count) in counts {
                let Key { rule, pointer, fingerprint } = key.clone();
                let entry = Entry { rule, path: path.clone(), pointer, fingerprint, count: *count };
                text.push_str(between);
                // Such an entry can always be written.
                text.push_str(&serde_json::to_string(&entry).unwrap_or_default());
                between = ",\n";
            }
        }
        text.push_str("\n]}\n");
        text
    }

    /// How many findings it lists.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.files.values().flat_map(BTreeMap::values).fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// Whether it lists none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds what one look at a file found. Where it is looked at more than once, as a body that several
    /// requests send is, what one look found most of counts: so the order of the looks is of no matter.
    pub fn add(&mut self, path: &str, found: &Counts) {
        if found.is_empty() {
            return;
        }
        let counts = self.files.entry(path.to_owned()).or_default();
        for (key, count) in found {
            let most = counts.entry(key.clone()).or_default();
            *most = (*most).max(*count);
        }
    }

    /// Leaves out what was not found, of what was looked for; how many findings are left out.
    pub fn prune(&mut self, found: &Self, looked_for: impl Fn(&str, &Key) -> bool) -> u64 {
        let before = self.len();
        for (path, counts) in &mut self.files {
            counts.retain(|key, count| {
                if looked_for(path, key) {
                    let left = found.files.get(path).and_then(|counts| counts.get(key));
                    *count = (*count).min(left.copied().unwrap_or(0));
                }
                *count > 0
            });
        }
        self.files.retain(|_, counts| !counts.is_empty());
        before - self.len()
    }
}

fn broken(error: &serde_json::Error) -> Fault {
    let (line, column) = (error.line(), error.column());
    let what = error.to_string();
    let what = what.split(" at line ").next().unwrap_or(&what).to_owned();
    Fault::Broken { what, line, column }
}

/// What a finding is about, as written: the text at its place, or, where that is a whole structure, what
/// its message names, as the rest of the structure is of no matter.
#[must_use]
pub fn subject(finding: &Finding, text: &str) -> String {
    let written = finding.primary.slice(text);
    if !written.starts_with(['{', '[']) {
        return written.to_owned();
    }
    let message = finding.message.read(text);
    let named: Vec<_> = message.split('`').skip(1).step_by(2).collect();
    named.join("`")
}

/// A number that stays as long as a finding does: of its rule, its pointer and its subject, whose layout
/// has no part in it. It is the same on every machine, and in every version of the format.
#[must_use]
pub fn fingerprint(rule: &str, pointer: &str, subject: &str) -> u64 {
    let mut hash = Hash::new();
    for part in [rule, pointer] {
        hash.add(part.bytes());
        hash.add([0]);
    }
    // A body in a string has its line ends written as escapes.
    let mut bytes = subject.bytes().peekable();
    while let Some(byte) = bytes.next() {
        if byte == b'\\' && matches!(bytes.peek(), Some(b'n' | b'r' | b't')) {
            bytes.next();
        } else if !byte.is_ascii_whitespace() {
            hash.add([byte]);
        }
    }
    hash.0
}

/// FNV-1a: it is meant to be the same for ever, and keeps nobody out.
struct Hash(u64);

impl Hash {
    const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn add(&mut self, bytes: impl IntoIterator<Item = u8>) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}

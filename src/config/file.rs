//! What can be written in `paylint.toml`: the keys, what each takes, and what it is for.

use std::borrow::Cow;

use regex_lite::Regex;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use semver::VersionReq;
use serde_json::json;

use crate::api::{self, OPERATIONS, Operation, REGIONS, UNION};
use crate::config::Patterns;
use crate::config::read::{
    Entry, Node, Read, Several, settings, span, table, unknown, unknown_setting, unknown_word,
};
use crate::diagnostic::{Draft, Severity, Sink};
use crate::rules::{ALL, Rule};
use crate::text::Span;

settings! {
    /// The settings of paylint: in `paylint.toml`, or as `[tool.paylint]` in `pyproject.toml`. The file
    /// nearest to what is checked holds, and no other.
    #[schemars(title = "paylint.toml")]
    File, "" {
        /// The versions of paylint that the settings are for, such as ">=0.1".
        "required-version" required_version: Version,
        /// In folders, look only at files that match, beside those that `bodies` names. Globs as in
        /// `.gitignore`, relative to this file's folder.
        "include" include: Several<Glob>,
        /// Leave out files and folders that match. Globs as in `.gitignore`, relative to this file's folder.
        "exclude" exclude: Several<Glob>,
        /// The lightest level that makes a check fail.
        "fail-on" fail_on: FailOn,
        /// The region that requests go to, by its domain ("mypurecloud.de") or its name ("eu-central-1").
        "region" region: Region,
        /// Hosts that stand for the API, such as proxies: "proxy.example.com", "*.example.com".
        "extra-hosts" extra_hosts: Several<HostName>,
        /// The level of each rule.
        "rules" rules: Rules,
        /// What the team has agreed on for the map of attributes, beyond what the API asks.
        "attributes" attributes: Attributes,
        /// What the bare bodies of files are for.
        "bodies" bodies: Vec<Entry<Bodies>>,
        /// Findings that are known and meant: by path, rule and place. The last that fits decides.
        "overrides" overrides: Vec<Entry<Override>>,
    }
}

settings! {
    /// What the team has agreed on for the map of attributes.
    Attributes, " in `[attributes]`" {
        /// Names that every map must have.
        "required-attributes" required_attributes: Several<String>,
        /// Names that a map may have, beside the required ones and those that fit the pattern.
        "allowed-attributes" allowed_attributes: Several<String>,
        /// A regular expression that the whole of a name must match.
        "attribute-pattern" attribute_pattern: Pattern,
        /// Attributes that a map may have at most.
        "max-attributes" max_attributes: u32,
        /// Characters that a name may have at most.
        "max-key-length" max_key_length: u32,
        /// Characters that a value may have at most.
        "max-value-length" max_value_length: u32,
    }
}

settings! {
    /// What the bare bodies of files are for. Such a file is checked wherever it is met.
    #[schemars(extend("required" = ["files"], "oneOf" = [{"required": ["operation"]}, {"required": ["request"]}]))]
    Bodies, " in `[[bodies]]`" {
        /// The files: globs as in `.gitignore`, relative to this file's folder.
        "files" files: Several<Glob>,
        /// Their operation: an operationId, or its name in an SDK.
        "operation" operation: OperationName,
        /// Their operation, as "METHOD /api/v2/…".
        "request" request: RequestLine,
    }
}

settings! {
    /// Findings that are known and meant.
    #[schemars(extend(
        "required" = ["reason"],
        "anyOf" = [{"required": ["files"]}, {"required": ["rules"]}, {"required": ["pointer"]}]
    ))]
    Override, " in `[[overrides]]`" {
        /// The files: globs as in `.gitignore`, relative to this file's folder; all, where none are given.
        "files" files: Several<Glob>,
        /// The rules; all, where none are given.
        "rules" rules: Several<RuleName>,
        /// The JSON Pointer of the place, `*` standing for any one token: "/attributes/*". Anywhere, where
        /// none is given.
        "pointer" pointer: Pointer,
        /// Why.
        "reason" reason: String,
        /// The level that the findings get instead: "off", unless another is given.
        "level" level: Level,
    }
}

impl Read for File {
    fn read(node: &Node<'_>, faults: &mut Sink<'_>) -> Option<Self> {
        Self::read_keys(node, faults)
    }
}

impl Read for Attributes {
    fn read(node: &Node<'_>, faults: &mut Sink<'_>) -> Option<Self> {
        Self::read_keys(node, faults)
    }
}

impl Read for Bodies {
    fn read(node: &Node<'_>, faults: &mut Sink<'_>) -> Option<Self> {
        let has = |key: &str| node.get_ref().as_table().is_some_and(|table| table.contains_key(key));
        let bodies = Self::read_keys(node, faults)?;
        let help =
            "write `files = \"payloads/*.json\"` and `operation = \"…\"` or `request = \"PATCH /api/v2/…\"`";
        if !has("files") {
            faults.push(Draft::new(span(node), "`files` is missing: which files' bodies?").help(help));
        }
        match (has("operation"), has("request")) {
            (false, false) => {
                faults.push(
                    Draft::new(span(node), "`operation` is missing: what are the bodies for?").help(help),
                );
            }
            (true, true) => faults.push(
                Draft::new(span(node), "`operation` and `request` both say what the bodies are for")
                    .help("keep one of them"),
            ),
            _ => {}
        }
        Some(bodies)
    }
}

impl Read for Override {
    fn read(node: &Node<'_>, faults: &mut Sink<'_>) -> Option<Self> {
        let has = |key: &str| node.get_ref().as_table().is_some_and(|table| table.contains_key(key));
        let this = Self::read_keys(node, faults)?;
        if !has("reason") {
            let draft = Draft::new(span(node), "`reason` is missing: why is this no fault?");
            faults.push(draft.help("write `reason = \"…\"` for whoever reads it next"));
        }
        if !has("files") && !has("rules") && !has("pointer") {
            let draft = Draft::new(span(node), "this would hold for everything");
            faults.push(draft.help("name `files`, `rules` or a `pointer`"));
        }
        if let Some(reason) = this.reason.as_ref().filter(|reason| reason.value.trim().is_empty()) {
            faults.push(Draft::new(reason.place, "the reason is empty").help("say why this is no fault"));
        }
        Some(this)
    }
}

/// A string that is something more, once it is understood.
macro_rules! strings {
    ($($(#[$meta:meta])* $name:ident($value:ty), $schema:tt, $understand:path;)*) => {$(
        #[derive(Clone, Debug)]
        $(#[$meta])*
        pub struct $name(pub $value);

        impl Read for $name {
            fn read(node: &Node<'_>, faults: &mut Sink<'_>) -> Option<Self> {
                let text = String::read(node, faults)?;
                match $understand(&text, span(node)) {
                    Ok(value) => Some(Self(value)),
                    Err(draft) => {
                        faults.push(*draft);
                        None
                    }
                }
            }
        }

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    )*};
}

strings! {
    /// A requirement on paylint's version.
    Version(VersionReq), {"type": "string"}, version;
    /// A glob, as `.gitignore` has them.
    Glob(String), {"type": "string", "minLength": 1}, glob;
    /// What makes a check fail: that level and those above it, or nothing.
    #[derive(Copy)]
    FailOn(Option<Severity>), {"enum": ["info", "warning", "error", "never"]}, fail_on;
    /// A level; `None` is off.
    Level(Option<Severity>), {"enum": ["off", "info", "warning", "error"]}, level;
    /// A region and its domain.
    Region(&'static (&'static str, &'static str)), {"enum": (regions())}, region;
    /// A host, in lower case.
    HostName(String), {"type": "string", "pattern": r"^(\*\.)?[^\s/:*]+$"}, host;
    /// An operation; `None` is the union of participant updates.
    #[derive(Copy)]
    OperationName(Option<&'static Operation>), {"type": "string", "minLength": 1}, operation;
    /// An operation, by its method and path.
    RequestLine(&'static Operation), {"type": "string", "pattern": r"^\s*[A-Za-z]+\s+\S"}, request;
    /// A rule.
    RuleName(&'static Rule), {"enum": (rule_ids())}, rule;
    /// A pattern that a whole name has to match.
    Pattern(Regex), {"type": "string", "format": "regex"}, pattern;
    /// A JSON Pointer in which `*` stands for any one token.
    Pointer(Vec<Token>), {"type": "string", "pattern": "^(/([^~/]|~[01])*)*$"}, pointer;
}

/// A part of a pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// Any one.
    Any,
    /// This one, as a pointer writes it, with `~0` and `~1`.
    Is(String),
}

impl Pointer {
    /// As it is written.
    #[must_use]
    pub fn text(&self) -> String {
        let token = |token: &Token| match token {
            Token::Any => "/*".to_owned(),
            Token::Is(name) => format!("/{name}"),
        };
        self.0.iter().map(token).collect()
    }
}

/// The level of each rule.
#[derive(Clone, Debug, Default)]
pub struct Rules(pub Vec<(&'static Rule, Entry<Level>)>);

impl Read for Rules {
    fn read(node: &Node<'_>, faults: &mut Sink<'_>) -> Option<Self> {
        let mut levels = Vec::new();
        for (key, value) in table(node, faults)? {
            match rule(key.get_ref(), span(key)) {
                Ok(rule) => levels.extend(Entry::read(key, value, faults).map(|level| (rule, level))),
                Err(draft) => faults.push(*draft),
            }
        }
        Some(Self(levels))
    }
}

impl JsonSchema for Rules {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Rules".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut properties = serde_json::Map::new();
        for rule in ALL {
            let mut level = Level::json_schema(generator);
            level.insert("description".to_owned(), format!("{}.", rule.summary).into());
            level.insert("default".to_owned(), rule.level.as_str().into());
            properties.insert(rule.id.to_owned(), level.to_value());
        }
        json_schema!({ "type": "object", "additionalProperties": false, "properties": properties })
    }
}

fn rule_ids() -> serde_json::Value {
    json!(ALL.iter().map(|rule| rule.id).collect::<Vec<_>>())
}

fn regions() -> serde_json::Value {
    json!(REGIONS.iter().flat_map(|(name, domain)| [*domain, *name]).collect::<Vec<_>>())
}

fn version(text: &str, place: Span) -> Result<VersionReq, Box<Draft>> {
    VersionReq::parse(text).map_err(|error| {
        Draft::new(place, format!("`{text}` is no requirement on a version: {error}"))
            .help("write it as Cargo has them: `>=0.1`, `0.1`, `>=0.1, <0.3`")
            .into()
    })
}

fn glob(text: &str, place: Span) -> Result<String, Box<Draft>> {
    let bad = |why: &str| {
        let draft = Draft::new(place, format!("`{text}` is no glob: {why}"));
        Box::new(draft.help("globs are written as in .gitignore: `payloads/**/*.json`"))
    };
    if text.trim().is_empty() {
        return Err(bad("it is empty"));
    }
    match Patterns::new([text]) {
        Ok(_) => Ok(text.to_owned()),
        // The parser names the glob again.
        Err((_, why)) => Err(bad(why.rsplit("': ").next().unwrap_or(&why))),
    }
}

/// One of a few words.
fn word<T: Copy>(text: &str, place: Span, known: &[(&str, T)]) -> Result<T, Box<Draft>> {
    let found = known.iter().find(|(name, _)| *name == text);
    found.map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<_> = known.iter().map(|(name, _)| *name).collect();
        unknown_word(place, "level", text, &names).into()
    })
}

fn level(text: &str, place: Span) -> Result<Option<Severity>, Box<Draft>> {
    word(text, place, &levels("off"))
}

fn fail_on(text: &str, place: Span) -> Result<Option<Severity>, Box<Draft>> {
    word(text, place, &levels("never"))
}

const fn levels(none: &str) -> [(&str, Option<Severity>); 4] {
    [
        (none, None),
        (Severity::Info.as_str(), Some(Severity::Info)),
        (Severity::Warning.as_str(), Some(Severity::Warning)),
        (Severity::Error.as_str(), Some(Severity::Error)),
    ]
}

fn region(text: &str, place: Span) -> Result<&'static (&'static str, &'static str), Box<Draft>> {
    let is = |name: &str| name.eq_ignore_ascii_case(text);
    REGIONS.iter().find(|(name, domain)| is(name) || is(domain)).ok_or_else(|| {
        let names: Vec<_> = REGIONS.iter().flat_map(|(name, domain)| [*domain, *name]).collect();
        unknown(
            place,
            "region",
            text,
            &names,
            "write its domain, `mypurecloud.de`, or its name, `eu-central-1`",
        )
        .into()
    })
}

fn host(text: &str, place: Span) -> Result<String, Box<Draft>> {
    let name = text.strip_prefix("*.").unwrap_or(text);
    if name.is_empty() || name.contains(|c: char| c.is_whitespace() || matches!(c, '/' | ':' | '*')) {
        let draft = Draft::new(place, format!("`{text}` is not the name of a host"));
        return Err(draft
            .help("write the name alone, without scheme, port and path: `proxy.example.com`")
            .into());
    }
    Ok(text.to_ascii_lowercase())
}

fn operation(text: &str, place: Span) -> Result<Option<&'static Operation>, Box<Draft>> {
    if text.eq_ignore_ascii_case(UNION) {
        return Ok(None);
    }
    let Some(operation) = api::operation(text) else {
        let names: Vec<_> = OPERATIONS.iter().map(|operation| operation.id).chain([UNION]).collect();
        return Err(
            unknown(place, "operation", text, &names, "`paylint operations` finds them by words").into()
        );
    };
    match api::gone(operation) {
        Some(refusal) => Err(Draft::new(place, refusal.message).help(refusal.help).into()),
        None => Ok(Some(operation)),
    }
}

fn request(text: &str, place: Span) -> Result<&'static Operation, Box<Draft>> {
    api::operation_of_line(text)
        .map_err(|refusal| Draft::new(place, refusal.message).help(refusal.help).into())
}

fn rule(text: &str, place: Span) -> Result<&'static Rule, Box<Draft>> {
    crate::rules::by_id(text).ok_or_else(|| {
        let names: Vec<_> = ALL.iter().map(|rule| rule.id).collect();
        unknown(place, "rule", text, &names, "`paylint rules` lists them").into()
    })
}

fn pattern(text: &str, place: Span) -> Result<Regex, Box<Draft>> {
    // Alone first, so that the whole is not one that its parts are not.
    let compiled = Regex::new(text).and_then(|_| Regex::new(&format!("^(?:{text})$")));
    compiled.map_err(|error| {
        Draft::new(place, format!("`{text}` is no regular expression: {error}"))
            .help("write one that names match as a whole: `[a-z][a-z0-9_]*`")
            .into()
    })
}

fn pointer(text: &str, place: Span) -> Result<Vec<Token>, Box<Draft>> {
    let bad = |why: &str| {
        let draft = Draft::new(place, format!("`{text}` is no JSON Pointer: {why}"));
        Box::new(
            draft.help("write `/attributes/order_id`, with `*` for any one name or number: `/attributes/*`"),
        )
    };
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let Some(rest) = text.strip_prefix('/') else { return Err(bad("it has to begin with `/`")) };
    let token = |token: &str| {
        let mut after = token.split('~').skip(1);
        if !after.all(|rest| rest.starts_with(['0', '1'])) {
            return Err(bad("`~` is written `~0`, `/` in a name `~1`"));
        }
        Ok(if token == "*" { Token::Any } else { Token::Is(token.to_owned()) })
    };
    rest.split('/').map(token).collect()
}

//! What holds, listed: each setting with what it is, and who says so.

use serde_json::{Value, json};

use crate::api::{Operation, UNION};
use crate::config::read::{Entry, Several};
use crate::config::resolve::{Config, Layer, Place, Seen};
use crate::config::{File, OperationName, Override};
use crate::diagnostic::Severity;
use crate::rules::ALL;
use crate::text::{Before, LineIndex};

/// Who says what a setting is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody.
    Default,
    /// A flag of the command.
    Flag(&'static str),
    /// An entry of a text.
    At(Place),
}

/// A setting that holds.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Its key; of a rule's level, `rules.` and the rule's id.
    pub key: String,
    /// What it is.
    pub value: Value,
    /// Who says so.
    pub origin: Origin,
}

impl Origin {
    /// As it is shown: `default`, `--deny`, `paylint.toml:3`.
    #[must_use]
    pub fn shown(self, config: &Config) -> String {
        match self {
            Self::Default => "default".to_owned(),
            Self::Flag(flag) => flag.to_owned(),
            Self::At(place) => {
                config.layers.get(place.layer).map_or_else(String::new, |layer| match line(layer, place) {
                    Some(line) => format!("{}:{line}", layer.name),
                    None => layer.name.clone(),
                })
            }
        }
    }

    /// The name of the text, and the line in it, from 1, where that is a file.
    #[must_use]
    pub fn place(self, config: &Config) -> Option<(&str, Option<u64>)> {
        let Self::At(place) = self else { return None };
        let layer = config.layers.get(place.layer)?;
        Some((&layer.name, line(layer, place)))
    }

    /// What kind of thing says so: `default`, `file` or `flag`.
    #[must_use]
    pub fn kind(self, config: &Config) -> &'static str {
        match self {
            Self::Default => "default",
            Self::At(_) if self.place(config).is_some_and(|(_, line)| line.is_some()) => "file",
            Self::At(_) | Self::Flag(_) => "flag",
        }
    }
}

/// The line of an entry; of a setting on the command line, there is none to name.
fn line(layer: &Layer, place: Place) -> Option<u64> {
    let is_file = layer.base == super::Base::Own;
    is_file.then(|| LineIndex::new(&layer.text, Before::default()).position(place.span.start).line)
}

/// All that holds for a file: what is set, and what else is, in the order of the schema.
#[must_use]
pub fn settings(config: &Config, seen: Seen<'_>) -> Vec<Setting> {
    let mut list = Vec::new();
    let mut add = |key: &str, value: Value, origin| list.push(Setting { key: key.to_owned(), value, origin });
    if let Some((place, version)) = strongest(config, |file| file.required_version.as_ref()) {
        add("required-version", json!(version.0.to_string()), Origin::At(place));
    }
    for (place, globs) in each(config, |file| file.include.as_ref()) {
        add("include", strings(globs, |glob| &glob.0), Origin::At(place));
    }
    for (place, globs) in each(config, |file| file.exclude.as_ref()) {
        add("exclude", strings(globs, |glob| &glob.0), Origin::At(place));
    }
    let fail_on = match (config.flags.fail_on, strongest(config, |file| file.fail_on.as_ref())) {
        (Some(_), _) => Origin::Flag("--fail-on"),
        (None, Some((place, _))) => Origin::At(place),
        (None, None) => Origin::Default,
    };
    add("fail-on", json!(config.fail_on.map_or("never", Severity::as_str)), fail_on);
    if let Some((place, region)) = strongest(config, |file| file.region.as_ref()) {
        add("region", json!(region.0.1), Origin::At(place));
    }
    for (place, hosts) in each(config, |file| file.extra_hosts.as_ref()) {
        add("extra-hosts", strings(hosts, |host| &host.0), Origin::At(place));
    }
    let (operation, origin) = config.operation(seen);
    add("operation", json!(operation.map_or(UNION, |operation| operation.id)), origin);
    list.extend(attributes(config));
    for (place, entry) in config.overrides(seen) {
        list.push(Setting {
            key: "overrides".to_owned(),
            value: described(entry),
            origin: Origin::At(place),
        });
    }
    for rule in ALL {
        let (level, origin) = config.level(rule);
        let value = json!(level.map_or("off", Severity::as_str));
        list.push(Setting { key: format!("rules.{}", rule.id), value, origin });
    }
    list
}

fn attributes(config: &Config) -> Vec<Setting> {
    let mut list = Vec::new();
    let mut add = |key: &str, entry: Option<(Place, Value)>| {
        if let Some((place, value)) = entry {
            list.push(Setting { key: format!("attributes.{key}"), value, origin: Origin::At(place) });
        }
    };
    macro_rules! found {
        ($key:literal, $field:ident, $value:expr) => {
            let table =
                |file: &'_ File| file.attributes.as_ref().and_then(|table| table.value.$field.clone());
            add($key, last(config, table).map(|(place, entry)| (place, $value(entry.value))));
        };
    }
    let names = |names: Several<String>| strings(&names, |name| name);
    let number = |number: u32| json!(number);
    let agreement = config.settings.team.as_ref().and_then(|team| team.agreement.as_ref());
    let pattern = |_| json!(agreement.and_then(|agreement| Some(&agreement.pattern.as_ref()?.text)));
    found!("required-attributes", required_attributes, names);
    found!("allowed-attributes", allowed_attributes, names);
    found!("attribute-pattern", attribute_pattern, pattern);
    found!("max-attributes", max_attributes, number);
    found!("max-key-length", max_key_length, number);
    found!("max-value-length", max_value_length, number);
    list
}

/// An entry of `[[overrides]]`, in one line.
fn described(entry: &Override) -> Value {
    let rules = entry.rules.iter().flat_map(|rules| &rules.value.0).map(|rule| rule.value.0.id);
    let level = entry.level.as_ref().and_then(|level| level.value.0);
    json!({
        "rules": rules.collect::<Vec<_>>(),
        "pointer": entry.pointer.as_ref().map(|pointer| pointer.value.text()),
        "level": level.map_or("off", Severity::as_str),
        "reason": entry.reason.as_ref().map(|reason| &reason.value),
    })
}

fn strings<T>(several: &Several<T>, text: impl Fn(&T) -> &String) -> Value {
    json!(several.0.iter().map(|entry| text(&entry.value)).collect::<Vec<_>>())
}

fn each<'c, T: 'c>(
    config: &'c Config,
    key: impl Fn(&'c File) -> Option<&'c Entry<T>> + 'c,
) -> impl Iterator<Item = (Place, &'c T)> {
    config.layers.iter().enumerate().filter_map(move |(layer, text)| {
        let entry = key(&text.file)?;
        Some((Place { layer, span: entry.key }, &entry.value))
    })
}

fn strongest<'c, T: 'c>(
    config: &'c Config,
    key: impl Fn(&'c File) -> Option<&'c Entry<T>> + 'c,
) -> Option<(Place, &'c T)> {
    each(config, key).last()
}

fn last<T>(config: &Config, key: impl Fn(&File) -> Option<Entry<T>>) -> Option<(Place, Entry<T>)> {
    config.layers.iter().enumerate().rev().find_map(|(layer, text)| {
        let entry = key(&text.file)?;
        Some((Place { layer, span: entry.key }, entry))
    })
}

impl Config {
    /// What a file's bare bodies are for, and who says so.
    fn operation(&self, seen: Seen<'_>) -> (Option<&'static Operation>, Origin) {
        if let Some(OperationName(operation)) = self.flags.operation {
            return (operation, Origin::Flag("--operation, --request"));
        }
        match self.mapping(seen).and_then(|at| self.mapped(at)) {
            Some((place, operation)) => (operation, Origin::At(place)),
            None => (None, Origin::Default),
        }
    }

    /// The overrides that may hold in a file.
    fn overrides(&self, seen: Seen<'_>) -> impl Iterator<Item = (Place, &Override)> {
        let all = each(self, |file| file.overrides.as_ref());
        let entries = all.flat_map(|(place, entries)| {
            entries.iter().map(move |entry| (Place { span: entry.key, ..place }, &entry.value))
        });
        entries.filter(move |(place, _)| self.overrides_in(*place, seen))
    }
}

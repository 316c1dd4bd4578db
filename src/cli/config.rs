//! `paylint config`, and what the arguments say of how files are judged.

use std::path::Path;

use serde_json::json;

use crate::api::{self, UNION};
use crate::cli::args::{Check, OutputFormat};
use crate::cli::check::unknown_rule;
use crate::cli::error::{Trouble, suggest};
use crate::config::{self, Config, Flags, OperationName, Setting, settings};
use crate::files::{Configs, Search, display};
use crate::report::{Format, escaped};
use crate::rules;

/// The configurations of a run, as its arguments have them. Without a format, none of what is found is
/// shown.
pub fn configs(arguments: &Check, format: Option<Format>) -> Result<Configs, Trouble> {
    let mut flags = flags(arguments)?;
    flags.wants = format.map(Format::wants);
    // A setting holds a `=`; so may the name of a file.
    let is_setting = |text: &&String| text.contains('=') && !Path::new(text).is_file();
    let inline: Vec<_> = arguments.configuration.config.iter().filter(is_setting).cloned().collect();
    let mut files = arguments.configuration.config.iter().filter(|text| !is_setting(text));
    let search = match (files.next(), files.next()) {
        (Some(_), Some(other)) => {
            return Err(Trouble::new(format!("`{other}` is a second configuration"))
                .help("name one file; settings besides are written `--config 'key = value'`"));
        }
        (Some(file), None) if arguments.configuration.no_config => {
            return Err(
                Trouble::new(format!("--no-config, but also `--config {file}`")).help("keep one of them")
            );
        }
        (Some(setting), None) if is_key(setting) => {
            return Err(Trouble::new(format!("`--config {setting}` gives the setting no value"))
                .help(format!("write it as in the file: `--config '{setting} = …'`")));
        }
        (Some(file), None) => Search::File(Path::new(file)),
        (None, _) if arguments.configuration.no_config => Search::Nowhere,
        (None, _) => Search::Nearest,
    };
    let whole = is_whole(arguments).then(|| arguments.paths.clone());
    Configs::new(search, &inline, flags, whole).map_err(Trouble::with)
}

/// Whether a text is the name of a setting, and of no file.
fn is_key(text: &str) -> bool {
    let first = text.split('.').next().unwrap_or_default().trim();
    config::File::KEYS.contains(&first) && !Path::new(text).exists()
}

/// Whether nothing narrows what is looked at, and for what: only then an entry under which nothing came
/// is one that does nothing.
fn is_whole(arguments: &Check) -> bool {
    let narrowed =
        [&arguments.files.exclude, &arguments.files.include, &arguments.rules.allow, &arguments.rules.only];
    narrowed.into_iter().all(Vec::is_empty) && arguments.files.carrier.is_none() && !arguments.list
}

fn flags(arguments: &Check) -> Result<Flags, Trouble> {
    let known = |names: &[String]| names.iter().map(|name| rule(name)).collect::<Result<Vec<_>, _>>();
    let flags = Flags {
        deny: known(&arguments.rules.deny)?,
        warn: known(&arguments.rules.warn)?,
        allow: known(&arguments.rules.allow)?,
        only: known(&arguments.rules.only)?,
        fail_on: arguments.fail_on.map(|level| config::FailOn(level.level())),
        operation: operation(arguments)?,
        wants: None,
    };
    let twice = flags.deny.iter().find(|id| flags.warn.contains(id) || flags.allow.contains(id));
    match twice.or_else(|| flags.warn.iter().find(|id| flags.allow.contains(id))) {
        Some(id) => Err(Trouble::new(format!("the rule `{id}` is given two levels"))
            .help("give it one of --deny, --warn and --allow")),
        None => Ok(flags),
    }
}

fn rule(name: &str) -> Result<&'static str, Trouble> {
    rules::by_id(name).map(|rule| rule.id).ok_or_else(|| unknown_rule(name))
}

/// The operation that bare bodies are for, where one is given.
fn operation(arguments: &Check) -> Result<Option<OperationName>, Trouble> {
    if let Some(name) = &arguments.operation {
        if name.eq_ignore_ascii_case(UNION) {
            return Ok(Some(OperationName(None)));
        }
        let names = api::OPERATIONS.iter().map(|operation| operation.id).chain([UNION]);
        let help = suggest(name, names, "`paylint operations` finds them by words");
        return match api::operation(name) {
            Some(operation) => match api::gone(operation) {
                Some(refusal) => Err(Trouble::new(refusal.message).help(refusal.help)),
                None => Ok(Some(OperationName(Some(operation)))),
            },
            None => Err(Trouble::new(format!("there is no operation `{name}`")).help(help)),
        };
    }
    let Some(request) = &arguments.request else { return Ok(None) };
    let named = api::operation_of_line(request);
    named
        .map(|operation| Some(OperationName(Some(operation))))
        .map_err(|refusal| Trouble::new(refusal.message).help(refusal.help))
}

/// What holds for each of the paths.
pub fn render(arguments: &Check) -> Result<String, Trouble> {
    let configs = configs(arguments, None)?;
    let mut pages = Vec::new();
    for path in &arguments.paths {
        let path = match arguments.stdin_filename.as_deref() {
            Some(name) if path.as_os_str() == "-" => Path::new(name),
            _ => path,
        };
        let is_folder = path.is_dir();
        let folder = if is_folder { path } else { path.parent().unwrap_or(Path::new("")) };
        let Some(here) = configs.of(folder) else { return Err(Trouble::with(configs.take_invalid())) };
        let list = here.see(path, |seen| settings(&here.config, seen));
        pages.push(match arguments.format {
            OutputFormat::Json => format!("{:#}\n", record(path, &here.config, &list)),
            _ => page(path, &here.config, &list),
        });
    }
    Ok(match arguments.format {
        OutputFormat::Json if pages.len() > 1 => format!("[{}]\n", pages.join(",")),
        _ => pages.join("\n"),
    })
}

/// The file that the settings are from.
fn name_of(held: &Config) -> Option<&str> {
    held.layers.iter().find(|layer| layer.base == config::Base::Own).map(|layer| layer.name.as_str())
}

/// A value, as it may be shown.
fn without_secrets(value: &serde_json::Value) -> serde_json::Value {
    match value {
        serde_json::Value::String(text) => rules::without_secrets(text).into(),
        serde_json::Value::Array(items) => items.iter().map(without_secrets).collect(),
        serde_json::Value::Object(members) => {
            let member = |(name, value): (&String, _)| (name.clone(), without_secrets(value));
            members.iter().map(member).collect()
        }
        other => other.clone(),
    }
}

fn page(path: &Path, config: &Config, list: &[Setting]) -> String {
    let name = name_of(config).unwrap_or("no configuration");
    let shown = |setting: &Setting| match without_secrets(&setting.value) {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    };
    let widest =
        |of: &dyn Fn(&Setting) -> usize| list.iter().map(of).filter(|len| *len < 40).max().unwrap_or(0);
    let keys = widest(&|setting| setting.key.len());
    let values = widest(&|setting| shown(setting).chars().count());
    let lines = list.iter().map(|setting| {
        let origin = setting.origin.shown(config);
        let value = shown(setting);
        format!("  {:keys$}  {:values$}  {}\n", setting.key, escaped(&value), escaped(&origin))
    });
    let head = format!("{}: {}\n", escaped(&display(path)), escaped(name));
    std::iter::once(head).chain(lines).collect()
}

fn record(path: &Path, config: &Config, list: &[Setting]) -> serde_json::Value {
    let settings = list.iter().map(|setting| {
        let place = setting.origin.place(config);
        json!({
            "key": setting.key,
            "value": without_secrets(&setting.value),
            "source": {
                "kind": setting.origin.kind(config),
                "name": place.map_or_else(|| setting.origin.shown(config), |(name, _)| name.to_owned()),
                "line": place.and_then(|(_, line)| line),
            },
        })
    });
    json!({ "path": display(path), "config": name_of(config), "settings": settings.collect::<Vec<_>>() })
}

//! `paylint schema`

use crate::api::{self, MODELS};
use crate::cli::args::Schema;
use crate::cli::error::{Trouble, suggest};

/// The name under which the schema of the JSON output is printed.
const REPORT: &str = "report";
/// The name under which the schema of the configuration is printed.
const CONFIG: &str = "config";
/// The name under which the schema of a baseline is printed.
const BASELINE: &str = "baseline";

const OTHERS: [&str; 3] = [REPORT, CONFIG, BASELINE];

/// A bundled schema, or the list of their names.
pub fn render(arguments: &Schema) -> Result<String, Trouble> {
    let bundled = || MODELS.iter().filter(|model| model.schema.is_some()).map(|model| model.name);
    if arguments.list {
        return Ok(bundled().chain(OTHERS).fold(String::new(), |list, name| list + name + "\n"));
    }
    let name = arguments.name.as_str();
    if name == REPORT {
        return Ok(include_str!("../../schemas/report.schema.json").to_owned());
    }
    if name == CONFIG {
        return Ok(include_str!("../../schemas/paylint.schema.json").to_owned());
    }
    if name == BASELINE {
        return Ok(include_str!("../../schemas/baseline.schema.json").to_owned());
    }
    let found = bundled().find(|known| known.eq_ignore_ascii_case(name)).and_then(api::model);
    // An operation's name stands for its body.
    let found = found.or_else(|| api::operation(name)?.model());
    match found.and_then(|model| model.schema.as_ref()) {
        Some(schema) => Ok(schema.text.to_owned()),
        None => Err(Trouble::new(format!("no schema `{name}` is bundled")).help(suggest(
            name,
            bundled().chain(OTHERS),
            "`paylint schema --list` lists them",
        ))),
    }
}

//! `--baseline`, `--write-baseline`, `--prune-baseline`

use std::io;
use std::path::Path;

use crate::baseline::{Baseline, Fault, VERSION};
use crate::cli::args::Check;
use crate::cli::check::counted;
use crate::cli::error::Trouble;
use crate::files::{Known, Totals, display, message, read_whole};
use crate::report::escaped;

/// The findings that are known, where they are to be set apart.
pub fn known(arguments: &Check) -> Result<Option<Known>, Trouble> {
    if let Some(path) = &arguments.known.write_baseline {
        return Ok(Some(Known::new(path, None)));
    }
    let Some(path) = &arguments.known.baseline else { return Ok(None) };
    let name = display(path);
    let bytes = std_file(path).map_err(|error| {
        Trouble::new(format!("cannot read the baseline `{name}`: {}", message(&error)))
            .help(format!("`--write-baseline {name}` makes it"))
    })?;
    let anew = format!("restore it, or make it anew by `--write-baseline {name}`");
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| Trouble::new(format!("the baseline `{name}` is not UTF-8")).help(anew.clone()))?;
    match Baseline::parse(text) {
        Ok(baseline) => Ok(Some(Known::new(path, Some(baseline)))),
        Err(Fault::Newer(version)) => Err(Trouble::new(format!(
            "the baseline `{name}` is of version {version}, and this paylint knows up to version {VERSION}"
        ))
        .help(format!("use the paylint that wrote it, or {anew}"))),
        Err(Fault::Broken { what, line, column }) => {
            Err(Trouble::new(format!("the baseline `{name}` cannot be used: {name}:{line}:{column}: {what}"))
                .help(anew))
        }
    }
}

/// Reads a file, whatever its name.
fn std_file(path: &Path) -> io::Result<Vec<u8>> {
    if path.as_os_str() == "-" { Err(io::ErrorKind::NotFound.into()) } else { read_whole(path) }
}

/// Writes what is to be written; what is to be said of it.
pub fn conclude(arguments: &Check, known: &Known, totals: &Totals) -> Result<String, Trouble> {
    let failed = |path: &Path, error: io::Error| {
        Trouble::new(format!("cannot write the baseline `{}`: {}", display(path), message(&error)))
            .help("name a plain file, in a folder that may be written to")
    };
    if let Some(path) = &arguments.known.write_baseline {
        let name = display(path);
        if !totals.failed.is_empty() || !totals.invalid.is_empty() {
            return Err(Trouble::new(format!(
                "the baseline `{name}` is not written: not all could be checked"
            ))
            .help("mend what is told above, or leave it out by `--exclude`"));
        }
        let count = known.write(totals).map_err(|error| failed(path, error))?;
        return Ok(format!("{} written to `{}`\n", counted(count, "finding"), escaped(&name)));
    }
    let Some(path) = &arguments.known.baseline else { return Ok(String::new()) };
    let named = |rules: &[String], rule: &str| rules.iter().any(|name| name == rule);
    let ran = |rule: &str| {
        !named(&arguments.rules.allow, rule)
            && (arguments.rules.only.is_empty() || named(&arguments.rules.only, rule))
    };
    let prune = arguments.known.prune_baseline;
    let gone = known.prune(totals, &arguments.paths, ran, prune).map_err(|error| failed(path, error))?;
    let (count, name) = (counted(gone, "known finding"), display(path));
    let name = escaped(&name);
    let (are, them) = if gone == 1 { ("is", "it") } else { ("are", "them") };
    Ok(match (gone, prune) {
        (0, _) => String::new(),
        (_, true) => format!("{count} {are} gone, and no longer in `{name}`\n"),
        (_, false) => format!("{count} {are} gone: `--prune-baseline` takes {them} out of `{name}`\n"),
    })
}

//! `--fix`, `--unsafe-fixes`, `--diff`, and `paylint fix`

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};

use crate::cli::args::Check;
use crate::cli::check::{counted, left_out};
use crate::cli::error::Trouble;
use crate::cli::terminal::{self, Color, colored};
use crate::diagnostic::Applicability;
use crate::files::{Fixing, How, Totals, display, message};
use crate::fix::{MOST_ROUNDS, MOST_TRIALS};
use crate::report::{Style, Summary, escaped};

/// Whether and how files are to be fixed.
pub fn fixing(arguments: &Check) -> Result<Option<Fixing>, Trouble> {
    if !(arguments.fixing.fix || arguments.fixing.unsafe_fixes || arguments.fixing.diff) {
        return Ok(None);
    }
    let most = if arguments.fixing.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe };
    let has_stdin = arguments.paths.iter().any(|path| path.as_os_str() == "-");
    let how = if arguments.fixing.diff {
        How::Diff { on_screen: io::stdout().is_terminal() }
    } else if !has_stdin {
        How::Write
    } else if arguments.paths.len() == 1 {
        How::Filter
    } else {
        return Err(Trouble::new("standard input cannot be fixed together with files")
            .help("its text is all that is written to standard output: fix the files by another command"));
    };
    Ok(Some(Fixing::new(most, how, &arguments.paths)))
}

/// What findings are written to: where standard output is the text, standard error, if at all.
pub fn output(arguments: &Check, how: Option<How>) -> Box<dyn Write + Send> {
    match how {
        Some(How::Filter) if arguments.fixing.show_remaining => Box::new(io::stderr()),
        Some(How::Filter) => Box::new(io::sink()),
        _ => Box::new(io::stdout()),
    }
}

/// How findings are shown there.
pub fn style(how: Option<How>, color: Color) -> Style {
    let style = terminal::style(color);
    match how {
        Some(How::Filter) => Style { color: colored(color, &io::stderr()), links: false, ..style },
        _ => style,
    }
}

/// What is to be said of files that were not fixed, or not to the end.
pub fn told(totals: &Totals) -> String {
    let mut text = String::new();
    for (path, error) in &totals.unwritten {
        let error = message(error);
        let _ = writeln!(text, "error: cannot fix `{}`: {error}", escaped(&display(path)));
    }
    for path in &totals.unended {
        let _ = writeln!(
            text,
            "warning: the fixes of `{}` did not settle in {MOST_ROUNDS} rounds and {MOST_TRIALS} tries: what they came to so far is kept, and more may be left to fix",
            escaped(&display(path))
        );
    }
    text
}

/// `3 findings would be fixed, 2 files looked at`
pub fn would_be_fixed(summary: &Summary) -> String {
    let (count, files) = (counted(summary.fixed, "finding"), counted(summary.files, "file"));
    format!("{count} would be fixed, {files} looked at{}\n", left_out(summary))
}

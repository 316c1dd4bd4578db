//! What the output is written to.

use std::env;
use std::io::{self, IsTerminal};

use clap::ValueEnum;

use crate::report::Style;

/// Whether to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set; elsewhere if `FORCE_COLOR` is.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Whether output to a stream is coloured.
#[must_use]
pub fn colored(color: Color, stream: &impl IsTerminal) -> bool {
    let set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if set("NO_COLOR") => false,
        Color::Auto if set("FORCE_COLOR") => env::var_os("FORCE_COLOR").is_some_and(|value| value != "0"),
        Color::Auto => stream.is_terminal() && env::var_os("TERM").is_none_or(|term| term != "dumb"),
    }
}

/// How findings are shown on standard output.
#[must_use]
pub fn style(color: Color) -> Style {
    let out = io::stdout();
    let color = colored(color, &out);
    Style { color, width: width(), unicode: unicode(), links: color && out.is_terminal() }
}

/// How what goes wrong is shown on standard error.
#[must_use]
pub fn error_style(color: Color) -> Style {
    Style { color: colored(color, &io::stderr()), width: width(), unicode: unicode(), links: false }
}

/// Columns: those of the terminal, or of `COLUMNS`, or 80.
fn width() -> usize {
    const USUAL: usize = 80;
    const WIDEST: usize = 120;
    const NARROWEST: usize = 40;
    let given = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let seen = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    given.or_else(seen).unwrap_or(USUAL).clamp(NARROWEST, WIDEST)
}

/// Whether line-drawing characters can be shown: unless the locale says that they cannot.
fn unicode() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| env::var(name).ok().filter(|value| !value.is_empty()));
    locale.is_none_or(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8")
            || locale.contains("utf8")
            || !(locale == "c" || locale == "posix" || locale.contains("8859"))
    })
}

//! The arguments, as clap reads them.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::carrier;
use crate::cli::terminal::Color;
use crate::diagnostic::Severity;
use crate::report::Format;

/// Lints the requests that update a Genesys Cloud conversation participant.
///
/// Says, at the exact character, why the API would refuse a request: before it is sent.
#[derive(Debug, Parser)]
#[command(name = "paylint", version, arg_required_else_help = true, max_term_width = 100)]
pub struct Arguments {
    /// When to colour the output
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub color: Color,
    #[command(subcommand)]
    pub command: Command,
}

/// What is to be done.
#[derive(Debug, Subcommand)]
#[command(defer = true)] // each is put together when it is asked for
pub enum Command {
    /// Check files that hold requests or their bodies
    Check(Box<Check>),
    /// Fix what can be fixed: the same as `check --fix`
    ///
    /// `paylint fix -` reads a text from standard input and writes it to standard output, fixed, whole
    /// and whatever it is, as an editor's filter does.
    Fix(Box<Check>),
    /// Show in a request what the API's answer to it speaks of
    Response(Response),
    /// List the rules
    Rules(Rules),
    /// Say what a rule finds, why, and how sure it is; or what an error code of the API means
    Explain(Explain),
    /// Find operations of the API, by words or by a path
    Operations(Operations),
    /// Print the JSON Schema of a body
    Schema(Schema),
    /// Show the configuration of a file, and where each setting is from
    ///
    /// Takes what `check` takes, and shows what would hold for each of the paths.
    Config(Box<Check>),
}

// Arguments of `check`. A doc comment at a struct of arguments would take the place of the command's own.
#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 nothing to fail on, 1 findings, 2 the check could not be done.")]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Check {
    /// Files and folders to check; `-` is standard input
    #[arg(default_value = ".")]
    pub paths: Vec<PathBuf>,

    /// Output format
    #[arg(long, value_enum, default_value_t = OutputFormat::Full)]
    pub format: OutputFormat,

    /// The operation that bare bodies are for: an operationId, or its name in an SDK
    #[arg(long, value_name = "NAME", conflicts_with = "request")]
    pub operation: Option<String>,

    /// The operation that bare bodies are for, as "METHOD /api/v2/…"
    #[arg(long, value_name = "REQUEST")]
    pub request: Option<String>,

    /// The name that standard input goes by
    #[arg(long, value_name = "NAME")]
    pub stdin_filename: Option<String>,

    /// Check named files only where they are recognised, as those met in a folder are
    #[arg(long)]
    pub recognized_only: bool,

    /// The lightest level that makes the exit code 1 [default: error]
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub fail_on: Option<FailOn>,

    /// Name the requests of each file, and the operations they are for, without checking them
    #[arg(long, conflicts_with_all = ["fix", "unsafe_fixes"])]
    pub list: bool,

    /// Count the findings of each rule
    #[arg(long)]
    pub statistics: bool,

    /// Print findings only, no summary
    #[arg(long, short)]
    pub quiet: bool,

    /// Threads to use [default: one for each core]
    #[arg(long, short = 'j', value_name = "N")]
    pub threads: Option<std::num::NonZeroUsize>,

    /// What `check` does with the fixes of what it finds.
    #[command(flatten)]
    pub fixing: Fixing,

    /// Which files are checked, and what they are read as.
    #[command(flatten)]
    pub files: FileSelection,

    /// Which rules run, and at which level.
    #[command(flatten)]
    pub rules: RuleSelection,

    /// Where the configuration is from.
    #[command(flatten)]
    pub configuration: ConfigSelection,

    /// What is known already.
    #[command(flatten)]
    pub known: KnownFindings,
}

// What `check` does with the fixes of what it finds.
#[derive(Debug, Args)]
#[group(skip)]
#[command(next_help_heading = "Fixing")]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Fixing {
    /// Apply the fixes that cannot change what is meant, and report what is left
    ///
    /// With `-`, standard output is the text, fixed or not, and nothing is reported but by the exit
    /// code.
    #[arg(long)]
    pub fix: bool,

    /// Apply also the fixes that have to be looked at; implies --fix
    #[arg(long)]
    pub unsafe_fixes: bool,

    /// Show as a unified diff what would be fixed, and write nothing; the exit code is 1 if there is any
    #[arg(long, conflicts_with_all = ["format", "list"])]
    pub diff: bool,

    /// When `-` is fixed, print on standard error what is left
    #[arg(long)]
    pub show_remaining: bool,
}

// Which files are checked, and what they are read as.
#[derive(Debug, Args)]
#[group(skip)]
#[command(next_help_heading = "File selection")]
pub struct FileSelection {
    /// Read files as this, whatever their names
    #[arg(long, value_name = "NAME", value_parser = carriers())]
    pub carrier: Option<String>,

    /// Leave out files and folders that match, as in .gitignore (repeatable)
    #[arg(long, value_name = "GLOB")]
    pub exclude: Vec<String>,

    /// In folders, look only at files that match (repeatable) [default: all that requests are read from]
    #[arg(long, value_name = "GLOB")]
    pub include: Vec<String>,

    /// Name each file that was not checked, and why
    #[arg(long)]
    pub show_skipped: bool,
}

// Which rules run, and at which level.
#[derive(Debug, Args)]
#[group(skip)]
#[command(next_help_heading = "Rules")]
pub struct RuleSelection {
    /// Report a rule as an error (repeatable)
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub deny: Vec<String>,

    /// Report a rule as a warning (repeatable)
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub warn: Vec<String>,

    /// Turn a rule off (repeatable)
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub allow: Vec<String>,

    /// Run these rules and no others (repeatable)
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub only: Vec<String>,
}

// Where the configuration is from.
#[derive(Debug, Args)]
#[group(skip)]
#[command(next_help_heading = "Configuration")]
pub struct ConfigSelection {
    /// The configuration to use, or a setting of it: `'rules.dotted-key = "off"'` (repeatable) [default:
    /// the nearest paylint.toml]
    #[arg(long, value_name = "FILE|KEY=VALUE")]
    pub config: Vec<String>,

    /// Look for no configuration
    #[arg(long)]
    pub no_config: bool,
}

// What is known already.
#[derive(Debug, Args)]
#[group(skip)]
#[command(next_help_heading = "Baseline")]
pub struct KnownFindings {
    /// Write all that is found to this file, and fail on none of it
    #[arg(long, value_name = "FILE", conflicts_with_all = ["baseline", "list", "diff"])]
    pub write_baseline: Option<PathBuf>,

    /// Count the findings that this file lists, and neither show them nor fail on them
    #[arg(long, value_name = "FILE", conflicts_with_all = ["list", "diff"])]
    pub baseline: Option<PathBuf>,

    /// Take out of that file what is no longer found
    #[arg(long, requires = "baseline")]
    pub prune_baseline: bool,
}

fn carriers() -> PossibleValuesParser {
    PossibleValuesParser::new(carrier::ALL.iter().map(|record| record.name))
}

/// The output formats of `check`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// With the lines around each finding
    Full,
    /// A line for each finding
    Concise,
    /// For programs; `paylint schema report` describes it
    Json,
}

impl From<OutputFormat> for Format {
    fn from(format: OutputFormat) -> Self {
        match format {
            OutputFormat::Full => Self::Full,
            OutputFormat::Concise => Self::Concise,
            OutputFormat::Json => Self::Json,
        }
    }
}

/// What makes a check fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Any finding
    Info,
    /// Warnings and errors
    Warning,
    /// Errors
    Error,
    /// Nothing
    Never,
}

impl FailOn {
    /// The lightest level that fails.
    #[must_use]
    pub const fn level(self) -> Option<Severity> {
        match self {
            Self::Info => Some(Severity::Info),
            Self::Warning => Some(Severity::Warning),
            Self::Error => Some(Severity::Error),
            Self::Never => None,
        }
    }
}

/// The output formats of the lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// A table
    Text,
    /// For programs
    Json,
}

// Arguments of `response`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 nothing to point at, 1 something is shown in the request, 2 it could not be done."
)]
pub struct Response {
    /// The body of the error; or a recording that holds the request as well: an HTTP archive, or
    /// `{"request": …, "response": …}`; `-` is standard input
    #[arg(default_value = "-")]
    pub answer: PathBuf,

    /// The file that holds the request
    #[arg(long, value_name = "FILE")]
    pub request: Option<PathBuf>,

    /// Output format
    #[arg(long, value_enum, default_value_t = OutputFormat::Full)]
    pub format: OutputFormat,
}

// Arguments of `rules`.
#[derive(Debug, Args)]
pub struct Rules {
    /// Output format
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,
}

// Arguments of `explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// The rule, or the error code
    #[arg(value_name = "RULE|CODE")]
    pub rule: String,
}

// Arguments of `operations`.
#[derive(Debug, Args)]
pub struct Operations {
    /// Words to look for, or a path, with or without its method; all operations, where there are none
    #[arg(value_name = "WORDS|PATH")]
    pub query: Vec<String>,

    /// Output format
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,

    /// How many to show at most; 0 for all
    #[arg(long, short = 'n', default_value_t = 5, value_name = "N")]
    pub limit: usize,
}

// Arguments of `schema`.
#[derive(Debug, Args)]
pub struct Schema {
    /// The body's model; `report` for the JSON output of `check`, `config` for paylint.toml, `baseline`
    /// for a baseline
    #[arg(value_name = "NAME", default_value = crate::api::UNION)]
    pub name: String,

    /// List the names
    #[arg(long)]
    pub list: bool,
}

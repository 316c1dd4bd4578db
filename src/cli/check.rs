//! `paylint check`

use std::fmt::Write as _;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::carrier::{Assume, Carrier};
use crate::cli::args::{Check, OutputFormat};
use crate::cli::baseline;
use crate::cli::config::configs;
use crate::cli::error::{Trouble, drawn, suggest};
use crate::cli::fixing;
use crate::cli::terminal::{self, Color};
use crate::cli::{CLEAN, FOUND, TROUBLE};
use crate::files::{self, How, Job, Known, Selection, Totals, display};
use crate::report::{Format, Summary, escaped};
use crate::rules::ALL;

/// Runs the check; its exit code.
pub fn run(arguments: &Check, color: Color) -> Result<u8, Trouble> {
    let fixing = fixing::fixing(arguments)?;
    let how = fixing.as_ref().map(|fixing| fixing.how);
    // A diff is written without anything between two files.
    let format = if arguments.fixing.diff { Format::Concise } else { Format::from(arguments.format) };
    let configs = configs(arguments, Some(format))?;
    let carrier = arguments.files.carrier.as_deref().and_then(Carrier::by_id);
    let selection = Selection::new(&arguments.files.exclude, &arguments.files.include, carrier).map_err(
        |(glob, error)| {
            Trouble::new(format!("`{glob}` is no glob: {error}"))
                .help("globs are written as in .gitignore: `payloads/**/*.json`")
        },
    )?;
    let known = baseline::known(arguments)?;
    let style = fixing::style(how, color);
    let progress = Progress::new(arguments.quiet);
    let job = Job {
        configs: &configs,
        selection: &selection,
        format,
        style: &style,
        list: arguments.list,
        carrier,
        list_skipped: arguments.files.show_skipped,
        named: named(arguments),
        threads: arguments.threads.map(usize::from),
        fixing: fixing.as_ref(),
        known: known.as_ref(),
        stdin_name: arguments.stdin_filename.as_deref().unwrap_or("<stdin>"),
        progress: &|done, met| progress.tick(done, met),
    };
    let mut out = BufWriter::with_capacity(1 << 16, fixing::output(arguments, how));
    let totals = write(&job, &arguments.paths, &mut out);
    progress.end();
    let totals = match totals {
        Ok(totals) => totals,
        // Nobody reads on: `paylint check | head`.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(TROUBLE),
        Err(error) => return Err(Trouble::new(format!("cannot write to standard output: {error}"))),
    };
    conclude(arguments, how, known.as_ref(), &totals, color)
}

/// What files that are named may be taken for.
fn named(arguments: &Check) -> Assume {
    if arguments.recognized_only {
        Assume::Nothing
    } else if arguments.files.carrier.is_some() {
        Assume::Carrier
    } else if arguments.operation.is_some() || arguments.request.is_some() {
        Assume::Body
    } else {
        Assume::Named
    }
}

fn write(job: &Job<'_>, paths: &[PathBuf], out: &mut (impl Write + Send)) -> io::Result<Totals> {
    let mut frame = Vec::new();
    if job.list {
        job.format.begin_list(&mut frame);
    } else {
        job.format.begin(&mut frame);
    }
    out.write_all(&frame)?;
    let totals = files::check(job, paths, out)?;
    frame.clear();
    if job.list {
        job.format.end_list(&totals.summary, &mut frame);
    } else {
        job.format.end(&totals.summary, &mut frame);
    }
    out.write_all(&frame)?;
    out.flush()?;
    Ok(totals)
}

/// Says on standard error what the findings do not; gives the exit code.
fn conclude(
    arguments: &Check,
    how: Option<How>,
    known: Option<&Known>,
    totals: &Totals,
    color: Color,
) -> Result<u8, Trouble> {
    let summary = &totals.summary;
    let mut text = String::new();
    let found = summary.errors + summary.warnings + summary.infos > 0;
    if found && arguments.format == OutputFormat::Full && io::stdout().is_terminal() {
        text.push('\n');
    }
    if arguments.files.show_skipped {
        for (path, why) in &totals.skipped {
            let _ = writeln!(text, "skipped {}: {why}", escaped(&display(path)));
        }
    }
    for (path, error) in &totals.failed {
        let error = files::message(error);
        let _ = writeln!(text, "error: cannot read `{}`: {error}", escaped(&display(path)));
    }
    if !totals.invalid.is_empty() {
        text.push_str(&drawn(&totals.invalid, &terminal::error_style(color)));
    }
    text.push_str(&fixing::told(totals));
    let kept = known.map(|known| baseline::conclude(arguments, known, totals));
    if let Some(Ok(told)) = &kept
        && !arguments.quiet
    {
        text.push_str(told);
    }
    if arguments.statistics {
        text.push_str(&statistics(totals));
    }
    let nothing_done = summary.files == 0 && !totals.invalid.is_empty();
    if !arguments.quiet && !nothing_done && (how != Some(How::Filter) || arguments.fixing.show_remaining) {
        text.push_str(&match (arguments.list, how) {
            (true, _) => listed(summary),
            (_, Some(How::Diff { .. })) => fixing::would_be_fixed(summary),
            _ => sentence(summary, terminal::colored(color, &io::stderr())),
        });
    }
    // Where standard error is gone, there is nowhere to say so.
    let _ = io::stderr().write_all(text.as_bytes());
    if let Some(kept) = kept {
        kept?;
    }
    if summary.unreadable + summary.unwritten > 0 || !totals.invalid.is_empty() {
        return Ok(TROUBLE);
    }
    let only_folders = arguments.paths.iter().all(|path| path.is_dir());
    if summary.files == 0 && only_folders && !arguments.recognized_only {
        let trouble = Trouble::new("there is nothing to check");
        return Err(if summary.skipped > 0 {
            trouble.help("no file was recognised as a request; `--show-skipped` says why, and JSON that is no request is checked as a body where its file is named")
        } else {
            trouble.help("name the files or folders that hold requests, or `-` for standard input")
        });
    }
    if arguments.fixing.diff {
        return Ok(if summary.fixed > 0 { FOUND } else { CLEAN });
    }
    Ok(if totals.failing > 0 { FOUND } else { CLEAN })
}

/// `checked 3 files, 5 requests: 2 errors, 1 warning`
fn sentence(summary: &Summary, color: bool) -> String {
    let paint =
        |text: String, code: &str| if color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text };
    let mut found = Vec::new();
    for (count, noun, code) in [
        (summary.errors, "error", "1;31"),
        (summary.warnings, "warning", "1;33"),
        (summary.infos, "note", "36"),
    ] {
        if count > 0 {
            found.push(paint(counted(count, noun), code));
        }
    }
    let found = if found.is_empty() { paint("nothing found".to_owned(), "32") } else { found.join(", ") };
    let (requests, checked) = (counted(summary.requests, "request"), counted(summary.files, "file"));
    let fixed = if summary.fixed > 0 { format!(", {} fixed", summary.fixed) } else { String::new() };
    let known = if summary.known > 0 { format!(", {} known", summary.known) } else { String::new() };
    format!("{found} in {requests}, {checked} checked{fixed}{known}{}\n", left_out(summary))
}

/// `5 requests in 3 files`
fn listed(summary: &Summary) -> String {
    let (requests, files) = (counted(summary.requests, "request"), counted(summary.files, "file"));
    format!("{requests} in {files}{}\n", left_out(summary))
}

/// The files that were not looked into.
pub fn left_out(summary: &Summary) -> String {
    let mut text = String::new();
    if summary.skipped > 0 {
        let _ = write!(text, ", {} skipped", summary.skipped);
    }
    if summary.unreadable > 0 {
        let _ = write!(text, ", {} unreadable", summary.unreadable);
    }
    text
}

/// `3 files`
pub fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn statistics(totals: &Totals) -> String {
    let mut counts: Vec<_> = ALL.iter().zip(&totals.by_rule).filter(|(_, count)| **count > 0).collect();
    counts.sort_by_key(|(rule, count)| (std::cmp::Reverse(**count), rule.id));
    let width = counts.first().map_or(0, |(_, count)| count.to_string().len());
    counts.iter().fold(String::new(), |mut text, (rule, count)| {
        let _ = writeln!(text, "{count:>width$}  {}", rule.id);
        text
    })
}

/// What is said of a rule's name that is none.
pub fn unknown_rule(name: &str) -> Trouble {
    let names = ALL.iter().map(|rule| rule.id);
    Trouble::new(format!("there is no rule `{name}`")).help(suggest(
        name,
        names,
        "`paylint rules` lists them",
    ))
}

/// A bar on standard error, once a terminal has waited for a second.
struct Progress {
    since: Instant,
    bar: Option<Mutex<Option<ProgressBar>>>,
}

impl Progress {
    fn new(quiet: bool) -> Self {
        let wanted = !quiet && io::stderr().is_terminal();
        Self { since: Instant::now(), bar: wanted.then(Mutex::default) }
    }

    fn tick(&self, done: u64, met: u64) {
        const PATIENCE: Duration = Duration::from_secs(1);
        let Some(bar) = &self.bar else { return };
        if self.since.elapsed() < PATIENCE {
            return;
        }
        let Ok(mut bar) = bar.lock() else { return };
        let bar = bar.get_or_insert_with(|| {
            let style = ProgressStyle::with_template("checking {bar:30} {pos} of {len} files").ok();
            ProgressBar::new(met).with_style(style.unwrap_or_else(ProgressStyle::default_bar))
        });
        bar.set_length(met);
        bar.set_position(done);
    }

    fn end(&self) {
        if let Some(Ok(mut bar)) = self.bar.as_ref().map(Mutex::lock)
            && let Some(bar) = bar.take()
        {
            bar.finish_and_clear();
        }
    }
}

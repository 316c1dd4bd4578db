//! Threads: one walks, and all of them lint.

use std::cell::OnceCell;
use std::collections::VecDeque;
use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::carrier::{Assume, Carrier, Skip};
use crate::diagnostic::Severity;
use crate::files::har::Entries;
use crate::files::lines::Lines;
use crate::files::order::{Outlet, Totals};
use crate::files::read::{Folder, read_all};
use crate::files::walk::{Batch, Selection, Walk, is_har, is_lines};
use crate::lint::{Input, Linted, Scratch, Settings, lint, readable};
use crate::report::{Format, Shown, Style};
use crate::rules::ALL;
use crate::text::Before;

/// All that a check is told.
pub struct Job<'j> {
    /// What is checked, and how it is judged.
    pub settings: &'j Settings,
    /// Which files a walk takes.
    pub selection: &'j Selection,
    /// How findings are shown.
    pub format: Format,
    /// Colours and width.
    pub style: &'j Style,
    /// Whether the paths of skipped files are wanted.
    pub list_skipped: bool,
    /// Whether files that the user named are checked only where they are recognised, too.
    pub recognized_only: bool,
    /// Threads at most; one for each core, where no number is given.
    pub threads: Option<usize>,
    /// The name that standard input goes by.
    pub stdin_name: &'j str,
    /// Told after each batch how many files were looked at, and how many were met.
    pub progress: &'j (dyn Fn(u64, u64) + Sync),
}

/// Checks paths; `-` is standard input.
///
/// # Errors
///
/// A failure to write. A file that cannot be read is no failure of the check, and told in
/// [`Totals::failed`].
pub fn check(job: &Job<'_>, paths: &[PathBuf], writer: &mut (dyn Write + Send)) -> io::Result<Totals> {
    let outlet = Outlet::new(job.format, writer);
    let queue = Queue::default();
    let skipped = std::thread::scope(|scope| {
        let mut worker = Worker::new(job, &outlet);
        let mut walk = Walk::new(job.selection, job.list_skipped);
        let mut given = 0u64;
        let mut helpers = 0;
        // Counting the cores takes longer than checking a file: it waits until there are many.
        let threads = OnceCell::new();
        let threads = || *threads.get_or_init(|| job.threads.unwrap_or_else(cores));
        walk.run(paths, |batch| {
            queue.push(given, batch);
            given += 1;
            // A few files are checked sooner than a thread is started.
            if given > 1 && helpers + 1 < threads() {
                helpers += 1;
                scope.spawn(|| {
                    let mut worker = Worker::new(job, &outlet);
                    while let Some((number, batch)) = queue.wait() {
                        worker.batch(number, &batch, &queue);
                    }
                });
            }
            while given > 1 && queue.is_long(threads()) {
                let Some((number, batch)) = queue.try_take() else { break };
                worker.batch(number, &batch, &queue);
            }
        });
        queue.close();
        while let Some((number, batch)) = queue.try_take() {
            worker.batch(number, &batch, &queue);
        }
        walk.skipped
    });
    let mut totals = outlet.close()?;
    totals.summary.skipped += skipped;
    Ok(totals)
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Batches on their way from the walk to the threads, first come, first served: so the one that is
/// to be written next is always being worked on.
#[derive(Default)]
struct Queue {
    state: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Default)]
struct Waiting {
    batches: VecDeque<(u64, Batch)>,
    files_met: u64,
    files_done: u64,
    closed: bool,
}

/// Batches that may wait for each thread before the walk stops to help.
const WAITING: usize = 8;

impl Queue {
    fn push(&self, number: u64, batch: Batch) {
        let mut state = self.lock();
        state.files_met += batch.names.len() as u64;
        state.batches.push_back((number, batch));
        drop(state);
        self.changed.notify_one();
    }

    fn is_long(&self, threads: usize) -> bool {
        self.lock().batches.len() > WAITING * threads
    }

    fn try_take(&self) -> Option<(u64, Batch)> {
        self.lock().batches.pop_front()
    }

    fn wait(&self) -> Option<(u64, Batch)> {
        let mut state = self.lock();
        loop {
            if let Some(batch) = state.batches.pop_front() {
                return Some(batch);
            }
            if state.closed {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn done(&self, files: u64) -> (u64, u64) {
        let mut state = self.lock();
        state.files_done += files;
        (state.files_done, state.files_met)
    }

    fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One thread's memory.
struct Worker<'j, 'w> {
    job: &'j Job<'j>,
    outlet: &'j Outlet<'w>,
    scratch: Scratch,
    buffer: Vec<u8>,
}

impl<'j, 'w> Worker<'j, 'w> {
    fn new(job: &'j Job<'j>, outlet: &'j Outlet<'w>) -> Self {
        Self { job, outlet, scratch: Scratch::default(), buffer: Vec::new() }
    }

    fn batch(&mut self, number: u64, batch: &Batch, queue: &Queue) {
        let mut done =
            Tally { number, text: Vec::new(), totals: Totals::default(), job: self.job, outlet: self.outlet };
        done.totals.summary.skipped += batch.skipped.len() as u64;
        done.totals.skipped.extend(batch.skipped.iter().cloned());
        for (path, error) in &batch.failed {
            done.fail(path, io::Error::new(error.kind(), error.to_string()));
        }
        let folder = Folder::new(&batch.folder);
        for name in &batch.names {
            let is_stdin = batch.named && batch.folder.as_os_str().is_empty() && name == "-";
            let assume =
                if batch.named && !self.job.recognized_only { Assume::Body } else { Assume::Nothing };
            let read = if is_stdin {
                self.stdin(assume, &mut done)
            } else {
                self.file(&folder, batch, name, assume, &mut done)
            };
            if let Err(error) = read {
                done.fail(&batch.folder.join(name), error);
            }
        }
        self.outlet.finish(number, done.text, done.totals);
        let (files, met) = queue.done(batch.names.len() as u64);
        (self.job.progress)(files, met);
    }

    fn file(
        &mut self,
        folder: &Folder<'_>,
        batch: &Batch,
        name: &OsStr,
        assume: Assume,
        done: &mut Tally<'_, '_>,
    ) -> io::Result<()> {
        let path = || batch.folder.join(name);
        let mut file = folder.open(name)?;
        if is_lines(name) {
            return Lines::new(&mut self.scratch, &mut self.buffer).read(&mut file, assume, &path(), done);
        }
        if is_har(name) {
            return Entries::new(&mut self.scratch, &mut self.buffer).read(&mut file, assume, &path(), done);
        }
        read_all(&mut file, !batch.named, &mut self.buffer)?;
        done.text(&mut self.scratch, &self.buffer, assume, path);
        Ok(())
    }

    fn stdin(&mut self, assume: Assume, done: &mut Tally<'_, '_>) -> io::Result<()> {
        let shown = PathBuf::from(self.job.stdin_name);
        if shown.file_name().is_some_and(is_lines) {
            return Lines::new(&mut self.scratch, &mut self.buffer).read(
                &mut io::stdin(),
                assume,
                &shown,
                done,
            );
        }
        if shown.file_name().is_some_and(is_har) {
            let entries = Entries::new(&mut self.scratch, &mut self.buffer);
            return entries.read(&mut io::stdin(), assume, &shown, done);
        }
        self.buffer.clear();
        io::Read::read_to_end(&mut io::stdin(), &mut self.buffer)?;
        done.text(&mut self.scratch, &self.buffer, assume, || shown.clone());
        Ok(())
    }
}

/// What has come of a batch so far.
pub struct Tally<'j, 'w> {
    number: u64,
    text: Vec<u8>,
    totals: Totals,
    job: &'j Job<'j>,
    outlet: &'j Outlet<'w>,
}

/// Bytes of output that a result may keep before it is written in parts.
const PART: usize = 1 << 20;

impl Tally<'_, '_> {
    /// Checks a file's bytes.
    pub fn text(&mut self, scratch: &mut Scratch, bytes: &[u8], assume: Assume, path: impl Fn() -> PathBuf) {
        if u32::try_from(bytes.len()).is_err() {
            self.skip(&path(), Skip::TooLong);
            return;
        }
        let (text, invalid_utf8) = readable(bytes);
        let input = Input {
            text: &text,
            invalid_utf8: &invalid_utf8,
            carrier: Carrier::Json,
            assume,
            may_hold_secret: None,
        };
        let linted = lint(&input, self.job.settings, scratch);
        match linted.skip {
            Some(why) if linted.requests == 0 => self.skip(&path(), why),
            _ => self.totals.summary.files += 1,
        }
        self.take(&linted, Before::default(), path);
    }

    /// Takes what came of one of a file's parts.
    pub fn line(&mut self, linted: &Linted<'_>, before: Before, path: &Path) {
        self.take(linted, before, || path.to_path_buf());
        if self.text.len() > PART {
            self.outlet.part(self.number, &mut self.text);
        }
    }

    /// How requests are judged.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        self.job.settings
    }

    /// Counts a file that was checked in parts.
    pub fn finish_lines(&mut self, path: &Path, requests: u64, skip: Option<Skip>) {
        match skip {
            Some(why) if requests == 0 => self.skip(path, why),
            _ => self.totals.summary.files += 1,
        }
    }

    fn take(&mut self, linted: &Linted<'_>, before: Before, path: impl Fn() -> PathBuf) {
        self.totals.summary.requests += linted.requests as u64;
        if linted.findings.is_empty() {
            return;
        }
        self.count(linted);
        let shown =
            Shown { path: &display(&path()), before, document: &linted.document, findings: linted.findings };
        if !self.text.is_empty() {
            self.text.extend_from_slice(self.job.format.separator());
        }
        let (outlet, number) = (self.outlet, self.number);
        self.job.format.text_in_parts(&shown, self.job.style, &mut self.text, &mut |text| {
            if text.len() > PART {
                outlet.part(number, text);
            }
        });
    }

    fn count(&mut self, linted: &Linted<'_>) {
        self.totals.by_rule.resize(ALL.len(), 0);
        let mut last = (0, "");
        for finding in linted.findings {
            match finding.severity {
                Severity::Error => self.totals.summary.errors += 1,
                Severity::Warning => self.totals.summary.warnings += 1,
                Severity::Info => self.totals.summary.infos += 1,
            }
            if finding.rule != last.1 {
                last = (ALL.iter().position(|rule| rule.id == finding.rule).unwrap_or(0), finding.rule);
            }
            self.totals.by_rule[last.0] += 1;
        }
    }

    fn skip(&mut self, path: &Path, why: Skip) {
        self.totals.summary.skipped += 1;
        if self.job.list_skipped {
            self.totals.skipped.push((path.to_path_buf(), why));
        }
    }

    fn fail(&mut self, path: &Path, error: io::Error) {
        self.totals.summary.unreadable += 1;
        self.totals.failed.push((path.to_path_buf(), error));
    }
}

/// A path as it is shown: with `/`, and without `./` before it.
#[must_use]
pub fn display(path: &Path) -> String {
    let text = path.to_string_lossy();
    let text = if std::path::MAIN_SEPARATOR == '\\' { text.replace('\\', "/") } else { text.into_owned() };
    text.strip_prefix("./").map_or(text.clone(), str::to_owned)
}

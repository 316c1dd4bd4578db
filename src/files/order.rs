//! Results in the order of the walk, whichever thread comes first.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::carrier::Skip;
use crate::files::config::Told;
use crate::files::known::Look;
use crate::files::links::Linked;
use crate::report::{Format, Summary};
use crate::rules::ALL;

/// What came of all files.
#[derive(Debug, Default)]
pub struct Totals {
    /// In the numbers that every output shows.
    pub summary: Summary,
    /// Findings of each rule, in the order of [`ALL`].
    pub by_rule: Vec<u64>,
    /// Files that were not checked, where they were asked for.
    pub skipped: Vec<(PathBuf, Skip)>,
    /// Files that could not be read.
    pub failed: Vec<(PathBuf, io::Error)>,
    /// Files that were to be fixed and could not be written.
    pub unwritten: Vec<(PathBuf, io::Error)>,
    /// Files whose fixes did not come to an end.
    pub unended: Vec<PathBuf>,
    /// Findings at or above the level that fails where they are.
    pub failing: u64,
    /// Configurations that cannot be used.
    pub invalid: Vec<Told>,
    /// Files that requests send as their bodies.
    pub links: Vec<Linked>,
    /// What was found in each file, where known findings are set apart.
    pub looks: Vec<Look>,
}

impl Totals {
    /// Adds those of other files.
    pub fn add(&mut self, other: Self) {
        let (sum, more) = (&mut self.summary, other.summary);
        sum.files += more.files;
        sum.requests += more.requests;
        sum.skipped += more.skipped;
        sum.errors += more.errors;
        sum.warnings += more.warnings;
        sum.infos += more.infos;
        sum.unreadable += more.unreadable;
        sum.fixed += more.fixed;
        sum.unwritten += more.unwritten;
        sum.known += more.known;
        if !other.by_rule.is_empty() {
            self.by_rule.resize(ALL.len(), 0);
            for (count, more) in self.by_rule.iter_mut().zip(other.by_rule) {
                *count += more;
            }
        }
        self.skipped.extend(other.skipped);
        self.failed.extend(other.failed);
        self.unwritten.extend(other.unwritten);
        self.unended.extend(other.unended);
        self.failing += other.failing;
        self.invalid.extend(other.invalid);
        self.links.extend(other.links);
        self.looks.extend(other.looks);
    }
}

/// Takes results in any order and writes them in that of their numbers.
pub struct Outlet<'w> {
    state: Mutex<State<'w>>,
    advanced: Condvar,
    format: Format,
}

struct State<'w> {
    writer: &'w mut (dyn Write + Send),
    /// The number of the result to be written next.
    next: u64,
    waiting: BTreeMap<u64, (Vec<u8>, Totals)>,
    totals: Totals,
    /// Whether anything was written, so that what follows is set apart from it.
    wrote: bool,
    /// The first failure to write; nothing is written after it.
    error: Option<io::Error>,
}

impl<'w> Outlet<'w> {
    /// Writes to a writer.
    pub fn new(format: Format, writer: &'w mut (dyn Write + Send)) -> Self {
        let state = State {
            writer,
            next: 0,
            waiting: BTreeMap::new(),
            totals: Totals::default(),
            wrote: false,
            error: None,
        };
        Self { state: Mutex::new(state), advanced: Condvar::new(), format }
    }

    /// Takes the whole result of a number, or what is left of it.
    pub fn finish(&self, number: u64, text: Vec<u8>, totals: Totals) {
        let mut state = self.lock();
        if state.next != number {
            state.waiting.insert(number, (text, totals));
            return;
        }
        state.take(&text, totals, self.format);
        while let Some((text, totals)) = {
            let next = state.next;
            state.waiting.remove(&next)
        } {
            state.take(&text, totals, self.format);
        }
        drop(state);
        self.advanced.notify_all();
    }

    /// Writes a part of the result of a number, once all before it are written, and empties it.
    pub fn part(&self, number: u64, text: &mut Vec<u8>) {
        let mut state = self.lock();
        while state.next != number {
            state = self.advanced.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.write(text, self.format);
        text.clear();
    }

    /// The links that were met, and the number of the result that comes after all that were written.
    pub fn take_links(&self) -> (u64, Vec<Linked>) {
        let mut state = self.lock();
        (state.next, std::mem::take(&mut state.totals.links))
    }

    /// Whether a file could not be looked at, or nothing can be written any more.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        let state = self.lock();
        state.error.is_some() || !state.totals.failed.is_empty()
    }

    /// Ends the output.
    ///
    /// # Errors
    ///
    /// The first failure to write.
    pub fn close(self) -> io::Result<Totals> {
        let mut state = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let Some(error) = state.error.take() {
            return Err(error);
        }
        state.writer.flush()?;
        Ok(state.totals)
    }

    fn lock(&self) -> MutexGuard<'_, State<'w>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State<'_> {
    fn take(&mut self, text: &[u8], totals: Totals, format: Format) {
        self.write(text, format);
        self.totals.add(totals);
        self.next += 1;
    }

    fn write(&mut self, text: &[u8], format: Format) {
        if text.is_empty() || self.error.is_some() {
            return;
        }
        let between = if self.wrote { format.separator() } else { b"" };
        self.wrote = true;
        let wrote = self.writer.write_all(between).and_then(|()| self.writer.write_all(text));
        self.error = wrote.err();
    }
}

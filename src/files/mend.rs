//! Files that are fixed: mended, written, and then checked as they are.

use std::fs::{File, Metadata};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::api::Operation;
use crate::carrier::{Assume, Carrier, Skip};
use crate::diagnostic::Applicability;
use crate::files::display;
use crate::files::lines::Lines;
use crate::files::mend_lines::MendedLines;
use crate::files::read::Folder;
use crate::files::tally::Tally;
use crate::files::write::{Replacement, Roots, not_plain};
use crate::fix::{Fixed, Fixer, Text};
use crate::lint::{Input, Scratch, lint, readable};
use crate::report::{Style, unified, without_secrets};
use crate::text::Before;

/// What is done with texts that are mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// They take the place of the old ones.
    Write,
    /// They are compared with the old ones, and nothing is written. `on_screen`: a terminal shows it.
    Diff {
        /// Whether a terminal shows it.
        on_screen: bool,
    },
    /// Standard input is mended, and written to standard output whether it was changed or not.
    Filter,
}

/// That texts are to be mended, and which of them may be.
#[derive(Debug)]
pub struct Fixing {
    /// How far fixes may go.
    pub most: Applicability,
    /// What is done with what comes of them.
    pub how: How,
    pub(super) roots: Roots,
}

impl Fixing {
    /// Mends files that are among the paths, or below them.
    #[must_use]
    pub fn new(most: Applicability, how: How, paths: &[PathBuf]) -> Self {
        Self { most, how, roots: Roots::new(paths) }
    }
}

/// A file, and what is to be known to mend it.
pub(super) struct Mender<'a, 's> {
    pub(super) fixing: &'a Fixing,
    pub(super) style: &'a Style,
    pub(super) path: &'a Path,
    pub(super) carrier: Carrier,
    pub(super) assume: Assume,
    pub(super) scratch: &'s mut Scratch,
    pub(super) buffer: &'s mut Vec<u8>,
}

impl Mender<'_, '_> {
    /// What mends the file at hand, as it is configured.
    fn fixer(&self, done: &Tally<'_, '_>) -> Fixer {
        Fixer::new(done.settings(), self.fixing.most)
    }

    fn text<'t>(&self, bytes: &'t [u8]) -> Text<'t> {
        Text { bytes, carrier: self.carrier, assume: self.assume, one_line: false }
    }

    /// Mends a file, and tells what is left.
    pub(super) fn file(mut self, file: &mut File, done: &mut Tally<'_, '_>) -> io::Result<()> {
        let seen = file.metadata()?;
        self.buffer.clear();
        file.read_to_end(self.buffer)?;
        let bytes = std::mem::take(self.buffer);
        self.whole(&bytes, Some(&seen), done);
        *self.buffer = bytes;
        Ok(())
    }

    /// Mends a file that is the body of an operation, after it was mended as what it is on its own. What is
    /// left is told by another.
    pub(super) fn linked(
        mut self,
        file: &mut File,
        operation: &'static Operation,
        done: &mut Tally<'_, '_>,
    ) -> io::Result<()> {
        let seen = file.metadata()?;
        self.buffer.clear();
        file.read_to_end(self.buffer)?;
        let bytes = std::mem::take(self.buffer);
        let judge = done.judge(self.path);
        let is_diff = matches!(self.fixing.how, How::Diff { .. });
        // A diff goes on from where the one before it ends, as nothing is written in between.
        let own = if is_diff {
            self.fixer(done).fix_judged(&self.text(&bytes), self.scratch, judge.as_deref()).bytes
        } else {
            None
        };
        let own = own.as_deref().unwrap_or(&bytes);
        let mut settings = done.settings().clone();
        settings.operation = Some(operation);
        let text = Text { assume: Assume::Body, ..self.text(own) };
        let fixed = Fixer::new(&settings, self.fixing.most).fix_judged(&text, self.scratch, judge.as_deref());
        if let Some(new) = &fixed.bytes {
            let written = if is_diff { Ok(()) } else { self.replace(own, new, &seen) };
            match written {
                Ok(()) => done.fixed(self.path, fixed.done.len() as u64, fixed.ended),
                Err(error) => done.unwritten(self.path, error),
            }
            if is_diff {
                let (old, new) = (self.without_secrets(own, done), self.without_secrets(new, done));
                self.diff(&old, &new, done);
            }
        }
        *self.buffer = bytes;
        Ok(())
    }

    /// Mends standard input, and tells what is left.
    pub(super) fn stdin(mut self, done: &mut Tally<'_, '_>) -> io::Result<()> {
        let mut bytes = Vec::new();
        io::stdin().read_to_end(&mut bytes)?;
        self.whole(&bytes, None, done);
        Ok(())
    }

    fn whole(&mut self, bytes: &[u8], seen: Option<&Metadata>, done: &mut Tally<'_, '_>) {
        let judge = done.judge(self.path);
        let fixed = self.fixer(done).fix_judged(&self.text(bytes), self.scratch, judge.as_deref());
        let count = fixed.done.len() as u64;
        let new = fixed.bytes.as_deref();
        let written = match (self.fixing.how, new, seen) {
            (How::Diff { .. }, _, _) => return self.tell_diff(bytes, &fixed, done),
            (How::Filter, _, _) => write_out(new.unwrap_or(bytes)),
            (How::Write, Some(new), Some(seen)) => self.replace(bytes, new, seen),
            (How::Write, _, _) => Ok(()),
        };
        let left = match written {
            Ok(()) => {
                done.fixed(self.path, count, fixed.ended);
                new.unwrap_or(bytes)
            }
            Err(error) => {
                done.unwritten(self.path, error);
                bytes
            }
        };
        done.text(self.scratch, left, self.carrier, self.assume, || self.path.to_path_buf());
    }

    fn replace(&self, old: &[u8], new: &[u8], seen: &Metadata) -> io::Result<()> {
        let mut replacement = Replacement::begin(self.path, seen, &self.fixing.roots)?;
        replacement.write(new)?;
        replacement.commit(Some(old))
    }

    fn tell_diff(&mut self, old: &[u8], fixed: &Fixed, done: &mut Tally<'_, '_>) {
        let count = fixed.done.len() as u64;
        done.would_be_fixed(self.path, (count, fixed.ended), fixed.requests as u64, fixed.skip);
        let new = fixed.bytes.as_deref();
        done.note_links(self.scratch, new.unwrap_or(old), self.carrier, self.assume, self.path);
        if let Some(new) = new {
            let old = self.without_secrets(old, done);
            let new = self.without_secrets(new, done);
            self.diff(&old, &new, done);
        }
    }

    fn diff(&self, old: &[u8], new: &[u8], done: &mut Tally<'_, '_>) {
        let on_screen = self.fixing.how == How::Diff { on_screen: true };
        done.put(|out| unified(&display(self.path), old, new, self.style, on_screen, out));
    }

    fn without_secrets(&mut self, bytes: &[u8], done: &Tally<'_, '_>) -> Vec<u8> {
        let (text, invalid_utf8) = readable(bytes);
        let (carrier, assume) = (self.carrier, self.assume);
        let input = Input { invalid_utf8: &invalid_utf8, carrier, assume, ..Input::json(&text) };
        let linted = lint(&input, done.settings(), self.scratch);
        without_secrets(bytes, &text, &linted.all()).into_owned()
    }

    /// Mends a file of lines, in memory that does not grow with it, and tells what is left.
    pub(super) fn file_of_lines(
        mut self,
        folder: &Folder<'_>,
        file: File,
        done: &mut Tally<'_, '_>,
    ) -> io::Result<()> {
        let name = self.path.file_name().unwrap_or_default();
        if self.fixing.how != How::Write {
            return self.diff_of_lines(file, done);
        }
        if !file.metadata()?.is_file() {
            // A pipe is read once: it cannot be checked after it was mended.
            done.unwritten(self.path, not_plain());
            return Ok(());
        }
        let (fixer, judge) = (self.fixer(done), done.judge(self.path));
        let mut lines =
            MendedLines::new(&file, &fixer, self.assume, self.scratch).judged_by(judge.as_deref());
        match rewrite_lines(&mut lines, &file, || folder.open(name), self.path, &self.fixing.roots) {
            Ok(()) => {
                let (count, ended) = (lines.fixed, lines.ended);
                done.fixed(self.path, count, ended);
            }
            Err(error) => done.unwritten(self.path, error),
        }
        // What stands there now, whichever it is.
        let mut file = folder.open(name)?;
        Lines::new(self.scratch, self.buffer).read(&mut file, self.assume, self.path, done)
    }

    /// Mends lines of standard input as they come, and tells what is left.
    pub(super) fn stdin_of_lines(mut self, done: &mut Tally<'_, '_>) -> io::Result<()> {
        if self.fixing.how != How::Filter {
            return self.diff_of_lines(io::stdin(), done);
        }
        let (fixer, judge) = (self.fixer(done), done.judge(self.path));
        let mut scratch = Scratch::default();
        let lines =
            MendedLines::new(io::stdin(), &fixer, self.assume, &mut scratch).judged_by(judge.as_deref());
        let mut tee = lines.written_to(io::stdout());
        let read = Lines::new(self.scratch, self.buffer).read(&mut tee, self.assume, self.path, done);
        done.fixed(self.path, tee.lines.fixed, tee.lines.ended);
        read
    }

    /// A diff shows what is around a change: for it, all lines are read at once.
    fn diff_of_lines(&mut self, mut source: impl Read, done: &mut Tally<'_, '_>) -> io::Result<()> {
        let (fixer, judge) = (self.fixer(done), done.judge(self.path));
        let mut bytes = Vec::new();
        source.read_to_end(&mut bytes)?;
        let (mut old, mut new) = (Vec::new(), Vec::new());
        let mut scratch = Scratch::default();
        let mut lines =
            MendedLines::new(io::empty(), &fixer, self.assume, &mut scratch).judged_by(judge.as_deref());
        let (mut requests, mut skip): (u64, Option<Skip>) = (0, None);
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let mended = lines.line(line);
            requests += mended.requests as u64;
            skip = skip.or(mended.skip);
            let now = mended.bytes.as_deref().unwrap_or(line);
            old.extend(self.without_secrets(line, done));
            new.extend(self.without_secrets(now, done));
        }
        done.would_be_fixed(self.path, (lines.fixed, lines.ended), requests, skip);
        if old != new {
            self.diff(&old, &new, done);
        }
        Ok(())
    }
}

/// Writes mended lines to a file's place, from the first on that is changed; until then, nothing.
fn rewrite_lines(
    lines: &mut MendedLines<'_, &File>,
    file: &File,
    again: impl Fn() -> io::Result<File>,
    path: &Path,
    roots: &Roots,
) -> io::Result<()> {
    let seen = file.metadata()?;
    let mut replacement: Option<Replacement> = None;
    let mut before = Before::default();
    while let Some(block) = lines.next_block()? {
        if replacement.is_none() && block.changed {
            let mut begun = Replacement::begin(path, &seen, roots)?;
            copy(&mut again()?.take(before.bytes), &mut begun)?;
            replacement = Some(begun);
        }
        before.bytes += block.bytes.len() as u64;
        if let Some(replacement) = &mut replacement {
            replacement.write(block.bytes)?;
        }
    }
    replacement.map_or(Ok(()), |replacement| replacement.commit(None))
}

fn copy(from: &mut impl Read, to: &mut Replacement) -> io::Result<()> {
    const PIECE: usize = 1 << 16;
    let mut piece = vec![0; PIECE];
    loop {
        match from.read(&mut piece)? {
            0 => return Ok(()),
            got => to.write(&piece[..got])?,
        }
    }
}

fn write_out(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

//! Known findings: set apart while files are checked, and the file that lists them.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use crate::baseline::{Baseline, Counts, Key, fingerprint, subject};
use crate::diagnostic::Finding;
use crate::files::{display, order::Totals, write};
use crate::json::{Document, Pointers};
use crate::report::Secrets;

/// What is known of the files of a run.
#[derive(Debug)]
pub struct Known {
    path: PathBuf,
    /// The folder of the baseline, and the working folder, from the root on.
    folder: PathBuf,
    working: PathBuf,
    /// `None` where all findings are to become known.
    baseline: Option<Baseline>,
}

/// One look at a file.
#[derive(Debug)]
pub struct Look {
    /// The file, as it is shown in messages.
    given: PathBuf,
    /// The same, as the baseline names it.
    name: String,
    found: Counts,
}

impl Known {
    /// The findings that a file lists; with `None`, those that it is going to list.
    #[must_use]
    pub fn new(path: &Path, baseline: Option<Baseline>) -> Self {
        let working = std::env::current_dir().unwrap_or_default();
        let parent = path.parent().unwrap_or(Path::new(""));
        let folder = absolute(&working, parent);
        Self { path: path.to_path_buf(), folder, working, baseline }
    }

    /// Begins to look at a file.
    pub(super) fn look(&self, path: PathBuf) -> Look {
        Look { name: self.name(&path), given: path, found: Counts::new() }
    }

    /// A file's path, seen from the baseline's folder.
    fn name(&self, path: &Path) -> String {
        let path = absolute(&self.working, path);
        let common = path.components().zip(self.folder.components()).take_while(|(one, other)| one == other);
        let common = common.count();
        if common == 0 {
            return display(&path);
        }
        let up = self.folder.components().skip(common).map(|_| Component::ParentDir);
        display(&up.chain(path.components().skip(common)).collect::<PathBuf>())
    }

    /// The findings that are not known, of those of a file or the next part of it; what secrets `all` name
    /// is not written.
    pub(super) fn new_of(
        &self,
        findings: &[Finding],
        all: &[Finding],
        document: &Document<'_>,
        look: &mut Look,
    ) -> Vec<Finding> {
        let text = document.text();
        let secrets = Secrets::of(all, text);
        let mut pointers = Pointers::new(document);
        let known = self.baseline.as_ref().map(|baseline| baseline.files.get(&look.name));
        let is_new = |finding: &&Finding| {
            let pointer = match &finding.inside {
                Some(inside) => inside.pointer.clone(),
                None => pointers.at(finding.primary.start),
            };
            let pointer = secrets.masked(&pointer).into_owned();
            let subject = subject(finding, text);
            let fingerprint = fingerprint(finding.rule, &pointer, &secrets.masked(&subject));
            let key = Key { rule: finding.rule.to_owned(), pointer, fingerprint };
            let limit = known.map(|counts| counts.and_then(|counts| counts.get(&key)).copied().unwrap_or(0));
            let count = look.found.entry(key).or_default();
            *count += 1;
            limit.is_some_and(|limit| *count > limit)
        };
        findings.iter().filter(is_new).cloned().collect()
    }

    /// All that was found, as a baseline.
    fn found(totals: &Totals) -> Baseline {
        let mut found = Baseline::default();
        for look in &totals.looks {
            found.add(&look.name, &look.found);
        }
        found
    }

    /// Writes all that was found; how many findings that is.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn write(&self, totals: &Totals) -> io::Result<u64> {
        let found = Self::found(totals);
        write::put(&self.path, found.text().as_bytes())?;
        Ok(found.len())
    }

    /// How many known findings are gone, of rules that were looked for in files that could be read, and of
    /// files that are no longer below the paths that were checked; with `write`, they are taken out of the
    /// baseline.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn prune(
        &self,
        totals: &Totals,
        paths: &[PathBuf],
        ran: impl Fn(&str) -> bool,
        write: bool,
    ) -> io::Result<u64> {
        let Some(baseline) = &self.baseline else { return Ok(0) };
        let failed: HashSet<_> = totals.failed.iter().map(|(path, _)| path).collect();
        let read = totals.looks.iter().filter(|look| !failed.contains(&look.given));
        let read: HashSet<_> = read.map(|look| look.name.as_str()).collect();
        let paths: Vec<_> = paths.iter().map(|path| absolute(&self.working, path)).collect();
        let is_removed = |name: &str| {
            let path = absolute(&self.folder, Path::new(name));
            paths.iter().any(|given| path.starts_with(given)) && is_missing(&path)
        };
        let removed: HashSet<_> = baseline.files.keys().filter(|name| is_removed(name)).cloned().collect();
        let mut left = baseline.clone();
        let gone = left.prune(&Self::found(totals), |path, key| {
            removed.contains(path) || (read.contains(path) && ran(&key.rule))
        });
        if write && gone > 0 {
            write::put(&self.path, left.text().as_bytes())?;
        }
        Ok(gone)
    }
}

fn is_missing(path: &Path) -> bool {
    matches!(fs::symlink_metadata(path), Err(error) if error.kind() == io::ErrorKind::NotFound)
}

/// A path from the root on.
fn absolute(working: &Path, path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in working.join(path).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}

//! From the paths that were given to the files that are looked at.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use walkdir::{DirEntry, WalkDir};

use crate::carrier::{Carrier, Skip};
use crate::config::Patterns;
use crate::files::config::{Configs, Here};
use crate::files::ignored::Ignored;

/// Which files a walk takes.
#[derive(Clone, Debug)]
pub struct Selection {
    exclude: Patterns,
    include: Patterns,
    /// Without patterns, the files that are read as this; as any, where it is not given.
    carrier: Option<Carrier>,
}

impl Selection {
    /// Takes globs as `.gitignore` has them: files and folders to leave out, and, where any are
    /// given, the only files to take; where none are, those that are kept as `carrier`, or as any.
    ///
    /// # Errors
    ///
    /// The first that is no glob, and why.
    pub fn new(
        exclude: &[String],
        include: &[String],
        carrier: Option<Carrier>,
    ) -> Result<Self, (String, String)> {
        Ok(Self {
            exclude: Patterns::new(exclude.iter().map(String::as_str))?,
            include: Patterns::new(include.iter().map(String::as_str))?,
            carrier,
        })
    }

    /// Whether a file is taken when it is met, in a folder of that configuration.
    #[must_use]
    pub fn takes(&self, here: &Here, path: &Path, name: &OsStr) -> bool {
        let left_out = || here.see(path, |seen| here.config.excludes_file(seen));
        !is_hidden(name) && !self.exclude.fit(path, false) && !left_out() && self.wants(here, path, name)
    }

    /// Whether a file met on a walk is one to look into, by its name.
    fn wants(&self, here: &Here, path: &Path, name: &OsStr) -> bool {
        let config = &here.config;
        if config.looks_at_paths()
            && here.see(path, |seen| config.includes(seen) || config.mapping(seen).is_some())
        {
            return true;
        }
        if !self.include.is_empty() || config.selects() {
            return self.include.fit(path, false);
        }
        let name = name.as_encoded_bytes();
        match self.carrier {
            None => Carrier::of_name(name).is_some(),
            Some(carrier) => carrier.has_name(name),
        }
    }
}

/// Files of one folder that follow one another in the order of the walk.
#[derive(Debug, Default)]
pub struct Batch {
    /// The folder, as written; empty for the working folder.
    pub folder: PathBuf,
    /// The configuration of the folder.
    pub here: Option<Arc<Here>>,
    /// The files' names.
    pub names: Vec<OsString>,
    /// Whether they were named by the user, and not met on a walk.
    pub named: bool,
    /// What was met beside them and is not read: the path, and why.
    pub skipped: Vec<(PathBuf, Skip)>,
    /// What could not be looked at: the path, and what the system says.
    pub failed: Vec<(PathBuf, io::Error)>,
}

/// Files in one batch, at most: enough to make the folder's handle worth its opening.
const BATCH: usize = 128;

/// Which files were taken, wherever their paths lead through.
#[derive(Debug, Default)]
struct Once {
    /// A folder as written, and where it really is: files come folder by folder.
    folder: (PathBuf, PathBuf),
    /// The files that the user named: on a walk they are passed by, as more is said by naming them.
    named: HashSet<PathBuf>,
    taken: HashSet<PathBuf>,
}

impl Once {
    fn new(paths: &[PathBuf]) -> Self {
        let mut once = Self::default();
        for path in paths.iter().filter(|path| !path.is_dir()) {
            if let Some(name) = path.file_name() {
                let real = once.real(path.parent().unwrap_or(Path::new("")), name);
                once.named.insert(real);
            }
        }
        once
    }

    /// Whether a file was not taken before, and is not to be taken by its name.
    fn is_first(&mut self, folder: &Path, name: &OsStr, named: bool) -> bool {
        let real = self.real(folder, name);
        (named || !self.named.contains(&real)) && self.taken.insert(real)
    }

    /// Where a file is, links of its folders followed; one that is a link itself is a file of its own.
    fn real(&mut self, folder: &Path, name: &OsStr) -> PathBuf {
        if self.folder.0.as_os_str() != folder.as_os_str() || self.folder.1.as_os_str().is_empty() {
            let there = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            let real = there.canonicalize().unwrap_or_else(|_| folder.to_path_buf());
            self.folder = (folder.to_path_buf(), real);
        }
        self.folder.1.join(name)
    }
}

/// Walks paths in the order given, and folders in the order of their names.
pub struct Walk<'a> {
    selection: &'a Selection,
    configs: &'a Configs,
    /// The folder of the last file that was named, and its configuration.
    named: Option<(PathBuf, Option<Arc<Here>>)>,
    /// Whether the paths of files that are skipped are wanted, or only their number.
    list_skipped: bool,
    batch: Batch,
    /// The files that were named and those that were met, where several paths may lead to one of them.
    once: Option<Once>,
    /// Files skipped whose paths are not wanted.
    pub skipped: u64,
}

impl<'a> Walk<'a> {
    /// A walk that takes what a selection says.
    #[must_use]
    pub fn new(selection: &'a Selection, configs: &'a Configs, list_skipped: bool) -> Self {
        Self {
            selection,
            configs,
            named: None,
            list_skipped,
            batch: Batch::default(),
            once: None,
            skipped: 0,
        }
    }

    /// Walks, and gives away each batch as soon as it is full.
    pub fn run(&mut self, paths: &[PathBuf], mut give: impl FnMut(Batch)) {
        self.once = (paths.len() > 1).then(|| Once::new(paths));
        for path in paths {
            if path.is_dir() {
                self.flush(&mut give);
                self.folder(path, &mut give);
            } else {
                self.name(path, &mut give);
            }
        }
        self.flush(&mut give);
    }

    /// Takes a file that the user named; one whose configuration is of no use is not looked at.
    fn name(&mut self, path: &Path, give: &mut impl FnMut(Batch)) {
        let folder = path.parent().unwrap_or(Path::new(""));
        if path.as_os_str() == "-" {
            // Where standard input is from is told by another name.
            self.add(folder, path.file_name(), path, Some(&self.configs.general()), true, give);
            return;
        }
        if self.named.as_ref().is_none_or(|(last, _)| last.as_os_str() != folder.as_os_str()) {
            self.named = Some((folder.to_path_buf(), self.configs.of(folder)));
        }
        if let Some((_, Some(here))) = self.named.clone() {
            self.add(folder, path.file_name(), path, Some(&here), true, give);
        }
    }

    fn folder(&mut self, root: &Path, give: &mut impl FnMut(Batch)) {
        let mut ignored = Ignored::above(root);
        // Siblings share what stands before their names: comparing whole paths is comparing names,
        // without taking each path apart.
        let by_name = |one: &DirEntry, other: &DirEntry| one.path().as_os_str().cmp(other.path().as_os_str());
        let mut entries = WalkDir::new(root).sort_by(by_name).into_iter();
        let mut folders: Vec<(PathBuf, Option<Arc<Here>>)> = Vec::new();
        while let Some(entry) = entries.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    self.fail(root, error);
                    continue;
                }
            };
            let kind = entry.file_type();
            if kind.is_dir() {
                folders.truncate(entry.depth());
                let outer = folders.last().and_then(|(_, here)| here.as_ref());
                if entry.depth() > 0 && !self.enters(&entry, outer, &ignored) {
                    entries.skip_current_dir();
                    continue;
                }
                ignored.enter(entry.path(), entry.depth());
                let here = match entry.depth() {
                    0 => self.configs.of(root),
                    _ => self.configs.inside(outer, entry.path()),
                };
                folders.push((entry.path().to_path_buf(), here));
            } else if let Some((folder, Some(here))) =
                entry.depth().checked_sub(1).and_then(|depth| folders.get(depth))
            {
                let name = entry.file_name();
                if !is_hidden(name) && !ignored.is_ignored(entry.path(), entry.depth(), false) {
                    self.file(&entry, folder, here, name, give);
                }
            }
        }
    }

    fn enters(&self, folder: &DirEntry, outer: Option<&Arc<Here>>, ignored: &Ignored) -> bool {
        let name = folder.file_name();
        !is_hidden(name)
            && name != "target"
            && name != "node_modules"
            && !ignored.is_ignored(folder.path(), folder.depth(), true)
            && !self.selection.exclude.fit(folder.path(), true)
            && !outer.is_some_and(|outer| outer.excludes(folder.path(), true))
    }

    fn file(
        &mut self,
        entry: &DirEntry,
        folder: &Path,
        here: &Arc<Here>,
        name: &OsStr,
        give: &mut impl FnMut(Batch),
    ) {
        let path = entry.path();
        if !self.selection.exclude.is_empty() && self.selection.exclude.fit(path, false) {
            return;
        }
        if here.excludes(path, false) {
            return;
        }
        if !entry.file_type().is_file() {
            self.skip(path, Skip::NoFile);
        } else if self.selection.wants(here, path, name) {
            self.add(folder, Some(name), path, Some(here), false, give);
        } else {
            self.skip(path, Skip::FileName);
        }
    }

    fn skip(&mut self, path: &Path, why: Skip) {
        if self.list_skipped {
            self.batch.skipped.push((path.to_path_buf(), why));
        } else {
            self.skipped += 1;
        }
    }

    fn fail(&mut self, root: &Path, error: walkdir::Error) {
        let path = error.path().unwrap_or(root).to_path_buf();
        let error = error.into_io_error().unwrap_or_else(|| io::Error::other("a loop of symbolic links"));
        self.batch.failed.push((path, error));
    }

    /// Adds a file to the batch, or begins another where it does not belong to that.
    fn add(
        &mut self,
        folder: &Path,
        name: Option<&OsStr>,
        path: &Path,
        here: Option<&Arc<Here>>,
        named: bool,
        give: &mut impl FnMut(Batch),
    ) {
        if let (Some(once), Some(name)) = (&mut self.once, name)
            && !once.is_first(folder, name, named)
        {
            return;
        }
        let fits = self.batch.names.is_empty()
            || (self.batch.folder.as_os_str() == folder.as_os_str()
                && self.batch.named == named
                && self.batch.names.len() < BATCH);
        // A stream of lines or a recording may be of any length: it is a batch of its own.
        let alone = name.is_some_and(|name| is_lines(name) || is_har(name) || name == "-");
        if !fits || alone {
            self.flush(give);
        }
        if self.batch.names.is_empty() {
            self.batch.folder = folder.to_path_buf();
            self.batch.here = here.cloned();
            self.batch.named = named;
        }
        match name {
            Some(name) => self.batch.names.push(name.to_os_string()),
            None => self.batch.failed.push((path.to_path_buf(), io::Error::other("not the name of a file"))),
        }
        if alone {
            self.flush(give);
        }
    }

    fn flush(&mut self, give: &mut impl FnMut(Batch)) {
        let batch = std::mem::take(&mut self.batch);
        if !batch.names.is_empty() || !batch.skipped.is_empty() || !batch.failed.is_empty() {
            give(batch);
        }
    }
}

fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

/// Whether a file's name says that it holds one request a line.
#[must_use]
pub fn is_lines(name: &OsStr) -> bool {
    ends_with(name, ".jsonl") || ends_with(name, ".ndjson")
}

/// Whether a file's name says that it is a recording of HTTP traffic.
#[must_use]
pub fn is_har(name: &OsStr) -> bool {
    ends_with(name, ".har")
}

fn ends_with(name: &OsStr, end: &str) -> bool {
    let name = name.as_encoded_bytes();
    name.len() >= end.len() && name[name.len() - end.len()..].eq_ignore_ascii_case(end.as_bytes())
}

//! Files that requests in other files send as their bodies: checked for what they are sent to.

use std::collections::HashSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::api::Operation;
use crate::carrier::{Assume, Carrier};
use crate::files::run::Job;

/// A file, and the operation that it is sent to.
#[derive(Debug)]
pub struct Linked {
    /// The file that sends it.
    pub from: PathBuf,
    /// Its name there, relative to that file.
    pub name: String,
    /// The operation.
    pub operation: &'static Operation,
    /// Whether it is a template.
    pub is_template: bool,
}

/// What was given to be checked, as far as it says which linked files may be read.
pub struct Bounds<'p> {
    paths: &'p [PathBuf],
    /// The folders that are checked, without links in their names; of a file, the working folder or
    /// its own.
    roots: Vec<PathBuf>,
}

/// What is to be done with a linked file.
#[derive(Debug, PartialEq, Eq)]
pub enum Reach {
    /// It is checked in its own right, too: as what, then.
    Known(Assume),
    /// It is checked for this link alone.
    New,
    /// It lies outside of what is checked.
    Outside,
    /// There is no such file.
    Missing,
}

impl<'p> Bounds<'p> {
    /// Those of the paths that were given.
    #[must_use]
    pub fn new(paths: &'p [PathBuf]) -> Self {
        let working = fs::canonicalize(".").ok();
        let root = |path: &PathBuf| {
            let path = fs::canonicalize(path).ok()?;
            match (&working, path.is_dir()) {
                (_, true) => Some(path),
                (Some(working), false) if path.starts_with(working) => Some(working.clone()),
                (_, false) => path.parent().map(Path::to_path_buf),
            }
        };
        Self { paths, roots: paths.iter().filter_map(root).collect() }
    }

    /// Where a linked file is, as it is shown, and what is to be done with it.
    #[must_use]
    pub fn reach(&self, linked: &Linked, job: &Job<'_>) -> (PathBuf, Reach) {
        let path = plain(&linked.from.parent().unwrap_or(Path::new("")).join(&linked.name));
        let Ok(real) = fs::canonicalize(&path) else { return (path, Reach::Missing) };
        if !self.roots.iter().any(|root| real.starts_with(root)) {
            return (path, Reach::Outside);
        }
        let named = self.paths.iter().any(|given| plain(given) == path);
        let here = job.configs.of(path.parent().unwrap_or(Path::new("")));
        let mapped = here.as_ref().is_some_and(|here| {
            here.config.maps() && here.see(&path, |seen| here.config.mapping(seen).is_some())
        });
        let assume = if mapped { Assume::Body } else { job.assumed(named) };
        let walked = self.paths.iter().any(|given| given.is_dir() && path.starts_with(plain(given)));
        let takes = |name| here.as_ref().is_some_and(|here| job.selection.takes(here, &path, name));
        let met = named || (walked && path.file_name().is_some_and(takes));
        (path, if met { Reach::Known(assume) } else { Reach::New })
    }
}

/// A path without `.` and, where it can be seen what they lead to, `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(plain.components().next_back(), Some(Component::Normal(_))) => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}

/// Each link once, in the order in which they were met.
#[must_use]
pub fn distinct(links: Vec<Linked>) -> Vec<Linked> {
    let mut seen = HashSet::new();
    let mut distinct = links;
    distinct.retain(|linked| {
        let folder = linked.from.parent().map(Path::to_path_buf);
        seen.insert((folder, linked.name.clone(), linked.operation.id))
    });
    distinct
}

/// What a linked file is read as.
#[must_use]
pub fn carrier(path: &Path) -> Carrier {
    let name = path.file_name().unwrap_or_default().as_encoded_bytes();
    Carrier::of_name(name).filter(|carrier| carrier.is_json()).unwrap_or(Carrier::Json)
}

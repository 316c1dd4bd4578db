//! `.gitignore` and `.ignore`, at every level.

use std::path::{Path, PathBuf};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// The ignore files that hold for the folders being walked, outermost first.
pub struct Ignored {
    levels: Vec<Level>,
    /// The folder the walk began in, as written, and where it really is; only where an ignore file
    /// above it holds.
    above: Option<(PathBuf, PathBuf)>,
}

struct Level {
    /// How deep its folder lies under the walk's root; `None` above it.
    depth: Option<usize>,
    rules: Gitignore,
}

impl Ignored {
    /// Those that hold for a root because of the folders above it, up to the repository's.
    #[must_use]
    pub fn above(root: &Path) -> Self {
        let mut levels = Vec::new();
        let mut above = None;
        if let Ok(real) = root.canonicalize() {
            let ancestors: Vec<_> = real.ancestors().skip(1).collect();
            let repository = real.join(".git").exists().then_some(0);
            let repository = repository.or_else(|| {
                ancestors.iter().position(|folder| folder.join(".git").exists()).map(|at| at + 1)
            });
            if let Some(count) = repository {
                for folder in ancestors.iter().take(count).rev() {
                    levels.extend(read(folder).map(|rules| Level { depth: None, rules }));
                }
                if !levels.is_empty() {
                    above = Some((root.to_path_buf(), real));
                }
            }
        }
        Self { levels, above }
    }

    /// Steps into a folder at a depth under the root: forgets those of folders left behind.
    pub fn enter(&mut self, folder: &Path, depth: usize) {
        while self.levels.last().is_some_and(|level| level.depth.is_some_and(|other| other >= depth)) {
            self.levels.pop();
        }
        self.levels.extend(read(folder).map(|rules| Level { depth: Some(depth), rules }));
    }

    /// Whether a path at a depth under the root is ignored. The innermost file that has a word on
    /// it decides.
    #[must_use]
    pub fn is_ignored(&self, path: &Path, depth: usize, is_folder: bool) -> bool {
        for level in self.levels.iter().rev() {
            if level.depth.is_some_and(|other| other >= depth) {
                continue;
            }
            let verdict = match (&self.above, level.depth) {
                (Some((root, real)), None) => match path.strip_prefix(root) {
                    Ok(rest) => level.rules.matched(real.join(rest), is_folder),
                    Err(_) => Match::None,
                },
                _ => level.rules.matched(path, is_folder),
            };
            match verdict {
                Match::None => {}
                Match::Ignore(_) => return true,
                Match::Whitelist(_) => return false,
            }
        }
        false
    }
}

/// The rules of one folder; `.ignore` has the last word over `.gitignore`.
fn read(folder: &Path) -> Option<Gitignore> {
    let mut builder = None;
    for name in [".git/info/exclude", ".gitignore", ".ignore"] {
        let path = folder.join(name);
        // Most folders have none: asking for it by opening is the cheapest way to know.
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let builder = builder.get_or_insert_with(|| GitignoreBuilder::new(folder));
        for line in text.lines() {
            // A line that is no pattern ignores nothing, as in Git.
            let _ = builder.add_line(Some(path.clone()), line);
        }
    }
    builder?.build().ok().filter(|rules| !rules.is_empty())
}

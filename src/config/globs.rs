//! Globs, as `.gitignore` has them.

use std::path::Path;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// Globs that are relative to one folder.
#[derive(Clone, Debug)]
pub struct Patterns(Option<Gitignore>);

impl Patterns {
    /// Compiles them.
    ///
    /// # Errors
    ///
    /// The first that is no glob, and why.
    pub fn new<'g>(globs: impl IntoIterator<Item = &'g str>) -> Result<Self, (String, String)> {
        let mut globs = globs.into_iter().peekable();
        if globs.peek().is_none() {
            return Ok(Self::none());
        }
        let mut builder = GitignoreBuilder::new("");
        builder.allow_unclosed_class(false);
        for glob in globs {
            builder.add_line(None, glob).map_err(|error| (glob.to_owned(), error.to_string()))?;
        }
        Ok(Self(builder.build().ok()))
    }

    /// None at all.
    #[must_use]
    pub const fn none() -> Self {
        Self(None)
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Whether one of them fits a path, which is relative to their folder.
    #[must_use]
    pub fn fit(&self, path: &Path, is_folder: bool) -> bool {
        let path = path.strip_prefix("./").unwrap_or(path);
        self.0.as_ref().is_some_and(|rules| rules.matched(path, is_folder).is_ignore())
    }

    /// Whether one of them fits a file's path, or a folder that the file is in.
    #[must_use]
    pub fn hold(&self, path: &Path) -> bool {
        let path = path.strip_prefix("./").unwrap_or(path);
        self.0.as_ref().is_some_and(|rules| {
            // The matcher wants paths under its own folder.
            let inside = !path.has_root() && !path.as_os_str().is_empty();
            let verdict = if inside {
                rules.matched_path_or_any_parents(path, false)
            } else {
                rules.matched(path, false)
            };
            verdict.is_ignore()
        })
    }
}

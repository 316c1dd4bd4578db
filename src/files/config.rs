//! Which configuration holds where: looked for once in each folder.

use std::collections::HashMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::config::{Base, Config, FAULT, Flags, Home, Layer, NAME, PYPROJECT, Seen, parse};
use crate::diagnostic::{Draft, Finding, Severity, Sink, Wants};
use crate::files::display;
use crate::lint::readable;
use crate::text::Span;

/// The configuration of a folder.
#[derive(Clone, Debug)]
pub struct Here {
    /// What holds.
    pub config: Arc<Config>,
    /// The folder, as seen from the configuration's own; `None` where it lies outside of that.
    folder: Option<PathBuf>,
}

impl Here {
    /// Somewhere that is not under the configuration's folder.
    fn outside(config: Arc<Config>) -> Arc<Self> {
        Arc::new(Self { config, folder: None })
    }

    /// Gives a file's path away as globs see it: `path` is as it was given or walked.
    pub fn see<T>(&self, path: &Path, look: impl FnOnce(Seen<'_>) -> T) -> T {
        let name = path.file_name().unwrap_or_default();
        match &self.folder {
            Some(folder) => look(Seen { own: &folder.join(name), working: path }),
            None => look(Seen { own: path, working: path }),
        }
    }

    /// Whether it is said what a file's bare bodies are for.
    #[must_use]
    pub fn says_operation(&self, path: &Path) -> bool {
        let mapped = || self.config.maps() && self.see(path, |seen| self.config.mapping(seen).is_some());
        self.config.settings.operation.is_some() || mapped()
    }

    /// Whether a file or folder in this folder is left out.
    #[must_use]
    pub fn excludes(&self, path: &Path, is_folder: bool) -> bool {
        self.config.looks_at_paths() && self.see(path, |seen| self.config.excludes(seen, is_folder))
    }

    /// The same of a folder in this one.
    fn inner(&self, name: &std::ffi::OsStr) -> Self {
        Self { config: self.config.clone(), folder: self.folder.as_ref().map(|folder| folder.join(name)) }
    }
}

/// A configuration that cannot be used, or of which something is to be told.
#[derive(Debug)]
pub struct Told {
    /// Its path, as it is shown.
    pub name: String,
    /// Its text.
    pub text: String,
    /// What is wrong with it.
    pub findings: Vec<Finding>,
}

/// Where configurations come from.
#[derive(Clone, Copy, Debug)]
pub enum Search<'p> {
    /// From the nearest folder that has one.
    Nearest,
    /// From this file, whatever is checked.
    File(&'p Path),
    /// From nowhere but the command line.
    Nowhere,
}

/// The configurations of a run.
pub struct Configs {
    /// What holds where none is found; everywhere, where none is looked for.
    general: Arc<Here>,
    /// The folder of the one file that holds everywhere.
    fixed: Option<PathBuf>,
    searches: bool,
    inline: Vec<Arc<Layer>>,
    flags: Arc<Flags>,
    /// What is checked, where entries that nothing came under are to be told of.
    watched: Option<Vec<PathBuf>>,
    working: OnceLock<PathBuf>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// By folder, absolute; `None` where the configuration is of no use.
    known: HashMap<PathBuf, Option<Arc<Here>>>,
    invalid: Vec<Told>,
    /// Those that are watched.
    watched: Vec<Arc<Config>>,
}

impl Configs {
    /// Takes what the command line says: where to look, settings given inline (the strongest last), and
    /// flags. With `watched`, the paths of a run of which nothing is left out, entries that nothing came
    /// under are found.
    ///
    /// # Errors
    ///
    /// What is wrong with the file that was named, or with inline settings.
    pub fn new(
        search: Search<'_>,
        inline: &[String],
        flags: Flags,
        watched: Option<Vec<PathBuf>>,
    ) -> Result<Self, Vec<Told>> {
        let flags = Arc::new(flags);
        let mut invalid = Vec::new();
        let mut layers = Vec::new();
        for text in inline {
            match read(text.clone(), &[], "--config".to_owned(), Home::Whole, Base::Working) {
                Ok(layer) => layers.extend(layer.map(Arc::new)),
                Err(told) => invalid.push(told),
            }
        }
        let mut configs = Self {
            general: Here::outside(Config::new(layers.clone(), flags.clone()).into()),
            fixed: None,
            searches: matches!(search, Search::Nearest),
            inline: layers,
            flags,
            watched,
            working: OnceLock::new(),
            state: Mutex::default(),
        };
        if let Search::File(path) = search {
            let is_pyproject = path.file_name().is_some_and(|name| name == PYPROJECT);
            let home = if is_pyproject { Home::Pyproject } else { Home::Whole };
            match fs::read(path).map_err(|error| unreadable(display(path), &error)).and_then(|bytes| {
                let (text, invalid_utf8) = readable(&bytes);
                read(text.into_owned(), &invalid_utf8, display(path), home, Base::Own)
            }) {
                Ok(None) => {
                    let name = display(path);
                    let message = format!("there is no table `[tool.paylint]` in `{name}`");
                    let findings = fault(Draft::new(Span::empty(0), message));
                    invalid.push(Told { name, text: String::new(), findings });
                }
                Ok(layer) => {
                    let folder = configs.absolute(path.parent().unwrap_or(Path::new("")));
                    let mut state = State::default();
                    configs.general = Here::outside(configs.config(layer, &folder, &mut state));
                    configs.state = Mutex::new(state);
                    configs.fixed = Some(folder);
                }
                Err(told) => invalid.push(told),
            }
        }
        if invalid.is_empty() { Ok(configs) } else { Err(invalid) }
    }

    /// What holds where nothing is said of a place.
    #[must_use]
    pub fn general(&self) -> Arc<Here> {
        self.general.clone()
    }

    /// What holds in a folder, which may be written in any way; `None` where that is of no use.
    #[must_use]
    pub fn of(&self, folder: &Path) -> Option<Arc<Here>> {
        if let Some(fixed) = &self.fixed {
            let own = self.absolute(folder);
            let folder = own.strip_prefix(fixed).ok().map(Path::to_path_buf);
            return Some(Arc::new(Here { folder, config: self.general.config.clone() }));
        }
        if !self.searches {
            return Some(self.general());
        }
        let folder = self.absolute(folder);
        self.at(&folder, &mut self.lock())
    }

    /// What holds in a folder of one that is being walked.
    #[must_use]
    pub fn inside(&self, outer: Option<&Arc<Here>>, path: &Path) -> Option<Arc<Here>> {
        let is_there = |name: &str| fs::metadata(path.join(name)).is_ok();
        if self.searches && (is_there(NAME) || is_there(PYPROJECT)) {
            return self.of(path);
        }
        let outer = outer?;
        match (&outer.folder, path.file_name()) {
            (Some(_), Some(name)) => Some(Arc::new(outer.inner(name))),
            // From outside, all folders look alike.
            _ => Some(outer.clone()),
        }
    }

    /// Those that cannot be used, in the order of their names.
    #[must_use]
    pub fn take_invalid(&self) -> Vec<Told> {
        let mut invalid = std::mem::take(&mut self.lock().invalid);
        invalid.sort_by(|one, other| one.name.cmp(&other.name));
        invalid
    }

    /// The entries that nothing came under, of those that a whole run was to look at.
    #[must_use]
    pub fn unused(&self) -> Vec<(Arc<Config>, Told)> {
        let watched = std::mem::take(&mut self.lock().watched);
        let mut told: Vec<_> = watched
            .iter()
            .flat_map(|config| {
                config.unused().into_iter().map(|(layer, findings)| (config.clone(), layer, findings))
            })
            .map(|(config, layer, findings)| {
                (config, Told { name: layer.name.clone(), text: layer.text.clone(), findings })
            })
            .collect();
        told.sort_by(|one, other| one.1.name.cmp(&other.1.name));
        told
    }

    fn at(&self, folder: &Path, state: &mut State) -> Option<Arc<Here>> {
        if let Some(known) = state.known.get(folder) {
            return known.clone();
        }
        let here = match self.load(folder) {
            Ok(Some(layer)) => {
                let config = self.config(Some(layer), folder, state);
                Some(Arc::new(Here { config, folder: Some(PathBuf::new()) }))
            }
            Ok(None) => match (folder.parent(), folder.file_name()) {
                (Some(parent), Some(name)) => self.at(parent, state).map(|outer| Arc::new(outer.inner(name))),
                _ => Some(self.general()),
            },
            Err(told) => {
                state.invalid.push(told);
                None
            }
        };
        state.known.insert(folder.to_path_buf(), here.clone());
        here
    }

    /// Puts together what holds under a file of a folder.
    fn config(&self, layer: Option<Layer>, folder: &Path, state: &mut State) -> Arc<Config> {
        let layers = layer.map(Arc::new).into_iter().chain(self.inline.iter().cloned()).collect();
        let config = Arc::new(Config::new(layers, self.flags.clone()));
        if self.covers(folder) {
            state.watched.push(config.clone());
        }
        config
    }

    /// Whether a whole folder is checked.
    fn covers(&self, folder: &Path) -> bool {
        let paths = self.watched.iter().flatten();
        paths.filter(|path| path.is_dir()).any(|path| folder.starts_with(self.absolute(path)))
    }

    /// Reads what stands in a folder itself.
    fn load(&self, folder: &Path) -> Result<Option<Layer>, Told> {
        for (name, home) in [(NAME, Home::Whole), (PYPROJECT, Home::Pyproject)] {
            let path = folder.join(name);
            let bytes = match fs::read(&path) {
                Ok(bytes) => bytes,
                // What is no folder has nothing in it, and what is no file is not meant.
                Err(error)
                    if matches!(
                        error.kind(),
                        ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::IsADirectory
                    ) =>
                {
                    continue;
                }
                // Another's file that may have nothing to say.
                Err(_) if home == Home::Pyproject => continue,
                Err(error) => return Err(unreadable(self.shown(&path), &error)),
            };
            let (text, invalid_utf8) = readable(&bytes);
            if let Some(layer) = read(text.into_owned(), &invalid_utf8, self.shown(&path), home, Base::Own)? {
                return Ok(Some(layer));
            }
        }
        Ok(None)
    }

    fn working(&self) -> &Path {
        self.working.get_or_init(|| std::env::current_dir().unwrap_or_default())
    }

    /// A folder from the root on.
    fn absolute(&self, folder: &Path) -> PathBuf {
        // What `..` leads to shows only where links are followed.
        if folder.components().any(|part| part == Component::ParentDir)
            && let Ok(real) = folder.canonicalize()
        {
            return real;
        }
        let named = folder.components().filter(|part| *part != Component::CurDir);
        self.working().join(named.collect::<PathBuf>()).components().collect()
    }

    /// A path from the root, as it is shown: from the working folder, where that is near.
    fn shown(&self, path: &Path) -> String {
        if let Ok(inside) = path.strip_prefix(self.working()) {
            return display(inside);
        }
        let above = path.parent().and_then(|folder| self.working().strip_prefix(folder).ok());
        match (above, path.file_name()) {
            (Some(below), Some(name)) => {
                let up: PathBuf = below.components().map(|_| Component::ParentDir).collect();
                display(&up.join(name))
            }
            _ => display(path),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn read(
    text: String,
    invalid_utf8: &[Span],
    name: String,
    home: Home,
    base: Base,
) -> Result<Option<Layer>, Told> {
    if let Some(place) = invalid_utf8.first().filter(|_| home == Home::Whole) {
        let findings = fault(Draft::new(*place, "these bytes are not UTF-8").help("save the file as UTF-8"));
        return Err(Told { name, text, findings });
    }
    match parse(&text, home) {
        Ok(file) => Ok(file.map(|file| Layer { name, text, file, base })),
        Err(findings) => Err(Told { name, text, findings }),
    }
}

fn unreadable(name: String, error: &io::Error) -> Told {
    let what = error.to_string();
    let what = what.split(" (os error").next().unwrap_or(&what).to_lowercase();
    let findings = fault(Draft::new(Span::empty(0), format!("cannot read `{name}`: {what}")));
    Told { name, text: String::new(), findings }
}

fn fault(draft: Draft) -> Vec<Finding> {
    let mut findings = Vec::new();
    let wants = Wants { help: true, fixes: false };
    Sink::new(FAULT, Severity::Error, Severity::Error, wants, &mut findings).push(draft);
    findings
}

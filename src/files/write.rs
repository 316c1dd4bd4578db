//! Writing: a file is replaced whole, or left as it was.
//!
//! The new text goes to a file of its own in the same folder, and takes the old one's name once all
//! of it is on the disk. Whatever happens before, a full disk or a kill, the old file is untouched;
//! after it, the new one is whole.
//!
//! What the name leads to is replaced, and not a symbolic link on the way to it. A file with several
//! names (hard links) is refused: the others would go on to name the old text.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// The folders in which files may be replaced.
#[derive(Debug)]
pub struct Roots {
    folders: Vec<PathBuf>,
    /// Whether two of the paths that were given lead to the same file.
    pub overlap: bool,
}

impl Roots {
    /// Those of the paths that were given: a folder itself, and of a file the working folder, if it is
    /// named in there, or the folder that it is named in.
    #[must_use]
    pub fn new(paths: &[PathBuf]) -> Self {
        let working = fs::canonicalize(".").ok();
        let root = |path: &PathBuf| {
            if path.is_dir() {
                return fs::canonicalize(path).ok();
            }
            let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
            let parent = fs::canonicalize(parent.unwrap_or(Path::new("."))).ok()?;
            Some(match &working {
                Some(working) if parent.starts_with(working) => working.clone(),
                _ => parent,
            })
        };
        let mut real: Vec<_> = paths.iter().filter_map(|path| fs::canonicalize(path).ok()).collect();
        // What is in a folder follows it.
        real.sort();
        let overlap = real.windows(2).any(|pair| pair[1].starts_with(&pair[0]));
        let mut folders: Vec<_> = paths.iter().filter_map(root).collect();
        folders.sort();
        folders.dedup();
        Self { folders, overlap }
    }

    fn hold(&self, real: &Path) -> bool {
        self.folders.iter().any(|folder| real.starts_with(folder))
    }
}

/// A new text on its way to a file's place. Dropped before [`Replacement::commit`], it leaves nothing.
pub struct Replacement {
    /// The file to be replaced, without links in its name.
    real: PathBuf,
    /// What it was like when it was read.
    seen: Metadata,
    temporary: PathBuf,
    file: File,
    /// Bytes that may still be written.
    room: u64,
    committed: bool,
}

impl Replacement {
    /// Begins the new text of a file, of which `seen` was known before it was read.
    ///
    /// # Errors
    ///
    /// The file may not be replaced, or is not what was read; or what the system says.
    pub fn begin(path: &Path, seen: &Metadata, roots: &Roots) -> io::Result<Self> {
        let real = fs::canonicalize(path)?;
        if !roots.hold(&real) {
            return Err(io::Error::other("it is a link to a file outside of what is fixed"));
        }
        if !seen.is_file() {
            return Err(not_plain());
        }
        if names(seen) > 1 {
            return Err(io::Error::other("it has other names (hard links), which would keep the old text"));
        }
        unchanged(&real, seen)?;
        // Who may not write to the file may not replace it either, though the folder allows it.
        let old = OpenOptions::new().write(true).open(&real)?;
        let (temporary, file) = temporary_beside(&real, 0o600)?;
        let replacement =
            Self { real, seen: seen.clone(), temporary, file, room: most_bytes(), committed: false };
        keep_rights(&replacement.file, &old, seen)?;
        Ok(replacement)
    }

    /// Adds to the new text.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        // Beyond its limit the system would end the process.
        let room = self.room.checked_sub(bytes.len() as u64);
        self.room = room.ok_or(io::ErrorKind::FileTooLarge)?;
        self.file.write_all(bytes)
    }

    /// Puts the new text in the old one's place, if the file is still the one that was read. `old` is
    /// what was read, where it was kept.
    ///
    /// # Errors
    ///
    /// The file was changed meanwhile; or what the system says.
    pub fn commit(mut self, old: Option<&[u8]>) -> io::Result<()> {
        self.file.sync_all()?;
        if let Some(old) = old {
            // Two changes within one tick of the clock look like one.
            let mut now = Vec::with_capacity(old.len() + 1);
            File::open(&self.real)?.take(old.len() as u64 + 1).read_to_end(&mut now)?;
            if now != old {
                return Err(changed());
            }
        }
        unchanged(&self.real, &self.seen)?;
        fs::rename(&self.temporary, &self.real)?;
        self.committed = true;
        // The new text is in its place: where a folder cannot be synced, the old one may come back
        // after a power cut, and is whole.
        if let Some(folder) = self.real.parent()
            && let Ok(folder) = File::open(folder)
        {
            let _ = folder.sync_all();
        }
        Ok(())
    }
}

impl Drop for Replacement {
    fn drop(&mut self) {
        if !self.committed {
            // Where it cannot be removed, nothing else can be done; its name says what it is.
            let _ = fs::remove_file(&self.temporary);
        }
    }
}

/// Writes a file of our own: in the place of the one that is there, if there is one.
///
/// # Errors
///
/// The file may not be replaced; or what the system says.
pub fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Ok(seen) = fs::metadata(path) {
        let folder = fs::canonicalize(path)?.parent().map(Path::to_path_buf);
        let roots = Roots { folders: folder.into_iter().collect(), overlap: false };
        let mut replacement = Replacement::begin(path, &seen, &roots)?;
        replacement.write(bytes)?;
        return replacement.commit(None);
    }
    let (temporary, mut file) = temporary_beside(path, 0o666)?;
    let wrote = file.write_all(bytes).and_then(|()| file.sync_all());
    wrote.and_then(|()| fs::rename(&temporary, path)).inspect_err(|_| {
        // Where it cannot be removed, nothing else can be done.
        let _ = fs::remove_file(&temporary);
    })
}

/// A new file in the same folder, of a name that no walk looks at. It gets what the user's mask leaves of
/// the mode.
fn temporary_beside(real: &Path, mode: u32) -> io::Result<(PathBuf, File)> {
    const TRIES: u32 = 1000;
    let folder = real.parent().unwrap_or(Path::new(""));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    for number in 0..TRIES {
        let path = folder.join(format!(".paylint-fix-{}-{number}.tmp", std::process::id()));
        match options.open(&path) {
            // Another thread's, or left behind by a process that was killed.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            opened => return opened.map(|file| (path, file)),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// What is said of a pipe, a device and the like.
pub fn not_plain() -> io::Error {
    io::Error::other("it is not a plain file")
}

fn changed() -> io::Error {
    io::Error::other("it was changed while it was being fixed")
}

fn unchanged(real: &Path, seen: &Metadata) -> io::Result<()> {
    if is_same(&fs::symlink_metadata(real)?, seen) { Ok(()) } else { Err(changed()) }
}

#[cfg(unix)]
fn is_same(now: &Metadata, seen: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    let of = |it: &Metadata| {
        (it.dev(), it.ino(), it.size(), it.mtime(), it.mtime_nsec(), it.ctime(), it.ctime_nsec())
    };
    of(now) == of(seen)
}

#[cfg(not(unix))]
fn is_same(now: &Metadata, seen: &Metadata) -> bool {
    now.is_file() && now.len() == seen.len() && now.modified().ok() == seen.modified().ok()
}

#[cfg(unix)]
fn names(seen: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(seen)
}

#[cfg(not(unix))]
const fn names(_: &Metadata) -> u64 {
    1
}

/// The most bytes that a file may have.
#[cfg(unix)]
fn most_bytes() -> u64 {
    use rustix::process::{Resource, getrlimit};
    getrlimit(Resource::Fsize).current.unwrap_or(u64::MAX)
}

#[cfg(not(unix))]
const fn most_bytes() -> u64 {
    u64::MAX
}

/// Gives a new file the old one's owner, group, mode and attributes (ACLs among them); where it may not have them, no right that
/// they alone should have had.
#[cfg(unix)]
fn keep_rights(file: &File, old: &File, seen: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    const GROUP: u32 = 0o070;
    const OTHERS: u32 = 0o007;
    let own = file.metadata()?;
    let mut mode = seen.mode() & 0o7777;
    let differs = (own.uid(), own.gid()) != (seen.uid(), seen.gid());
    if differs && fchown(file, Some(seen.uid()), Some(seen.gid())).is_err() {
        mode &= 0o777;
        if own.gid() != seen.gid() && fchown(file, None, Some(seen.gid())).is_err() {
            mode = (mode & !GROUP) | (mode & ((mode & OTHERS) << 3));
        }
    }
    #[cfg(target_os = "linux")]
    copy_attributes(old, file);
    #[cfg(not(target_os = "linux"))]
    let _ = old;
    file.set_permissions(fs::Permissions::from_mode(mode))
}

/// Copies extended attributes, as far as the system lets them be read and set.
#[cfg(target_os = "linux")]
fn copy_attributes(from: &File, to: &File) {
    use rustix::fs::{XattrFlags, fgetxattr, flistxattr, fsetxattr};
    const MOST: usize = 1 << 16;
    let mut names = vec![0; MOST];
    let Ok(length) = flistxattr(from, &mut names[..]) else { return };
    let mut value = vec![0; MOST];
    for name in names[..length].split(|byte| *byte == 0).filter(|name| !name.is_empty()) {
        if let Ok(length) = fgetxattr(from, name, &mut value[..]) {
            let _ = fsetxattr(to, name, &value[..length], XattrFlags::empty());
        }
    }
}

#[cfg(not(unix))]
fn keep_rights(file: &File, _: &File, seen: &Metadata) -> io::Result<()> {
    file.set_permissions(seen.permissions())
}

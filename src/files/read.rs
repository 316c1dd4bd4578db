//! Reading a file whole, with as few calls as can be.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// A folder from which files are opened by their name alone.
pub struct Folder<'p> {
    path: &'p Path,
    #[cfg(unix)]
    handle: Option<rustix::fd::OwnedFd>,
}

impl<'p> Folder<'p> {
    /// The folder of a path; the working folder, where the path is empty. Opening it may fail: then
    /// files are opened by their whole path.
    #[must_use]
    pub fn new(path: &'p Path) -> Self {
        #[cfg(unix)]
        {
            use rustix::fs::{Mode, OFlags};
            let name = if path.as_os_str().is_empty() { Path::new(".") } else { path };
            let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
            Self { path, handle: rustix::fs::open(name, flags, Mode::empty()).ok() }
        }
        #[cfg(not(unix))]
        Self { path }
    }

    /// Opens a file of this folder.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn open(&self, name: &OsStr) -> io::Result<File> {
        #[cfg(unix)]
        if let Some(handle) = &self.handle {
            use rustix::fs::{Mode, OFlags};
            return Ok(
                rustix::fs::openat(handle, name, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty())?.into()
            );
        }
        File::open(self.path.join(name))
    }
}

/// Bytes that a file may have before its length is asked for.
const FIRST: usize = 1 << 16;

/// Reads all of a file into a buffer, which is emptied first.
///
/// Of a file that is known to be `plain`, and not a pipe or a device, a short read is its end; where
/// what was read does not look like the end of a JSON value, the system is asked again all the same.
///
/// # Errors
///
/// What the system says.
pub fn read_all(file: &mut File, plain: bool, buffer: &mut Vec<u8>) -> io::Result<()> {
    buffer.clear();
    buffer.reserve(FIRST);
    loop {
        if buffer.len() == buffer.capacity() {
            let length = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
            buffer.reserve(length.saturating_sub(buffer.len()).saturating_add(1).max(FIRST));
        }
        if read_some(file, buffer)? == 0 {
            return Ok(());
        }
        let closed = || matches!(buffer.trim_ascii_end().last(), Some(b'}' | b']'));
        if plain && buffer.len() < buffer.capacity() && closed() {
            return Ok(());
        }
    }
}

/// Reads a file whole; `-` is standard input.
///
/// # Errors
///
/// What the system says.
pub fn read_whole(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if path.as_os_str() == "-" {
        io::stdin().read_to_end(&mut bytes)?;
    } else {
        File::open(path)?.read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// Reads once into the room that a buffer has left; the number of bytes, 0 at the end.
///
/// # Errors
///
/// What the system says; an interruption is tried again.
pub fn read_some(source: &mut impl ReadSpare, buffer: &mut Vec<u8>) -> io::Result<usize> {
    loop {
        match source.read_spare(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

/// Something that can be read into a buffer's spare room.
pub trait ReadSpare {
    /// Reads once into the spare room, which must not be empty.
    ///
    /// # Errors
    ///
    /// What the system says.
    fn read_spare(&mut self, buffer: &mut Vec<u8>) -> io::Result<usize>;
}

impl ReadSpare for File {
    #[cfg(unix)]
    fn read_spare(&mut self, buffer: &mut Vec<u8>) -> io::Result<usize> {
        Ok(rustix::io::read(&*self, rustix::buffer::spare_capacity(buffer))?)
    }

    #[cfg(not(unix))]
    fn read_spare(&mut self, buffer: &mut Vec<u8>) -> io::Result<usize> {
        read_through(self, buffer)
    }
}

impl ReadSpare for io::Stdin {
    fn read_spare(&mut self, buffer: &mut Vec<u8>) -> io::Result<usize> {
        read_through(self, buffer)
    }
}

fn read_through(source: &mut impl Read, buffer: &mut Vec<u8>) -> io::Result<usize> {
    let room = buffer.capacity() - buffer.len();
    let start = buffer.len();
    buffer.resize(start + room, 0);
    let got = source.read(&mut buffer[start..]);
    buffer.truncate(start + *got.as_ref().unwrap_or(&0));
    got
}

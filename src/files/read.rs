//! Reading a file whole, with as few calls as can be.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::ops::Deref;
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

/// Memory for the files that a thread reads, one after another. It derefs to the bytes of the last.
#[derive(Default)]
pub struct Buffer {
    bytes: Vec<u8>,
    #[cfg(target_os = "linux")]
    large: Option<large::Large>,
}

impl Buffer {
    /// The memory alone, for those who read into it themselves.
    pub fn bytes(&mut self) -> &mut Vec<u8> {
        #[cfg(target_os = "linux")]
        {
            self.large = None;
        }
        &mut self.bytes
    }
}

impl Deref for Buffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        #[cfg(target_os = "linux")]
        if let Some(large) = &self.large {
            return large.bytes();
        }
        &self.bytes
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
pub fn read_all(file: &mut File, plain: bool, buffer: &mut Buffer) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    let Buffer { bytes: buffer, large } = buffer;
    #[cfg(target_os = "linux")]
    {
        *large = None;
    }
    #[cfg(not(target_os = "linux"))]
    let Buffer { bytes: buffer } = buffer;
    buffer.clear();
    buffer.reserve(FIRST);
    loop {
        if buffer.len() == buffer.capacity() {
            let length = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
            #[cfg(target_os = "linux")]
            if length >= large::LEAST {
                *large = large::Large::read(file, buffer, length)?;
                if large.is_some() {
                    return Ok(());
                }
            }
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

/// Memory in large pages, for files that fill some: a page of the usual size costs more to be had than
/// what it holds costs to be checked.
#[cfg(target_os = "linux")]
mod large {
    use std::fs::File;
    use std::io;

    use memmap2::{Advice, MmapMut};

    /// The fewest bytes that are worth it: those of one such page, mostly.
    pub const LEAST: usize = 1 << 21;

    /// A file's bytes.
    pub struct Large {
        memory: MmapMut,
        len: usize,
    }

    impl Large {
        /// The bytes that were read.
        pub fn bytes(&self) -> &[u8] {
            &self.memory[..self.len]
        }

        /// Reads on from where a file's first bytes end. Nothing where there is no such memory. Where
        /// the file proves longer than it was said to be, what was read is added to its first bytes.
        pub fn read(file: &File, first: &mut Vec<u8>, length: usize) -> io::Result<Option<Self>> {
            // One more, so that the end is seen.
            let Ok(mut memory) = MmapMut::map_anon(length.saturating_add(1).max(first.len() + 1)) else {
                return Ok(None);
            };
            // Where the system knows no such pages, it is memory all the same.
            let _ = memory.advise(Advice::HugePage);
            memory[..first.len()].copy_from_slice(first);
            let mut len = first.len();
            loop {
                match rustix::io::read(file, &mut memory[len..]) {
                    Ok(0) if len < memory.len() => return Ok(Some(Self { memory, len })),
                    Ok(0) => {
                        first.clear();
                        first.extend_from_slice(&memory);
                        return Ok(None);
                    }
                    Ok(got) => len += got,
                    Err(rustix::io::Errno::INTR) => {}
                    Err(error) => return Err(error.into()),
                }
            }
        }
    }
}

//! Threads: one walks, and all of them lint.

use std::cell::OnceCell;
use std::collections::{HashMap, VecDeque};
use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::carrier::{Assume, Carrier, Skip};
use crate::files::config::Configs;
use crate::files::har::Entries;
use crate::files::known::Known;
use crate::files::lines::Lines;
use crate::files::links::{Bounds, Linked, Reach, distinct};
use crate::files::mend::{Fixing, How, Mender};
use crate::files::order::{Outlet, Totals};
use crate::files::read::{Buffer, Folder, read_all};
use crate::files::tally::Tally;
use crate::files::walk::{Batch, Selection, Walk, is_har, is_lines};
use crate::lint::{Scratch, readable, reads_as_json};
use crate::report::{Format, Style};

/// All that a check is told.
pub struct Job<'j> {
    /// How files are judged, by where they are.
    pub configs: &'j Configs,
    /// Which files a walk takes.
    pub selection: &'j Selection,
    /// How findings are shown.
    pub format: Format,
    /// Colours and width.
    pub style: &'j Style,
    /// Whether requests are to be named, and not checked.
    pub list: bool,
    /// What files are read as, whatever their names.
    pub carrier: Option<Carrier>,
    /// Whether the paths of skipped files are wanted.
    pub list_skipped: bool,
    /// What files that the user named may be taken for.
    pub named: Assume,
    /// Threads at most; one for each core, where no number is given.
    pub threads: Option<usize>,
    /// Whether and how texts are to be fixed before they are checked.
    pub fixing: Option<&'j Fixing>,
    /// The findings that are known, where they are to be set apart.
    pub known: Option<&'j Known>,
    /// The name that standard input goes by.
    pub stdin_name: &'j str,
    /// Told after each batch how many files were looked at, and how many were met.
    pub progress: &'j (dyn Fn(u64, u64) + Sync),
}

/// Checks paths; `-` is standard input.
///
/// # Errors
///
/// A failure to write. A file that cannot be read is no failure of the check, and told in
/// [`Totals::failed`].
pub fn check(job: &Job<'_>, paths: &[PathBuf], writer: &mut (dyn Write + Send)) -> io::Result<Totals> {
    let outlet = Outlet::new(job.format, writer);
    let queue = Queue::default();
    let skipped = std::thread::scope(|scope| {
        let mut worker = Worker::new(job, &outlet);
        let mut walk = Walk::new(job.selection, job.configs, job.list_skipped);
        let mut given = 0u64;
        let mut helpers = 0;
        // Counting the cores takes longer than checking a file: it waits until there are many.
        let threads = OnceCell::new();
        let threads = || *threads.get_or_init(|| job.threads());
        walk.run(paths, |batch| {
            queue.push(given, batch);
            given += 1;
            // A few files are checked sooner than a thread is started.
            if given > 1 && helpers + 1 < threads() {
                helpers += 1;
                scope.spawn(|| {
                    let mut worker = Worker::new(job, &outlet);
                    while let Some((number, batch)) = queue.wait() {
                        worker.batch(number, &batch, &queue);
                    }
                });
            }
            while given > 1 && queue.is_long(threads()) {
                let Some((number, batch)) = queue.try_take() else { break };
                worker.batch(number, &batch, &queue);
            }
        });
        queue.close();
        while let Some((number, batch)) = queue.try_take() {
            worker.batch(number, &batch, &queue);
        }
        walk.skipped
    });
    let (number, links) = outlet.take_links();
    if !links.is_empty() {
        Worker::new(job, &outlet).links(number, links, paths);
    }
    unused(job, &outlet);
    let mut totals = outlet.close()?;
    totals.invalid = job.configs.take_invalid();
    totals.summary.skipped += skipped;
    Ok(totals)
}

/// Tells of the entries of configurations that nothing came under, where that can be known.
fn unused(job: &Job<'_>, outlet: &Outlet<'_>) {
    let (number, _) = outlet.take_links();
    if outlet.has_failed() {
        return;
    }
    let mut done = None;
    for (config, told) in job.configs.unused() {
        done.get_or_insert_with(|| Tally::new(number, job, outlet)).tell(&config, &told);
    }
    if let Some(done) = done {
        done.end();
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Batches on their way from the walk to the threads, first come, first served: so the one that is
/// to be written next is always being worked on.
#[derive(Default)]
struct Queue {
    state: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Default)]
struct Waiting {
    batches: VecDeque<(u64, Batch)>,
    files_met: u64,
    files_done: u64,
    closed: bool,
}

/// Batches that may wait for each thread before the walk stops to help.
const WAITING: usize = 8;

impl Queue {
    fn push(&self, number: u64, batch: Batch) {
        let mut state = self.lock();
        state.files_met += batch.names.len() as u64;
        state.batches.push_back((number, batch));
        drop(state);
        self.changed.notify_one();
    }

    fn is_long(&self, threads: usize) -> bool {
        self.lock().batches.len() > WAITING * threads
    }

    fn try_take(&self) -> Option<(u64, Batch)> {
        self.lock().batches.pop_front()
    }

    fn wait(&self) -> Option<(u64, Batch)> {
        let mut state = self.lock();
        loop {
            if let Some(batch) = state.batches.pop_front() {
                return Some(batch);
            }
            if state.closed {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn done(&self, files: u64) -> (u64, u64) {
        let mut state = self.lock();
        state.files_done += files;
        (state.files_done, state.files_met)
    }

    fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One thread's memory.
struct Worker<'j, 'w> {
    job: &'j Job<'j>,
    outlet: &'j Outlet<'w>,
    scratch: Scratch,
    buffer: Buffer,
}

impl Job<'_> {
    fn threads(&self) -> usize {
        // Two of them would fix one file at once.
        let one_at_a_time = self.fixing.is_some_and(|fixing| fixing.roots.overlap);
        if one_at_a_time { 1 } else { self.threads.unwrap_or_else(cores) }
    }

    /// What a file may be taken for that no configuration says anything of.
    #[must_use]
    pub const fn assumed(&self, named: bool) -> Assume {
        if named { self.named } else { Assume::Nothing }
    }

    /// Whether a file of that name is read line by line.
    fn reads_lines(&self, name: &OsStr) -> bool {
        is_lines(name) && self.carrier.is_none_or(|carrier| carrier == Carrier::Json)
    }

    /// Whether a file of that name is read as a recording, which may be longer than memory.
    fn reads_entries(&self, name: &OsStr) -> bool {
        self.carrier.map_or(is_har(name), |carrier| carrier == Carrier::Har)
    }

    /// What a file of that name is read as.
    fn carrier_of(&self, name: &[u8]) -> Carrier {
        self.carrier.or_else(|| Carrier::of_name(name)).unwrap_or(Carrier::Json)
    }
}

impl<'j, 'w> Worker<'j, 'w> {
    fn new(job: &'j Job<'j>, outlet: &'j Outlet<'w>) -> Self {
        Self { job, outlet, scratch: Scratch::default(), buffer: Buffer::default() }
    }

    fn batch(&mut self, number: u64, batch: &Batch, queue: &Queue) {
        let mut done = Tally::new(number, self.job, self.outlet);
        for (path, why) in &batch.skipped {
            done.skip(path, *why);
        }
        for (path, error) in &batch.failed {
            done.fail(path, io::Error::new(error.kind(), error.to_string()));
        }
        let folder = Folder::new(&batch.folder);
        if let Some(here) = &batch.here {
            done.enter(here);
        }
        for name in &batch.names {
            let is_stdin = batch.named && batch.folder.as_os_str().is_empty() && name == "-";
            let assume = self.job.assumed(batch.named);
            let read = if is_stdin {
                self.stdin(assume, &mut done)
            } else {
                self.file(&folder, batch, name, assume, &mut done)
            };
            if let Err(error) = read {
                done.fail(&batch.folder.join(name), error);
            }
        }
        done.end();
        let (files, met) = queue.done(batch.names.len() as u64);
        (self.job.progress)(files, met);
    }

    /// Checks the files that requests in others send as their bodies, for the operations that they are
    /// sent to. What a file is found to have on its own is told once.
    fn links(&mut self, number: u64, links: Vec<Linked>, paths: &[PathBuf]) {
        let mut done = Tally::new(number, self.job, self.outlet);
        let bounds = Bounds::new(paths);
        // A diff says what would be fixed, and nothing else.
        let tells = !self.job.fixing.is_some_and(|fixing| matches!(fixing.how, How::Diff { .. }));
        let links: Vec<_> =
            distinct(links).into_iter().map(|linked| (bounds.reach(&linked, self.job), linked)).collect();
        let mut receivers = HashMap::<_, Vec<_>>::new();
        for ((path, _), linked) in &links {
            receivers.entry(path.clone()).or_default().push(linked.operation.id);
        }
        for ((path, reach), linked) in links {
            let known = match reach {
                Reach::Known(assume) => Some(assume),
                Reach::New => None,
                Reach::Outside => {
                    done.skip(&path, Skip::Outside);
                    continue;
                }
                Reach::Missing => {
                    done.skip(&path, Skip::Missing);
                    continue;
                }
            };
            let folder = Folder::new(path.parent().unwrap_or(Path::new("")));
            let name = path.file_name().unwrap_or_default();
            let Some(here) = self.job.configs.of(path.parent().unwrap_or(Path::new(""))) else { continue };
            done.enter(&here);
            // Of a template with conditions it is not known what it makes.
            if linked.is_template && !self.reads_as_json(&folder, name) {
                continue;
            }
            // What is right for one operation may be wrong for another; and once is enough.
            let of = receivers.remove(&path);
            let is_alone = of.is_some_and(|ids| ids.iter().all(|id| *id == linked.operation.id));
            if let (Some(fixing), Some(assume), true) = (self.job.fixing, known, is_alone)
                && !here.says_operation(&path)
            {
                let mender = self.mender(fixing, &path, name.as_encoded_bytes(), assume);
                let outcome = folder
                    .open(name)
                    .and_then(|mut file| mender.linked(&mut file, linked.operation, &mut done));
                if let Err(error) = outcome {
                    done.unwritten(&path, error);
                }
            }
            if !tells {
                continue;
            }
            let read = folder.open(name).and_then(|mut file| read_all(&mut file, false, &mut self.buffer));
            match read {
                Ok(()) => done.linked(&mut self.scratch, &self.buffer, &path, linked.operation, known),
                Err(error) => done.fail(&path, error),
            }
        }
        done.end();
    }

    /// Whether a template in a file can be checked as the JSON that it makes. One that is not there is told of
    /// where it is read.
    fn reads_as_json(&mut self, folder: &Folder<'_>, name: &OsStr) -> bool {
        let read = folder.open(name).and_then(|mut file| read_all(&mut file, false, &mut self.buffer));
        read.is_err() || reads_as_json(&readable(&self.buffer).0)
    }

    fn file(
        &mut self,
        folder: &Folder<'_>,
        batch: &Batch,
        name: &OsStr,
        assume: Assume,
        done: &mut Tally<'_, '_>,
    ) -> io::Result<()> {
        let path = || batch.folder.join(name);
        let Some(assume) = done.open(assume, batch.named, path) else { return Ok(()) };
        let mut file = folder.open(name)?;
        let of_lines = self.job.reads_lines(name);
        if let Some(fixing) = self.job.fixing {
            let path = path();
            let mender = self.mender(fixing, &path, name.as_encoded_bytes(), assume);
            return if of_lines {
                mender.file_of_lines(folder, file, done)
            } else {
                mender.file(&mut file, done)
            };
        }
        if of_lines {
            return Lines::new(&mut self.scratch, self.buffer.bytes()).read(&mut file, assume, &path(), done);
        }
        if self.job.reads_entries(name) {
            return Entries::new(&mut self.scratch, self.buffer.bytes()).read(
                &mut file,
                assume,
                &path(),
                done,
            );
        }
        read_all(&mut file, !batch.named, &mut self.buffer)?;
        let carrier = self.job.carrier_of(name.as_encoded_bytes());
        done.text(&mut self.scratch, &self.buffer, carrier, assume, path);
        Ok(())
    }

    /// What mends a file of a name.
    fn mender<'s>(
        &'s mut self,
        fixing: &'s Fixing,
        path: &'s Path,
        name: &[u8],
        assume: Assume,
    ) -> Mender<'s, 's> {
        Mender {
            fixing,
            style: self.job.style,
            path,
            carrier: self.job.carrier_of(name),
            assume,
            scratch: &mut self.scratch,
            buffer: self.buffer.bytes(),
        }
    }

    fn stdin(&mut self, assume: Assume, done: &mut Tally<'_, '_>) -> io::Result<()> {
        let shown = PathBuf::from(self.job.stdin_name);
        let Some(here) = self.job.configs.of(shown.parent().unwrap_or(Path::new(""))) else { return Ok(()) };
        done.enter(&here);
        let Some(assume) = done.open(assume, true, || shown.clone()) else { return Ok(()) };
        let name = shown.file_name().unwrap_or_default();
        let of_lines = self.job.reads_lines(name);
        if let Some(fixing) = self.job.fixing {
            let mender = self.mender(fixing, &shown, self.job.stdin_name.as_bytes(), assume);
            return if of_lines { mender.stdin_of_lines(done) } else { mender.stdin(done) };
        }
        if of_lines {
            return Lines::new(&mut self.scratch, self.buffer.bytes()).read(
                &mut io::stdin(),
                assume,
                &shown,
                done,
            );
        }
        if self.job.reads_entries(name) {
            let entries = Entries::new(&mut self.scratch, self.buffer.bytes());
            return entries.read(&mut io::stdin(), assume, &shown, done);
        }
        let bytes = self.buffer.bytes();
        bytes.clear();
        io::Read::read_to_end(&mut io::stdin(), bytes)?;
        let carrier = self.job.carrier_of(self.job.stdin_name.as_bytes());
        done.text(&mut self.scratch, &self.buffer, carrier, assume, || shown.clone());
        Ok(())
    }
}

/// A path as it is shown: with `/`, and without `./` before it.
#[must_use]
pub fn display(path: &Path) -> String {
    let text = path.to_string_lossy();
    let text = if std::path::MAIN_SEPARATOR == '\\' { text.replace('\\', "/") } else { text.into_owned() };
    text.strip_prefix("./").map_or(text.clone(), str::to_owned)
}

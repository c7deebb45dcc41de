//! A ring of blocks in a file without a name.

use super::super::aside;
use std::{
    fs::File,
    io,
    path::Path,
    sync::{Arc, OnceLock},
};

/// What is written at once; no record lies across the end of one.
pub(super) const BLOCK: usize = 64 << 10;
const UNIT: u64 = super::UNIT as u64;

pub(super) struct RingFile {
    file: Arc<File>,
    /// Bytes before it begins anew: whole blocks.
    room: u64,
    /// Where the block that is being filled begins, counted from the first byte that was ever written.
    block: u64,
    /// The block that is being filled.
    filling: Vec<u8>,
    /// The one before it, until it is written.
    writing: Option<Arc<Writing>>,
}

struct Writing {
    bytes: Vec<u8>,
    written: OnceLock<io::Result<()>>,
}

/// What was read.
pub(super) enum Read {
    /// All of it.
    Done,
    /// Nothing: it is too old.
    Over,
    /// Nothing: the system would have to fetch it from the disk.
    OnDisk(Fetch),
}

/// What the system has let go of.
pub(super) struct Fetch {
    file: Arc<File>,
    at: u64,
    length: usize,
}

impl RingFile {
    /// A file in this folder that nobody else can open, and that is gone with the process.
    pub(super) fn in_folder(folder: &Path, room: u64) -> io::Result<Self> {
        let file = Arc::new(tempfile::tempfile_in(folder)?);
        // Where nobody can be asked not to wait, this says so.
        write_at(&file, &[0], 0)?;
        read_at_once(&file, &mut [0], 0)?;
        Ok(Self { file, room, block: 0, filling: Vec::with_capacity(BLOCK), writing: None })
    }

    /// Units it has.
    pub(super) const fn units(&self) -> u32 {
        (self.room / UNIT) as u32
    }

    /// The unit that will be the next, counted from the first; after 64 GB from 0 again.
    pub(super) const fn head(&self) -> u32 {
        ((self.block + self.filling.len() as u64) / UNIT) as u32
    }

    /// Puts these bytes, whole units and at most a block, behind all others. Gives the first one's unit; none, and nothing is put, while the
    /// disk is so slow that the last block is not written yet.
    pub(super) fn append(&mut self, bytes: &[u8]) -> io::Result<Option<u32>> {
        if self.filling.len() + bytes.len() > BLOCK && !self.write_block()? {
            return Ok(None);
        }
        let at = self.head();
        self.filling.extend_from_slice(bytes);
        Ok(Some(at))
    }

    /// Has the full block written, where nobody waits for it. `false` while the one before it is being written.
    fn write_block(&mut self) -> io::Result<bool> {
        match self.writing.as_ref().map(|writing| writing.written.get()) {
            Some(None) => return Ok(false),
            Some(Some(Err(error))) => return Err(error.kind().into()),
            Some(Some(Ok(()))) | None => {}
        }
        let mut bytes = std::mem::replace(&mut self.filling, Vec::with_capacity(BLOCK));
        bytes.resize(BLOCK, 0);
        let writing = Arc::new(Writing { bytes, written: OnceLock::new() });
        self.writing = Some(Arc::clone(&writing));
        let (file, at) = (Arc::clone(&self.file), self.block % self.room);
        self.block += BLOCK as u64;
        aside(move || drop(writing.written.set(write_at(&file, &writing.bytes, at))));
        Ok(true)
    }

    /// Reads from this unit on.
    pub(super) fn read(&self, at: u32, bytes: &mut [u8]) -> io::Result<Read> {
        let back = u64::from(self.head().wrapping_sub(at)) * UNIT;
        let end = self.block + self.filling.len() as u64;
        let Some(from) = end.checked_sub(back).filter(|_| back <= self.room) else { return Ok(Read::Over) };
        let in_memory = match (from.checked_sub(self.block), &self.writing) {
            (Some(filled), _) => Some((&self.filling, filled)),
            (None, Some(writing)) => {
                (from + BLOCK as u64).checked_sub(self.block).map(|filled| (&writing.bytes, filled))
            }
            (None, None) => None,
        };
        if let Some((block, filled)) = in_memory {
            let found =
                usize::try_from(filled).ok().and_then(|filled| block.get(filled..filled + bytes.len()));
            return Ok(found.map_or(Read::Over, |found| {
                bytes.copy_from_slice(found);
                Read::Done
            }));
        }
        let (at, length) = (from % self.room, bytes.len());
        if read_at_once(&self.file, bytes, at)? {
            return Ok(Read::Done);
        }
        Ok(Read::OnDisk(Fetch { file: Arc::clone(&self.file), at, length }))
    }
}

impl Fetch {
    /// Has it fetched, for whoever asks next.
    pub(super) fn begin(self) {
        aside(move || fetch(&self));
    }
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, at)
}

/// Reads what the system has in its memory. `false`: it has not.
#[cfg(target_os = "linux")]
fn read_at_once(file: &File, bytes: &mut [u8], at: u64) -> io::Result<bool> {
    use rustix::io::{Errno, ReadWriteFlags, preadv2};
    let length = bytes.len();
    match preadv2(file, &mut [io::IoSliceMut::new(bytes)], at, ReadWriteFlags::NOWAIT) {
        Ok(read) => Ok(read == length),
        Err(Errno::AGAIN | Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[cfg(target_os = "linux")]
fn fetch(what: &Fetch) {
    use rustix::fs::{Advice, fadvise};
    let length = std::num::NonZeroU64::new(what.length as u64);
    // Advice: whoever asks next sees what came of it.
    let _ = fadvise(&what.file, what.at, length, Advice::WillNeed);
}

/// Elsewhere nobody can be asked not to wait.
#[cfg(all(unix, not(target_os = "linux")))]
fn read_at_once(file: &File, bytes: &mut [u8], at: u64) -> io::Result<bool> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, at).map(|()| true)
}

#[cfg(all(unix, not(target_os = "linux")))]
fn fetch(_: &Fetch) {}

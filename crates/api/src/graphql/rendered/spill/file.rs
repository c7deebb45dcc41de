//! A ring of blocks in a file without a name.

use std::{fs::File, io, path::Path};

/// What is written at once; no record lies across the end of one.
pub(super) const BLOCK: usize = 64 << 10;
const UNIT: u64 = super::UNIT as u64;

pub(super) struct RingFile {
    file: File,
    /// Bytes before it begins anew: whole blocks.
    room: u64,
    /// Where the block that is being filled begins, counted from the first byte that was ever written.
    block: u64,
    /// The block that is being filled.
    filling: Vec<u8>,
}

impl RingFile {
    /// A file in this folder that nobody else can open, and that is gone with the process.
    pub(super) fn in_folder(folder: &Path, room: u64) -> io::Result<Self> {
        let file = tempfile::tempfile_in(folder)?;
        // Where nobody can be asked not to wait, this says so.
        write_at(&file, &[0], 0)?;
        read_at_once(&file, &mut [0], 0)?;
        Ok(Self { file, room, block: 0, filling: Vec::with_capacity(BLOCK) })
    }

    /// Units it has.
    pub(super) const fn units(&self) -> u32 {
        (self.room / UNIT) as u32
    }

    /// The unit that will be the next, counted from the first; after 64 GB from 0 again.
    pub(super) const fn head(&self) -> u32 {
        ((self.block + self.filling.len() as u64) / UNIT) as u32
    }

    /// Puts these bytes, whole units and at most a block, behind all others. Gives the first one's unit.
    pub(super) fn append(&mut self, bytes: &[u8]) -> io::Result<u32> {
        if self.filling.len() + bytes.len() > BLOCK {
            self.filling.resize(BLOCK, 0);
            write_at(&self.file, &self.filling, self.block % self.room)?;
            self.block += BLOCK as u64;
            self.filling.clear();
        }
        let at = self.head();
        self.filling.extend_from_slice(bytes);
        Ok(at)
    }

    /// Reads from this unit on, which is at most as old as there is room. `false` where that would have to wait for a disk.
    pub(super) fn read(&self, at: u32, bytes: &mut [u8]) -> io::Result<bool> {
        let back = u64::from(self.head().wrapping_sub(at)) * UNIT;
        let end = self.block + self.filling.len() as u64;
        let Some(from) = end.checked_sub(back) else { return Ok(false) };
        if let Some(filled) = from.checked_sub(self.block) {
            let found = usize::try_from(filled)
                .ok()
                .and_then(|filled| self.filling.get(filled..filled + bytes.len()));
            return Ok(found.map(|found| bytes.copy_from_slice(found)).is_some());
        }
        read_at_once(&self.file, bytes, from % self.room)
    }
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, at)
}

/// Reads what the system has in its memory. What it has not it begins to fetch, for whoever asks next.
#[cfg(target_os = "linux")]
fn read_at_once(file: &File, bytes: &mut [u8], at: u64) -> io::Result<bool> {
    use rustix::{
        fs::{Advice, fadvise},
        io::{Errno, ReadWriteFlags, preadv2},
    };
    use std::{io::IoSliceMut, num::NonZeroU64};
    let length = bytes.len();
    match preadv2(file, &mut [IoSliceMut::new(bytes)], at, ReadWriteFlags::NOWAIT) {
        Ok(read) if read == length => Ok(true),
        Ok(_) | Err(Errno::AGAIN) => {
            fadvise(file, at, NonZeroU64::new(length as u64), Advice::WillNeed)?;
            Ok(false)
        }
        Err(Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Elsewhere nobody can be asked not to wait.
#[cfg(all(unix, not(target_os = "linux")))]
fn read_at_once(file: &File, bytes: &mut [u8], at: u64) -> io::Result<bool> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, at).map(|()| true)
}

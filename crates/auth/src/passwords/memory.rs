//! The memory that hashes are made in. Each wants some twenty MiB for ten milliseconds. Allocators keep much of what so
//! comes and goes for the thread that it came on: 200 sign-ins, two at a time, left 600 MiB with glibc and 50 with mimalloc.
//! Pieces that are used again bound it: as many as were ever at work at once, and one where sign-ins are few.

use argon2::{Block, Params};
use std::sync::{Mutex, PoisonError};

/// Pieces of memory, each of the size that today's hashes want.
pub(super) struct Memory {
    blocks: usize,
    free: Mutex<Vec<Vec<Block>>>,
    /// The work that was done in it.
    #[cfg(test)]
    worked: std::sync::atomic::AtomicU64,
}

impl Memory {
    pub(super) fn new(params: &Params) -> Self {
        Self {
            blocks: params.block_count(),
            free: Mutex::default(),
            #[cfg(test)]
            worked: std::sync::atomic::AtomicU64::default(),
        }
    }

    /// Has some work done in memory that suffices for these parameters. What was there before does not matter: argon2 writes
    /// each block before it reads it.
    pub(super) fn lend<T>(&self, params: &Params, work: impl FnOnce(&mut [Block]) -> T) -> T {
        #[cfg(test)]
        self.worked.fetch_add(super::phc::work_of(params), std::sync::atomic::Ordering::Relaxed);
        // A hash of another program may want more. It is made anew at its first sign-in, so nothing is kept for it.
        if params.block_count() > self.blocks {
            return work(&mut vec![Block::default(); params.block_count()]);
        }
        let piece = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut piece = piece.unwrap_or_else(|| vec![Block::default(); self.blocks]);
        let done = work(&mut piece);
        self.free.lock().unwrap_or_else(PoisonError::into_inner).push(piece);
        done
    }

    #[cfg(test)]
    pub(super) fn worked(&self) -> u64 {
        self.worked.load(std::sync::atomic::Ordering::Relaxed)
    }

    #[cfg(test)]
    pub(super) fn pieces(&self) -> usize {
        self.free.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

//! The memory that hashes are made in. Each wants some twenty MiB for ten milliseconds. Allocators keep much of what so
//! comes and goes for the thread that it came on: 200 sign-ins, two at a time, left 600 MiB with glibc and 50 with mimalloc.
//! Pieces that are used again bound it: as many as were ever at work at once, and one where sign-ins are few.

use argon2::{Block, Params};
use std::sync::{Mutex, PoisonError};

/// Pieces of memory, each of the size that today's hashes want.
pub(super) struct Memory {
    blocks: usize,
    free: Mutex<Vec<Vec<Block>>>,
}

impl Memory {
    pub(super) fn new(params: &Params) -> Self {
        Self { blocks: params.block_count(), free: Mutex::default() }
    }

    /// Has some work done in memory that suffices for these parameters. What was there before does not matter: argon2 writes
    /// each block before it reads it.
    pub(super) fn lend<T>(&self, params: &Params, work: impl FnOnce(&mut [Block]) -> T) -> T {
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
    pub(super) fn pieces(&self) -> usize {
        self.free.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

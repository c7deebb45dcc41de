//! What a hash may cost, and how many may be at it.

use argon2::Params;
use std::thread::available_parallelism;
use stoa_domain::shared::Fault;

/// OWASP's sets for argon2id with one lane: KiB of memory, and passes over them. Any of them is as good as another; more
/// memory or passes than one of them is better. (Password Storage Cheat Sheet, read in November 2026.)
const OWASP: [(u32, u32); 5] = [(47_104, 1), (19_456, 2), (12_288, 3), (9_216, 4), (7_168, 5)];

/// More memory for one hash would be a way to run out of it.
pub(super) const MOST_MEMORY_KIB: u32 = 256 * 1024;
/// More passes would take seconds.
pub(super) const MOST_PASSES: u32 = 64;

/// The cost of a hash, and the length of the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordCost {
    /// Memory for each hash, in KiB.
    pub memory_kib: u32,
    /// Passes over that memory.
    pub passes: u32,
    /// How many are hashed at a time; 0 is as many as there are cores.
    pub at_once: usize,
    /// How many may wait.
    pub waiting: usize,
}

impl Default for PasswordCost {
    fn default() -> Self {
        Self { memory_kib: 19_456, passes: 2, at_once: 0, waiting: 256 }
    }
}

/// A cost that cannot be.
#[derive(Debug, thiserror::Error)]
pub enum InvalidCost {
    /// A hash would be tried too fast by whoever has the database.
    #[error(
        "{memory_kib} KiB and {passes} passes are below OWASP's parameters for argon2id: take at least 19456 and 2, 47104 and 1, 12288 and 3, 9216 and 4, or 7168 and 5"
    )]
    TooLow {
        /// Memory, in KiB.
        memory_kib: u32,
        /// Passes.
        passes: u32,
    },
    /// A flood of sign-ins would use up memory or time.
    #[error("a hash of {memory_kib} KiB and {passes} passes is more than the most, 262144 KiB and 64")]
    TooHigh {
        /// Memory, in KiB.
        memory_kib: u32,
        /// Passes.
        passes: u32,
    },
    /// A fault.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl PasswordCost {
    /// Whether it may be.
    ///
    /// # Errors
    /// A hash would be too cheap, or too dear.
    pub fn validate(&self) -> Result<(), InvalidCost> {
        self.params().map(drop)
    }

    pub(super) fn params(&self) -> Result<Params, InvalidCost> {
        let &Self { memory_kib, passes, .. } = self;
        if memory_kib > MOST_MEMORY_KIB || passes > MOST_PASSES {
            return Err(InvalidCost::TooHigh { memory_kib, passes });
        }
        if !OWASP.iter().any(|&(memory, least)| memory_kib >= memory && passes >= least) {
            return Err(InvalidCost::TooLow { memory_kib, passes });
        }
        Params::new(memory_kib, passes, 1, None)
            .map_err(|e| Fault::internal("setting the cost of a password", e).into())
    }

    pub(super) fn at_once(&self) -> usize {
        match self.at_once {
            0 => available_parallelism().map_or(1, usize::from),
            some => some,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(memory_kib: u32, passes: u32) -> Result<Params, InvalidCost> {
        PasswordCost { memory_kib, passes, ..PasswordCost::default() }.params()
    }

    #[test]
    fn no_cost_is_below_owasps_sets_or_beyond_bearing() {
        for (memory, passes) in OWASP {
            let params = of(memory, passes).unwrap();
            assert_eq!((params.m_cost(), params.t_cost(), params.p_cost()), (memory, passes, 1));
            assert!(of(memory + 1, passes + 1).is_ok());
            assert!(matches!(of(memory - 1, passes), Err(InvalidCost::TooLow { .. })), "{memory} {passes}");
        }
        assert!(matches!(of(7_168, 4), Err(InvalidCost::TooLow { .. })));
        assert!(matches!(of(0, 64), Err(InvalidCost::TooLow { .. })));
        assert!(of(262_144, 64).is_ok());
        assert!(matches!(of(262_145, 1), Err(InvalidCost::TooHigh { .. })));
        assert!(matches!(of(19_456, 65), Err(InvalidCost::TooHigh { .. })));
    }

    #[test]
    fn at_least_one_is_at_work() {
        assert!(PasswordCost::default().at_once() >= 1);
        assert_eq!(PasswordCost { at_once: 3, ..PasswordCost::default() }.at_once(), 3);
    }
}

//! The system's randomness. Keys and secrets never come from a generator that a test could wind back.

use ring::rand::{SecureRandom, SystemRandom};
use stoa_domain::shared::Fault;

/// As many random bytes as are asked for.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], Fault> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| Fault::bug("asking the system for random bytes"))?;
    Ok(bytes)
}

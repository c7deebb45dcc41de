//! Hashes as they are kept: PHC strings, `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>`.

use super::cost::{MOST_MEMORY_KIB, MOST_PASSES};
use crate::random::random;
use argon2::{
    ARGON2ID_IDENT, Params, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};
use stoa_domain::shared::Fault;

/// More lanes than any program that we might have taken hashes over from.
const MOST_LANES: u32 = 16;

/// Reads a hash that was kept, by us or by another program.
pub(super) fn read(text: &str) -> Result<PasswordHash, Fault> {
    let fault = |why: &str| Fault::internal("reading a password hash", why);
    let hash = PasswordHash::new(text).map_err(|e| Fault::internal("reading a password hash", e))?;
    if hash.salt.is_none() || hash.hash.is_none() {
        return Err(fault("it has no salt, or no hash"));
    }
    let params = Params::try_from(&hash).map_err(|e| Fault::internal("reading a password hash", e))?;
    // What stands in a row decides what verifying costs; it must not be anything.
    if params.m_cost() > MOST_MEMORY_KIB || params.t_cost() > MOST_PASSES || params.p_cost() > MOST_LANES {
        return Err(fault("it costs more memory, passes or lanes than are allowed"));
    }
    Ok(hash)
}

/// Whether a hash is easier to try than one made today. Costlier ones stay as they are.
pub(super) fn is_weaker(hash: &PasswordHash, today: &Params) -> bool {
    let Ok(params) = Params::try_from(hash) else { return true };
    hash.algorithm != ARGON2ID_IDENT
        || hash.version != Some(u32::from(Version::V0x13))
        || params.m_cost() < today.m_cost()
        || params.t_cost() < today.t_cost()
        || hash.hash.as_ref().is_none_or(|output| output.as_ref().len() < Params::DEFAULT_OUTPUT_LEN)
        || hash.salt.as_ref().is_none_or(|salt| salt.as_ref().len() < 16)
}

/// A hash at this cost that is nobody's: salt and hash are chance, so no password is right, and holding one against it
/// takes as long as against any other.
pub(super) fn of_nobody(params: &Params) -> Result<String, Fault> {
    let fault = |e| Fault::internal("making a hash of nobody", e);
    let hash = PasswordHash {
        algorithm: ARGON2ID_IDENT,
        version: Some(u32::from(Version::V0x13)),
        params: ParamsString::try_from(params).map_err(|e| Fault::internal("making a hash of nobody", e))?,
        salt: Some(Salt::new(&random::<16>()?).map_err(fault)?),
        hash: Some(Output::new(&random::<{ Params::DEFAULT_OUTPUT_LEN }>()?).map_err(fault)?),
    };
    Ok(hash.to_string())
}

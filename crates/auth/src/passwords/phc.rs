//! Hashes as they are kept: PHC strings, `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>`.

use super::{
    cost::{MOST_MEMORY_KIB, MOST_PASSES},
    memory::Memory,
};
use crate::random::random;
use argon2::{
    ARGON2ID_IDENT, Algorithm, Argon2, Params, Version,
    password_hash::{
        Error as HashingError,
        phc::{Output, ParamsString, PasswordHash, Salt},
    },
};
use stoa_domain::shared::Fault;
use subtle::ConstantTimeEq;

/// As many bytes of salt as RFC 9106 recommends.
const SALT: usize = 16;

/// More lanes than any program that we might have taken hashes over from.
const MOST_LANES: u32 = 16;

/// A hash that was kept, by us or by another program.
pub(super) struct Kept {
    hash: PasswordHash,
    params: Params,
    salt: Salt,
    output: Output,
}

impl Kept {
    /// Reads one.
    pub(super) fn parse(text: &str) -> Result<Self, Fault> {
        let lacking = |what: &str| Fault::internal("reading a password hash", what);
        let hash = PasswordHash::new(text).map_err(|e| Fault::internal("reading a password hash", e))?;
        let params = Params::try_from(&hash).map_err(|e| Fault::internal("reading a password hash", e))?;
        // What stands in a row decides what verifying costs; it must not be anything.
        if params.m_cost() > MOST_MEMORY_KIB || params.t_cost() > MOST_PASSES || params.p_cost() > MOST_LANES
        {
            return Err(lacking("it costs more memory, passes or lanes than are allowed"));
        }
        let salt = hash.salt.ok_or_else(|| lacking("it has no salt"))?;
        let output = hash.hash.ok_or_else(|| lacking("it has no output"))?;
        Ok(Self { hash, params, salt, output })
    }

    /// Whether this password is the one of the hash. A wrong one takes as much work as a hash of today's cost, however cheap this one is:
    /// or the accounts that nobody has signed in to since the cost was raised would be told by the time from those that are not there.
    pub(super) fn compare(
        &self,
        password: &[u8],
        today: &Params,
        memory: &Memory,
    ) -> Result<bool, HashingError> {
        let is_right = self.is_of(password, memory)?;
        if let Some(rest) = self.shortfall(today).filter(|_| !is_right) {
            let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, rest.clone());
            let mut output = [0; Params::DEFAULT_OUTPUT_LEN];
            memory.lend(&rest, |blocks| {
                argon2.hash_password_into_with_memory(password, self.salt.as_ref(), &mut output, blocks)
            })?;
            std::hint::black_box(output);
        }
        Ok(is_right)
    }

    /// The work by which this hash falls short of one made today, which is what memory times passes is; `None`: it does not.
    fn shortfall(&self, today: &Params) -> Option<Params> {
        let rest = work_of(today).checked_sub(work_of(&self.params))?;
        let memory = u32::try_from(rest / u64::from(today.t_cost())).ok()?;
        // What is less than argon2 can do takes no time.
        Params::new(memory, today.t_cost(), 1, None).ok()
    }

    fn is_of(&self, password: &[u8], memory: &Memory) -> Result<bool, HashingError> {
        let algorithm = Algorithm::try_from(self.hash.algorithm.as_str())?;
        let version = self.hash.version.map(Version::try_from).transpose()?.unwrap_or_default();
        let argon2 = Argon2::new(algorithm, version, self.params.clone());
        let mut output = vec![0; self.output.as_ref().len()];
        memory.lend(&self.params, |blocks| {
            argon2.hash_password_into_with_memory(password, self.salt.as_ref(), &mut output, blocks)
        })?;
        Ok(output.ct_eq(self.output.as_ref()).into())
    }

    /// Whether it is easier to try than one made today. Costlier ones stay as they are.
    pub(super) fn is_weaker_than(&self, today: &Params) -> bool {
        self.hash.algorithm != ARGON2ID_IDENT
            || self.hash.version != Some(u32::from(Version::V0x13))
            || self.params.m_cost() < today.m_cost()
            || self.params.t_cost() < today.t_cost()
            || self.output.as_ref().len() < Params::DEFAULT_OUTPUT_LEN
            || self.salt.as_ref().len() < SALT
    }
}

/// How much work a hash is: kibibytes written, over and over.
pub(super) fn work_of(params: &Params) -> u64 {
    u64::from(params.m_cost()) * u64::from(params.t_cost())
}

/// The hash of a password at this cost, with a salt of its own.
pub(super) fn of(password: &[u8], params: &Params, memory: &Memory) -> Result<String, Fault> {
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    let salt = random::<SALT>()?;
    let mut output = [0; Params::DEFAULT_OUTPUT_LEN];
    memory
        .lend(params, |blocks| argon2.hash_password_into_with_memory(password, &salt, &mut output, blocks))
        .map_err(|e| Fault::internal("hashing a password", e))?;
    written(params, &salt, &output)
}

/// A hash at this cost that is nobody's: salt and output are chance, so no password is right, and holding one against it
/// takes as long as against any other.
pub(super) fn of_nobody(params: &Params) -> Result<String, Fault> {
    written(params, &random::<SALT>()?, &random()?)
}

fn written(
    params: &Params,
    salt: &[u8; SALT],
    output: &[u8; Params::DEFAULT_OUTPUT_LEN],
) -> Result<String, Fault> {
    let fault = |e| Fault::internal("writing a password hash", e);
    let hash = PasswordHash {
        algorithm: ARGON2ID_IDENT,
        version: Some(u32::from(Version::V0x13)),
        params: ParamsString::try_from(params).map_err(|e| Fault::internal("writing a password hash", e))?,
        salt: Some(Salt::new(salt).map_err(fault)?),
        hash: Some(Output::new(output).map_err(fault)?),
    };
    Ok(hash.to_string())
}

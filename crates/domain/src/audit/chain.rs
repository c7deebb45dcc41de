//! The chain: each row's hash is made over its text and the hash of the row before, with a key that the database does not have.
//! Whoever can write the table can therefore not write another history into it.

use super::{Entry, canonical};
use std::fmt;

/// Makes the code of a text with a secret key (an HMAC). It comes in from outside: this crate knows no cryptography.
pub type Mac<'a> = &'a (dyn Fn(&[u8]) -> [u8; 32] + Sync);

/// The hash of a row.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash([u8; 32]);

impl Hash {
    /// What the first row is chained to.
    pub const ZERO: Self = Self([0; 32]);

    /// Reads 64 hexadecimal digits; `None` if they are not.
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).ok().map(|()| Self(bytes))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

/// The end of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The last row's place; 0 before the first.
    pub seq: i64,
    /// Its hash.
    pub hash: Hash,
}

impl Head {
    /// Before the first row.
    pub const START: Self = Self { seq: 0, hash: Hash::ZERO };
}

/// A row as the log has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chained {
    /// The row.
    pub entry: Entry,
    /// What it says of the row before.
    pub prev: Hash,
    /// Its own.
    pub hash: Hash,
}

impl Chained {
    /// Where the chain ends with this row.
    pub const fn head(&self) -> Head {
        Head { seq: self.entry.seq, hash: self.hash }
    }
}

/// The hash of a row that follows the one with the hash `prev`.
pub fn links(prev: Hash, entry: &Entry, mac: Mac<'_>) -> Hash {
    let text = canonical(entry);
    let mut bytes = Vec::with_capacity(32 + text.len());
    // Of fixed length, so no other pair of hash and text makes the same bytes.
    bytes.extend(prev.0);
    bytes.extend(text.as_bytes());
    Hash(mac(&bytes))
}

/// What is wrong with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// A row is not where it should be: it was removed, or put elsewhere.
    #[error("it is missing")]
    Missing,
    /// It does not say what was written: a column was altered, or the key is another.
    #[error("it is not what was written, or it was written with a key that is not known")]
    Altered,
    /// It follows another row than the one that stands before it.
    #[error("the row before it is not the one it followed")]
    Detached,
    /// The log ends before its head says so.
    #[error("the end of the log was cut off before it")]
    CutOff,
    /// The head says that the log ends before it does, or in another row.
    #[error("the head of the log is not its end")]
    WrongHead,
}

/// The first place at which the log is not what was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("row {seq} of the audit log: {why}")]
pub struct Broken {
    /// Which row.
    pub seq: i64,
    /// What is wrong with it.
    pub why: Why,
}

/// Walks a log from its beginning to its end, some rows at a time.
pub struct Verifier<'a> {
    macs: Vec<Mac<'a>>,
    /// Keys that are not used any more, each with the row from which on it counts for nothing.
    retired: Vec<(i64, Mac<'a>)>,
    at: Head,
}

impl<'a> Verifier<'a> {
    /// Begins behind `from`: [`Head::START`], or a head that is known to have been right. Rows may have been chained with any of the
    /// keys: while a key is being changed, some instances still use the one before.
    pub const fn begin(from: Head, macs: Vec<Mac<'a>>) -> Self {
        Self { macs, retired: Vec::new(), at: from }
    }

    /// Rows before the one that stands beside a key may have been chained with it as well, and no row from there on. The row itself is of
    /// a key that is still used, and chained to the one before it: whoever has a retired key cannot write those before it anew.
    #[must_use]
    pub fn before(self, retired: Vec<(i64, Mac<'a>)>) -> Self {
        Self { retired, ..self }
    }

    /// How far the log has proved right.
    pub const fn head(&self) -> Head {
        self.at
    }

    /// Looks at the rows that follow, in their order.
    ///
    /// # Errors
    /// The first that is not what was written. There is no point in going on then.
    pub fn rows<'r>(&mut self, rows: impl IntoIterator<Item = &'r Chained>) -> Result<(), Broken> {
        for row in rows {
            let expected = self.at.seq + 1;
            if row.entry.seq != expected {
                return Err(Broken { seq: expected, why: Why::Missing });
            }
            let broken = |why| Err(Broken { seq: expected, why });
            if row.prev != self.at.hash {
                return broken(Why::Detached);
            }
            let retired = self.retired.iter().filter(|(until, _)| expected < *until).map(|(_, mac)| mac);
            let mut macs = self.macs.iter().chain(retired);
            if !macs.any(|mac| links(self.at.hash, &row.entry, *mac) == row.hash) {
                return broken(Why::Altered);
            }
            self.at = row.head();
        }
        Ok(())
    }

    /// There are no more rows: the head must say so, too.
    ///
    /// # Errors
    /// It says otherwise.
    pub fn end(self, head: Head) -> Result<Head, Broken> {
        if head.seq > self.at.seq {
            return Err(Broken { seq: self.at.seq + 1, why: Why::CutOff });
        }
        if head != self.at {
            return Err(Broken { seq: self.at.seq, why: Why::WrongHead });
        }
        Ok(self.at)
    }
}

/// Whether a whole log is what was written. For one that does not fit into memory there is the [`Verifier`].
///
/// # Errors
/// The first place where it is not.
pub fn verify(rows: &[Chained], head: Head, mac: Mac<'_>) -> Result<Head, Broken> {
    let mut verifier = Verifier::begin(Head::START, vec![mac]);
    verifier.rows(rows)?;
    verifier.end(head)
}

#[cfg(test)]
#[path = "chain_tests.rs"]
mod tests;

//! Faults: what nobody asked for (a database down, a bug). They are logged once at the edge and never shown.

use std::{error::Error, fmt};

/// Whether trying again may help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// A store or a gateway cannot be reached or is too slow; the same call may work later.
    Unavailable,
    /// A contradiction that only a person can mend.
    Internal,
}

/// A failure that is not an answer to the caller's request. Its text is for the log only.
#[derive(Debug)]
pub struct Fault {
    kind: FaultKind,
    context: &'static str,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl Fault {
    /// A contradiction or a bug, met while doing `context`.
    pub fn internal(context: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { kind: FaultKind::Internal, context, source: Some(source.into()) }
    }

    /// Something we depend on did not answer, met while doing `context`.
    pub fn unavailable(context: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { kind: FaultKind::Unavailable, context, source: Some(source.into()) }
    }

    /// A contradiction that has no error under it.
    pub const fn bug(context: &'static str) -> Self {
        Self { kind: FaultKind::Internal, context, source: None }
    }

    /// Whether trying again may help.
    pub const fn kind(&self) -> FaultKind {
        self.kind
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.context)?;
        // The whole chain in one line: a fault is logged once, and that line must suffice.
        let mut cause = self.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

impl Error for Fault {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|e| e as &(dyn Error + 'static))
    }
}

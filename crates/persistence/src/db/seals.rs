//! What opens and seals single columns: it goes with the connection, so that whoever maps a row has it at hand.

use std::{fmt, ops::Deref, sync::Arc};
use stoa_domain::shared::{Sealer, Unsealed};

/// The sealer of a database's connections.
#[derive(Clone)]
pub(crate) struct Seals(Arc<dyn Sealer>);

impl Seals {
    pub(super) fn new(sealer: Arc<dyn Sealer>) -> Self {
        Self(sealer)
    }
}

/// Leaves everything as it is.
impl Default for Seals {
    fn default() -> Self {
        Self(Arc::new(Unsealed))
    }
}

impl Deref for Seals {
    type Target = dyn Sealer;
    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl fmt::Debug for Seals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seals")
    }
}

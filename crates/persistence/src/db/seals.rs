//! What opens and seals single columns: it goes with the connection, so that whoever maps a row has it at hand.

use std::{fmt, ops::Deref, sync::Arc};
use stoa_domain::shared::{Fault, Sealer, Unsealed, from_plain};
use uuid::Uuid;

/// The sealer of a database's connections.
#[derive(Clone)]
pub struct Seals {
    sealer: Arc<dyn Sealer>,
    /// Whether orders are sealed as well.
    orders: bool,
}

impl Seals {
    pub(super) fn new(sealer: Arc<dyn Sealer>) -> Self {
        Self { sealer, orders: false }
    }

    pub(super) fn with_orders(self, orders: bool) -> Self {
        Self { orders, ..self }
    }

    /// What opens and seals the columns of orders.
    pub fn of_orders(&self) -> OrderSealer<'_> {
        OrderSealer { sealer: &*self.sealer, sealing: self.orders }
    }
}

/// Leaves everything as it is.
impl Default for Seals {
    fn default() -> Self {
        Self::new(Arc::new(Unsealed))
    }
}

/// Opens what is sealed of orders whether or not they are sealed now: the switch may have been the other way.
#[derive(Clone, Copy)]
pub struct OrderSealer<'a> {
    sealer: &'a dyn Sealer,
    sealing: bool,
}

impl Sealer for OrderSealer<'_> {
    fn seal(&self, place: &'static str, row: Uuid, plain: &str) -> Result<String, Fault> {
        if self.sealing { self.sealer.seal(place, row, plain) } else { Unsealed.seal(place, row, plain) }
    }

    fn open(&self, place: &'static str, row: Uuid, text: &str) -> Result<String, Fault> {
        match from_plain(text) {
            Some(plain) => Ok(plain.to_owned()),
            None => self.sealer.open(place, row, text),
        }
    }

    fn is_current(&self, text: &str) -> bool {
        if self.sealing { self.sealer.is_current(text) } else { Unsealed.is_current(text) }
    }
}

impl Deref for Seals {
    type Target = dyn Sealer;
    fn deref(&self) -> &Self::Target {
        &*self.sealer
    }
}

impl fmt::Debug for Seals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seals")
    }
}

//! Gift cards and store credit: money that was paid before.

mod change;
mod code;
mod ledger;
mod model;

pub use change::{CardChange, CardRefusal};
pub use code::{GiftCardCode, InvalidCode};
pub use ledger::{EntryKind, Ledger, LedgerEntry, LedgerFault};
pub use model::{GiftCard, GiftCardKind, GiftCardState, InvalidLast4, Last4};

//! The ledger of stock: every change, by kind.

/// Why a counter changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LedgerKind {
    /// Counted and written down: an import, a stock-taking.
    Counted,
    /// Corrected by a difference.
    Adjusted,
    /// Promised to an order.
    Allocated,
    /// An order's promise taken back.
    GivenBack,
    /// Left the house.
    Fulfilled,
    /// The variant was deleted.
    Removed,
    /// Nothing was counted: whether units are, or how many may be sold beyond them, was said anew. No location.
    Policy,
}

impl LedgerKind {
    /// Its name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Counted => "counted",
            Self::Adjusted => "adjusted",
            Self::Allocated => "allocated",
            Self::GivenBack => "given_back",
            Self::Fulfilled => "fulfilled",
            Self::Removed => "removed",
            Self::Policy => "policy",
        }
    }
}

//! How much a job does before it lets others have their turn.

/// Transactions that a job has left of its turn. A shop that comes from an older version may have a million of something to forget, and a job
/// that lasts so long is taken for dead, and keeps the program from stopping: what is left is done in the next turn.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Turn(u64);

impl Turn {
    /// Of some seconds.
    pub(crate) const fn new() -> Self {
        Self::of(100)
    }

    /// Of so many transactions.
    pub(crate) const fn of(transactions: u64) -> Self {
        Self(transactions)
    }

    /// Takes a transaction; false where there is none left.
    pub(crate) const fn take(&mut self) -> bool {
        let left = self.0 > 0;
        self.0 = self.0.saturating_sub(1);
        left
    }

    /// How many are left.
    pub(crate) const fn left(&self) -> u64 {
        self.0
    }

    /// Takes as many as somebody else has counted.
    pub(crate) const fn spend(&mut self, transactions: u64) {
        self.0 = self.0.saturating_sub(transactions);
    }

    /// Whether nothing is left.
    pub(crate) const fn is_over(&self) -> bool {
        self.0 == 0
    }
}

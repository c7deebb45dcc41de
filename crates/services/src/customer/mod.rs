//! Customers' accounts: how one begins, what belongs to it, and how it ends.

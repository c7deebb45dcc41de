//! Accounts of customers, from the mail that begins them to the end; each twice, and twice at once.

mod beginnings;
mod belongings;
mod changes;
mod endings;

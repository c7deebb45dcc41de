//! Signing in and being known, twice and twice at once.

mod keys;
mod sameness;
mod sign_ins;

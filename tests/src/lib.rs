//! End-to-end stories over real HTTP.

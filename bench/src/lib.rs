//! The bench driver and the plain route it compares with.

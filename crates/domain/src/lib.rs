//! The rules of a shop: pure types, state machines, prices, and the few ports.

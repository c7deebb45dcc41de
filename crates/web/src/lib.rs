//! The pages of our own that a person can buy from: product, cart, checkout, thank you.

//! Staff as people meet it, and as those who are none try to.

mod hands;
mod joining;
mod keys;
mod members;
mod ownership;
mod passwords;
mod second_factors;

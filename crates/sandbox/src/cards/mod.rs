//! Payment cards: what may be typed, which brand a number belongs to, and how the test cards behave.

mod book;
mod decline;
mod entry;
mod number;

pub(crate) use book::{
    After, Attempt, Authentication, DisputeKind, RefundFate, TestCard, by_number, by_token, quick_choices,
};
pub(crate) use decline::Decline;
pub(crate) use entry::{CardEntry, Typed};
pub(crate) use number::{Brand, Funding};

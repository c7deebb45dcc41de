//! Promotions, as far as nobody on the staff does them by hand: codes that are made in bulk.

mod codes;

pub(crate) use codes::make_codes;

//! The codes of gift cards that were sold: made again whenever they are needed, and kept nowhere.

use crate::pricing::LookupKey;
use stoa_domain::{
    gift_card::GiftCardCode,
    shared::LineItemId,
};

/// The code of the card that one unit of an order's line is: a keyed hash of both. So a job that runs twice makes the same card, and whoever has
/// the database has no code.
pub(crate) fn sold_code(key: &LookupKey, line: LineItemId, unit: u32) -> GiftCardCode {
    let hash = key.bytes(&format!("{line}:{unit}"));
    let mut random = [0; 10];
    random.copy_from_slice(&hash[..10]);
    GiftCardCode::from_random(random)
}

//! The codes of gift cards that were sold: made again whenever they are needed, and kept nowhere.

use crate::{
    Context,
    pricing::{LookupKeys, Purpose},
};
use stoa_domain::{
    gift_card::GiftCardCode,
    shared::{Fault, LineItemId},
};

/// The code of the card that one unit of an order's line is: a keyed hash of both. So a job that runs twice makes the same card, and whoever has
/// the database has no code.
pub(crate) async fn sold_code(ctx: &Context, line: LineItemId, unit: u32) -> Result<GiftCardCode, Fault> {
    let key = LookupKeys::of(ctx, Purpose::GiftCardCode).await?;
    let hash = key.bytes(&format!("{line}:{unit}"));
    let mut random = [0; 10];
    random.copy_from_slice(&hash[..10]);
    Ok(GiftCardCode::from_random(random))
}

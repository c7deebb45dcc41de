//! Stories 16 and 23 to 26: what promotions take off, what they do not and why; told by buyers and by staff over the public API.

mod amounts;
mod costs;
mod gifts;
mod limits;
mod told;
mod why;

use crate::harness::{Item, Setup, Shop, Staff};

/// What a second look would find, too: figures that are easily reckoned with.
const GOODS: [(&str, &str); 4] =
    [("mug", "10.00"), ("bowl", "20.00"), ("spoon", "3.33"), ("sticker", "0.00")];

/// A shop, and who looks after its prices. Delivering costs 5.00, and there is no tax.
async fn shop() -> (Shop, Staff) {
    let mut items: Vec<Item> = GOODS.iter().map(|(handle, price)| Item::new(handle, price, 500)).collect();
    items.push(Item { ships: false, ..Item::new("pattern", "4.00", 500) });
    let shop = Shop::with(Setup::selling(items)).await;
    let merchant = shop.merchant().await;
    (shop, merchant)
}

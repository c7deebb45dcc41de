//! What the shop writes.

use crate::harness::{Setup, Shop};
use stoa_domain::shared::Locale;

/// A buyer who has chosen no language is written to in the shop's, in text and in HTML, with amounts as they are written there.
#[tokio::test]
async fn a_german_shop_writes_in_german() {
    let shop = Shop::with(Setup::default().config(|c| c.settings.language = Locale::De)).await;
    let shopper = shop.shopper_with_cart([("mug", 2)]).await;
    let placed = shopper.place_order("k").await;
    shopper.pay(&placed, "4242424242424242").await;
    shop.settle().await;
    shop.until("the mail is written", || async { shop.mails().len() == 1 }).await;
    let mail = &shop.mails()[0];
    // As mail servers carry it: lines broken, and what is not ASCII by its bytes.
    assert!(
        mail.contains("Vielen Dank f=C3=BCr Ihre Bestellung") && mail.contains("Zwischensumme: "),
        "{mail}"
    );
    assert!(mail.contains("<html lang=3D\"de\">"), "{mail}");
    assert!(!mail.contains("Subtotal") && !mail.contains("Thank you"), "{mail}");
}

//! What the doctor says of rules.

use super::shop::*;
use crate::testing::TestShop;
use chrono::TimeDelta;
use stoa_domain::{
    market::{ExchangeRate, Market},
    shared::MarketId,
};
use stoa_persistence::market::{self, KeptRate};

#[tokio::test]
async fn a_rate_that_somebody_pays_by_grows_old() {
    let shop = TestShop::open().await;
    let now = shop.ctx().now();
    let rate = |code: &str, text: &str, days: i64| KeptRate {
        currency: currency(code),
        rate: ExchangeRate::parse(text).unwrap(),
        source: "test".into(),
        as_of: now - TimeDelta::days(days),
    };
    let japan = Market {
        id: id::<MarketId>(1),
        name: "Japan".into(),
        countries: countries(&["JP"]),
        ..Market::primary(currency("JPY"))
    };
    write(&shop, async |tx| {
        market::insert(tx, &japan, now).await?;
        market::set_rates(tx, &[rate("JPY", "160", 30), rate("USD", "1.1", 90)], now).await
    })
    .await;
    let doctor = &shop.services.doctor;
    assert_eq!(doctor.notices().await.unwrap(), [], "a month is allowed, and nobody pays in dollars");
    write(&shop, async |tx| market::set_rates(tx, &[rate("JPY", "160", 31)], now).await).await;
    let [notice] = &doctor.notices().await.unwrap()[..] else { panic!("one") };
    assert_eq!(notice.check, "rates.old");
    assert!(notice.text.contains("JPY (of ") && !notice.text.contains("USD"), "{}", notice.text);
}

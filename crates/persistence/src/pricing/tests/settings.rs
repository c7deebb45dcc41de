//! What a shop decides once.

use super::*;
use futures_util::future::join_all;
use stoa_domain::{
    pricing::{DeliveryTax, GroupDeliveries, TaxBasis, TaxRounding},
    shared::CountryCode,
};

/// All that a shop can decide, and otherwise than the configuration of these tests does.
pub(super) fn decided() -> ShopSettings {
    ShopSettings {
        tax_rounding: Some(TaxRounding::Total),
        prices_include_tax: Some(false),
        tax_basis: Some(TaxBasis::Origin),
        origin_countries: countries(&["DE", "US"]),
        delivery_tax: Some(DeliveryTax::Proportional),
        group_deliveries: Some(GroupDeliveries::Location),
        home: Some(Place {
            country: CountryCode::parse("US").unwrap(),
            province: Some("CA".into()),
            zip: Some("94103".into()),
            city: Some("San Francisco".into()),
        }),
        tax_service: Some(ServiceUse::OrRules),
        carrier_service: Some(ServiceUse::OrRefuse),
    }
}

#[tokio::test]
async fn what_was_decided_is_read_back() {
    let shop = TestShop::open().await;
    assert_eq!(super::super::settings(shop.db.read()).await.unwrap(), (ShopSettings::default(), 0));
    let somewhere = Place::somewhere_in(CountryCode::parse("DE").unwrap());
    let others = [
        ShopSettings { tax_service: Some(ServiceUse::Never), ..ShopSettings::default() },
        ShopSettings { home: Some(somewhere), delivery_tax: Some(DeliveryTax::None), ..decided() },
        ShopSettings {
            tax_rounding: Some(TaxRounding::Line),
            tax_basis: Some(TaxBasis::Destination),
            delivery_tax: Some(DeliveryTax::Rate),
            group_deliveries: Some(GroupDeliveries::Together),
            ..ShopSettings::default()
        },
        ShopSettings::default(),
    ];
    for (version, to) in (0..).zip([decided()].into_iter().chain(others)) {
        let saved = shop.tx(async |tx| save_settings(tx, version, &to, at(version)).await).await;
        assert_eq!(saved, Saved::Saved);
        assert_eq!(super::super::settings(shop.db.read()).await.unwrap(), (to, version + 1));
    }
}

#[tokio::test]
async fn what_is_not_decided_is_as_it_is_configured() {
    let shop = TestShop::open().await;
    let one = ShopSettings { delivery_tax: Some(DeliveryTax::Proportional), ..ShopSettings::default() };
    shop.tx(async |tx| save_settings(tx, 0, &one, at(0)).await).await;
    let mut expected = implicit();
    expected.settings.delivery_tax = DeliveryTax::Proportional;
    assert_eq!(said(&loaded(&shop).await.rules), said(&expected));
}

#[tokio::test]
async fn who_has_read_an_older_version_decides_nothing() {
    let shop = TestShop::open().await;
    let none = ShopSettings::default();
    let stale =
        async |version| shop.given_up(async |tx| save_settings(tx, version, &none, at(9)).await).await;
    assert_eq!(stale(1).await, Saved::Stale, "nothing is decided yet");
    assert_eq!(shop.tx(async |tx| save_settings(tx, 0, &decided(), at(0)).await).await, Saved::Saved);
    assert_eq!((stale(0).await, stale(2).await), (Saved::Stale, Saved::Stale));
    assert_eq!(super::super::settings(shop.db.read()).await.unwrap(), (decided(), 1));
}

#[tokio::test]
async fn of_those_who_decide_first_at_once_one_does() {
    let shop = TestShop::open().await;
    let wanted: Vec<ShopSettings> = [true, false, true, false]
        .into_iter()
        .map(|inside| ShopSettings { prices_include_tax: Some(inside), ..ShopSettings::default() })
        .collect();
    let decide = async |to: &ShopSettings| shop.tx(async |tx| save_settings(tx, 0, to, at(0)).await).await;
    let outcomes = join_all(wanted.iter().map(decide)).await;
    let winners: Vec<usize> = (0..4).filter(|n| outcomes[*n] == Saved::Saved).collect();
    let [winner] = winners[..] else { panic!("{outcomes:?}") };
    let (kept, version) = super::super::settings(shop.db.read()).await.unwrap();
    assert_eq!((kept, version), (wanted[winner].clone(), 1));
}

/// What a newer program decides in a word that this one does not know is as the configuration has it.
#[tokio::test]
async fn a_word_that_nobody_knows_decides_nothing() {
    let shop = TestShop::open().await;
    shop.tx(async |tx| save_settings(tx, 0, &decided(), at(0)).await).await;
    shop.run_sql(&["UPDATE pricing_settings SET tax_rounding = 'by_dice', tax_service = 'maybe'".to_owned()])
        .await;
    let expected = ShopSettings { tax_rounding: None, tax_service: None, ..decided() };
    assert_eq!(super::super::settings(shop.db.read()).await.unwrap().0, expected);
}

//! What a shop decides about money, in the hands of the staff.

use super::shop::change;
use crate::{
    admin::{InputPlace, PricingSettingsError, PricingSettingsPatch},
    testing::TestShop,
};
use serde_json::{Value, json};
use stoa_domain::{
    access::grants::{AuditRead, TaxesRead, TaxesWrite},
    pricing::{DeliveryTax, GroupDeliveries, TaxBasis, TaxRounding},
    shared::{CountryCode, Place, page::PageRequest},
};
use stoa_persistence::{
    audit::AuditListing,
    pricing::{ServiceUse, ShopSettings},
};

fn rounded(where_to: TaxRounding) -> PricingSettingsPatch {
    PricingSettingsPatch { tax_rounding: Some(Some(where_to)), ..PricingSettingsPatch::default() }
}

#[tokio::test]
async fn settings_are_the_configurations_until_staff_say_otherwise() {
    let shop = TestShop::open().await;
    let decisions = &shop.services.admin.pricing_decisions;
    let (by, reads) = (shop.eve::<TaxesWrite>(), shop.eve::<TaxesRead>());
    let first = decisions.read(&reads).await.unwrap();
    assert_eq!((&first.decided, first.version), (&ShopSettings::default(), 0));
    let configured = &shop.ctx().settings.pricing;
    assert_eq!(first.counting.tax_rounding, configured.tax_rounding);
    assert_eq!(first.counting.prices_include_tax, configured.prices_include_tax);
    let home =
        Place { province: Some("CA".into()), ..Place::somewhere_in(CountryCode::parse("US").unwrap()) };
    let patch = PricingSettingsPatch {
        prices_include_tax: Some(Some(!configured.prices_include_tax)),
        tax_basis: Some(Some(TaxBasis::Origin)),
        origin_countries: Some(CountryCode::parse("US").into_iter().collect()),
        delivery_tax: Some(Some(DeliveryTax::Proportional)),
        group_deliveries: Some(Some(GroupDeliveries::Location)),
        home: Some(Some(home.clone())),
        tax_service: Some(Some(ServiceUse::OrRefuse)),
        carrier_service: Some(Some(ServiceUse::Never)),
        ..rounded(TaxRounding::Total)
    };
    let before = shop.log_length().await;
    for _ in 0..2 {
        let now = decisions.update(&by, None, &patch).await.unwrap();
        assert_eq!((now.counting.tax_rounding, now.version), (TaxRounding::Total, 1));
        assert_eq!(
            (now.decided.tax_service, now.counting.home.as_ref()),
            (Some(ServiceUse::OrRefuse), Some(&home))
        );
        assert_eq!(now, decisions.read(&reads).await.unwrap());
    }
    assert_eq!(shop.log_length().await, before + 1, "the second time they are so already");
    let rules = shop.ctx().shown_rules().await.unwrap();
    assert_eq!(rules.rules.settings().tax_basis, TaxBasis::Origin, "carts cost what they cost by it");
    let back = PricingSettingsPatch { prices_include_tax: Some(None), ..PricingSettingsPatch::default() };
    let now = decisions.update(&by, Some(1), &back).await.unwrap();
    assert_eq!((now.decided.prices_include_tax, now.version), (None, 2));
    assert_eq!(now.counting.prices_include_tax, configured.prices_include_tax);
}

#[tokio::test]
async fn settings_that_somebody_else_has_changed_stay() {
    let shop = TestShop::open().await;
    let decisions = &shop.services.admin.pricing_decisions;
    let (by, reads) = (shop.eve::<TaxesWrite>(), shop.eve::<TaxesRead>());
    decisions.update(&by, Some(0), &rounded(TaxRounding::Total)).await.unwrap();
    for read in [0, 2] {
        let stale = decisions.update(&by, Some(read), &rounded(TaxRounding::Line)).await;
        assert!(matches!(stale, Err(PricingSettingsError::Stale)), "{stale:?}");
    }
    let origin = PricingSettingsPatch { tax_basis: Some(Some(TaxBasis::Origin)), ..Default::default() };
    match decisions.update(&by, None, &origin).await {
        Err(PricingSettingsError::Refused(refusal)) => assert_eq!(refusal.at, InputPlace::field("taxBasis")),
        other => panic!("{other:?}"),
    }
    let is = decisions.read(&reads).await.unwrap();
    assert_eq!((is.decided.tax_rounding, is.decided.tax_basis), (Some(TaxRounding::Total), None));
    assert_eq!(is.version, 1);
}

#[tokio::test]
async fn what_the_log_says_of_settings_is_what_was_decided() {
    let shop = TestShop::open().await;
    let decisions = &shop.services.admin.pricing_decisions;
    let by = shop.eve::<TaxesWrite>();
    decisions.update(&by, None, &rounded(TaxRounding::Total)).await.unwrap();
    decisions.update(&by, None, &rounded(TaxRounding::Line)).await.unwrap();
    let of = AuditListing { subject_kind: Some("PricingSettings".into()), ..AuditListing::default() };
    let page = shop.services.audit_log.list(&shop.eve::<AuditRead>(), &of, &PageRequest::first(9)).await;
    let page = page.unwrap();
    let said: Vec<_> = page
        .nodes()
        .map(|entry| {
            let changes: Value = serde_json::from_str(&entry.changes).unwrap();
            let (before, after) = change(&changes, "taxRounding").unwrap();
            (entry.action.clone(), before.clone(), after.clone())
        })
        .collect();
    let act = |before: Value, after: Value| ("pricing_settings.update".to_owned(), before, after);
    assert_eq!(said, [act(json!(null), json!("total")), act(json!("total"), json!("line"))]);
}

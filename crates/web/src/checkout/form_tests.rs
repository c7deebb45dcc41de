//! What can be typed into the checkout, and what is said about it.

use super::*;
use crate::forms::form_name;
use axum::extract::Query;
use stoa_domain::{
    inventory::HoldTiming,
    pricing::{DeliveryOption, PricingRules, TaxRounding},
    shared::{Locale, Rate},
};
use stoa_services::MailSettings;

fn settings(countries: &[&str]) -> Settings {
    let span = chrono::TimeDelta::minutes(15);
    let delivery =
        DeliveryOption { handle: "standard".into(), title: "Post".into(), price: 500, taxable: true };
    Settings {
        shop_name: "Shop".into(),
        shop_description: None,
        public_url: "http://shop.example/".parse().unwrap(),
        currency: Currency::USD,
        country: CountryCode::parse("GB").unwrap(),
        language: Locale::En,
        delivery_countries: countries.iter().filter_map(|c| CountryCode::parse(c)).collect(),
        pricing: PricingRules {
            tax_rate: Rate::default(),
            prices_include_tax: false,
            tax_rounding: TaxRounding::Line,
            delivery,
        },
        hold_timing: HoldTiming::Cart,
        hold_for: span,
        units: stoa_services::UnitSettings::default(),
        cart_lives: span,
        pay_within: span,
        live_refresh: std::time::Duration::from_secs(60),
        mail: MailSettings { from: "shop@example.org".into() },
        accounts: stoa_services::AccountSettings::default(),
        privacy: stoa_services::PrivacySettings::default(),
        gift_cards: stoa_services::GiftCardSettings::default(),
    }
}

fn ada() -> CheckoutForm {
    CheckoutForm {
        email: "ada@example.org".into(),
        last_name: "Lovelace".into(),
        address1: "12 St James’s Square".into(),
        city: "London".into(),
        country: "GB".into(),
        expected_total: "12.50 GBP".into(),
        ..CheckoutForm::default()
    }
}

fn complaints(form: &CheckoutForm, ships: bool) -> Vec<&'static str> {
    form.check(ships, &settings(&["GB", "DE"])).fields()
}

#[test]
fn a_complete_form_is_taken() {
    assert!(complaints(&ada(), true).is_empty());
    assert_eq!(ada().expected(), Some(Money::new(1250, Currency::parse("GBP").unwrap())));
}

#[test]
fn everything_that_is_missing_is_said_at_once() {
    let empty = CheckoutForm::default();
    assert_eq!(complaints(&empty, true), ["address1", "city", "country", "email", "last_name"]);
    assert_eq!(complaints(&empty, false), ["email"], "what is not sent needs no address");
}

#[test]
fn what_cannot_be_is_said_beside_its_field() {
    let wrong = |change: fn(&mut CheckoutForm)| {
        let mut form = ada();
        change(&mut form);
        complaints(&form, true)
    };
    assert_eq!(wrong(|f| f.email = "ada".into()), ["email"]);
    assert_eq!(wrong(|f| f.country = "FR".into()), ["country"], "not served");
    assert_eq!(wrong(|f| f.country = "ZZ".into()), ["country"], "no country");
    assert_eq!(wrong(|f| f.city = "<b>London</b>".into()), ["city"]);
    assert_eq!(wrong(|f| f.province = "x".repeat(256)), ["province"]);
    assert_eq!(wrong(|f| f.last_name = "   ".into()), ["last_name"]);
}

#[test]
fn a_total_that_nobody_showed_is_none() {
    for bad in ["", "12.50", "12.50 XXX", "12.505 GBP", "GBP 12.50", "12,50 GBP", "99999999999999999999 GBP"]
    {
        let form = CheckoutForm { expected_total: bad.into(), ..ada() };
        assert_eq!(form.expected(), None, "{bad}");
    }
}

#[test]
fn every_part_of_an_address_has_a_field_of_the_form() {
    let known: Vec<&str> = CheckoutForm::default().fields().into_iter().map(|(name, _)| name).collect();
    let parts =
        ["firstName", "lastName", "company", "address1", "address2", "city", "provinceCode", "zip", "phone"];
    for part in parts.into_iter().chain(["countryCode", "planet"]) {
        assert!(known.contains(&form_name(part)), "{part}");
    }
}

fn account() -> Customer {
    let at = stoa_domain::shared::Timestamp::default();
    Customer {
        id: stoa_domain::shared::CustomerId::new(uuid::Uuid::from_u128(1)),
        state: stoa_domain::customer::CustomerState::Enabled { verified_at: at },
        email: EmailAddress::parse("ada@example.org").unwrap(),
        first_name: CustomerName::parse("Ada").unwrap(),
        last_name: CustomerName::parse("Lovelace").unwrap(),
        phone: Some("+44 20 1234".into()),
        locale: None,
        accepts_marketing: false,
        note: None,
        default_address: None,
        password_changed_at: Some(at),
        version: 1,
        created_at: at,
        updated_at: at,
    }
}

#[test]
fn an_account_says_what_its_cart_does_not() {
    let of = |form: CheckoutForm, address: Option<&Address>| form.or_of(&account(), address);
    let empty = || CheckoutForm { country: "GB".into(), ..CheckoutForm::default() };
    let nothing = of(empty(), None);
    assert_eq!((nothing.email.as_str(), nothing.last_name.as_str()), ("ada@example.org", "Lovelace"));
    let rome = Address {
        last_name: Some("Byron".into()),
        city: Some("Rome".into()),
        country: CountryCode::parse("IT"),
        ..Address::default()
    };
    let known = of(empty(), Some(&rome));
    assert_eq!(
        (known.last_name.as_str(), known.city.as_str(), known.country.as_str()),
        ("Byron", "Rome", "IT")
    );
    assert_eq!(known.first_name, "", "one address is not put together of two");

    let typed = CheckoutForm { email: "eve@example.org".into(), city: "Oslo".into(), ..empty() };
    let kept = of(typed, Some(&rome));
    assert_eq!(
        (kept.email.as_str(), kept.city.as_str(), kept.last_name.as_str()),
        ("eve@example.org", "Oslo", "")
    );
    assert_eq!(kept.phone, "+44 20 1234");
}

#[test]
fn further_parcels_are_chosen_for_by_their_place() {
    let sent = "http://x/?email=ada%40example.org&delivery=standard&delivery_2=express".parse().unwrap();
    // Read as a form's body is.
    let Query(form) = Query::<CheckoutForm>::try_from_uri(&sent).unwrap();
    assert_eq!([0, 1, 2].map(|at| form.delivery_of(at)), ["standard", "express", ""]);
    assert_eq!([0, 1].map(delivery_field), ["delivery", "delivery_2"]);
}

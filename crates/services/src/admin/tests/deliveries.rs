//! Delivery zones and ways of delivering, as staff make and change them.

use super::shop::change;
use crate::{
    admin::{
        DeliveryKind, DeliveryMethodDraft, DeliveryMethodError, DeliveryMethodPatch, DeliveryZoneDraft,
        DeliveryZoneError, DeliveryZonePatch, Figure, InputPlace, RateDraft, Unfit,
    },
    testing::TestShop,
};
use serde_json::json;
use stoa_domain::{
    access::grants::{DeliveryRead, DeliveryWrite},
    delivery::{Bounds, LoadBounds, Measure},
    shared::{CountryCode, DeliveryMethodId, DeliveryZoneId, LocationId, TaxCategoryId, page::PageRequest},
    tax::{CategoryKind, TaxCategory},
};
use stoa_persistence::{Durability, tax};
use uuid::Uuid;

fn zone(name: &str, countries: &[&str]) -> DeliveryZoneDraft {
    DeliveryZoneDraft {
        name: name.to_owned(),
        countries: countries.iter().map(|code| CountryCode::parse(code).unwrap()).collect(),
        provinces: Vec::new(),
        postal_ranges: Vec::new(),
        priority: 0,
    }
}

fn rate(from: i64, base: i64) -> RateDraft {
    RateDraft { from: Figure::Known(from), base, per_step: 0, step: Figure::Known(0) }
}

fn method(handle: &str, zone: Option<DeliveryZoneId>, rates: Vec<RateDraft>) -> DeliveryMethodDraft {
    DeliveryMethodDraft {
        active: true,
        bounds: LoadBounds::default(),
        description: None,
        free_from: None,
        handle: handle.to_owned(),
        kind: DeliveryKind::Shipping,
        location: None,
        maximum_days: None,
        measure: Measure::Quantity,
        minimum_days: None,
        position: 0,
        rates,
        tax_category: None,
        title: handle.to_owned(),
        volume_divisor: None,
        zone,
    }
}

fn pick_up(handle: &str, location: LocationId) -> DeliveryMethodDraft {
    let kind = DeliveryKind::PickUp;
    DeliveryMethodDraft { kind, location: Some(location), ..method(handle, None, vec![rate(0, 0)]) }
}

async fn make_zone(shop: &TestShop, draft: &DeliveryZoneDraft) -> DeliveryZoneId {
    shop.services.admin.delivery_zones.create(&shop.eve(), draft).await.unwrap().rule.id
}

async fn make(shop: &TestShop, draft: &DeliveryMethodDraft) -> DeliveryMethodId {
    shop.services.admin.delivery_methods.create(&shop.eve(), draft).await.unwrap().rule.rule.id
}

#[tokio::test]
async fn a_delivery_zone_is_made_changed_and_taken_away() {
    let shop = TestShop::open().await;
    let zones = &shop.services.admin.delivery_zones;
    let (by, reads) = (shop.eve::<DeliveryWrite>(), shop.eve::<DeliveryRead>());
    let id = make_zone(&shop, &zone("North", &["DE", "DK"])).await;
    let berlin = DeliveryZonePatch {
        countries: Some([CountryCode::parse("DE").unwrap()].into()),
        postal_ranges: Some(vec![("10115".into(), "14199".into())]),
        ..DeliveryZonePatch::default()
    };
    for _ in 0..2 {
        let now = zones.update(&by, (id, None), &berlin).await.unwrap();
        assert_eq!((now.rule.countries.len(), now.version), (1, 2), "said twice it changes once");
    }
    let renamed = DeliveryZonePatch { name: Some("Berlin".into()), ..DeliveryZonePatch::default() };
    assert!(matches!(zones.update(&by, (id, Some(1)), &renamed).await, Err(DeliveryZoneError::Stale)));
    let nowhere = DeliveryZonePatch { countries: Some([].into()), ..DeliveryZonePatch::default() };
    match zones.update(&by, (id, None), &nowhere).await {
        Err(DeliveryZoneError::Refused(refusal)) => {
            assert_eq!(refusal.at, InputPlace::field("postalRanges"));
        }
        other => panic!("{other:?}"),
    }
    let found = zones.find_all(&reads, &[DeliveryZoneId::NIL, id]).await.unwrap();
    assert_eq!((&*found[0].rule.name, found.len()), ("North", 1), "what was refused changed nothing");
    let page = zones.list(&reads, &PageRequest::first(9)).await.unwrap();
    assert_eq!(page.nodes().copied().collect::<Vec<_>>(), [id]);

    let post = make(&shop, &method("post", Some(id), vec![rate(0, 490)])).await;
    assert!(matches!(zones.delete(&by, id, None).await, Err(DeliveryZoneError::InUse)));
    shop.services.admin.delivery_methods.delete(&by, post, None).await.unwrap();
    assert!(matches!(zones.delete(&by, id, Some(1)).await, Err(DeliveryZoneError::Stale)));
    zones.delete(&by, id, Some(2)).await.unwrap();
    assert!(matches!(zones.delete(&by, id, None).await, Err(DeliveryZoneError::NotFound)));
    assert!(matches!(zones.update(&by, (id, None), &renamed).await, Err(DeliveryZoneError::NotFound)));
    let log = shop.log(id).await;
    let acts: Vec<&str> = log.iter().map(|(act, _)| act.as_str()).collect();
    assert_eq!(acts, ["delivery_zone.create", "delivery_zone.update", "delivery_zone.delete"]);
    assert_eq!(change(&log[1].1, "postalRanges"), Some((&json!([]), &json!(["10115 to 14199"]))));
}

#[tokio::test]
async fn a_way_of_delivering_is_made_changed_and_taken_away() {
    let shop = TestShop::open().await;
    let methods = &shop.services.admin.delivery_methods;
    let (by, reads) = (shop.eve::<DeliveryWrite>(), shop.eve::<DeliveryRead>());
    let world = make_zone(&shop, &zone("World", &[])).await;
    let id = make(&shop, &method("Post", Some(world), vec![rate(0, 490)])).await;
    let taken = methods.create(&by, &method("post", Some(world), vec![rate(0, 1)])).await;
    assert!(matches!(taken, Err(DeliveryMethodError::HandleTaken)), "{taken:?}");
    let other = make(&shop, &method("express", Some(world), vec![rate(0, 990)])).await;
    let alike = DeliveryMethodPatch { handle: Some("POST".into()), ..DeliveryMethodPatch::default() };
    let taken = methods.update(&by, (other, None), &alike).await;
    assert!(matches!(taken, Err(DeliveryMethodError::HandleTaken)), "{taken:?}");

    let later = DeliveryMethodPatch { position: Some(5), ..DeliveryMethodPatch::default() };
    for _ in 0..2 {
        let now = methods.update(&by, (id, None), &later).await.unwrap();
        assert_eq!((now.rule.rule.position, now.version), (5, 2), "said twice it changes once");
    }
    let off = DeliveryMethodPatch { active: Some(false), ..DeliveryMethodPatch::default() };
    assert!(matches!(methods.update(&by, (id, Some(1)), &off).await, Err(DeliveryMethodError::Stale)));
    let from_two = DeliveryMethodPatch { rates: Some(vec![rate(2, 490)]), ..DeliveryMethodPatch::default() };
    let gap = methods.update(&by, (id, None), &from_two).await;
    assert!(matches!(gap, Err(DeliveryMethodError::GapInRates { from: 2 })), "{gap:?}");
    let gap = methods.create(&by, &method("bulk", Some(world), vec![rate(2, 490)])).await;
    assert!(matches!(gap, Err(DeliveryMethodError::GapInRates { from: 2 })), "{gap:?}");
    let quantity = Bounds { least: Some(2), most: None };
    let bounded =
        DeliveryMethodPatch { bounds: Some(LoadBounds { quantity, ..Default::default() }), ..from_two };
    assert_eq!(methods.update(&by, (id, Some(2)), &bounded).await.unwrap().version, 3);

    let page = methods.list(&reads, &PageRequest::first(9)).await.unwrap();
    assert_eq!(page.nodes().copied().collect::<Vec<_>>(), [other, id], "as buyers are offered them");
    let found = methods.find_all(&reads, &[id]).await.unwrap();
    assert_eq!(found[0].rule.rule.rates.rows[0].from, 2);
    assert!(matches!(methods.delete(&by, id, Some(2)).await, Err(DeliveryMethodError::Stale)));
    methods.delete(&by, id, Some(3)).await.unwrap();
    assert!(matches!(methods.delete(&by, id, None).await, Err(DeliveryMethodError::NotFound)));
    assert!(matches!(methods.update(&by, (id, None), &off).await, Err(DeliveryMethodError::NotFound)));
    let log = shop.log(id).await;
    let acts: Vec<&str> = log.iter().map(|(act, _)| act.as_str()).collect();
    let expected = ["create", "update", "update", "delete"].map(|act| format!("delivery_method.{act}"));
    assert_eq!(acts, expected);
    assert_eq!(change(&log[1].1, "position"), Some((&json!(0), &json!(5))));
    assert_eq!(change(&log[2].1, "rates"), Some((&json!(["from 0: 490"]), &json!(["from 2: 490"]))));
    assert_eq!(change(&log[2].1, "bounds.quantity"), Some((&json!(null), &json!("from 2"))));
}

#[tokio::test]
async fn what_a_way_of_delivering_names_is_there() {
    let shop = TestShop::open().await;
    let methods = &shop.services.admin.delivery_methods;
    let by = shop.eve::<DeliveryWrite>();
    let world = make_zone(&shop, &zone("World", &[])).await;
    let nothing = Uuid::from_u128(9);
    let post = || method("post", Some(world), vec![rate(0, 490)]);
    let before = shop.log_length().await;
    for (draft, at) in [
        (DeliveryMethodDraft { zone: Some(DeliveryZoneId::new(nothing)), ..post() }, "zoneId"),
        (DeliveryMethodDraft { tax_category: Some(TaxCategoryId::new(nothing)), ..post() }, "taxCategoryId"),
        (pick_up("shop", LocationId::new(nothing)), "locationId"),
    ] {
        match methods.create(&by, &draft).await {
            Err(DeliveryMethodError::Refused(refusal)) => {
                assert_eq!((refusal.at, refusal.why), (InputPlace::field(at), Unfit::NotThere(nothing)));
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(shop.log_length().await, before, "nothing was done");
    let category = TaxCategory {
        id: TaxCategoryId::new(Uuid::from_u128(5)),
        code: "delivery".into(),
        name: "Delivery".into(),
        kind: CategoryKind::Taxed,
    };
    let tx = shop.db.write(Durability::Relaxed).await.unwrap();
    tax::insert_category(&tx, &category, shop.ctx().now()).await.unwrap();
    tx.commit().await.unwrap();
    let taxed = make(&shop, &DeliveryMethodDraft { tax_category: Some(category.id), ..post() }).await;
    let untaxed = DeliveryMethodPatch { tax_category: Some(None), ..DeliveryMethodPatch::default() };
    let now = methods.update(&by, (taxed, None), &untaxed).await.unwrap();
    assert_eq!(now.rule.rule.tax_category, None);
}

#[tokio::test]
async fn a_pick_up_is_at_a_place_and_of_no_zone() {
    let shop = TestShop::open().await;
    let methods = &shop.services.admin.delivery_methods;
    let by = shop.eve::<DeliveryWrite>();
    let world = make_zone(&shop, &zone("World", &[])).await;
    let place = shop.another_place("Shop").await;
    let refused_at = |done: Result<_, DeliveryMethodError>| match done {
        Err(DeliveryMethodError::Refused(refusal)) => refusal.at,
        Err(other) => panic!("{other:?}"),
        Ok(()) => panic!("it was made"),
    };
    for (draft, at) in [
        (DeliveryMethodDraft { zone: Some(world), ..pick_up("shop", place) }, "zoneId"),
        (DeliveryMethodDraft { location: None, ..pick_up("shop", place) }, "locationId"),
        (DeliveryMethodDraft { rates: Vec::new(), ..pick_up("shop", place) }, "rates"),
    ] {
        let refused = methods.create(&by, &draft).await.map(drop);
        assert_eq!(refused_at(refused), InputPlace::field(at));
    }
    let id = make(&shop, &pick_up("shop", place)).await;
    // Sent instead it is sent to somewhere.
    let sent = DeliveryMethodPatch { kind: Some(DeliveryKind::Shipping), ..DeliveryMethodPatch::default() };
    let refused = methods.update(&by, (id, None), &sent).await.map(drop);
    assert_eq!(refused_at(refused), InputPlace::field("locationId"));
    let sent = DeliveryMethodPatch { location: Some(None), zone: Some(Some(world)), ..sent };
    let now = methods.update(&by, (id, None), &sent).await.unwrap();
    assert_eq!((now.rule.rule.zone, now.version), (Some(world), 2));
    // And a carrier says its price itself.
    let carried = DeliveryMethodPatch { kind: Some(DeliveryKind::Carrier), ..DeliveryMethodPatch::default() };
    let refused = methods.update(&by, (id, None), &carried).await.map(drop);
    assert_eq!(refused_at(refused), InputPlace::field("rates"));
    let carried = DeliveryMethodPatch { rates: Some(Vec::new()), ..carried };
    assert_eq!(methods.update(&by, (id, None), &carried).await.unwrap().rule.rule.rates.rows, []);
}

#[tokio::test]
async fn a_handle_is_taken_once() {
    let shop = TestShop::open().await;
    let world = make_zone(&shop, &zone("World", &[])).await;
    let methods = &shop.services.admin.delivery_methods;
    let by = shop.eve::<DeliveryWrite>();
    let draft = method("post", Some(world), vec![rate(0, 490)]);
    let (a, b) = tokio::join!(methods.create(&by, &draft), methods.create(&by, &draft));
    let taken = [a, b].into_iter().filter(|made| matches!(made, Err(DeliveryMethodError::HandleTaken)));
    assert_eq!(taken.count(), 1);
    let page = methods.list(&shop.eve(), &PageRequest::first(9)).await.unwrap();
    assert_eq!(page.rows.len(), 1);
}

//! Kinds of goods and tax zones, as staff make, change and import them.

use crate::{
    admin::{
        InputPlace, TaxCategoryDraft, TaxCategoryError, TaxCategoryPatch, TaxImport, TaxImportError,
        TaxRateDraft, TaxSource, TaxZoneDraft, TaxZoneError, TaxZonePatch, Unfit,
    },
    testing::TestShop,
};
use stoa_domain::{
    access::grants::{TaxesRead, TaxesWrite},
    shared::{CountryCode, Rate, TaxCategoryId, TaxZoneId, page::PageRequest},
    tax::{CategoryKind, TaxZone},
};
use stoa_persistence::{pricing::Kept, tax};
use uuid::Uuid;

fn books() -> TaxCategoryDraft {
    TaxCategoryDraft { code: "books".into(), name: "Books".into(), kind: CategoryKind::Taxed }
}

fn rate(percent: &str, category: Option<TaxCategoryId>) -> TaxRateDraft {
    TaxRateDraft {
        category,
        name: "VAT".into(),
        rate: Rate::parse_percent(percent).ok(),
        compound: false,
        on_delivery: true,
        valid_from: None,
        valid_until: None,
    }
}

fn germany(rates: Vec<TaxRateDraft>) -> TaxZoneDraft {
    TaxZoneDraft {
        name: "Germany".into(),
        level: 0,
        country: CountryCode::parse("DE"),
        provinces: Vec::new(),
        postal_ranges: Vec::new(),
        priority: 0,
        rates,
    }
}

async fn all(shop: &TestShop) -> Vec<TaxZone> {
    tax::all_zones(shop.db.read()).await.unwrap().0
}

async fn version(shop: &TestShop) -> i64 {
    stoa_persistence::pricing::version(shop.db.read()).await.unwrap()
}

#[tokio::test]
async fn a_category_is_made_changed_and_taken_away() {
    let shop = TestShop::open().await;
    let categories = &shop.services.admin.tax_categories;
    let (by, reads) = (shop.eve::<TaxesWrite>(), shop.eve::<TaxesRead>());
    let made = categories.create(&by, &books()).await.unwrap();
    let id = made.rule.id;
    let again = TaxCategoryDraft { code: " BOOKS ".into(), ..books() };
    assert!(matches!(categories.create(&by, &again).await, Err(TaxCategoryError::Taken)));
    let exempt = TaxCategoryPatch { kind: Some(CategoryKind::Exempt), ..TaxCategoryPatch::default() };
    for _ in 0..2 {
        let now = categories.update(&by, (id, None), &exempt).await.unwrap();
        assert_eq!((now.rule.kind, now.version), (CategoryKind::Exempt, 2), "said twice it changes once");
    }
    let renamed = TaxCategoryPatch { name: Some("Print".into()), ..TaxCategoryPatch::default() };
    let stale = categories.update(&by, (id, Some(1)), &renamed).await;
    assert!(matches!(stale, Err(TaxCategoryError::Stale)));
    let page = categories.list(&reads, &PageRequest::first(9)).await.unwrap();
    assert_eq!(page.nodes().copied().collect::<Vec<_>>(), [id]);

    let zone = shop.services.admin.tax_zones.create(&by, &germany(vec![rate("7", Some(id))])).await.unwrap();
    assert!(matches!(categories.delete(&by, id, None).await, Err(TaxCategoryError::InUse)));
    shop.services.admin.tax_zones.delete(&by, zone.rule.id, Some(1)).await.unwrap();
    assert!(matches!(categories.delete(&by, id, Some(1)).await, Err(TaxCategoryError::Stale)));
    categories.delete(&by, id, Some(2)).await.unwrap();
    assert!(matches!(categories.delete(&by, id, None).await, Err(TaxCategoryError::NotFound)));
    assert!(categories.find_all(&reads, &[id]).await.unwrap().is_empty());
    let acts = ["tax_category.create", "tax_category.update", "tax_category.delete"];
    assert_eq!(shop.acts(id.uuid()).await, acts);
}

#[tokio::test]
async fn a_zone_is_made_changed_and_taken_away_and_known_at_once() {
    let shop = TestShop::open().await;
    let zones = &shop.services.admin.tax_zones;
    let (by, reads) = (shop.eve::<TaxesWrite>(), shop.eve::<TaxesRead>());
    let before = version(&shop).await;
    let made: Kept<TaxZone> = zones.create(&by, &germany(vec![rate("19", None)])).await.unwrap();
    let id = made.rule.id;
    assert!(version(&shop).await > before);
    let known = shop.ctx().known_rules().await.unwrap();
    assert!(known.rules.data().tax_zones.iter().any(|zone| zone.id == id), "whoever prices knows it");

    let lowered = TaxZonePatch { rates: Some(vec![rate("16", None)]), ..TaxZonePatch::default() };
    for _ in 0..2 {
        let now = zones.update(&by, (id, None), &lowered).await.unwrap();
        assert_eq!((now.rule.rates[0].rate.millionths(), now.version), (160_000, 2));
        assert_eq!(now.rule.rates[0].id, made.rule.rates[0].id, "the same tax at another rate");
    }
    let renamed = TaxZonePatch { name: Some("Here".into()), ..TaxZonePatch::default() };
    assert!(matches!(zones.update(&by, (id, Some(1)), &renamed).await, Err(TaxZoneError::Stale)));
    let missing = TaxCategoryId::new(Uuid::from_u128(9));
    let named = TaxZonePatch { rates: Some(vec![rate("19", None), rate("7", Some(missing))]), ..renamed };
    match zones.update(&by, (id, None), &named).await {
        Err(TaxZoneError::Refused(refusal)) => {
            assert_eq!(refusal.at, InputPlace::field("rates").entry(1).then("categoryId"));
            assert_eq!(refusal.why, Unfit::NotThere(missing.uuid()));
        }
        other => panic!("{other:?}"),
    }
    let found = zones.find_all(&reads, &[TaxZoneId::NIL, id]).await.unwrap();
    assert_eq!((&*found[0].rule.name, found.len()), ("Germany", 1), "what was refused changed nothing");
    let page = zones.list(&reads, &PageRequest::first(9)).await.unwrap();
    assert_eq!(page.nodes().copied().collect::<Vec<_>>(), [id]);
    zones.delete(&by, id, None).await.unwrap();
    assert!(matches!(zones.delete(&by, id, None).await, Err(TaxZoneError::NotFound)));
    assert_eq!(shop.acts(id.uuid()).await, ["tax_zone.create", "tax_zone.update", "tax_zone.delete"]);
}

#[tokio::test]
async fn the_rates_of_the_union_come_in_once() {
    let shop = TestShop::open().await;
    let zones = &shop.services.admin.tax_zones;
    let by = shop.eve::<TaxesWrite>();
    let tried = zones.import(&by, &TaxSource::EuVat, true).await.unwrap();
    assert_eq!((tried.zones_made, tried.zones_changed, tried.zones_unchanged), (27, 0, 0));
    assert!(all(&shop).await.is_empty(), "nothing was written");
    let done = zones.import(&by, &TaxSource::EuVat, false).await.unwrap();
    assert_eq!(done, tried, "what was told came about");
    assert_eq!((done.categories_made, all(&shop).await.len()), (3, 27));
    assert!(done.as_of.is_some());
    let before = version(&shop).await;
    let again = zones.import(&by, &TaxSource::EuVat, false).await.unwrap();
    let same = TaxImport { categories_made: 0, zones_made: 0, zones_unchanged: 27, ..done };
    assert_eq!(again, same);
    assert_eq!(version(&shop).await, before, "nobody has to read the rules anew");
    let france = all(&shop).await.into_iter().find(|zone| zone.country == CountryCode::parse("FR")).unwrap();
    let rates: Vec<u32> = france.rates.iter().map(|rate| rate.rate.millionths()).collect();
    assert_eq!(rates, [200_000, 100_000, 55_000, 21_000]);
    assert!(france.rates[0].category.is_none() && france.rates[1].category.is_some());
}

#[tokio::test]
async fn a_table_replaces_what_it_names_and_nothing_else() {
    let shop = TestShop::open().await;
    let zones = &shop.services.admin.tax_zones;
    let by = shop.eve::<TaxesWrite>();
    let here = TaxZoneDraft { priority: 7, ..germany(vec![rate("19", None)]) };
    let here = zones.create(&by, &here).await.unwrap().rule;
    let bavaria = TaxZoneDraft { provinces: vec!["BY".into()], ..germany(vec![rate("1", None)]) };
    let bavaria = zones.create(&by, &bavaria).await.unwrap().rule;
    let table = |lines: &str| TaxSource::Csv(format!("country,province,category,name,percent\n{lines}"));
    let done = zones.import(&by, &table("DE,,,VAT,16\nDE,,books,VAT,5\nAT,,,VAT,20\n"), false).await.unwrap();
    assert_eq!((done.zones_made, done.zones_changed, done.categories_made, done.rates), (1, 1, 1, 3));
    let now = all(&shop).await;
    let of = |id| now.iter().find(|zone| zone.id == id).unwrap();
    let germany = of(here.id);
    assert_eq!((&*germany.name, germany.priority, germany.rates.len()), ("Germany", 7, 2));
    assert_eq!(germany.rates[0].id, here.rates[0].id);
    assert_eq!(*of(bavaria.id), bavaria, "the table does not name it");

    // All of it, or nothing.
    let before = version(&shop).await;
    match zones.import(&by, &table("DE,,,VAT,10\nAT,,,VAT,twenty\n,,,VAT,200\n"), false).await {
        Err(TaxImportError::Csv(problems)) => {
            let places: Vec<_> = problems.iter().map(|problem| (problem.line, problem.column)).collect();
            assert_eq!(places, [(3, Some("percent")), (4, Some("percent"))]);
        }
        other => panic!("{other:?}"),
    }
    let seven = "DE,,,VAT,1\n".repeat(7);
    let refused = zones.import(&by, &table(&format!("FR,,,VAT,20\nES,,new,VAT,4\n{seven}")), false).await;
    assert!(matches!(&refused, Err(TaxImportError::Csv(problems)) if problems[0].line == 4), "{refused:?}");
    assert_eq!((all(&shop).await, version(&shop).await), (now, before));
}

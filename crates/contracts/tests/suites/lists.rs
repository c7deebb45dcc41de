//! No rule is written and then forgotten: every public rule of a suite stands in the list its macro binds.

const CARTS: [&str; 5] = [
    include_str!("../../src/cart_store/deleting.rs"),
    include_str!("../../src/cart_store/documents.rs"),
    include_str!("../../src/cart_store/expiry.rs"),
    include_str!("../../src/cart_store/races.rs"),
    include_str!("../../src/cart_store/saving.rs"),
];
const HOLDS: [&str; 8] = [
    include_str!("../../src/reservation_store/expiry.rs"),
    include_str!("../../src/reservation_store/fence.rs"),
    include_str!("../../src/reservation_store/figures.rs"),
    include_str!("../../src/reservation_store/granting.rs"),
    include_str!("../../src/reservation_store/handing_over.rs"),
    include_str!("../../src/reservation_store/races.rs"),
    include_str!("../../src/reservation_store/replacing.rs"),
    include_str!("../../src/reservation_store/sizes.rs"),
];

const BUSES: [&str; 3] = [
    include_str!("../../src/event_bus/crossing.rs"),
    include_str!("../../src/event_bus/cut.rs"),
    include_str!("../../src/event_bus/keeping.rs"),
];

const SHELVES: [&str; 3] = [
    include_str!("../../src/media_store/addresses.rs"),
    include_str!("../../src/media_store/keeping.rs"),
    include_str!("../../src/media_store/races.rs"),
];

fn unbound(sources: &[&str], list: &str) -> Vec<String> {
    let rules = sources.iter().flat_map(|s| s.lines()).filter_map(|line| {
        let name = line.strip_prefix("pub async fn ")?;
        Some(name.split('(').next().unwrap().to_owned())
    });
    let rules: Vec<String> = rules.collect();
    assert!(rules.len() > 10, "only {} rules found", rules.len());
    let bound: Vec<&str> = list.split_whitespace().collect();
    rules.into_iter().filter(|r| !bound.contains(&r.as_str())).collect()
}

#[test]
fn every_rule_is_bound() {
    assert_eq!(unbound(&CARTS, include_str!("../../src/cart_store/mod.rs")), Vec::<String>::new());
    assert_eq!(unbound(&BUSES, include_str!("../../src/event_bus/mod.rs")), Vec::<String>::new());
    assert_eq!(unbound(&SHELVES, include_str!("../../src/media_store/mod.rs")), Vec::<String>::new());
    assert_eq!(unbound(&HOLDS, include_str!("../../src/reservation_store/mod.rs")), Vec::<String>::new());
}

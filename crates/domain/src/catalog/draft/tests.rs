//! What a product can and cannot be.

use super::*;
use proptest::prelude::*;

fn option(name: &str, values: &[&str]) -> OptionInput {
    OptionInput { name: name.to_owned(), values: values.iter().map(|v| (*v).to_owned()).collect() }
}

fn variant(values: &[&str], price: i64) -> VariantInput {
    VariantInput {
        option_values: values.iter().map(|v| (*v).to_owned()).collect(),
        price,
        ..Default::default()
    }
}

fn mug() -> ProductInput {
    ProductInput {
        title: "Blue Mug".to_owned(),
        options: vec![option("Size", &["S", "L"]), option("Glaze", &[])],
        variants: vec![variant(&["L", "Matte"], 1_500), variant(&["S", "Shiny"], 1_200)],
        ..Default::default()
    }
}

fn refused(change: impl FnOnce(&mut ProductInput)) -> InvalidProduct {
    let mut input = mug();
    change(&mut input);
    ProductDraft::try_new(&input).unwrap_err()
}

#[test]
fn no_text_keeps_a_nul() {
    let mut input = mug();
    input.title = "Blue\0 Mug".to_owned();
    input.vendor = "\0".to_owned();
    input.tags = vec!["new\0".to_owned()];
    let draft = ProductDraft::try_new(&input).unwrap();
    assert_eq!((draft.title(), draft.vendor(), draft.tags()), ("Blue Mug", "", &["new".to_owned()][..]));
    assert_eq!(refused(|i| i.title = "\0".to_owned()), InvalidProduct::Missing("title"));
}

#[test]
fn values_keep_their_listed_order_and_others_follow_the_variants() {
    let draft = ProductDraft::try_new(&mug()).unwrap();
    assert_eq!(draft.handle().as_str(), "blue-mug");
    assert!(!draft.handle_chosen());
    assert_eq!(draft.options()[0].values, ["S", "L"]);
    assert_eq!(draft.options()[1].values, ["Matte", "Shiny"]);
    assert_eq!(draft.variants()[0].values, [1, 0, 0]);
    assert_eq!(draft.variants()[1].values, [0, 1, 0]);
    assert_eq!(draft.variants()[0].title, "L / Matte");
    assert_eq!(draft.price(), PriceRange { min: 1_200, max: 1_500 });
    assert_eq!(draft.compare_at_price(), None);
}

#[test]
fn without_options_there_is_the_default_title() {
    let input =
        ProductInput { title: "Mug".to_owned(), variants: vec![variant(&[], 5)], ..Default::default() };
    let draft = ProductDraft::try_new(&input).unwrap();
    assert_eq!(draft.options(), [DraftOption { name: "Title".into(), values: vec!["Default Title".into()] }]);
    assert_eq!(draft.variants()[0].title, "Default Title");
}

#[test]
fn each_rule_refuses_and_says_which() {
    use InvalidProduct as No;
    assert_eq!(refused(|p| p.title = " ".into()), No::Missing("title"));
    assert_eq!(refused(|p| p.title = "x".repeat(256)), No::TooLong { field: "title", max: 255 });
    assert_eq!(refused(|p| p.handle = Some("!!".into())), No::Handle(crate::catalog::InvalidHandle::Empty));
    assert_eq!(refused(|p| p.variants.clear()), No::NoVariants);
    assert_eq!(refused(|p| p.options.clear()), No::NothingToChooseBy);
    assert_eq!(
        refused(|p| p.options.extend(vec![option("A", &[]), option("B", &[])])),
        No::TooMany { what: "options", max: 3 }
    );
    assert_eq!(refused(|p| p.options[1].name = "size".into()), No::DuplicateOption("size".into()));
    assert_eq!(
        refused(|p| p.options[0].values.push("s".into())),
        No::DuplicateValue { option: "Size".into(), value: "s".into() }
    );
    assert_eq!(
        refused(|p| p.variants[1].option_values.truncate(1)),
        No::WrongValueCount { variant: 2, got: 1, expected: 2 }
    );
    assert_eq!(
        refused(|p| p.variants[1].option_values[1] = " ".into()),
        No::MissingValue { variant: 2, option: "Glaze".into() }
    );
    assert_eq!(
        refused(|p| p.variants[1] = variant(&["l", "MATTE"], 1)),
        No::DuplicateVariant { first: 1, second: 2 }
    );
    for (field, max, change) in [
        ("price", limits::PRICE, (|v| v.price = -1) as fn(&mut VariantInput)),
        ("price", limits::PRICE, |v| v.price = i64::MAX),
        ("compare-at price", limits::PRICE, |v| v.compare_at_price = Some(-1)),
        ("weight", limits::WEIGHT, |v| v.weight_grams = -1),
        ("stock", limits::STOCK, |v| v.stock.on_hand = Some(-1)),
        ("backorder limit", limits::STOCK, |v| v.stock.backorder_limit = Some(-1)),
    ] {
        assert_eq!(refused(|p| change(&mut p.variants[0])), No::OutOfRange { variant: 1, field, max });
    }
    assert_eq!(refused(|p| p.variants[0].image = Some(0)), No::UnknownImage(1));
    let picture = |url: &str| ImageInput { url: url.to_owned(), ..Default::default() };
    for url in ["", "javascript:alert(1)", "//elsewhere/x.png", "mug.png", "https://", "https://a b"] {
        assert_eq!(refused(|p| p.images.push(picture(url))), No::ImageAddress(1), "{url}");
    }
    assert_eq!(
        refused(|p| p.tags = (0..300).map(|n| n.to_string()).collect()),
        No::TooMany { what: "tags", max: 250 }
    );
}

#[test]
fn as_many_as_allowed_are_allowed() {
    let values: Vec<String> = (0..2_000).map(|n| format!("{n}")).collect();
    let mut input = mug();
    input.options = vec![option("Number", &[])];
    input.variants = values.iter().map(|v| variant(&[v], 1)).collect();
    assert_eq!(ProductDraft::try_new(&input).unwrap().variants().len(), 2_000);
    input.variants.push(variant(&["one more"], 1));
    assert_eq!(
        ProductDraft::try_new(&input).unwrap_err(),
        InvalidProduct::TooMany { what: "variants", max: 2_000 }
    );
}

#[test]
fn tags_are_sorted_and_each_is_there_once() {
    let mut input = mug();
    input.tags = ["wool", " Autumn", "", "Wool", "blue"].map(str::to_owned).into();
    assert_eq!(ProductDraft::try_new(&input).unwrap().tags(), ["Autumn", "blue", "wool"]);
}

proptest! {
    /// Whatever the combinations, a draft's variants are all different and name values that exist.
    #[test]
    fn accepted_variants_are_distinct_and_complete(rows in prop::collection::vec(("[a-cA-C]", "[x-z]"), 1..12)) {
        let mut input = mug();
        input.options = vec![option("One", &[]), option("Two", &[])];
        input.variants = rows.iter().map(|(a, b)| variant(&[a, b], 1)).collect();
        let distinct: std::collections::HashSet<_> =
            rows.iter().map(|(a, b)| (a.to_lowercase(), b.clone())).collect();
        match ProductDraft::try_new(&input) {
            Ok(draft) => {
                prop_assert_eq!(distinct.len(), rows.len());
                for (variant, (a, b)) in draft.variants().iter().zip(&rows) {
                    let value = |n: usize| &draft.options()[n].values[usize::from(variant.values[n])];
                    prop_assert_eq!(value(0).to_lowercase(), a.to_lowercase());
                    prop_assert_eq!(value(1), b);
                }
            }
            Err(InvalidProduct::DuplicateVariant { .. }) => prop_assert!(distinct.len() < rows.len()),
            Err(other) => prop_assert!(false, "{}", other),
        }
    }
}

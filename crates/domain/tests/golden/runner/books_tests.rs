//! A cart whose parts do not sum to their whole is refused, and so is one with a key that means nothing.

use super::check;

const GOOD: &str = r#"
about = "two lines at 19 %"
currency = "EUR"
shop = { country = "DE", prices_include_tax = false, tax_rounding = "line", delivery_tax = "rate" }
address = { country = "DE" }
lines = [{ id = 1, unit = "10.00", quantity = 2 }, { id = 2, unit = "5.00", quantity = 1 }]
rates = [{ name = "VAT", country = "DE", percent = "19", on_delivery = true }]
methods = [{ handle = "post", price = "4.00" }]
delivery = ["post"]
promotions = [{ id = 1, action = { amount_off = { amount = { amount = "5.00" }, per = "cart", target = { all = true } } } }]
[work]
net = "2 * 10.00 + 5.00 = 25.00"
off = "5.00 = 5.00"
off1 = "lr(off; 20.00, 5.00)[1] = 4.00"
off2 = "off - off1 = 1.00"
post = "4.00 = 4.00"
tax1 = "round((20.00 - off1) * 19%) = 3.04"
tax2 = "round((5.00 - off2) * 19%) = 0.76"
tax3 = "round(post * 19%) = 0.76"
tax = "tax1 + tax2 + tax3 = 4.56"
sum = "net - off + post + tax = 28.56"
[expect]
subtotal = "net"
discount = "off"
delivery = "post"
tax = "tax"
taxes = { VAT = "tax" }
delivery_tax = "tax3"
total = "sum"
applied = [{ promotion = 1, amount = "off" }]
lines = [{ id = 1, order_discount = "off1", tax = "tax1" }, { id = 2, order_discount = "off2", tax = "tax2" }]
"#;

fn wrong(from: &str, to: &str) -> Vec<String> {
    assert!(GOOD.contains(from), "{from}");
    let cart = toml::from_str(&GOOD.replace(from, to)).unwrap_or_else(|why| panic!("{to}: {why}"));
    check(&toml::Value::Table(cart)).err().unwrap_or_default()
}

#[test]
fn a_right_cart_has_no_faults() {
    assert_eq!(wrong("19 %", "19 %"), Vec::<String>::new());
}

#[test]
fn each_broken_sum_is_told() {
    for (from, to, law) in [
        ("total = \"sum\"", "total = \"sum - tax\"", "the total, and what it is made of"),
        ("taxes = { VAT = \"tax\" }", "taxes = { VAT = \"tax1\" }", "the tax, and its rates"),
        (
            "promotion = 1, amount = \"off\"",
            "promotion = 1, amount = \"off1\"",
            "the discounts, and the promotions",
        ),
        (
            "total = \"sum\"",
            "total = \"sum\"\ncharge = \"net\"",
            "what is charged, and the total less the cards",
        ),
        ("order_discount = \"off1\"", "order_discount = \"off2\"", "the discount, and the lines'"),
        ("delivery_tax = \"tax3\"", "", "the tax, and the lines' and the delivery's"),
        ("subtotal = \"net\"", "subtotal = \"net + off\"", "the subtotal, and units by their prices"),
        (
            "total = \"sum\"",
            "total = \"sum\"\nremoved_tax = \"tax1\"",
            "the tax taken off, and the lines' and the delivery's",
        ),
        ("delivery = [\"post\"]", "delivery = [\"post\"]\ncodes = [\"A\"]", "codes told of, and codes"),
        ("taxes = { VAT = \"tax\" }", "taxes = { Vat = \"tax\" }", "no rate is called Vat"),
        ("promotion = 1, amount", "promotion = 2, amount", "there is no promotion 2"),
        ("{ id = 2, order_discount", "{ id = 3, order_discount", "lines that are not in the cart"),
    ] {
        let told = wrong(from, to);
        assert!(told.iter().any(|fault| fault.starts_with(law)), "{to}: {told:?}");
    }
}

#[test]
fn a_key_or_a_word_that_means_nothing_is_told() {
    for (from, to) in [
        ("quantity = 1", "quantty = 1"),
        ("unit = \"5.00\"", "unit = \"5.00\", colour = \"red\""),
        ("subtotal = \"net\"", "subtotal = \"net\"\nsubtotals = \"net\""),
        ("tax_rounding = \"line\"", "tax_rounding = \"lines\""),
        ("about =", "abuot ="),
        ("amount_off =", "amount_of ="),
        ("per = \"cart\"", "per = \"order\""),
        ("percent = \"19\"", "percent = \"19 %\""),
        ("percent = \"19\"", "percent = \"19\", compund = true"),
    ] {
        assert_eq!(wrong(from, to).len(), 1, "{to}");
    }
}

#[test]
fn what_points_nowhere_or_is_no_amount_is_told() {
    for (from, to) in [
        ("unit = \"5.00\"", "unit = \"5.000\", category = \"books\""),
        ("{ id = 2, unit", "{ id = 1, unit"),
        ("delivery = [\"post\"]", "delivery = [\"pots\"]"),
        ("price = \"4.00\"", "price = \"4.001\""),
        ("price = \"4.00\"", "price = \"4.00\", by = \"weight\""),
        ("unit = \"5.00\"", "unit = \"5.00\", gift_of = 7"),
    ] {
        assert!(!wrong(from, to).is_empty(), "{to}");
    }
}

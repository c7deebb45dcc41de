//! A cart whose books balance, and which costs something else all the same, is refused: by the function's figures and not by its own.

use super::check;

const GOOD: &str = r#"
about = "a line at 19 %, and what a code takes off"
currency = "EUR"
shop = { country = "DE", prices_include_tax = true, tax_rounding = "line" }
address = { country = "DE" }
lines = [{ id = 1, unit = "10.00", quantity = 2 }]
rates = [{ name = "VAT", country = "DE", percent = "19" }]
codes = ["ten", "gone"]
promotions = [{ id = 1, class = "order", codes = [{ code = "TEN" }], action = { percent_off = { percentage = "10", target = { all = true } } } }]
[work]
net = "2 * 10.00 = 20.00"
off = "round(net * 10%) = 2.00"
tax = "round((net - off) * 19 / 119) = 2.87"
sum = "net - off = 18.00"
[expect]
subtotal = "net"
discount = "off"
tax = "tax"
taxes = { VAT = "tax" }
total = "sum"
applied = [{ promotion = 1, amount = "off" }]
codes = [{ code = "ten" }, { code = "gone", why = "UnknownCode" }]
lines = [{ id = 1, order_discount = "off", tax = "tax" }]
"#;

fn told(from: &str, to: &str) -> Vec<String> {
    assert!(GOOD.contains(from), "{from}");
    let cart = toml::from_str(&GOOD.replace(from, to)).unwrap_or_else(|why| panic!("{to}: {why}"));
    check(&toml::Value::Table(cart)).err().unwrap_or_default()
}

#[test]
fn a_cart_that_costs_what_was_worked_out_has_no_faults() {
    assert_eq!(told("19 %", "19 %"), Vec::<String>::new());
}

#[test]
fn what_is_worked_out_by_another_rule_is_told_with_the_steps() {
    for (from, to, what) in [
        ("percent = \"19\"", "percent = \"7\"", "tax: expected 287, found 118"),
        ("percentage = \"10\"", "percentage = \"5\"", "discount: expected 200, found 100"),
        ("unit = \"10.00\"", "compare_at = \"12.00\", unit = \"10.00\"", ""),
        ("why = \"UnknownCode\"", "why = \"Over\"", "codes: expected"),
        ("order_discount = \"off\"", "product_discount = \"off\"", "line 1: expected"),
    ] {
        let told = told(from, to);
        assert_eq!(told.is_empty(), what.is_empty(), "{to}: {told:?}");
        assert!(what.is_empty() || told.iter().any(|fault| fault.contains(what)), "{what}: {told:#?}");
        let last = told.last().map_or("", String::as_str);
        assert!(what.is_empty() || last.contains("BasePrice \"\" 2000 of Some(1000)"), "{last}");
    }
}

#[test]
fn what_the_function_refuses_is_told() {
    let foreign = told("currency = \"EUR\"\nshop = {", "currency = \"USD\"\nshop = { currency = \"EUR\",");
    assert!(foreign.iter().any(|fault| fault.contains("needs a market")), "{foreign:?}");
    let nowhere = told("address = { country = \"DE\" }", "address = { country = \"Utopia\" }");
    assert_eq!(nowhere, ["Utopia is no country"]);
    let no_code = told("codes = [\"ten\", \"gone\"]", "codes = [\"ten\", \" \"]");
    assert!(!no_code.is_empty(), "{no_code:?}");
}

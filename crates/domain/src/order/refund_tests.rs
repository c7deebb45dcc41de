//! What may be refunded, and for how much.

use super::*;
use crate::{
    order::{FulfillmentStatus, OrderFigures, OrderState},
    pricing::TaxRounding,
    shared::{CartId, Currency, EmailAddress, OrderId, ProductId, Rate, VariantId},
};
use chrono::DateTime;
use proptest::prelude::*;
use uuid::Uuid;

fn id(n: u128) -> LineItemId {
    LineItemId::new(Uuid::from_u128(n))
}

fn line(n: u128, quantity: u32, unit_price: i64, tax: i64) -> LineItem {
    LineItem {
        id: id(n),
        variant: VariantId::new(Uuid::from_u128(n)),
        product: ProductId::new(Uuid::from_u128(n)),
        title: "Mug".into(),
        variant_title: "Blue".into(),
        sku: None,
        image_url: None,
        quantity,
        unit_price,
        subtotal: unit_price * i64::from(quantity),
        discount: 0,
        tax,
        removed_tax: 0,
        gift_of: None,
        gift_card: false,
        requires_shipping: true,
        fulfilled: 0,
        attributes: Vec::new(),
    }
}

fn order(lines: Vec<LineItem>, prices_include_tax: bool) -> Order {
    let at = DateTime::UNIX_EPOCH;
    let figures = OrderFigures {
        currency: Currency::USD,
        subtotal: lines.iter().map(|line| line.subtotal).sum(),
        discount: 0,
        delivery: 0,
        delivery_discount: 0,
        delivery_tax: 0,
        removed_tax: 0,
        tax: lines.iter().map(|line| line.tax).sum(),
        total: 0,
        charge: 0,
        shop: None,
        reverse_charge: false,
        tax_rate: Rate::from_millionths(0),
        prices_include_tax,
        tax_rounding: TaxRounding::Line,
    };
    Order {
        id: OrderId::new(Uuid::nil()),
        number: 1001,
        token: String::new(),
        cart: CartId::new(Uuid::nil()),
        state: OrderState::Paid { payment: None, paid_at: at },
        attention: None,
        fulfillment: FulfillmentStatus::Unfulfilled,
        customer: None,
        locale: None,
        email: EmailAddress::parse("ada@example.org").unwrap(),
        phone: None,
        shipping_address: None,
        delivery_title: None,
        delivery_handle: None,
        note: None,
        attributes: Vec::new(),
        figures,
        lines,
        placed_at: at,
        updated_at: at,
    }
}

fn units(n: u128, quantity: u32) -> RefundUnits {
    RefundUnits { line: id(n), quantity, restock: true }
}

#[test]
fn units_that_were_not_sent_go_first() {
    let order = order(vec![line(1, 3, 1_000, 0)], true);
    let standing = [LineStanding { line: id(1), quantity: 3, fulfilled: 2, withdrawn: 0 }];
    let planned = plan_refund(&order, &standing, &HashMap::new(), &[units(1, 2)]).unwrap();
    assert_eq!((planned[0].unsent, planned[0].sent(), planned[0].value), (1, 1, 2_000));
    let withdrawn = [LineStanding { withdrawn: 1, ..standing[0] }];
    let before = HashMap::from([(id(1), 1)]);
    let planned = plan_refund(&order, &withdrawn, &before, &[units(1, 2)]).unwrap();
    assert_eq!((planned[0].unsent, planned[0].sent()), (0, 2));
}

#[test]
fn more_than_was_sold_is_refused_with_what_is_left() {
    let order = order(vec![line(1, 3, 1_000, 0), line(2, 1, 500, 0)], true);
    let standing: Vec<LineStanding> = order.lines.iter().map(LineStanding::of).collect();
    let before = HashMap::from([(id(1), 2)]);
    let plan = |wanted: &[RefundUnits]| plan_refund(&order, &standing, &before, wanted);
    assert_eq!(plan(&[units(1, 2)]), Err(RefundRefusal::TooMany { line: id(1), left: 1 }));
    assert_eq!(plan(&[units(9, 1)]), Err(RefundRefusal::UnknownLine(id(9))));
    assert_eq!(plan(&[units(2, 0)]), Err(RefundRefusal::NoUnits(id(2))));
    assert_eq!(plan(&[units(2, 1), units(2, 1)]), Err(RefundRefusal::NamedTwice(id(2))));
    assert_eq!(plan(&[]), Ok(Vec::new()));
    assert_eq!(rest_to_refund(&order, &before, true), [units(1, 1), units(2, 1)]);
}

#[test]
fn tax_on_top_goes_back_with_the_units() {
    // 3 units at 3.33 with 0.70 on top: 10.69 in all.
    let on_top = order(vec![line(1, 3, 333, 70)], false);
    let standing = [LineStanding::of(&on_top.lines[0])];
    let value = |before: u32, quantity: u32| {
        let before = HashMap::from([(id(1), before)]);
        plan_refund(&on_top, &standing, &before, &[units(1, quantity)]).unwrap()[0].value
    };
    assert_eq!([value(0, 1), value(1, 1), value(2, 1)], [356, 356, 357]);
    assert_eq!(value(0, 3), 1_069);
}

#[test]
fn what_was_taken_off_does_not_come_back() {
    // 3 units at 3.33, 1.00 off, 1.43 of tax that was not owed: 7.56 in all.
    let less = LineItem { discount: 100, removed_tax: 143, ..line(1, 3, 333, 0) };
    let less = order(vec![less], true);
    let standing = [LineStanding::of(&less.lines[0])];
    let value = |before: u32, quantity: u32| {
        let before = HashMap::from([(id(1), before)]);
        plan_refund(&less, &standing, &before, &[units(1, quantity)]).unwrap()[0].value
    };
    assert_eq!([value(0, 1), value(1, 1), value(2, 1)], [252, 252, 252]);
    assert_eq!((value(0, 2), value(0, 3)), (504, 756));
}

/// 3 units for 1.000 dinar: 0.330, 0.330 and 0.340, each of which can be given back.
#[test]
fn of_dinars_whole_tens_of_fils_go_back() {
    let mut order = order(vec![LineItem { subtotal: 1_000, ..line(1, 3, 333, 0) }], true);
    order.figures.currency = Currency::parse("KWD").unwrap();
    let standing = [LineStanding::of(&order.lines[0])];
    let value = |before: u32, quantity: u32| {
        let before = HashMap::from([(id(1), before)]);
        plan_refund(&order, &standing, &before, &[units(1, quantity)]).unwrap()[0].value
    };
    assert_eq!([value(0, 1), value(1, 1), value(2, 1)], [330, 330, 340]);
    assert_eq!([value(0, 2), value(1, 2), value(0, 3)], [660, 670, 1_000]);
}

#[test]
fn delivery_is_worth_what_it_cost() {
    let mut order = order(vec![LineItem { removed_tax: 160, ..line(1, 1, 1_000, 0) }], true);
    (order.figures.delivery, order.figures.delivery_discount, order.figures.removed_tax) = (500, 100, 224);
    assert_eq!((order.delivery_removed_tax(), order.delivery_value()), (64, 336));
    order.figures.prices_include_tax = false;
    order.figures.delivery_tax = 76;
    assert_eq!(order.delivery_value(), 412, "tax on top goes back with it");
}

proptest! {
    #[test]
    fn parts_of_a_line_sum_to_the_whole(
        quantity in 1u32..200,
        price in 0i64..1_000_000_000_000,
        tax in 0i64..1_000_000_000_000,
        parts in prop::collection::vec(1u32..50, 1..40),
    ) {
        let order = order(vec![line(1, quantity, price, tax)], false);
        let standing = [LineStanding::of(&order.lines[0])];
        let (mut before, mut sum) = (0, 0);
        for part in parts {
            let part = part.min(quantity - before);
            if part == 0 { break; }
            let refunded = HashMap::from([(id(1), before)]);
            let planned = plan_refund(&order, &standing, &refunded, &[units(1, part)]).unwrap();
            prop_assert!(planned[0].value >= 0);
            sum += planned[0].value;
            before += part;
        }
        if before == quantity {
            prop_assert_eq!(sum, price * i64::from(quantity) + tax);
        }
    }
}

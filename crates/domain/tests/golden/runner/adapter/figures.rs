//! What the pricing function answers, in the runner's shape.

use super::{
    super::{
        cart::Cart,
        expect::{CodeVerdict, Gift, Why},
        figures::{Figures, LineFigures, Sums},
    },
    number,
};
use stoa_domain::pricing::{self, PricedCart, ShopFigures};

pub(super) fn of(cart: &Cart, priced: &PricedCart) -> Result<Figures, String> {
    let mut figures = Figures {
        sums: Sums {
            subtotal: priced.subtotal,
            discount: priced.discount,
            delivery: priced.delivery,
            delivery_discount: priced.delivery_discount,
            removed_tax: priced.removed_tax,
            tax: priced.tax,
            total: priced.total,
        },
        charge: priced.charge,
        delivery_tax: priced.delivery_tax,
        delivery_removed_tax: priced.groups.iter().map(|group| group.removed_tax).sum(),
        shop: priced.shop.map(in_shop),
        reverse_charge: priced.reverse_charge,
        ..Figures::default()
    };
    for tax in &priced.taxes {
        *figures.taxes.entry(tax.name.to_string()).or_default() += tax.amount;
    }
    for (line, is) in cart.lines.iter().zip(&priced.lines) {
        let line_figures = LineFigures {
            unit: Some(is.unit_price),
            compare_at: is.compare_at,
            product_discount: is.line_discount,
            order_discount: is.order_discount,
            tax: is.tax,
            removed_tax: is.removed_tax,
        };
        figures.lines.insert(line.id, line_figures);
    }
    for applied in &priced.applied {
        *figures.applied.entry(number(applied.promotion.uuid())?).or_default() += applied.amount;
    }
    for (code, outcome) in cart.codes.iter().zip(&priced.codes) {
        figures.codes.push(CodeVerdict { code: code.clone(), why: outcome.why.map(why).transpose()? });
    }
    for gift in &priced.gifts_due {
        // The function says all that is due; a file says what of it is not there yet.
        let (promotion, variant) = (number(gift.promotion.uuid())?, number(gift.variant.uuid())?);
        let there = cart.lines.iter().filter(|line| line.gift_of == Some(promotion));
        let there = there.filter(|line| line.variant.unwrap_or(line.id) == variant).map(|line| line.quantity);
        let quantity = gift.quantity.saturating_sub(there.sum());
        if quantity > 0 {
            figures.gifts_due.push(Gift { variant, quantity });
        }
    }
    for (n, group) in (1_u32..).zip(&priced.groups) {
        for offer in &group.offers {
            figures.options.insert((n, offer.handle.to_string()), offer.price);
        }
    }
    for part in &priced.stored {
        figures.cards.insert(number(part.id.uuid())?.to_string(), part.amount);
    }
    Ok(figures)
}

const fn in_shop(shop: ShopFigures) -> Sums {
    let ShopFigures { subtotal, discount, delivery, delivery_discount, removed_tax, tax, total } = shop;
    Sums { subtotal, discount, delivery, delivery_discount, removed_tax, tax, total }
}

fn why(why: pricing::Why) -> Result<Why, String> {
    Ok(match why {
        pricing::Why::UnknownCode => Why::UnknownCode,
        pricing::Why::Inactive => Why::Inactive,
        pricing::Why::NotBegun { .. } => Why::NotBegun,
        pricing::Why::Over { .. } => Why::Over,
        pricing::Why::CodeDisabled => Why::CodeDisabled,
        pricing::Why::SubtotalTooLow { .. } => Why::SubtotalTooLow,
        pricing::Why::SubtotalTooHigh { .. } => Why::SubtotalTooHigh,
        pricing::Why::TooFew { .. } => Why::TooFew,
        pricing::Why::TooMany { .. } => Why::TooMany,
        pricing::Why::SetNotComplete => Why::SetNotComplete,
        pricing::Why::NothingEntitled => Why::NothingEntitled,
        pricing::Why::NoDelivery => Why::NoDelivery,
        pricing::Why::OtherMethod => Why::OtherMethod,
        pricing::Why::DeliveryFree => Why::DeliveryFree,
        pricing::Why::SignInNeeded => Why::SignInNeeded,
        pricing::Why::OtherGroup => Why::OtherGroup,
        pricing::Why::NotFirstOrder => Why::NotFirstOrder,
        pricing::Why::UsedUp => Why::UsedUp,
        pricing::Why::BudgetSpent => Why::BudgetSpent,
        pricing::Why::CodeUsedUp => Why::CodeUsedUp,
        pricing::Why::UsedUpByBuyer => Why::UsedUpByBuyer,
        pricing::Why::OtherCountry => Why::OtherCountry,
        pricing::Why::OtherCurrency => Why::OtherCurrency,
        pricing::Why::OtherMarket => Why::OtherMarket,
        pricing::Why::Beaten { .. } => Why::Beaten,
        pricing::Why::Excluded { .. } => Why::Excluded,
        pricing::Why::TooManyCandidates => return Err("no cart has so many promotions".to_owned()),
    })
}

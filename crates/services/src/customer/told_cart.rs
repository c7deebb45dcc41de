//! What is told a customer of the cart they have: what is in it, and what they said of themselves in it. Not its id, which is the key to it.

use super::told::attributes;
use crate::{Context, cart::kept_for};
use serde_json::{Value, json};
use stoa_domain::{
    cart::{BuyerIdentity, Cart, CartLine},
    shared::{CountryCode, CustomerId, EmailAddress, Fault, VariantId},
};

/// Their cart; `None` where they have none.
pub(super) async fn of(ctx: &Context, customer: CustomerId) -> Result<Option<Value>, Fault> {
    let Some(cart) = kept_for(ctx, customer).await? else { return Ok(None) };
    let wanted: Vec<VariantId> = cart.lines.iter().map(|line| line.variant).collect();
    let known = ctx.catalog.variants_by_ids(&wanted).await?;
    let lines: Vec<Value> = cart
        .lines
        .iter()
        .zip(known)
        .map(|(line, known)| {
            let (title, variant) = match &known {
                Some(of) => {
                    (Some(of.product.title.as_str()), of.variant().map(|variant| variant.title.as_str()))
                }
                // It is sold no more, and in the cart all the same.
                None => (None, None),
            };
            told_line(line, title, variant)
        })
        .collect();
    Ok(Some(told_cart(&cart, customer, &lines)))
}

fn told_line(of: &CartLine, title: Option<&str>, variant: Option<&str>) -> Value {
    json!({
        "title": title,
        "variant": variant,
        "variantId": of.variant.to_string(),
        "quantity": of.quantity,
        "attributes": attributes(&of.attributes),
    })
}

fn told_cart(of: &Cart, customer: CustomerId, lines: &[Value]) -> Value {
    let BuyerIdentity { email, phone, country, tax_number, customer: _ } = &of.buyer;
    // What was copied out of another's book, when the cart was theirs, is not this one's.
    let addresses = of.addresses.iter().filter(|known| known.book_of.is_none_or(|owner| owner == customer));
    json!({
        "lines": lines,
        "note": of.note,
        "attributes": attributes(&of.attributes),
        "email": email.as_ref().map(EmailAddress::as_str),
        "phone": phone,
        "country": country.as_ref().map(CountryCode::as_str),
        "taxNumber": tax_number,
        "addresses": addresses.map(|known| &known.address).collect::<Vec<_>>(),
        "createdAt": of.created_at,
        "updatedAt": of.updated_at,
    })
}

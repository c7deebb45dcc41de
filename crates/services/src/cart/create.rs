//! A new cart, with whatever it begins with.

use super::{
    AddressRefusal, CardsRefusal, CartWarning, CodesRefusal, DetailsRefusal, IdentityRefusal, TooManyUnits,
    delivery::{self, NewAddress},
    details::{self, IdentityChange},
    discard::discard_by_id,
    discount_codes,
    edit::{CartError, Edited, MerchandiseRefusal, first_save},
    gift_card_codes,
    identify::claim,
    lines::{self, LinesRefusal},
    units,
};
use crate::{Context, account::Caller};
use std::sync::Arc;
use stoa_domain::{
    cart::{AddLine, Attribute, Cart},
    shared::{CartId, VariantId},
};

/// What a new cart begins with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewCart {
    /// Lines.
    pub lines: Vec<AddLine>,
    /// Note.
    pub note: Option<String>,
    /// Attributes.
    pub attributes: Vec<Attribute>,
    /// Who buys.
    pub buyer: IdentityChange,
    /// Where to deliver.
    pub addresses: Vec<NewAddress>,
    /// Discount codes, as typed.
    pub codes: Vec<String>,
    /// Codes of gift cards, as typed.
    pub gift_cards: Vec<String>,
}

/// Why a cart is not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CreateRefusal {
    /// Because of its lines.
    Lines(LinesRefusal),
    /// Because of its note, attributes or buyer.
    Details(DetailsRefusal),
    /// Because of its addresses.
    Address(AddressRefusal),
    /// Because it cannot be the customer's.
    Customer(IdentityRefusal),
    /// Because of its discount codes.
    Codes(CodesRefusal),
    /// Because of its gift cards.
    Cards(CardsRefusal),
}

impl MerchandiseRefusal for CreateRefusal {
    fn not_for_sale(variant: VariantId) -> Self {
        Self::Lines(LinesRefusal::NotForSale(variant))
    }

    fn too_many_units(why: TooManyUnits) -> Self {
        Self::Lines(LinesRefusal::TooManyUnits(why))
    }
}

/// Makes carts.
pub struct CreateCart(pub(crate) Arc<Context>);

impl CreateCart {
    /// Makes a cart in the currency of its buyer's country. Lines that cannot be had in full are cut down, with a warning. A customer has one cart:
    /// where they have one already, what the new one begins with goes into it, and it is what is given.
    ///
    /// # Errors
    /// A refusal or a fault. No cart was made then.
    pub async fn run(&self, by: &Caller, new: NewCart) -> Result<Edited, CartError<CreateRefusal>> {
        let ctx = &self.0;
        let now = ctx.now();
        let id = CartId::new(ctx.ports.ids.secret_id());
        // Of its market, once it is priced.
        let mut cart = Cart::new(id, ctx.settings.currency, now);
        fill_details(ctx, &mut cart, &new)?;
        if !new.gift_cards.is_empty() {
            let cards = |refusal| CartError::Refused(CreateRefusal::Cards(refusal));
            let found = gift_card_codes::look_up(ctx, by, &cart, &new.gift_cards, now).await;
            let found = found.map_err(|error| error.map(CreateRefusal::Cards))?;
            cart.replace_gift_cards(&found).map_err(|refusal| cards(refusal.into()))?;
        }
        let (made, mut warnings) = first_save(ctx, by, cart, now, |cart| {
            lines::add_lines(ctx, cart, new.lines.clone()).map_err(CreateRefusal::Lines)
        })
        .await?;
        let Some(who) = by.signed_in() else { return Ok((made, warnings)) };
        match Box::pin(claim(ctx, by, who, id, &IdentityChange::default())).await {
            Ok((theirs, more)) => {
                // What is to be said of codes is said of the cart that they are in now.
                warnings.retain(|warning| !matches!(warning, CartWarning::CodeOfNoUse { .. }));
                warnings.extend(more);
                Ok((theirs, warnings))
            }
            Err(error) => {
                abandon(ctx, by, id).await;
                Err(error.map(CreateRefusal::Customer))
            }
        }
    }
}

/// Takes away a cart that nobody has been told of, with what it holds and what that counts. After a fault its lines may be in the
/// customer's own: there they are counted and held. If it cannot be taken away now it goes by itself.
async fn abandon(ctx: &Arc<Context>, by: &Caller, id: CartId) {
    match discard_by_id(ctx, id).await {
        Ok(Some(gone)) if gone.merging_into.is_none() => {
            units::give_back(ctx, by, gone.total_quantity()).await;
        }
        Ok(_) => {}
        Err(fault) => {
            tracing::warn!(error = %fault, "a cart that was not to be stays until nobody has used it for a while");
        }
    }
}

fn fill_details(ctx: &Context, cart: &mut Cart, new: &NewCart) -> Result<(), CartError<CreateRefusal>> {
    let details = |r| CartError::Refused(CreateRefusal::Details(r));
    if let Some(note) = &new.note {
        details::set_note(cart, note).map_err(details)?;
    }
    details::set_attributes(cart, &new.attributes).map_err(details)?;
    details::set_identity(cart, &new.buyer).map_err(details)?;
    let codes = |r| CartError::Refused(CreateRefusal::Codes(r));
    let entered = discount_codes::parse(&new.codes).map_err(codes)?;
    cart.replace_codes(entered).map_err(|refusal| codes(refusal.into()))?;
    delivery::add(ctx, cart, &new.addresses).map_err(|r| CartError::Refused(CreateRefusal::Address(r)))?;
    Ok(())
}

//! `cartCreate`: a new cart, with whatever it begins with.

use crate::graphql::{
    ApiError, Request,
    cart::{
        AttributeInput, CartErrorCode, CartMutation, CartPayload, CartUserError, InputError, InputPath,
        attribute, caller_with,
        inputs::{
            AddressBook, CartBuyerIdentityInput, CartLineInput, CartSelectableAddressInput, added_lines,
            bounded, identity_change, new_addresses,
        },
        refusals::{self, Places},
    },
};
use async_graphql::{Context, InputObject, Object};
use stoa_domain::shared::{CountryCode, VariantId};
use stoa_graphql_http::Nullable;
use stoa_services::cart::{CardsRefusal, CartError, CreateRefusal, NewCart};

/// What a new cart begins with.
#[derive(Clone, Debug, Default, InputObject)]
pub struct CartInput {
    /// Free keys and values, at most 250.
    pub attributes: Option<Vec<AttributeInput>>,
    /// Who buys. Without a country, it is the one the operation is answered for.
    pub buyer_identity: Option<CartBuyerIdentityInput>,
    /// Where it can be delivered to.
    pub delivery: Option<CartDeliveryInput>,
    /// Discount codes, at most 10. One that is of no use stays, with a warning.
    pub discount_codes: Option<Vec<String>>,
    /// The codes of gift cards that are to pay, at most 10. If one is of no use no cart is made.
    pub gift_card_codes: Option<Vec<String>>,
    /// What goes in, at most 250 lines.
    pub lines: Option<Vec<CartLineInput>>,
    /// Typed data of other programs. Refused here: carts keep none yet.
    pub metafields: Option<Vec<CartInputMetafieldInput>>,
    /// What the buyer writes, at most 5,000 characters.
    pub note: Option<String>,
}

/// Where a new cart can be delivered to.
#[derive(Clone, Debug, Default, InputObject)]
pub struct CartDeliveryInput {
    /// The addresses to choose from.
    pub addresses: Option<Vec<CartSelectableAddressInput>>,
}

/// Typed data of another program.
#[derive(Clone, Debug, InputObject)]
pub struct CartInputMetafieldInput {
    /// The key, with its namespace.
    pub key: String,
    /// The type of the value.
    #[graphql(name = "type")]
    pub kind: String,
    /// The value as text.
    pub value: String,
}

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct CartCreate;

impl CartMutation for CartCreate {
    const PAYLOAD: &'static str = "CartCreatePayload";
}

/// Makes carts.
#[Object]
impl CartCreate {
    /// Makes a cart. What cannot be had in full is cut down to what can, with a warning. Keep the id: it is the key to
    /// the cart. A customer who is signed in and has a cart already keeps that: what the new one begins with goes into it, and it is
    /// what is answered.
    async fn cart_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it begins with; nothing makes an empty cart.")] input: Option<CartInput>,
    ) -> Nullable<CartPayload<Self>> {
        Nullable::run(async { create(ctx, input.unwrap_or_default()).await.map(Some) }).await
    }
}

async fn create(ctx: &Context<'_>, mut input: CartInput) -> Result<CartPayload<CartCreate>, ApiError> {
    let services = ctx.services();
    let places = Places::cart_input();
    let token = input.buyer_identity.as_mut().and_then(|buyer| buyer.customer_access_token.take());
    let by = match caller_with(ctx, token, &places.buyer.field("customerAccessToken")).await {
        Ok(by) => by,
        Err(InputError::Request(error)) => return Err(error),
        Err(InputError::Refused(error)) => return Ok(CartPayload::without_cart(error)),
    };
    let written = input.delivery.iter().flat_map(|delivery| delivery.addresses.iter().flatten());
    let book = AddressBook::of(services, &by, written.map(|input| &input.address)).await?;
    let mut new = match new_cart(input, &places, &book) {
        Ok(new) => new,
        Err(InputError::Request(error)) => return Err(error),
        Err(InputError::Refused(error)) => return Ok(CartPayload::without_cart(error)),
    };
    let asked = || ctx.in_context().and_then(|context| CountryCode::parse(context.country.as_deref()?));
    new.buyer.country = new.buyer.country.or_else(asked);
    let variants: Vec<_> = new.lines.iter().map(|line| Some(line.variant)).collect();
    match Box::pin(services.create_cart.run(&by, new)).await {
        Ok(edited) => Ok(CartPayload::edited(edited, &by)),
        Err(CartError::Refused(CreateRefusal::Cards(CardsRefusal::TooManyGuesses { retry_after }))) => {
            Err(ApiError::too_many_guesses(retry_after))
        }
        Err(CartError::Refused(refusal)) => {
            Ok(CartPayload::without_cart(explain(&refusal, &places, &variants)))
        }
        // Nobody else knows of a cart that is being made; should it be so after all, another try makes another cart.
        Err(CartError::NotFound | CartError::Busy) => Ok(CartPayload::without_cart(CartUserError::busy())),
        Err(CartError::Fault(fault)) => Err(fault.into()),
    }
}

fn new_cart(input: CartInput, at: &Places, book: &AddressBook) -> Result<NewCart, InputError> {
    if input.metafields.is_some_and(|metafields| !metafields.is_empty()) {
        let path = InputPath::argument("input").field("metafields");
        let message = "Carts keep no metafields here.";
        return Err(CartUserError::new(CartErrorCode::InvalidMetafields, path, message).into());
    }
    bounded("discountCodes", input.discount_codes.as_deref().unwrap_or_default())?;
    bounded("giftCardCodes", input.gift_card_codes.as_deref().unwrap_or_default())?;
    bounded("attributes", input.attributes.as_deref().unwrap_or_default())?;
    let addresses = input.delivery.and_then(|delivery| delivery.addresses).unwrap_or_default();
    Ok(NewCart {
        lines: added_lines(input.lines.unwrap_or_default(), &at.lines)?,
        note: input.note,
        attributes: attribute::into_domain(input.attributes.unwrap_or_default()),
        buyer: identity_change(input.buyer_identity.unwrap_or_default(), &at.buyer)?,
        addresses: new_addresses(addresses, &at.addresses, book)?,
        codes: input.discount_codes.unwrap_or_default(),
        gift_cards: input.gift_card_codes.unwrap_or_default(),
    })
}

fn explain(refusal: &CreateRefusal, at: &Places, variants: &[Option<VariantId>]) -> CartUserError {
    let input = |field| InputPath::argument("input").field(field);
    match refusal {
        CreateRefusal::Lines(refusal) => refusals::lines(*refusal, &at.lines, variants),
        CreateRefusal::Details(refusal) => refusals::details(*refusal, at),
        CreateRefusal::Address(refusal) => refusals::addresses(*refusal, &at.addresses),
        CreateRefusal::Customer(refusal) => refusals::identity(*refusal, at),
        CreateRefusal::Codes(refusal) => refusals::codes(*refusal, &input("discountCodes")),
        CreateRefusal::Cards(refusal) => refusals::cards(*refusal, &input("giftCardCodes")),
    }
}

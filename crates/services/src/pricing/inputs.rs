//! All that a cart's price depends on beside its goods, read once a request.

use super::{ShopRules, Whose, buyer, places, standing, stored_value};
use crate::Context;
use std::sync::Arc;
use stoa_domain::{
    cart::Cart,
    delivery::StockAt,
    pricing::{BuyerFacts, Quotes, Standing, StoredValue},
    shared::{Fault, Place, Timestamp, VariantId},
};

/// All that a cart's price depends on beside its goods. It stays what it is however the cart's lines change.
#[derive(Clone, Debug)]
pub(crate) struct Inputs {
    /// What the shop decides.
    pub(crate) rules: Arc<ShopRules>,
    /// Who buys.
    pub(crate) buyer: BuyerFacts,
    /// What tells this buyer from others in what is limited for each; none where nothing is, or nobody is known.
    pub(crate) buyer_keys: Vec<String>,
    /// What of promotions was used before.
    pub(crate) standing: Standing,
    /// Gift cards and store credit, in the order in which they pay.
    pub(crate) stored_value: Vec<StoredValue>,
    /// What each place could send, where some rule asks.
    pub(crate) places: Vec<StockAt>,
    /// Where those places are. The shop's are all where the shop is, as far as it says.
    pub(crate) home: Place,
    /// What services outside of the house have said.
    pub(crate) quotes: Quotes,
    /// Whether a tax service has not answered, in a shop that sells nothing without its answer.
    pub(crate) tax_missing: bool,
}

impl Inputs {
    /// Reads what the cart and the rules ask for: nothing where they ask for nothing. `variants` are those whose places may be asked for.
    pub(crate) async fn read(
        ctx: &Context,
        cart: &Cart,
        rules: Arc<ShopRules>,
        (whose, variants): (&Whose, &[VariantId]),
        now: Timestamp,
    ) -> Result<Self, Fault> {
        let home = rules.rules.settings().home.clone();
        let home = home.unwrap_or_else(|| Place::somewhere_in(ctx.settings.country));
        let account = buyer::account(ctx, &rules, whose).await?;
        let mut buyer = buyer::facts(cart, whose, account.as_ref());
        let mut standing = standing::read(ctx, &rules, &cart.codes).await?;
        let counted = buyer::counted(ctx, &rules, (whose, account.as_ref()), cart).await?;
        let buyer_keys = standing::of_buyer(ctx, &rules, &counted, (&mut standing, &mut buyer), now).await?;
        let currency = stoa_domain::pricing::Context::of(&rules.rules, cart.buyer.country).currency;
        let stored_value = stored_value::read(ctx, cart, whose, currency, now).await?;
        let places = places::read(ctx, &rules, variants).await?;
        Ok(Self {
            rules,
            buyer,
            buyer_keys,
            standing,
            stored_value,
            places,
            home,
            quotes: Quotes::default(),
            tax_missing: false,
        })
    }
}

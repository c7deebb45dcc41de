//! The staff's half of the shop: what members of staff, programs with keys and the command line do to what the shop has.
//!
//! Each use case takes the [`Permit`](stoa_domain::access::Permit) of its kind of act, so that a forgotten check does not compile. Whatever
//! is written is written in a transaction that says in the audit log what it was before and is now; a refusal leaves neither. What a
//! repeated request could do twice takes a key, or the value that was seen.

mod after;
mod catalog;
mod customer;
mod delivery;
mod gift_card;
mod inventory;
mod jobs;
mod market;
mod order;
mod place;
mod price_list;
mod pricing_settings;
mod promotion;
mod region;
mod repeat;
mod settings;
mod tax;

pub use catalog::{
    CollectionError, CollectionPatch, Collections, Move, NewGoods, ProductError, ProductPatch, Products,
    VariantPatch, Variants,
};
pub use customer::{
    CustomerAccounts, CustomerChange, CustomerDetails, CustomerError, CustomerGroups, CustomerSearchError,
    Customers, EraseAsStaff, ExportCustomer, GroupError, InviteCustomer, parse_customer_search,
};
pub use delivery::{
    DeliveryKind, DeliveryMethodDraft, DeliveryMethodError, DeliveryMethodPatch, DeliveryMethods,
    DeliveryZoneDraft, DeliveryZoneError, DeliveryZonePatch, DeliveryZones, Figure, RateDraft,
};
pub use gift_card::{
    GiftCardAdjustment, GiftCardDraft, GiftCardError, GiftCardMade, GiftCardPatch, GiftCardSearchError,
    GiftCards, StoreCreditAdjustment, parse_gift_card_search,
};
pub use inventory::{ChangeStock, ReadStock, StockAdjustment, StockCount, StockError, StockWritten};
pub use jobs::{JobError, Jobs};
pub use market::{
    ExchangeRates, MarketDraft, MarketError, MarketPatch, Markets, NewExchangeRate, RatesError,
};
pub use order::{
    CancelOrder, CancelOrderError, Cancellation, ClearAttention, ClearAttentionError, FulfillOrderError,
    Fulfillments, NewParcel, OrderSearchError, Orders, RefundGiven, RefundOrder, RefundOrderError,
    RefundRequest, RefundView, SeenMark, Undone, parse_order_search,
};
pub use place::{InputPlace, InputRefusal, PlaceSegment, Unfit};
pub use price_list::{
    ListPriceKey, NewListPrice, PriceListDraft, PriceListError, PriceListPatch, PriceLists,
};
pub use pricing_settings::{DecidedSettings, PricingDecisions, PricingSettingsError, PricingSettingsPatch};
pub use promotion::{
    CodeToAdd, CodesError, CodesExport, CodesWanted, PreviewError, PreviewPromotion, PromotionCodes,
    PromotionDraft, PromotionError, PromotionInQuestion, PromotionPreview, Promotions,
};
pub use repeat::BadKey;
pub use settings::ReadSettings;
pub(crate) use tax::eu_vat_as_of;
pub use tax::{
    CsvProblem, TaxCategories, TaxCategoryDraft, TaxCategoryError, TaxCategoryPatch, TaxImport,
    TaxImportError, TaxRateDraft, TaxSource, TaxZoneDraft, TaxZoneError, TaxZonePatch, TaxZones,
};

use catalog::look_again;

use crate::Context;
use std::sync::Arc;

/// One value for each use case of the staff's half.
pub struct Admin {
    /// Shows orders.
    pub orders: Orders,
    /// Gives money back.
    pub refund_order: RefundOrder,
    /// Cancels orders.
    pub cancel_order: CancelOrder,
    /// Takes marks off orders that somebody has looked at.
    pub clear_attention: ClearAttention,
    /// Sends what was bought.
    pub fulfillments: Fulfillments,
    /// Shows stock.
    pub stock: ReadStock,
    /// Counts and corrects it.
    pub change_stock: ChangeStock,
    /// Shows and writes products.
    pub products: Products,
    /// Writes their variants.
    pub variants: Variants,
    /// Shows and writes collections.
    pub collections: Collections,
    /// Shows customers.
    pub customers: Customers,
    /// Says something else of them.
    pub customer_details: CustomerDetails,
    /// Shuts them out, and lets them in.
    pub customer_accounts: CustomerAccounts,
    /// Asks them to prove their address.
    pub invite_customer: InviteCustomer,
    /// Takes them out.
    pub erase_customer: EraseAsStaff,
    /// Takes out what is known of them.
    pub export_customer: ExportCustomer,
    /// Sorts them.
    pub customer_groups: CustomerGroups,
    /// Shows jobs, tries them again, drops them.
    pub jobs: Jobs,
    /// Shows the settings.
    pub settings: ReadSettings,
    /// Shows, makes, changes and switches promotions.
    pub promotions: Promotions,
    /// Shows their codes, makes them, switches them off.
    pub promotion_codes: PromotionCodes,
    /// Says what one would do to a cart.
    pub preview_promotion: PreviewPromotion,
    /// Shows, makes, changes and fills price lists.
    pub price_lists: PriceLists,
    /// Shows, makes and changes markets.
    pub markets: Markets,
    /// Shows and sets exchange rates.
    pub exchange_rates: ExchangeRates,
    /// Shows, makes and changes delivery zones.
    pub delivery_zones: DeliveryZones,
    /// Shows, makes and changes ways of delivering.
    pub delivery_methods: DeliveryMethods,
    /// Shows, makes and changes kinds of goods that are taxed alike.
    pub tax_categories: TaxCategories,
    /// Shows, makes, changes and imports tax zones with their rates.
    pub tax_zones: TaxZones,
    /// Shows and makes gift cards, changes what is on them and what customers have to spend.
    pub gift_cards: GiftCards,
    /// Shows and changes what the shop has decided about money.
    pub pricing_decisions: PricingDecisions,
}

impl Admin {
    /// Wires them.
    pub(crate) fn new(context: &Arc<Context>) -> Self {
        let ctx = || Arc::clone(context);
        Self {
            orders: Orders(ctx()),
            refund_order: RefundOrder(ctx()),
            cancel_order: CancelOrder(ctx()),
            clear_attention: ClearAttention(ctx()),
            fulfillments: Fulfillments(ctx()),
            stock: ReadStock(ctx()),
            change_stock: ChangeStock(ctx()),
            products: Products(ctx()),
            variants: Variants(ctx()),
            collections: Collections(ctx()),
            customers: Customers(ctx()),
            customer_details: CustomerDetails(ctx()),
            customer_accounts: CustomerAccounts(ctx()),
            invite_customer: InviteCustomer(ctx()),
            erase_customer: EraseAsStaff(ctx()),
            export_customer: ExportCustomer(ctx()),
            customer_groups: CustomerGroups(ctx()),
            jobs: Jobs(ctx()),
            settings: ReadSettings(ctx()),
            promotions: Promotions(ctx()),
            promotion_codes: PromotionCodes(ctx()),
            preview_promotion: PreviewPromotion(ctx()),
            price_lists: PriceLists(ctx()),
            markets: Markets(ctx()),
            exchange_rates: ExchangeRates(ctx()),
            delivery_zones: DeliveryZones(ctx()),
            delivery_methods: DeliveryMethods(ctx()),
            tax_categories: TaxCategories(ctx()),
            tax_zones: TaxZones(ctx()),
            gift_cards: GiftCards(ctx()),
            pricing_decisions: PricingDecisions(ctx()),
        }
    }
}

#[cfg(test)]
mod tests;

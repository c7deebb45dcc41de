//! What a cart costs. Pure: the same input always gives the same figures, and placing an order stores exactly them.

mod context;
mod delivery;
mod input;
mod needs;
mod output;
mod parcels;
mod place;
mod preview;
mod price_cart;
mod prices;
mod promotion;
mod proportion;
mod retold;
mod round;
mod rules;
mod settings;
mod shop;
mod spread;
mod step;
mod stored_value;
mod tax;
mod totals;
mod working;

pub use input::{
    BuyerFacts, CodeStanding, Context, Goods, GroupIndex, LineIndex, PricingInput, PricingLine, Quotes,
    Standing, StoredValue, Used,
};
pub use needs::Needs;
pub use output::{
    AppliedPromotion, CodeOutcome, GiftDue, OffValue, PricedCart, PricedGroup, PricedLine, PricingError,
    ShopFigures, StoredPart, TaxAmount,
};
pub use parcels::parcels;
pub use preview::{Preview, Verdict, preview};
pub use price_cart::price_cart;
pub use prices::{InvalidRounding, ListPrice, PriceBook, PriceList, PriceListKind, RoundingRule, UnitPrice};
pub use promotion::{
    Action, Class, CodeKey, Condition, Definition, DiscountWarning, EnteredCode, InvalidPromotion, Method,
    MoneyBounds, MoneyTable, Off, Per, Promotion, Target, Tier, TierBy, Why,
};
pub use retold::retold;
pub use rules::{Rules, RulesData};
pub use settings::{
    DeliveryOption, DeliveryTax, GroupDeliveries, PricingRules, PricingSettings, TaxBasis, TaxRounding,
};
pub use spread::{Share, shares, spread};
pub use step::{Source, Step, StepKind, Steps};
pub use tax::tax_request;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod stage_tests;
#[cfg(test)]
mod tests;

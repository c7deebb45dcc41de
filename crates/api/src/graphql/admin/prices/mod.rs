//! Price lists, markets and exchange rates, as staff see and write them.

mod error_code;
mod input;
mod market;
mod price_list;
mod queries;
mod rate;

pub use error_code::{PriceErrorCode, PriceUserError};
pub(super) use error_code::{market_refusal, price_list_refusal, rates_refusal};
pub use input::{
    ExchangeRateInput, MarketCreateInput, MarketRoundingInput, MarketRoundingUpInput, MarketUpdateInput,
    PriceListCreateInput, PriceListPriceInput, PriceListPriceKeyInput, PriceListUpdateInput,
};
pub use market::{AdminMarket, MarketRounding, MarketRoundingUp};
pub use price_list::{AdminListPrice, AdminPriceList, AdminVariantPrices, PriceListKind};
pub use queries::PriceReads;
pub use rate::AdminExchangeRate;

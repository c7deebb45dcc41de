//! An order as it was placed.

use super::{Attention, FulfillmentStatus, OrderState};
use crate::cart::Attribute;
use crate::market::ExchangeRate;
use crate::pricing::{ShopFigures, TaxRounding};
use crate::shared::{
    Address, CartId, Currency, CustomerId, EmailAddress, LineItemId, Locale, OrderId, ProductId, PromotionId,
    Rate, Timestamp, VariantId,
};

/// The number a buyer reads out on the telephone. Counts up from 1001.
pub type OrderNumber = i64;

/// A line of an order: a copy of what was sold, at the price it was sold for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineItem {
    /// Which.
    pub id: LineItemId,
    /// What was sold; the variant may be gone by now.
    pub variant: VariantId,
    /// Its product; may be gone by now.
    pub product: ProductId,
    /// The product's title when it was sold.
    pub title: String,
    /// The variant's title when it was sold.
    pub variant_title: String,
    /// The SKU when it was sold.
    pub sku: Option<String>,
    /// The picture when it was sold.
    pub image_url: Option<String>,
    /// Units.
    pub quantity: u32,
    /// Price of one unit, in minor units.
    pub unit_price: i64,
    /// Units times price.
    pub subtotal: i64,
    /// What promotions took off it, its share of what they took off the whole order included.
    pub discount: i64,
    /// Tax inside or on top, as [`OrderFigures::prices_include_tax`] says.
    pub tax: i64,
    /// Tax that its price contains and this buyer did not owe.
    pub removed_tax: i64,
    /// The promotion that put it in for nothing; `None`: the buyer did.
    pub gift_of: Option<PromotionId>,
    /// Whether it is a gift card.
    pub gift_card: bool,
    /// Whether it has to be delivered.
    pub requires_shipping: bool,
    /// Units that have left the house.
    pub fulfilled: u32,
    /// What was to be done to it.
    pub attributes: Vec<Attribute>,
}

/// The order's money, in minor units of `currency`, as computed when it was placed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderFigures {
    /// The currency of all figures.
    pub currency: Currency,
    /// Sum of the lines.
    pub subtotal: i64,
    /// What promotions took off the lines.
    pub discount: i64,
    /// Delivery.
    pub delivery: i64,
    /// What promotions took off delivery.
    pub delivery_discount: i64,
    /// Tax on delivery.
    pub delivery_tax: i64,
    /// Tax that prices contain and this buyer did not owe, of lines and of delivery.
    pub removed_tax: i64,
    /// All tax.
    pub tax: i64,
    /// What it costs.
    pub total: i64,
    /// What of it the buyer is charged: what gift cards and store credit left.
    pub charge: i64,
    /// The figures in the shop's currency, where it is another.
    pub shop: Option<ShopMoney>,
    /// Whether the buyer owes the tax in their own country, and paid none here.
    pub reverse_charge: bool,
    /// The tax rate that applied; 0 where there were several.
    pub tax_rate: Rate,
    /// Whether prices contained it.
    pub prices_include_tax: bool,
    /// How it was rounded.
    pub tax_rounding: TaxRounding,
}

/// An order's figures in the shop's currency, as they were when it was placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShopMoney {
    /// The shop's currency.
    pub currency: Currency,
    /// What one unit of it was worth in the order's.
    pub rate: ExchangeRate,
    /// The figures, which sum as those of the order do.
    pub figures: ShopFigures,
}

/// A placed order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Which.
    pub id: OrderId,
    /// The number people use.
    pub number: OrderNumber,
    /// Whoever knows it sees the order: given to the buyer right after checkout.
    pub token: String,
    /// The cart it came from; a cart becomes an order at most once.
    pub cart: CartId,
    /// Where it stands.
    pub state: OrderState,
    /// Why somebody should look at it.
    pub attention: Option<Attention>,
    /// How much has left the house.
    pub fulfillment: FulfillmentStatus,
    /// The account it belongs to; `None`: a guest's, which becomes somebody's when they prove that the address is theirs.
    pub customer: Option<CustomerId>,
    /// The language the buyer is written to in; `None`: the shop's.
    pub locale: Option<Locale>,
    /// The buyer's e-mail address.
    pub email: EmailAddress,
    /// The buyer's telephone.
    pub phone: Option<String>,
    /// Where to deliver; `None` when nothing is shipped.
    pub shipping_address: Option<Address>,
    /// How it is delivered, as the buyer read it.
    pub delivery_title: Option<String>,
    /// The delivery option's handle.
    pub delivery_handle: Option<String>,
    /// The buyer's note.
    pub note: Option<String>,
    /// Free keys and values from the cart.
    pub attributes: Vec<Attribute>,
    /// The money.
    pub figures: OrderFigures,
    /// What was bought, in the cart's order.
    pub lines: Vec<LineItem>,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Order {
    /// What people call it: `#1001`.
    pub fn name(&self) -> String {
        format!("#{}", self.number)
    }

    /// Which mark it is: another one with each that is given, and with every other change. `None`: it has none. Whoever has looked at the
    /// order for one of them has not seen what came later.
    pub fn attention_version(&self) -> Option<String> {
        self.attention.map(|_| self.updated_at.timestamp_micros().to_string())
    }

    /// Of the tax that this buyer did not owe what delivery contains: what the lines do not.
    pub fn delivery_removed_tax(&self) -> i64 {
        self.lines.iter().fold(self.figures.removed_tax, |left, line| left.saturating_sub(line.removed_tax))
    }

    /// What delivery cost, tax included: what may be given back for it, in minor units.
    pub fn delivery_value(&self) -> i64 {
        let figures = &self.figures;
        let on_top = if figures.prices_include_tax { 0 } else { figures.delivery_tax };
        figures
            .delivery
            .saturating_sub(figures.delivery_discount)
            .saturating_sub(self.delivery_removed_tax())
            .saturating_add(on_top)
    }
}

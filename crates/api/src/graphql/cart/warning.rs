//! What a buyer should know although a change of the cart was made.

use crate::graphql::scalars::Gid;
use async_graphql::{Enum, ID, Object};
use std::borrow::Cow;
use stoa_domain::{cart::CartDetail, shared::CartId};
use stoa_services::cart;

/// What kind of thing the buyer should know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CartWarningCode {
    /// The discount code was not applied.
    DiscountCodeNotHonoured,
    /// The discount has not begun or is over.
    DiscountCurrentlyInactive,
    /// The discount is not for this customer.
    DiscountCustomerNotEligible,
    /// The customer has used the discount as often as allowed.
    DiscountCustomerUsageLimitReached,
    /// The discount is for signed-in customers.
    DiscountEligibleCustomerMissing,
    /// The discount is not for purchases of this kind.
    DiscountIncompatiblePurchaseType,
    /// There is no such discount.
    DiscountNotFound,
    /// The discount is for none of the cart's lines.
    DiscountNoEntitledLineItems,
    /// The discount is for none of the ways of delivery.
    DiscountNoEntitledShippingLines,
    /// The cart's subtotal is outside the discount's range.
    DiscountPurchaseNotInRange,
    /// The cart's quantity is outside the discount's range.
    DiscountQuantityNotInRange,
    /// The discount has been used as often as allowed.
    DiscountUsageLimitReached,
    /// The cart has this delivery address already.
    DuplicateDeliveryAddress,
    /// Less is left than was wanted: the line has what there is.
    MerchandiseNotEnoughStock,
    /// Both of two carts that were merged said something, such as a note, and what this cart says was kept. An addition of this server
    /// to the vocabulary.
    MergedCartDetailKept,
    /// Nothing is left: there is no line.
    MerchandiseOutOfStock,
    /// The selling plan is not offered at this company location.
    MerchandiseSellingPlanNotApplicableOnCompanyLocation,
    /// Gift cards cannot be used here.
    PaymentsGiftCardsUnavailable,
}

/// Something that was not done as asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CartWarning {
    code: CartWarningCode,
    message: Cow<'static, str>,
    target: ID,
}

impl CartWarning {
    /// A discount code that names no discount.
    pub fn discount_not_found(cart: CartId) -> Self {
        Self {
            code: CartWarningCode::DiscountNotFound,
            message: Cow::Borrowed("There is no discount with this code."),
            target: ID(Gid(cart).text()),
        }
    }

    /// A gift card, which this shop does not take.
    pub fn gift_cards_unavailable(cart: CartId) -> Self {
        Self {
            code: CartWarningCode::PaymentsGiftCardsUnavailable,
            message: Cow::Borrowed("This shop does not take gift cards."),
            target: ID(Gid(cart).text()),
        }
    }
}

impl From<cart::CartWarning> for CartWarning {
    fn from(warning: cart::CartWarning) -> Self {
        match warning {
            cart::CartWarning::NotEnoughStock { line, variant: _, available } => Self {
                code: CartWarningCode::MerchandiseNotEnoughStock,
                message: format!("Only {available} left: the cart has what there is.").into(),
                target: ID(Gid(line).text()),
            },
            cart::CartWarning::NoLongerHeld { line, variant: _, available } => Self {
                code: CartWarningCode::MerchandiseNotEnoughStock,
                message: Cow::Owned(format!(
                    "Only {available} can be had at the moment; the line was left as it is and cannot be ordered so."
                )),
                target: ID(Gid(line).text()),
            },
            cart::CartWarning::OutOfStock { variant } => Self {
                code: CartWarningCode::MerchandiseOutOfStock,
                message: Cow::Borrowed("It is sold out: the cart has none of it."),
                target: ID(Gid(variant).text()),
            },
            cart::CartWarning::DetailKept { cart, detail } => Self {
                code: CartWarningCode::MergedCartDetailKept,
                message: Cow::Borrowed(kept(detail)),
                target: ID(Gid(cart).text()),
            },
        }
    }
}

const fn kept(detail: CartDetail) -> &'static str {
    match detail {
        CartDetail::Note => "The cart keeps its own note; that of the other cart was left out.",
        CartDetail::Attributes => {
            "The cart keeps its own attributes; those of the other cart with the same keys were left out."
        }
        CartDetail::Delivery => "The cart keeps the delivery that was chosen for it.",
        CartDetail::Email => "The cart keeps its own e-mail address; that of the other cart was left out.",
        CartDetail::Phone => "The cart keeps its own telephone number; that of the other cart was left out.",
        CartDetail::Country => "The cart keeps its own country; that of the other cart was left out.",
        CartDetail::TaxNumber => "The cart keeps its own tax number; that of the other cart was left out.",
        CartDetail::Codes => "The cart keeps its own discount codes; of the other cart's some were left out.",
        CartDetail::GiftCards => "The cart keeps its own gift cards; of the other cart's some were left out.",
    }
}

/// Something the buyer should know although the change was made.
#[Object]
impl CartWarning {
    /// What kind of thing, for programs.
    fn code(&self) -> CartWarningCode {
        self.code
    }

    /// What it is, for people.
    fn message(&self) -> &str {
        &self.message
    }

    /// What it is about: a line of the cart; the merchandise where no line is left; the cart itself.
    fn target(&self) -> &ID {
        &self.target
    }
}

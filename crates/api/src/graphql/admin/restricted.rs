//! The fields that are not there for everybody, and for whom they are. The guards of the fields ask for the same; tests compare the two.

use async_graphql::indexmap::IndexMap;
use std::sync::Arc;
use stoa_domain::access::{Actor, Grant, Need, Permission, grants};
use stoa_graphql_http::{GqlBuilder, Requirement};
use stoa_services::account::Caller;

/// What somebody has to be or have, for whom a field is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// To act for the shop: as a member of staff, or with a key.
    ToAct,
    /// What a grant needs.
    Need(Need),
}

/// Numbers of what is no permission; those of permissions are their places in the list.
const TO_ACT: u32 = 1_000;
const ONESELF: u32 = 1_001;
const OWNERSHIP: u32 = 1_002;

impl Asked {
    fn number(self) -> Requirement {
        Requirement(match self {
            Self::ToAct => TO_ACT,
            Self::Need(Need::Oneself) => ONESELF,
            Self::Need(Need::Ownership) => OWNERSHIP,
            // A list of a handful: the place fits, and what is not in it is nobody's.
            Self::Need(Need::Permission(permission)) => Permission::ALL
                .iter()
                .position(|known| *known == permission)
                .and_then(|place| u32::try_from(place).ok())
                .unwrap_or(u32::MAX),
        })
    }

    fn of(number: Requirement) -> Option<Self> {
        Some(match number.0 {
            TO_ACT => Self::ToAct,
            ONESELF => Self::Need(Need::Oneself),
            OWNERSHIP => Self::Need(Need::Ownership),
            place => Self::Need(Need::Permission(*Permission::ALL.get(usize::try_from(place).ok()?)?)),
        })
    }

    /// Whether an actor is or has it.
    pub fn is_met_by(self, actor: &Actor) -> bool {
        match self {
            Self::ToAct => true,
            Self::Need(need) => actor.meets(need),
        }
    }
}

/// Whether whoever calls has what a field asks for.
pub(in crate::graphql) fn allows(caller: Option<&Arc<Caller>>, requirement: Requirement) -> bool {
    let actor = caller.and_then(|caller| caller.actor.as_deref());
    actor.zip(Asked::of(requirement)).is_some_and(|(actor, asked)| asked.is_met_by(actor))
}

/// Lists that are given whole, and are as long as a shop makes them.
const UNPAGED: [&str; 6] = [
    "Admin.exchangeRates",
    "Admin.locations",
    "Admin.orderEvents",
    "Admin.orderRefunds",
    "Admin.promotionCodeBatches",
    "Admin.roles",
];

macro_rules! fields {
    (to_act: $($open:literal,)+ $($grant:ident: $($field:literal,)+)+) => {
        /// Every field of the admin half with what it asks for, as `Type.field`. What only such a field leads to is not there either.
        pub fn restricted_fields() -> IndexMap<&'static str, Asked> {
            let mut fields = IndexMap::new();
            $(fields.insert($open, Asked::ToAct);)+
            $($(fields.insert($field, Asked::Need(<grants::$grant as Grant>::NEED));)+)+
            fields
        }
    };
}

fields! {
    to_act:
        "Admin.access",
        "QueryRoot.admin",
    ApiKeysRead:
        "Admin.apiKeys",
    ApiKeysWrite:
        "Mutation.apiKeyCreate",
        "Mutation.apiKeyRevoke",
    AuditRead:
        "Admin.auditLog",
        "Admin.auditLogHead",
    CustomersErase:
        "Mutation.customerRequestDataErasure",
    CustomersExport:
        "Mutation.customerDataExport",
    CustomersRead:
        "Admin.customer",
        "Admin.customerGroups",
        "Admin.customers",
    CustomersWrite:
        "Mutation.customerDetailsUpdate",
        "Mutation.customerDisable",
        "Mutation.customerEnable",
        "Mutation.customerGroupAddMembers",
        "Mutation.customerGroupCreate",
        "Mutation.customerGroupDelete",
        "Mutation.customerGroupRemoveMembers",
        "Mutation.customerGroupUpdate",
        "Mutation.customerSendAccountInviteEmail",
    DeliveryRead:
        "Admin.deliveryMethod",
        "Admin.deliveryMethods",
        "Admin.deliveryZone",
        "Admin.deliveryZones",
    DeliveryWrite:
        "Mutation.deliveryMethodCreate",
        "Mutation.deliveryMethodDelete",
        "Mutation.deliveryMethodUpdate",
        "Mutation.deliveryZoneCreate",
        "Mutation.deliveryZoneDelete",
        "Mutation.deliveryZoneUpdate",
    Enrolment:
        "Admin.me",
        "Mutation.staffSessionRevoke",
        "Mutation.staffSignOut",
        "Mutation.staffSignOutEverywhere",
        "Mutation.staffStepUp",
        "Mutation.staffTotpBegin",
        "Mutation.staffTotpConfirm",
    FulfillmentsWrite:
        "Mutation.fulfillmentCreate",
        "Mutation.fulfillmentTrackingInfoUpdate",
    GiftCardsRead:
        "Admin.giftCard",
        "Admin.giftCardEntries",
        "Admin.giftCards",
    GiftCardsWrite:
        "Mutation.giftCardAdjust",
        "Mutation.giftCardCreate",
        "Mutation.giftCardDisable",
        "Mutation.giftCardUpdate",
        "Mutation.storeCreditAdjust",
    InventoryRead:
        "Admin.inventoryItems",
        "Admin.locations",
    InventoryWrite:
        "Mutation.inventoryAdjustQuantities",
        "Mutation.inventorySetQuantities",
    JobsRead:
        "Admin.jobs",
    JobsWrite:
        "Mutation.jobDiscard",
        "Mutation.jobRetry",
    MediaWrite:
        "Admin.mediaFiles",
        "Mutation.mediaDelete",
    Oneself:
        "Mutation.staffProfileUpdate",
    OrdersRead:
        "Admin.order",
        "Admin.orderEvents",
        "Admin.orderRefunds",
        "Admin.orders",
    OrdersRefund:
        "Mutation.refundCreate",
    OrdersWrite:
        "Mutation.orderAttentionClear",
        "Mutation.orderCancel",
    OwnCredentials:
        "Mutation.staffPasswordChange",
        "Mutation.staffRecoveryCodesCreate",
        "Mutation.staffTotpDisable",
    Ownership:
        "Mutation.staffOwnershipTransfer",
    PricesRead:
        "Admin.exchangeRates",
        "Admin.markets",
        "Admin.priceList",
        "Admin.priceListPrices",
        "Admin.priceLists",
    PricesWrite:
        "Mutation.exchangeRatesSet",
        "Mutation.marketCreate",
        "Mutation.marketDelete",
        "Mutation.marketUpdate",
        "Mutation.priceListCreate",
        "Mutation.priceListDelete",
        "Mutation.priceListPricesRemove",
        "Mutation.priceListPricesSet",
        "Mutation.priceListUpdate",
    ProductsRead:
        "Admin.collection",
        "Admin.collectionProducts",
        "Admin.collections",
        "Admin.product",
        "Admin.products",
    ProductsWrite:
        "Mutation.collectionAddProducts",
        "Mutation.collectionCreate",
        "Mutation.collectionDelete",
        "Mutation.collectionRemoveProducts",
        "Mutation.collectionReorderProducts",
        "Mutation.collectionUpdate",
        "Mutation.productCreate",
        "Mutation.productDelete",
        "Mutation.productUpdate",
        "Mutation.productVariantsBulkCreate",
        "Mutation.productVariantsBulkDelete",
        "Mutation.productVariantsBulkUpdate",
    PromotionsRead:
        "Admin.promotion",
        "Admin.promotionCodeBatches",
        "Admin.promotionCodes",
        "Admin.promotionPreview",
        "Admin.promotions",
    PromotionsWrite:
        "Mutation.promotionActivate",
        "Mutation.promotionArchive",
        "Mutation.promotionCodesAdd",
        "Mutation.promotionCodesDisable",
        "Mutation.promotionCodesGenerate",
        "Mutation.promotionCreate",
        "Mutation.promotionDeactivate",
        "Mutation.promotionUpdate",
    RolesRead:
        "Admin.roles",
    RolesWrite:
        "Mutation.roleCreate",
        "Mutation.roleDelete",
        "Mutation.roleUpdate",
    SettingsRead:
        "Admin.settings",
    StaffRead:
        "Admin.staffMember",
        "Admin.staffMembers",
        "StaffMember.sessions",
    StaffWrite:
        "Mutation.staffInvite",
        "Mutation.staffMemberDisable",
        "Mutation.staffMemberEnable",
        "Mutation.staffMemberRemove",
        "Mutation.staffMemberReset",
        "Mutation.staffMemberRolesSet",
        "Mutation.staffMemberSessionsEnd",
    TaxesRead:
        "Admin.pricingSettings",
        "Admin.taxCategories",
        "Admin.taxZone",
        "Admin.taxZones",
    TaxesWrite:
        "Mutation.pricingSettingsUpdate",
        "Mutation.taxCategoryCreate",
        "Mutation.taxCategoryDelete",
        "Mutation.taxCategoryUpdate",
        "Mutation.taxRatesImport",
        "Mutation.taxZoneCreate",
        "Mutation.taxZoneDelete",
        "Mutation.taxZoneUpdate",
}

/// Mutations without arguments. If their guard refuses, they alone are null, and not all of the answer.
const WITHOUT_ARGUMENTS: [&str; 4] = [
    "Mutation.staffRecoveryCodesCreate",
    "Mutation.staffSignOut",
    "Mutation.staffSignOutEverywhere",
    "Mutation.staffTotpDisable",
];

/// Closes the fields to whoever may not use them.
pub(in crate::graphql) fn close(schema: GqlBuilder) -> GqlBuilder {
    let close = |schema: GqlBuilder, (field, asked): (&str, Asked)| schema.restricted(field, asked.number());
    let schema = restricted_fields().into_iter().fold(schema, close);
    let schema = WITHOUT_ARGUMENTS.into_iter().fold(schema, GqlBuilder::null_on_error);
    UNPAGED.into_iter().fold(schema, GqlBuilder::unpaged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use stoa_domain::{
        access::{Origin, Permissions},
        shared::ApiKeyId,
    };
    use uuid::Uuid;

    #[test]
    fn a_number_is_read_back() {
        let permissions = Permission::ALL.iter().map(|p| Asked::Need(Need::Permission(*p)));
        let others = [Asked::ToAct, Asked::Need(Need::Oneself), Asked::Need(Need::Ownership)];
        for asked in permissions.chain(others) {
            assert_eq!(Asked::of(asked.number()), Some(asked));
        }
        assert_eq!(Asked::of(Requirement(u32::MAX)), None);
        assert_eq!(Asked::of(Requirement(999)), None);
    }

    #[test]
    fn who_has_shown_nothing_has_nothing_and_a_key_what_it_is_for() {
        let scopes = Permissions::of(&[Permission::ProductsRead, Permission::StaffWrite]);
        let key = Actor::key(ApiKeyId::new(Uuid::nil()), "till".into(), scopes, Origin::default());
        let caller = Arc::new(Caller::acting(key, stoa_services::account::Client::default()));
        let may = |asked: Asked| allows(Some(&caller), asked.number());
        assert!(may(Asked::ToAct));
        assert!(may(Asked::Need(Need::Permission(Permission::ProductsRead))));
        assert!(!may(Asked::Need(Need::Permission(Permission::ProductsWrite))));
        assert!(!may(Asked::Need(Need::Permission(Permission::StaffWrite))), "no key's");
        assert!(!may(Asked::Need(Need::Oneself)) && !may(Asked::Need(Need::Ownership)));
        let guest = Arc::new(Caller::default());
        for asked in restricted_fields().into_values() {
            assert!(!allows(None, asked.number()) && !allows(Some(&guest), asked.number()), "{asked:?}");
        }
    }
}

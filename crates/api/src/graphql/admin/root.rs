//! `admin`: the one root field under which staff and keys read, and what is read there of staff itself.

use super::{
    access::{Acting, acts, may, may_act, seen},
    api_key::ApiKey,
    audit::{AuditEntry, AuditFilter, AuditHead},
    caller::AdminAccess,
    collections::CollectionReads,
    customers::CustomerReads,
    delivery::DeliveryReads,
    gift_cards::GiftCardReads,
    inventory::InventoryReads,
    jobs::JobReads,
    me::Me,
    media::MediaReads,
    orders::OrderReads,
    page::{filled, ids},
    prices::PriceReads,
    pricing_settings::PricingSettingsReads,
    products::ProductReads,
    promotions::PromotionReads,
    role::Role,
    settings::SettingsReads,
    staff_member::StaffMember,
    taxes::TaxReads,
};
use crate::graphql::{
    ApiError, Request,
    paging::{Connection, PageArgs},
    scalars::gid,
};
use async_graphql::{Context, ID, MergedObject, Object};
use stoa_domain::{
    access::grants::{ApiKeysRead, AuditRead, Enrolment, RolesRead, StaffRead},
    shared::StaffId,
};
use stoa_graphql_http::Nullable;

/// The root field of whoever acts for the shop.
#[derive(Clone, Copy, Debug, Default)]
pub struct AdminQueries;

/// The root field of whoever acts for the shop.
#[Object]
impl AdminQueries {
    /// What staff and keys read. A field is there for whoever may use it.
    #[graphql(guard = "may_act", visible = "acts")]
    async fn admin(&self) -> Admin {
        Admin::default()
    }
}

/// What staff and keys read. A field is there for whoever may use it.
#[derive(Clone, Copy, Debug, Default, MergedObject)]
pub struct Admin(
    StaffReads,
    OrderReads,
    InventoryReads,
    ProductReads,
    CollectionReads,
    CustomerReads,
    JobReads,
    SettingsReads,
    MediaReads,
    PromotionReads,
    PriceReads,
    DeliveryReads,
    TaxReads,
    GiftCardReads,
    PricingSettingsReads,
);

/// What is read of staff, roles, keys, and what they did.
#[derive(Clone, Copy, Debug, Default)]
pub struct StaffReads;

/// What is read of staff, roles, keys, and what they did.
#[Object]
impl StaffReads {
    /// Who asks, and what they may do.
    #[graphql(guard = "may_act", visible = "acts")]
    async fn access(&self, ctx: &Context<'_>) -> Result<AdminAccess, ApiError> {
        AdminAccess::of(ctx)
    }

    /// The API keys, the newest first, with those that are over.
    #[graphql(guard = "may::<ApiKeysRead>", visible = "seen::<ApiKeysRead>")]
    async fn api_keys(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many from the front, at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many from the back, at most 250.")] last: Option<i32>,
    ) -> Result<Connection<ApiKey>, ApiError> {
        let by = ctx.permit::<ApiKeysRead>()?;
        let request = PageArgs { after, before, first, last }.request()?;
        let keys = &ctx.services().api_keys;
        let page = keys.list(&by, &request).await?;
        let found = keys.find_all(&by, &ids(&page)).await?;
        Ok(filled(&page, found, |key| key.id, ApiKey))
    }

    /// What was done in the shop's name, the latest first unless asked otherwise.
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the field")]
    #[graphql(guard = "may::<AuditRead>", visible = "seen::<AuditRead>")]
    async fn audit_log(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "Only those of which all of this is true.")] filter: Option<AuditFilter>,
        #[graphql(desc = "How many from the front, at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many from the back, at most 250.")] last: Option<i32>,
        #[graphql(default = true, desc = "Whether the latest come first.")] reverse: bool,
    ) -> Result<Connection<AuditEntry>, ApiError> {
        let by = ctx.permit::<AuditRead>()?;
        let request = PageArgs { after, before, first, last }.request()?;
        let listing = filter.unwrap_or_default().listing(reverse)?;
        let page = ctx.services().audit_log.list(&by, &listing, &request).await?;
        Ok(Connection::of(&page, |entry| AuditEntry(entry.clone())))
    }

    /// Where the audit log ends: written down elsewhere, it shows later whether its end was cut off.
    #[graphql(guard = "may::<AuditRead>", visible = "seen::<AuditRead>")]
    async fn audit_log_head(&self, ctx: &Context<'_>) -> Result<AuditHead, ApiError> {
        ctx.permit::<AuditRead>()?;
        Ok(AuditHead(ctx.services().audit_log.head().await?))
    }

    /// Whoever asks, as a member of staff.
    #[graphql(guard = "may::<Enrolment>", visible = "seen::<Enrolment>")]
    async fn me(&self, ctx: &Context<'_>) -> Result<Me, ApiError> {
        Ok(Me(ctx.services().staff_members.me(&ctx.permit::<Enrolment>()?).await?))
    }

    /// The roles, by name.
    #[graphql(guard = "may::<RolesRead>", visible = "seen::<RolesRead>")]
    async fn roles(&self, ctx: &Context<'_>) -> Result<Vec<Role>, ApiError> {
        let roles = ctx.services().roles.list(&ctx.permit::<RolesRead>()?).await?;
        Ok(roles.into_iter().map(Role).collect())
    }

    /// Somebody on the staff; null if there is nobody with this id.
    #[graphql(guard = "may::<StaffRead>", visible = "seen::<StaffRead>")]
    async fn staff_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Their global id.")] id: ID,
    ) -> Nullable<StaffMember> {
        Nullable::run(async {
            let by = ctx.permit::<StaffRead>()?;
            let Some(id) = gid::decode::<StaffId>(&id)? else { return Ok::<_, ApiError>(None) };
            let found = ctx.services().staff_members.find_all(&by, &[id]).await?;
            Ok(found.into_iter().next().map(StaffMember))
        })
        .await
    }

    /// The staff, in the order in which they were invited.
    #[graphql(guard = "may::<StaffRead>", visible = "seen::<StaffRead>")]
    async fn staff_members(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many from the front, at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many from the back, at most 250.")] last: Option<i32>,
    ) -> Result<Connection<StaffMember>, ApiError> {
        let by = ctx.permit::<StaffRead>()?;
        let request = PageArgs { after, before, first, last }.request()?;
        let members = &ctx.services().staff_members;
        let page = members.list(&by, &request).await?;
        let found = members.find_all(&by, &ids(&page)).await?;
        Ok(filled(&page, found, |member| member.id, StaffMember))
    }
}

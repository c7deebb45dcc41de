//! Things by their global ids.

use super::{
    ApiError, Request,
    abstract_type::interface,
    cart::{AppliedGiftCard, BaseCartLine, Cart, CartLine, ComponentizableCartLine, MailingAddress, caller},
    catalog::{self, Collection, Product, ProductOption, ProductOptionValue, ProductVariant},
    content::{Article, Blog, Metaobject, Page},
    location::Location,
    media::{ExternalVideo, MediaImage, Model3d, Video},
    metafield::Metafield,
    order::Order,
    scalars::gid,
    shop::{Shop, ShopPolicy},
};
use async_graphql::{Context, ID, Object};
use std::sync::Arc;
use stoa_domain::shared::{CartId, CollectionId, ProductId, VariantId};
use stoa_graphql_http::Nullable;

interface! {
    /// Something with a global id.
    pub enum Node {
        fields {
            "id": ID = "The global id.",
        }
        members {
            AppliedGiftCard(AppliedGiftCard),
            Article(Article),
            Blog(Blog),
            Cart(Cart),
            CartLine(CartLine),
            Collection(Collection),
            ComponentizableCartLine(ComponentizableCartLine),
            ExternalVideo(ExternalVideo),
            Location(Location),
            MailingAddress(MailingAddress),
            MediaImage(MediaImage),
            Metafield(Metafield),
            Metaobject(Metaobject),
            Model3d(Model3d),
            Order(Order),
            Page(Page),
            Product(Product),
            ProductOption(ProductOption<'static>),
            ProductOptionValue(ProductOptionValue<'static>),
            ProductVariant(ProductVariant),
            Shop(Shop),
            ShopPolicy(ShopPolicy),
            Video(Video),
        }
        refined_by { BaseCartLine, }
    }
}

/// The root fields that find things by their global ids.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct NodeQueries;

/// The root fields that find things by their global ids.
#[Object]
impl NodeQueries {
    /// A thing by its global id, if it is found without knowing more: the shop, a product, a variant, a collection, a cart.
    /// Null for any other, and for what is not there.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The global id: `gid://stoa/Product/…`.")] id: ID,
    ) -> Nullable<Node> {
        Nullable::run(find(ctx, &id)).await
    }
}

async fn find(ctx: &Context<'_>, id: &str) -> Result<Option<Node>, ApiError> {
    let parsed = gid::parse(id)?;
    let Some(type_name) = parsed.type_name else {
        return Err(ApiError::invalid_id("A node is found by a whole global id, gid://stoa/<Type>/<id>."));
    };
    let Some(uuid) = parsed.id else { return Ok(None) };
    Ok(match type_name {
        "Product" => catalog::product_by_id(ctx, ProductId::new(uuid)).await?.map(Into::into),
        "ProductVariant" => catalog::variant_by_id(ctx, VariantId::new(uuid)).await?.map(Into::into),
        "Collection" => catalog::collection_by_id(ctx, CollectionId::new(uuid)).await?.map(Into::into),
        "Cart" => {
            let viewer = caller(ctx).await?.viewer;
            let found = ctx.services().read_cart.run(&viewer, CartId::new(uuid)).await?;
            found.map(|view| Cart::new(view, viewer).into())
        }
        "Shop" if uuid.is_nil() => Some(Shop(Arc::clone(ctx.storefront())).into()),
        _ => None,
    })
}

//! `productCreate`, `productUpdate`, `productDelete`, `productVariantsBulkCreate`, `…Update`, `…Delete`.

use crate::graphql::{
    ApiError, Request,
    admin::{
        access::{Acting, may, seen},
        products::{
            AdminImageInput, AdminProduct, ProductCreateInput, ProductErrorCode as Code, ProductUpdateInput,
            ProductUserError, ProductVariantInput, ProductVariantUpdateInput, all, given, pictures,
            product_refusal, tax_category,
        },
    },
    cart::{InputPath, inputs::bounded},
    scalars::{Gid, gid},
};
use async_graphql::{Context, ID, Object, SimpleObject};
use stoa_domain::{
    access::{
        Permit,
        grants::{InventoryWrite, ProductsWrite},
    },
    catalog::{ImageInput, Product, VariantInput},
    shared::{ProductId, VariantId},
};
use stoa_graphql_http::Nullable;
use stoa_services::admin::{NewGoods, ProductError};

/// What came of a change of a product.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct ProductPayload {
    /// The product as it is now; null if it was refused.
    pub product: Option<AdminProduct>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<ProductUserError>,
}

/// What came of `productDelete`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct ProductDeletePayload {
    /// The global id of the product that is gone; null if it was refused.
    pub deleted_product_id: Option<ID>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<ProductUserError>,
}

/// The mutations.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProductMutations;

/// Writes products.
#[Object]
impl ProductMutations {
    /// Makes a product. With a handle of its own it is made once, however often it is asked for.
    #[graphql(guard = "may::<ProductsWrite>", visible = "seen::<ProductsWrite>")]
    async fn product_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The product to be.")] product: ProductCreateInput,
    ) -> Nullable<ProductPayload> {
        Nullable::run(async { Box::pin(create(ctx, product)).await.map(Some) }).await
    }

    /// Takes a product away, with its variants. Refused while units of them are promised to orders.
    #[graphql(guard = "may::<ProductsWrite>", visible = "seen::<ProductsWrite>")]
    async fn product_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The product's global id.")] id: ID,
    ) -> Nullable<ProductDeletePayload> {
        Nullable::run(async { Box::pin(delete(ctx, &id)).await.map(Some) }).await
    }

    /// Changes what is said of a product, and leaves the rest.
    #[graphql(guard = "may::<ProductsWrite>", visible = "seen::<ProductsWrite>")]
    async fn product_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be other.")] product: ProductUpdateInput,
    ) -> Nullable<ProductPayload> {
        Nullable::run(async { Box::pin(update(ctx, product)).await.map(Some) }).await
    }

    /// Adds variants behind those that there are; all of it or nothing.
    #[graphql(guard = "may::<ProductsWrite>", visible = "seen::<ProductsWrite>")]
    async fn product_variants_bulk_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The product's global id.")] product_id: ID,
        #[graphql(desc = "The variants to be, 250 at most.")] variants: Vec<ProductVariantInput>,
        #[graphql(
            default,
            desc = "The names of what they are chosen by, for a product that came in one form only until now: that form goes."
        )]
        options: Vec<String>,
    ) -> Nullable<ProductPayload> {
        Nullable::run(async { Box::pin(add(ctx, &product_id, (&options, variants))).await.map(Some) }).await
    }

    /// Takes variants away; all of it or nothing. Refused while units of them are promised to orders.
    #[graphql(guard = "may::<ProductsWrite>", visible = "seen::<ProductsWrite>")]
    async fn product_variants_bulk_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The product's global id.")] product_id: ID,
        #[graphql(desc = "The global ids of the variants, 250 at most.")] variants_ids: Vec<ID>,
    ) -> Nullable<ProductPayload> {
        Nullable::run(async { Box::pin(take_away(ctx, &product_id, &variants_ids)).await.map(Some) }).await
    }

    /// Changes what is said of variants, and leaves the rest; all of it or nothing.
    #[graphql(guard = "may::<ProductsWrite>", visible = "seen::<ProductsWrite>")]
    async fn product_variants_bulk_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The product's global id.")] product_id: ID,
        #[graphql(desc = "What is to be other, of 250 variants at most.")] variants: Vec<
            ProductVariantUpdateInput,
        >,
    ) -> Nullable<ProductPayload> {
        Nullable::run(async { Box::pin(patch(ctx, &product_id, variants)).await.map(Some) }).await
    }
}

type Payload = Result<ProductPayload, ApiError>;

fn refused(error: ProductUserError) -> ProductPayload {
    ProductPayload { user_errors: vec![error], ..Default::default() }
}

/// `id` is the argument that names the product, `input` the one that says what it is to be.
async fn written(
    (ctx, by): (&Context<'_>, &Permit<ProductsWrite>),
    done: Result<Product, ProductError>,
    (id, input): (&'static str, &'static str),
) -> Payload {
    Ok(match done {
        Ok(product) => {
            let product = all(ctx, by, vec![product]).await?.pop();
            ProductPayload { product, user_errors: Vec::new() }
        }
        Err(error) => refused(product_refusal(error, id, input)?),
    })
}

fn nothing(at: InputPath) -> ProductPayload {
    refused(ProductUserError::new(Code::NotFound, at, "There is no such product."))
}

/// The pictures of a product to be, or what is wrong with one.
async fn shown(
    ctx: &Context<'_>,
    by: &Permit<ProductsWrite>,
    images: Vec<AdminImageInput>,
) -> Result<Result<Vec<ImageInput>, ProductUserError>, ApiError> {
    let list = InputPath::argument("product").field("images");
    let images = images.into_iter().enumerate().map(|(index, image)| (list.entry(index), image));
    let pictures = pictures(ctx, by, images.collect()).await?;
    Ok(pictures.map_err(|bad| ProductUserError::new(Code::Invalid, bad.at, bad.problem)))
}

async fn create(ctx: &Context<'_>, mut input: ProductCreateInput) -> Payload {
    let by = ctx.permit::<ProductsWrite>()?;
    bounded("variants", &input.variants)?;
    bounded("images", &input.images)?;
    let images = match shown(ctx, &by, std::mem::take(&mut input.images)).await? {
        Ok(images) => images,
        Err(error) => return Ok(refused(error)),
    };
    let (currency, at) = (ctx.services().context().settings().currency, InputPath::argument("product"));
    let tax_category = match tax_category(input.tax_category_id.as_ref(), &at)? {
        Ok(category) => category,
        Err(error) => return Ok(refused(error)),
    };
    let goods = NewGoods { gift_card: input.gift_card, tax_category, sides: sides(&input.variants) };
    let input = match input.read(images, currency, &at) {
        Ok(input) => input,
        Err(error) => return Ok(refused(error)),
    };
    let stock = counting(ctx, &input.variants)?;
    let done = ctx.services().admin.products.create_as(&by, stock.as_ref(), (&input, &goods)).await;
    written((ctx, &by), done, ("product", "product")).await
}

/// How large one unit of each variant is.
fn sides(variants: &[ProductVariantInput]) -> Vec<Option<[u32; 3]>> {
    variants.iter().map(|variant| variant.dimensions.map(Into::into)).collect()
}

/// Whoever says how many units there are must be allowed to.
fn counting(
    ctx: &Context<'_>,
    variants: &[VariantInput],
) -> Result<Option<Permit<InventoryWrite>>, ApiError> {
    let counts = variants.iter().any(|variant| variant.stock.on_hand.is_some_and(|units| units != 0));
    counts.then(|| ctx.permit::<InventoryWrite>()).transpose()
}

async fn update(ctx: &Context<'_>, mut input: ProductUpdateInput) -> Payload {
    let by = ctx.permit::<ProductsWrite>()?;
    bounded("images", input.images.as_deref().unwrap_or_default())?;
    let Some(id) = gid::decode::<ProductId>(&input.id)? else {
        return Ok(nothing(InputPath::argument("product").field("id")));
    };
    let images = match input.images.take() {
        None => None,
        Some(images) => match shown(ctx, &by, images).await? {
            Ok(images) => Some(images),
            Err(error) => return Ok(refused(error)),
        },
    };
    let at = InputPath::argument("product");
    let category = match given(std::mem::take(&mut input.tax_category_id)) {
        None => None,
        Some(id) => match tax_category(id.as_ref(), &at)? {
            Ok(category) => Some(category),
            Err(error) => return Ok(refused(error)),
        },
    };
    let done = ctx.services().admin.products.update(&by, id, &input.patch(images, category)).await;
    if let Err(ProductError::NotFound) = done {
        return Ok(nothing(InputPath::argument("product").field("id")));
    }
    written((ctx, &by), done, ("product", "product")).await
}

async fn delete(ctx: &Context<'_>, id: &ID) -> Result<ProductDeletePayload, ApiError> {
    let by = ctx.permit::<ProductsWrite>()?;
    let deleted = match gid::decode::<ProductId>(id)? {
        Some(id) => ctx.services().admin.products.delete(&by, id).await.map(|()| id),
        None => Err(ProductError::NotFound),
    };
    Ok(match deleted {
        Ok(id) => {
            ProductDeletePayload { deleted_product_id: Some(ID(Gid(id).text())), user_errors: Vec::new() }
        }
        Err(error) => {
            let user_errors = vec![product_refusal(error, "id", "id")?];
            ProductDeletePayload { user_errors, ..Default::default() }
        }
    })
}

async fn add(
    ctx: &Context<'_>,
    id: &ID,
    (options, variants): (&[String], Vec<ProductVariantInput>),
) -> Payload {
    let by = ctx.permit::<ProductsWrite>()?;
    bounded("variants", &variants)?;
    let Some(id) = gid::decode::<ProductId>(id)? else {
        return Ok(nothing(InputPath::argument("productId")));
    };
    let currency = ctx.services().context().settings().currency;
    let list = InputPath::argument("variants");
    let sides = sides(&variants);
    let mut read = Vec::with_capacity(variants.len());
    for (index, variant) in variants.into_iter().enumerate() {
        // Which pictures the product has is known once it is read: they are given by `productVariantsBulkUpdate`.
        match variant.read(&[], currency, &list.entry(index)) {
            Ok(variant) => read.push(variant),
            Err(error) => return Ok(refused(error)),
        }
    }
    let stock = counting(ctx, &read)?;
    let done =
        ctx.services().admin.variants.create_as(&by, stock.as_ref(), id, (options, &read, &sides)).await;
    written((ctx, &by), done, ("productId", "variants")).await
}

async fn patch(ctx: &Context<'_>, id: &ID, variants: Vec<ProductVariantUpdateInput>) -> Payload {
    let by = ctx.permit::<ProductsWrite>()?;
    bounded("variants", &variants)?;
    let Some(id) = gid::decode::<ProductId>(id)? else {
        return Ok(nothing(InputPath::argument("productId")));
    };
    let currency = ctx.services().context().settings().currency;
    let list = InputPath::argument("variants");
    let mut patches = Vec::with_capacity(variants.len());
    for (index, variant) in variants.into_iter().enumerate() {
        let at = list.entry(index);
        let Some(of) = gid::decode::<VariantId>(&variant.id)? else {
            let message = "The product has no such variant.";
            return Ok(refused(ProductUserError::new(Code::NotFound, at.field("id"), message)));
        };
        match variant.read(currency, &at) {
            Ok(patch) => patches.push((of, patch)),
            Err(error) => return Ok(refused(error)),
        }
    }
    let done = ctx.services().admin.variants.update(&by, id, &patches).await;
    written((ctx, &by), done, ("productId", "variants")).await
}

async fn take_away(ctx: &Context<'_>, id: &ID, variants: &[ID]) -> Payload {
    let by = ctx.permit::<ProductsWrite>()?;
    bounded("variantsIds", variants)?;
    let Some(id) = gid::decode::<ProductId>(id)? else {
        return Ok(nothing(InputPath::argument("productId")));
    };
    let mut meant = Vec::with_capacity(variants.len());
    for (index, variant) in variants.iter().enumerate() {
        let Some(variant) = gid::decode::<VariantId>(variant)? else {
            let (path, message) =
                (InputPath::argument("variantsIds").entry(index), "The product has no such variant.");
            return Ok(refused(ProductUserError::new(Code::NotFound, path, message)));
        };
        meant.push(variant);
    }
    let done = ctx.services().admin.variants.delete(&by, id, &meant).await;
    written((ctx, &by), done, ("productId", "variantsIds")).await
}

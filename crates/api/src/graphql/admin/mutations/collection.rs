//! `collectionCreate`, `…Update`, `…Delete`, `…AddProducts`, `…RemoveProducts`, `…ReorderProducts`.

use crate::graphql::{
    ApiError, Request,
    admin::{
        access::{Acting, may, seen},
        collections::{
            AdminCollection, AdminCollectionErrorCode as Code, AdminCollectionUserError, collection_refusal,
        },
        moment::Moment,
        products::{AdminImageInput, AdminSeoInput, given, pictures},
    },
    cart::{InputPath, inputs::bounded},
    catalog::ProductCollectionSortKeys,
    scalars::{Gid, gid},
};
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use stoa_domain::{
    access::{Permit, grants::ProductsWrite},
    catalog::{Collection, CollectionInput, ImageInput},
    shared::{CollectionId, ProductId},
};
use stoa_graphql_http::Nullable;
use stoa_services::admin::{CollectionError, CollectionPatch, Move};

/// A collection to be.
#[derive(Clone, Debug, InputObject)]
pub struct CollectionCreateInput {
    /// What it is; made harmless when it comes in.
    #[graphql(default)]
    pub description_html: String,
    /// Its name in addresses; made from the title when it is left out.
    pub handle: Option<String>,
    /// Its picture.
    pub image: Option<AdminImageInput>,
    /// The global ids of what it holds, in its order, 250 at most; more are added by `collectionAddProducts`.
    #[graphql(default)]
    pub product_ids: Vec<ID>,
    /// From when shoppers see it; null: not at all.
    pub published_at: Option<Moment>,
    /// What search engines are told.
    pub seo: Option<AdminSeoInput>,
    /// How its products are sorted where nobody asks for another order.
    #[graphql(default_with = "ProductCollectionSortKeys::Manual")]
    pub sort_order: ProductCollectionSortKeys,
    /// Title.
    pub title: String,
}

/// What is to be other of a collection; what is left out stays as it is.
#[derive(Clone, Debug, InputObject)]
pub struct CollectionUpdateInput {
    /// What it is; made harmless when it comes in.
    pub description_html: Option<String>,
    /// Its name in addresses.
    pub handle: Option<String>,
    /// The global id.
    pub id: ID,
    /// Its picture; null: none.
    pub image: MaybeUndefined<AdminImageInput>,
    /// From when shoppers see it; null: not at all.
    pub published_at: MaybeUndefined<Moment>,
    /// What search engines are told.
    pub seo: Option<AdminSeoInput>,
    /// How its products are sorted where nobody asks for another order.
    pub sort_order: Option<ProductCollectionSortKeys>,
    /// Title.
    pub title: Option<String>,
}

/// A product that goes to another place of its collection.
#[derive(Clone, Debug, InputObject)]
pub struct CollectionMoveInput {
    /// The product's global id.
    pub id: ID,
    /// How many stand before it then.
    pub new_position: i32,
}

/// What came of a change of a collection.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct CollectionPayload {
    /// The collection as it is now; null if it was refused.
    pub collection: Option<AdminCollection>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<AdminCollectionUserError>,
}

/// What came of `collectionDelete`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct CollectionDeletePayload {
    /// The global id of the collection that is gone; null if it was refused.
    pub deleted_collection_id: Option<ID>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<AdminCollectionUserError>,
}

/// The mutations.
#[derive(Clone, Copy, Debug, Default)]
pub struct CollectionMutations;

/// Writes collections.
#[Object]
impl CollectionMutations {
    /// Puts products behind those that a collection holds; those that it holds stay where they are.
    #[graphql(guard = "may::<ProductsWrite>", visible = "seen::<ProductsWrite>")]
    async fn collection_add_products(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The collection's global id.")] id: ID,
        #[graphql(desc = "The global ids of the products, 250 at most.")] product_ids: Vec<ID>,
    ) -> Nullable<CollectionPayload> {
        Nullable::run(async { Box::pin(hold(ctx, (&id, &product_ids), true)).await.map(Some) }).await
    }

    /// Makes a collection.
    #[graphql(guard = "may::<ProductsWrite>", visible = "seen::<ProductsWrite>")]
    async fn collection_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The collection to be.")] input: CollectionCreateInput,
    ) -> Nullable<CollectionPayload> {
        Nullable::run(async { Box::pin(create(ctx, input)).await.map(Some) }).await
    }

    /// Takes a collection away; its products stay.
    #[graphql(guard = "may::<ProductsWrite>", visible = "seen::<ProductsWrite>")]
    async fn collection_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The collection's global id.")] id: ID,
    ) -> Nullable<CollectionDeletePayload> {
        Nullable::run(async { Box::pin(delete(ctx, &id)).await.map(Some) }).await
    }

    /// Takes products out of a collection; those that it does not hold are passed over.
    #[graphql(guard = "may::<ProductsWrite>", visible = "seen::<ProductsWrite>")]
    async fn collection_remove_products(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The collection's global id.")] id: ID,
        #[graphql(desc = "The global ids of the products, 250 at most.")] product_ids: Vec<ID>,
    ) -> Nullable<CollectionPayload> {
        Nullable::run(async { Box::pin(hold(ctx, (&id, &product_ids), false)).await.map(Some) }).await
    }

    /// Moves products of a collection, one after the other.
    #[graphql(guard = "may::<ProductsWrite>", visible = "seen::<ProductsWrite>")]
    async fn collection_reorder_products(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The collection's global id.")] id: ID,
        #[graphql(desc = "Where to, 250 at most.")] moves: Vec<CollectionMoveInput>,
    ) -> Nullable<CollectionPayload> {
        Nullable::run(async { Box::pin(reorder(ctx, &id, &moves)).await.map(Some) }).await
    }

    /// Changes what is said of a collection, and leaves the rest.
    #[graphql(guard = "may::<ProductsWrite>", visible = "seen::<ProductsWrite>")]
    async fn collection_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be other.")] input: CollectionUpdateInput,
    ) -> Nullable<CollectionPayload> {
        Nullable::run(async { Box::pin(update(ctx, input)).await.map(Some) }).await
    }
}

type Payload = Result<CollectionPayload, ApiError>;

fn refused(error: AdminCollectionUserError) -> CollectionPayload {
    CollectionPayload { user_errors: vec![error], ..Default::default() }
}

/// `id` is the argument that names the collection, `input` the one that says what it is to be or to hold.
fn written(done: Result<Collection, CollectionError>, id: &'static str, input: &'static str) -> Payload {
    Ok(match done {
        Ok(collection) => {
            CollectionPayload { collection: Some(AdminCollection(collection)), user_errors: Vec::new() }
        }
        Err(error) => refused(collection_refusal(error, id, input)?),
    })
}

/// The picture of a collection to be, or what is wrong with it.
async fn shown(
    ctx: &Context<'_>,
    by: &Permit<ProductsWrite>,
    image: Option<AdminImageInput>,
) -> Result<Result<Option<ImageInput>, AdminCollectionUserError>, ApiError> {
    let at = InputPath::argument("input").field("image");
    let pictures = pictures(ctx, by, image.into_iter().map(|image| (at.clone(), image)).collect()).await?;
    Ok(match pictures {
        Ok(mut pictures) => Ok(pictures.pop()),
        Err(bad) => Err(AdminCollectionUserError::new(Code::Invalid, bad.at, bad.problem)),
    })
}

async fn create(ctx: &Context<'_>, input: CollectionCreateInput) -> Payload {
    let by = ctx.permit::<ProductsWrite>()?;
    let held = match products(&input.product_ids, &InputPath::argument("input").field("productIds"))? {
        Ok(held) => held,
        Err(error) => return Ok(refused(error)),
    };
    let image = match shown(ctx, &by, input.image).await? {
        Ok(image) => image,
        Err(error) => return Ok(refused(error)),
    };
    let new = CollectionInput {
        title: input.title,
        handle: input.handle,
        description_html: input.description_html,
        image,
        seo: input.seo.map(Into::into).unwrap_or_default(),
        default_sort: input.sort_order.into(),
        published_at: input.published_at.map(|moment| moment.0),
    };
    written(ctx.services().admin.collections.create(&by, &new, &held).await, "input", "input")
}

async fn update(ctx: &Context<'_>, input: CollectionUpdateInput) -> Payload {
    let by = ctx.permit::<ProductsWrite>()?;
    let missing = || {
        let path = InputPath::argument("input").field("id");
        refused(AdminCollectionUserError::new(Code::NotFound, path, "There is no such collection."))
    };
    let Some(id) = gid::decode::<CollectionId>(&input.id)? else { return Ok(missing()) };
    let image = match given(input.image) {
        None => None,
        Some(image) => match shown(ctx, &by, image).await? {
            Ok(image) => Some(image),
            Err(error) => return Ok(refused(error)),
        },
    };
    let patch = CollectionPatch {
        title: input.title,
        handle: input.handle,
        description_html: input.description_html,
        image,
        seo: input.seo.map(Into::into),
        default_sort: input.sort_order.map(Into::into),
        published_at: given(input.published_at).map(|at| at.map(|moment| moment.0)),
    };
    match ctx.services().admin.collections.update(&by, id, &patch).await {
        Err(CollectionError::NotFound) => Ok(missing()),
        done => written(done, "input", "input"),
    }
}

async fn delete(ctx: &Context<'_>, id: &ID) -> Result<CollectionDeletePayload, ApiError> {
    let by = ctx.permit::<ProductsWrite>()?;
    let deleted = match gid::decode::<CollectionId>(id)? {
        Some(id) => ctx.services().admin.collections.delete(&by, id).await.map(|()| id),
        None => Err(CollectionError::NotFound),
    };
    Ok(match deleted {
        Ok(id) => CollectionDeletePayload {
            deleted_collection_id: Some(ID(Gid(id).text())),
            user_errors: Vec::new(),
        },
        Err(error) => {
            let user_errors = vec![collection_refusal(error, "id", "id")?];
            CollectionDeletePayload { user_errors, ..Default::default() }
        }
    })
}

async fn hold(ctx: &Context<'_>, (id, held): (&ID, &[ID]), add: bool) -> Payload {
    let by = ctx.permit::<ProductsWrite>()?;
    let held = match products(held, &InputPath::argument("productIds"))? {
        Ok(held) => held,
        Err(error) => return Ok(refused(error)),
    };
    let collections = &ctx.services().admin.collections;
    let done = match gid::decode::<CollectionId>(id)? {
        None => Err(CollectionError::NotFound),
        Some(id) if add => collections.add(&by, id, &held).await,
        Some(id) => collections.remove(&by, id, &held).await,
    };
    written(done, "id", "productIds")
}

async fn reorder(ctx: &Context<'_>, id: &ID, moves: &[CollectionMoveInput]) -> Payload {
    let by = ctx.permit::<ProductsWrite>()?;
    bounded("moves", moves)?;
    let list = InputPath::argument("moves");
    let mut steps = Vec::with_capacity(moves.len());
    for (index, step) in moves.iter().enumerate() {
        let at = list.entry(index);
        let Some(product) = gid::decode::<ProductId>(&step.id)? else {
            let message = "There is no such product.";
            return Ok(refused(AdminCollectionUserError::new(Code::NotFound, at.field("id"), message)));
        };
        let Ok(to) = usize::try_from(step.new_position) else {
            let message = "A position is 0 or more.";
            return Ok(refused(AdminCollectionUserError::new(
                Code::Invalid,
                at.field("newPosition"),
                message,
            )));
        };
        steps.push(Move { product, to });
    }
    let Some(id) = gid::decode::<CollectionId>(id)? else {
        return written(Err(CollectionError::NotFound), "id", "moves");
    };
    written(ctx.services().admin.collections.reorder(&by, id, &steps).await, "id", "moves")
}

type Products = Result<Result<Vec<ProductId>, AdminCollectionUserError>, ApiError>;

fn products(ids: &[ID], at: &InputPath) -> Products {
    bounded("productIds", ids)?;
    let mut products = Vec::with_capacity(ids.len());
    for (index, id) in ids.iter().enumerate() {
        match gid::decode::<ProductId>(id)? {
            Some(product) => products.push(product),
            None => {
                let message = "There is no such product.";
                return Ok(Err(AdminCollectionUserError::new(Code::NotFound, at.entry(index), message)));
            }
        }
    }
    Ok(Ok(products))
}

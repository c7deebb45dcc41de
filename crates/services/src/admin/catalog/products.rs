//! Products.

use super::{
    NewGoods, ProductError,
    facts::{FactsChange, say},
    first_location, look_again,
    present::present,
    told::{self, Whole},
    writing,
};
use crate::{Context, audit::AuditedTx};
use std::{collections::HashMap, sync::Arc};
use stoa_domain::{
    access::{
        Permit,
        grants::{InventoryWrite, ProductsRead, ProductsWrite},
    },
    catalog::{
        ImageInput, Product, ProductDraft, ProductInput, ProductListing, ProductStatus, Seo, VariantInput,
    },
    inventory::{StockLevel, StockSnapshot},
    shared::{
        Fault, LocationId, ProductId, TaxCategoryId, Timestamp, VariantId,
        page::{Page, PageRequest},
    },
};
use stoa_persistence::{
    WriteTx,
    catalog::{self, GoodsFacts},
    db::{Conn, ListError, retrying},
    inventory,
};

/// What is to be other of a product; `None` leaves it as it is.
#[derive(Clone, Debug, Default)]
pub struct ProductPatch {
    /// Title.
    pub title: Option<String>,
    /// Its name in addresses.
    pub handle: Option<String>,
    /// What it is, as HTML.
    pub description_html: Option<String>,
    /// Who makes it.
    pub vendor: Option<String>,
    /// What kind of thing it is.
    pub product_type: Option<String>,
    /// Tags, all of them.
    pub tags: Option<Vec<String>>,
    /// Whether it is offered.
    pub status: Option<ProductStatus>,
    /// From when it is offered; `Some(None)`: not at all.
    pub published_at: Option<Option<Timestamp>>,
    /// For search engines.
    pub seo: Option<Seo>,
    /// Pictures, all of them. Variants keep those of theirs that stay.
    pub images: Option<Vec<ImageInput>>,
    /// Whether its variants are gift cards. Those that were sold stay what they are.
    pub gift_card: Option<bool>,
    /// How it is taxed; `Some(None)`: as most things are.
    pub tax_category: Option<Option<TaxCategoryId>>,
}

impl ProductPatch {
    /// Writes it over what a product is.
    fn apply(&self, input: &mut ProductInput) {
        fn put<T: Clone>(slot: &mut T, given: Option<&T>) {
            if let Some(given) = given {
                slot.clone_from(given);
            }
        }
        put(&mut input.title, self.title.as_ref());
        put(&mut input.description_html, self.description_html.as_ref());
        put(&mut input.vendor, self.vendor.as_ref());
        put(&mut input.product_type, self.product_type.as_ref());
        put(&mut input.tags, self.tags.as_ref());
        put(&mut input.status, self.status.as_ref());
        put(&mut input.published_at, self.published_at.as_ref());
        put(&mut input.seo, self.seo.as_ref());
        if let Some(handle) = &self.handle {
            input.handle = Some(handle.clone());
        }
        if let Some(images) = &self.images {
            for variant in &mut input.variants {
                let shown = variant.image.and_then(|at| input.images.get(at));
                variant.image = shown.and_then(|shown| images.iter().position(|i| i.url == shown.url));
            }
            input.images.clone_from(images);
        }
    }
}

/// Products, for people.
pub struct Products(pub(crate) Arc<Context>);

impl Products {
    /// A page of all products, or of those in a state, whether or not shoppers may see them. One statement.
    ///
    /// # Errors
    /// A cursor is not of this list.
    #[tracing::instrument(name = "product.list", skip_all)]
    pub async fn list(
        &self,
        _by: &Permit<ProductsRead>,
        (listing, status): (&ProductListing, Option<ProductStatus>),
        request: &PageRequest,
    ) -> Result<Page<ProductId>, ListError> {
        catalog::list_all_products(self.0.db().read(), listing, status, request).await
    }

    /// Those with these ids that there are, in the order of the ids. One statement.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find_all(
        &self,
        _by: &Permit<ProductsRead>,
        ids: &[ProductId],
    ) -> Result<Vec<Product>, Fault> {
        catalog::products_by_ids(self.0.db().read(), ids).await
    }

    /// What rules ask of these products, for whoever reads or has just written them; those that are gone are absent. Two statements.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn facts<G>(
        &self,
        _by: &Permit<G>,
        products: &[ProductId],
    ) -> Result<HashMap<ProductId, GoodsFacts>, Fault> {
        catalog::goods_facts(self.0.db().read(), products).await
    }

    /// Which product each variant belongs to; variants that are gone are not in it. One statement.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn of_variants(
        &self,
        _by: &Permit<ProductsRead>,
        variants: &[VariantId],
    ) -> Result<HashMap<VariantId, ProductId>, Fault> {
        catalog::products_of_variants(self.0.db().read(), variants).await
    }

    /// Makes one. A handle that is made of the title gives way with a number where it is taken; one that was chosen does not, so that
    /// asking twice makes one product. How many units there are of it is said with the second permit.
    ///
    /// # Errors
    /// A rule is broken, the handle that was chosen is taken, or units are counted without the permit for that.
    pub async fn create(
        &self,
        by: &Permit<ProductsWrite>,
        stock: Option<&Permit<InventoryWrite>>,
        input: &ProductInput,
    ) -> Result<Product, ProductError> {
        self.create_as(by, stock, (input, &NewGoods::default())).await
    }

    /// The same, with what rules are to ask of it.
    ///
    /// # Errors
    /// As before; or it cannot be so large, or there is no such category of taxes.
    #[tracing::instrument(name = "product.create", skip_all)]
    pub async fn create_as(
        &self,
        by: &Permit<ProductsWrite>,
        stock: Option<&Permit<InventoryWrite>>,
        (input, goods): (&ProductInput, &NewGoods),
    ) -> Result<Product, ProductError> {
        may_count(stock, &input.variants)?;
        let draft = ProductDraft::try_new(input)?;
        let facts = FactsChange::of_product(goods);
        let whole = retrying(|| self.create_once(by, (&draft, &facts))).await?;
        look_again(&self.0).await;
        Ok(whole.product)
    }

    /// Changes what is said of it, and leaves the rest. To say what is so already changes nothing.
    ///
    /// # Errors
    /// A rule is broken, or the handle is another's.
    #[tracing::instrument(name = "product.update", skip_all)]
    pub async fn update(
        &self,
        by: &Permit<ProductsWrite>,
        id: ProductId,
        patch: &ProductPatch,
    ) -> Result<Product, ProductError> {
        let facts = FactsChange {
            gift_card: patch.gift_card,
            tax_category: patch.tax_category,
            ..FactsChange::default()
        };
        let act = |_: &Product, input: &mut ProductInput| {
            patch.apply(input);
            Ok(())
        };
        change(&self.0, by, id, ("product.update", &act, &facts)).await
    }

    /// Makes it what is said, options and variants too: those that are not named are gone. A variant keeps its id where it keeps its
    /// option values, or its SKU. Units are not part of it: those that are there stay, of a new variant there are none, and whoever counts
    /// them may change stock.
    ///
    /// # Errors
    /// A rule is broken, the handle is another's, or a variant that would be gone is promised to orders.
    #[tracing::instrument(name = "product.set", skip_all)]
    pub async fn set(
        &self,
        by: &Permit<ProductsWrite>,
        id: ProductId,
        input: &ProductInput,
    ) -> Result<Product, ProductError> {
        let act = |product: &Product, all: &mut ProductInput| {
            let handle = input.handle.clone().or_else(|| Some(product.handle.to_string()));
            *all = ProductInput { handle, ..input.clone() };
            all.variants.iter_mut().for_each(|variant| variant.stock.on_hand = None);
            Ok(())
        };
        change(&self.0, by, id, ("product.set", &act, &FactsChange::default())).await
    }

    /// Takes it away, with its variants and their stock. Orders keep their copies; carts show it no more.
    ///
    /// # Errors
    /// There is none, or units of it are promised to orders.
    #[tracing::instrument(name = "product.delete", skip_all)]
    pub async fn delete(&self, by: &Permit<ProductsWrite>, id: ProductId) -> Result<(), ProductError> {
        let gone = retrying(|| self.delete_once(by, id)).await?;
        look_again(&self.0).await;
        self.0.stock_moved(&gone).await;
        Ok(())
    }

    async fn create_once(
        &self,
        by: &Permit<ProductsWrite>,
        (draft, facts): (&ProductDraft, &FactsChange),
    ) -> Result<Whole, ProductError> {
        let (ctx, now) = (&self.0, self.0.now());
        let audited = AuditedTx::begin(ctx, by).await?;
        let tx = audited.tx();
        // Before the stock's rows are made, as by everybody who writes products.
        catalog::take_turn(tx).await?;
        let location = first_location(ctx, tx, now).await?;
        let id = catalog::create_product(tx, draft, &writing(ctx, location, now)).await?;
        let mut whole = read(tx, id).await?.ok_or(Fault::bug("product.create: it is not there"))?;
        say(tx, &mut whole, facts).await?;
        audited.commit("product.create", &told::product(id, None, Some(&whole))).await?;
        Ok(whole)
    }

    async fn delete_once(
        &self,
        by: &Permit<ProductsWrite>,
        id: ProductId,
    ) -> Result<Vec<StockSnapshot>, ProductError> {
        let (ctx, now) = (&self.0, self.0.now());
        let audited = AuditedTx::begin(ctx, by).await?;
        let tx = audited.tx();
        catalog::take_turn(tx).await?;
        let before = read(tx, id).await?.ok_or(ProductError::NotFound)?;
        let location = first_location(ctx, tx, now).await?;
        let gone = catalog::delete_product(tx, id, &writing(ctx, location, now)).await?;
        audited.commit("product.delete", &told::product(id, Some(&before), None)).await?;
        Ok(gone)
    }
}

/// A product with how its stock is counted. Behind the catalogue's turn it stays so until the transaction ends.
async fn read(conn: &impl Conn, id: ProductId) -> Result<Option<Whole>, Fault> {
    let Some(product) = catalog::products_by_ids(conn, &[id]).await?.pop() else { return Ok(None) };
    let variants: Vec<VariantId> = product.variants.iter().map(|variant| variant.id).collect();
    let stock = inventory::policies(conn, &variants).await?;
    let levels = inventory::levels_of(conn, &variants).await?;
    let sum = |levels: &Vec<StockLevel>| levels.iter().map(|level| level.on_hand).sum::<i64>();
    let on_hand = levels.iter().map(|(variant, levels)| (*variant, sum(levels))).collect();
    let facts = catalog::goods_facts(conn, &[id]).await?.remove(&id).unwrap_or_default();
    Ok(Some(Whole { product, stock, on_hand, facts }))
}

/// Units of new variants are stock like any other: who may write products alone does not say how many there are.
pub(super) fn may_count(
    stock: Option<&Permit<InventoryWrite>>,
    variants: &[VariantInput],
) -> Result<(), ProductError> {
    let counts = variants.iter().any(|variant| variant.stock.on_hand.is_some_and(|units| units != 0));
    if counts && stock.is_none() { Err(ProductError::Units) } else { Ok(()) }
}

/// What is to become of a product, by the name of the act.
pub(super) type Act<'a> = (
    &'static str,
    &'a (dyn Fn(&Product, &mut ProductInput) -> Result<(), ProductError> + Sync),
    &'a FactsChange,
);

/// Changes what a product is: the change is made to the whole of it as it is then.
pub(super) async fn change(
    ctx: &Context,
    by: &Permit<ProductsWrite>,
    id: ProductId,
    act: Act<'_>,
) -> Result<Product, ProductError> {
    let (after, moved) = retrying(|| change_once(ctx, by, id, act)).await?;
    look_again(ctx).await;
    ctx.stock_moved(&moved).await;
    Ok(after.product)
}

async fn change_once(
    ctx: &Context,
    by: &Permit<ProductsWrite>,
    id: ProductId,
    (name, act, facts): Act<'_>,
) -> Result<(Whole, Vec<StockSnapshot>), ProductError> {
    let now = ctx.now();
    let audited = AuditedTx::begin(ctx, by).await?;
    let tx = audited.tx();
    catalog::take_turn(tx).await?;
    let before = read(tx, id).await?.ok_or(ProductError::NotFound)?;
    let mut input = present(&before.product, &before.stock);
    act(&before.product, &mut input)?;
    let draft = ProductDraft::try_new(&input)?;
    let location = first_location(ctx, tx, now).await?;
    let moved = update(tx, ctx, (id, &draft), (location, now)).await?;
    let mut after = read(tx, id).await?.ok_or(ProductError::NotFound)?;
    say(tx, &mut after, facts).await?;
    if after.is(&before) {
        // Given up: not even its time of change is another.
        return Ok((before, Vec::new()));
    }
    audited.commit(name, &told::product(id, Some(&before), Some(&after))).await?;
    Ok((after, moved))
}

async fn update(
    tx: &WriteTx,
    ctx: &Context,
    (id, draft): (ProductId, &ProductDraft),
    (location, now): (LocationId, Timestamp),
) -> Result<Vec<StockSnapshot>, ProductError> {
    Ok(catalog::update_product(tx, id, draft, None, &writing(ctx, location, now)).await?)
}

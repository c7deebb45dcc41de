//! Products, their options, variants, images, tags and search terms; collections; the catalogue's version.

use crate::table::{key_text, keyed_table};
use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Dropped in reverse.
const TABLES: [&str; 10] = [
    "products",
    "product_options",
    "product_option_values",
    "product_images",
    "product_variants",
    "product_tags",
    "product_terms",
    "collections",
    "collection_products",
    "catalog_state",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        products(manager).await?;
        options(manager).await?;
        images(manager).await?;
        variants(manager).await?;
        tags_and_terms(manager).await?;
        collections(manager).await?;
        catalog_state(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES.into_iter().rev() {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}

async fn products(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("products")
        .col(pk_uuid("id"))
        .col(string_len("handle", 255))
        .col(string_len("title", 255))
        .col(key_text(manager, "title_key", 255))
        .col(text("description_html"))
        .col(text("description"))
        .col(string_len("vendor", 255))
        .col(key_text(manager, "vendor_key", 255))
        .col(string_len("product_type", 255))
        .col(key_text(manager, "type_key", 255))
        .col(string_len("status", 16))
        .col(timestamp_with_time_zone_null("published_at"))
        // published_at while the product is active, null otherwise: what every storefront list filters on
        .col(timestamp_with_time_zone_null("listed_at"))
        .col(string_len_null("seo_title", 255))
        .col(string_len_null("seo_description", 1000))
        // the range of the variants' prices, kept with the product so that lists sort and filter without a join
        .col(big_integer("min_price"))
        .col(big_integer("max_price"))
        .col(big_integer_null("min_compare_at_price"))
        .col(big_integer_null("max_compare_at_price"))
        .col(big_integer("sales").default(0))
        // fingerprint of what an import last wrote; null once something else has changed the product
        .col(binary_len_null("import_hash", 32))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .check(("ck_products_status", Expr::col("status").is_in(["draft", "active", "archived"])))
        .check(("ck_products_min_price", Expr::col("min_price").gte(0)))
        .check(("ck_products_max_price", Expr::col("max_price").gte(Expr::col("min_price"))))
        .take();
    manager.create_table(table).await?;
    let handle = Index::create().name("uq_products_handle").table("products").col("handle").unique().take();
    manager.create_index(handle).await?;
    // One index a sort key. They hold only listed products; `listed_at <= now` implies the predicate.
    let sorts = [
        ("ix_products_title", "title_key"),
        ("ix_products_vendor", "vendor_key"),
        ("ix_products_type", "type_key"),
        ("ix_products_price", "min_price"),
        ("ix_products_sales", "sales"),
        ("ix_products_created", "created_at"),
        ("ix_products_updated", "updated_at"),
        ("ix_products_listed", "listed_at"),
    ];
    for (name, column) in sorts {
        let index = Index::create()
            .name(name)
            .table("products")
            .col(column)
            .col("id")
            .and_where(Expr::col("listed_at").is_not_null())
            .take();
        manager.create_index(index).await?;
    }
    Ok(())
}

async fn options(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let options = Table::create()
        .table("product_options")
        .col(pk_uuid("id"))
        .col(uuid("product_id"))
        .col(small_integer("position"))
        .col(string_len("name", 255))
        .col(key_text(manager, "name_key", 255))
        .foreign_key(&mut belongs_to("product_options", "product_id", "products"))
        .check(("ck_product_options_position", Expr::col("position").between(1, 3)))
        .take();
    manager.create_table(options).await?;
    let index = Index::create()
        .name("uq_product_options_product_id_position")
        .table("product_options")
        .col("product_id")
        .col("position")
        .unique()
        .take();
    manager.create_index(index).await?;

    let values = Table::create()
        .table("product_option_values")
        .col(pk_uuid("id"))
        .col(uuid("product_id"))
        .col(uuid("option_id"))
        // names the value in product_variants.option1..3; unlike the position it never changes
        .col(small_integer("number"))
        .col(small_integer("position"))
        .col(string_len("name", 255))
        .col(key_text(manager, "name_key", 255))
        .foreign_key(&mut belongs_to("product_option_values", "product_id", "products"))
        .foreign_key(&mut belongs_to("product_option_values", "option_id", "product_options"))
        .take();
    manager.create_table(values).await?;
    let numbers = Index::create()
        .name("uq_product_option_values_option_id_number")
        .table("product_option_values")
        .col("option_id")
        .col("number")
        .unique()
        .take();
    manager.create_index(numbers).await?;
    let product = Index::create()
        .name("ix_product_option_values_product")
        .table("product_option_values")
        .col("product_id")
        .take();
    manager.create_index(product).await
}

async fn images(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("product_images")
        .col(pk_uuid("id"))
        .col(uuid("product_id"))
        .col(integer("position"))
        .col(string_len("url", 2048))
        .col(string_len_null("alt_text", 512))
        .col(integer_null("width"))
        .col(integer_null("height"))
        .foreign_key(&mut belongs_to("product_images", "product_id", "products"))
        .take();
    manager.create_table(table).await?;
    let index = Index::create()
        .name("ix_product_images_product")
        .table("product_images")
        .col("product_id")
        .col("position")
        .take();
    manager.create_index(index).await
}

async fn variants(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("product_variants")
        .col(pk_uuid("id"))
        .col(uuid("product_id"))
        .col(integer("position"))
        .col(string_len("title", 800))
        // the numbers of its option values; 0 where the product has no such option
        .col(small_integer("option1"))
        .col(small_integer("option2"))
        .col(small_integer("option3"))
        .col(string_len_null("sku", 255))
        .col(key_text(manager, "sku_key", 255).null().take())
        .col(string_len_null("barcode", 255))
        .col(big_integer("price"))
        .col(big_integer_null("compare_at_price"))
        .col(big_integer("weight_grams"))
        .col(boolean("requires_shipping"))
        .col(boolean("taxable"))
        .col(uuid_null("image_id"))
        .foreign_key(&mut belongs_to("product_variants", "product_id", "products"))
        .foreign_key(
            ForeignKey::create()
                .name("fk_product_variants_image_id")
                .from("product_variants", "image_id")
                .to("product_images", "id")
                .on_delete(ForeignKeyAction::SetNull),
        )
        .check(("ck_product_variants_price", Expr::col("price").gte(0)))
        .check(("ck_product_variants_compare_at_price", Expr::col("compare_at_price").gte(0)))
        .check(("ck_product_variants_weight_grams", Expr::col("weight_grams").gte(0)))
        .take();
    manager.create_table(table).await?;
    let combination = Index::create()
        .name("uq_product_variants_product_id_option1_option2_option3")
        .table("product_variants")
        .col("product_id")
        .col("option1")
        .col("option2")
        .col("option3")
        .unique()
        .take();
    manager.create_index(combination).await?;
    let sku = Index::create()
        .name("ix_product_variants_sku")
        .table("product_variants")
        .col("sku_key")
        .col("product_id")
        .and_where(Expr::col("sku_key").is_not_null())
        .take();
    manager.create_index(sku).await?;
    // so that deleting an image does not search every variant
    let image = Index::create()
        .name("ix_product_variants_image")
        .table("product_variants")
        .col("image_id")
        .and_where(Expr::col("image_id").is_not_null())
        .take();
    manager.create_index(image).await
}

async fn tags_and_terms(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let tags = keyed_table(manager, "product_tags")
        .col(uuid("product_id"))
        .col(key_text(manager, "tag_key", 255))
        .col(string_len("tag", 255))
        .primary_key(Index::create().name("pk_product_tags").col("product_id").col("tag_key"))
        .foreign_key(&mut belongs_to("product_tags", "product_id", "products"))
        .take();
    manager.create_table(tags).await?;
    let by_tag = Index::create()
        .name("ix_product_tags_tag")
        .table("product_tags")
        .col("tag_key")
        .col("product_id")
        .take();
    manager.create_index(by_tag).await?;

    // The search index: which words stand in which field of which product.
    let terms = keyed_table(manager, "product_terms")
        .col(key_text(manager, "term", 64))
        .col(uuid("product_id"))
        .col(small_integer("field"))
        .primary_key(Index::create().name("pk_product_terms").col("term").col("product_id").col("field"))
        .foreign_key(&mut belongs_to("product_terms", "product_id", "products"))
        .take();
    manager.create_table(terms).await?;
    let by_product = Index::create()
        .name("ix_product_terms_product")
        .table("product_terms")
        .col("product_id")
        .col("term")
        .take();
    manager.create_index(by_product).await
}

async fn collections(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("collections")
        .col(pk_uuid("id"))
        .col(string_len("handle", 255))
        .col(string_len("title", 255))
        .col(key_text(manager, "title_key", 255))
        // the words of the title as they are searched for: "-for-the-table-"
        .col(string_len("title_words", 512))
        .col(text("description_html"))
        .col(text("description"))
        .col(uuid_null("image_id"))
        .col(string_len_null("image_url", 2048))
        .col(string_len_null("image_alt_text", 512))
        .col(integer_null("image_width"))
        .col(integer_null("image_height"))
        .col(string_len_null("seo_title", 255))
        .col(string_len_null("seo_description", 1000))
        .col(string_len("sort_order", 16))
        .col(timestamp_with_time_zone_null("published_at"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .take();
    manager.create_table(table).await?;
    let handle =
        Index::create().name("uq_collections_handle").table("collections").col("handle").unique().take();
    manager.create_index(handle).await?;
    for (name, column) in [("ix_collections_title", "title_key"), ("ix_collections_updated", "updated_at")] {
        let index = Index::create()
            .name(name)
            .table("collections")
            .col(column)
            .col("id")
            .and_where(Expr::col("published_at").is_not_null())
            .take();
        manager.create_index(index).await?;
    }

    // A membership carries the product's sort keys, so that a collection of any size is listed in any order by
    // walking one index.
    let members = keyed_table(manager, "collection_products")
        .col(uuid("collection_id"))
        .col(uuid("product_id"))
        .col(big_integer("position"))
        .col(key_text(manager, "title_key", 255))
        .col(big_integer("min_price"))
        .col(big_integer("sales"))
        .col(timestamp_with_time_zone("created_at"))
        .primary_key(Index::create().name("pk_collection_products").col("collection_id").col("product_id"))
        .foreign_key(&mut belongs_to("collection_products", "collection_id", "collections"))
        .foreign_key(&mut belongs_to("collection_products", "product_id", "products"))
        .take();
    manager.create_table(members).await?;
    let sorts = [
        ("ix_collection_products_position", "position"),
        ("ix_collection_products_title", "title_key"),
        ("ix_collection_products_price", "min_price"),
        ("ix_collection_products_sales", "sales"),
        ("ix_collection_products_created", "created_at"),
    ];
    for (name, column) in sorts {
        let index = Index::create()
            .name(name)
            .table("collection_products")
            .col("collection_id")
            .col(column)
            .col("product_id")
            .take();
        manager.create_index(index).await?;
    }
    let product = Index::create()
        .name("ix_collection_products_product")
        .table("collection_products")
        .col("product_id")
        .take();
    manager.create_index(product).await
}

/// One row, whose version every catalogue write raises by 1: caches are keyed by it.
async fn catalog_state(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("catalog_state")
        .col(small_integer("id").primary_key())
        .col(big_integer("version"))
        .check(("ck_catalog_state_one_row", Expr::col("id").eq(1)))
        .take();
    manager.create_table(table).await?;
    let row = Query::insert()
        .into_table("catalog_state")
        .columns(["id", "version"])
        .values_panic([1.into(), 0.into()])
        .take();
    manager.execute(row).await
}

/// A child that goes when its parent goes.
fn belongs_to(table: &'static str, column: &'static str, parent: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("fk_{table}_{column}"))
        .from(table, column)
        .to(parent, "id")
        .on_delete(ForeignKeyAction::Cascade)
        .take()
}

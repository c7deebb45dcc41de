//! What a metafield may point to.

use crate::graphql::{
    abstract_type::union,
    catalog::{Collection, Product, ProductVariant},
    content::{Article, Metaobject, Page},
    media::{MediaImage, Model3d, Video},
};

union! {
    /// A thing that a metafield may point to.
    pub enum MetafieldReference {
        Article(Article),
        Collection(Collection),
        MediaImage(MediaImage),
        Metaobject(Metaobject),
        Model3d(Model3d),
        Page(Page),
        Product(Product),
        ProductVariant(ProductVariant),
        Video(Video),
    }
}

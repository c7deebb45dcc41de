//! A picture.

use super::ImageTransformInput;
use crate::graphql::{
    ApiError,
    scalars::{Identity, Url, gid},
    shop::Storefront,
};
use async_graphql::{ID, Object};
use std::sync::Arc;
use stoa_domain::catalog;

/// A picture of a product or a collection, borrowed from it.
#[derive(Clone, Copy, Debug)]
pub struct Image<'a> {
    image: &'a catalog::Image,
    shop: &'a Arc<Storefront>,
}

impl<'a> Image<'a> {
    /// The type's name in a global id.
    const TYPE: &'static str = "ProductImage";

    /// A picture of this shop.
    pub const fn new(image: &'a catalog::Image, shop: &'a Arc<Storefront>) -> Self {
        Self { image, shop }
    }
}

/// A picture.
#[Object]
impl Image<'_> {
    /// What the picture shows, for those who cannot see it.
    fn alt_text(&self) -> Option<&str> {
        self.image.alt_text.as_deref()
    }

    /// Its height in pixels; null where unknown.
    fn height(&self) -> Option<u32> {
        self.image.height
    }

    /// Its global id.
    fn id(&self) -> Option<ID> {
        Some(ID(gid::text(Self::TYPE, self.image.id.to_uuid())))
    }

    /// Where it lies.
    fn url(
        &self,
        #[graphql(
            desc = "The size and format wished for. Pictures that cannot be resized come as they are."
        )]
        transform: Option<ImageTransformInput>,
    ) -> Result<Url<'_>, ApiError> {
        let url = self.shop.absolute(&self.image.url);
        match transform {
            None => Ok(url),
            Some(transform) => transform.apply(url.0).map(Url),
        }
    }

    /// Its width in pixels; null where unknown.
    fn width(&self) -> Option<u32> {
        self.image.width
    }
}

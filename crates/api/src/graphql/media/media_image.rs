//! A picture among the media of a product.

use super::{Image, MediaContentType};
use crate::graphql::{Ready, catalog::ProductData, scalars::Gid};
use async_graphql::Object;
use std::sync::Arc;
use stoa_domain::{catalog, shared::ImageId};

/// One of a product's pictures.
#[derive(Clone, Debug)]
pub struct MediaImage {
    product: Arc<ProductData>,
    id: ImageId,
}

impl MediaImage {
    /// A picture of this product.
    pub const fn new(product: Arc<ProductData>, id: ImageId) -> Self {
        Self { product, id }
    }

    fn picture(&self) -> Option<&catalog::Image> {
        self.product.product.image(self.id)
    }

    fn image_of(&self) -> Option<Ready<Image<'_>>> {
        self.picture().map(|image| Ready(Image::new(image, &self.product.shop)))
    }
}

/// A picture among the media of a product.
#[Object]
impl MediaImage {
    /// What the picture shows, for those who cannot see it.
    fn alt(&self) -> Option<&str> {
        self.picture()?.alt_text.as_deref()
    }

    /// Its global id.
    fn id(&self) -> Gid<ImageId> {
        Gid(self.id)
    }

    /// The picture.
    fn image(&self) -> Option<Ready<Image<'_>>> {
        self.image_of()
    }

    /// Always `IMAGE`.
    fn media_content_type(&self) -> MediaContentType {
        MediaContentType::Image
    }

    /// The picture, which stands for itself.
    fn preview_image(&self) -> Option<Ready<Image<'_>>> {
        self.image_of()
    }
}

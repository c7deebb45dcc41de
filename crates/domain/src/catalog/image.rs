//! A picture of a product, a variant or a collection.

use super::product::heap;
use crate::shared::ImageId;

/// A picture, which lies elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Which.
    pub id: ImageId,
    /// Where it lies: an absolute URL, or a path on this server, which begins with `/`.
    pub url: String,
    /// What it shows, for those who cannot see it.
    pub alt_text: Option<String>,
    /// Width in pixels, where known.
    pub width: Option<u32>,
    /// Height in pixels, where known.
    pub height: Option<u32>,
}

impl Image {
    pub(super) fn weight(&self) -> usize {
        size_of::<Self>() + heap(&self.url) + self.alt_text.as_deref().map_or(0, heap)
    }
}

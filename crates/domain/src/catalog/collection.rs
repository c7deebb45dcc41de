//! A collection of products.

use super::sort::CollectionProductSort;
use super::{Description, Handle, Image, ImageInput, InvalidProduct, Seo, draft};
use crate::shared::{CollectionId, Timestamp};

/// A group of products that a shop shows together, in an order of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collection {
    /// Which.
    pub id: CollectionId,
    /// Its name in addresses, unique.
    pub handle: Handle,
    /// Title.
    pub title: String,
    /// What it is, as HTML and as text.
    pub description: Description,
    /// Its picture.
    pub image: Option<Image>,
    /// For search engines.
    pub seo: Seo,
    /// How its products are sorted where nobody asks for another order.
    pub default_sort: CollectionProductSort,
    /// Since when or from when shoppers see it; `None`: not at all.
    pub published_at: Option<Timestamp>,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What somebody asks a collection to be.
#[derive(Clone, Debug, Default)]
pub struct CollectionInput {
    /// Title.
    pub title: String,
    /// Its name in addresses; made from the title when absent.
    pub handle: Option<String>,
    /// What it is, as HTML.
    pub description_html: String,
    /// Its picture.
    pub image: Option<ImageInput>,
    /// For search engines.
    pub seo: Seo,
    /// How its products are sorted where nobody asks for another order.
    pub default_sort: CollectionProductSort,
    /// From when shoppers see it; `None`: not at all.
    pub published_at: Option<Timestamp>,
}

/// A collection that has passed every rule and can be written. Which products it holds is written separately.
#[derive(Clone, Debug)]
pub struct CollectionDraft {
    title: String,
    handle: Handle,
    description: Description,
    image: Option<ImageInput>,
    seo: Seo,
    default_sort: CollectionProductSort,
    published_at: Option<Timestamp>,
}

impl CollectionDraft {
    /// Checks an input.
    ///
    /// # Errors
    /// The rule that is broken: those of a product's texts and pictures.
    pub fn try_new(input: &CollectionInput) -> Result<Self, InvalidProduct> {
        let title = draft::required("title", &input.title)?;
        let handle = match input.handle.as_deref().map(str::trim).filter(|h| !h.is_empty()) {
            Some(handle) => Handle::parse(handle)?,
            None => Handle::from_title(&title),
        };
        Ok(Self {
            title,
            handle,
            description: Description::sanitised(&input.description_html),
            image: input.image.as_ref().map(|image| draft::image(0, image)).transpose()?,
            seo: draft::seo(&input.seo)?,
            default_sort: input.default_sort,
            published_at: input.published_at,
        })
    }

    /// Title.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Its name in addresses.
    pub const fn handle(&self) -> &Handle {
        &self.handle
    }

    /// What it is.
    pub const fn description(&self) -> &Description {
        &self.description
    }

    /// Its picture.
    pub const fn image(&self) -> Option<&ImageInput> {
        self.image.as_ref()
    }

    /// For search engines.
    pub const fn seo(&self) -> &Seo {
        &self.seo
    }

    /// How its products are sorted where nobody asks for another order.
    pub const fn default_sort(&self) -> CollectionProductSort {
        self.default_sort
    }

    /// From when shoppers see it.
    pub const fn published_at(&self) -> Option<Timestamp> {
        self.published_at
    }
}

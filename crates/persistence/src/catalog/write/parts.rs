//! The rows below a product's own.

use super::{matching::Matched, rows, terms};
use crate::catalog::entities::{image, option, option_value, tag, term, variant};
use stoa_domain::{catalog::ProductDraft, shared::ProductId};

/// The parts of one product or of many, table by table.
#[derive(Default)]
pub(super) struct PartRows {
    pub(super) options: Vec<option::ActiveModel>,
    pub(super) values: Vec<option_value::ActiveModel>,
    pub(super) images: Vec<image::ActiveModel>,
    pub(super) variants: Vec<variant::ActiveModel>,
    pub(super) tags: Vec<tag::ActiveModel>,
    pub(super) terms: Vec<term::ActiveModel>,
}

impl PartRows {
    /// Adds the parts of a product under their ids.
    pub(super) fn add(&mut self, id: ProductId, draft: &ProductDraft, ids: &Matched) {
        for (n, (option, keys)) in draft.options().iter().zip(&ids.options).enumerate() {
            self.options.push(rows::option(keys.id, id, n, &option.name));
            let values = option.values.iter().zip(&keys.values).enumerate();
            self.values
                .extend(values.map(|(v, (value, key))| rows::option_value(*key, id, keys.id, v, value)));
        }
        let images = draft.images().iter().zip(&ids.images).enumerate();
        self.images.extend(images.map(|(n, (input, image))| rows::image(*image, id, n, input)));
        let variants = draft.variants().iter().zip(&ids.variants).enumerate();
        self.variants.extend(variants.map(|(n, (variant, key))| {
            let image = variant.image.and_then(|i| ids.images.get(i)).copied();
            rows::variant(key.id, id, n, variant, ids.numbers(variant), image)
        }));
        self.tags.extend(rows::tags(id, draft));
        self.terms.extend(terms::rows(id, draft));
    }
}

//! Variants as JSON that is kept, for what shows variants without their products: the lines of carts.
//!
//! A cart is shown again after every click, and what is in it looks as before. Only what tells nothing of stock is kept, so that it
//! is right for as long as the catalogue does not change, whoever puts the variant into his cart meanwhile.

use super::{Asked, RenderedProducts, errors, kept::Key, wrong_set};
use crate::graphql::{
    Ready,
    catalog::{Merchandise, ProductVariant},
};
use async_graphql::{
    ContextSelectionSet, OutputType, Positioned, ServerResult, Value, parser::types::Field,
    registry::Registry,
};
use bytes::Bytes;
use std::{borrow::Cow, sync::Arc};
use stoa_domain::shared::{Fault, VariantId};
use stoa_graphql_http::Splicing;
use stoa_services::catalog::{Catalog, Moment};

/// What a line buys; its JSON is taken from what is kept, where the transport can send it. On the wire it is merchandise.
#[derive(Clone, Debug)]
pub struct RenderedVariant(Form);

#[derive(Clone, Debug)]
enum Form {
    /// The variant as of a moment, and what its JSON will be kept under.
    Variant(ProductVariant, Option<(Key, Moment)>),
    /// What it looks like under the selection set at this address.
    Json(Bytes, usize),
}

impl Asked<'_> {
    /// Where a variant's JSON is kept; `None` where it is not: it tells of stock.
    fn variant_key(&self, variant: VariantId) -> Option<Key> {
        (!self.selection.tells_stock()).then_some(Key::Variant(self.selection, variant))
    }

    /// For each variant what was shown of it before, if it would be shown so now.
    ///
    /// # Errors
    /// None that could happen: no stock is read for what tells nothing of it.
    pub async fn find_variants(
        &self,
        catalog: &Catalog,
        variants: &[VariantId],
        moment: Moment,
    ) -> Result<Vec<Option<RenderedVariant>>, Fault> {
        let keys: Option<Vec<Key>> = variants.iter().map(|variant| self.variant_key(*variant)).collect();
        let Some(keys) = keys else { return Ok(vec![None; variants.len()]) };
        let found = self.kept.find(keys.into_iter(), catalog, moment).await?;
        let rendered = |json: Option<Bytes>| json.map(|json| RenderedVariant(Form::Json(json, self.address)));
        Ok(found.into_iter().map(rendered).collect())
    }

    /// A variant that was read at this moment or later, and is kept once it is shown.
    pub fn variant(&self, variant: ProductVariant, moment: Moment) -> RenderedVariant {
        let key = self.variant_key(variant.uuid());
        RenderedVariant(Form::Variant(variant, key.map(|key| (key, moment))))
    }
}

impl RenderedVariant {
    /// A variant that is not kept.
    pub const fn new(variant: ProductVariant) -> Self {
        Self(Form::Variant(variant, None))
    }
}

/// Makes the JSON and keeps it; `None` where a field waits for something.
fn resolved_and_kept(
    variant: &ProductVariant,
    (key, moment): (Key, Moment),
    ctx: &ContextSelectionSet<'_>,
) -> Option<ServerResult<Value>> {
    let kept = ctx.data_opt::<Arc<RenderedProducts>>()?;
    let before = errors(ctx);
    let answer = match Ready(variant).resolve_now(ctx)? {
        Ok(answer) => answer,
        Err(error) => return Some(Err(error)),
    };
    // A null that stands for an error is not the answer for ever.
    if errors(ctx) != before {
        return Some(Ok(answer));
    }
    let mut json = Vec::with_capacity(512);
    Splicing::write(&answer, &mut json);
    kept.keep(key, moment, Box::default(), &json);
    Some(Ok(Splicing::value(json.into())))
}

impl OutputType for RenderedVariant {
    fn type_name() -> Cow<'static, str> {
        <Merchandise as OutputType>::type_name()
    }

    fn qualified_type_name() -> String {
        <Merchandise as OutputType>::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <Merchandise as OutputType>::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        match &self.0 {
            Form::Json(json, at) if *at == std::ptr::from_ref(ctx.item).addr() => {
                Ok(Splicing::value(json.clone()))
            }
            Form::Json(..) => Err(wrong_set(ctx, field)),
            Form::Variant(variant, keep) => match keep.and_then(|keep| resolved_and_kept(variant, keep, ctx))
            {
                Some(answer) => answer,
                None => Merchandise::from(variant.clone()).resolve(ctx, field).await,
            },
        }
    }
}

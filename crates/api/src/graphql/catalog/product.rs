//! A product.

use super::{
    ProductData, ProductImageSortKeys, ProductMediaSortKeys, ProductOption, ProductPriceRange,
    ProductVariant, ProductVariantSortKeys, SelectedOptionInput, Seo, description::truncated,
    encoded_variants, selection,
};
use crate::graphql::{
    ApiError, List, Ready,
    media::{Image, Media, MediaImage},
    paging::{Connection, PageArgs, page_of},
    scalars::{DateTime, Gid, Html},
    selling_plan::SellingPlanGroup,
};
use async_graphql::Object;
use std::{borrow::Cow, sync::Arc};
use stoa_domain::{catalog, shared::ProductId};

/// A product.
#[derive(Clone, Debug)]
pub struct Product(
    /// The product with its stock.
    pub Arc<ProductData>,
);

impl Product {
    fn inner(&self) -> &catalog::Product {
        &self.0.product
    }

    fn image(&self, at: usize) -> Ready<Image<'_>> {
        Ready(Image::new(&self.inner().images[at], &self.0.shop))
    }

    fn variant(&self, at: usize) -> Option<Ready<ProductVariant>> {
        ProductVariant::new(&self.0, at).map(Ready)
    }
}

/// A product: what is described and shown once, and bought as one of its variants.
#[Object]
impl Product {
    /// The variants that differ from the chosen one in exactly one option; without a choice, from the first that can be
    /// bought.
    fn adjacent_variants(
        &self,
        #[graphql(desc = "Whether upper and lower case are the same.", default_with = "Some(false)")]
        case_insensitive_match: Option<bool>,
        #[graphql(
            desc = "Whether options that the product does not have are passed over.",
            default_with = "Some(true)"
        )]
        ignore_unknown_options: Option<bool>,
        #[graphql(desc = "The chosen option values.")] selected_options: Option<Vec<SelectedOptionInput>>,
    ) -> List<Ready<ProductVariant>> {
        let matching = selection::matching(case_insensitive_match, ignore_unknown_options);
        let adjacent = selection::adjacent(&self.0, selected_options.unwrap_or_default(), matching);
        List::new(adjacent.into_iter().filter_map(|at| self.variant(at)).collect(), true)
    }

    /// Whether any variant can be bought now.
    fn available_for_sale(&self) -> bool {
        self.0.is_available()
    }

    /// The compare-at prices of the variants, from the lowest to the highest; zero to zero where none has one.
    fn compare_at_price_range(&self) -> Ready<ProductPriceRange> {
        let currency = self.0.currency();
        let range = self.inner().compare_at_price.map(|range| ProductPriceRange::new(range, currency));
        Ready(range.unwrap_or_else(|| ProductPriceRange::none(currency)))
    }

    /// What it is, without markup.
    fn description(
        &self,
        #[graphql(desc = "At most so many characters, cut between words.")] truncate_at: Option<i32>,
    ) -> Result<Cow<'_, str>, ApiError> {
        truncated(&self.inner().description, truncate_at)
    }

    /// What it is, as HTML.
    fn description_html(&self) -> Html<'_> {
        Html(&self.inner().description.html)
    }

    /// Which combinations of option values can be bought now, as indexes in a compact text that begins with `v1_`.
    fn encoded_variant_availability(&self) -> Option<String> {
        let variants = self.inner().variants.iter().enumerate();
        let available =
            variants.filter(|(at, _)| self.0.stock_of(*at).available).map(|(_, variant)| variant.values);
        Some(encoded_variants::encode(available, self.inner().options.len()))
    }

    /// Which combinations of option values exist, as indexes in a compact text that begins with `v1_`.
    fn encoded_variant_existence(&self) -> Option<String> {
        let existing = self.inner().variants.iter().map(|variant| variant.values);
        Some(encoded_variants::encode(existing, self.inner().options.len()))
    }

    /// The picture shown in lists: the first.
    fn featured_image(&self) -> Option<Ready<Image<'_>>> {
        self.inner().featured_image().map(|image| Ready(Image::new(image, &self.0.shop)))
    }

    /// Its name in addresses.
    fn handle(&self) -> &str {
        self.inner().handle.as_str()
    }

    /// Its global id.
    fn id(&self) -> Gid<ProductId> {
        Gid(self.inner().id)
    }

    /// The pictures.
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of a connection")]
    fn images(
        &self,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many from the front, at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many from the back, at most 250.")] last: Option<i32>,
        #[graphql(desc = "Whether the list is turned round.", default_with = "Some(false)")] reverse: Option<
            bool,
        >,
        #[graphql(desc = "How the list is sorted.", default_with = "Some(ProductImageSortKeys::Position)")]
        sort_key: Option<ProductImageSortKeys>,
    ) -> Result<Ready<Connection<Ready<Image<'_>>>>, ApiError> {
        let args = PageArgs { after, before, first, last };
        let by_id = matches!(sort_key, Some(ProductImageSortKeys::Id | ProductImageSortKeys::CreatedAt));
        let order = self.image_order(by_id);
        page_of(
            &order,
            reverse.unwrap_or(false),
            &args,
            |at| self.inner().images[*at].id.uuid(),
            |n| self.image(order[n]),
        )
        .map(Connection::ready)
    }

    /// What shows it: its pictures.
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of a connection")]
    fn media(
        &self,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many from the front, at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many from the back, at most 250.")] last: Option<i32>,
        #[graphql(desc = "Whether the list is turned round.", default_with = "Some(false)")] reverse: Option<
            bool,
        >,
        #[graphql(desc = "How the list is sorted.", default_with = "Some(ProductMediaSortKeys::Position)")]
        sort_key: Option<ProductMediaSortKeys>,
    ) -> Result<Ready<Connection<Media>>, ApiError> {
        let args = PageArgs { after, before, first, last };
        let order = self.image_order(sort_key == Some(ProductMediaSortKeys::Id));
        let id = |at: &usize| self.inner().images[*at].id;
        let medium = |n: usize| MediaImage::new(Arc::clone(&self.0), id(&order[n])).into();
        page_of(&order, reverse.unwrap_or(false), &args, |at| id(at).uuid(), medium).map(Connection::ready)
    }

    /// What the buyer chooses, in order.
    fn options(
        &self,
        #[graphql(desc = "How many, from the front; all of them by default.")] first: Option<i32>,
    ) -> Result<List<Ready<ProductOption<'_>>>, ApiError> {
        let count = match first.map(usize::try_from) {
            None => usize::MAX,
            Some(Ok(count)) => count,
            Some(Err(_)) => return Err(ApiError::bad_input("first must not be negative.")),
        };
        Ok(List::new(ProductOption::all(&self.0).take(count).map(Ready).collect(), true))
    }

    /// The prices of the variants, from the lowest to the highest.
    fn price_range(&self) -> Ready<ProductPriceRange> {
        Ready(ProductPriceRange::new(self.inner().price, self.0.currency()))
    }

    /// What kind of thing it is; may be empty.
    fn product_type(&self) -> &str {
        &self.inner().product_type
    }

    /// Since when shoppers see it.
    fn published_at(&self) -> DateTime {
        // Shoppers see only what has been published; a product in a cart may have been taken back since.
        DateTime(self.inner().published_at.unwrap_or(self.inner().created_at))
    }

    /// The chosen variant; without one that fits the choice, the first that can be bought; without that, the first.
    fn selected_or_first_available_variant(
        &self,
        #[graphql(desc = "Whether upper and lower case are the same.", default_with = "Some(false)")]
        case_insensitive_match: Option<bool>,
        #[graphql(
            desc = "Whether options that the product does not have are passed over.",
            default_with = "Some(true)"
        )]
        ignore_unknown_options: Option<bool>,
        #[graphql(desc = "The chosen option values.")] selected_options: Option<Vec<SelectedOptionInput>>,
    ) -> Option<Ready<ProductVariant>> {
        let matching = selection::matching(case_insensitive_match, ignore_unknown_options);
        let chosen = selection::chosen(&self.0, selected_options.unwrap_or_default(), matching);
        self.variant(chosen.or_else(|| self.0.first_available()).unwrap_or(0))
    }

    /// Its selling plans, in groups. The shop sells none yet.
    fn selling_plan_groups(
        &self,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many from the front, at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many from the back, at most 250.")] last: Option<i32>,
        #[graphql(desc = "Whether the list is turned round.", default_with = "Some(false)")] reverse: Option<
            bool,
        >,
    ) -> Result<Ready<Connection<SellingPlanGroup>>, ApiError> {
        let _ = reverse;
        PageArgs { after, before, first, last }.request()?;
        Ok(Connection::empty().ready())
    }

    /// What search engines are told.
    fn seo(&self) -> Ready<Seo<'_>> {
        Ready(Seo(&self.inner().seo))
    }

    /// Its tags, in alphabetical order.
    fn tags(&self) -> &[String] {
        &self.inner().tags
    }

    /// Its title.
    fn title(&self) -> &str {
        &self.inner().title
    }

    /// Parameters to add to its address when it came from a search; null, since searches are not tracked.
    fn tracking_parameters(&self) -> Option<&str> {
        None
    }

    /// When it was last changed.
    fn updated_at(&self) -> DateTime {
        DateTime(self.inner().updated_at)
    }

    /// The variant that exactly these option values choose; null if there is none.
    fn variant_by_selected_options(
        &self,
        #[graphql(desc = "Whether upper and lower case are the same.", default_with = "Some(false)")]
        case_insensitive_match: Option<bool>,
        #[graphql(
            desc = "Whether options that the product does not have are passed over.",
            default_with = "Some(false)"
        )]
        ignore_unknown_options: Option<bool>,
        #[graphql(desc = "The chosen option values: one for each option.")] selected_options: Vec<
            SelectedOptionInput,
        >,
    ) -> Option<Ready<ProductVariant>> {
        let matching = catalog::Matching {
            ignore_case: case_insensitive_match.unwrap_or(false),
            ignore_unknown: ignore_unknown_options.unwrap_or(false),
        };
        self.variant(selection::chosen(&self.0, selected_options, matching)?)
    }

    /// The variants.
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of a connection")]
    fn variants(
        &self,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many from the front, at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many from the back, at most 250.")] last: Option<i32>,
        #[graphql(desc = "Whether the list is turned round.", default_with = "Some(false)")] reverse: Option<
            bool,
        >,
        #[graphql(desc = "How the list is sorted.", default_with = "Some(ProductVariantSortKeys::Position)")]
        sort_key: Option<ProductVariantSortKeys>,
    ) -> Result<Ready<Connection<Ready<ProductVariant>>>, ApiError> {
        let args = PageArgs { after, before, first, last };
        let sort_key = sort_key.unwrap_or(ProductVariantSortKeys::Position);
        selection::variants_page(&self.0, sort_key, reverse.unwrap_or(false), &args)
    }

    /// Who makes it; may be empty.
    fn vendor(&self) -> &str {
        &self.inner().vendor
    }
}

impl Product {
    /// The indexes of the pictures, in the shop's order or by id, which is by age.
    fn image_order(&self, by_id: bool) -> Vec<usize> {
        let images = &self.inner().images;
        let mut order: Vec<usize> = (0..images.len()).collect();
        if by_id {
            order.sort_by_key(|at| images[*at].id);
        }
        order
    }
}

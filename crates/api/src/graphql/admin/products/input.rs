//! Products and variants on their way in.

use super::{ProductDimensionsInput, ProductErrorCode as Code, ProductStatus, ProductUserError};
use crate::graphql::{
    admin::moment::Moment,
    cart::InputPath,
    checkout::{ExactDecimal, MoneyInput},
};
use async_graphql::{ID, InputObject, MaybeUndefined};
use stoa_domain::{
    catalog::{ImageInput, OptionInput, ProductInput, Seo, StockInput, VariantInput},
    shared::{Currency, TaxCategoryId},
};
use stoa_services::admin::{ProductPatch, VariantPatch};

/// A picture: a file that staff have brought, or one that lies somewhere.
#[derive(Clone, Debug, InputObject)]
pub struct AdminImageInput {
    /// What it shows, for those who cannot see it. Left out of a file: what the file says.
    pub alt_text: Option<String>,
    /// Height in pixels. Left out of a file: its own.
    pub height: Option<u32>,
    /// The global id of a public file, instead of `url`.
    pub media_id: Option<ID>,
    /// Where it lies: `http`, `https`, or a path on this server.
    pub url: Option<String>,
    /// Width in pixels. Left out of a file: its own.
    pub width: Option<u32>,
}

/// What search engines are told instead of title and description.
#[derive(Clone, Debug, Default, InputObject)]
pub struct AdminSeoInput {
    /// Instead of the description.
    pub description: Option<String>,
    /// Instead of the title.
    pub title: Option<String>,
}

impl From<AdminSeoInput> for Seo {
    fn from(seo: AdminSeoInput) -> Self {
        Self { title: seo.title, description: seo.description }
    }
}

/// Something the buyer chooses.
#[derive(Clone, Debug, InputObject)]
pub struct ProductOptionCreateInput {
    /// Such as "Size".
    pub name: String,
    /// Its values in order. Values that only variants name follow.
    #[graphql(default)]
    pub values: Vec<String>,
}

/// A variant to be.
#[derive(Clone, Debug, InputObject)]
pub struct ProductVariantInput {
    /// Units that may be sold beyond what is there; null: any number.
    #[graphql(default_with = "Some(0)")]
    pub backorder_limit: Option<i64>,
    /// What a scanner reads.
    pub barcode: Option<String>,
    /// The price it used to have or has elsewhere, in the shop's currency.
    pub compare_at_price: Option<ExactDecimal>,
    /// How large one unit is; null: nobody knows.
    pub dimensions: Option<ProductDimensionsInput>,
    /// The address of one of the product's pictures. A product that is there already is given them by `productVariantsBulkUpdate`.
    pub image_url: Option<String>,
    /// Units that are there, at the shop's first location; to say so takes `inventory:write` as well.
    pub on_hand: Option<i64>,
    /// A value for each option, in their order; none where the product has no options.
    #[graphql(default)]
    pub option_values: Vec<String>,
    /// What it costs, in the shop's currency.
    pub price: ExactDecimal,
    /// Whether it has to be delivered.
    #[graphql(default = true)]
    pub requires_shipping: bool,
    /// The shop's own code.
    pub sku: Option<String>,
    /// Whether tax is charged on it.
    #[graphql(default = true)]
    pub taxable: bool,
    /// Whether units are counted; where not, any number sells.
    #[graphql(default = true)]
    pub tracked: bool,
    /// Weight in grams.
    #[graphql(default = 0)]
    pub weight_grams: i64,
}

impl ProductVariantInput {
    /// As the catalogue takes it. `images` are the product's, of which it may have one.
    ///
    /// # Errors
    /// A price is none, or there is no such picture.
    pub fn read(
        self,
        images: &[ImageInput],
        currency: Currency,
        at: &InputPath,
    ) -> Result<VariantInput, ProductUserError> {
        let image = match self.image_url {
            None => None,
            Some(url) => match images.iter().position(|image| image.url == url) {
                Some(index) => Some(index),
                None => {
                    let message = "The product has no such picture.";
                    return Err(ProductUserError::new(Code::Invalid, at.field("imageUrl"), message));
                }
            },
        };
        let compare_at_price = self
            .compare_at_price
            .map(|price| shop_price(price, currency, at.field("compareAtPrice")))
            .transpose()?;
        Ok(VariantInput {
            option_values: self.option_values,
            sku: self.sku,
            barcode: self.barcode,
            price: shop_price(self.price, currency, at.field("price"))?,
            compare_at_price,
            weight_grams: self.weight_grams,
            requires_shipping: self.requires_shipping,
            taxable: self.taxable,
            image,
            stock: StockInput {
                tracked: self.tracked,
                backorder_limit: self.backorder_limit,
                on_hand: self.on_hand,
            },
        })
    }
}

/// What is to be other of a variant; what is left out stays as it is.
#[derive(Clone, Debug, InputObject)]
pub struct ProductVariantUpdateInput {
    /// Units that may be sold beyond what is there; null: any number.
    pub backorder_limit: MaybeUndefined<i64>,
    /// What a scanner reads; an empty text is none.
    pub barcode: Option<String>,
    /// The price it used to have or has elsewhere, in the shop's currency; null: none.
    pub compare_at_price: MaybeUndefined<ExactDecimal>,
    /// How large one unit is; null: nobody knows.
    pub dimensions: MaybeUndefined<ProductDimensionsInput>,
    /// The global id.
    pub id: ID,
    /// The address of one of the product's pictures; an empty text is none.
    pub image_url: Option<String>,
    /// What it costs, in the shop's currency.
    pub price: Option<ExactDecimal>,
    /// Whether it has to be delivered.
    pub requires_shipping: Option<bool>,
    /// The shop's own code; an empty text is none.
    pub sku: Option<String>,
    /// Whether tax is charged on it.
    pub taxable: Option<bool>,
    /// Whether units are counted.
    pub tracked: Option<bool>,
    /// Weight in grams.
    pub weight_grams: Option<i64>,
}

impl ProductVariantUpdateInput {
    /// As the catalogue takes it.
    ///
    /// # Errors
    /// A price is none.
    pub fn read(self, currency: Currency, at: &InputPath) -> Result<VariantPatch, ProductUserError> {
        let price = |price, field| shop_price(price, currency, at.field(field));
        let compare_at_price = match given(self.compare_at_price) {
            Some(Some(amount)) => Some(Some(price(amount, "compareAtPrice")?)),
            Some(None) => Some(None),
            None => None,
        };
        Ok(VariantPatch {
            sku: self.sku,
            barcode: self.barcode,
            price: self.price.map(|amount| price(amount, "price")).transpose()?,
            compare_at_price,
            weight_grams: self.weight_grams,
            requires_shipping: self.requires_shipping,
            taxable: self.taxable,
            image_url: self.image_url,
            tracked: self.tracked,
            backorder_limit: given(self.backorder_limit),
            sides: given(self.dimensions).map(|of| of.map(Into::into)),
        })
    }
}

/// A product to be.
#[derive(Clone, Debug, InputObject)]
pub struct ProductCreateInput {
    /// What it is; made harmless when it comes in.
    #[graphql(default)]
    pub description_html: String,
    /// Whether its variants are gift cards: made and mailed once their order is paid, worth what was paid for them.
    #[graphql(default)]
    pub gift_card: bool,
    /// Its name in addresses; made from the title when it is left out.
    pub handle: Option<String>,
    /// Its pictures, in order.
    #[graphql(default)]
    pub images: Vec<AdminImageInput>,
    /// What the buyer chooses; none for a product that comes in one form only.
    #[graphql(default)]
    pub options: Vec<ProductOptionCreateInput>,
    /// What kind of thing it is.
    #[graphql(default)]
    pub product_type: String,
    /// From when it is offered; null: not at all.
    pub published_at: Option<Moment>,
    /// What search engines are told.
    pub seo: Option<AdminSeoInput>,
    /// Whether it is offered.
    #[graphql(default_with = "ProductStatus::Active")]
    pub status: ProductStatus,
    /// Its tags.
    #[graphql(default)]
    pub tags: Vec<String>,
    /// The global id of the tax category that it is of; null: it is taxed as most things are.
    pub tax_category_id: Option<ID>,
    /// Title.
    pub title: String,
    /// What can be bought, 250 at most; more are added by `productVariantsBulkCreate`.
    pub variants: Vec<ProductVariantInput>,
    /// Who makes it.
    #[graphql(default)]
    pub vendor: String,
}

impl ProductCreateInput {
    /// As the catalogue takes it, with these pictures.
    ///
    /// # Errors
    /// A price is none, or a variant names a picture that there is not.
    pub fn read(
        self,
        images: Vec<ImageInput>,
        currency: Currency,
        at: &InputPath,
    ) -> Result<ProductInput, ProductUserError> {
        let list = at.field("variants");
        let variants = self.variants.into_iter().enumerate();
        let variants = variants.map(|(index, variant)| variant.read(&images, currency, &list.entry(index)));
        let variants = variants.collect::<Result<_, _>>()?;
        let option =
            |option: ProductOptionCreateInput| OptionInput { name: option.name, values: option.values };
        Ok(ProductInput {
            title: self.title,
            handle: self.handle,
            description_html: self.description_html,
            vendor: self.vendor,
            product_type: self.product_type,
            tags: self.tags,
            status: self.status.into(),
            published_at: self.published_at.map(|moment| moment.0),
            seo: self.seo.map(Into::into).unwrap_or_default(),
            options: self.options.into_iter().map(option).collect(),
            variants,
            images,
        })
    }
}

/// What is to be other of a product; what is left out stays as it is.
#[derive(Clone, Debug, InputObject)]
pub struct ProductUpdateInput {
    /// What it is; made harmless when it comes in.
    pub description_html: Option<String>,
    /// Whether its variants are gift cards. Those that were sold stay what they are.
    pub gift_card: Option<bool>,
    /// Its name in addresses.
    pub handle: Option<String>,
    /// The global id.
    pub id: ID,
    /// Its pictures, all of them. Variants keep those of theirs that stay.
    pub images: Option<Vec<AdminImageInput>>,
    /// What kind of thing it is.
    pub product_type: Option<String>,
    /// From when it is offered; null: not at all.
    pub published_at: MaybeUndefined<Moment>,
    /// What search engines are told.
    pub seo: Option<AdminSeoInput>,
    /// Whether it is offered.
    pub status: Option<ProductStatus>,
    /// Its tags, all of them.
    pub tags: Option<Vec<String>>,
    /// The global id of the tax category that it is of; null: it is taxed as most things are.
    pub tax_category_id: MaybeUndefined<ID>,
    /// Title.
    pub title: Option<String>,
    /// Who makes it.
    pub vendor: Option<String>,
}

impl ProductUpdateInput {
    /// As the catalogue takes it, with these pictures and this tax category.
    pub fn patch(
        self,
        images: Option<Vec<ImageInput>>,
        tax_category: Option<Option<TaxCategoryId>>,
    ) -> ProductPatch {
        ProductPatch {
            title: self.title,
            handle: self.handle,
            description_html: self.description_html,
            vendor: self.vendor,
            product_type: self.product_type,
            tags: self.tags,
            status: self.status.map(Into::into),
            published_at: given(self.published_at).map(|at| at.map(|moment| moment.0)),
            seo: self.seo.map(Into::into),
            images,
            gift_card: self.gift_card,
            tax_category,
        }
    }
}

/// What was given: `None`, nothing; `Some(None)`, null.
pub fn given<T>(value: MaybeUndefined<T>) -> Option<Option<T>> {
    match value {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(value) => Some(Some(value)),
    }
}

/// A price in minor units of the shop's currency.
///
/// # Errors
/// It is none.
pub fn shop_price(amount: ExactDecimal, currency: Currency, at: InputPath) -> Result<i64, ProductUserError> {
    let price = MoneyInput { amount, currency_code: currency.into() };
    price.money().map(|money| money.minor).map_err(|_| {
        ProductUserError::new(Code::Invalid, at, format!("This is no amount in {}.", currency.code()))
    })
}

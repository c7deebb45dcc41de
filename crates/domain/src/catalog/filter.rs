//! The filters of a collection's products.

/// One condition on the products of a list. Filters of one kind widen the list (either tag), filters of different
/// kinds narrow it (this tag and that vendor), as the storefronts of the field do.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ProductFilter {
    /// Whether a variant can be bought now, by the shop's stock; what others hold in their carts does not count here.
    Available(bool),
    /// Whether a variant costs at least `min` and at most `max`, in minor units.
    Price {
        /// At least.
        min: Option<i64>,
        /// At most.
        max: Option<i64>,
    },
    /// Of this product type, in any letter case.
    ProductType(String),
    /// Of this vendor, in any letter case.
    Vendor(String),
    /// With this tag, in any letter case.
    Tag(String),
    /// With a variant that has this option value, in any letter case.
    VariantOption {
        /// The option, such as "Size".
        name: String,
        /// The value, such as "L".
        value: String,
    },
}

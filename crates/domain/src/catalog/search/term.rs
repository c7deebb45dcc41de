//! What one term of a query asks for.

use crate::shared::Timestamp;

/// A field of a product that words stand in. The order is that of relevance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TermField {
    /// Title.
    Title,
    /// Product type.
    ProductType,
    /// Vendor.
    Vendor,
    /// A tag.
    Tag,
    /// A value of an option.
    OptionValue,
    /// A SKU or a barcode.
    Code,
}

impl TermField {
    /// How little a match in this field says: 0 is best. Also its name in the search index.
    pub const fn rank(self) -> i16 {
        match self {
            Self::Title => 0,
            Self::ProductType => 1,
            Self::Vendor => 2,
            Self::Tag => 3,
            Self::OptionValue => 4,
            Self::Code => 5,
        }
    }

    /// What a word that stands nowhere counts as.
    pub const NOWHERE: i16 = 9;
}

/// A field of a product that is compared as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextField {
    /// Vendor.
    Vendor,
    /// Product type.
    ProductType,
    /// A tag.
    Tag,
    /// A variant's SKU.
    Sku,
    /// Handle.
    Handle,
}

/// A word as it is searched for: lower-case ASCII letters and digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Word {
    /// Its letters.
    pub text: String,
    /// Whether it is only the beginning of a word.
    pub prefix: bool,
}

/// How two numbers compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// No sign.
    Equal,
    /// `>=`
    AtLeast,
    /// `>`
    Greater,
}

/// The moments from one, inclusive, to another, exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Moments {
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SearchTerm {
    /// A word stands in the field, or in any.
    Word {
        /// Where it must stand.
        field: Option<TermField>,
        /// The word.
        word: Word,
    },
    /// The field's value is this, in the form of [`fold_key`](crate::catalog::fold_key).
    Is(TextField, String),
    /// The field's value begins so, in the same form; an empty beginning asks only that there be a value.
    Begins(TextField, String),
    /// Whether a variant can be bought, by the shop's stock.
    Available(bool),
    /// Whether a variant's price, in minor units, compares so.
    Price(Comparison, i64),
    /// Made at such a moment.
    Created(Moments),
    /// Last changed at such a moment.
    Updated(Moments),
    /// A value the field cannot have: no product has it.
    Impossible,
}

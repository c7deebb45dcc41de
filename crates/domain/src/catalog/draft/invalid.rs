//! Why a product cannot be as it is asked for.

use crate::catalog::InvalidHandle;

/// The rule that is broken. The message is for whoever wrote the input.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidProduct {
    /// A text that must not be blank.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// A text beyond its bounds.
    #[error("{field} is longer than {max}")]
    TooLong {
        /// Which text.
        field: &'static str,
        /// The bound, in characters (bytes for a description).
        max: usize,
    },
    /// No handle can be made of it.
    #[error(transparent)]
    Handle(#[from] InvalidHandle),
    /// More than there may be.
    #[error("more than {max} {what}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// The bound.
        max: usize,
    },
    /// Nothing to buy.
    #[error("a product needs at least one variant")]
    NoVariants,
    /// Several variants and nothing to choose them by.
    #[error("a product with several variants needs options to choose them by")]
    NothingToChooseBy,
    /// Two options of one name.
    #[error("two options are named {0:?}")]
    DuplicateOption(String),
    /// A value twice in an option's list.
    #[error("option {option:?} has the value {value:?} twice")]
    DuplicateValue {
        /// Which option.
        option: String,
        /// Which value.
        value: String,
    },
    /// A variant with more or fewer values than there are options.
    #[error("variant {variant} has {got} option values where the product has {expected} options")]
    WrongValueCount {
        /// Which variant, counted from 1.
        variant: usize,
        /// Values it has.
        got: usize,
        /// Options there are.
        expected: usize,
    },
    /// A variant without a value for an option.
    #[error("variant {variant} has no value for option {option:?}")]
    MissingValue {
        /// Which variant, counted from 1.
        variant: usize,
        /// Which option.
        option: String,
    },
    /// Two variants that nobody could tell apart.
    #[error("variants {first} and {second} have the same option values")]
    DuplicateVariant {
        /// Counted from 1.
        first: usize,
        /// Counted from 1.
        second: usize,
    },
    /// A number outside its bounds.
    #[error("the {field} of variant {variant} is not between 0 and {max}")]
    OutOfRange {
        /// Which variant, counted from 1.
        variant: usize,
        /// Which number.
        field: &'static str,
        /// The bound.
        max: i64,
    },
    /// A variant's picture that the product does not have.
    #[error("variant {0} has a picture that the product does not have")]
    UnknownImage(usize),
    /// An address that no picture can lie at.
    #[error("image {0} needs an http or https address, or a path that begins with /")]
    ImageAddress(usize),
}

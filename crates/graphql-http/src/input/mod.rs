//! Input values: what fits the scalars of the specification, the coercion of variables per request, and the check of
//! literals once per document. async-graphql leaves gaps in all three.

mod coerce;
mod literal;
mod scalar;

pub(crate) use self::{
    coerce::coerce,
    literal::{Declared, LiteralCheck},
};

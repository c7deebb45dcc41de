//! The filters that a list offers, with how many products each would leave.

use crate::graphql::scalars::Json;
use async_graphql::{Enum, SimpleObject};

/// How a filter is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum FilterType {
    /// As yes or no.
    Boolean,
    /// As a list to choose from.
    List,
    /// As a price from and to.
    PriceRange,
}

/// A filter that a list of products offers.
#[derive(Clone, Debug, SimpleObject)]
pub struct Filter {
    /// Its name for programs, such as `filter.p.vendor`.
    pub id: String,
    /// Its name for people.
    pub label: String,
    /// How it is shown.
    pub r#type: FilterType,
    /// What can be chosen.
    pub values: Vec<FilterValue>,
}

/// A value of a filter.
#[derive(Clone, Debug, SimpleObject)]
pub struct FilterValue {
    /// How many products of the list have it.
    pub count: i32,
    /// Its name for programs, such as `filter.p.vendor.acme`.
    pub id: String,
    /// What to put into the `filters` argument to choose it, as the text of a JSON object.
    pub input: Json,
    /// Its name for people.
    pub label: String,
}

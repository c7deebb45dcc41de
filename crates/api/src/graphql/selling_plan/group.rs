//! Plans that are offered together.

use super::SellingPlan;
use crate::graphql::paging::Connection;
use async_graphql::Object;

/// Plans that are offered together.
#[derive(Clone, Copy, Debug)]
pub enum SellingPlanGroup {}

/// Plans that are offered together, such as "Subscribe and save".
#[Object]
#[expect(
    unused_variables,
    clippy::needless_pass_by_value,
    reason = "nothing is ever asked of a type without values"
)]
impl SellingPlanGroup {
    /// The app that offers them.
    fn app_name(&self) -> Option<String> {
        match *self {}
    }

    /// The group's name.
    fn name(&self) -> String {
        match *self {}
    }

    /// What the buyer chooses among them by.
    fn options(&self) -> Vec<SellingPlanGroupOption> {
        match *self {}
    }

    /// The plans.
    fn selling_plans(
        &self,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many from the front, at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many from the back, at most 250.")] last: Option<i32>,
        #[graphql(desc = "Whether the list is turned round.")] reverse: Option<bool>,
    ) -> Connection<SellingPlan> {
        match *self {}
    }
}

/// Something that the buyer chooses a plan by.
#[derive(Clone, Copy, Debug)]
pub enum SellingPlanGroupOption {}

/// Something that the buyer chooses a plan by, such as how often to deliver.
#[Object]
impl SellingPlanGroupOption {
    /// Its name.
    fn name(&self) -> String {
        match *self {}
    }

    /// What can be chosen.
    fn values(&self) -> Vec<String> {
        match *self {}
    }
}

//! What search engines are told.

use async_graphql::Object;
use stoa_domain::catalog;

/// What search engines are told.
#[derive(Clone, Copy, Debug)]
pub struct Seo<'a>(
    /// The texts.
    pub &'a catalog::Seo,
);

/// What search engines are told instead of title and description.
#[Object(name = "SEO")]
impl Seo<'_> {
    /// Instead of the description; null where the description serves.
    fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// Instead of the title; null where the title serves.
    fn title(&self) -> Option<&str> {
        self.0.title.as_deref()
    }
}

//! Blogs and their articles.

use crate::graphql::{
    catalog::Seo,
    media::Image,
    paging::Connection,
    scalars::{DateTime, Html},
};
use async_graphql::{Enum, ID, Object};

/// An article of a blog.
#[derive(Clone, Copy, Debug)]
pub enum Article {}

/// An article of a blog.
#[Object]
impl Article {
    /// Who wrote it.
    fn author_v2(&self) -> Option<ArticleAuthor> {
        match *self {}
    }

    /// The blog it appeared in.
    fn blog(&self) -> Blog {
        match *self {}
    }

    /// The article, as HTML.
    fn content_html(&self) -> Html<'static> {
        match *self {}
    }

    /// Its name in addresses.
    fn handle(&self) -> String {
        match *self {}
    }

    /// Its global id.
    fn id(&self) -> ID {
        match *self {}
    }

    /// The picture above it.
    fn image(&self) -> Option<Image<'static>> {
        match *self {}
    }

    /// When it appeared.
    fn published_at(&self) -> DateTime {
        match *self {}
    }

    /// What search engines are told.
    fn seo(&self) -> Option<Seo<'static>> {
        match *self {}
    }

    /// Its title.
    fn title(&self) -> String {
        match *self {}
    }

    /// Parameters to add to its address when it came from a search.
    fn tracking_parameters(&self) -> Option<String> {
        match *self {}
    }
}

/// Who wrote an article.
#[derive(Clone, Copy, Debug)]
pub enum ArticleAuthor {}

/// Who wrote an article.
#[Object]
impl ArticleAuthor {
    /// The name.
    fn name(&self) -> String {
        match *self {}
    }
}

/// How the articles of a blog are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ArticleSortKeys {
    /// By author.
    Author,
    /// By the title of the blog.
    BlogTitle,
    /// By id.
    Id,
    /// Oldest first.
    PublishedAt,
    /// Best match of the searched words first.
    Relevance,
    /// By title.
    Title,
    /// Changed longest ago first.
    UpdatedAt,
}

/// A blog.
#[derive(Clone, Copy, Debug)]
pub enum Blog {}

/// A blog.
#[Object]
#[expect(
    unused_variables,
    clippy::needless_pass_by_value,
    reason = "nothing is ever asked of a type without values"
)]
impl Blog {
    /// The article with a name in addresses.
    fn article_by_handle(
        &self,
        #[graphql(desc = "The article's name in addresses.")] handle: String,
    ) -> Option<Article> {
        match *self {}
    }

    /// The articles.
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of a connection")]
    fn articles(
        &self,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many from the front, at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many from the back, at most 250.")] last: Option<i32>,
        #[graphql(desc = "Words and conditions that the articles must meet.")] query: Option<String>,
        #[graphql(desc = "Whether the list is turned round.")] reverse: Option<bool>,
        #[graphql(desc = "How the list is sorted.")] sort_key: Option<ArticleSortKeys>,
    ) -> Connection<Article> {
        match *self {}
    }

    /// Its name in addresses.
    fn handle(&self) -> String {
        match *self {}
    }

    /// Its global id.
    fn id(&self) -> ID {
        match *self {}
    }

    /// What search engines are told.
    fn seo(&self) -> Option<Seo<'static>> {
        match *self {}
    }

    /// Its title.
    fn title(&self) -> String {
        match *self {}
    }
}

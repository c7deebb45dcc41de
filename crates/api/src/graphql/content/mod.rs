//! Pages, blogs and structured content. The shop keeps none yet: these types have no values, and stand here because
//! metafields may point to them.

mod blog;
mod metaobject;
mod page;

pub use blog::{Article, ArticleAuthor, ArticleSortKeys, Blog};
pub use metaobject::{Metaobject, MetaobjectField};
pub use page::Page;

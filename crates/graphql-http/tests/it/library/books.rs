//! What the library lends, and where its writers were born.

use async_graphql::{ID, Interface, Object, SimpleObject, Union};
use stoa_graphql_http::{Nullable, client_error};

/// Something with a title.
#[derive(Interface)]
#[graphql(field(name = "title", ty = "String", desc = "Its title."))]
pub(crate) enum Titled {
    /// A book.
    Book(Book),
    /// A magazine.
    Magazine(Magazine),
}

/// Something to lend.
#[derive(Union)]
pub(crate) enum Item {
    /// A book.
    Book(Book),
    /// A magazine.
    Magazine(Magazine),
}

/// A magazine.
#[derive(Clone, SimpleObject)]
pub(crate) struct Magazine {
    /// Its title.
    pub(crate) title: String,
    /// Its issue.
    pub(crate) issue: i32,
}

/// A book.
#[derive(Clone)]
pub(crate) struct Book {
    pub(super) number: i32,
}

/// A book.
#[Object]
impl Book {
    /// Its id.
    async fn id(&self) -> ID {
        ID(self.number.to_string())
    }
    /// Its title.
    async fn title(&self) -> String {
        format!("Book {}", self.number)
    }
    /// How it is rated, if it is.
    async fn rating(&self) -> Nullable<f64> {
        Nullable(if self.number % 2 == 0 {
            Ok(Some(4.5))
        } else {
            Err(client_error("NOT_RATED", "not rated"))
        })
    }
    /// Who wrote it.
    async fn author(&self) -> Author {
        Author
    }
    /// Other books.
    async fn related(&self, #[graphql(default = 20)] first: i32) -> Books {
        Books { count: first }
    }
}

/// A writer.
pub(crate) struct Author;

/// A writer.
#[Object]
impl Author {
    /// The name.
    async fn name(&self) -> &str {
        "Anna"
    }
    /// Where born.
    async fn birthplace(&self) -> Place {
        Place
    }
}

/// A place.
pub(crate) struct Place;

/// A place.
#[Object]
impl Place {
    /// The name.
    async fn name(&self) -> &str {
        "Lübeck"
    }
    /// The country around it.
    async fn within(&self) -> Place {
        Place
    }
}

/// A page of books.
pub(crate) struct Books {
    pub(super) count: i32,
}

/// A page of books.
#[Object]
impl Books {
    /// The books.
    async fn nodes(&self) -> Vec<Book> {
        (1..=self.count).map(|number| Book { number }).collect()
    }
    /// The books, with their edges.
    async fn edges(&self) -> Vec<Edge> {
        (1..=self.count).map(|number| Edge { node: Book { number } }).collect()
    }
}

/// A place on a page.
#[derive(SimpleObject)]
pub(crate) struct Edge {
    /// The book.
    pub(crate) node: Book,
}

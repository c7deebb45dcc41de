//! A page of a list.

use super::PageInfo;
use crate::graphql::{Flat, List, Ready};
use async_graphql::{Object, OutputType, TypeName};
use std::borrow::Cow;
use stoa_domain::shared::page::{self, Cursor, Page, PageRow};

/// A page of a list of `T`, named after it: `ProductConnection`.
#[derive(Clone, Debug)]
pub struct Connection<T> {
    /// The items and their places.
    pub edges: Vec<Edge<T>>,
    /// Whether something comes after the page.
    pub has_next: bool,
    /// Whether something comes before the page.
    pub has_previous: bool,
    /// Whether no item waits for anything.
    ready: bool,
}

/// An item of a page, named after it: `ProductEdge`.
#[derive(Clone, Debug)]
pub struct Edge<T> {
    /// Its place in the list.
    pub cursor: Cursor,
    /// The item.
    pub node: T,
}

impl<T> Connection<T> {
    /// A page of items.
    pub const fn new(edges: Vec<Edge<T>>, info: page::PageInfo) -> Self {
        Self { edges, has_next: info.has_next, has_previous: info.has_previous, ready: false }
    }

    /// A page of an empty list.
    pub const fn empty() -> Self {
        Self::new(Vec::new(), page::PageInfo { has_next: false, has_previous: false })
    }

    /// The same page, known to hold nothing that waits: it is resolved on the spot.
    #[must_use]
    pub fn ready(self) -> Ready<Self> {
        Ready(Self { ready: true, ..self })
    }

    /// Where the page stands in its list.
    pub fn info(&self) -> PageInfo {
        PageInfo {
            has_next: self.has_next,
            has_previous: self.has_previous,
            start: self.edges.first().map(|edge| edge.cursor.clone()),
            end: self.edges.last().map(|edge| edge.cursor.clone()),
        }
    }

    /// A page of something made from each row of a service's page.
    pub fn of<R>(page: &Page<R>, mut make: impl FnMut(&R) -> T) -> Self {
        let edge = |row: &PageRow<R>| Edge { cursor: row.cursor.clone(), node: make(&row.node) };
        Self::new(page.rows.iter().map(edge).collect(), page.info)
    }
}

impl<T: OutputType> TypeName for Connection<T> {
    fn type_name() -> Cow<'static, str> {
        Cow::Owned(format!("{}Connection", T::type_name()))
    }
}

impl<T: OutputType> TypeName for Edge<T> {
    fn type_name() -> Cow<'static, str> {
        Cow::Owned(format!("{}Edge", T::type_name()))
    }
}

/// A page of a list. Ask for the next one with `after: pageInfo.endCursor`.
#[Object(name_type)]
impl<T: OutputType> Connection<T> {
    /// The items of this page with their cursors.
    fn edges(&self) -> List<Flat<&Edge<T>>> {
        List::new(self.edges.iter().map(Flat).collect(), self.ready)
    }

    /// The items of this page.
    fn nodes(&self) -> List<&T> {
        List::new(self.edges.iter().map(|edge| &edge.node).collect(), self.ready)
    }

    /// Where this page stands in the list.
    fn page_info(&self) -> Ready<PageInfo> {
        Ready(self.info())
    }
}

/// An item of a page with its place in the list.
#[Object(name_type)]
impl<T: OutputType> Edge<T> {
    /// The item's place in the list, for `after` and `before`.
    fn cursor(&self) -> String {
        self.cursor.encode()
    }

    /// The item.
    fn node(&self) -> &T {
        &self.node
    }
}

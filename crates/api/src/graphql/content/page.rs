//! Pages of text.

use crate::graphql::{
    catalog::Seo,
    scalars::{DateTime, Html},
};
use async_graphql::{ID, Object};

/// A page of text.
#[derive(Clone, Copy, Debug)]
pub enum Page {}

/// A page of text, such as "About us".
#[Object]
impl Page {
    /// The text, as HTML.
    fn body(&self) -> Html<'static> {
        match *self {}
    }

    /// The beginning of the text, without markup.
    fn body_summary(&self) -> String {
        match *self {}
    }

    /// When it was made.
    fn created_at(&self) -> DateTime {
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

    /// Parameters to add to its address when it came from a search.
    fn tracking_parameters(&self) -> Option<String> {
        match *self {}
    }

    /// When it was last changed.
    fn updated_at(&self) -> DateTime {
        match *self {}
    }
}

//! The shop's brand.

use crate::graphql::media::MediaImage;
use async_graphql::Object;

/// The pictures and words of a brand. No shop has one yet: this type has no values.
#[derive(Clone, Copy, Debug)]
pub enum Brand {}

/// The pictures and words of the shop's brand.
#[Object]
impl Brand {
    /// The logo.
    fn logo(&self) -> Option<MediaImage> {
        match *self {}
    }
}

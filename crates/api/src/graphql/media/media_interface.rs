//! What all media have in common.

use super::{ExternalVideo, Image, MediaImage, Model3d, Video};
use crate::graphql::abstract_type::interface;
use async_graphql::Enum;

/// The kind of a medium.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum MediaContentType {
    /// A film hosted elsewhere.
    ExternalVideo,
    /// A picture.
    Image,
    /// A three-dimensional model.
    #[graphql(name = "MODEL_3D")]
    Model3d,
    /// A film.
    Video,
}

interface! {
    /// Something that shows a product. This server keeps pictures.
    pub enum Media {
        fields {
            "alt": Option<String> = "What it shows, for those who cannot see it.",
            "mediaContentType": MediaContentType = "Its kind.",
            "previewImage": Option<Image<'static>> = "A picture that stands for it.",
        }
        members {
            MediaImage(MediaImage),
            Video(Video),
            ExternalVideo(ExternalVideo),
            Model3d(Model3d),
        }
    }
}

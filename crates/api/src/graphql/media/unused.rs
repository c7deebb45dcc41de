//! Kinds of media that storefronts ask for and no product has yet: these types have no values.

use super::{Image, MediaContentType};
use crate::graphql::scalars::Url;
use async_graphql::{Enum, ID, Object};

/// A film hosted elsewhere.
#[derive(Clone, Copy, Debug)]
pub enum ExternalVideo {}

/// A film hosted elsewhere.
#[Object]
impl ExternalVideo {
    /// What it shows, for those who cannot see it.
    fn alt(&self) -> Option<String> {
        match *self {}
    }

    /// The address to embed it by.
    fn embed_url(&self) -> Url<'static> {
        match *self {}
    }

    /// Who hosts it.
    fn host(&self) -> MediaHost {
        match *self {}
    }

    /// Its global id.
    fn id(&self) -> ID {
        match *self {}
    }

    /// Always `EXTERNAL_VIDEO`.
    fn media_content_type(&self) -> MediaContentType {
        match *self {}
    }

    /// The address it was given by.
    fn origin_url(&self) -> Url<'static> {
        match *self {}
    }

    /// A picture that stands for it.
    fn preview_image(&self) -> Option<Image<'static>> {
        match *self {}
    }
}

/// Who hosts a film.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum MediaHost {
    /// Vimeo.
    Vimeo,
    /// YouTube.
    #[graphql(name = "YOUTUBE")]
    YouTube,
}

/// A film.
#[derive(Clone, Copy, Debug)]
pub enum Video {}

/// A film.
#[Object]
impl Video {
    /// What it shows, for those who cannot see it.
    fn alt(&self) -> Option<String> {
        match *self {}
    }

    /// Its global id.
    fn id(&self) -> ID {
        match *self {}
    }

    /// Always `VIDEO`.
    fn media_content_type(&self) -> MediaContentType {
        match *self {}
    }

    /// A picture that stands for it.
    fn preview_image(&self) -> Option<Image<'static>> {
        match *self {}
    }

    /// The files it can be played from.
    fn sources(&self) -> Vec<VideoSource> {
        match *self {}
    }
}

/// A file of a film.
#[derive(Clone, Copy, Debug)]
pub enum VideoSource {}

/// A file that a film can be played from.
#[Object]
impl VideoSource {
    /// The format, such as `mp4`.
    fn format(&self) -> String {
        match *self {}
    }

    /// The height in pixels.
    fn height(&self) -> i32 {
        match *self {}
    }

    /// The media type, such as `video/mp4`.
    fn mime_type(&self) -> String {
        match *self {}
    }

    /// Where it lies.
    fn url(&self) -> String {
        match *self {}
    }

    /// The width in pixels.
    fn width(&self) -> i32 {
        match *self {}
    }
}

/// A three-dimensional model.
#[derive(Clone, Copy, Debug)]
pub enum Model3d {}

/// A three-dimensional model.
#[Object(name = "Model3d")]
impl Model3d {
    /// What it shows, for those who cannot see it.
    fn alt(&self) -> Option<String> {
        match *self {}
    }

    /// Its global id.
    fn id(&self) -> ID {
        match *self {}
    }

    /// Always `MODEL_3D`.
    fn media_content_type(&self) -> MediaContentType {
        match *self {}
    }

    /// A picture that stands for it.
    fn preview_image(&self) -> Option<Image<'static>> {
        match *self {}
    }

    /// The files it can be shown from.
    fn sources(&self) -> Vec<Model3dSource> {
        match *self {}
    }
}

/// A file of a three-dimensional model.
#[derive(Clone, Copy, Debug)]
pub enum Model3dSource {}

/// A file of a three-dimensional model.
#[Object(name = "Model3dSource")]
impl Model3dSource {
    /// The size in bytes.
    fn filesize(&self) -> i32 {
        match *self {}
    }

    /// The format, such as `glb`.
    fn format(&self) -> String {
        match *self {}
    }

    /// The media type, such as `model/gltf-binary`.
    fn mime_type(&self) -> String {
        match *self {}
    }

    /// Where it lies.
    fn url(&self) -> String {
        match *self {}
    }
}

//! Pictures, and the kinds of media that storefronts know beside them.

mod image;
mod media_image;
mod media_interface;
mod transform;
mod unused;

pub use image::Image;
pub use media_image::MediaImage;
pub use media_interface::{Media, MediaContentType};
pub use transform::{CropRegion, ImageContentType, ImageTransformInput};
pub use unused::{ExternalVideo, MediaHost, Model3d, Model3dSource, Video, VideoSource};

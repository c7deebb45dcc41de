//! Asking for a picture in another size.

use crate::graphql::ApiError;
use async_graphql::{Enum, InputObject};
use std::{borrow::Cow, fmt::Write as _};

/// The longest side that can be asked for, in pixels (as in the Shopify Storefront API).
const MAX_SIDE: i32 = 5_760;
/// The largest multiple for dense screens (as in the Shopify Storefront API).
const MAX_SCALE: i32 = 3;
/// The host of pictures that came with an imported catalogue and that can be resized by its address.
const RESIZING_HOST: &str = "https://cdn.shopify.com/";

/// The part of a picture that is kept when it is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CropRegion {
    /// The bottom.
    Bottom,
    /// The middle.
    Center,
    /// The left.
    Left,
    /// The right.
    Right,
    /// The top.
    Top,
}

impl CropRegion {
    const fn parameter(self) -> &'static str {
        match self {
            Self::Bottom => "bottom",
            Self::Center => "center",
            Self::Left => "left",
            Self::Right => "right",
            Self::Top => "top",
        }
    }
}

/// A file format of pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ImageContentType {
    /// JPEG.
    Jpg,
    /// PNG.
    Png,
    /// WebP.
    Webp,
}

impl ImageContentType {
    const fn parameter(self) -> &'static str {
        match self {
            Self::Jpg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
        }
    }
}

/// How a picture is wanted. It is a wish: pictures that cannot be resized come as they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, InputObject)]
pub struct ImageTransformInput {
    /// The part that is kept when the picture is cut to size.
    pub crop: Option<CropRegion>,
    /// At most so many pixels high, from 1 to 5760.
    pub max_height: Option<i32>,
    /// At most so many pixels wide, from 1 to 5760.
    pub max_width: Option<i32>,
    /// The file format wished for.
    pub preferred_content_type: Option<ImageContentType>,
    /// A multiple of the size for dense screens, from 1 to 3.
    pub scale: Option<i32>,
}

impl ImageTransformInput {
    /// The address of the picture as wanted.
    ///
    /// Our own pictures are vector drawings, which fit any size, and pictures elsewhere are not ours to resize; only the
    /// one host of imported catalogues that resizes by parameters of the address is asked to.
    ///
    /// # Errors
    /// [`ApiError::BAD_USER_INPUT`] for a size or scale out of bounds.
    pub fn apply(self, url: Cow<'_, str>) -> Result<Cow<'_, str>, ApiError> {
        let scale = bounded("scale", self.scale, MAX_SCALE)?.unwrap_or(1);
        let width = bounded("maxWidth", self.max_width, MAX_SIDE)?;
        let height = bounded("maxHeight", self.max_height, MAX_SIDE)?;
        if !url.starts_with(RESIZING_HOST) {
            return Ok(url);
        }
        let mut resized = url.into_owned();
        let mut separator = if resized.contains('?') { '&' } else { '?' };
        let mut add = |name: &str, value: &dyn std::fmt::Display| {
            // Writing to a String cannot fail.
            let _ = write!(resized, "{separator}{name}={value}");
            separator = '&';
        };
        if let Some(width) = width {
            add("width", &(width * scale).min(MAX_SIDE));
        }
        if let Some(height) = height {
            add("height", &(height * scale).min(MAX_SIDE));
        }
        if let Some(crop) = self.crop {
            add("crop", &crop.parameter());
        }
        if let Some(format) = self.preferred_content_type {
            add("format", &format.parameter());
        }
        Ok(Cow::Owned(resized))
    }
}

fn bounded(name: &str, value: Option<i32>, max: i32) -> Result<Option<i32>, ApiError> {
    match value {
        Some(value) if !(1..=max).contains(&value) => {
            Err(ApiError::bad_input(format!("{name} must be from 1 to {max}, and is {value}.")))
        }
        in_bounds => Ok(in_bounds),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url_of(transform: ImageTransformInput, url: &str) -> String {
        transform.apply(Cow::Borrowed(url)).unwrap_or_else(|_| panic!("in bounds")).into_owned()
    }

    #[test]
    fn a_picture_on_the_resizing_host_is_resized() {
        let transform = ImageTransformInput {
            max_width: Some(400),
            crop: Some(CropRegion::Center),
            scale: Some(2),
            ..ImageTransformInput::default()
        };
        assert_eq!(
            url_of(transform, "https://cdn.shopify.com/s/files/mug.jpg?v=1"),
            "https://cdn.shopify.com/s/files/mug.jpg?v=1&width=800&crop=center"
        );
    }

    #[test]
    fn any_other_picture_comes_as_it_is() {
        let transform = ImageTransformInput { max_width: Some(400), ..ImageTransformInput::default() };
        assert_eq!(
            url_of(transform, "https://shop.example/media/mug.svg"),
            "https://shop.example/media/mug.svg"
        );
    }

    #[test]
    fn a_size_out_of_bounds_is_refused() {
        for wrong in [
            ImageTransformInput { max_width: Some(0), ..ImageTransformInput::default() },
            ImageTransformInput { max_height: Some(5_761), ..ImageTransformInput::default() },
            ImageTransformInput { scale: Some(4), ..ImageTransformInput::default() },
        ] {
            assert!(matches!(
                wrong.apply(Cow::Borrowed("https://shop.example/mug.svg")),
                Err(ApiError::Request { code: ApiError::BAD_USER_INPUT, .. })
            ));
        }
    }
}

//! Pictures: read whatever they are, and written anew.
//!
//! Nothing of the file survives but its pixels: no EXIF (cameras write there where a photograph was taken, and of whom), no
//! XMP, no IPTC, no comments, no thumbnail, no further frames, and nothing that was hidden before, between or behind them.
//! What decided how the pixels look is applied first: the orientation, and the colour profile.

mod colour;
mod encode;
mod jpeg;
mod sniff;
#[cfg(test)]
mod tests;
mod webp;

pub(crate) use sniff::{Format, sniff};

use crate::uploads::{Refusal, UploadLimits};
use image::{
    DynamicImage, ImageDecoder, Limits,
    codecs::{gif::GifDecoder, jpeg::JpegDecoder, png::PngDecoder, webp::WebPDecoder},
    metadata::Orientation,
};
use std::io::Cursor;
use stoa_domain::media::MediaType;

/// The widest and the highest that a picture may be, in pixels: what WebP can hold.
pub const MAX_SIDE: u32 = 16_383;

/// What a decoder may use beside the pixels, as far as it asks: a profile or a text in a PNG may be packed a thousand to one.
const BESIDE_THE_PIXELS: u64 = 16 * 1024 * 1024;

/// A picture that we have written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// What it is. A photograph stays a JPEG and a drawing a PNG; a GIF becomes a PNG of its first frame; a WebP stays one,
    /// unless it was a photograph without transparency: that becomes a JPEG, for we write WebP without loss only.
    pub kind: MediaType,
    /// Width and height in pixels, as it is shown.
    pub size: (u32, u32),
    /// SHA-256 of the file, in hexadecimal digits.
    pub digest: String,
    /// The file.
    pub body: Vec<u8>,
}

/// Reads a picture and writes it anew. Works for as long as seconds, and takes up to 16 bytes of memory for each pixel: not for
/// an async thread.
///
/// # Errors
/// It is larger than the limits allow, or cannot be read to its end.
pub(crate) fn remake(bytes: &[u8], format: Format, limits: &UploadLimits) -> Result<Picture, Refusal> {
    // What the decoders would overlook. They are made for showing what there is of a file; we want all of it or none.
    let is_photograph = match format {
        Format::Jpeg => {
            jpeg::is_whole(bytes)?;
            true
        }
        Format::WebP => {
            webp::is_whole(bytes)?;
            let frame = webp::frame(bytes).ok_or(Refusal::Unreadable)?;
            fits(frame.size, limits)?;
            frame.is_lossy
        }
        Format::Png | Format::Gif => false,
    };
    let file = Cursor::new(bytes);
    let decoded = match format {
        Format::Jpeg => pixels(JpegDecoder::new(file).map_err(unreadable)?, limits)?,
        Format::Png => {
            let mut beside = Limits::default();
            beside.max_alloc = Some(BESIDE_THE_PIXELS);
            pixels(PngDecoder::with_limits(file, beside).map_err(unreadable)?, limits)?
        }
        Format::Gif => pixels(GifDecoder::new(file).map_err(unreadable)?, limits)?,
        Format::WebP => pixels(WebPDecoder::new(file).map_err(unreadable)?, limits)?,
    };
    encode::encode(&decoded, format, is_photograph, limits.max_bytes)
}

/// The pixels, as they are meant to be seen: upright, in sRGB, 8 bits a channel, and with transparency only if there is any.
fn pixels(mut decoder: impl ImageDecoder, limits: &UploadLimits) -> Result<DynamicImage, Refusal> {
    fits(decoder.dimensions(), limits)?;
    // A frame of a GIF may claim to be larger than the picture.
    let mut memory = Limits::default();
    memory.max_alloc = Some(decoder.total_bytes() + BESIDE_THE_PIXELS);
    decoder.set_limits(memory).map_err(unreadable)?;
    // A picture is not refused for the sake of what is thrown away anyway.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let profile = decoder.icc_profile().ok().flatten();

    let mut decoded = in_8_bits(DynamicImage::from_decoder(decoder).map_err(unreadable)?);
    if let Some(profile) = profile {
        colour::to_srgb(&mut decoded, &profile);
    }
    decoded.apply_orientation(orientation);
    Ok(decoded)
}

fn fits((width, height): (u32, u32), limits: &UploadLimits) -> Result<(), Refusal> {
    let max_pixels = limits.max_pixels;
    if width > MAX_SIDE || height > MAX_SIDE || u64::from(width) * u64::from(height) > max_pixels {
        return Err(Refusal::TooManyPixels { width, height, max_pixels });
    }
    Ok(())
}

fn in_8_bits(picture: DynamicImage) -> DynamicImage {
    match picture {
        DynamicImage::ImageLuma16(_) => picture.into_luma8().into(),
        DynamicImage::ImageLumaA16(_) => without_idle_alpha(picture.into_luma_alpha8().into()),
        DynamicImage::ImageRgb16(_) => picture.into_rgb8().into(),
        DynamicImage::ImageRgba16(_) => without_idle_alpha(picture.into_rgba8().into()),
        as_it_is => without_idle_alpha(as_it_is),
    }
}

fn without_idle_alpha(picture: DynamicImage) -> DynamicImage {
    let is_opaque = match &picture {
        DynamicImage::ImageLumaA8(p) => p.pixels().all(|p| p.0[1] == u8::MAX),
        DynamicImage::ImageRgba8(p) => p.pixels().all(|p| p.0[3] == u8::MAX),
        _ => false,
    };
    match picture {
        DynamicImage::ImageLumaA8(_) if is_opaque => picture.into_luma8().into(),
        DynamicImage::ImageRgba8(_) if is_opaque => picture.into_rgb8().into(),
        as_it_is => as_it_is,
    }
}

fn unreadable<E>(_: E) -> Refusal {
    Refusal::Unreadable
}

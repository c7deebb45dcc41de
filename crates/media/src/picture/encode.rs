//! Pictures as files of our own.

use super::{Format, Picture};
use crate::uploads::Refusal;
use image::{
    DynamicImage, ImageEncoder,
    codecs::{jpeg::JpegEncoder, png::PngEncoder, webp::WebPEncoder},
};
use sha2::{Digest, Sha256};
use std::io::{self, Write};
use stoa_domain::media::MediaType;

/// What is lost beside what was lost before is not seen at this quality, of 100.
const QUALITY: u8 = 90;

/// How much larger than an upload may be a picture may become by our writing it: others pack with more patience.
const MAY_GROW: usize = 2;

/// Writes a picture anew.
pub(super) fn encode(
    picture: &DynamicImage,
    was: Format,
    is_photograph: bool,
    max_bytes: usize,
) -> Result<Picture, Refusal> {
    let kind = match was {
        Format::Jpeg => MediaType::Jpeg,
        Format::WebP if is_photograph && !picture.color().has_alpha() => MediaType::Jpeg,
        Format::WebP => MediaType::WebP,
        Format::Png | Format::Gif => MediaType::Png,
    };
    let mut file = Bounded { bytes: Vec::new(), most: max_bytes.saturating_mul(MAY_GROW) };
    let (width, height) = (picture.width(), picture.height());
    let (pixels, colour) = (picture.as_bytes(), picture.color().into());
    let written = match kind {
        MediaType::Jpeg => {
            JpegEncoder::new_with_quality(&mut file, QUALITY).write_image(pixels, width, height, colour)
        }
        MediaType::WebP => WebPEncoder::new_lossless(&mut file).write_image(pixels, width, height, colour),
        MediaType::Png | MediaType::Json => {
            PngEncoder::new(&mut file).write_image(pixels, width, height, colour)
        }
    };
    match written {
        Ok(()) => {
            let digest = hex::encode(Sha256::digest(&file.bytes));
            Ok(Picture { kind, size: (width, height), digest, body: file.bytes })
        }
        Err(image::ImageError::IoError(_)) => Err(Refusal::TooLarge { max_bytes }),
        Err(_) => Err(Refusal::Unreadable),
    }
}

/// A file in memory that may become so large.
struct Bounded {
    bytes: Vec<u8>,
    most: usize,
}

impl Write for Bounded {
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + more.len() > self.most {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(more);
        Ok(more.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

//! Colours of other spaces, brought into sRGB.
//!
//! A photograph of a phone is in a wider space than the web's (Display P3) and says so in a profile. Without the profile its
//! numbers would be read as sRGB's, and its colours be pale. So the profile is applied before it is thrown away.

use image::DynamicImage;
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

/// Profiles of printers take a megabyte; nobody's takes this.
const MAX_PROFILE: usize = 4 * 1024 * 1024;

/// Turns a picture's colours into sRGB's. A profile that cannot be read or is of another kind than the picture is passed over:
/// so do browsers. (A photograph for print, in four inks, has been turned into RGB by its decoder already.)
pub(super) fn to_srgb(picture: &mut DynamicImage, profile: &[u8]) {
    if profile.len() > MAX_PROFILE {
        return;
    }
    let Ok(profile) = ColorProfile::new_from_slice(profile) else { return };
    let of = profile.color_space;
    match picture {
        DynamicImage::ImageRgb8(p) if of == DataColorSpace::Rgb => {
            in_place(p, &profile, (Layout::Rgb, 3), (Layout::Rgb, 3), |new, old| old.copy_from_slice(new));
        }
        DynamicImage::ImageRgba8(p) if of == DataColorSpace::Rgb => {
            in_place(p, &profile, (Layout::Rgba, 4), (Layout::Rgba, 4), |new, old| old.copy_from_slice(new));
        }
        // Grey stays grey: the three of red, green and blue are one.
        DynamicImage::ImageLuma8(p) if of == DataColorSpace::Gray => {
            in_place(p, &profile, (Layout::Gray, 1), (Layout::Rgb, 3), |new, old| old[0] = new[0]);
        }
        DynamicImage::ImageLumaA8(p) if of == DataColorSpace::Gray => {
            in_place(p, &profile, (Layout::GrayAlpha, 2), (Layout::Rgba, 4), |new, old| {
                // Transparency is no colour.
                old[0] = new[0];
            });
        }
        _ => {}
    }
}

/// Some pixels at a time, so that no second picture is made.
fn in_place(
    samples: &mut [u8],
    profile: &ColorProfile,
    (from, channels): (Layout, usize),
    (to, channels_made): (Layout, usize),
    put: impl Fn(&[u8], &mut [u8]),
) {
    const AT_ONCE: usize = 4_096;
    let srgb = ColorProfile::new_srgb();
    let Ok(transform) = profile.create_transform_8bit(from, &srgb, to, TransformOptions::default()) else {
        return;
    };
    let mut made = vec![0; AT_ONCE * channels_made];
    for old in samples.chunks_mut(AT_ONCE * channels) {
        let new = &mut made[..old.len() / channels * channels_made];
        if transform.transform(old, new).is_err() {
            // It knows the layouts beforehand: either the first fails or none.
            return;
        }
        for (new, old) in new.chunks_exact(channels_made).zip(old.chunks_exact_mut(channels)) {
            put(new, old);
        }
    }
}

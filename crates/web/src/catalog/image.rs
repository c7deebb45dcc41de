//! A picture as templates show it.

use minijinja::{Value, context};
use stoa_domain::catalog::Image;

/// `{ url, alt, width, height }`. A picture without words of its own is said to show what it belongs to.
pub(crate) fn image_values(image: &Image, of: &str) -> Value {
    context! {
        url => &image.url,
        alt => image.alt_text.as_deref().unwrap_or(of),
        width => image.width,
        height => image.height,
    }
}

//! The rules of texts and pictures.

use super::{ImageInput, InvalidProduct, limits};
use crate::catalog::{Seo, fold_key};

/// A text that must be there, without the white space around it.
pub(crate) fn required(field: &'static str, text: &str) -> Result<String, InvalidProduct> {
    let text = optional(field, text)?;
    if text.is_empty() { Err(InvalidProduct::Missing(field)) } else { Ok(text) }
}

/// A short text that may be blank, without the white space around it.
pub(super) fn optional(field: &'static str, text: &str) -> Result<String, InvalidProduct> {
    bounded(field, text, limits::SHORT_TEXT)
}

/// A short text, where blank is none.
pub(super) fn filled(field: &'static str, text: Option<&str>) -> Result<Option<String>, InvalidProduct> {
    bounded_or_none(field, text, limits::SHORT_TEXT)
}

/// Tags in alphabetical order, each once whatever its letter case.
pub(super) fn tags(tags: &[String]) -> Result<Vec<String>, InvalidProduct> {
    let mut keyed = Vec::with_capacity(tags.len());
    for tag in tags {
        let tag = optional("tag", tag)?;
        if !tag.is_empty() {
            keyed.push((fold_key(&tag), tag));
        }
    }
    // Stable: of two that differ in letter case the first stays.
    keyed.sort_by(|a, b| a.0.cmp(&b.0));
    keyed.dedup_by(|a, b| a.0 == b.0);
    if keyed.len() > limits::TAGS {
        return Err(InvalidProduct::TooMany { what: "tags", max: limits::TAGS });
    }
    Ok(keyed.into_iter().map(|(_, tag)| tag).collect())
}

pub(crate) fn seo(seo: &Seo) -> Result<Seo, InvalidProduct> {
    Ok(Seo {
        title: filled("SEO title", seo.title.as_deref())?,
        description: bounded_or_none("SEO description", seo.description.as_deref(), limits::SEO_DESCRIPTION)?,
    })
}

/// Checks the picture with this index.
pub(crate) fn image(index: usize, image: &ImageInput) -> Result<ImageInput, InvalidProduct> {
    let url = bounded("image address", &image.url, limits::URL)?;
    // `//host/x` would leave this server.
    let local = url.starts_with('/') && !url.starts_with("//");
    let remote =
        url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).is_some_and(|r| !r.is_empty());
    if !(local || remote) || url.contains(char::is_whitespace) {
        return Err(InvalidProduct::ImageAddress(index + 1));
    }
    let alt_text = bounded_or_none("image alternative text", image.alt_text.as_deref(), limits::ALT_TEXT)?;
    Ok(ImageInput { url, alt_text, width: image.width, height: image.height })
}

fn bounded(field: &'static str, text: &str, max: usize) -> Result<String, InvalidProduct> {
    // Postgres keeps no NUL in a text.
    let text = text.replace('\0', "");
    let text = text.trim();
    if text.len() > max && text.chars().count() > max {
        return Err(InvalidProduct::TooLong { field, max });
    }
    Ok(text.to_owned())
}

fn bounded_or_none(
    field: &'static str,
    text: Option<&str>,
    max: usize,
) -> Result<Option<String>, InvalidProduct> {
    let text = text.map(|t| bounded(field, t, max)).transpose()?;
    Ok(text.filter(|t| !t.is_empty()))
}

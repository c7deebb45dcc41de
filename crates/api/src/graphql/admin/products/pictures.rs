//! Pictures on their way in: by where they lie, or as files that staff have brought.

use super::AdminImageInput;
use crate::graphql::{ApiError, Request, cart::InputPath, scalars::gid};
use async_graphql::Context;
use stoa_domain::{
    access::{Permit, grants::ProductsWrite},
    catalog::ImageInput,
    shared::MediaId,
};

const EITHER: &str = "A picture has either a url or a mediaId.";
const NO_FILE: &str = "There is no such file that everybody may fetch.";

/// A picture that is none.
#[derive(Clone, Debug)]
pub struct BadPicture {
    /// Where in the input it stands.
    pub at: InputPath,
    /// A sentence for people.
    pub problem: &'static str,
}

/// The pictures of an input, each with its place in it, as the catalogue takes them. Files are looked up in one statement.
///
/// # Errors
/// A fault, or the id of another thing; within, the first picture that is none.
pub async fn pictures(
    ctx: &Context<'_>,
    by: &Permit<ProductsWrite>,
    given: Vec<(InputPath, AdminImageInput)>,
) -> Result<Result<Vec<ImageInput>, BadPicture>, ApiError> {
    let mut wanted = Vec::new();
    for (at, image) in &given {
        match (&image.url, &image.media_id) {
            (Some(_), None) => {}
            (None, Some(id)) => wanted.extend(gid::decode::<MediaId>(id)?),
            _ => return Ok(Err(BadPicture { at: at.clone(), problem: EITHER })),
        }
    }
    let files = ctx.services().media_files.pictures(by, &wanted).await?;
    let mut pictures = Vec::with_capacity(given.len());
    for (at, image) in given {
        let AdminImageInput { alt_text, height, media_id, url, width } = image;
        let id = media_id.as_ref().map(|id| gid::decode::<MediaId>(id)).transpose()?.flatten();
        let picture = match (url, id.and_then(|id| files.get(&id))) {
            (Some(url), _) => ImageInput { url, alt_text, width, height },
            (None, Some(file)) => ImageInput {
                url: file.url.clone(),
                alt_text: alt_text.or_else(|| file.alt_text.clone()),
                width: width.or(file.width),
                height: height.or(file.height),
            },
            (None, None) => return Ok(Err(BadPicture { at: at.field("mediaId"), problem: NO_FILE })),
        };
        pictures.push(picture);
    }
    Ok(Ok(pictures))
}

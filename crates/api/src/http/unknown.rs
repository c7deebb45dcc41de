//! Where nothing is: browsers are told by the pages' own fallback, programs in JSON.

use super::{answer, landing};
use axum::{
    Router,
    extract::Request,
    response::{IntoResponse, Response},
};
use tower::ServiceExt;

/// What answers at an address where nothing is, or nothing for whoever asks.
#[derive(Clone)]
pub(super) struct Unknown {
    /// What is mounted for people, if anything is.
    pub(super) pages: Option<Router>,
}

impl Unknown {
    pub(super) async fn answer(&self, request: Request) -> Response {
        match self.pages.clone().filter(|_| landing::wants_a_page(request.headers())) {
            Some(pages) => pages.oneshot(request).await.into_response(),
            None => answer::not_found().await,
        }
    }
}

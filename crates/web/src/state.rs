//! What every page reaches for.

use crate::{WebSettings, assets, error::PageError, templates};
use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;
use minijinja::{Value, context};
use std::sync::Arc;
use stoa_services::{Services, Settings};

/// The use cases and the settings, shared by all requests.
#[derive(Clone)]
pub(crate) struct Web(Arc<Shared>);

struct Shared {
    services: Arc<Services>,
    settings: WebSettings,
}

impl Web {
    pub(crate) fn new(services: Arc<Services>, settings: WebSettings) -> Self {
        Self(Arc::new(Shared { services, settings }))
    }

    /// The use cases.
    pub(crate) fn services(&self) -> &Services {
        &self.0.services
    }

    /// What the shop has decided.
    pub(crate) fn shop(&self) -> &Settings {
        self.0.services.context().settings()
    }

    /// How the pages behave.
    pub(crate) fn settings(&self) -> &WebSettings {
        &self.0.settings
    }

    /// A page: the template's own values, and what the frame around every page shows.
    ///
    /// # Errors
    /// The template does not fit its values.
    pub(crate) fn page(&self, template: &str, values: Value) -> Result<Response, PageError> {
        self.page_as(StatusCode::OK, template, values)
    }

    /// A page with a status of its own.
    ///
    /// # Errors
    /// The template does not fit its values.
    pub(crate) fn page_as(
        &self,
        status: StatusCode,
        template: &str,
        values: Value,
    ) -> Result<Response, PageError> {
        let frame = context! {
            shop_name => &self.shop().shop_name,
            stylesheet => assets::STYLESHEET_URL.as_str(),
            icon => assets::ICON_URL.as_str(),
        };
        let html = templates::render(template, context! { ..values, ..frame })?;
        Ok((status, Html(html)).into_response())
    }
}

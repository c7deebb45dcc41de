//! GraphiQL as plain data: the page, its assets and the purchase in its first tab, with no web framework in sight.
//!
//! The third-party files come from the npm registry when the crate is built (see `build/main.rs`) and are embedded,
//! so the page works with no CDN. Where the build could not get them, [`page`] says what is missing and how to get it.
//!
//! Whoever serves it answers `GET <base>` with [`page`], `GET <base>/<path>` with [`asset`], and sets [`CSP`] on both.

mod asset;
mod missing;
mod page;
mod purchase;

pub use asset::{Asset, asset, assets, available};
pub use page::{CSP, PageOptions, page};
pub use purchase::{BUY_DOCUMENT, BUY_VARIABLES, Lesson, Step, steps};

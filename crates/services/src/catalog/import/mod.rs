//! Importing products from the Shopify product CSV: the file that merchants have.
//!
//! Rows of one product stand together and share its handle: the first carries the product and its first variant, the
//! following ones further variants, further images, or both. In those, an empty cell says what the rows above say. The file is read as a stream; products are written in
//! batches, each in one transaction. A product that cannot be taken is refused alone.
//!
//! Both generations of the file's column names are understood (`Variant Price` and `Price`, `Image Src` and `Product
//! image URL`, …), in any letter case; columns that are not ours (`Google Shopping / …`, `Cost per item`) are passed over.

mod cells;
mod columns;
mod lines;
mod merge;
mod noted;
mod product;
mod products;
mod report;
mod run;

pub use columns::MissingColumns;
pub use report::{ImportError, ImportReport, Progress, Refusal};
pub use run::ImportProducts;

#[cfg(test)]
mod noted_tests;
#[cfg(test)]
mod sparse_tests;
#[cfg(test)]
mod tests;

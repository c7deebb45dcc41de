//! The catalogue as a Shopify product CSV: continuation rows for variants and images, as exports have them.

use super::{Catalogue, Kind, Product, product::Variant};
use anyhow::Context;
use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

const HEADER: [&str; 25] = [
    "Handle",
    "Title",
    "Body (HTML)",
    "Vendor",
    "Type",
    "Tags",
    "Published",
    "Option1 Name",
    "Option1 Value",
    "Option2 Name",
    "Option2 Value",
    "Variant SKU",
    "Variant Grams",
    "Variant Inventory Tracker",
    "Variant Inventory Qty",
    "Variant Inventory Policy",
    "Variant Price",
    "Variant Compare At Price",
    "Variant Requires Shipping",
    "Variant Taxable",
    "Image Src",
    "Image Position",
    "Image Alt Text",
    "SEO Title",
    "Status",
];

/// Writes the catalogue into a file and says how many bytes it took.
///
/// # Errors
/// The file cannot be written.
pub(crate) fn write(catalogue: Catalogue, file: &Path) -> anyhow::Result<u64> {
    let out = File::create(file).with_context(|| format!("{} cannot be made", file.display()))?;
    let mut out = BufWriter::with_capacity(1 << 20, out);
    write_to(catalogue, &mut out).with_context(|| format!("{} cannot be written", file.display()))?;
    let out = out.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    Ok(out.metadata()?.len())
}

fn write_to(catalogue: Catalogue, out: impl Write) -> anyhow::Result<()> {
    let mut rows = ::csv::Writer::from_writer(out);
    rows.write_record(HEADER)?;
    for product in catalogue.products() {
        // Row by row a variant and an image, until both have come to their end.
        for at in 0..product.variants.len().max(product.images.len()) {
            rows.write_record(row(&product, at))?;
        }
    }
    rows.flush()?;
    Ok(())
}

fn row(product: &Product, at: usize) -> [String; HEADER.len()] {
    let [title, body, vendor, kind, tags, published, option1, option2, seo, status] = match at {
        0 => head(product),
        _ => Default::default(),
    };
    let [value1, value2, sku, grams, tracker, stock, policy, price, compare, ships, taxable] =
        product.variants.get(at).map(variant).unwrap_or_default();
    let [image, position, alt] = match product.images.get(at) {
        Some(url) => [url.clone(), (at + 1).to_string(), format!("{}, view {}", product.title, at + 1)],
        None => Default::default(),
    };
    [
        product.handle.clone(),
        title,
        body,
        vendor,
        kind,
        tags,
        published,
        option1,
        value1,
        option2,
        value2,
        sku,
        grams,
        tracker,
        stock,
        policy,
        price,
        compare,
        ships,
        taxable,
        image,
        position,
        alt,
        seo,
        status,
    ]
}

/// What only a product's first row says.
fn head(product: &Product) -> [String; 10] {
    let (option1, option2) = match product.kind {
        Kind::Ordinary => ("Size", ""),
        Kind::Deep => ("Colour", "Finish"),
    };
    [
        product.title.clone(),
        product.description.clone(),
        product.vendor.to_owned(),
        product.product_type.to_owned(),
        product.tags.join(", "),
        "true".to_owned(),
        option1.to_owned(),
        option2.to_owned(),
        format!("{} by {}", product.title, product.vendor),
        "active".to_owned(),
    ]
}

fn variant(variant: &Variant) -> [String; 11] {
    let option = |at: usize| variant.options[at].unwrap_or_default().to_owned();
    let cents = |minor: u64| format!("{}.{:02}", minor / 100, minor % 100);
    [
        option(0),
        option(1),
        variant.sku.clone(),
        variant.grams.to_string(),
        variant.stock.map_or("", |_| "shopify").to_owned(),
        variant.stock.unwrap_or(0).to_string(),
        "deny".to_owned(),
        cents(variant.price),
        variant.compare_at_price.map(cents).unwrap_or_default(),
        "true".to_owned(),
        "true".to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(catalogue: Catalogue) -> Vec<::csv::StringRecord> {
        let mut file = Vec::new();
        write_to(catalogue, &mut file).unwrap();
        ::csv::Reader::from_reader(&file[..]).records().map(Result::unwrap).collect()
    }

    /// Cells of a column that are not empty.
    fn filled(rows: &[::csv::StringRecord], column: &str) -> usize {
        let at = HEADER.iter().position(|name| *name == column).unwrap();
        rows.iter().filter(|row| !row[at].is_empty()).count()
    }

    #[test]
    fn an_ordinary_product_has_three_variants_and_five_images_in_five_rows() {
        let rows = rows(Catalogue { ordinary: 2, deep: 0 });
        assert_eq!(rows.len(), 10);
        assert_eq!(filled(&rows, "Title"), 2);
        assert_eq!(filled(&rows, "Variant Price"), 6);
        assert_eq!(filled(&rows, "Image Src"), 10);
    }

    #[test]
    fn a_deep_product_has_ten_variants_of_two_options() {
        let rows = rows(Catalogue { ordinary: 0, deep: 1 });
        assert_eq!(rows.len(), 10);
        assert_eq!(filled(&rows, "Option2 Value"), 10);
        assert_eq!(filled(&rows, "Image Src"), 5);
    }
}

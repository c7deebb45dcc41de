//! The rows of one product, gathered.

use super::{
    cells,
    columns::{Column, Columns, Present},
};
use csv::StringRecord;
use sha2::{Digest, Sha256};
use stoa_domain::{
    catalog::{ImageInput, OptionInput, ProductInput, ProductStatus, Seo, StockInput, VariantInput},
    shared::Timestamp,
};

/// Changes when the same rows come to mean something else, so that files are then imported anew.
const MEANING: &[u8] = b"stoa import 2";

/// A row's complaint.
#[derive(Debug)]
pub(super) struct Complaint {
    /// Of the file, from 1.
    pub(super) line: u64,
    /// What is wrong.
    pub(super) reason: String,
}

/// A product that is being gathered.
pub(super) struct Gathered {
    /// The handle as the file has it.
    pub(super) handle: String,
    /// Where it begins.
    pub(super) line: u64,
    /// What it says so far. The time of publication is filled in by whoever writes it.
    input: ProductInput,
    published: bool,
    options: [String; 3],
    /// What an empty cell of a further variant says.
    above: Option<VariantInput>,
    positions: Vec<i64>,
    present: Present,
    fingerprint: Sha256,
    complaint: Option<Complaint>,
}

/// A product as its rows say it.
pub(super) struct FileProduct {
    pub(super) handle: String,
    pub(super) line: u64,
    pub(super) input: ProductInput,
    /// Whether it is to be seen by buyers.
    pub(super) published: bool,
    /// The columns of its file.
    pub(super) present: Present,
    /// The same rows always give the same.
    pub(super) fingerprint: [u8; 32],
}

impl Gathered {
    /// Begins with a product's first row.
    pub(super) fn begin(columns: &Columns, row: &StringRecord, line: u64, exponent: u32) -> Self {
        let cell = |column| columns.cell(row, column).to_owned();
        let mut gathered = Self {
            handle: cell(Column::Handle),
            line,
            input: ProductInput {
                title: cell(Column::Title),
                handle: Some(cell(Column::Handle)),
                description_html: cell(Column::Body),
                vendor: cell(Column::Vendor),
                product_type: cell(Column::Type),
                tags: columns
                    .cell(row, Column::Tags)
                    .split(',')
                    .map(str::trim)
                    .filter(|t| !t.is_empty())
                    .map(str::to_owned)
                    .collect(),
                status: ProductStatus::Active,
                published_at: None,
                seo: Seo {
                    title: Some(cell(Column::SeoTitle)).filter(|t| !t.is_empty()),
                    description: Some(cell(Column::SeoDescription)).filter(|t| !t.is_empty()),
                },
                options: Vec::new(),
                variants: Vec::new(),
                images: Vec::new(),
            },
            published: true,
            options: [cell(Column::Option1Name), cell(Column::Option2Name), cell(Column::Option3Name)],
            above: None,
            positions: Vec::new(),
            present: columns.present(),
            fingerprint: fingerprint(columns, exponent),
            complaint: None,
        };
        if let Err(reason) = gathered.begin_product(columns, row) {
            gathered.complaint = Some(Complaint { line, reason });
        }
        gathered.add(columns, row, line, exponent);
        gathered
    }

    /// Adds a row. After a first complaint the rest of the product is only passed over.
    pub(super) fn add(&mut self, columns: &Columns, row: &StringRecord, line: u64, exponent: u32) {
        for cell in row {
            self.fingerprint.update(cell.len().to_le_bytes());
            self.fingerprint.update(cell);
        }
        if self.complaint.is_none()
            && let Err(reason) = self.add_row(columns, row, exponent)
        {
            self.complaint = Some(Complaint { line, reason });
        }
    }

    /// Refuses the product because of a row that could not even be read.
    pub(super) fn refuse(&mut self, line: u64, reason: String) {
        self.complaint.get_or_insert(Complaint { line, reason });
    }

    /// Refuses the product because its rows stand in the wrong place, whatever else is wrong with them.
    pub(super) fn misplaced(&mut self, line: u64, reason: String) {
        self.complaint = Some(Complaint { line, reason });
    }

    /// The product, or the first complaint.
    pub(super) fn finish(mut self) -> Result<FileProduct, (String, Complaint)> {
        if let Some(complaint) = self.complaint {
            return Err((self.handle, complaint));
        }
        // Images stand in the order of their positions, where the file gives any; variants keep pointing at theirs.
        let mut order: Vec<usize> = (0..self.input.images.len()).collect();
        order.sort_by_key(|i| self.positions[*i]);
        for variant in &mut self.input.variants {
            variant.image = variant.image.and_then(|i| order.iter().position(|o| *o == i));
        }
        let mut images: Vec<Option<ImageInput>> = self.input.images.into_iter().map(Some).collect();
        self.input.images = order.into_iter().filter_map(|i| images[i].take()).collect();
        Ok(FileProduct {
            handle: self.handle,
            line: self.line,
            input: self.input,
            published: self.published,
            present: self.present,
            fingerprint: self.fingerprint.finalize().into(),
        })
    }

    fn begin_product(&mut self, columns: &Columns, row: &StringRecord) -> Result<(), String> {
        if self.input.title.is_empty() {
            return Err("Title is empty; a product's first row must have one".to_owned());
        }
        self.input.status = cells::status(columns.cell(row, Column::Status))?;
        // Shopify takes an empty cell for FALSE; a file without the column says nothing against publishing.
        let published = cells::boolean(columns.cell(row, Column::Published), "Published")?;
        self.published = published.unwrap_or(!columns.has(Column::Published));
        let named: Vec<&String> = self.options.iter().filter(|name| !name.is_empty()).collect();
        let in_order = self.options.iter().take(named.len()).all(|name| !name.is_empty());
        if !in_order {
            return Err(
                "Option names must fill Option1 Name before Option2 Name before Option3 Name".to_owned()
            );
        }
        self.input.options =
            named.into_iter().map(|name| OptionInput { name: name.clone(), values: Vec::new() }).collect();
        Ok(())
    }

    fn add_row(&mut self, columns: &Columns, row: &StringRecord, exponent: u32) -> Result<(), String> {
        if let Some(stray) = columns.stray(row) {
            return Err(format!(
                "the row has more cells than the header; the first beyond it is \"{stray}\""
            ));
        }
        self.add_image(columns, row)?;
        let cell = |column| columns.cell(row, column);
        let says_variant =
            [Column::Option1Value, Column::Option2Value, Column::Option3Value, Column::Sku, Column::Price]
                .into_iter()
                .any(|column| !cell(column).is_empty());
        if self.above.is_none() || says_variant {
            self.add_variant(columns, row, exponent)?;
        }
        Ok(())
    }

    fn add_image(&mut self, columns: &Columns, row: &StringRecord) -> Result<(), String> {
        let url = columns.cell(row, Column::ImageSrc);
        if url.is_empty() {
            return Ok(());
        }
        let position = cells::whole(columns.cell(row, Column::ImagePosition), "Image Position")?;
        let at = self.image(url);
        // Where positions are missing, the order of the rows counts, after those that have one.
        self.positions[at] = position.unwrap_or(i64::MAX);
        let alt = columns.cell(row, Column::ImageAlt);
        self.input.images[at].alt_text = Some(alt.to_owned()).filter(|t| !t.is_empty());
        Ok(())
    }

    /// The index of the image at an address, which becomes one of the product's if it is not yet.
    fn image(&mut self, url: &str) -> usize {
        let known = self.input.images.iter().position(|image| image.url == url);
        known.unwrap_or_else(|| {
            let image = ImageInput { url: url.to_owned(), alt_text: None, width: None, height: None };
            self.input.images.push(image);
            self.positions.push(i64::MAX);
            self.input.images.len() - 1
        })
    }

    fn add_variant(&mut self, columns: &Columns, row: &StringRecord, exponent: u32) -> Result<(), String> {
        let cell = |column| columns.cell(row, column);
        let own = |column| Some(cell(column).to_owned()).filter(|text| !text.is_empty());
        let price = cells::price(cell(Column::Price), "Variant Price", exponent)?;
        let compare = cells::price(cell(Column::CompareAtPrice), "Variant Compare At Price", exponent)?;
        let grams = cells::grams(cell(Column::Grams))?;
        let ships = cells::boolean(cell(Column::RequiresShipping), "Variant Requires Shipping")?;
        let taxable = cells::boolean(cell(Column::Taxable), "Variant Taxable")?;
        let backorder = cells::backorder(cell(Column::Policy))?;
        let quantity = cells::whole(cell(Column::Quantity), "Variant Inventory Qty")?;
        // Who counts units means them, in a file that does not say who tracks them.
        let tracker = match columns.has(Column::Tracker) {
            true => own(Column::Tracker).map(|_| true),
            false => quantity.map(|_| true),
        };
        let picture = cell(Column::VariantImage);
        let image = (!picture.is_empty()).then(|| self.image(picture));

        let above = self.above.as_ref();
        let Some(price) = price.or(above.map(|a| a.price)) else {
            return Err("Variant Price is empty; a product's first row must have one".to_owned());
        };
        let variant = VariantInput {
            option_values: self.option_values(columns, row)?,
            sku: own(Column::Sku),
            barcode: own(Column::Barcode),
            price,
            // "0" is how exports write that there is none.
            compare_at_price: compare.filter(|minor| *minor > 0),
            weight_grams: grams.or(above.map(|a| a.weight_grams)).unwrap_or(0),
            requires_shipping: ships
                .or(above.map(|a| a.requires_shipping))
                .unwrap_or(!columns.has(Column::RequiresShipping)),
            taxable: taxable.or(above.map(|a| a.taxable)).unwrap_or(!columns.has(Column::Taxable)),
            image,
            stock: StockInput {
                tracked: tracker.or(above.map(|a| a.stock.tracked)).unwrap_or(false),
                backorder_limit: backorder.or(above.map(|a| a.stock.backorder_limit)).unwrap_or(Some(0)),
                // Shops that oversold export a negative count: there is nothing there. An empty cell says nothing of
                // units that are there already; a new variant has none.
                on_hand: quantity.map(|units| units.max(0)),
            },
        };
        self.above = Some(variant.clone());
        self.input.variants.push(variant);
        Ok(())
    }

    fn option_values(&self, columns: &Columns, row: &StringRecord) -> Result<Vec<String>, String> {
        let values = [Column::Option1Value, Column::Option2Value, Column::Option3Value];
        let mut chosen = Vec::with_capacity(3);
        for (i, column) in values.into_iter().enumerate() {
            let value = columns.cell(row, column);
            let above = self.above.as_ref().and_then(|a| a.option_values.get(i));
            match (self.input.options.get(i), value, above) {
                (None, "", _) => {}
                (None, value, _) => {
                    return Err(format!("Option{} Value is \"{value}\", but the option has no name", i + 1));
                }
                (Some(_), "", Some(above)) => chosen.push(above.clone()),
                (Some(option), "", None) => {
                    return Err(format!(
                        "Option{} Value is empty, but the option \"{}\" needs one",
                        i + 1,
                        option.name
                    ));
                }
                (Some(_), value, _) => chosen.push(value.to_owned()),
            }
        }
        Ok(chosen)
    }
}

/// Begins a product's fingerprint with all that its cells are read by.
fn fingerprint(columns: &Columns, exponent: u32) -> Sha256 {
    let mut hash = Sha256::new_with_prefix(MEANING);
    hash.update(columns.meaning().collect::<Vec<u8>>());
    hash.update(exponent.to_le_bytes());
    hash
}

impl FileProduct {
    /// The product as it is to be written, seen by buyers from `published_at` on if it is to be seen at all.
    pub(super) fn input(&self, published_at: Timestamp) -> ProductInput {
        ProductInput { published_at: self.published.then_some(published_at), ..self.input.clone() }
    }
}

//! Which column of a file is which.

use csv::StringRecord;

/// A column we read. The first name is that of the classic file, the second that of the current one.
macro_rules! columns {
    ($($variant:ident $names:expr;)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Column { $($variant,)* }

        const NAMES: &[(Column, &[&str])] = &[$((Column::$variant, &$names),)*];
        const COUNT: usize = NAMES.len();
    };
}

columns! {
    Handle ["handle", "url handle"];
    Title ["title"];
    Body ["body (html)", "description"];
    Vendor ["vendor"];
    Type ["type", "custom product type"];
    Tags ["tags"];
    Published ["published", "published on online store"];
    Status ["status"];
    Option1Name ["option1 name"];
    Option1Value ["option1 value"];
    Option2Name ["option2 name"];
    Option2Value ["option2 value"];
    Option3Name ["option3 name"];
    Option3Value ["option3 value"];
    Sku ["variant sku", "sku"];
    Barcode ["variant barcode", "barcode"];
    Grams ["variant grams", "weight value (grams)"];
    Tracker ["variant inventory tracker", "inventory tracker"];
    Quantity ["variant inventory qty", "inventory quantity"];
    Policy ["variant inventory policy", "continue selling when out of stock"];
    Price ["variant price", "price"];
    CompareAtPrice ["variant compare at price", "compare-at price"];
    RequiresShipping ["variant requires shipping", "requires shipping"];
    Taxable ["variant taxable", "charge tax"];
    ImageSrc ["image src", "product image url"];
    ImagePosition ["image position"];
    ImageAlt ["image alt text"];
    VariantImage ["variant image", "variant image url"];
    SeoTitle ["seo title"];
    SeoDescription ["seo description"];
}

/// Without these a file is no product file.
const REQUIRED: &[(Column, &str)] =
    &[(Column::Handle, "Handle"), (Column::Title, "Title"), (Column::Price, "Variant Price")];

/// The header lacks columns.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the header has no column {}", .0.join(", "))]
pub struct MissingColumns(pub Vec<&'static str>);

/// Where each column stands in this file.
#[derive(Clone, Debug)]
pub(super) struct Columns {
    at: [Option<usize>; COUNT],
    /// Cells a row may have.
    width: usize,
}

/// Which columns a file has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Present(u64);

impl Present {
    pub(super) const fn has(self, column: Column) -> bool {
        self.0 & (1 << column as u64) != 0
    }

    /// Whether a file with these says everything of its products.
    pub(super) fn everything(self) -> bool {
        // Where pictures are named, their positions are those of the rows.
        NAMES.iter().all(|(column, _)| self.has(*column) || *column == Column::ImagePosition)
    }
}

impl Columns {
    /// Reads a header.
    pub(super) fn of(header: &StringRecord) -> Result<Self, MissingColumns> {
        let mut columns = Self { at: [None; COUNT], width: header.len() };
        for (position, name) in header.iter().enumerate() {
            let name = name.trim().to_lowercase();
            if let Some((column, _)) = NAMES.iter().find(|(_, names)| names.contains(&name.as_str())) {
                // The first one counts: exports of other programs repeat names in columns of their own.
                columns.at[*column as usize].get_or_insert(position);
            }
        }
        let missing: Vec<&str> =
            REQUIRED.iter().filter(|(column, _)| !columns.has(*column)).map(|(_, name)| *name).collect();
        if missing.is_empty() { Ok(columns) } else { Err(MissingColumns(missing)) }
    }

    pub(super) fn present(&self) -> Present {
        let bits = self.at.iter().enumerate().filter(|(_, at)| at.is_some());
        Present(bits.fold(0, |bits, (column, _)| bits | 1 << column))
    }

    /// What the header means, for fingerprints: the same cells under another header are another product.
    pub(super) fn meaning(&self) -> impl Iterator<Item = u8> + '_ {
        self.at.iter().flat_map(|at| at.map_or(u64::MAX, |at| at as u64).to_le_bytes())
    }

    pub(super) const fn has(&self, column: Column) -> bool {
        self.at[column as usize].is_some()
    }

    /// A cell without the white space around it; empty where the row is short or the file lacks the column.
    pub(super) fn cell<'r>(&self, row: &'r StringRecord, column: Column) -> &'r str {
        self.at[column as usize].and_then(|at| row.get(at)).unwrap_or("").trim()
    }

    /// What stands beyond the last column of the header.
    pub(super) fn stray<'r>(&self, row: &'r StringRecord) -> Option<&'r str> {
        row.iter().skip(self.width).find(|cell| !cell.trim().is_empty())
    }
}

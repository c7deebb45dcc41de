//! A file as a stream of products.

use super::{
    columns::Columns,
    lines::Lines,
    product::{Complaint, FileProduct, Gathered},
    report::ImportError,
};
use csv::{ByteRecord, StringRecord};
use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    io::{BufReader, Read},
};
use stoa_domain::catalog::Handle;

/// The mark that some programs put before UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// What the next rows of a file came to.
pub(super) type Next = Result<FileProduct, (String, Complaint)>;

/// Reads products one after the other. Keeps one product and a few bytes for each handle that has gone by.
pub(super) struct Products<R> {
    rows: csv::Reader<Lines<BufReader<R>>>,
    columns: Columns,
    exponent: u32,
    /// The first row of the next product, read while looking for the end of the one before.
    ahead: Option<(StringRecord, u64)>,
    /// Where each handle was seen first. Hashes, because a file may name a hundred thousand.
    seen: HashMap<u64, u64>,
    hasher: RandomState,
}

/// A row, or what is wrong with it.
enum Row {
    Good(StringRecord, u64),
    /// It cannot be read as text; it stands within the product before it.
    Bad(u64, String),
}

impl<R: Read> Products<R> {
    /// Reads the header. `exponent` is the number of decimals of the shop's currency.
    pub(super) fn open(source: R, exponent: u32) -> Result<Self, ImportError> {
        let mut source = BufReader::with_capacity(256 << 10, source);
        skip_mark(&mut source)?;
        let mut rows = csv::ReaderBuilder::new().flexible(true).from_reader(Lines::new(source));
        let header = rows.headers().map_err(ImportError::unreadable)?.clone();
        let columns = Columns::of(&header).map_err(ImportError::Header)?;
        Ok(Self { rows, columns, exponent, ahead: None, seen: HashMap::new(), hasher: RandomState::new() })
    }

    /// Bytes read so far.
    pub(super) fn position(&self) -> u64 {
        self.rows.position().byte()
    }

    /// The next product; `None` at the end of the file.
    pub(super) fn next(&mut self) -> Result<Option<Next>, ImportError> {
        let (first, line) = match self.ahead.take() {
            Some(ahead) => ahead,
            None => match self.row()? {
                None => return Ok(None),
                Some(Row::Good(row, line)) => (row, line),
                Some(Row::Bad(line, reason)) => {
                    return Ok(Some(Err((String::new(), Complaint { line, reason }))));
                }
            },
        };
        let handle = self.columns.cell(&first, super::columns::Column::Handle).to_owned();
        let mut product = Gathered::begin(&self.columns, &first, line, self.exponent);
        if handle.is_empty() {
            product.refuse(line, "Handle is empty".to_owned());
        }
        // "Blue Mug" and "blue-mug" are two handles to a spreadsheet and one to a browser.
        let meant = Handle::parse(&handle).map_or_else(|_| handle.clone(), |meant| meant.to_string());
        let known = self.seen.get(&self.hasher.hash_one(&meant)).copied();
        if let Some(before) = known {
            // The rows before have been written already: taking these as well would undo them.
            product.misplaced(
                line,
                format!(
                    "the handle \"{handle}\" was used at line {before} already: rows of one product must stand \
                     together, and two spellings of a handle are one"
                ),
            );
        } else {
            self.seen.insert(self.hasher.hash_one(&meant), line);
        }
        loop {
            match self.row()? {
                None => break,
                Some(Row::Bad(line, reason)) => product.refuse(line, reason),
                Some(Row::Good(row, line)) => {
                    if self.columns.cell(&row, super::columns::Column::Handle) != handle {
                        self.ahead = Some((row, line));
                        break;
                    }
                    product.add(&self.columns, &row, line, self.exponent);
                }
            }
        }
        Ok(Some(product.finish()))
    }

    fn row(&mut self) -> Result<Option<Row>, ImportError> {
        let mut bytes = ByteRecord::new();
        if !self.rows.read_byte_record(&mut bytes).map_err(ImportError::unreadable)? {
            return Ok(None);
        }
        // Every line ends in one `\n`: the reader stands at the line after the record's last.
        let breaks: usize = bytes.iter().map(|cell| cell.iter().filter(|byte| **byte == b'\n').count()).sum();
        let line = self.rows.position().line().saturating_sub(1 + breaks as u64);
        Ok(Some(match StringRecord::from_byte_record(bytes) {
            Ok(row) => Row::Good(row, line),
            Err(e) => {
                let cell = e.utf8_error().field() + 1;
                Row::Bad(line, format!("cell {cell} is not UTF-8 text; save the file as \"CSV UTF-8\""))
            }
        }))
    }
}

fn skip_mark<R: Read>(source: &mut BufReader<R>) -> Result<(), ImportError> {
    use std::io::BufRead;
    let begins =
        source.fill_buf().map_err(|e| ImportError::unreadable(e.into()))?.starts_with(BYTE_ORDER_MARK);
    if begins {
        source.consume(BYTE_ORDER_MARK.len());
    }
    Ok(())
}

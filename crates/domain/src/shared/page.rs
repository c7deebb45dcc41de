//! Keyset pages and their cursors: a page begins where the last one ended, however many rows lie before it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;

/// The most a page may hold, as the storefront schema says.
pub const MAX_PAGE: u32 = 250;

/// A position in a sorted list: the sort key of a row and its id. Opaque to clients.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cursor {
    /// Which order of which list it belongs to: a cursor of another order is refused.
    pub order: u8,
    /// The row's sort key.
    pub key: CursorKey,
    /// The row's id, which decides between rows with the same key.
    pub id: Uuid,
}

/// The sort key of a row.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CursorKey {
    /// The list is sorted by id alone.
    Id,
    /// A number, or a time in microseconds since 1970.
    Number(i64),
    /// A text.
    Text(String),
}

/// A cursor that is not one of ours, or not of this list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor of this list")]
pub struct InvalidCursor;

const ID: u8 = 0;
const NUMBER: u8 = 1;
const TEXT: u8 = 2;

impl Cursor {
    /// The cursor in URL-safe letters.
    pub fn encode(&self) -> String {
        let mut bytes = Vec::with_capacity(32);
        bytes.push(self.order);
        match &self.key {
            CursorKey::Id => bytes.push(ID),
            CursorKey::Number(number) => {
                bytes.push(NUMBER);
                bytes.extend(number.to_be_bytes());
            }
            CursorKey::Text(text) => {
                bytes.push(TEXT);
                bytes.extend(text.as_bytes());
            }
        }
        bytes.extend(self.id.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads what [`Cursor::encode`] wrote.
    ///
    /// # Errors
    /// It did not write this.
    pub fn decode(text: &str) -> Result<Self, InvalidCursor> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| InvalidCursor)?;
        let (rest, id) = bytes.split_last_chunk::<16>().ok_or(InvalidCursor)?;
        let key = match rest {
            [_, ID] => CursorKey::Id,
            [_, NUMBER, number @ ..] => {
                CursorKey::Number(i64::from_be_bytes(number.try_into().map_err(|_| InvalidCursor)?))
            }
            // No key has a NUL, and Postgres does not let one be asked for.
            [_, TEXT, text @ ..] if !text.contains(&0) => {
                CursorKey::Text(str::from_utf8(text).map_err(|_| InvalidCursor)?.to_owned())
            }
            _ => return Err(InvalidCursor),
        };
        Ok(Self { order: rest[0], key, id: Uuid::from_bytes(*id) })
    }
}

/// Which rows of a sorted list are wanted: the first or the last so many between two cursors.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PageRequest {
    /// How many at most; at most [`MAX_PAGE`].
    pub size: u32,
    /// Whether the last are wanted instead of the first. They come in the list's order all the same.
    pub from_end: bool,
    /// Only rows behind it.
    pub after: Option<Cursor>,
    /// Only rows before it.
    pub before: Option<Cursor>,
}

/// Why a page cannot be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPage {
    /// Neither `first` nor `last`: the list might be endless.
    #[error("one of `first` and `last` is required")]
    SizeMissing,
    /// Both.
    #[error("only one of `first` and `last` can be given")]
    BothEnds,
    /// A negative size, or one above [`MAX_PAGE`].
    #[error("`first` and `last` are between 0 and {MAX_PAGE}")]
    SizeOutOfRange,
    /// `after` or `before` is no cursor of this list.
    #[error("`after` and `before` take a cursor that this list gave")]
    Cursor,
}

impl From<InvalidCursor> for InvalidPage {
    fn from(_: InvalidCursor) -> Self {
        Self::Cursor
    }
}

impl PageRequest {
    /// The first `size` rows, at most [`MAX_PAGE`].
    pub fn first(size: u32) -> Self {
        Self { size: size.min(MAX_PAGE), from_end: false, after: None, before: None }
    }

    /// Reads the arguments of a connection.
    ///
    /// # Errors
    /// They do not say which page.
    pub fn try_new(
        first: Option<i32>,
        last: Option<i32>,
        after: Option<&str>,
        before: Option<&str>,
    ) -> Result<Self, InvalidPage> {
        let (size, from_end) = match (first, last) {
            (Some(first), None) => (first, false),
            (None, Some(last)) => (last, true),
            (None, None) => return Err(InvalidPage::SizeMissing),
            (Some(_), Some(_)) => return Err(InvalidPage::BothEnds),
        };
        let size = u32::try_from(size).ok().filter(|s| *s <= MAX_PAGE).ok_or(InvalidPage::SizeOutOfRange)?;
        Ok(Self {
            size,
            from_end,
            after: after.map(Cursor::decode).transpose()?,
            before: before.map(Cursor::decode).transpose()?,
        })
    }

    /// Whether its cursors are of this order.
    ///
    /// # Errors
    /// One is of another.
    pub fn check_order(&self, order: u8) -> Result<(), InvalidCursor> {
        let ours = |cursor: &Option<Cursor>| cursor.as_ref().is_none_or(|c| c.order == order);
        if ours(&self.after) && ours(&self.before) { Ok(()) } else { Err(InvalidCursor) }
    }
}

/// What lies around a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PageInfo {
    /// Whether rows lie before it. Going forward from a cursor there are: the cursor's own.
    pub has_previous: bool,
    /// Whether rows lie behind it.
    pub has_next: bool,
}

/// A page of a sorted list, in the list's order, each row with its position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<PageRow<T>>,
    /// What lies around them.
    pub info: PageInfo,
}

/// A row of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRow<T> {
    /// Its position.
    pub cursor: Cursor,
    /// The row.
    pub node: T,
}

impl<T> Page<T> {
    /// A page of nothing.
    pub const fn empty() -> Self {
        Self { rows: Vec::new(), info: PageInfo { has_previous: false, has_next: false } }
    }

    /// Makes a page of rows read in walking direction (from the end backwards when `from_end`), of which one more than
    /// wanted was asked for.
    pub fn from_walk(mut rows: Vec<PageRow<T>>, request: &PageRequest) -> Self {
        let size = request.size as usize;
        let more = rows.len() > size;
        rows.truncate(size);
        let info = if request.from_end {
            rows.reverse();
            PageInfo { has_previous: more, has_next: request.before.is_some() }
        } else {
            PageInfo { has_previous: request.after.is_some(), has_next: more }
        };
        Self { rows, info }
    }

    /// The same page of something else, row by row.
    pub fn map<U>(self, mut f: impl FnMut(T) -> U) -> Page<U> {
        let rows =
            self.rows.into_iter().map(|row| PageRow { cursor: row.cursor, node: f(row.node) }).collect();
        Page { rows, info: self.info }
    }

    /// The rows without their positions.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = &T> + Clone {
        self.rows.iter().map(|row| &row.node)
    }
}

#[cfg(test)]
#[path = "page_tests.rs"]
mod tests;

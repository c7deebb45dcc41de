//! Whether there is more.

use async_graphql::Object;
use stoa_domain::shared::page::{Cursor, Page};

/// Where a page stands in its list. Cursors are written when they are selected, not before.
#[derive(Clone, Debug, Default)]
pub struct PageInfo {
    /// Whether something comes after the page.
    pub has_next: bool,
    /// Whether something comes before the page.
    pub has_previous: bool,
    /// The first item's place.
    pub start: Option<Cursor>,
    /// The last item's place.
    pub end: Option<Cursor>,
}

impl PageInfo {
    /// That of a service's page.
    pub fn of<T>(page: &Page<T>) -> Self {
        Self {
            has_next: page.info.has_next,
            has_previous: page.info.has_previous,
            start: page.rows.first().map(|row| row.cursor.clone()),
            end: page.rows.last().map(|row| row.cursor.clone()),
        }
    }
}

/// Where a page stands in its list.
#[Object]
impl PageInfo {
    /// Whether something comes before this page.
    fn has_previous_page(&self) -> bool {
        self.has_previous
    }

    /// Whether something comes after this page.
    fn has_next_page(&self) -> bool {
        self.has_next
    }

    /// The cursor of the first item of this page, for `before`; null if the page is empty.
    fn start_cursor(&self) -> Option<String> {
        self.start.as_ref().map(Cursor::encode)
    }

    /// The cursor of the last item of this page, for `after`; null if the page is empty.
    fn end_cursor(&self) -> Option<String> {
        self.end.as_ref().map(Cursor::encode)
    }
}

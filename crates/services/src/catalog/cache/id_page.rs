//! A page of a list of products as it is kept: which they are and where they stand, in as little room as that takes.

use stoa_domain::shared::{
    ProductId,
    page::{Cursor, CursorKey, Page, PageInfo, PageRow},
};

/// A page of products by their ids.
#[derive(Clone, Debug)]
pub struct IdPage {
    ids: Box<[ProductId]>,
    keys: Keys,
    /// The order that the cursors are of.
    order: u8,
    info: PageInfo,
}

/// The sort keys of the rows, which are mostly of one kind.
#[derive(Clone, Debug)]
enum Keys {
    Ids,
    Numbers(Box<[i64]>),
    /// All texts behind each other, and where each one ends.
    Texts(Box<str>, Box<[u32]>),
    Mixed(Box<[CursorKey]>),
}

impl IdPage {
    pub(in crate::catalog) fn new(page: &Page<ProductId>) -> Self {
        Self {
            ids: page.nodes().copied().collect(),
            keys: Keys::of(&page.rows),
            order: page.rows.first().map_or(0, |row| row.cursor.order),
            info: page.info,
        }
    }

    /// The products, in the list's order.
    pub const fn ids(&self) -> &[ProductId] {
        &self.ids
    }

    /// What lies around the page.
    pub const fn info(&self) -> PageInfo {
        self.info
    }

    /// The position of a row of this page.
    pub fn cursor(&self, at: usize) -> Option<Cursor> {
        let id = self.ids.get(at)?.uuid();
        Some(Cursor { order: self.order, key: self.keys.get(at)?, id })
    }

    /// What it takes on the heap.
    pub(super) fn weight(&self) -> usize {
        let keys = match &self.keys {
            Keys::Ids => 0,
            Keys::Numbers(numbers) => size_of_val::<[_]>(numbers) + 16,
            Keys::Texts(texts, ends) => texts.len() + size_of_val::<[_]>(ends) + 32,
            Keys::Mixed(keys) => size_of_val::<[_]>(keys) * 2,
        };
        size_of_val::<[_]>(&self.ids) + 16 + keys
    }
}

impl Keys {
    fn of(rows: &[PageRow<ProductId>]) -> Self {
        let keys = || rows.iter().map(|row| &row.cursor.key);
        if keys().all(|key| *key == CursorKey::Id) {
            return Self::Ids;
        }
        let number = |key: &CursorKey| if let CursorKey::Number(number) = key { Some(*number) } else { None };
        if let Some(numbers) = keys().map(number).collect() {
            return Self::Numbers(numbers);
        }
        let (mut texts, mut ends) = (String::new(), Vec::with_capacity(rows.len()));
        for key in keys() {
            let CursorKey::Text(text) = key else { break };
            texts.push_str(text);
            ends.extend(u32::try_from(texts.len()));
        }
        if ends.len() == rows.len() {
            return Self::Texts(texts.into(), ends.into());
        }
        Self::Mixed(keys().cloned().collect())
    }

    fn get(&self, at: usize) -> Option<CursorKey> {
        match self {
            Self::Ids => Some(CursorKey::Id),
            Self::Numbers(numbers) => numbers.get(at).copied().map(CursorKey::Number),
            Self::Texts(texts, ends) => {
                let start = at.checked_sub(1).map_or(Some(0), |before| ends.get(before).copied())?;
                let text = texts.get(start as usize..*ends.get(at)? as usize)?;
                Some(CursorKey::Text(text.to_owned()))
            }
            Self::Mixed(keys) => keys.get(at).cloned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn kept(keys: &[CursorKey]) -> bool {
        let row = |(n, key): (usize, &CursorKey)| {
            let id = Uuid::from_u128(n as u128);
            PageRow { cursor: Cursor { order: 3, key: key.clone(), id }, node: ProductId::new(id) }
        };
        let rows: Vec<_> = keys.iter().enumerate().map(row).collect();
        let page = Page { rows, info: PageInfo { has_previous: false, has_next: true } };
        let kept = IdPage::new(&page);
        let same = |(at, row): (usize, &PageRow<_>)| {
            kept.cursor(at).as_ref() == Some(&row.cursor) && kept.ids()[at] == row.node
        };
        kept.info() == page.info
            && kept.cursor(keys.len()).is_none()
            && page.rows.iter().enumerate().all(same)
    }

    #[test]
    fn positions_come_out_as_they_went_in() {
        let text = |text: &str| CursorKey::Text(text.to_owned());
        assert!(kept(&[]));
        assert!(kept(&[CursorKey::Id, CursorKey::Id]));
        assert!(kept(&[CursorKey::Number(-1), CursorKey::Number(i64::MAX), CursorKey::Number(0)]));
        assert!(kept(&[text("äpfel"), text(""), text("zz"), text("")]));
        assert!(kept(&[text("a"), CursorKey::Number(1), CursorKey::Id]));
        assert!(kept(&[CursorKey::Number(1), CursorKey::Id]));
    }
}

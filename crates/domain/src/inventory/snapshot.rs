//! What SQL says of a variant's stock at one version.

use crate::shared::VariantId;

/// The sellable stock of a variant as of one version of its stock row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StockSnapshot {
    /// The variant.
    pub variant: VariantId,
    /// `on_hand - allocated + backorder allowance`, in units; `None` where stock is not tracked or backorder is
    /// unlimited.
    pub sellable: Option<i64>,
    /// Rises by 1 with every change of the variant's stock row.
    pub version: i64,
}

impl StockSnapshot {
    /// The snapshot that counts: the newer of the two. Equal versions say the same.
    #[must_use]
    pub fn newest(self, known: Option<Self>) -> Self {
        match known {
            Some(known) if known.version > self.version => known,
            _ => self,
        }
    }

    /// How many of `wanted` units can be held when others hold `held_by_others`.
    pub fn grantable(&self, wanted: u32, held_by_others: i64) -> u32 {
        match self.sellable {
            None => wanted,
            Some(sellable) => {
                let free = sellable.saturating_sub(held_by_others).max(0);
                wanted.min(u32::try_from(free).unwrap_or(u32::MAX))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn snapshot(sellable: Option<i64>, version: i64) -> StockSnapshot {
        StockSnapshot { variant: VariantId::new(Uuid::nil()), sellable, version }
    }

    #[test]
    fn an_older_snapshot_never_wins() {
        let old = snapshot(Some(9), 1);
        let new = snapshot(Some(0), 2);
        assert_eq!(old.newest(Some(new)), new);
        assert_eq!(new.newest(Some(old)), new);
        assert_eq!(old.newest(None), old);
    }

    #[test]
    fn what_others_hold_is_not_granted() {
        assert_eq!(snapshot(Some(5), 1).grantable(3, 0), 3);
        assert_eq!(snapshot(Some(5), 1).grantable(3, 3), 2);
        assert_eq!(snapshot(Some(5), 1).grantable(3, 9), 0);
        assert_eq!(snapshot(Some(-2), 1).grantable(1, 0), 0);
        assert_eq!(snapshot(None, 1).grantable(3, 1_000), 3);
    }
}

//! Whether something can be had, in words.

/// What a buyer is told of a variant's stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stock {
    /// Enough.
    Plenty,
    /// So many, which is few.
    Few(u32),
    /// Nothing in the house, but it can be ordered.
    Backorder,
    /// Nothing.
    SoldOut,
}

/// From how many on a buyer need not hurry.
const FEW: u32 = 5;

impl Stock {
    /// `left` units can be bought now (`None`: nobody counts); `in_house` says whether any of them is there.
    pub(super) const fn new(left: Option<u32>, in_house: bool) -> Self {
        match left {
            Some(0) => Self::SoldOut,
            _ if !in_house => Self::Backorder,
            Some(left) if left <= FEW => Self::Few(left),
            _ => Self::Plenty,
        }
    }

    /// Whether it can be bought.
    pub(super) const fn available(self) -> bool {
        !matches!(self, Self::SoldOut)
    }

    /// The words.
    pub(super) fn text(self) -> String {
        match self {
            Self::Plenty => "In stock".into(),
            Self::Few(1) => "Only one left".into(),
            Self::Few(left) => format!("Only {left} left"),
            Self::Backorder => "Not in stock at the moment; we send it as soon as it is".into(),
            Self::SoldOut => "Sold out".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_are_counted_and_none_is_sold_out() {
        assert_eq!(Stock::new(Some(0), true), Stock::SoldOut);
        assert_eq!(Stock::new(Some(0), false), Stock::SoldOut);
        assert_eq!(Stock::new(Some(1), true).text(), "Only one left");
        assert_eq!(Stock::new(Some(5), true), Stock::Few(5));
        assert_eq!(Stock::new(Some(6), true), Stock::Plenty);
        assert_eq!(Stock::new(None, true), Stock::Plenty);
        assert_eq!(Stock::new(Some(3), false), Stock::Backorder);
        assert_eq!(Stock::new(None, false), Stock::Backorder);
    }
}

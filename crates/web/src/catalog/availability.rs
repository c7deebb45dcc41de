//! Whether something can be had, in words.

/// What a buyer is told of a variant's stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stock {
    /// Enough.
    Plenty,
    /// So many, which is few.
    Few(i64),
    /// Nothing.
    SoldOut,
}

/// Up to how many are few.
const FEW: i64 = 5;

impl Stock {
    /// `quantity` units can be bought now, those that may be ordered ahead included; `None`: any number.
    pub(super) const fn new(quantity: Option<i64>) -> Self {
        match quantity {
            None => Self::Plenty,
            Some(quantity) if quantity <= 0 => Self::SoldOut,
            Some(quantity) if quantity <= FEW => Self::Few(quantity),
            Some(_) => Self::Plenty,
        }
    }

    /// Whether it can be bought.
    pub(super) const fn available(self) -> bool {
        !matches!(self, Self::SoldOut)
    }

    /// The words.
    pub(super) fn text(self) -> String {
        match self {
            Self::Plenty => "Available".into(),
            Self::Few(1) => "Only one left".into(),
            Self::Few(left) => format!("Only {left} left"),
            Self::SoldOut => "Sold out".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_are_counted_and_none_is_sold_out() {
        assert_eq!(Stock::new(Some(0)), Stock::SoldOut);
        assert_eq!(Stock::new(Some(-3)), Stock::SoldOut);
        assert_eq!(Stock::new(Some(1)).text(), "Only one left");
        assert_eq!(Stock::new(Some(5)).text(), "Only 5 left");
        assert_eq!(Stock::new(Some(6)), Stock::Plenty);
        assert_eq!(Stock::new(None), Stock::Plenty);
    }
}

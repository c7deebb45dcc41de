//! Changing a cart's lines: the rules that need no stock and no price.

use super::{Attribute, Cart, CartLine, cart_limits as limits};
use crate::shared::{CartLineId, PromotionId, VariantId};

/// Something to put into a cart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddLine {
    /// What.
    pub variant: VariantId,
    /// Units, at least 1.
    pub quantity: u32,
    /// What to do to it.
    pub attributes: Vec<Attribute>,
}

/// A change of one line; what is `None` stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineUpdate {
    /// Which line.
    pub id: CartLineId,
    /// Another variant.
    pub variant: Option<VariantId>,
    /// Units; 0 takes the line out.
    pub quantity: Option<u32>,
    /// All attributes anew.
    pub attributes: Option<Vec<Attribute>>,
}

/// Why lines cannot be changed so. `index` counts the request's entries from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LineChangeError {
    /// A quantity below the least.
    #[error("the quantity must be at least {min}")]
    QuantityTooLow {
        /// Which entry.
        index: usize,
        /// The least.
        min: u32,
    },
    /// A quantity beyond [`cart_limits::QUANTITY`](limits::QUANTITY).
    #[error("the quantity must be at most {max}")]
    QuantityTooHigh {
        /// Which entry.
        index: usize,
        /// The most.
        max: u32,
    },
    /// No such line in the cart.
    #[error("the cart has no such line")]
    UnknownLine {
        /// Which entry.
        index: usize,
    },
    /// The line is a promotion's gift, which is what it is.
    #[error("the line is a gift, which cannot be changed")]
    GiftLine {
        /// Which entry.
        index: usize,
    },
    /// More than [`cart_limits::LINES`](limits::LINES) lines.
    #[error("a cart holds at most {max} lines")]
    TooManyLines {
        /// The most.
        max: usize,
    },
    /// More than [`cart_limits::TEXT`](limits::TEXT) bytes of attributes in all.
    #[error("the attributes of a cart and its lines have at most {max} bytes together")]
    TooMuchText {
        /// The most.
        max: usize,
    },
    /// Attributes that are too many, too long, or that repeat a key.
    #[error(
        "attributes must have different keys of at most {max} characters, and there may be {most} at most"
    )]
    BadAttributes {
        /// Which entry.
        index: usize,
        /// The longest text, in characters.
        max: usize,
        /// The most attributes.
        most: usize,
    },
}

impl Cart {
    /// Puts lines in. The same variant with the same attributes grows its line, unless that is a gift; anything else is a line of its own.
    /// On an error the cart is as it was.
    pub fn add_lines(
        &mut self,
        additions: Vec<AddLine>,
        mut next_id: impl FnMut() -> CartLineId,
    ) -> Result<(), LineChangeError> {
        let mut lines = self.lines.clone();
        for (index, add) in additions.into_iter().enumerate() {
            if add.quantity == 0 {
                return Err(LineChangeError::QuantityTooLow { index, min: 1 });
            }
            let attributes = tidy_attributes(add.attributes).ok_or(bad_attributes(index))?;
            match lines.iter_mut().find(|l| l.is_bought_alike(add.variant, &attributes)) {
                Some(line) => {
                    line.quantity = checked_quantity(index, line.quantity.checked_add(add.quantity))?;
                }
                None => {
                    let quantity = checked_quantity(index, Some(add.quantity))?;
                    let (id, variant) = (next_id(), add.variant);
                    lines.push(CartLine { id, variant, quantity, attributes, gift: None });
                }
            }
        }
        self.replace_lines(lines)
    }

    /// Changes lines; two that become the same are joined. On an error the cart is as it was.
    pub fn update_lines(&mut self, updates: Vec<LineUpdate>) -> Result<(), LineChangeError> {
        let mut lines = self.lines.clone();
        for (index, update) in updates.into_iter().enumerate() {
            let at =
                lines.iter().position(|l| l.id == update.id).ok_or(LineChangeError::UnknownLine { index })?;
            let mut line = lines[at].clone();
            if line.gift.is_some() {
                return Err(LineChangeError::GiftLine { index });
            }
            if let Some(variant) = update.variant {
                line.variant = variant;
            }
            if let Some(attributes) = update.attributes {
                line.attributes = tidy_attributes(attributes).ok_or(bad_attributes(index))?;
            }
            if let Some(quantity) = update.quantity {
                line.quantity = checked_quantity(index, Some(quantity))?;
            }
            let twin = lines
                .iter()
                .position(|l| l.id != line.id && l.is_bought_alike(line.variant, &line.attributes));
            match twin {
                _ if line.quantity == 0 => _ = lines.remove(at),
                Some(twin) => {
                    lines[twin].quantity =
                        checked_quantity(index, lines[twin].quantity.checked_add(line.quantity))?;
                    lines.remove(at);
                }
                None => lines[at] = line,
            }
        }
        self.replace_lines(lines)
    }

    /// Takes lines out. A gift that is taken out does not come again. On an error the cart is as it was.
    pub fn remove_lines(&mut self, ids: &[CartLineId]) -> Result<(), LineChangeError> {
        if let Some(index) = ids.iter().position(|id| self.lines.iter().all(|l| l.id != *id)) {
            return Err(LineChangeError::UnknownLine { index });
        }
        let gone = self.lines.iter().filter(|l| ids.contains(&l.id));
        let gifts: Vec<PromotionId> = gone.filter_map(|l| l.gift).collect();
        self.decline(gifts);
        self.lines.retain(|l| !ids.contains(&l.id));
        Ok(())
    }

    /// Cuts the lines of `variant` down to `available` units in all, gifts first, then later lines first, and drops what is left
    /// with none. Gives the ids of the lines it touched.
    pub fn clamp(&mut self, variant: VariantId, available: u32) -> Vec<CartLineId> {
        let mut left = available;
        let mut touched = Vec::new();
        for gifts in [false, true] {
            let lines = self.lines.iter_mut().filter(|l| l.variant == variant && l.gift.is_some() == gifts);
            for line in lines {
                let kept = line.quantity.min(left);
                if kept < line.quantity {
                    touched.push(line.id);
                    line.quantity = kept;
                }
                left -= kept;
            }
        }
        self.lines.retain(|l| l.quantity > 0);
        touched
    }

    pub(super) fn replace_lines(&mut self, lines: Vec<CartLine>) -> Result<(), LineChangeError> {
        if lines.len() > limits::LINES {
            return Err(LineChangeError::TooManyLines { max: limits::LINES });
        }
        let before = std::mem::replace(&mut self.lines, lines);
        if self.text() > limits::TEXT {
            self.lines = before;
            return Err(LineChangeError::TooMuchText { max: limits::TEXT });
        }
        Ok(())
    }
}

impl CartLine {
    /// Whether it is a line of the buyer's of this variant, with these attributes: what is bought again grows it.
    pub(super) fn is_bought_alike(&self, variant: VariantId, attributes: &[Attribute]) -> bool {
        self.gift.is_none() && self.variant == variant && self.attributes == attributes
    }
}

/// Sorts by key, so that order does not make a difference. `None` when too many, too long, or keys repeat.
pub(crate) fn tidy_attributes(mut attributes: Vec<Attribute>) -> Option<Vec<Attribute>> {
    // Postgres keeps no NUL in a text.
    let long = |s: &String| s.chars().count() > limits::ATTRIBUTE_TEXT || s.contains('\0');
    if attributes.len() > limits::ATTRIBUTES || attributes.iter().any(|a| long(&a.key) || long(&a.value)) {
        return None;
    }
    attributes.sort_unstable();
    let repeated = attributes.windows(2).any(|pair| pair[0].key == pair[1].key);
    (!repeated).then_some(attributes)
}

const fn bad_attributes(index: usize) -> LineChangeError {
    LineChangeError::BadAttributes { index, max: limits::ATTRIBUTE_TEXT, most: limits::ATTRIBUTES }
}

pub(super) fn checked_quantity(index: usize, quantity: Option<u32>) -> Result<u32, LineChangeError> {
    quantity
        .filter(|q| *q <= limits::QUANTITY)
        .ok_or(LineChangeError::QuantityTooHigh { index, max: limits::QUANTITY })
}

#[cfg(test)]
#[path = "lines_tests.rs"]
mod tests;

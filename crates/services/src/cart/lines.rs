//! Adding, changing and removing lines.

use super::{
    TooManyUnits,
    edit::{CartError, Edited, MerchandiseRefusal, Touched, edit},
};
use crate::{Context, account::Caller};
use std::sync::Arc;
use stoa_domain::{
    cart::{AddLine, Cart, LineChangeError, LineUpdate},
    shared::{CartId, CartLineId, VariantId},
};

/// Why lines are not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinesRefusal {
    /// The variant does not exist, or is not for sale.
    NotForSale(VariantId),
    /// There would be more units than one buyer or one network may have.
    TooManyUnits(TooManyUnits),
    /// The change breaks a rule of carts.
    Rule(LineChangeError),
}

impl MerchandiseRefusal for LinesRefusal {
    fn not_for_sale(variant: VariantId) -> Self {
        Self::NotForSale(variant)
    }

    fn too_many_units(why: TooManyUnits) -> Self {
        Self::TooManyUnits(why)
    }
}

/// Changes a cart's lines. What cannot be had in full is cut down to what can, with a warning.
pub struct CartLines(pub(crate) Arc<Context>);

impl CartLines {
    /// Puts lines in.
    ///
    /// # Errors
    /// No such cart, a refusal, or a fault. Nothing has changed then.
    pub async fn add(
        &self,
        by: &Caller,
        cart: CartId,
        lines: Vec<AddLine>,
    ) -> Result<Edited, CartError<LinesRefusal>> {
        edit(&self.0, by, cart, |cart| add_lines(&self.0, cart, lines.clone())).await
    }

    /// Changes lines. A quantity of 0 takes a line out.
    ///
    /// # Errors
    /// No such cart, a refusal, or a fault. Nothing has changed then.
    pub async fn update(
        &self,
        by: &Caller,
        cart: CartId,
        updates: Vec<LineUpdate>,
    ) -> Result<Edited, CartError<LinesRefusal>> {
        edit(&self.0, by, cart, |cart| {
            let before: Vec<(VariantId, u64)> = cart.demand();
            cart.update_lines(updates.clone()).map_err(LinesRefusal::Rule)?;
            let grown = |(variant, wanted): &(VariantId, u64)| {
                before.iter().find(|(v, _)| v == variant).is_none_or(|(_, had)| had < wanted)
            };
            let variants = cart.demand().into_iter().filter(grown).map(|(v, _)| v).collect();
            Ok(Touched { variants, lines: true, ..Touched::NOTHING })
        })
        .await
    }

    /// Takes lines out.
    ///
    /// # Errors
    /// No such cart, a refusal, or a fault. Nothing has changed then.
    pub async fn remove(
        &self,
        by: &Caller,
        cart: CartId,
        lines: Vec<CartLineId>,
    ) -> Result<Edited, CartError<LinesRefusal>> {
        edit(&self.0, by, cart, |cart| {
            cart.remove_lines(&lines).map_err(LinesRefusal::Rule)?;
            Ok(Touched { lines: true, ..Touched::NOTHING })
        })
        .await
    }
}

pub(super) fn add_lines(
    ctx: &Context,
    cart: &mut Cart,
    lines: Vec<AddLine>,
) -> Result<Touched, LinesRefusal> {
    let mut variants: Vec<VariantId> = lines.iter().map(|l| l.variant).collect();
    variants.sort_unstable();
    variants.dedup();
    let lines_change = !lines.is_empty();
    cart.add_lines(lines, || CartLineId::new(ctx.ports.ids.id())).map_err(LinesRefusal::Rule)?;
    Ok(Touched { variants, lines: lines_change, ..Touched::NOTHING })
}

//! What carriers are told of a cart.

use super::{PricingError, PricingInput, delivery::load, prices, working::Working};
use crate::delivery::Parcel;

/// One parcel a delivery group in which anything but gifts is, as a carrier is asked about it: what goods cost is said before anything is taken off,
/// so that the answer does not depend on promotions, which may depend on it.
///
/// # Errors
/// A sum that 64 bits do not hold, or a currency without a rate.
pub fn parcels(input: &PricingInput<'_>) -> Result<Vec<Parcel>, PricingError> {
    let mut w = Working::new(input);
    prices::run(&mut w)?;
    let mut parcels = Vec::with_capacity(input.deliveries.len());
    for (n, choice) in input.deliveries.iter().enumerate() {
        let load = load(&w, n, None)?;
        if load.quantity > 0 {
            parcels.push(Parcel {
                group: choice.id,
                grams: unsigned(load.weight),
                volume_mm3: volume(&w, n).ok_or(PricingError::OutOfRange)?,
                units: unsigned(load.quantity),
                value: load.subtotal,
            });
        }
    }
    Ok(parcels)
}

/// Room that all units of a group take whose sides are known, in cubic millimetres; `None` beyond 64 bits.
fn volume(w: &Working<'_>, group: usize) -> Option<u64> {
    let lines = w.lines.iter().filter(|line| line.sold.group == Some(group) && line.sold.gift_of.is_none());
    lines.map(|line| (line.sold.goods.dimensions_mm, line.sold.quantity)).try_fold(
        0_u64,
        |sum, (sides, units)| {
            let [a, b, c] = sides.unwrap_or_default().map(u64::from);
            sum.checked_add(a.checked_mul(b)?.checked_mul(c)?.checked_mul(units.into())?)
        },
    )
}

fn unsigned(figure: i64) -> u64 {
    u64::try_from(figure).unwrap_or(0)
}

//! What a way of delivering costs as staff write it down, held against what can be.

use super::DeliveryMethodError;
use crate::admin::{InputPlace, InputRefusal, Unfit, place::refuse};
use stoa_domain::{
    delivery::{Bounds, InvalidRates, Load, Measure, RateRow, RateTable},
    shared::{Currency, parse_minor},
};

/// Rows of a table.
const ROWS: usize = 100;
/// The largest figure: grams, units, or minor units.
pub(super) const FIGURE: i64 = 1_000_000_000_000;

/// How much something is, by the measure of its table: a figure as it was written means another number of grams than of minor units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Figure {
    /// As it was written: whole grams or units, or an amount of the shop's currency.
    Written(String),
    /// Grams, units, or minor units of the shop's currency.
    Known(i64),
}

/// A price from so much on, as staff write it down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateDraft {
    /// The least it is for.
    pub from: Figure,
    /// What it costs there, in minor units of the shop's currency.
    pub base: i64,
    /// What each begun step above that costs on top, in minor units; 0 with no step.
    pub per_step: i64,
    /// How much a step is; 0: there are none.
    pub step: Figure,
}

impl From<&RateRow> for RateDraft {
    fn from(row: &RateRow) -> Self {
        let RateRow { from, base, per_step, step } = *row;
        Self { from: Figure::Known(from), base, per_step, step: Figure::Known(step) }
    }
}

impl RateDraft {
    fn checked(&self, by: Measure, currency: Currency, at: &InputPlace) -> Result<RateRow, InputRefusal> {
        let row = RateRow {
            from: figure(&self.from, (by, currency), &at.then("from"))?,
            base: charged(self.base, currency, &at.then("base"))?,
            per_step: charged(self.per_step, currency, &at.then("perStep"))?,
            step: figure(&self.step, (by, currency), &at.then("step"))?,
        };
        let half = (row.per_step == 0) != (row.step == 0);
        refuse(half, || at.then("step"), Unfit::Unlike("a step has a size and a price, or neither"))?;
        Ok(row)
    }
}

/// The table by which everybody can be charged whom the bounds of its measure let in.
///
/// # Errors
/// The first thing that cannot be so, and where it stands; or there is no price for somebody.
pub(super) fn table(
    rows: &[RateDraft],
    (by, within): (Measure, Bounds),
    currency: Currency,
) -> Result<RateTable, DeliveryMethodError> {
    let at = InputPlace::field("rates");
    refuse(rows.len() > ROWS, || at.clone(), Unfit::TooMany { max: ROWS })?;
    let read = |(index, row): (usize, &RateDraft)| row.checked(by, currency, &at.entry(index));
    let rows = rows.iter().enumerate().map(read).collect::<Result<Vec<_>, _>>()?;
    let table = RateTable::try_new(by, rows.clone(), within.least.unwrap_or(0));
    let table = table.map_err(|invalid| match invalid {
        InvalidRates::Empty => InputRefusal::new(at.clone(), Unfit::Blank).into(),
        InvalidRates::Gap { from } => DeliveryMethodError::GapInRates { from },
        InvalidRates::Twice { row, from: _ } => {
            let why = Unfit::Unlike("another rate begins there");
            InputRefusal::new(at.entry(row).then("from"), why).into()
        }
        InvalidRates::Negative { row } => {
            InputRefusal::new(at.entry(row), Unfit::OutOfRange { least: 0, most: FIGURE }).into()
        }
        InvalidRates::HalfAStep { row } => {
            let why = Unfit::Unlike("a step has a size and a price, or neither");
            InputRefusal::new(at.entry(row).then("step"), why).into()
        }
    })?;
    for (index, row) in rows.iter().enumerate() {
        let dear = !fits(&table, row, within.most.unwrap_or(FIGURE));
        let why = Unfit::Unlike("its steps would add up to more than anybody can be charged");
        refuse(dear, || at.entry(index).then("perStep"), why)?;
    }
    Ok(table)
}

/// Whether the most that a row is for has a price at all: beyond 64 bits the method would not be on offer.
fn fits(table: &RateTable, row: &RateRow, most: i64) -> bool {
    let next = table.rows.iter().map(|other| other.from).find(|from| *from > row.from);
    let last = next.map_or(most, |from| from - 1).clamp(row.from, most.max(row.from));
    let load = Load { weight: last, subtotal: last, quantity: last };
    table.price(load).is_some()
}

fn figure(of: &Figure, (by, currency): (Measure, Currency), at: &InputPlace) -> Result<i64, InputRefusal> {
    let (decimals, what) = match by {
        Measure::Weight => (0, "this is no weight: whole grams"),
        Measure::Quantity => (0, "this is no quantity: whole units"),
        Measure::Subtotal => (currency.exponent(), "this is no amount of the shop's currency"),
    };
    let figure = match of {
        Figure::Known(figure) => *figure,
        Figure::Written(text) => {
            let parsed = parse_minor(text.trim(), decimals);
            parsed.map_err(|_| InputRefusal::new(at.clone(), Unfit::Unlike(what)))?
        }
    };
    not_negative(figure, at)
}

/// An amount that somebody can be charged.
fn charged(amount: i64, currency: Currency, at: &InputPlace) -> Result<i64, InputRefusal> {
    let amount = not_negative(amount, at)?;
    let step = currency.charge_step();
    refuse(amount % step != 0, || at.clone(), Unfit::Uneven { currency, step })?;
    Ok(amount)
}

/// A figure, if it is one.
pub(super) fn not_negative(figure: i64, at: &InputPlace) -> Result<i64, InputRefusal> {
    let outside = !(0..=FIGURE).contains(&figure);
    refuse(outside, || at.clone(), Unfit::OutOfRange { least: 0, most: FIGURE })?;
    Ok(figure)
}

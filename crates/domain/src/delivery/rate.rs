//! What a delivery costs by how much it is.

use super::{Load, Measure};
use serde::{Deserialize, Serialize};

/// Prices by a measure. Kept as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RateTable {
    /// What `from` and `step` of the rows count.
    pub by: Measure,
    /// The rows, by `from`.
    pub rows: Vec<RateRow>,
}

/// A price from so much on: `base + per_step × ⌈(measure − from) / step⌉`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RateRow {
    /// The least it is for.
    pub from: i64,
    /// What it costs at `from`, in minor units of the shop's currency.
    pub base: i64,
    /// What each begun step above `from` costs on top; 0 with no step.
    #[serde(skip_serializing_if = "is_zero")]
    pub per_step: i64,
    /// How much a step is; 0: there are none.
    #[serde(skip_serializing_if = "is_zero")]
    pub step: i64,
}

/// Why nobody could be charged by a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRates {
    /// It has no rows.
    #[error("a table of rates has at least one row")]
    Empty,
    /// A figure is below nothing.
    #[error("row {row}: figures of a rate are not negative")]
    Negative {
        /// Which row, counted from 0.
        row: usize,
    },
    /// Two rows begin at the same measure.
    #[error("row {row}: another row begins at {from}")]
    Twice {
        /// Which row, counted from 0.
        row: usize,
        /// Where it begins.
        from: i64,
    },
    /// Steps without a price, or a price of steps that are none.
    #[error("row {row}: a step has a size and a price, or neither")]
    HalfAStep {
        /// Which row, counted from 0.
        row: usize,
    },
    /// What a method is on offer for begins below the first row.
    #[error("nothing is said of what is below {from}")]
    Gap {
        /// Where the first row begins.
        from: i64,
    },
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_zero(n: &i64) -> bool {
    *n == 0
}

impl RateTable {
    /// The same whatever is delivered.
    pub fn flat(price: i64) -> Self {
        Self { by: Measure::Quantity, rows: vec![RateRow { base: price, ..RateRow::default() }] }
    }

    /// A table by which everybody can be charged whose measure is at least `least`, its rows in order.
    ///
    /// # Errors
    /// A row that says nothing sensible, or a measure that no row is for.
    pub fn try_new(by: Measure, mut rows: Vec<RateRow>, least: i64) -> Result<Self, InvalidRates> {
        for (row, of) in rows.iter().enumerate() {
            if [of.from, of.base, of.per_step, of.step].iter().any(|figure| *figure < 0) {
                return Err(InvalidRates::Negative { row });
            }
            if (of.per_step == 0) != (of.step == 0) {
                return Err(InvalidRates::HalfAStep { row });
            }
            if rows[..row].iter().any(|other| other.from == of.from) {
                return Err(InvalidRates::Twice { row, from: of.from });
            }
        }
        rows.sort_unstable_by_key(|row| row.from);
        let from = rows.first().ok_or(InvalidRates::Empty)?.from;
        if least.max(0) < from { Err(InvalidRates::Gap { from }) } else { Ok(Self { by, rows }) }
    }

    /// The same where subtotals are of another currency: what `from` and `step` are in it. Prices stay as they are.
    ///
    /// # Errors
    /// Those of `convert`.
    pub fn measured_in<E>(&self, convert: impl Fn(i64) -> Result<i64, E>) -> Result<Self, E> {
        let row = |row: &RateRow| {
            // A step that is less than the least amount of the other currency is that, rather than none.
            let step = if row.step > 0 { convert(row.step)?.max(1) } else { row.step };
            Ok(RateRow { from: convert(row.from)?, step, ..*row })
        };
        Ok(match self.by {
            Measure::Subtotal => {
                Self { by: self.by, rows: self.rows.iter().map(row).collect::<Result<_, E>>()? }
            }
            Measure::Weight | Measure::Quantity => self.clone(),
        })
    }

    /// What a load costs, by the row with the largest `from` at or below it; `None` below all of them, or beyond 64 bits.
    pub fn price(&self, load: Load) -> Option<i64> {
        let is = load.by(self.by);
        let row = self.rows.iter().filter(|row| row.from <= is).max_by_key(|row| row.from)?;
        let above = is.checked_sub(row.from)?;
        let steps = if row.step > 0 { above / row.step + i64::from(above % row.step > 0) } else { 0 };
        row.base.checked_add(row.per_step.checked_mul(steps)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_begun_step_is_paid() {
        let table = RateTable {
            by: Measure::Weight,
            rows: vec![
                RateRow { from: 0, base: 490, ..RateRow::default() },
                RateRow { from: 2_000, base: 690, per_step: 100, step: 500 },
            ],
        };
        let of = |weight| table.price(Load { weight, ..Load::default() });
        assert_eq!([0, 1_999, 2_000, 2_001, 2_500, 2_501].map(of), [490, 490, 690, 790, 790, 890].map(Some));
        let from_one = RateTable { rows: table.rows[1..].to_vec(), ..table.clone() };
        assert_eq!(from_one.price(Load { weight: 1_999, ..Load::default() }), None);
        assert_eq!(RateTable::flat(500).price(Load::default()), Some(500));
        let endless = RateRow { per_step: i64::MAX, step: 1, ..RateRow::default() };
        let endless = RateTable { by: Measure::Weight, rows: vec![endless] };
        assert_eq!(endless.price(Load { weight: 2, ..Load::default() }), None);
    }

    #[test]
    fn a_table_has_a_price_for_everybody() {
        let row = |from, base| RateRow { from, base, ..RateRow::default() };
        let table = |rows: &[RateRow]| RateTable::try_new(Measure::Weight, rows.to_vec(), 100);
        let sorted = table(&[row(500, 9), row(100, 4)]).unwrap();
        assert_eq!(sorted.rows.iter().map(|row| row.from).collect::<Vec<_>>(), [100, 500]);
        assert_eq!(table(&[]), Err(InvalidRates::Empty));
        assert_eq!(table(&[row(101, 4)]), Err(InvalidRates::Gap { from: 101 }));
        assert_eq!(table(&[row(0, 4), row(7, -1)]), Err(InvalidRates::Negative { row: 1 }));
        assert_eq!(table(&[row(0, 4), row(0, 5)]), Err(InvalidRates::Twice { row: 1, from: 0 }));
        for (per_step, step) in [(5, 0), (0, 5)] {
            let half = RateRow { per_step, step, ..row(0, 4) };
            assert_eq!(table(&[half]), Err(InvalidRates::HalfAStep { row: 0 }));
        }
        assert!(RateTable::try_new(Measure::Quantity, vec![row(1, 4)], 0).is_err(), "of none at all");
    }

    #[test]
    fn a_table_by_what_goods_cost_is_measured_in_their_currency() {
        let rows = vec![RateRow { from: 5_000, base: 490, per_step: 100, step: 1_000 }];
        let table = |by| RateTable { by, rows: rows.clone() };
        let yen = |minor: i64| Ok::<i64, ()>(minor * 163 / 100);
        let in_yen = table(Measure::Subtotal).measured_in(yen).unwrap();
        assert_eq!(in_yen.rows, [RateRow { from: 8_150, base: 490, per_step: 100, step: 1_630 }]);
        let of = |subtotal| in_yen.price(Load { subtotal, ..Load::default() });
        assert_eq!([8_149, 8_150, 8_151, 9_781].map(of), [None, Some(490), Some(590), Some(690)]);
        assert_eq!(table(Measure::Weight).measured_in(yen), Ok(table(Measure::Weight)));
        let least = |_| Ok::<i64, ()>(0);
        assert_eq!(table(Measure::Subtotal).measured_in(least).unwrap().rows[0].step, 1);
        assert_eq!(table(Measure::Subtotal).measured_in(|_| Err(())), Err(()));
    }

    /// The forms in which tables were ever written.
    #[test]
    fn what_was_written_is_read() {
        let written = r#"{"by":"weight","rows":[{"from":0,"base":490},{"from":2000,"base":690,"per_step":100,"step":500}]}"#;
        let table: RateTable = serde_json::from_str(written).unwrap();
        assert_eq!(table.rows[1], RateRow { from: 2_000, base: 690, per_step: 100, step: 500 });
        assert_eq!(serde_json::to_string(&table).unwrap(), written);
        assert_eq!(serde_json::from_str::<RateTable>("{}").unwrap(), RateTable::default());
    }
}

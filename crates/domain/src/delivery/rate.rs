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

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_zero(n: &i64) -> bool {
    *n == 0
}

impl RateTable {
    /// The same whatever is delivered.
    pub fn flat(price: i64) -> Self {
        Self { by: Measure::Quantity, rows: vec![RateRow { base: price, ..RateRow::default() }] }
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

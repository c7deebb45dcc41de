//! What tax services are asked, and what they answer.

use super::{
    LONGEST_TITLE, MOST, Unread, VERSION, WireCurrency, WirePlace, check_head, index_of, number, parse,
    title, unread,
};
use chrono::{DateTime, SecondsFormat};
use serde::{Deserialize, Serialize};
use stoa_domain::{
    shared::{Currency, Rate, Timestamp},
    tax::{QuotedDelivery, QuotedLine, QuotedPart, QuotedTax, TaxRequest},
};

const LINE: char = 'l';
const DELIVERY: char = 'd';
/// Rates change when a day begins somewhere, and all time zones are whole quarters of an hour apart: within one, an answer is the same.
const QUARTER: i64 = 15 * 60;
/// Taxes on one thing. Places with more than five are not known.
const MOST_TAXES: usize = 10;
/// 100 %, in millionths.
const WHOLE: u32 = 1_000_000;
/// The longest name of a tax, in characters; an order keeps as many.
const LONGEST_NAME: usize = 64;
const _: () = assert!(LONGEST_NAME <= LONGEST_TITLE);

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Question<'a> {
    version: u32,
    #[serde(flatten)]
    currency: WireCurrency,
    prices_include_tax: bool,
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<WirePlace<'a>>,
    to: WirePlace<'a>,
    buyer: Buyer<'a>,
    lines: Vec<Line<'a>>,
    deliveries: Vec<Delivery>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Buyer<'a> {
    exempt: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    tax_number: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct Line<'a> {
    id: String,
    amount: i64,
    quantity: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sku: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct Delivery {
    id: String,
    amount: i64,
}

/// The body of a request. Equal questions, asked within a quarter of an hour, are equal bytes.
pub(crate) fn question(asked: &TaxRequest) -> Result<Vec<u8>, serde_json::Error> {
    let lines = asked.lines.iter().enumerate().map(|(index, line)| Line {
        id: number(LINE, index),
        amount: line.amount,
        quantity: line.quantity,
        category: line.category.as_deref(),
        sku: line.sku.as_deref(),
    });
    let deliveries = asked.deliveries.iter().enumerate();
    let question = Question {
        version: VERSION,
        currency: asked.currency.into(),
        prices_include_tax: asked.prices_include_tax,
        at: quarter_of(asked.at).to_rfc3339_opts(SecondsFormat::Secs, true),
        from: asked.from.as_ref().map(WirePlace::from),
        to: WirePlace::from(&asked.to),
        buyer: Buyer { exempt: asked.buyer.exempt, tax_number: asked.buyer.tax_number.as_deref() },
        lines: lines.collect(),
        deliveries: deliveries
            .map(|(index, delivery)| Delivery { id: number(DELIVERY, index), amount: delivery.amount })
            .collect(),
    };
    serde_json::to_vec(&question)
}

/// The beginning of the quarter of an hour that a moment is in.
fn quarter_of(at: Timestamp) -> Timestamp {
    let begins = at.timestamp().div_euclid(QUARTER) * QUARTER;
    DateTime::from_timestamp(begins, 0).unwrap_or(at)
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    version: u32,
    currency: String,
    lines: Vec<Item>,
    deliveries: Vec<Item>,
    total_tax: i64,
}

#[derive(Debug, Deserialize)]
struct Item {
    id: String,
    taxes: Vec<Tax>,
}

#[derive(Debug, Deserialize)]
struct Tax {
    name: String,
    rate: String,
    amount: i64,
}

/// The taxes of everything in a question, by its place there.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Taxes {
    lines: Vec<Vec<QuotedPart>>,
    deliveries: Vec<Vec<QuotedPart>>,
}

impl Taxes {
    /// With the ids of whoever asked.
    pub(crate) fn quoted(&self, asked: &TaxRequest) -> QuotedTax {
        let lines = asked.lines.iter().zip(&self.lines);
        let deliveries = asked.deliveries.iter().zip(&self.deliveries);
        QuotedTax {
            fingerprint: asked.fingerprint(),
            lines: lines.map(|(line, taxes)| QuotedLine { id: line.id, taxes: taxes.clone() }).collect(),
            deliveries: deliveries
                .map(|(delivery, taxes)| QuotedDelivery { id: delivery.id, taxes: taxes.clone() })
                .collect(),
        }
    }
}

/// Reads an answer to a question: everything that was asked about is there once, no tax is below nothing or more than what is taxed, and together they
/// are what the service says they are.
pub(crate) fn read(body: &[u8], asked: &TaxRequest) -> Result<Taxes, Unread> {
    let answer: Answer = parse(body)?;
    check_head(answer.version, &answer.currency, asked.currency)?;
    let rules = Rules { currency: asked.currency, inside: asked.prices_include_tax };
    let lines: Vec<i64> = asked.lines.iter().map(|line| line.amount).collect();
    let deliveries: Vec<i64> = asked.deliveries.iter().map(|delivery| delivery.amount).collect();
    let mut total = 0;
    let taxes = Taxes {
        lines: rules.items(LINE, answer.lines, &lines, &mut total)?,
        deliveries: rules.items(DELIVERY, answer.deliveries, &deliveries, &mut total)?,
    };
    if total != i128::from(answer.total_tax) {
        return Err(unread("its taxes do not sum to its totalTax"));
    }
    Ok(taxes)
}

/// What is asked of every tax.
struct Rules {
    currency: Currency,
    inside: bool,
}

impl Rules {
    /// The taxes of all lines, or of all deliveries, whose amounts are these.
    fn items(
        &self,
        kind: char,
        items: Vec<Item>,
        amounts: &[i64],
        total: &mut i128,
    ) -> Result<Vec<Vec<QuotedPart>>, Unread> {
        let mut found: Vec<Option<Vec<QuotedPart>>> = vec![None; amounts.len()];
        for item in items {
            let index = index_of(kind, &item.id, amounts.len())
                .ok_or(unread("it speaks of a line or a delivery that was not asked about"))?;
            let taxes = self.taxes(item.taxes, amounts[index], total)?;
            if found[index].replace(taxes).is_some() {
                return Err(unread("it speaks of a line or a delivery twice"));
            }
        }
        found.into_iter().collect::<Option<_>>().ok_or(unread("it leaves out a line or a delivery"))
    }

    fn taxes(&self, taxes: Vec<Tax>, taxed: i64, total: &mut i128) -> Result<Vec<QuotedPart>, Unread> {
        if taxes.len() > MOST_TAXES {
            return Err(unread("it has more than 10 taxes on one thing"));
        }
        let parts = taxes.into_iter().map(|tax| self.tax(&tax)).collect::<Result<Vec<_>, _>>()?;
        let sum: i128 = parts.iter().map(|part| i128::from(part.amount)).sum();
        if sum > i128::from(taxed.max(0)) {
            return Err(unread("its taxes are more than what is taxed"));
        }
        *total += sum;
        Ok(parts)
    }

    fn tax(&self, tax: &Tax) -> Result<QuotedPart, Unread> {
        if tax.amount < 0 {
            return Err(unread("a tax is below nothing"));
        }
        if tax.amount > MOST {
            return Err(unread("a tax is beyond any order"));
        }
        // What is inside of a price is not charged beside it.
        if !self.inside && tax.amount % self.currency.charge_step().max(1) != 0 {
            return Err(unread("a tax is no multiple of step"));
        }
        let rate = Rate::parse_percent(&tax.rate)
            .ok()
            .filter(|rate| rate.millionths() <= WHOLE)
            .ok_or(unread("a rate is no percentage from 0 to 100 with at most four decimals"))?;
        let name = title(&tax.name, LONGEST_NAME)
            .ok_or(unread("the name of a tax is empty, longer than 64 characters, or not one line"))?;
        Ok(QuotedPart { name, rate, amount: tax.amount })
    }
}

#[cfg(test)]
#[path = "tax_tests.rs"]
mod tests;

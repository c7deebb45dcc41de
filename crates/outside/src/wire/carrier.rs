//! What carriers are asked, and what they answer.

use super::{
    LONGEST_TITLE, Unread, VERSION, WireCurrency, WirePlace, check_head, index_of, is_chargeable, number,
    parse, title, unread,
};
use serde::{Deserialize, Serialize};
use stoa_domain::delivery::{CarrierQuote, DeliveryDays, ShipmentRequest};

const GROUP: char = 'g';
/// Ways of delivering one parcel: nobody reads a longer list.
const MOST_RATES: usize = 20;
/// The longest handle, in bytes; an order keeps as many.
const LONGEST_HANDLE: usize = 64;
/// Nobody waits longer, in working days.
const MOST_DAYS: u16 = 365;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Question<'a> {
    version: u32,
    #[serde(flatten)]
    currency: WireCurrency,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<WirePlace<'a>>,
    to: WirePlace<'a>,
    parcels: Vec<WireParcel>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct WireParcel {
    group: String,
    grams: u64,
    volume_mm3: u64,
    units: u64,
    value: i64,
}

/// The body of a request. Equal questions are equal bytes.
pub(crate) fn question(asked: &ShipmentRequest) -> Result<Vec<u8>, serde_json::Error> {
    let parcels = asked.parcels.iter().enumerate().map(|(index, parcel)| WireParcel {
        group: number(GROUP, index),
        grams: parcel.grams,
        volume_mm3: parcel.volume_mm3,
        units: parcel.units,
        value: parcel.value,
    });
    serde_json::to_vec(&Question {
        version: VERSION,
        currency: asked.currency.into(),
        from: asked.from.as_ref().map(WirePlace::from),
        to: WirePlace::from(&asked.to),
        parcels: parcels.collect(),
    })
}

#[derive(Debug, Deserialize)]
struct Answer {
    version: u32,
    currency: String,
    rates: Vec<WireRate>,
}

#[derive(Debug, Deserialize)]
struct WireRate {
    group: String,
    handle: String,
    title: String,
    amount: i64,
    #[serde(default)]
    days: Option<[u16; 2]>,
}

/// A way of delivering a parcel of the question, by its place there.
#[derive(Debug, PartialEq, Eq)]
struct Rate {
    parcel: usize,
    handle: String,
    title: String,
    amount: i64,
    days: Option<DeliveryDays>,
}

/// All ways of delivering what was asked about, in the service's order.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Rates(Vec<Rate>);

impl Rates {
    /// With the ids of whoever asked.
    pub(crate) fn quoted(&self, asked: &ShipmentRequest) -> Vec<CarrierQuote> {
        let quote = |rate: &Rate| {
            Some(CarrierQuote {
                group: asked.parcels.get(rate.parcel)?.group,
                handle: rate.handle.clone(),
                title: rate.title.clone(),
                amount: rate.amount,
                days: rate.days,
            })
        };
        self.0.iter().filter_map(quote).collect()
    }
}

/// Reads an answer to a question. A parcel may have no rate: then it is not delivered so.
pub(crate) fn read(body: &[u8], asked: &ShipmentRequest) -> Result<Rates, Unread> {
    let answer: Answer = parse(body)?;
    check_head(answer.version, &answer.currency, asked.currency)?;
    let mut rates: Vec<Rate> = Vec::new();
    for rate in answer.rates {
        let rate = read_rate(rate, asked)?;
        let others = || rates.iter().filter(|other| other.parcel == rate.parcel);
        if others().any(|other| other.handle == rate.handle) {
            return Err(unread("it has two rates of one handle for one group"));
        }
        if others().count() == MOST_RATES {
            return Err(unread("it has more than 20 rates for one group"));
        }
        rates.push(rate);
    }
    Ok(Rates(rates))
}

fn read_rate(rate: WireRate, asked: &ShipmentRequest) -> Result<Rate, Unread> {
    let parcel = index_of(GROUP, &rate.group, asked.parcels.len())
        .ok_or(unread("it speaks of a group that was not asked about"))?;
    if !is_handle(&rate.handle) {
        return Err(unread("a handle is not 1 to 64 small letters, digits, hyphens and underscores"));
    }
    if rate.amount < 0 {
        return Err(unread("a rate is below nothing"));
    }
    if !is_chargeable(rate.amount, asked.currency) {
        return Err(unread("a rate is beyond any order, or no multiple of step"));
    }
    let title = title(&rate.title, LONGEST_TITLE)
        .ok_or(unread("a title is empty, longer than 255 characters, or not one line"))?;
    let days = rate.days.map(|[least, most]| DeliveryDays { least, most });
    if days.is_some_and(|days| days.least > days.most || days.most > MOST_DAYS) {
        return Err(unread("days are not two numbers from 0 to 365, the smaller first"));
    }
    Ok(Rate { parcel, handle: rate.handle, title, amount: rate.amount, days })
}

fn is_handle(text: &str) -> bool {
    let is_of_one = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
    (1..=LONGEST_HANDLE).contains(&text.len()) && text.bytes().all(is_of_one)
}

#[cfg(test)]
#[path = "carrier_tests.rs"]
mod tests;

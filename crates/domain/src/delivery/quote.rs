//! What carriers have said, and what stands in for it when they do not answer.

use super::{CarrierQuote, DeliveryDays, ShipmentRequest};
use crate::shared::{DeliveryGroupId, Place, Timestamp};
use serde::{Deserialize, Serialize};

/// A carrier's quote that a buyer has chosen, as the cart keeps it: good until its end, for the same parcel to the same place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptQuote {
    /// What the buyer read.
    pub title: String,
    /// What it costs, in minor units of the cart's currency.
    pub amount: i64,
    /// How long it takes, if the carrier said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<DeliveryDays>,
    /// What was asked, see [`ShipmentRequest::fingerprint`].
    pub fingerprint: u64,
    /// The first moment at which it is good no more.
    pub until: Timestamp,
}

impl KeptQuote {
    /// A quote that was given for a parcel of this request; `None` where the request has no such parcel.
    pub fn of(quote: &CarrierQuote, asked: &ShipmentRequest, until: Timestamp) -> Option<Self> {
        Some(Self {
            title: quote.title.clone(),
            amount: quote.amount,
            days: quote.days,
            fingerprint: asked.fingerprint(quote.group)?,
            until,
        })
    }
}

impl ShipmentRequest {
    /// Tells one question about a group from another: the currency, the places, and the parcel. `None` of a group that it does not ask about.
    /// It is kept with carts, so that it is the same in every version of this program.
    pub fn fingerprint(&self, group: DeliveryGroupId) -> Option<u64> {
        let parcel = self.parcels.iter().find(|parcel| parcel.group == group)?;
        let mut hash = Fnv::new();
        hash.text(Some(self.currency.code()));
        hash.place(self.from.as_ref());
        hash.place(Some(&self.to));
        hash.bytes(group.uuid().as_bytes());
        for figure in [parcel.grams, parcel.volume_mm3, parcel.units] {
            hash.bytes(&figure.to_be_bytes());
        }
        hash.bytes(&parcel.value.to_be_bytes());
        Some(hash.0)
    }

    /// What the delivery groups of this request can be offered: what carriers answered, and, for a group about which they said nothing, what of it
    /// is still good. An answer about no group of the request, or below nothing, is none.
    pub fn offered<'k>(
        &self,
        answered: Vec<CarrierQuote>,
        kept: impl IntoIterator<Item = (DeliveryGroupId, &'k str, &'k KeptQuote)>,
        now: Timestamp,
    ) -> Vec<CarrierQuote> {
        let is_asked = |group| self.parcels.iter().any(|parcel| parcel.group == group);
        let mut offered = answered;
        offered.retain(|quote| quote.amount >= 0 && is_asked(quote.group));
        for (group, handle, kept) in kept {
            let is_silent = offered.iter().all(|quote| quote.group != group);
            if is_silent && now < kept.until && self.fingerprint(group) == Some(kept.fingerprint) {
                offered.push(CarrierQuote {
                    group,
                    handle: handle.to_owned(),
                    title: kept.title.clone(),
                    amount: kept.amount,
                    days: kept.days,
                });
            }
        }
        offered
    }
}

/// Fowler, Noll and Vo's hash (FNV-1a, 64 bits): it keeps nothing secret, it only tells questions apart.
struct Fnv(u64);

impl Fnv {
    const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    /// A text that may be missing, with an end that no text has.
    fn text(&mut self, text: Option<&str>) {
        self.bytes(text.unwrap_or_default().as_bytes());
        self.bytes(if text.is_some() { &[0xff] } else { &[0xfe] });
    }

    fn place(&mut self, place: Option<&Place>) {
        let country = place.map(|place| place.country.to_string());
        self.text(country.as_deref());
        self.text(place.and_then(|place| place.province.as_deref()));
        self.text(place.and_then(|place| place.zip.as_deref()));
        self.text(place.and_then(|place| place.city.as_deref()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        delivery::Parcel,
        shared::{CountryCode, Currency},
    };
    use chrono::{DateTime, TimeDelta};
    use uuid::Uuid;

    fn group(n: u128) -> DeliveryGroupId {
        DeliveryGroupId::new(Uuid::from_u128(n))
    }

    fn request() -> ShipmentRequest {
        let parcel = Parcel { group: group(1), grams: 1_200, volume_mm3: 9_000_000, units: 3, value: 7_497 };
        ShipmentRequest {
            currency: Currency::USD,
            from: None,
            to: Place { zip: Some("10001".into()), ..Place::somewhere_in(CountryCode::parse("US").unwrap()) },
            parcels: vec![parcel, Parcel { group: group(2), ..parcel }],
        }
    }

    fn quote(of: u128, amount: i64) -> CarrierQuote {
        CarrierQuote { group: group(of), handle: "x".into(), title: "X".into(), amount, days: None }
    }

    #[test]
    fn another_parcel_or_place_is_another_question() {
        let asked = request();
        let known = asked.fingerprint(group(1)).unwrap();
        assert_eq!(known, 0x4414_f611_bf1b_14bd, "what carts keep must mean the same for good");
        assert_ne!(asked.fingerprint(group(2)), Some(known));
        assert_eq!(asked.fingerprint(group(3)), None);
        let change = |with: &dyn Fn(&mut ShipmentRequest)| {
            let mut other = request();
            with(&mut other);
            other.fingerprint(group(1)).unwrap()
        };
        let changed = [
            change(&|r| r.currency = Currency::parse("EUR").unwrap()),
            change(&|r| r.from = CountryCode::parse("US").map(Place::somewhere_in)),
            change(&|r| r.to.zip = None),
            change(&|r| (r.to.zip, r.to.city) = (None, Some("10001".into()))),
            change(&|r| r.parcels[0].grams += 1),
            change(&|r| r.parcels[0].volume_mm3 += 1),
            change(&|r| r.parcels[0].units += 1),
            change(&|r| r.parcels[0].value += 1),
        ];
        assert!(changed.iter().all(|other| *other != known));
        assert_eq!(change(&|r| r.parcels[1].grams += 1), known, "of the other group");
    }

    #[test]
    fn a_kept_quote_stands_in_where_a_carrier_is_silent() {
        let (asked, now) = (request(), DateTime::from_timestamp(1_790_000_000, 0).unwrap());
        let until = now + TimeDelta::minutes(10);
        let kept = KeptQuote::of(&quote(1, 900), &asked, until).unwrap();
        assert_eq!(KeptQuote::of(&quote(3, 900), &asked, until), None);
        let offered = |answered: Vec<CarrierQuote>, asked: &ShipmentRequest, now| {
            let quotes = asked.offered(answered, [(group(1), "x", &kept)], now);
            quotes.into_iter().map(|quote| (quote.group, quote.amount)).collect::<Vec<_>>()
        };
        assert_eq!(offered(Vec::new(), &asked, now), [(group(1), 900)]);
        assert_eq!(offered(vec![quote(2, 700)], &asked, now), [(group(2), 700), (group(1), 900)]);
        assert_eq!(offered(vec![quote(1, 950)], &asked, now), [(group(1), 950)], "the carrier says it anew");
        assert_eq!(offered(Vec::new(), &asked, until), [], "its end is no part of it");
        let mut heavier = request();
        heavier.parcels[0].grams += 1;
        assert_eq!(offered(Vec::new(), &heavier, now), [], "it was for another parcel");
        assert_eq!(offered(vec![quote(1, -1), quote(9, 5)], &asked, until), [], "no answers");
    }

    /// The forms in which quotes were ever written.
    #[test]
    fn what_was_written_is_read() {
        let written = r#"{"title":"Express","amount":1890,"days":{"least":1,"most":2},"fingerprint":18446744073709551615,"until":"2026-11-22T12:00:00Z"}"#;
        let kept: KeptQuote = serde_json::from_str(written).unwrap();
        assert_eq!((kept.amount, kept.fingerprint), (1_890, u64::MAX));
        assert_eq!(serde_json::to_string(&kept).unwrap(), written);
    }
}

//! The port of outside tax services.

use crate::shared::{CartLineId, Currency, DeliveryGroupId, OutsideError, Place, Rate, Timestamp};
use async_trait::async_trait;
use std::hash::{Hash, Hasher};

/// Works out taxes outside of the house. Never told names, streets or mail addresses.
#[async_trait]
pub trait TaxService: Send + Sync {
    /// Its name, for logs and for steps of an explanation.
    fn name(&self) -> &str;
    /// The taxes of what is asked. Never called inside a transaction.
    ///
    /// # Errors
    /// No answer, or none of value; the same question may be asked again.
    async fn quote(&self, asked: &TaxRequest) -> Result<QuotedTax, OutsideError>;
}

/// What is to be taxed. Amounts are in minor units of `currency`, after all that is taken off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxRequest {
    /// The currency of all amounts.
    pub currency: Currency,
    /// Whether the amounts contain tax.
    pub prices_include_tax: bool,
    /// The day whose rates apply.
    pub at: Timestamp,
    /// Where the shop is, if it says so.
    pub from: Option<Place>,
    /// Where the goods go.
    pub to: Place,
    /// What of the buyer taxes depend on.
    pub buyer: TaxBuyer,
    /// The lines, in the order of their ids.
    pub lines: Vec<TaxedLine>,
    /// The deliveries, in the order of their groups.
    pub deliveries: Vec<TaxedDelivery>,
}

/// What of a buyer taxes depend on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct TaxBuyer {
    /// Whether staff have noted that nothing is charged.
    pub exempt: bool,
    /// The tax number, as it is written to authorities.
    pub tax_number: Option<String>,
}

/// A line that is taxed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TaxedLine {
    /// The cart's line.
    pub id: CartLineId,
    /// All units together.
    pub amount: i64,
    /// Units.
    pub quantity: u32,
    /// The code of its tax category; `None`: the standard one.
    pub category: Option<String>,
    /// The shop's own code.
    pub sku: Option<String>,
}

/// A delivery that is taxed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TaxedDelivery {
    /// What is delivered.
    pub id: DeliveryGroupId,
    /// What it costs.
    pub amount: i64,
}

impl TaxRequest {
    /// What the request asks, in 64 bits, without the moment it asks at: an answer is of use for the amounts it was given for,
    /// and for no others. The shop's own codes are left out, which pricing does not know: it has to see that an answer is its own.
    pub fn fingerprint(&self) -> u64 {
        let mut hash = Fnv::default();
        self.currency.hash(&mut hash);
        self.prices_include_tax.hash(&mut hash);
        (&self.from, &self.to, &self.buyer).hash(&mut hash);
        self.lines.len().hash(&mut hash);
        for TaxedLine { id, amount, quantity, category, sku: _ } in &self.lines {
            (id, amount, quantity, category).hash(&mut hash);
        }
        self.deliveries.hash(&mut hash);
        hash.finish()
    }
}

/// The taxes of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuotedTax {
    /// That of the request it answers: [`TaxRequest::fingerprint`].
    pub fingerprint: u64,
    /// One entry a line of the request.
    pub lines: Vec<QuotedLine>,
    /// One entry a delivery of the request.
    pub deliveries: Vec<QuotedDelivery>,
}

/// The taxes of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuotedLine {
    /// The line of the request.
    pub id: CartLineId,
    /// Its taxes; none where nothing is charged.
    pub taxes: Vec<QuotedPart>,
}

/// The taxes of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuotedDelivery {
    /// The delivery of the request.
    pub id: DeliveryGroupId,
    /// Its taxes; none where nothing is charged.
    pub taxes: Vec<QuotedPart>,
}

/// One tax on one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuotedPart {
    /// What the buyer reads.
    pub name: String,
    /// The rate, as the service says it.
    pub rate: Rate,
    /// How much, in minor units: inside the amount where the request's contain tax, on top of it otherwise.
    pub amount: i64,
}

/// FNV-1a of 64 bits (<http://www.isthe.com/chongo/tech/comp/fnv/>): the same in every process, which the standard library does not promise of
/// its own hasher.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::CountryCode;
    use chrono::DateTime;
    use uuid::Uuid;

    fn request() -> TaxRequest {
        TaxRequest {
            currency: Currency::USD,
            prices_include_tax: false,
            at: DateTime::from_timestamp(1_790_000_000, 0).unwrap(),
            from: None,
            to: Place::somewhere_in(CountryCode::parse("US").unwrap()),
            buyer: TaxBuyer::default(),
            lines: vec![TaxedLine {
                id: CartLineId::new(Uuid::from_u128(1)),
                amount: 2_499,
                quantity: 1,
                category: None,
                sku: Some("MUG".into()),
            }],
            deliveries: Vec::new(),
        }
    }

    #[test]
    fn a_fingerprint_is_of_the_amounts_and_not_of_the_moment() {
        let asked = request();
        let later = TaxRequest { at: DateTime::from_timestamp(1_790_000_600, 0).unwrap(), ..request() };
        assert_eq!(asked.fingerprint(), later.fingerprint());
        let mut renamed = request();
        renamed.lines[0].sku = None;
        assert_eq!(asked.fingerprint(), renamed.fingerprint());
        let mut cheaper = request();
        cheaper.lines[0].amount -= 1;
        assert_ne!(asked.fingerprint(), cheaper.fingerprint());
        let elsewhere =
            TaxRequest { to: Place::somewhere_in(CountryCode::parse("CA").unwrap()), ..request() };
        assert_ne!(asked.fingerprint(), elsewhere.fingerprint());
    }

    /// The published test vectors of FNV-1a.
    #[test]
    fn the_hash_is_fnv_1a() {
        let of = |text: &str| {
            let mut hash = Fnv::default();
            hash.write(text.as_bytes());
            hash.finish()
        };
        assert_eq!(of(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(of("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(of("foobar"), 0x8594_4171_f739_67e8);
    }
}

//! A gift card as staff write it down, held against what can be.

use crate::admin::{
    InputPlace, InputRefusal, Unfit,
    place::refuse,
    repeat::{BadKey, id_for},
};
use std::fmt;
use stoa_domain::shared::{Money, Timestamp};
use uuid::Uuid;

/// Characters of a note.
const NOTE: usize = 5_000;
/// The most that is on a card when it is made, and by which one changes, in minor units.
const MOST: i64 = 1_000_000_000_000;

/// A gift card as staff write it down.
#[derive(Clone)]
pub struct GiftCardDraft {
    /// What is on it.
    pub amount: Money,
    /// The code that staff thought of; `None`: one is made that nobody guesses.
    pub code: Option<String>,
    /// From when on nothing can be paid with it; `None`: it stays good.
    pub expires_at: Option<Timestamp>,
    /// What staff note of it.
    pub note: Option<String>,
    /// Makes it safe to ask again: the same key of the same member of staff makes one card.
    pub key: String,
}

/// Hides the code, and what is noted.
impl fmt::Debug for GiftCardDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GiftCardDraft({:?} {:?})", self.amount, self.expires_at)
    }
}

/// What is to be other of a card; `None` leaves it as it is.
#[derive(Clone, Default)]
pub struct GiftCardPatch {
    /// From when on nothing can be paid with it; `Some(None)`: it stays good.
    pub expires_at: Option<Option<Timestamp>>,
    /// What staff note of it; `Some(None)`, or an empty text: nothing.
    pub note: Option<Option<String>>,
}

/// Hides what is noted.
impl fmt::Debug for GiftCardPatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GiftCardPatch({:?})", self.expires_at)
    }
}

/// What is on a card at first.
pub(super) fn first_amount(amount: Money) -> Result<i64, InputRefusal> {
    let least = amount.currency.charge_step();
    let is_out = !(least..=MOST).contains(&amount.minor);
    refuse(is_out, || InputPlace::field("amount"), Unfit::OutOfRange { least, most: MOST })?;
    even(amount)
}

/// What goes onto a card, or off it.
pub(super) fn change_of(amount: Money) -> Result<i64, InputRefusal> {
    let is_out = !(-MOST..=MOST).contains(&amount.minor);
    refuse(is_out, || InputPlace::field("amount"), Unfit::OutOfRange { least: -MOST, most: MOST })?;
    refuse(amount.minor == 0, || InputPlace::field("amount"), Unfit::NothingToDo)?;
    even(amount)
}

/// What nobody can be charged, no card can pay either.
fn even(Money { minor, currency }: Money) -> Result<i64, InputRefusal> {
    let step = currency.charge_step();
    refuse(minor % step != 0, || InputPlace::field("amount"), Unfit::Uneven { currency, step })?;
    Ok(minor)
}

/// An end that lies ahead.
pub(super) fn end(ends: Option<Timestamp>, now: Timestamp) -> Result<(), InputRefusal> {
    let is_past = ends.is_some_and(|end| end <= now);
    refuse(is_past, || InputPlace::field("expiresAt"), Unfit::Unlike("the card would be over already"))
}

/// What staff note; nothing of an empty text.
pub(super) fn note(text: Option<&str>) -> Result<Option<String>, InputRefusal> {
    let Some(text) = text else { return Ok(None) };
    let text: String = text.trim().chars().filter(|c| *c != '\0').collect();
    let is_long = text.chars().count() > NOTE;
    refuse(is_long, || InputPlace::field("note"), Unfit::TooLong { max: NOTE })?;
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// The id of the entry that a key makes in a ledger. Entries of one moment are told in the order of their ids, and those that are not of a key have ids that begin
/// with the time: one of a key comes behind them, as the first that is put on a customer's credit comes behind its having been made.
pub(super) fn entry_for(what: &str, of: Uuid, key: &str) -> Result<Uuid, BadKey> {
    let mut bytes = id_for(what, of, key)?.into_bytes();
    bytes[0] |= 0x80;
    Ok(Uuid::from_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use stoa_domain::shared::Currency;

    fn money(minor: i64, code: &str) -> Money {
        Money::new(minor, Currency::parse(code).unwrap())
    }

    #[test]
    fn only_what_can_be_charged_is_put_on_a_card() {
        assert_eq!(first_amount(money(1, "EUR")).unwrap(), 1);
        assert_eq!(first_amount(money(MOST, "EUR")).unwrap(), MOST);
        for bad in [money(0, "EUR"), money(-5, "EUR"), money(MOST + 1, "EUR"), money(5, "KWD")] {
            let refused = first_amount(bad).unwrap_err();
            assert_eq!(refused.at, InputPlace::field("amount"), "{bad:?}");
            assert!(matches!(refused.why, Unfit::OutOfRange { .. }), "{refused:?}");
        }
        let step = Currency::parse("KWD").unwrap().charge_step();
        assert_eq!(first_amount(money(step * 3, "KWD")).unwrap(), step * 3);
        assert!(matches!(first_amount(money(step + 1, "KWD")).unwrap_err().why, Unfit::Uneven { .. }));
    }

    #[test]
    fn a_change_goes_either_way_and_is_something() {
        assert_eq!(change_of(money(-5, "EUR")).unwrap(), -5);
        assert_eq!(change_of(money(0, "EUR")).unwrap_err().why, Unfit::NothingToDo);
        assert!(matches!(change_of(money(i64::MIN, "EUR")).unwrap_err().why, Unfit::OutOfRange { .. }));
        assert!(matches!(change_of(money(-11, "KWD")).unwrap_err().why, Unfit::Uneven { .. }));
    }

    #[test]
    fn an_end_lies_ahead() {
        let now = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        assert!(end(None, now).is_ok() && end(Some(now + chrono::TimeDelta::seconds(1)), now).is_ok());
        assert_eq!(end(Some(now), now).unwrap_err().at, InputPlace::field("expiresAt"));
    }

    #[test]
    fn an_entry_of_a_key_comes_behind_what_came_with_the_time() {
        let ids: Vec<Uuid> =
            (0..64).map(|n| entry_for("adjust", Uuid::nil(), &n.to_string()).unwrap()).collect();
        assert!(ids.iter().all(|id| *id > Uuid::from_u128(0x7fff << 112)), "{ids:?}");
        assert_eq!(entry_for("adjust", Uuid::nil(), "0").unwrap(), ids[0]);
        assert_ne!(entry_for("credit", Uuid::nil(), "0").unwrap(), ids[0]);
        assert!(entry_for("adjust", Uuid::nil(), "").is_err());
    }

    #[test]
    fn a_note_of_nothing_is_none() {
        assert_eq!(note(Some(" \0 ")).unwrap(), None);
        assert_eq!(note(Some(" for Ada ")).unwrap().as_deref(), Some("for Ada"));
        assert_eq!(note(Some(&"x".repeat(NOTE + 1))).unwrap_err().why, Unfit::TooLong { max: NOTE });
    }
}

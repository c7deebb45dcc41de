//! A price list as staff write it down, held against what can be.

use super::PriceListError;
use crate::admin::{
    InputPlace, InputRefusal, Unfit,
    place::{named, refuse},
};
use std::collections::BTreeSet;
use stoa_domain::{
    pricing::{PriceList, PriceListKind},
    shared::{Currency, CustomerGroupId, MarketId, PriceListId, Timestamp},
};
use stoa_persistence::{customer, db::Conn, market, pricing::Switched};

/// Characters of a name.
const NAME: usize = 255;
/// Groups that a list is for.
const GROUPS: usize = 250;
/// An adjustment takes all off at most, and adds nine times the price: -100 % to +900 %, in millionths.
const ADJUSTMENT: std::ops::RangeInclusive<i32> = -1_000_000..=9_000_000;

/// A price list as staff write it down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceListDraft {
    /// What staff and explanations call it.
    pub name: String,
    /// What it is for; stays what it is for good.
    pub kind: PriceListKind,
    /// The currency of its prices; stays what it is for good, since its prices would be others.
    pub currency: Currency,
    /// What it adds to prices that it does not fix, in millionths.
    pub adjustment: Option<i32>,
    /// In which market alone.
    pub market: Option<MarketId>,
    /// The first moment it counts.
    pub starts_at: Option<Timestamp>,
    /// The first moment it counts no more.
    pub ends_at: Option<Timestamp>,
    /// Whether it is in use.
    pub active: bool,
}

/// What is to be other of a price list; `None` leaves it as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PriceListPatch {
    /// What staff and explanations call it.
    pub name: Option<String>,
    /// The groups of a list for groups.
    pub groups: Option<BTreeSet<CustomerGroupId>>,
    /// What it adds to prices that it does not fix; `Some(None)`: nothing.
    pub adjustment: Option<Option<i32>>,
    /// In which market alone; `Some(None)`: in all.
    pub market: Option<Option<MarketId>>,
    /// The first moment it counts; `Some(None)`: it has begun.
    pub starts_at: Option<Option<Timestamp>>,
    /// The first moment it counts no more; `Some(None)`: never.
    pub ends_at: Option<Option<Timestamp>>,
    /// Whether it is in use.
    pub active: Option<bool>,
}

impl PriceListDraft {
    /// The list with this id.
    ///
    /// # Errors
    /// The first thing that cannot be so, and where it stands.
    pub(super) fn checked(&self, id: PriceListId) -> Result<Switched<PriceList>, InputRefusal> {
        let name = named(&self.name, "name", NAME)?;
        let at = InputPlace::field;
        let adjusted = self.adjustment.is_none_or(|by| ADJUSTMENT.contains(&by));
        refuse(!adjusted, || at("adjustment"), Unfit::OutOfRange { least: -100, most: 900 })?;
        let reversed = self.starts_at.zip(self.ends_at).is_some_and(|(start, end)| end <= start);
        refuse(reversed, || at("endsAt"), Unfit::RangeReversed)?;
        if let PriceListKind::Group(groups) = &self.kind {
            refuse(groups.len() > GROUPS, || at("customerGroupIds"), Unfit::TooMany { max: GROUPS })?;
        }
        if self.kind == PriceListKind::Market {
            let why = Unfit::Unlike("which market a market's list is for is said by the market");
            refuse(self.market.is_some(), || at("marketId"), why)?;
            // The market's prices are these, and no others when they are over.
            let why = Unfit::Unlike("a market's list has no beginning and no end");
            refuse(self.starts_at.is_some(), || at("startsAt"), why)?;
            refuse(self.ends_at.is_some(), || at("endsAt"), why)?;
        }
        let list = PriceList {
            id,
            name: name.into(),
            kind: self.kind.clone(),
            currency: self.currency,
            adjustment: self.adjustment,
            market: self.market,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
        };
        Ok(Switched { rule: list, active: self.active })
    }
}

impl PriceListPatch {
    /// The list as it is, with what is to be other.
    ///
    /// # Errors
    /// Groups of a list that is for no groups.
    pub(super) fn over(self, known: &Switched<PriceList>) -> Result<PriceListDraft, InputRefusal> {
        let list = &known.rule;
        let kind = match (&list.kind, self.groups) {
            (PriceListKind::Group(_), Some(groups)) => PriceListKind::Group(groups),
            (kind, None) => kind.clone(),
            (PriceListKind::Market | PriceListKind::Sale, Some(groups)) if groups.is_empty() => {
                list.kind.clone()
            }
            (PriceListKind::Market | PriceListKind::Sale, Some(_)) => {
                let why = Unfit::Unlike("only a list for groups is for groups");
                return Err(InputRefusal::new(InputPlace::field("customerGroupIds"), why));
            }
        };
        Ok(PriceListDraft {
            name: self.name.unwrap_or_else(|| list.name.to_string()),
            kind,
            currency: list.currency,
            adjustment: self.adjustment.unwrap_or(list.adjustment),
            market: self.market.unwrap_or(list.market),
            starts_at: self.starts_at.unwrap_or(list.starts_at),
            ends_at: self.ends_at.unwrap_or(list.ends_at),
            active: self.active.unwrap_or(known.active),
        })
    }
}

/// Looks whether everything that a list newly names is there, and whether its prices can be reckoned with. A statement for each kind of thing.
///
/// # Errors
/// Something is not.
pub(super) async fn check(
    conn: &impl Conn,
    list: &PriceList,
    before: Option<&PriceList>,
) -> Result<(), PriceListError> {
    let groups_of = |list: &PriceList| match &list.kind {
        PriceListKind::Group(groups) => groups.clone(),
        PriceListKind::Market | PriceListKind::Sale => BTreeSet::new(),
    };
    let known = before.map(groups_of).unwrap_or_default();
    let groups: Vec<CustomerGroupId> = groups_of(list).difference(&known).copied().collect();
    let there = customer::find_groups(conn, &groups).await?;
    if let Some(missing) = groups.iter().find(|id| !there.iter().any(|group| group.id == **id)) {
        let at = InputPlace::field("customerGroupIds");
        return Err(InputRefusal::new(at, Unfit::NotThere(missing.uuid())).into());
    }
    if let Some(id) = list.market.filter(|_| before.and_then(|known| known.market) != list.market) {
        let market = market::find(conn, id).await?;
        let at = InputPlace::field("marketId");
        market.ok_or(InputRefusal::new(at, Unfit::NotThere(id.uuid())))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, TimeDelta};
    use uuid::Uuid;

    fn sale() -> PriceListDraft {
        PriceListDraft {
            name: " Summer ".into(),
            kind: PriceListKind::Sale,
            currency: Currency::USD,
            adjustment: Some(-100_000),
            market: None,
            starts_at: None,
            ends_at: None,
            active: true,
        }
    }

    fn id() -> PriceListId {
        PriceListId::new(Uuid::from_u128(1))
    }

    #[test]
    fn what_cannot_be_is_named_by_its_place() {
        let then = |seconds| Some(DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds));
        let list = sale().checked(id()).unwrap();
        assert_eq!((&*list.rule.name, list.active), ("Summer", true));
        let market = MarketId::new(Uuid::from_u128(2));
        let market_list = PriceListDraft { kind: PriceListKind::Market, ..sale() };
        for (draft, field) in [
            (PriceListDraft { name: " ".into(), ..sale() }, "name"),
            (PriceListDraft { adjustment: Some(-1_000_001), ..sale() }, "adjustment"),
            (PriceListDraft { starts_at: then(5), ends_at: then(5), ..sale() }, "endsAt"),
            (PriceListDraft { market: Some(market), ..market_list.clone() }, "marketId"),
            (PriceListDraft { starts_at: then(5), ..market_list.clone() }, "startsAt"),
            (PriceListDraft { ends_at: then(5), ..market_list }, "endsAt"),
        ] {
            assert_eq!(draft.checked(id()).unwrap_err().at, InputPlace::field(field), "{draft:?}");
        }
    }

    #[test]
    fn what_is_left_out_stays() {
        let known = sale().checked(id()).unwrap();
        let same = PriceListPatch::default().over(&known).unwrap();
        assert_eq!(same.checked(id()).unwrap(), known);
        let patch =
            PriceListPatch { adjustment: Some(None), active: Some(false), ..PriceListPatch::default() };
        let other = patch.over(&known).unwrap();
        assert_eq!((other.adjustment, other.active, other.name), (None, false, "Summer".into()));
        let group = BTreeSet::from([CustomerGroupId::new(Uuid::from_u128(3))]);
        let patch = PriceListPatch { groups: Some(group), ..PriceListPatch::default() };
        assert_eq!(patch.over(&known).unwrap_err().at, InputPlace::field("customerGroupIds"));
    }
}

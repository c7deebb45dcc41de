//! What of a cart is delivered together, where that goes by the places that have it.

use crate::shared::{AddressId, DeliveryGroupId, LocationId, VariantId};
use std::collections::BTreeMap;
use uuid::{Builder, Uuid};

/// What a place could send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockAt {
    /// Where.
    pub location: LocationId,
    /// Units of each variant that nobody else is waiting for; [`u64::MAX`] of what is not counted. What is not named is not there.
    pub free: BTreeMap<VariantId, u64>,
}

/// From which place each line is sent: from the first that can serve all of it, beside the lines before it; else from the first of all. `places`
/// are in the order in which stock is taken from them. None where there are no places.
pub fn split(lines: &[(VariantId, u32)], places: &[StockAt]) -> Vec<Option<LocationId>> {
    let mut places = places.to_vec();
    let mut sent_from = Vec::with_capacity(lines.len());
    for (variant, quantity) in lines {
        let serving =
            places.iter_mut().find_map(|place| place.take(*variant, *quantity).then_some(place.location));
        sent_from.push(serving.or_else(|| places.first().map(|place| place.location)));
    }
    sent_from
}

/// The places that have all of these lines together, where a buyer could pick them up: in the order of the places.
pub fn having_all(lines: &[(VariantId, u32)], places: &[StockAt]) -> Vec<LocationId> {
    let has_all = |place: &&StockAt| {
        let mut place = (*place).clone();
        lines.iter().all(|(variant, quantity)| place.take(*variant, *quantity))
    };
    places.iter().filter(has_all).map(|place| place.location).collect()
}

impl StockAt {
    /// Takes units, if there are so many.
    fn take(&mut self, variant: VariantId, quantity: u32) -> bool {
        let Some(free) = self.free.get_mut(&variant) else { return quantity == 0 };
        let quantity = u64::from(quantity);
        let is_there = quantity <= *free;
        if is_there && *free < u64::MAX {
            *free -= quantity;
        }
        is_there
    }
}

/// The id of what goes to an address from a place. What is sent from the shop's first place, or from nowhere in particular, has the address's id:
/// so a shop that begins to tell places apart loses no choice of its buyers. Other places have ids of their own, the same every time (UUID version 8).
pub fn group_id(to: AddressId, from: Option<LocationId>, first: Option<LocationId>) -> DeliveryGroupId {
    match from {
        Some(from) if Some(from) != first => DeliveryGroupId::new(joined(to.uuid(), from.uuid())),
        _ => DeliveryGroupId::new(to.uuid()),
    }
}

/// Two ids made one: Fowler, Noll and Vo's hash of both (FNV-1a, 128 bits). It is looked up among the few groups of a cart, and keeps nothing secret.
fn joined(a: Uuid, b: Uuid) -> Uuid {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let bytes = a.as_bytes().iter().chain(b.as_bytes());
    let hash = bytes.fold(OFFSET, |hash, byte| (hash ^ u128::from(*byte)).wrapping_mul(PRIME));
    Builder::from_custom_bytes(hash.to_be_bytes()).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(n: u128) -> LocationId {
        LocationId::new(Uuid::from_u128(n))
    }

    fn variant(n: u128) -> VariantId {
        VariantId::new(Uuid::from_u128(n))
    }

    fn stock(at: u128, free: &[(u128, u64)]) -> StockAt {
        StockAt { location: place(at), free: free.iter().map(|(v, units)| (variant(*v), *units)).collect() }
    }

    fn lines(of: &[(u128, u32)]) -> Vec<(VariantId, u32)> {
        of.iter().map(|(v, units)| (variant(*v), *units)).collect()
    }

    #[test]
    fn a_line_is_sent_from_the_first_place_that_has_all_of_it() {
        let places = [stock(1, &[(7, 4), (8, 1)]), stock(2, &[(7, 9), (9, u64::MAX)])];
        let from = |of: &[(u128, u32)]| {
            split(&lines(of), &places).into_iter().map(|at| at.unwrap().uuid().as_u128()).collect::<Vec<_>>()
        };
        assert_eq!(from(&[(7, 4), (8, 1), (9, 1_000_000)]), [1, 1, 2]);
        assert_eq!(from(&[(7, 3), (7, 2), (7, 1)]), [1, 2, 1], "what one line takes the next has not");
        assert_eq!(from(&[(8, 2)]), [1], "nobody has so many: the first place");
        assert_eq!(from(&[(6, 1)]), [1]);
        assert_eq!(split(&lines(&[(7, 1)]), &[]), [None]);
    }

    #[test]
    fn what_is_picked_up_is_all_at_one_place() {
        let places = [stock(1, &[(7, 4)]), stock(2, &[(7, 2), (9, u64::MAX)])];
        let at = |of: &[(u128, u32)]| having_all(&lines(of), &places);
        assert_eq!(at(&[(7, 2)]), [place(1), place(2)]);
        assert_eq!(at(&[(7, 2), (7, 1)]), [place(1)], "both lines together");
        assert_eq!(at(&[(7, 2), (9, 5)]), [place(2)]);
        assert_eq!(at(&[(7, 3), (9, 5)]), []);
    }

    #[test]
    fn a_group_has_the_same_id_every_time() {
        let to = AddressId::new(Uuid::from_u128(5));
        let id = |from: Option<u128>| group_id(to, from.map(place), Some(place(1)));
        assert_eq!(id(None).uuid(), to.uuid());
        assert_eq!(id(Some(1)).uuid(), to.uuid());
        assert_eq!(id(Some(2)), id(Some(2)));
        assert_ne!(id(Some(2)), id(Some(3)));
        assert_ne!(id(Some(2)), group_id(AddressId::new(Uuid::from_u128(6)), Some(place(2)), Some(place(1))));
        assert_eq!(id(Some(2)).uuid().get_version_num(), 8);
        assert_eq!(id(Some(2)).to_string(), "863f8604-4963-8d59-8004-d14d5b1d5430", "carts keep it");
    }
}

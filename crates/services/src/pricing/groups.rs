//! What of a cart is delivered together.

use super::{Inputs, Shown};
use stoa_domain::{
    cart::Cart,
    delivery::{GroupChoice, group_id, having_all, split},
    shared::{AddressId, CartLineId, DeliveryGroupId, LocationId, Place, VariantId},
};

/// Lines of a cart that are delivered together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewGroup {
    /// Which. Of what goes to an address from the shop's first place, or from nowhere in particular, the address's.
    pub id: DeliveryGroupId,
    /// The cart's address it goes to; `None` while nobody has said.
    pub to: Option<AddressId>,
    /// The place it comes from, where the shop delivers by place.
    pub from: Option<LocationId>,
    /// Its lines, in the cart's order.
    pub lines: Vec<CartLineId>,
    /// The same as pricing asks for it.
    pub(crate) choice: GroupChoice,
}

/// The groups of what ships, in the order of the places they come from. While nobody has said where to there are none, unless the shop has
/// places where goods can be picked up, or `anywhere` asks for what is on offer everywhere.
pub(crate) fn groups(cart: &Cart, lines: &[Shown], inputs: &Inputs, anywhere: bool) -> Vec<ViewGroup> {
    let address = cart.selected_address();
    if address.is_none() && !anywhere && !inputs.rules.offers_pick_up() {
        return Vec::new();
    }
    let ships: Vec<&Shown> = lines.iter().filter(|shown| shown.merchandise.requires_shipping).collect();
    let mut groups: Vec<ViewGroup> = Vec::new();
    for (shown, from) in ships.iter().zip(places_of(&ships, inputs)) {
        match groups.iter_mut().find(|group| group.from == from) {
            Some(group) => group.lines.push(shown.line.id),
            None => {
                let first = inputs.places.first().map(|place| place.location);
                // What goes nowhere yet has ids as if it went to no address.
                let id = group_id(address.map_or(AddressId::NIL, |to| to.id), from, first);
                groups.push(ViewGroup {
                    id,
                    to: address.map(|to| to.id),
                    from,
                    lines: vec![shown.line.id],
                    choice: GroupChoice {
                        id,
                        to: address.and_then(|to| Place::of(&to.address)),
                        option: cart.selection(id).map(|chosen| chosen.option.as_str().into()),
                        pick_up: Vec::new(),
                    },
                });
            }
        }
    }
    let place = |group: &ViewGroup| inputs.places.iter().position(|at| Some(at.location) == group.from);
    groups.sort_by_key(place);
    if inputs.rules.offers_pick_up() {
        for group in &mut groups {
            let of_group = ships.iter().filter(|shown| group.lines.contains(&shown.line.id));
            let wanted: Vec<(VariantId, u32)> = of_group.map(|shown| wanted(shown)).collect();
            group.choice.pick_up = having_all(&wanted, &inputs.places);
        }
    }
    groups
}

/// From where each line is sent; from nowhere in particular where the shop delivers all together. What is bought is looked for before gifts
/// are, which may not keep it from being sent in one.
fn places_of(ships: &[&Shown], inputs: &Inputs) -> Vec<Option<LocationId>> {
    let mut from = vec![None; ships.len()];
    if !inputs.rules.groups_by_place() {
        return from;
    }
    let mut order: Vec<usize> = (0..ships.len()).collect();
    order.sort_by_key(|at| ships[*at].line.gift.is_some());
    let demand: Vec<(VariantId, u32)> = order.iter().map(|at| wanted(ships[*at])).collect();
    for (at, place) in order.into_iter().zip(split(&demand, &inputs.places)) {
        from[at] = place;
    }
    from
}

fn wanted(shown: &Shown) -> (VariantId, u32) {
    (shown.line.variant, shown.line.quantity)
}

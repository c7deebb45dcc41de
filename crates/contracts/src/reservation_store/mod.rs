//! The rules of a [`ReservationStore`].

mod counter;
mod expiry;
mod fence;
mod figures;
mod granting;
mod handing_over;
mod one_more;
mod races;
mod replacing;
mod sizes;

pub use expiry::*;
pub use fence::*;
pub use figures::*;
pub use granting::*;
pub use handing_over::*;
pub use one_more::*;
pub use races::*;
pub use replacing::*;
pub use sizes::*;

use std::sync::Arc;
use stoa_domain::inventory::ReservationStore;

/// The store under test.
pub type Store = Arc<dyn ReservationStore>;

/// Binds every rule of this suite to an implementation. `$open` names an async function without arguments that
/// gives `(Arc<impl ReservationStore>, whatever must outlive it)`.
#[macro_export]
macro_rules! reservation_store_contract {
    ($open:path) => {
        $crate::__bind_rules!(reservation_store, $open,
            what_is_there_is_granted
            more_than_there_is_is_cut_to_what_is_left
            what_others_hold_is_not_granted
            nothing_left_grants_nothing_and_leaves_no_hold
            oversold_stock_grants_nothing
            untracked_stock_is_granted_without_limit
            grants_come_in_the_order_of_the_requests
            asking_for_nothing_is_granted
            a_carts_own_holds_never_stand_in_its_way
            a_hold_grows_into_what_is_left
            a_smaller_hold_frees_the_rest
            what_is_not_asked_for_again_is_let_go
            quantity_0_lets_go
            an_empty_list_lets_go_of_everything
            all_or_nothing_holds_all_when_there_is_enough
            all_or_nothing_short_of_one_leaves_the_holds_as_they_were
            all_or_nothing_says_what_could_have_been_held
            the_same_hold_twice_is_one_hold
            holding_again_moves_the_expiry_of_all_the_cart_holds
            one_line_more_leaves_the_others_held
            a_call_in_between_is_made_good
            an_expiry_that_was_moved_is_moved_again
            an_expired_hold_frees_its_units_at_that_moment
            an_expired_hold_is_in_no_figure
            a_buyer_who_comes_back_too_late_competes_anew
            extending_keeps_a_hold_alive
            extending_twice_is_extending_once
            extending_does_not_raise_the_dead
            extending_touches_no_other_cart
            an_older_snapshot_is_ignored
            a_newer_snapshot_lowers_what_is_granted
            a_newer_snapshot_raises_what_is_granted
            a_hold_teaches_the_store_its_snapshot
            a_refused_hold_teaches_the_store_its_snapshot
            learning_an_older_figure_changes_nothing
            the_newest_of_one_list_counts
            learning_takes_no_hold_away
            a_cart_shrinks_to_what_a_newer_snapshot_leaves_it
            stock_may_become_untracked_and_tracked_again
            releasing_frees_what_the_cart_held
            releasing_hands_the_unit_over_to_the_order
            releasing_with_an_old_figure_does_not_turn_back_the_fence
            releasing_twice_is_releasing_once
            releasing_touches_no_other_cart
            every_carts_holds_are_summed
            what_is_held_of_everything_is_the_sum_of_what_lives
            a_figure_says_until_when_it_stands
            a_variant_that_nobody_holds_has_no_figure
            a_cart_knows_what_it_holds_and_until_when
            a_cart_knows_whether_it_holds_enough_for_long_enough
            quantities_reach_as_far_as_their_type
            sellable_figures_reach_as_far_as_their_type
            five_hundred_variants_in_one_cart
            figures_of_five_thousand_variants
            two_carts_race_for_the_last_unit
            two_carts_race_for_the_last_unit_all_or_nothing
            two_hundred_carts_race_for_fifty_units
            carts_that_want_the_same_things_in_different_orders_do_not_block
            one_cart_racing_itself_ends_with_one_of_its_wishes
            two_that_know_the_same_call_leave_no_mixture
            no_hold_outruns_a_newer_figure
            a_unit_handed_over_is_never_granted_again
        );
    };
}

//! Places in inputs that services name, as paths of `userErrors`.

use crate::graphql::cart::InputPath;
use stoa_services::admin::{InputPlace, PlaceSegment};

/// The path of a place inside of what stands at `at`.
pub(super) fn within(at: &InputPath, place: &InputPlace) -> InputPath {
    place.segments().iter().fold(at.clone(), |path, segment| match *segment {
        PlaceSegment::Field(name) => path.field(name),
        PlaceSegment::Entry(index) => path.entry(index),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_path_from_the_argument_inwards() {
        let place = InputPlace::field("codes").entry(3).then("uses");
        let path = within(&InputPath::argument("input"), &place);
        assert_eq!(path.segments(), ["input", "codes", "3", "uses"]);
        assert_eq!(within(&InputPath::default(), &place).segments(), ["codes", "3", "uses"]);
    }
}

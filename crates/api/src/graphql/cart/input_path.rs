//! Where in a mutation's input something stands, as user errors name it: `["lines", "0", "quantity"]`.

use std::borrow::Cow;

/// A place in the input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InputPath(Vec<Cow<'static, str>>);

impl InputPath {
    /// An argument of the mutation.
    pub fn argument(name: &'static str) -> Self {
        Self(vec![Cow::Borrowed(name)])
    }

    /// A field of the object at this place.
    #[must_use]
    pub fn field(&self, name: &'static str) -> Self {
        self.with(Cow::Borrowed(name))
    }

    /// An entry of the list at this place, counted from 0.
    #[must_use]
    pub fn entry(&self, index: usize) -> Self {
        self.with(Cow::Owned(index.to_string()))
    }

    /// The path, segment by segment.
    pub fn segments(&self) -> &[Cow<'static, str>] {
        &self.0
    }

    fn with(&self, segment: Cow<'static, str>) -> Self {
        let mut segments = Vec::with_capacity(self.0.len() + 1);
        segments.extend(self.0.iter().cloned());
        segments.push(segment);
        Self(segments)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_named_from_the_argument_inwards() {
        let path = InputPath::argument("lines").entry(0).field("quantity");
        assert_eq!(path.segments(), ["lines", "0", "quantity"]);
    }
}

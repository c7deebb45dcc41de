//! Values that go in.

use async_graphql::{
    Enum, ID, InputObject, InputValueError, InputValueResult, OneofObject, Scalar, ScalarType, Value,
};

/// A country.
#[derive(Clone, Copy, Enum, PartialEq, Eq)]
pub(crate) enum Country {
    /// Germany.
    De,
    /// The United States.
    Us,
}

/// A language.
#[derive(Clone, Copy, Enum, PartialEq, Eq)]
pub(crate) enum Language {
    /// German.
    De,
    /// English.
    En,
}

/// Who reads.
#[derive(InputObject)]
pub(crate) struct Reader {
    /// The card.
    pub(crate) card: String,
}

/// What was consented to.
#[derive(InputObject)]
pub(crate) struct Consent {
    /// Counting visits.
    pub(crate) analytics: Option<bool>,
}

/// A kind of book.
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
pub(crate) enum Genre {
    /// Made up.
    Novel,
    /// Rhymed.
    Poetry,
}

/// Which books.
#[derive(Debug, InputObject)]
pub(crate) struct Filter {
    /// The title begins so.
    pub(crate) title: String,
    /// Of this genre.
    pub(crate) genre: Option<Genre>,
    /// At least so many pages.
    #[graphql(default = 1)]
    pub(crate) pages: i32,
    /// And all of these.
    pub(crate) and: Option<Vec<Filter>>,
}

/// One way to name a book.
#[derive(Debug, OneofObject)]
pub(crate) enum Choice {
    /// By id.
    Id(ID),
    /// By number on the shelf.
    Number(i32),
}

/// A number beyond 32 bits, written as a JSON number: the schema's own scalar, since `Int` ends at 2³¹.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Long(pub(crate) i64);

#[Scalar]
impl ScalarType for Long {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::Number(number) => {
                number.as_i64().map(Self).ok_or_else(|| InputValueError::custom("not 64 bits"))
            }
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::from(self.0)
    }
}

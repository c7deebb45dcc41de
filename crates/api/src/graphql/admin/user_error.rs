//! Why a mutation of the admin half was refused: one shape, and an enum of codes for each theme.

use crate::graphql::cart::InputPath;
use async_graphql::{Object, OutputType, TypeName};
use std::borrow::Cow;

/// The reasons of one theme.
pub trait RefusalCode: OutputType + Copy + 'static {
    /// What the type of its errors is called.
    const ERROR: &'static str;
}

/// A refusal, with the place in the input that it is about. Nothing has changed then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdminUserError<C> {
    code: C,
    message: Cow<'static, str>,
    path: InputPath,
}

impl<C> AdminUserError<C> {
    /// A refusal because of what stands at `path`.
    pub fn new(code: C, path: InputPath, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, message: message.into(), path }
    }

    /// A refusal because of all of it.
    pub fn whole(code: C, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(code, InputPath::default(), message)
    }

    /// The place and the reason in one sentence: for where there are no `userErrors`.
    pub fn told(&self) -> String {
        format!("{}: {}", self.path.segments().join("."), self.message)
    }
}

impl<C: RefusalCode> TypeName for AdminUserError<C> {
    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed(C::ERROR)
    }
}

/// Why a mutation was refused. Nothing has changed then.
#[Object(name_type)]
impl<C: RefusalCode> AdminUserError<C> {
    /// The reason, for programs.
    async fn code(&self) -> C {
        self.code
    }

    /// The place in the input that is wrong, from the argument inwards; null if it is about all of it.
    async fn field(&self) -> Option<Vec<&str>> {
        let segments = self.path.segments();
        (!segments.is_empty()).then(|| segments.iter().map(AsRef::as_ref).collect())
    }

    /// The reason, for people.
    async fn message(&self) -> &str {
        &self.message
    }
}

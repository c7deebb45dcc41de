//! What every mutation of a cart answers: the cart, refusals, warnings.

use super::{Cart, CartUserError, CartWarning, InputError};
use crate::graphql::{ApiError, Flat};
use async_graphql::{Object, TypeName};
use std::{borrow::Cow, marker::PhantomData};
use stoa_domain::shared::CartId;
use stoa_services::{
    Services,
    account::Caller,
    cart::{CartError, Edited},
};

/// A mutation of carts, by the name of its payload's type.
pub trait CartMutation: Send + Sync {
    /// The name: `CartLinesAddPayload`.
    const PAYLOAD: &'static str;
}

/// The answer of the mutation `M`.
#[derive(Clone, Debug)]
pub struct CartPayload<M> {
    cart: Option<Cart>,
    user_errors: Vec<CartUserError>,
    warnings: Vec<CartWarning>,
    mutation: PhantomData<M>,
}

impl<M> CartPayload<M> {
    /// The answer to a use case that changes an existing cart, to who has called it. After a refusal the cart is shown as it is.
    ///
    /// # Errors
    /// A fault.
    pub async fn of<R>(
        services: &Services,
        at: (&Caller, CartId),
        outcome: Result<Edited, CartError<R>>,
        explain: impl FnOnce(R) -> CartUserError,
    ) -> Result<Self, ApiError> {
        match outcome {
            Ok(edited) => Ok(Self::edited(edited, at.0)),
            Err(CartError::NotFound) => Ok(Self::no_such_cart()),
            Err(CartError::Busy) => Self::refused(services, at, CartUserError::busy()).await,
            Err(CartError::Refused(refusal)) => Self::refused(services, at, explain(refusal)).await,
            Err(CartError::Fault(fault)) => Err(fault.into()),
        }
    }

    /// The cart after its change.
    pub fn edited((view, warnings): Edited, by: &Caller) -> Self {
        let warnings = warnings.into_iter().map(|warning| CartWarning::of(warning, &view)).collect();
        Self {
            cart: Some(Cart::new(view, by.viewer)),
            user_errors: Vec::new(),
            warnings,
            mutation: PhantomData,
        }
    }

    /// A refusal, beside the cart as it is.
    ///
    /// # Errors
    /// A fault.
    pub async fn refused(
        services: &Services,
        (by, cart): (&Caller, CartId),
        error: CartUserError,
    ) -> Result<Self, ApiError> {
        let cart = services.read_cart.run(&by.viewer, cart).await?.map(|view| Cart::new(view, by.viewer));
        Ok(Self { cart, ..Self::without_cart(error) })
    }

    /// An input that did not get as far as a use case.
    ///
    /// # Errors
    /// It makes no sense, or a fault.
    pub async fn stopped(
        services: &Services,
        at: (&Caller, CartId),
        error: InputError,
    ) -> Result<Self, ApiError> {
        match error {
            InputError::Request(error) => Err(error),
            InputError::Refused(error) => Self::refused(services, at, error).await,
        }
    }

    /// There is no such cart.
    pub fn no_such_cart() -> Self {
        Self::without_cart(CartUserError::no_such_cart())
    }

    /// A refusal where there is no cart to show.
    pub fn without_cart(error: CartUserError) -> Self {
        Self { cart: None, user_errors: vec![error], warnings: Vec::new(), mutation: PhantomData }
    }
}

impl<M: CartMutation> TypeName for CartPayload<M> {
    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed(M::PAYLOAD)
    }
}

/// What came of a mutation of a cart.
#[Object(name_type)]
impl<M: CartMutation> CartPayload<M> {
    /// The cart as it is now, changed or not; null if there is none.
    fn cart(&self) -> Option<Flat<&Cart>> {
        self.cart.as_ref().map(Flat)
    }

    /// Why the change was refused; empty if it was made. A refused mutation changes nothing.
    fn user_errors(&self) -> &[CartUserError] {
        &self.user_errors
    }

    /// What to know although the change was made.
    fn warnings(&self) -> &[CartWarning] {
        &self.warnings
    }
}

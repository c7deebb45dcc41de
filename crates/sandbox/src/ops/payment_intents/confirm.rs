//! `POST /v1/payment_intents/{id}/confirm`

use std::sync::Arc;

use url::Url;

use super::{
    UNMODELLED, allowed,
    attempt::{Attempted, attempt},
    create::three_d_secure,
    emit, shown, unexpected_state,
};
use crate::{
    cards::{Authentication, Decline},
    error::ApiError,
    form::Params,
    model::{
        AcceptedMethods, ConfirmationMethod, FutureUsage, NextAction, PaymentIntent, PaymentMethod, Shipping,
        State, ThreeDSecureWish,
    },
    ops::{Answer, Caller, payment_methods},
    store::Tx,
    wire::{Object, Show},
};

/// Parameters of a creation that mean something only when it confirms as well.
pub(super) const CONFIRM_ONLY: &[&str] = &["error_on_requires_action", "off_session", "return_url"];

/// How somebody wants to pay.
pub(super) struct Confirmation {
    return_url: Option<String>,
    /// The buyer is not there.
    off_session: bool,
    /// Fail rather than ask the buyer to act.
    fail_on_action: bool,
    /// The caller's script shows the challenge itself.
    use_stripe_sdk: bool,
    by: Caller,
}

impl Confirmation {
    /// Reads the parameters that confirming and creating with `confirm=true` share.
    pub(super) fn parse(params: &Params<'_>, by: Caller) -> Result<Self, ApiError> {
        let return_url = params.text("return_url")?;
        if return_url.is_some_and(|url| Url::parse(url).is_err()) {
            return Err(ApiError::invalid("Not a valid URL").code("url_invalid").param("return_url"));
        }
        Ok(Self {
            return_url: return_url.map(str::to_owned),
            // `true`, or the reason: `one_off`, `recurring`.
            off_session: params.text("off_session")?.is_some_and(|value| value != "false"),
            fail_on_action: params.boolean("error_on_requires_action")?.unwrap_or(false),
            use_stripe_sdk: params.boolean("use_stripe_sdk")?.unwrap_or(false),
            by,
        })
    }
}

/// Tries to pay a PaymentIntent.
pub(crate) fn confirm(tx: &mut Tx<'_>, id: &str, params: &Params<'_>, caller: Caller) -> Answer {
    params.without(UNMODELLED)?;
    params.only(&[
        "capture_method",
        "client_secret",
        "error_on_requires_action",
        "expand",
        "off_session",
        "payment_method",
        "payment_method_data",
        "payment_method_options",
        "receipt_email",
        "return_url",
        "setup_future_usage",
        "shipping",
        "use_stripe_sdk",
    ])?;
    let old = allowed(tx, id, params, caller)?;
    check_state(tx, &old, caller)?;
    let mut intent = PaymentIntent::clone(&old);
    params.assign("receipt_email", &mut intent.receipt_email)?;
    Shipping::assign(params, &mut intent.shipping)?;
    if let Some(usage) = params.choice::<FutureUsage>("setup_future_usage")? {
        intent.setup_future_usage = Some(usage);
    }
    if let Some(capture) = params.choice("capture_method")? {
        intent.capture_method = capture;
    }
    if let Some(wish) = three_d_secure(params)? {
        intent.three_d_secure = wish;
    }
    let confirmation = Confirmation::parse(params, caller)?;
    let method = payment_methods::chosen(tx, params)?;
    confirm_with(tx, intent, method, &confirmation)
}

/// Pays from the sandbox's own page, as a browser would.
pub(crate) fn pay(
    tx: &mut Tx<'_>,
    intent: &PaymentIntent,
    method: Arc<PaymentMethod>,
    return_url: Option<&str>,
) -> Answer {
    check_state(tx, intent, Caller::Browser)?;
    let confirmation = Confirmation {
        return_url: return_url.map(str::to_owned),
        off_session: false,
        fail_on_action: false,
        use_stripe_sdk: return_url.is_none(),
        by: Caller::Browser,
    };
    confirm_with(tx, intent.clone(), Some(method), &confirmation)
}

/// Goes on with a PaymentIntent whose state allows it: asks the buyer to authenticate, or charges.
pub(super) fn confirm_with(
    tx: &mut Tx<'_>,
    mut intent: PaymentIntent,
    chosen: Option<Arc<PaymentMethod>>,
    confirmation: &Confirmation,
) -> Answer {
    let authenticated =
        chosen.is_none() && intent.state == State::RequiresConfirmation { authenticated: true };
    let method = match chosen {
        Some(method) => method,
        None => intent.payment_method.as_deref().and_then(|id| tx.find::<PaymentMethod>(id)).ok_or_else(|| {
            unexpected_state(
                tx,
                &intent,
                "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update \
                 the PaymentIntent with a payment method and then confirm it again, or confirm it again directly \
                 with a payment method or ConfirmationToken.",
            )
        })?,
    };
    check_owner(&intent, &method)?;
    check_return_url(&intent, confirmation)?;
    intent.payment_method = Some(method.id.clone());
    let attempted = match challenge(&intent, &method, confirmation, authenticated) {
        Challenge::None => attempt(tx, intent, &method, authenticated, None),
        Challenge::Fails(decline) => attempt(tx, intent, &method, false, Some(decline)),
        Challenge::Ask => return Ok(Object::PaymentIntent(ask(tx, intent, confirmation))),
    };
    match attempted {
        Attempted::Went(intent) => Ok(Object::PaymentIntent(intent)),
        Attempted::Failed(intent, error) => Err(ApiError::payment_failed(&error)
            .payment_intent(shown(tx, &intent))
            .payment_method(tx.find::<PaymentMethod>(&method.id).map(|method| method.show(tx)))
            .keeping_writes()),
    }
}

fn check_state(tx: &Tx<'_>, intent: &PaymentIntent, caller: Caller) -> Result<(), ApiError> {
    if caller == Caller::Browser && intent.confirmation_method == ConfirmationMethod::Manual {
        return Err(ApiError::wrong_state(
            "payment_intent_unexpected_state",
            "This PaymentIntent cannot be confirmed using your publishable key because its `confirmation_method` is \
             set to `manual`. Please use your secret key instead, or create a PaymentIntent with \
             `confirmation_method` set to `automatic`.",
        ));
    }
    match &intent.state {
        State::RequiresPaymentMethod | State::RequiresConfirmation { .. } | State::RequiresAction(_) => {
            Ok(())
        }
        State::Succeeded { .. } => Err(unexpected_state(
            tx,
            intent,
            "You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.",
        )),
        State::Processing | State::RequiresCapture { .. } | State::Canceled { .. } => {
            let message = format!(
                "You cannot confirm this PaymentIntent because it has a status of {}. Only a PaymentIntent with one of \
                 the following statuses may be confirmed: requires_confirmation, requires_action, \
                 requires_payment_method.",
                intent.state.name()
            );
            Err(unexpected_state(tx, intent, message))
        }
    }
}

fn check_owner(intent: &PaymentIntent, method: &PaymentMethod) -> Result<(), ApiError> {
    if method.used_up {
        return Err(payment_methods::used_up());
    }
    match (&method.customer, &intent.customer) {
        (Some(owner), payer) if payer.as_ref() != Some(owner) => {
            Err(payment_methods::not_of_customer(&method.id).param("payment_method"))
        }
        _ => Ok(()),
    }
}

/// A server that confirms a PaymentIntent which may redirect must say where to come back to.
fn check_return_url(intent: &PaymentIntent, confirmation: &Confirmation) -> Result<(), ApiError> {
    let may_redirect = intent.methods == AcceptedMethods::Automatic { redirects: true };
    let needs = may_redirect
        && confirmation.by == Caller::Server
        && !confirmation.use_stripe_sdk
        && !confirmation.off_session
        && !confirmation.fail_on_action;
    if needs && confirmation.return_url.is_none() {
        return Err(ApiError::invalid(
            "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of \
             these payment methods might redirect your customer off of your page, you must provide a `return_url`. \
             If you don't want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to \
             `true` and `automatic_payment_methods[allow_redirects]` to `never` when creating Payment Intents.",
        )
        .param("return_url"));
    }
    Ok(())
}

/// What 3-D Secure means for a confirmation.
enum Challenge {
    /// The payment goes on.
    None,
    /// The buyer is asked.
    Ask,
    /// The payment fails because the buyer cannot be asked.
    Fails(Decline),
}

fn challenge(
    intent: &PaymentIntent,
    method: &PaymentMethod,
    confirmation: &Confirmation,
    authenticated: bool,
) -> Challenge {
    let Some(card) = method.card.test_card() else { return Challenge::None };
    let off_session = confirmation.off_session;
    let asks = match card.behaviour.authentication {
        Authentication::Unsupported | Authentication::Unenrolled => false,
        Authentication::Optional => intent.three_d_secure != ThreeDSecureWish::Automatic && !off_session,
        Authentication::UnlessSetUp => !(off_session && method.set_up),
        Authentication::AlreadySetUp => !off_session,
        Authentication::Required => true,
        Authentication::Broken(decline) => return Challenge::Fails(decline),
    };
    match asks && !authenticated {
        false => Challenge::None,
        true if off_session || confirmation.fail_on_action => {
            Challenge::Fails(Decline::AuthenticationRequired)
        }
        true => Challenge::Ask,
    }
}

fn ask(tx: &mut Tx<'_>, intent: PaymentIntent, confirmation: &Confirmation) -> Arc<PaymentIntent> {
    let action = match &confirmation.return_url {
        Some(return_url) if !confirmation.use_stripe_sdk => {
            NextAction::RedirectToUrl { return_url: return_url.clone() }
        }
        _ => NextAction::UseStripeSdk,
    };
    let intent =
        tx.put(PaymentIntent { last_payment_error: None, state: State::RequiresAction(action), ..intent });
    emit(tx, "payment_intent.requires_action", &intent);
    intent
}

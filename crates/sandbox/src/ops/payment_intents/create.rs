//! `POST /v1/payment_intents`

use super::{
    UNMODELLED,
    confirm::{CONFIRM_ONLY, Confirmation, confirm_with},
    emit,
};
use crate::{
    error::ApiError,
    form::Params,
    ids,
    model::{
        AcceptedMethods, CaptureMethod, ConfirmationMethod, FutureUsage, Metadata, PaymentIntent, Shipping,
        State, ThreeDSecureWish,
    },
    money::Currency,
    ops::{Answer, Caller, customers, payment_methods},
    store::Tx,
    wire::Object,
};

/// Creates a PaymentIntent, and with `confirm=true` tries to pay it at once.
pub(crate) fn create(tx: &mut Tx<'_>, params: &Params<'_>) -> Answer {
    params.without(UNMODELLED)?;
    params.only(&[
        "amount",
        "automatic_payment_methods",
        "capture_method",
        "confirm",
        "confirmation_method",
        "currency",
        "customer",
        "description",
        "error_on_requires_action",
        "expand",
        "metadata",
        "off_session",
        "payment_method",
        "payment_method_data",
        "payment_method_options",
        "payment_method_types",
        "receipt_email",
        "return_url",
        "setup_future_usage",
        "shipping",
        "statement_descriptor",
        "statement_descriptor_suffix",
        "use_stripe_sdk",
    ])?;
    let confirm = params.boolean("confirm")?.unwrap_or(false);
    if !confirm && let Some(name) = CONFIRM_ONLY.iter().find(|name| params.has(name)) {
        return Err(ApiError::invalid(format!("The parameter '{name}' can only be used with confirm=true."))
            .param(*name));
    }
    let intent = read(tx, params)?;
    let method = payment_methods::chosen(tx, params)?;
    let state = match &method {
        Some(_) => State::RequiresConfirmation { authenticated: false },
        None => State::RequiresPaymentMethod,
    };
    let intent = PaymentIntent { payment_method: method.map(|method| method.id.clone()), state, ..intent };
    let intent = tx.put(intent);
    emit(tx, "payment_intent.created", &intent);
    if !confirm {
        return Ok(Object::PaymentIntent(intent));
    }
    let confirmation = Confirmation::parse(params, Caller::Server)?;
    confirm_with(tx, PaymentIntent::clone(&intent), None, &confirmation)
}

fn read(tx: &Tx<'_>, params: &Params<'_>) -> Result<PaymentIntent, ApiError> {
    let currency = currency(params.required("currency")?)?;
    let amount = params.integer("amount")?.ok_or_else(|| ApiError::missing_parameter("amount".to_owned()))?;
    currency.check_charge(amount)?;
    let customer = params.text("customer")?.map(|id| customers::living(tx, id, "customer")).transpose()?;
    let id = ids::fresh("pi_");
    let mut intent = PaymentIntent {
        client_secret: ids::client_secret(&id),
        id,
        created: tx.now,
        amount,
        currency,
        capture_method: params.choice("capture_method")?.unwrap_or(CaptureMethod::AutomaticAsync),
        confirmation_method: params.choice("confirmation_method")?.unwrap_or(ConfirmationMethod::Automatic),
        methods: accepted_methods(params)?,
        customer: customer.map(|customer| customer.id.clone()),
        description: None,
        metadata: Metadata::default(),
        receipt_email: None,
        setup_future_usage: params.choice::<FutureUsage>("setup_future_usage")?,
        shipping: None,
        statement_descriptor: None,
        statement_descriptor_suffix: None,
        three_d_secure: three_d_secure(params)?.unwrap_or(ThreeDSecureWish::Automatic),
        payment_method: None,
        latest_charge: None,
        last_payment_error: None,
        state: State::RequiresPaymentMethod,
    };
    describe(&mut intent, params)?;
    Ok(intent)
}

/// What may be written on a PaymentIntent at any time.
pub(super) fn describe(intent: &mut PaymentIntent, params: &Params<'_>) -> Result<(), ApiError> {
    params.assign("description", &mut intent.description)?;
    params.assign("receipt_email", &mut intent.receipt_email)?;
    intent.metadata.apply(params)?;
    Shipping::assign(params, &mut intent.shipping)?;
    params.assign("statement_descriptor", &mut intent.statement_descriptor)?;
    params.assign("statement_descriptor_suffix", &mut intent.statement_descriptor_suffix)?;
    for (name, text) in [
        ("statement_descriptor", &intent.statement_descriptor),
        ("statement_descriptor_suffix", &intent.statement_descriptor_suffix),
    ] {
        let text = text.as_deref().unwrap_or_default();
        if text.chars().count() > 22 || text.contains(['<', '>', '\\', '\'', '"', '*']) {
            return Err(ApiError::invalid(format!(
                "The {name} must have at most 22 characters and none of < > \\ ' \" *."
            ))
            .param(name));
        }
    }
    Ok(())
}

/// The currency of a code.
pub(super) fn currency(code: &str) -> Result<Currency, ApiError> {
    Currency::parse(code).ok_or_else(|| {
        ApiError::invalid(format!(
            "Invalid currency: {code}. See https://stripe.com/docs/currencies for those that Stripe supports."
        ))
        .param("currency")
    })
}

/// `payment_method_options[card][request_three_d_secure]`, the one option that changes what the sandbox does.
pub(super) fn three_d_secure(params: &Params<'_>) -> Result<Option<ThreeDSecureWish>, ApiError> {
    let Some(options) = params.group("payment_method_options")? else { return Ok(None) };
    options.only(&["card"])?;
    let Some(card) = options.group("card")? else { return Ok(None) };
    card.only(&["request_three_d_secure"])?;
    card.choice("request_three_d_secure")
}

/// Neither parameter means the methods switched on in the account, as it does since API version 2023-08-16.
fn accepted_methods(params: &Params<'_>) -> Result<AcceptedMethods, ApiError> {
    let automatic = match params.group("automatic_payment_methods")? {
        None => None,
        Some(group) => {
            group.only(&["allow_redirects", "enabled"])?;
            let enabled = group
                .boolean("enabled")?
                .ok_or_else(|| ApiError::missing_parameter(group.full("enabled")))?;
            let redirects = match group.text("allow_redirects")? {
                None | Some("always") => true,
                Some("never") => false,
                Some(_) => {
                    let param = group.full("allow_redirects");
                    return Err(ApiError::invalid(format!(
                        "Invalid {param}: must be one of always or never"
                    ))
                    .param(param));
                }
            };
            enabled.then_some(AcceptedMethods::Automatic { redirects })
        }
    };
    let Some(types) = params.list("payment_method_types")? else {
        return Ok(automatic.unwrap_or(if params.has("automatic_payment_methods") {
            AcceptedMethods::Listed(vec!["card".to_owned()])
        } else {
            AcceptedMethods::Automatic { redirects: true }
        }));
    };
    if automatic.is_some() {
        params.not_both("automatic_payment_methods", "payment_method_types")?;
    }
    if !types.contains(&"card") || types.iter().any(|kind| !matches!(*kind, "card" | "link")) {
        return Err(ApiError::invalid(
            "The sandbox knows the payment method type 'card' (and takes 'link' beside it).",
        )
        .code("payment_intent_invalid_parameter")
        .param("payment_method_types"));
    }
    Ok(AcceptedMethods::Listed(types.into_iter().map(str::to_owned).collect()))
}

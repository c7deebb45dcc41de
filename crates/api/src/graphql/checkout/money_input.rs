//! Amounts on their way in.

use crate::graphql::{codes::CurrencyCode, scalars::Decimal};
use async_graphql::{
    InputObject, InputType, InputValueError, InputValueResult, OutputType, Value, registry::Registry,
};
use std::borrow::Cow;
use stoa_domain::shared::{Currency, InvalidMoney, Money};

/// An amount of money.
#[derive(Clone, Debug, InputObject)]
pub struct MoneyInput {
    /// The amount, with at most as many decimals as the currency has.
    pub amount: ExactDecimal,
    /// The currency.
    pub currency_code: CurrencyCode,
}

impl MoneyInput {
    /// The amount in minor units.
    ///
    /// # Errors
    /// The currency has no minor unit, or the amount is none of it.
    pub fn money(&self) -> Result<Money, InvalidMoney> {
        Money::parse(&self.amount.0, Currency::parse(self.currency_code.as_str())?)
    }
}

/// A `Decimal` on its way in, digit by digit: no float comes near money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExactDecimal(String);

impl ExactDecimal {
    /// A whole number.
    pub fn whole(number: u32) -> Self {
        Self(number.to_string())
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl InputType for ExactDecimal {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        <Decimal as OutputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        // The scalar is one in both directions.
        <Decimal as OutputType>::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        match value.unwrap_or_default() {
            Value::String(text) => Ok(Self(text)),
            // As it was written: 12.5 is "12.5".
            Value::Number(number) => Ok(Self(number.to_string())),
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(amount: &str, currency_code: CurrencyCode) -> Result<i64, InvalidMoney> {
        MoneyInput { amount: ExactDecimal(amount.into()), currency_code }.money().map(|money| money.minor)
    }

    #[test]
    fn an_amount_is_read_in_its_currency() {
        assert_eq!(money("12.5", CurrencyCode::EUR), Ok(1250));
        assert_eq!(money("12.50", CurrencyCode::EUR), Ok(1250));
        assert_eq!(money("12", CurrencyCode::JPY), Ok(12));
        assert_eq!(money("12.0", CurrencyCode::JPY), Ok(12));
    }

    #[test]
    fn what_is_no_amount_of_the_currency_is_refused() {
        assert_eq!(money("12.505", CurrencyCode::EUR), Err(InvalidMoney::TooPrecise));
        assert_eq!(money("twelve", CurrencyCode::EUR), Err(InvalidMoney::NotANumber));
        assert_eq!(money("1e3", CurrencyCode::EUR), Err(InvalidMoney::NotANumber));
        assert_eq!(money("99999999999999999999", CurrencyCode::EUR), Err(InvalidMoney::OutOfRange));
        assert_eq!(money("1", CurrencyCode::XXX), Err(InvalidMoney::UnknownCurrency));
    }

    #[test]
    fn text_and_numbers_are_decimals() {
        let parse = |value: Value| ExactDecimal::parse(Some(value)).ok();
        assert_eq!(parse(Value::from("0.10")), Some(ExactDecimal("0.10".into())));
        assert_eq!(parse(Value::from(12.5)), Some(ExactDecimal("12.5".into())));
        assert_eq!(parse(Value::from(true)), None);
    }
}

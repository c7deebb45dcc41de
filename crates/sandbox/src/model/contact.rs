//! Names and addresses, as they come with cards, customers and shipments.

use serde::{Deserialize, Serialize};

use crate::{error::ApiError, form::Params};

/// A postal address; every line may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Address {
    /// Town.
    pub(crate) city: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub(crate) country: Option<String>,
    /// First line.
    pub(crate) line1: Option<String>,
    /// Second line.
    pub(crate) line2: Option<String>,
    /// Postal code.
    pub(crate) postal_code: Option<String>,
    /// State, county, province or region.
    pub(crate) state: Option<String>,
}

impl Address {
    /// Writes the parameter `address` of a customer to `field` when it was sent; empty unsets it.
    pub(crate) fn assign(params: &Params<'_>, field: &mut Option<Address>) -> Result<(), ApiError> {
        if params.has("address") {
            *field = params.group("address")?.map(|group| Address::parse(&group)).transpose()?;
        }
        Ok(())
    }

    fn parse(params: &Params<'_>) -> Result<Self, ApiError> {
        params.only(&["city", "country", "line1", "line2", "postal_code", "state"])?;
        let mut address = Self::default();
        params.assign("city", &mut address.city)?;
        params.assign("country", &mut address.country)?;
        params.assign("line1", &mut address.line1)?;
        params.assign("line2", &mut address.line2)?;
        params.assign("postal_code", &mut address.postal_code)?;
        params.assign("state", &mut address.state)?;
        Ok(address)
    }
}

/// Who pays, as typed beside the card.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BillingDetails {
    /// Where.
    pub(crate) address: Address,
    /// Mail address.
    pub(crate) email: Option<String>,
    /// Full name.
    pub(crate) name: Option<String>,
    /// Phone number.
    pub(crate) phone: Option<String>,
}

impl BillingDetails {
    /// Reads the parameter `billing_details`.
    pub(crate) fn parse(params: &Params<'_>) -> Result<Self, ApiError> {
        let mut details = Self::default();
        let Some(group) = params.group("billing_details")? else { return Ok(details) };
        group.only(&["address", "email", "name", "phone"])?;
        if let Some(address) = group.group("address")? {
            details.address = Address::parse(&address)?;
        }
        group.assign("email", &mut details.email)?;
        group.assign("name", &mut details.name)?;
        group.assign("phone", &mut details.phone)?;
        Ok(details)
    }
}

/// Where the goods go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Shipping {
    /// Where.
    pub(crate) address: Address,
    /// Who brings them.
    pub(crate) carrier: Option<String>,
    /// To whom.
    pub(crate) name: Option<String>,
    /// Phone number.
    pub(crate) phone: Option<String>,
    /// The carrier's number.
    pub(crate) tracking_number: Option<String>,
}

impl Shipping {
    /// Writes the parameter `shipping` to `field` when it was sent; empty unsets it.
    pub(crate) fn assign(params: &Params<'_>, field: &mut Option<Self>) -> Result<(), ApiError> {
        if !params.has("shipping") {
            return Ok(());
        }
        let Some(group) = params.group("shipping")? else {
            *field = None;
            return Ok(());
        };
        group.only(&["address", "carrier", "name", "phone", "tracking_number"])?;
        let address =
            group.group("address")?.ok_or_else(|| ApiError::missing_parameter(group.full("address")))?;
        let mut shipping = Self {
            address: Address::parse(&address)?,
            carrier: None,
            name: Some(group.required("name")?.to_owned()),
            phone: None,
            tracking_number: None,
        };
        group.assign("carrier", &mut shipping.carrier)?;
        group.assign("phone", &mut shipping.phone)?;
        group.assign("tracking_number", &mut shipping.tracking_number)?;
        *field = Some(shipping);
        Ok(())
    }
}

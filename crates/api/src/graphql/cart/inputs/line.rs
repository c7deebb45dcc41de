//! Lines to add, to change, to remove.

use super::{InputError, bounded};
use crate::graphql::{
    cart::{AttributeInput, CartErrorCode, CartUserError, InputPath, attribute, refusals},
    scalars::gid,
};
use async_graphql::{ID, InputObject};
use stoa_domain::{
    cart::{AddLine, LineUpdate, cart_limits as limits},
    shared::{CartLineId, VariantId},
};

/// Something to put into a cart.
#[derive(Clone, Debug, InputObject)]
pub struct CartLineInput {
    /// What is to be done to it. The same merchandise with other attributes is a line of its own.
    pub attributes: Option<Vec<AttributeInput>>,
    /// What: the global id of a product variant.
    pub merchandise_id: ID,
    /// The line it belongs to. Refused here: lines are not nested.
    pub parent: Option<CartLineParentInput>,
    /// Units, 1 to 1,000,000.
    #[graphql(default_with = "Some(1)")]
    pub quantity: Option<i32>,
    /// The selling plan. Refused here: nothing is sold under one.
    pub selling_plan_id: Option<ID>,
}

/// The line that another one belongs to.
#[derive(Clone, Debug, InputObject)]
pub struct CartLineParentInput {
    /// By its id.
    pub line_id: Option<ID>,
    /// By what is bought in it.
    pub merchandise_id: Option<ID>,
}

/// A change of a line; what is left out stays.
#[derive(Clone, Debug, InputObject)]
pub struct CartLineUpdateInput {
    /// All attributes anew.
    pub attributes: Option<Vec<AttributeInput>>,
    /// Which line.
    pub id: ID,
    /// Other merchandise.
    pub merchandise_id: Option<ID>,
    /// Units, 0 to 1,000,000; 0 takes the line out.
    pub quantity: Option<i32>,
    /// The selling plan. Refused here: nothing is sold under one.
    pub selling_plan_id: Option<ID>,
}

/// Reads lines to add. `at` is where the list stands.
///
/// # Errors
/// The first entry that cannot be.
pub fn added_lines(inputs: Vec<CartLineInput>, at: &InputPath) -> Result<Vec<AddLine>, InputError> {
    if inputs.len() > limits::LINES {
        return Err(refusals::too_many_lines(at.clone()).into());
    }
    bounded("lines", &inputs)?;
    inputs.into_iter().enumerate().map(|(index, input)| added_line(input, &at.entry(index))).collect()
}

fn added_line(input: CartLineInput, at: &InputPath) -> Result<AddLine, InputError> {
    no_selling_plan(input.selling_plan_id.as_ref(), at)?;
    if input.parent.is_some() {
        let message = "Lines are not nested here.";
        let code = CartErrorCode::ParentLineInvalidReference;
        return Err(CartUserError::new(code, at.field("parent"), message).into());
    }
    let variant = merchandise(&input.merchandise_id, at)?;
    let quantity = quantity(input.quantity.unwrap_or(1), 1, at)?;
    let attributes = attribute::into_domain(input.attributes.unwrap_or_default());
    Ok(AddLine { variant, quantity, attributes })
}

/// Reads changes of lines. `at` is where the list stands.
///
/// # Errors
/// The first entry that cannot be.
pub fn line_updates(inputs: Vec<CartLineUpdateInput>, at: &InputPath) -> Result<Vec<LineUpdate>, InputError> {
    bounded("lines", &inputs)?;
    inputs.into_iter().enumerate().map(|(index, input)| line_update(input, &at.entry(index))).collect()
}

fn line_update(input: CartLineUpdateInput, at: &InputPath) -> Result<LineUpdate, InputError> {
    no_selling_plan(input.selling_plan_id.as_ref(), at)?;
    let id = gid::decode::<CartLineId>(&input.id)?.ok_or_else(|| refusals::unknown_line(at.field("id")))?;
    let variant = input.merchandise_id.map(|id| merchandise(&id, at)).transpose()?;
    let quantity = input.quantity.map(|units| quantity(units, 0, at)).transpose()?;
    Ok(LineUpdate { id, variant, quantity, attributes: input.attributes.map(attribute::into_domain) })
}

/// Reads the ids of lines to remove. `at` is where the list stands.
///
/// # Errors
/// The first one that cannot be.
pub fn removed_lines(ids: &[ID], at: &InputPath) -> Result<Vec<CartLineId>, InputError> {
    bounded("lineIds", ids)?;
    let line = |(index, id): (usize, &ID)| {
        gid::decode(id)?.ok_or_else(|| refusals::unknown_line(at.entry(index)).into())
    };
    ids.iter().enumerate().map(line).collect()
}

fn merchandise(id: &ID, at: &InputPath) -> Result<VariantId, InputError> {
    gid::decode(id)?.ok_or_else(|| refusals::not_for_sale(at.field("merchandiseId")).into())
}

fn quantity(units: i32, min: u32, at: &InputPath) -> Result<u32, InputError> {
    u32::try_from(units).map_err(|_| refusals::quantity_too_low(at.field("quantity"), min).into())
}

fn no_selling_plan(id: Option<&ID>, at: &InputPath) -> Result<(), InputError> {
    if id.is_none() {
        return Ok(());
    }
    let message = "Nothing is sold under a selling plan here.";
    Err(CartUserError::new(CartErrorCode::SellingPlanNotApplicable, at.field("sellingPlanId"), message)
        .into())
}

//! "Thank you for your order."

use super::{OrderLetter, send, write_order};
use crate::Context;
use stoa_domain::shared::{Fault, OrderId};
use stoa_persistence::order;

/// Writes to the buyer. May run twice: the mail carries the same id then.
pub(crate) async fn confirm_order(ctx: &Context, id: OrderId) -> Result<(), Fault> {
    let order =
        order::find(ctx.db().read(), id).await?.ok_or(Fault::bug("mail.confirm_order: no such order"))?;
    if order.email.is_erased() {
        return Ok(());
    }
    send(ctx, &write_order(&ctx.settings, &order, &OrderLetter::Confirmed)?).await
}

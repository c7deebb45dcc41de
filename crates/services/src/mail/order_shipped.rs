//! "Your order is on its way."

use super::{OrderLetter, send, write_order};
use crate::Context;
use std::{fmt, str::FromStr};
use stoa_domain::{
    mail::Mail,
    shared::{Fault, FulfillmentId, Timestamp},
};
use stoa_persistence::{fulfillment, order};
use uuid::Uuid;

/// Which parcel to write of, as a job's payload has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ParcelNews {
    /// Which.
    pub(crate) parcel: FulfillmentId,
    /// When its tracking was changed; `None`: it has just been sent. So that each change is a mail of its own.
    pub(crate) changed_at: Option<Timestamp>,
}

impl fmt::Display for ParcelNews {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.changed_at {
            None => write!(f, "{}", self.parcel),
            Some(at) => write!(f, "{} {}", self.parcel, at.timestamp_micros()),
        }
    }
}

/// A payload that no version up to this one writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no news of a parcel")]
pub(crate) struct NoParcelNews;

impl FromStr for ParcelNews {
    type Err = NoParcelNews;

    fn from_str(payload: &str) -> Result<Self, NoParcelNews> {
        let (id, at) = payload.split_once(' ').map_or((payload, None), |(id, at)| (id, Some(at)));
        let moment = |text: &str| text.parse().ok().and_then(Timestamp::from_timestamp_micros);
        Ok(Self {
            parcel: FulfillmentId::new(id.parse::<Uuid>().map_err(|_| NoParcelNews)?),
            changed_at: at.map(|at| moment(at).ok_or(NoParcelNews)).transpose()?,
        })
    }
}

/// Writes to the buyer what was sent, and where it is by now. May run twice: the mail carries the same id then.
pub(crate) async fn tell_of_parcel(ctx: &Context, news: ParcelNews) -> Result<(), Fault> {
    let read = ctx.db().read();
    let no_such = Fault::bug("mail.order_shipped: no such parcel");
    let Some(parcel) = fulfillment::find(read, news.parcel).await? else { return Err(no_such) };
    let Some(order) = order::find(read, parcel.order).await? else { return Err(no_such) };
    if order.email.is_erased() {
        return Ok(());
    }
    let rest = fulfillment::standings(read, order.id).await?.iter().any(|line| line.left() > 0);
    let mail = write_order(&ctx.settings, &order, &OrderLetter::Shipped { parcel: &parcel, rest })?;
    let mail = match news.changed_at {
        None => mail,
        Some(at) => Mail { id: format!("{}-{}", mail.id, at.timestamp_micros()), ..mail },
    };
    send(ctx, &mail).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payloads_are_read_back() {
        let parcel = FulfillmentId::new(Uuid::from_u128(7));
        let at = Timestamp::from_timestamp_micros(1_795_000_000_000_001).unwrap();
        for changed_at in [None, Some(at)] {
            let news = ParcelNews { parcel, changed_at };
            assert_eq!(news.to_string().parse(), Ok(news));
        }
        for bad in ["", "x", "00000000-0000-0000-0000-000000000007 soon"] {
            assert_eq!(bad.parse::<ParcelNews>(), Err(NoParcelNews), "{bad}");
        }
    }
}

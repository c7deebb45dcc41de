//! The half of a session that sends: what is queued, and pings.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use axum::extract::ws::{Message, WebSocket};
use bytes::Bytes;
use futures_util::{SinkExt, stream::SplitSink};
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

use super::{close::Close, operations::Operations, reply::Outgoing};
use crate::live::{Inbox, LiveLimits};

pub(super) type Socket = SplitSink<WebSocket, Message>;

/// Sends until the socket is to be closed. `heard` is set by whoever hears from the client.
pub(super) async fn write(
    socket: &mut Socket,
    queue: &mut Inbox<Outgoing>,
    operations: &Operations,
    heard: &AtomicBool,
    limits: &LiveLimits,
) -> Close {
    let period = limits.keep_alive.max(Duration::from_millis(1));
    let mut pings = interval_at(Instant::now() + period, period);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut pinged = false;
    loop {
        tokio::select! {
            queued = queue.recv() => {
                let Some(queued) = queued else { return Close::GONE };
                let mut next = Some(queued);
                while let Some(queued) = next {
                    if may_send(operations, &queued.item) {
                        let sent = in_time(limits, socket.feed(queued.item.into_message())).await;
                        if let Err(close) = sent {
                            return close;
                        }
                    }
                    next = queue.try_recv().ok();
                }
            }
            _ = pings.tick() => {
                if !heard.swap(false, Ordering::Relaxed) && pinged {
                    return Close::SILENT;
                }
                pinged = true;
                if let Err(close) = in_time(limits, socket.feed(Message::Ping(Bytes::new()))).await {
                    return close;
                }
            }
        }
        if let Err(close) = in_time(limits, socket.flush()).await {
            return close;
        }
    }
}

fn may_send(operations: &Operations, outgoing: &Outgoing) -> bool {
    outgoing.of.as_ref().is_none_or(|(ticket, last)| operations.may_send(ticket, *last))
}

async fn in_time(
    limits: &LiveLimits,
    sending: impl Future<Output = Result<(), axum::Error>>,
) -> Result<(), Close> {
    match timeout(limits.write_timeout, sending).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(Close::GONE),
        Err(_) => Err(Close::TOO_SLOW),
    }
}

//! Hearing the others.

use super::Pace;
use crate::{
    carrier::{Carrier, Line, LineError},
    hub::Hub,
    wire::Message,
};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::watch,
    time::{sleep, timeout},
};

/// A line that does not come about by then is not waited for any longer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Puts what others tell into the hub.
pub(super) struct Hearing {
    pub(super) carrier: Arc<dyn Carrier>,
    pub(super) hub: Hub,
    /// What our own messages say they are from.
    pub(super) from: u64,
    pub(super) listening: watch::Sender<bool>,
    pub(super) pace: Pace,
}

impl Hearing {
    /// Listens for ever, on one line after the other.
    pub(super) async fn run(self) {
        let bus = self.carrier.name();
        let mut failures = 0;
        loop {
            match self.connect().await {
                Ok(line) => {
                    if failures > 0 {
                        tracing::info!(bus, "live events are heard again");
                    }
                    // Nobody knows what was told while we were deaf.
                    self.hub.re_read_all();
                    self.listening.send_replace(true);
                    let error = self.hear(line, &mut failures).await;
                    self.listening.send_replace(false);
                    tracing::warn!(bus, %error, "live events are not heard any more; connecting anew");
                }
                Err(error) if failures == 0 => {
                    tracing::warn!(bus, %error, "live events cannot be heard; trying on");
                }
                Err(_) => {}
            }
            failures += 1;
            sleep(self.pace.wait(failures)).await;
        }
    }

    async fn connect(&self) -> Result<Box<dyn Line>, LineError> {
        timeout(PATIENCE, self.carrier.listen()).await?
    }

    /// Listens until the line is cut, and says why.
    async fn hear(&self, mut line: Box<dyn Line>, failures: &mut u32) -> LineError {
        loop {
            let text = match timeout(self.pace.silence, line.next()).await {
                Ok(Ok(text)) => text,
                Ok(Err(error)) => return error,
                Err(_) => return "nothing was heard for too long".into(),
            };
            // A line that carries something is a good one.
            *failures = 0;
            match serde_json::from_str::<Message>(&text) {
                Ok(message) => self.take_in(&message),
                // Of another version of the program, perhaps: it has changed something, and we do not know what.
                Err(_) => self.hub.re_read_all(),
            }
        }
    }

    fn take_in(&self, message: &Message) {
        if message.from == self.from {
            return;
        }
        if message.everything {
            self.hub.re_read_all();
        }
        for (key, notice) in message.changes() {
            self.hub.deliver(key, notice);
        }
    }
}

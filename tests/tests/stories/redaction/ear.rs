//! Hears all that a process logs.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};
use stoa::{config::Config, telemetry};
use tracing_subscriber::{
    fmt::{self, MakeWriter, format::FmtSpan},
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

/// A log that can be read.
#[derive(Clone, Default)]
pub(super) struct Ear(Arc<Mutex<Vec<u8>>>);

impl Ear {
    /// Listens from now on, behind the filter of the program itself.
    pub(super) fn listen(self, config: &Config) {
        // What a span is called and carries is told where something happens within it. Here it is told of all of them, happen what may:
        // of what it began with, and of what was put into it since.
        let spans = FmtSpan::NEW | FmtSpan::CLOSE;
        let lines = fmt::layer().json().flatten_event(true).with_span_events(spans).with_writer(self);
        let filter = telemetry::filter(config).expect("a level");
        tracing_subscriber::registry().with(filter).with(lines).try_init().expect("nobody listens yet");
    }

    /// All that was said.
    pub(super) fn heard(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().expect("no panic")).into_owned()
    }
}

impl Write for Ear {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no panic").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Ear {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

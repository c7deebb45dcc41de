//! How many connections and subscriptions are open, by what carries them.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

/// What carries a live connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LiveTransport {
    /// A WebSocket, with any number of subscriptions.
    WebSocket,
    /// A stream of server-sent events, with one.
    EventStream,
}

/// What is open on one transport right now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LiveCount {
    /// Connections.
    pub connections: usize,
    /// Subscriptions.
    pub subscriptions: usize,
}

/// One figure, with a place in it that is given back by being dropped.
#[derive(Clone, Debug, Default)]
struct Figure(Arc<AtomicUsize>);

impl Figure {
    fn count(&self) -> Counted {
        self.0.fetch_add(1, Ordering::Relaxed);
        Counted(self.clone())
    }

    fn get(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// Counted as long as it is kept.
#[derive(Debug)]
pub(crate) struct Counted(Figure);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The figures of one transport.
#[derive(Debug, Default)]
struct Figures {
    connections: Figure,
    subscriptions: Figure,
}

/// The figures of all.
#[derive(Debug, Default)]
pub(super) struct Census {
    websocket: Figures,
    event_stream: Figures,
}

impl Census {
    const fn of(&self, transport: LiveTransport) -> &Figures {
        match transport {
            LiveTransport::WebSocket => &self.websocket,
            LiveTransport::EventStream => &self.event_stream,
        }
    }

    pub(super) fn connection(&self, transport: LiveTransport) -> Counted {
        self.of(transport).connections.count()
    }

    pub(super) fn subscription(&self, transport: LiveTransport) -> Counted {
        self.of(transport).subscriptions.count()
    }

    pub(super) fn read(&self, transport: LiveTransport) -> LiveCount {
        let figures = self.of(transport);
        LiveCount { connections: figures.connections.get(), subscriptions: figures.subscriptions.get() }
    }
}

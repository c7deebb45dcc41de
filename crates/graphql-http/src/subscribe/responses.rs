//! The answers of async-graphql to a subscription, told apart.

use std::{
    panic::AssertUnwindSafe,
    pin::Pin,
    task::{Context, Poll, ready},
};

use async_graphql::{Response, Value};
use futures_util::{
    Stream, StreamExt,
    stream::{BoxStream, CatchUnwind},
};

/// What came.
pub(super) enum Event {
    /// An event, executed.
    Happened(Response),
    /// The source of events could not be made, so nothing was executed (GraphQL specification, 6.2.3.1). Nothing follows.
    NoSource(Response),
    /// A resolver panicked. Nothing follows.
    Panicked,
}

/// The stream of them.
///
/// async-graphql answers the failure of a source as it answers an event that failed; the difference is that the end
/// follows at once.
pub(super) struct Responses {
    /// `None` once it has ended: what resolvers hold is dropped with it.
    stream: Option<CatchUnwind<AssertUnwindSafe<BoxStream<'static, Response>>>>,
    /// Whether something came already.
    begun: bool,
    /// What came while looking whether the end follows.
    ahead: Option<Event>,
}

impl Responses {
    pub(super) fn new(stream: BoxStream<'static, Response>) -> Self {
        Self { stream: Some(AssertUnwindSafe(stream).catch_unwind()), begun: false, ahead: None }
    }

    fn poll_stream(&mut self, cx: &mut Context<'_>) -> Poll<Option<Event>> {
        let Some(stream) = &mut self.stream else { return Poll::Ready(None) };
        let event = match ready!(stream.poll_next_unpin(cx)) {
            Some(Ok(response)) => return Poll::Ready(Some(Event::Happened(response))),
            Some(Err(_)) => Some(Event::Panicked),
            None => None,
        };
        self.stream = None;
        Poll::Ready(event)
    }
}

impl Stream for Responses {
    type Item = Event;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Event>> {
        if let Some(event) = self.ahead.take() {
            return Poll::Ready(Some(event));
        }
        let event = ready!(self.poll_stream(cx));
        let first = !std::mem::replace(&mut self.begun, true);
        Poll::Ready(match event {
            Some(Event::Happened(response)) if first && failed(&response) => match self.poll_stream(cx) {
                Poll::Ready(None) => Some(Event::NoSource(response)),
                Poll::Ready(ahead) => {
                    self.ahead = ahead;
                    Some(Event::Happened(response))
                }
                Poll::Pending => Some(Event::Happened(response)),
            },
            event => event,
        })
    }
}

fn failed(response: &Response) -> bool {
    response.data == Value::Null && !response.errors.is_empty()
}

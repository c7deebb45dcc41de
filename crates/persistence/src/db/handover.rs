//! Whoever has been asked something gets the core to answer it.
//!
//! A SQLite connection has a thread of its own. On a core that is kept busy the scheduler lets such a thread wait until the one that has
//! asked has used up its slice, some milliseconds, for an answer that takes a tenth of one. So the asking thread steps aside once. On a
//! core where nobody else waits that costs next to nothing, and what has been asked over a network is not here to be waited for.

use std::{future::poll_fn, pin::pin, task::Poll, thread::yield_now};

/// Does some work, and steps aside once when it first has to wait: by then the question is with the other thread.
pub(super) async fn stepping_aside<T>(work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    let mut stepped_aside = false;
    poll_fn(|cx| match work.as_mut().poll(cx) {
        Poll::Pending if !stepped_aside => {
            stepped_aside = true;
            yield_now();
            // Mostly the answer is there by now.
            work.as_mut().poll(cx)
        }
        polled => polled,
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::poll;
    use std::cell::Cell;

    #[tokio::test]
    async fn it_steps_aside_once_and_then_waits_to_be_woken() {
        let polls = Cell::new(0);
        let mut work = Box::pin(stepping_aside(poll_fn(|_| {
            polls.set(polls.get() + 1);
            if polls.get() < 4 { Poll::Pending } else { Poll::Ready(()) }
        })));
        assert!(poll!(&mut work).is_pending());
        assert_eq!(polls.get(), 2);
        assert!(poll!(&mut work).is_pending());
        assert_eq!(polls.get(), 3);
        assert!(poll!(&mut work).is_ready());
    }

    #[tokio::test]
    async fn an_answer_that_is_there_is_given() {
        assert_eq!(stepping_aside(async { 7 }).await, 7);
        let (tell, told) = tokio::sync::oneshot::channel();
        let thread = std::thread::spawn(move || tell.send(8));
        assert_eq!(stepping_aside(told).await, Ok(8));
        assert_eq!(thread.join().unwrap(), Ok(()));
    }
}

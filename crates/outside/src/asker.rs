//! How a question is asked, whatever it is about.

use crate::{
    InvalidService, ServiceConfig,
    cache::{Answers, Asked},
    http::Http,
    rest::Rest,
    wire::Unread,
};
use std::{fmt, sync::Arc, time::Duration};
use stoa_domain::shared::OutsideError;
use tokio::time::Instant;
use tracing::{Instrument, field::Empty};

/// What came of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// The service answered within so long, or failed.
    Asked(Result<(), OutsideError>, Duration),
    /// What it had said before was still good, or its failure was remembered.
    Kept,
    /// It was given a rest.
    Resting,
}

/// Whoever counts what comes of questions.
pub type Observer = Arc<dyn Fn(Heard) + Send + Sync>;

/// Asks one service, whose answers are read into a `T`.
pub(crate) struct Asker<T> {
    name: &'static str,
    http: Http,
    answers: Answers<T>,
    rest: Rest,
    patience: Duration,
    observer: Option<Observer>,
}

impl<T: Send + Sync> Asker<T> {
    pub(crate) fn new(name: &'static str, config: &ServiceConfig) -> Result<Self, InvalidService> {
        Ok(Self {
            name,
            http: Http::new(config)?,
            answers: Answers::new(config.keep_for),
            rest: Rest::default(),
            patience: config.patience,
            observer: None,
        })
    }

    pub(crate) const fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) fn observe(&mut self, observer: Observer) {
        self.observer = Some(observer);
    }

    /// What the service says to a question. Nobody waits longer than twice the patience: once for somebody who asks the same and then goes away, and
    /// once for an answer of their own.
    pub(crate) async fn ask(
        &self,
        question: Vec<u8>,
        read: impl FnOnce(&[u8]) -> Result<T, Unread> + Send,
    ) -> Result<Arc<T>, OutsideError> {
        let key = question.clone();
        let told = self.answers.get_or_ask(&key, self.patience, self.asked(question, read)).await;
        match told {
            Some((answer, kept)) => {
                if kept {
                    self.tell(Heard::Kept);
                }
                answer
            }
            None => Err(OutsideError::Silent),
        }
    }

    async fn asked(
        &self,
        question: Vec<u8>,
        read: impl FnOnce(&[u8]) -> Result<T, Unread> + Send,
    ) -> Asked<T> {
        if !self.rest.may_ask(Instant::now(), self.patience) {
            self.tell(Heard::Resting);
            return Asked::Skipped(OutsideError::Silent);
        }
        let span = tracing::trace_span!(
            target: "stoa::traces",
            "outside",
            otel.name = self.name,
            otel.kind = "client",
            otel.status_code = Empty,
            peer.service = self.name,
        );
        let began = Instant::now();
        let heard = self.hear(question, read).instrument(span.clone()).await;
        let took = began.elapsed();
        match heard {
            Ok((answer, bytes)) => {
                self.tell(Heard::Asked(Ok(()), took));
                Asked::Answered(answer, bytes)
            }
            Err(error) => {
                span.record("otel.status_code", "ERROR");
                self.tell(Heard::Asked(Err(error), took));
                Asked::Failed(error)
            }
        }
    }

    async fn hear(
        &self,
        question: Vec<u8>,
        read: impl FnOnce(&[u8]) -> Result<T, Unread> + Send,
    ) -> Result<(T, usize), OutsideError> {
        let body = match self.http.post(question).await {
            Ok(body) => body,
            Err(error) => {
                if is_down(error) {
                    self.rest.failed(Instant::now());
                } else {
                    self.rest.answered();
                }
                tracing::warn!(service = self.name, %error, "outside.failed");
                return Err(error);
            }
        };
        self.rest.answered();
        match read(&body) {
            Ok(answer) => Ok((answer, body.len())),
            Err(Unread { why, line, column }) => {
                // Where, and not what: an answer may repeat what was asked, and that is about people.
                tracing::warn!(service = self.name, why, line, column, "outside.failed");
                Err(OutsideError::Unreadable(why))
            }
        }
    }

    fn tell(&self, heard: Heard) {
        if let Some(observer) = &self.observer {
            observer(heard);
        }
    }
}

impl<T> fmt::Debug for Asker<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asker").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Whether it is the service that fails, and not this question to it.
const fn is_down(error: OutsideError) -> bool {
    match error {
        OutsideError::Silent => true,
        OutsideError::Refused { status } => status >= 500 || status == 429,
        OutsideError::Unreadable(_) => false,
    }
}

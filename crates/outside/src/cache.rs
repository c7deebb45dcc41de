//! What services have said, for as long as it is good: those who ask the same at once are one who asks.

use quick_cache::{Weighter, sync::Cache};
use sha2::{Digest, Sha256};
use std::{sync::Arc, time::Duration};
use stoa_domain::shared::OutsideError;
use tokio::time::{Instant, timeout};

/// How many answers there are room for, as far as their number goes,
const MOST: usize = 10_000;
/// and what they may take together, in bytes as they came.
const MOST_BYTES: u64 = 16 << 20;
/// What an entry takes beside its answer, about.
const ENTRY: usize = 128;
/// How long a failure is what whoever asks the same is told.
pub(crate) const FAILURE: Duration = Duration::from_secs(10);

/// A question by its SHA-256. Not by anything shorter: what a buyer types is part of questions, and whoever finds two that are filed under one
/// key has the taxes of the one for the other.
type Key = [u8; 32];
type Answer<T> = Result<Arc<T>, OutsideError>;

/// What becomes of a question.
#[derive(Debug)]
pub(crate) enum Asked<T> {
    /// An answer of so many bytes.
    Answered(T, usize),
    /// None.
    Failed(OutsideError),
    /// It was not asked; that is no news of this question, and not kept.
    Skipped(OutsideError),
}

#[derive(Debug)]
struct Kept<T> {
    answer: Answer<T>,
    bytes: usize,
    until: Instant,
}

impl<T> Clone for Kept<T> {
    fn clone(&self) -> Self {
        Self { answer: self.answer.clone(), ..*self }
    }
}

#[derive(Clone, Debug)]
struct Bytes;

impl<T> Weighter<Key, Kept<T>> for Bytes {
    fn weight(&self, _: &Key, kept: &Kept<T>) -> u64 {
        (kept.bytes + ENTRY) as u64
    }
}

/// What a service has said.
#[derive(Debug)]
pub(crate) struct Answers<T> {
    kept: Cache<Key, Kept<T>, Bytes>,
    keep_for: Duration,
}

impl<T> Answers<T> {
    pub(crate) fn new(keep_for: Duration) -> Self {
        Self { kept: Cache::with_weighter(MOST, MOST_BYTES, Bytes), keep_for }
    }

    /// What was said to a question, if that is still good, and otherwise what comes of asking. `None` where somebody else is asking the same and was
    /// not answered within `patience`. Beside it, whether it was kept.
    ///
    /// Whoever asks for all and goes away before the answer is there hands the question on to one of those who wait.
    pub(crate) async fn get_or_ask(
        &self,
        question: &[u8],
        patience: Duration,
        ask: impl Future<Output = Asked<T>>,
    ) -> Option<(Answer<T>, bool)> {
        let key: Key = Sha256::digest(question).into();
        let turn = loop {
            match timeout(patience, self.kept.get_value_or_guard_async(&key)).await.ok()? {
                Ok(kept) if Instant::now() < kept.until => return Some((kept.answer, true)),
                // Only if it still is the old one: somebody else may have asked meanwhile.
                Ok(_) => drop(self.kept.remove_if(&key, |kept| kept.until <= Instant::now())),
                Err(turn) => break turn,
            }
        };
        let (answer, bytes, good_for) = match ask.await {
            Asked::Answered(answer, bytes) => (Ok(Arc::new(answer)), bytes, self.keep_for),
            Asked::Failed(error) => (Err(error), 0, FAILURE),
            Asked::Skipped(error) => return Some((Err(error), false)),
        };
        let kept = Kept { answer: answer.clone(), bytes, until: Instant::now() + good_for };
        // It is refused where somebody has emptied the place meanwhile; then it is not kept.
        drop(turn.insert(kept));
        Some((answer, false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        future::pending,
        sync::atomic::{AtomicU32, Ordering},
    };
    use tokio::time::{advance, sleep};

    const KEEP: Duration = Duration::from_mins(10);
    const PATIENCE: Duration = Duration::from_secs(2);

    struct Service {
        answers: Answers<u32>,
        asked: AtomicU32,
    }

    impl Service {
        fn new() -> Arc<Self> {
            Arc::new(Self { answers: Answers::new(KEEP), asked: AtomicU32::new(0) })
        }

        /// Asks; the answer is the number of the question, and comes after a second.
        async fn ask(&self, question: &str, fails: bool) -> Option<Result<u32, OutsideError>> {
            let ask = async {
                sleep(Duration::from_secs(1)).await;
                let number = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
                if fails { Asked::Failed(OutsideError::Silent) } else { Asked::Answered(number, 100) }
            };
            let (answer, _) = self.answers.get_or_ask(question.as_bytes(), PATIENCE, ask).await?;
            Some(answer.map(|number| *number))
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_is_good_for_its_question_until_its_end() {
        let service = Service::new();
        assert_eq!(service.ask("a", false).await, Some(Ok(1)));
        advance(KEEP - Duration::from_millis(1)).await;
        assert_eq!(service.ask("a", false).await, Some(Ok(1)));
        assert_eq!(service.ask("b", false).await, Some(Ok(2)));
        advance(Duration::from_millis(1)).await;
        assert_eq!(service.ask("a", false).await, Some(Ok(3)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_is_remembered_for_ten_seconds() {
        let service = Service::new();
        let silent = Some(Err(OutsideError::Silent));
        assert_eq!(service.ask("a", true).await, silent);
        advance(FAILURE - Duration::from_millis(1)).await;
        assert_eq!(service.ask("a", false).await, silent);
        assert_eq!(service.asked.load(Ordering::SeqCst), 1);
        advance(Duration::from_millis(1)).await;
        assert_eq!(service.ask("a", false).await, Some(Ok(2)));
    }

    #[tokio::test(start_paused = true)]
    async fn who_asks_the_same_at_once_is_one_who_asks() {
        let service = Service::new();
        let askers: Vec<_> = (0..200)
            .map(|_| {
                let service = Arc::clone(&service);
                tokio::spawn(async move { service.ask("a", false).await })
            })
            .collect();
        for asker in askers {
            assert_eq!(asker.await.unwrap(), Some(Ok(1)));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_goes_away_hands_the_question_on() {
        let service = Service::new();
        let first = tokio::spawn({
            let service = Arc::clone(&service);
            async move { service.ask("a", false).await }
        });
        sleep(Duration::from_millis(500)).await;
        let second = tokio::spawn({
            let service = Arc::clone(&service);
            async move { service.ask("a", false).await }
        });
        sleep(Duration::from_millis(100)).await;
        first.abort();
        assert_eq!(second.await.unwrap(), Some(Ok(1)));
        assert!(first.await.unwrap_err().is_cancelled());
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_for_another_for_ever() {
        let answers = Arc::new(Answers::<u32>::new(KEEP));
        let stuck = tokio::spawn({
            let answers = Arc::clone(&answers);
            async move { answers.get_or_ask(b"a", PATIENCE, pending()).await.is_none() }
        });
        sleep(Duration::from_millis(1)).await;
        let began = Instant::now();
        assert!(answers.get_or_ask(b"a", PATIENCE, async { Asked::Answered(1, 1) }).await.is_none());
        assert_eq!(began.elapsed(), PATIENCE);
        stuck.abort();
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_not_asked_is_not_kept() {
        let answers = Answers::<u32>::new(KEEP);
        let refused =
            answers.get_or_ask(b"a", PATIENCE, async { Asked::Skipped(OutsideError::Silent) }).await;
        assert!(matches!(refused, Some((Err(OutsideError::Silent), false))));
        let asked = answers.get_or_ask(b"a", PATIENCE, async { Asked::Answered(7, 1) }).await;
        assert!(matches!(asked, Some((Ok(seven), false)) if *seven == 7));
    }

    #[tokio::test]
    async fn long_answers_do_not_fill_the_memory() {
        let answers = Answers::<u32>::new(KEEP);
        for question in 0_u32..2_000 {
            let ask = async { Asked::Answered(question, 100_000) };
            assert!(answers.get_or_ask(&question.to_be_bytes(), PATIENCE, ask).await.is_some());
        }
        assert!(answers.kept.weight() <= MOST_BYTES);
        assert!(!answers.kept.is_empty());
    }
}

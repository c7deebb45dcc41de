//! Of many who ask for different things at once, one asks for all.

use std::{
    collections::{HashMap, HashSet},
    future::Future,
    hash::Hash,
    sync::{Mutex, MutexGuard, PoisonError},
};
use tokio::sync::{Semaphore, oneshot};

/// Questions that are under way at once. Whoever comes meanwhile waits for one of them to be over, and then for the next, which is
/// asked for all who wait: what is answered was looked at after it was asked for.
const AT_ONCE: usize = 2;

/// Who waits.
pub(in crate::catalog) struct Together<K, V> {
    waiting: Mutex<Waiting<K, V>>,
    turns: Semaphore,
}

struct Waiting<K, V> {
    asks: Vec<Ask<K, V>>,
    last: u64,
}

struct Ask<K, V> {
    number: u64,
    keys: Vec<K>,
    answer: oneshot::Sender<Vec<V>>,
}

impl<K: Hash + Eq + Copy, V: Clone> Together<K, V> {
    pub(in crate::catalog) fn new() -> Self {
        Self { waiting: Mutex::new(Waiting { asks: Vec::new(), last: 0 }), turns: Semaphore::new(AT_ONCE) }
    }

    /// What `fetch` gives for these keys, which it may be asked for together with others'; `key` says what it is of. Where whoever asks
    /// for all fails or gives up, everybody asks alone.
    pub(in crate::catalog) async fn ask<E, F>(
        &self,
        keys: &[K],
        fetch: impl Fn(Vec<K>) -> F,
        key: impl Fn(&V) -> K,
    ) -> Result<Vec<V>, E>
    where
        F: Future<Output = Result<Vec<V>, E>>,
    {
        let (answer, mut answered) = oneshot::channel();
        let number = self.wait(keys, answer);
        tokio::select! {
            biased;
            found = &mut answered => match found {
                Ok(found) => return Ok(found),
                Err(_) => return fetch(keys.to_vec()).await,
            },
            turn = self.turns.acquire() => {
                if let Some(asks) = self.take(number) {
                    let mut all: HashSet<K> = HashSet::new();
                    all.extend(asks.iter().flat_map(|ask| &ask.keys));
                    match fetch(all.into_iter().collect()).await {
                        Ok(found) => share(asks, &found, key),
                        Err(fault) if asks.len() == 1 => return Err(fault),
                        // It may be the others' keys.
                        Err(_) => drop(asks),
                    }
                    drop(turn);
                }
            }
        }
        match answered.await {
            Ok(found) => Ok(found),
            Err(_) => fetch(keys.to_vec()).await,
        }
    }

    fn wait(&self, keys: &[K], answer: oneshot::Sender<Vec<V>>) -> u64 {
        let mut waiting = self.waiting();
        waiting.last += 1;
        let number = waiting.last;
        waiting.asks.push(Ask { number, keys: keys.to_vec(), answer });
        number
    }

    /// All who wait, if this one is among them; if not, somebody is asking for it already.
    fn take(&self, number: u64) -> Option<Vec<Ask<K, V>>> {
        let mut waiting = self.waiting();
        waiting.asks.iter().any(|ask| ask.number == number).then(|| std::mem::take(&mut waiting.asks))
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting<K, V>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn share<K: Hash + Eq + Copy, V: Clone>(asks: Vec<Ask<K, V>>, found: &[V], key: impl Fn(&V) -> K) {
    let found: HashMap<K, &V> = found.iter().map(|value| (key(value), value)).collect();
    for Ask { keys, answer, .. } in asks {
        // Who has given up meanwhile wants nothing any more.
        let _ = answer.send(keys.iter().filter_map(|key| found.get(key).copied().cloned()).collect());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use tokio::{sync::mpsc, task::JoinHandle};

    type Answer = Result<Vec<(u8, u8)>, &'static str>;
    type LetGo = oneshot::Sender<Result<(), &'static str>>;
    type Asked = mpsc::UnboundedReceiver<(Vec<u8>, LetGo)>;

    /// Answers with the double of each number below 10, once it is let; other numbers are not there.
    struct Slow {
        together: Together<u8, (u8, u8)>,
        asked: mpsc::UnboundedSender<(Vec<u8>, LetGo)>,
    }

    impl Slow {
        async fn fetch(&self, keys: Vec<u8>) -> Answer {
            let (let_go, go) = oneshot::channel();
            self.asked.send((keys.clone(), let_go)).unwrap();
            go.await.unwrap()?;
            Ok(keys.into_iter().filter(|key| *key < 10).map(|key| (key, 2 * key)).collect())
        }

        fn ask(self: &Arc<Self>, keys: &[u8]) -> JoinHandle<Answer> {
            let (slow, keys) = (Arc::clone(self), keys.to_vec());
            tokio::spawn(
                async move { slow.together.ask(&keys, |keys| slow.fetch(keys), |(key, _)| *key).await },
            )
        }
    }

    fn slow() -> (Arc<Slow>, Asked) {
        let (asked, questions) = mpsc::unbounded_channel();
        (Arc::new(Slow { together: Together::new(), asked }), questions)
    }

    #[tokio::test]
    async fn who_waits_is_asked_for_together_and_each_is_answered_what_it_asked() {
        let (slow, mut questions) = slow();
        let (first, second) = (slow.ask(&[1]), slow.ask(&[2, 11]));
        let (one, two) = (questions.recv().await.unwrap(), questions.recv().await.unwrap());
        let (third, fourth) = (slow.ask(&[3, 4]), slow.ask(&[4, 5]));
        while slow.together.waiting().asks.len() < 2 {
            tokio::task::yield_now().await;
        }
        one.1.send(Ok(())).unwrap();
        assert_eq!(first.await.unwrap(), Ok(vec![(1, 2)]));
        let (mut keys, let_go) = questions.recv().await.unwrap();
        keys.sort_unstable();
        assert_eq!(keys, [3, 4, 5], "two ask as one");
        let_go.send(Ok(())).unwrap();
        assert_eq!(third.await.unwrap(), Ok(vec![(3, 6), (4, 8)]));
        assert_eq!(fourth.await.unwrap(), Ok(vec![(4, 8), (5, 10)]));
        two.1.send(Ok(())).unwrap();
        assert_eq!(second.await.unwrap(), Ok(vec![(2, 4)]), "what is not there is not there");
        assert!(questions.try_recv().is_err());
    }

    /// Two who wait, of whom one asks for both once the first of two others is answered, and the second never is.
    async fn two_as_one(slow: &Arc<Slow>, questions: &mut Asked) -> ([JoinHandle<Answer>; 2], LetGo) {
        let _first = (slow.ask(&[1]), slow.ask(&[2]));
        let (one, other) = (questions.recv().await.unwrap(), questions.recv().await.unwrap());
        let both = [slow.ask(&[3]), slow.ask(&[4])];
        while slow.together.waiting().asks.len() < 2 {
            tokio::task::yield_now().await;
        }
        one.1.send(Ok(())).unwrap();
        (both, other.1)
    }

    #[tokio::test]
    async fn where_asking_for_all_fails_each_asks_alone() {
        let (slow, mut questions) = slow();
        let ([third, fourth], _never) = two_as_one(&slow, &mut questions).await;
        let (keys, let_go) = questions.recv().await.unwrap();
        assert_eq!(keys.len(), 2);
        let_go.send(Err("too much")).unwrap();
        for _ in 0..2 {
            let (keys, let_go) = questions.recv().await.unwrap();
            let_go.send(if keys == [3] { Err("down") } else { Ok(()) }).unwrap();
        }
        assert_eq!(third.await.unwrap(), Err("down"), "for keys of its own");
        assert_eq!(fourth.await.unwrap(), Ok(vec![(4, 8)]));
    }

    #[tokio::test]
    async fn where_the_one_who_asks_gives_up_the_other_asks_alone() {
        let (slow, mut questions) = slow();
        let ([third, fourth], _never) = two_as_one(&slow, &mut questions).await;
        let (keys, _let_go) = questions.recv().await.unwrap();
        assert_eq!(keys.len(), 2);
        // Turns are had in the order in which they were waited for.
        third.abort();
        let (keys, let_go) = questions.recv().await.unwrap();
        assert_eq!(keys, [4]);
        let_go.send(Ok(())).unwrap();
        assert_eq!(fourth.await.unwrap(), Ok(vec![(4, 8)]));
    }
}

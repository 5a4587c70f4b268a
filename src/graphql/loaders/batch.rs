//! How keys gather until they are read together.

use super::LoadError;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;
use tokio::task::coop::unconstrained;
use tokio::task::yield_now;

/// After so many rounds in which nobody has asked, nobody is expected to.
const ROUNDS_OF_SILENCE: usize = 2;

/// Reads many values at once.
pub trait Load<K>: Send + Sync {
    /// What is read.
    type Value: Send;

    /// The values of these keys. A key without one is left out.
    fn load(&self, keys: &[K]) -> impl Future<Output = Result<HashMap<K, Self::Value>, LoadError>> + Send;
}

/// The value of a key, if there is one.
pub type Answer<V> = Result<Option<V>, LoadError>;

type Waiting<K, V> = Vec<(K, oneshot::Sender<Answer<V>>)>;

/// Keys that wait to be read together.
///
/// All objects of a level are resolved in one task, so that whoever asks first lets the task take its turn round until nobody else asks, and then
/// reads for everybody who has asked by then: no timer, and no statement more than there are levels. There is one reading at a time; what is asked
/// for meanwhile is the next.
pub struct Batch<K, V> {
    waiting: Mutex<Waiting<K, V>>,
    turn: tokio::sync::Mutex<()>,
}

impl<K: Hash + Eq + Clone + Send, V: Clone + Send> Batch<K, V> {
    /// Nobody waits yet.
    pub const fn new() -> Self {
        Self { waiting: Mutex::new(Vec::new()), turn: tokio::sync::Mutex::const_new(()) }
    }

    /// The value of this key, read together with whatever else is asked for now.
    pub async fn load(&self, key: K, reader: &impl Load<K, Value = V>) -> Answer<V> {
        loop {
            let (is_first, receiver) = self.join(key.clone());
            if is_first {
                self.lead(reader).await;
            }
            // An answer that is there is taken at once: a task that has spent its budget would ask for what comes next a round later than others.
            if let Ok(answer) = unconstrained(receiver).await {
                return answer;
            }
            // Whoever read for all was given up, as are the siblings of a field that fails.
        }
    }

    /// Adds a key; true: it is the first.
    fn join(&self, key: K) -> (bool, oneshot::Receiver<Answer<V>>) {
        let (sender, receiver) = oneshot::channel();
        let mut waiting = self.waiting();
        waiting.push((key, sender));
        (waiting.len() == 1, receiver)
    }

    /// Reads for all who have asked.
    async fn lead(&self, reader: &impl Load<K, Value = V>) {
        let lead = Lead(Some(self));
        let _turn = self.turn.lock().await;
        self.fill().await;
        let waiting = lead.take();
        let mut seen = HashSet::new();
        let keys: Vec<K> = waiting.iter().map(|(key, _)| key).filter(|key| seen.insert(*key)).cloned().collect();
        let values = reader.load(&keys).await;
        for (key, sender) in waiting {
            // Whoever does not wait any more needs no answer.
            let _ = sender.send(values.as_ref().map(|values| values.get(&key).cloned()).map_err(Clone::clone));
        }
    }

    /// Waits until as many ask as before. A large level takes its turn in several rounds, and a round may pass in which none of them asks.
    async fn fill(&self) {
        let mut still = 0;
        let mut asking = self.waiting().len();
        while still < ROUNDS_OF_SILENCE {
            yield_now().await;
            let now = self.waiting().len();
            still = if now == asking { still + 1 } else { 0 };
            asking = now;
        }
    }
}

impl<K, V> Batch<K, V> {
    fn waiting(&self) -> MutexGuard<'_, Waiting<K, V>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Who asked first, for all who wait. If it is given up before it has read, the others are sent away, and ask again.
struct Lead<'a, K, V>(Option<&'a Batch<K, V>>);

impl<K, V> Lead<'_, K, V> {
    fn take(mut self) -> Waiting<K, V> {
        self.0.take().map(|batch| std::mem::take(&mut *batch.waiting())).unwrap_or_default()
    }
}

impl<K, V> Drop for Lead<'_, K, V> {
    fn drop(&mut self) {
        if let Some(batch) = self.0 {
            batch.waiting().clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;
    use futures_util::future::join_all;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::sync::Semaphore;

    /// Doubles numbers, when it is let.
    struct Doubling {
        readings: AtomicUsize,
        gate: Semaphore,
    }

    impl Load<u32> for Doubling {
        type Value = u32;

        async fn load(&self, keys: &[u32]) -> Result<HashMap<u32, u32>, LoadError> {
            self.readings.fetch_add(1, Ordering::Relaxed);
            let _permit = self.gate.acquire().await;
            Ok(keys.iter().map(|key| (*key, key * 2)).collect())
        }
    }

    fn doubling(permits: usize) -> Doubling {
        Doubling { readings: AtomicUsize::new(0), gate: Semaphore::new(permits) }
    }

    #[tokio::test]
    async fn a_thousand_who_ask_side_by_side_twice_are_read_twice() {
        let (batch, reader) = (Batch::new(), doubling(1));
        let ask = async |number: u32| {
            let double = batch.load(number, &reader).await.unwrap().unwrap();
            batch.load(double + 10_000, &reader).await.unwrap().unwrap()
        };
        let found = join_all((0..1_000).map(ask)).await;
        assert!(found.iter().zip(0..).all(|(found, number): (&u32, u32)| *found == (number * 2 + 10_000) * 2));
        assert_eq!(reader.readings.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn what_is_asked_for_during_a_reading_is_read_together_after_it() {
        let (batch, reader) = (Batch::new(), doubling(0));
        let late = async |rounds: u32| {
            for _ in 0..rounds * 5 {
                yield_now().await;
            }
            if rounds == 6 {
                reader.gate.add_permits(1);
            }
            batch.load(rounds, &reader).await.unwrap().unwrap()
        };
        assert_eq!(join_all((0..=6).map(late)).await, [0, 2, 4, 6, 8, 10, 12]);
        assert_eq!(reader.readings.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn who_waits_for_somebody_who_is_given_up_is_answered() {
        for rounds in 0..8 {
            let (batch, reader) = (Batch::new(), doubling(0));
            let mut first = Box::pin(batch.load(1, &reader));
            let mut second = Box::pin(batch.load(2, &reader));
            assert!((&mut first).now_or_never().is_none());
            assert!((&mut second).now_or_never().is_none());
            for _ in 0..rounds {
                assert!((&mut first).now_or_never().is_none());
            }
            drop(first);
            reader.gate.add_permits(1);
            assert_eq!(second.await.unwrap(), Some(4), "given up after {rounds} rounds");
        }
    }
}

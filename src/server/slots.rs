//! Places for what takes room or time: so many altogether, and so many for each person, so that nobody holds all of them.

use super::answer::error;
use super::http::Refusal;
use axum::http::StatusCode;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// So many places.
#[derive(Debug, Clone)]
pub(super) struct Slots {
    all: Arc<Semaphore>,
    of_one: usize,
    /// Those of each person who holds one or waits for one.
    people: Arc<Mutex<HashMap<String, Weak<Semaphore>>>>,
}

/// A place, as long as this is held.
#[derive(Debug)]
pub(super) struct Slot {
    _own: OwnedSemaphorePermit,
    _shared: OwnedSemaphorePermit,
}

impl Slots {
    /// So many places, of which one person takes up to `of_one`.
    pub fn new(all: usize, of_one: usize) -> Self {
        Self { all: Arc::new(Semaphore::new(all)), of_one, people: Arc::default() }
    }

    /// A place for this person, once one is free. Whoever waits for one of their own is in nobody's way.
    pub async fn take(&self, person: &str, patience: Duration) -> Result<Slot, Refusal> {
        let take = async {
            let own = self.of(person).acquire_owned().await?;
            Ok::<_, tokio::sync::AcquireError>(Slot { _own: own, _shared: Arc::clone(&self.all).acquire_owned().await? })
        };
        timeout(patience, take).await.ok().and_then(Result::ok).ok_or_else(|| {
            let message = "Too many requests of this kind are served at the moment; try again soon.";
            Refusal::new(StatusCode::SERVICE_UNAVAILABLE, error(message, "INTERNAL_SERVER_ERROR", "UNAVAILABLE"))
        })
    }

    fn of(&self, person: &str) -> Arc<Semaphore> {
        let mut people = self.people.lock().unwrap_or_else(PoisonError::into_inner);
        people.retain(|_, places| places.strong_count() > 0);
        people.get(person).and_then(Weak::upgrade).unwrap_or_else(|| {
            let places = Arc::new(Semaphore::new(self.of_one));
            people.insert(person.to_owned(), Arc::downgrade(&places));
            places
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_millis(20);

    #[tokio::test]
    async fn nobody_holds_all_places() {
        let slots = Slots::new(3, 2);
        let (first, _second) = (slots.take("ada", SOON).await.unwrap(), slots.take("ada", SOON).await.unwrap());
        assert!(slots.take("ada", SOON).await.is_err());
        let _third = slots.take("eve", SOON).await.unwrap();
        assert!(slots.take("eve", SOON).await.is_err());
        drop(first);
        assert!(slots.take("eve", SOON).await.is_ok());
        assert!(slots.take("ada", SOON).await.is_ok());
    }

    #[tokio::test]
    async fn people_who_hold_nothing_are_forgotten() {
        let slots = Slots::new(1, 1);
        for person in ["ada", "eve", "mo"] {
            drop(slots.take(person, SOON).await.unwrap());
        }
        assert_eq!(slots.people.lock().unwrap().len(), 1);
    }
}

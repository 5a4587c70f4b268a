//! The operations of a socket, which take turns.

use std::{
    collections::VecDeque,
    convert::Infallible,
    future::poll_fn,
    sync::Arc,
    task::{Context, Poll},
};

use futures_util::{StreamExt, stream::BoxStream};

use super::super::answer::Answer;

/// What comes next of an operation; none: its end.
type Turn = (Arc<str>, Option<Answer>);

/// The answers of the operations of a socket. Whichever has answered goes behind the others, so that each that has something to say is heard
/// before any is heard again, however much one has.
#[derive(Default)]
pub(super) struct Operations(VecDeque<Operation>);

struct Operation {
    id: Arc<str>,
    answers: BoxStream<'static, Answer>,
    /// What came of it while there was no room.
    waiting: Poll<Option<Answer>>,
}

impl Operation {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Answer>> {
        match std::mem::replace(&mut self.waiting, Poll::Pending) {
            Poll::Pending => self.answers.poll_next_unpin(context),
            ready @ Poll::Ready(_) => ready,
        }
    }
}

impl Operations {
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn contains(&self, id: &str) -> bool {
        self.0.iter().any(|operation| *operation.id == *id)
    }

    pub fn insert(&mut self, id: Arc<str>, answers: BoxStream<'static, Answer>) {
        self.0.push_back(Operation { id, answers, waiting: Poll::Pending });
    }

    pub fn remove(&mut self, id: &str) {
        self.0.retain(|operation| *operation.id != *id);
    }

    /// What comes next of any of them; it waits for ever where there is none. One that ends is not there any more. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Turn {
        poll_fn(|context| self.poll_next(context)).await
    }

    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Turn> {
        for place in 0..self.0.len() {
            let Some(operation) = self.0.get_mut(place) else { break };
            let Poll::Ready(answer) = operation.poll(context) else { continue };
            let Some(operation) = self.0.remove(place) else { break };
            let id = Arc::clone(&operation.id);
            if answer.is_some() {
                self.0.push_back(operation);
            }
            return Poll::Ready((id, answer));
        }
        Poll::Pending
    }

    /// Lets each come to its next answer while there is no room for any. Whoever is stopped on the way there may hold what others wait for, such as a
    /// connection to the database, for as long as a client does not read. Never returns; dropping the future loses nothing.
    pub async fn settle(&mut self) -> Infallible {
        poll_fn(|context| {
            for operation in self.0.iter_mut().filter(|operation| operation.waiting.is_pending()) {
                operation.waiting = operation.answers.poll_next_unpin(context);
            }
            Poll::Pending
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::Response;
    use futures_util::{FutureExt, stream};
    use proptest::prelude::*;

    fn answers(count: usize) -> BoxStream<'static, Answer> {
        stream::repeat_with(|| Answer::new(Response::default())).take(count).boxed()
    }

    proptest! {
        #[test]
        fn each_is_heard_before_any_is_heard_again(counts in proptest::collection::vec(0_usize..40, 1..20), settles in proptest::collection::vec(any::<bool>(), 50)) {
            let mut operations = Operations::default();
            for (id, count) in counts.iter().enumerate() {
                operations.insert(id.to_string().into(), answers(*count));
            }
            let mut heard = vec![0; counts.len()];
            let mut settles = settles.iter().cycle();
            while operations.len() > 0 {
                if settles.next() == Some(&true) {
                    prop_assert!(operations.settle().now_or_never().is_none());
                }
                let Some((id, answer)) = operations.next().now_or_never() else { panic!("all of them have something") };
                let id: usize = id.parse().expect("a number");
                heard[id] += usize::from(answer.is_some());
                let waiting = (0..counts.len()).filter(|other| operations.contains(&other.to_string()));
                prop_assert!(waiting.into_iter().all(|other| heard[other] + 1 >= heard[id]), "{heard:?}");
            }
            prop_assert_eq!(heard, counts);
        }
    }

    #[tokio::test]
    async fn none_is_waited_for_that_is_not_there() {
        let mut operations = Operations::default();
        assert!(operations.next().now_or_never().is_none());
        operations.insert("silent".into(), stream::pending().boxed());
        operations.insert("busy".into(), answers(2));
        operations.remove("silent");
        assert!(operations.contains("busy") && !operations.contains("silent"));
        let mut turns = Vec::new();
        while operations.len() > 0 {
            let (id, answer) = operations.next().await;
            turns.push((id.to_string(), answer.is_some()));
        }
        assert_eq!(turns, [("busy".to_owned(), true), ("busy".to_owned(), true), ("busy".to_owned(), false)]);
    }
}

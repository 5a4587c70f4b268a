//! The sending half of a socket, with a queue for what the client has not read yet.

use std::{
    collections::VecDeque,
    future::poll_fn,
    task::{Context, Poll, ready},
};

use axum::extract::ws::{Message, WebSocket};
use futures_util::{Sink, SinkExt, stream::SplitSink};

/// Messages on their way to the client.
///
/// The queue has no bound of its own: whoever puts messages in looks at [`Outgoing::len`] first
/// and stops asking for more while the client is slow.
pub(super) struct Outgoing<T = SplitSink<WebSocket, Message>> {
    sink: T,
    queue: VecDeque<Message>,
    unflushed: bool,
}

impl<T: Sink<Message> + Unpin> Outgoing<T> {
    pub fn new(sink: T) -> Self {
        Self { sink, queue: VecDeque::new(), unflushed: false }
    }

    /// How many messages wait.
    pub fn len(&self) -> usize {
        self.queue.len()
    }

    /// Whether [`Outgoing::advance`] has something to do.
    pub fn is_busy(&self) -> bool {
        self.unflushed || !self.queue.is_empty()
    }

    /// Puts a message behind the others.
    pub fn push(&mut self, message: Message) {
        self.queue.push_back(message);
    }

    /// Puts a message before the others.
    pub fn push_urgent(&mut self, message: Message) {
        self.queue.push_front(message);
    }

    /// Moves messages into the socket, or flushes it when none waits. Dropping the future loses
    /// nothing.
    pub async fn advance(&mut self) -> Result<(), T::Error> {
        poll_fn(|context| self.poll_advance(context)).await
    }

    fn poll_advance(&mut self, context: &mut Context<'_>) -> Poll<Result<(), T::Error>> {
        let mut moved = false;
        while !self.queue.is_empty() {
            match self.sink.poll_ready_unpin(context)? {
                Poll::Pending if moved => return Poll::Ready(Ok(())),
                Poll::Pending => return Poll::Pending,
                Poll::Ready(()) => {}
            }
            if let Some(message) = self.queue.pop_front() {
                self.sink.start_send_unpin(message)?;
                self.unflushed = true;
                moved = true;
            }
        }
        if moved {
            // The caller first looks whether there is more to send with the same flush.
            return Poll::Ready(Ok(()));
        }
        ready!(self.sink.poll_flush_unpin(context))?;
        self.unflushed = false;
        Poll::Ready(Ok(()))
    }

    /// Sends one message and waits until it is out, dropping what waited before it.
    pub async fn send_last(&mut self, message: Message) -> Result<(), T::Error> {
        self.queue.clear();
        self.sink.send(message).await
    }

    /// Sends everything that waits.
    pub async fn drain(&mut self) -> Result<(), T::Error> {
        while self.is_busy() {
            self.advance().await?;
        }
        Ok(())
    }
}

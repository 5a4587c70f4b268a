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
/// The queue has no bound of its own: whoever puts messages in looks at [`Outgoing::has_room`] or
/// [`Outgoing::has_room_for_replies`] first, and stops asking for more while the client is slow.
pub(super) struct Outgoing<T = SplitSink<WebSocket, Message>> {
    sink: T,
    queue: VecDeque<Queued>,
    /// Bytes of all that waits, and of the replies among them.
    bytes: usize,
    reply_bytes: usize,
    unflushed: bool,
}

struct Queued {
    message: Message,
    is_reply: bool,
}

/// How much may wait before no more is put in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    pub messages: usize,
    pub bytes: usize,
}

impl<T: Sink<Message> + Unpin> Outgoing<T> {
    pub fn new(sink: T) -> Self {
        Self { sink, queue: VecDeque::new(), bytes: 0, reply_bytes: 0, unflushed: false }
    }

    /// Whether less waits than this.
    pub fn has_room(&self, room: Room) -> bool {
        self.queue.len() < room.messages && self.bytes < room.bytes
    }

    /// Whether so many replies may still wait behind whatever else does, so that a client which
    /// reads a long answer slowly is heard meanwhile.
    pub fn has_room_for_replies(&self, room: Room) -> bool {
        self.queue.len() < room.messages * 2 && self.reply_bytes < room.bytes
    }

    /// Whether [`Outgoing::advance`] has something to do.
    pub fn is_busy(&self) -> bool {
        self.unflushed || !self.queue.is_empty()
    }

    /// Puts a message behind the others.
    pub fn push(&mut self, message: Message) {
        self.bytes += bytes(&message);
        self.queue.push_back(Queued { message, is_reply: false });
    }

    /// Puts what the client asked for and is no answer of an operation behind the others.
    pub fn push_reply(&mut self, message: Message) {
        self.bytes += bytes(&message);
        self.reply_bytes += bytes(&message);
        self.queue.push_back(Queued { message, is_reply: true });
    }

    /// Puts a message before the others.
    pub fn push_urgent(&mut self, message: Message) {
        self.bytes += bytes(&message);
        self.queue.push_front(Queued { message, is_reply: false });
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
            if let Some(Queued { message, is_reply }) = self.queue.pop_front() {
                self.bytes -= bytes(&message);
                self.reply_bytes -= if is_reply { bytes(&message) } else { 0 };
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
        (self.bytes, self.reply_bytes) = (0, 0);
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

fn bytes(message: &Message) -> usize {
    match message {
        Message::Text(text) => text.len(),
        Message::Binary(bytes) | Message::Ping(bytes) | Message::Pong(bytes) => bytes.len(),
        Message::Close(_) => 0,
    }
}

//! The life of one socket: greeting, operations, farewell.

use std::{pin::pin, sync::Arc};

use async_graphql::ServerError;
use axum::{
    body::Bytes,
    extract::ws::{Message, WebSocket},
};
use futures_util::{
    Stream, StreamExt,
    stream::{self, BoxStream, SplitStream},
};
use tokio::time::{Instant, sleep_until, timeout, timeout_at};

use super::{
    super::{
        answer::{Answer, error},
        credentials::Credential,
        execution::Transport,
        parameters::Parameters,
        service::{AuthenticationError, GraphqlService, RequestInfo},
        settings::WebSocketSettings,
    },
    operations::Operations,
    outgoing::{Outgoing, Room},
    protocol::{ClientMessage, CloseReason, ServerMessage},
};

/// How a conversation ends.
#[derive(Debug)]
pub(super) enum End {
    /// The client is gone, or has said goodbye.
    ByClient,
    /// The server says goodbye.
    ByServer(CloseReason),
}

impl From<CloseReason> for End {
    fn from(reason: CloseReason) -> Self {
        Self::ByServer(reason)
    }
}

impl From<axum::Error> for End {
    fn from(_: axum::Error) -> Self {
        Self::ByClient
    }
}

/// What a socket is about, without the socket.
pub(super) struct Connection<S> {
    transport: Transport<S>,
    credential: Credential,
    info: RequestInfo,
}

impl<S: GraphqlService> Connection<S> {
    pub fn new(transport: Transport<S>, credential: Credential, info: RequestInfo) -> Self {
        Self { transport, credential, info }
    }

    /// Talks to the client until one of the two has had enough.
    pub async fn serve(mut self, socket: WebSocket, refusal: Option<CloseReason>) {
        let _running = self.transport.in_flight.begin();
        let (sink, mut incoming) = socket.split();
        let mut outgoing = Outgoing::new(sink);
        let end = match refusal {
            Some(reason) => End::ByServer(reason),
            None => match self.greet(&mut incoming, &mut outgoing).await {
                Ok(()) => self.converse(&mut incoming, &mut outgoing).await,
                Err(end) => end,
            },
        };
        if let End::ByServer(reason) = end {
            let farewell = farewell(reason, &mut incoming, &mut outgoing);
            let _ = timeout(self.settings().close_timeout, farewell).await;
        }
    }

    fn settings(&self) -> &WebSocketSettings {
        &self.transport.settings.websocket
    }

    /// Waits for `connection_init` and answers it.
    async fn greet(&mut self, incoming: &mut SplitStream<WebSocket>, outgoing: &mut Outgoing) -> Result<(), End> {
        let deadline = Instant::now() + self.settings().init_timeout;
        let stopping = self.transport.stopping();
        let greeting = async {
            loop {
                match self.read(incoming.next().await)? {
                    None | Some(ClientMessage::Pong | ClientMessage::Complete { .. }) => {}
                    Some(ClientMessage::Ping { payload }) => {
                        let payload = payload.as_ref();
                        outgoing.push(ServerMessage::Pong { payload }.into_frame());
                        outgoing.drain().await?;
                    }
                    Some(ClientMessage::Subscribe { .. }) => {
                        return Err(CloseReason::Unauthorized.into());
                    }
                    Some(ClientMessage::ConnectionInit { payload }) => {
                        match Credential::from_payload(payload.as_ref()) {
                            Credential::None => {}
                            credential => self.credential = credential,
                        }
                        self.authenticate().await.map_err(|failure| match failure {
                            AuthenticationError::Invalid => CloseReason::Forbidden,
                            AuthenticationError::Unavailable => CloseReason::AuthenticationUnavailable,
                        })?;
                        outgoing.push(ServerMessage::ConnectionAck.into_frame());
                        return Ok(());
                    }
                }
            }
        };
        tokio::select! {
            result = timeout_at(deadline, greeting) => {
                result.unwrap_or_else(|_| Err(CloseReason::InitTimeout.into()))
            }
            () = stopping => Err(CloseReason::GoingAway.into()),
        }
    }

    async fn authenticate(&self) -> Result<S::Session, AuthenticationError> {
        let info = self.info.clone();
        self.transport.authenticate(&self.credential, info).await
    }

    /// Runs operations until the socket ends.
    async fn converse(&self, incoming: &mut SplitStream<WebSocket>, outgoing: &mut Outgoing) -> End {
        let mut operations = Operations::default();
        let mut life = SignsOfLife::new(self.settings());
        let mut stopping = pin!(self.transport.stopping());
        let mut alarm = pin!(sleep_until(life.next_check()));
        let settings = self.settings();
        let room = Room { messages: settings.max_queued_messages, bytes: settings.max_queued_bytes };
        loop {
            let has_room = outgoing.has_room(room);
            let next = async { if has_room { operations.next().await } else { match operations.settle().await {} } };
            tokio::select! {
                () = &mut stopping => return CloseReason::GoingAway.into(),
                result = outgoing.advance(), if outgoing.is_busy() => {
                    if result.is_err() {
                        return End::ByClient;
                    }
                }
                (id, answer) = next => {
                    deliver(&id, answer.as_ref(), &mut operations, outgoing);
                }
                // Replies go into the same queue, so that a client which only talks and never
                // listens is not listened to either.
                received = incoming.next(), if outgoing.has_room_for_replies(room) => {
                    if life.seen() {
                        alarm.as_mut().reset(life.next_check());
                    }
                    if let Err(end) = self.handle(received, &mut operations, outgoing) {
                        return end;
                    }
                }
                () = &mut alarm => {
                    match life.check() {
                        Life::Gone => return CloseReason::NoSignOfLife.into(),
                        Life::Doubtful => outgoing.push_urgent(Message::Ping(Bytes::new())),
                        Life::Sure => {}
                    }
                    alarm.as_mut().reset(life.next_check());
                }
            }
        }
    }

    fn read(&self, received: Option<Result<Message, axum::Error>>) -> Result<Option<ClientMessage>, End> {
        match received {
            None | Some(Ok(Message::Close(_))) => Err(End::ByClient),
            Some(Err(_)) => Err(CloseReason::ProtocolError.into()),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(None),
            Some(Ok(Message::Binary(_))) => Err(CloseReason::InvalidMessage("Messages must be text").into()),
            Some(Ok(Message::Text(text))) if text.len() > self.settings().max_message_bytes => Err(CloseReason::MessageTooBig.into()),
            Some(Ok(Message::Text(text))) => Ok(Some(ClientMessage::parse(&text)?)),
        }
    }

    fn handle(
        &self,
        received: Option<Result<Message, axum::Error>>,
        operations: &mut Operations,
        outgoing: &mut Outgoing,
    ) -> Result<(), End> {
        match self.read(received)? {
            None | Some(ClientMessage::Pong) => {}
            Some(ClientMessage::ConnectionInit { .. }) => {
                return Err(CloseReason::TooManyInits.into());
            }
            Some(ClientMessage::Ping { payload }) => {
                let payload = payload.as_ref();
                outgoing.push_reply(ServerMessage::Pong { payload }.into_frame());
            }
            Some(ClientMessage::Complete { id }) => {
                operations.remove(&id);
            }
            Some(ClientMessage::Subscribe { id, .. }) if operations.contains(&id) => {
                return Err(CloseReason::DuplicateOperation.into());
            }
            Some(ClientMessage::Subscribe { id, .. }) if operations.len() >= self.settings().max_operations => {
                let payload = &[error("Too many operations are running on this socket.", "RATE_LIMITED", "TOO_MANY_OPERATIONS")];
                outgoing.push_reply(ServerMessage::Error { id: &id, payload }.into_frame());
            }
            Some(ClientMessage::Subscribe { id, parameters }) => {
                operations.insert(id.into(), self.start(*parameters));
            }
        }
        Ok(())
    }

    /// The answers of an operation, which is admitted and authenticated when first asked for.
    fn start(&self, parameters: Parameters) -> BoxStream<'static, Answer> {
        let transport = self.transport.clone();
        let credential = self.credential.clone();
        let info = self.info.clone();
        let answers = async move {
            let admitted = match parameters.admit(&transport.settings.limits) {
                Ok(admitted) => admitted,
                Err(rejection) => return refused(ServerError::from(&rejection)),
            };
            match transport.authenticate(&credential, info).await {
                Ok(session) => {
                    let kind = admitted.operation_type;
                    transport.stream(session, kind, parameters.into_request(admitted))
                }
                Err(failure) => refused(failure.into()),
            }
        };
        stream::once(answers).flatten().boxed()
    }
}

fn refused(error: ServerError) -> BoxStream<'static, Answer> {
    stream::iter([Answer::refusal(error)]).boxed()
}

/// Puts what an operation has to say into the queue; `None` is its end.
fn deliver(id: &Arc<str>, answer: Option<&Answer>, operations: &mut Operations, outgoing: &mut Outgoing) {
    let message = match answer {
        Some(payload) if payload.is_request_error() => {
            operations.remove(id);
            let payload = payload.errors();
            ServerMessage::Error { id, payload }
        }
        Some(payload) => ServerMessage::Next { id, payload },
        None => ServerMessage::Complete { id },
    };
    outgoing.push(message.into_frame());
}

/// Sends the close frame and waits for the client's. Without the wait, the system may answer
/// what the client still sends with a reset, and the client would never see the code.
async fn farewell(reason: CloseReason, incoming: &mut (impl Stream<Item = Result<Message, axum::Error>> + Unpin), outgoing: &mut Outgoing) {
    let frame = Message::Close(Some(reason.frame()));
    if outgoing.send_last(frame).await.is_ok() {
        while let Some(Ok(_)) = incoming.next().await {}
    }
}

/// Whether the client is believed to be there.
enum Life {
    Sure,
    Doubtful,
    Gone,
}

/// Watches for anything the client sends; a ping asks for something when it is quiet.
struct SignsOfLife<'a> {
    settings: &'a WebSocketSettings,
    last_seen: Instant,
    pinged: Option<Instant>,
}

impl<'a> SignsOfLife<'a> {
    fn new(settings: &'a WebSocketSettings) -> Self {
        Self { settings, last_seen: Instant::now(), pinged: None }
    }

    /// Notes a sign of life, and answers whether it settles a doubt.
    fn seen(&mut self) -> bool {
        self.last_seen = Instant::now();
        self.pinged.take().is_some()
    }

    fn next_check(&self) -> Instant {
        match self.pinged {
            Some(pinged) => pinged + self.settings.pong_timeout,
            None => self.last_seen + self.settings.ping_interval,
        }
    }

    fn check(&mut self) -> Life {
        if Instant::now() < self.next_check() {
            return Life::Sure;
        }
        if self.pinged.is_some() {
            return Life::Gone;
        }
        self.pinged = Some(Instant::now());
        Life::Doubtful
    }
}

//! A small schema behind the transports, on a real socket.

use std::{
    future::Future,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_graphql::{Context, Enum, Error, ErrorExtensions, InputObject, Object, Request, Response, Schema, SimpleObject, Subscription};
use futures_util::{
    Stream, StreamExt,
    stream::{self, BoxStream},
};
use portico::server::{AuthenticationError, GraphqlService, InFlight, RequestInfo, TransportSettings, giving_up_after, router};
use tokio::sync::{Notify, watch};

/// Never reached: a test that waits this long has failed.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// What the tests watch and steer inside of the server.
#[derive(Default)]
pub struct World {
    /// Tokens that are no longer valid.
    pub revoked: Mutex<Vec<String>>,
    pub finished_mutations: AtomicUsize,
    pub started: Notify,
    pub finish: Notify,
    /// Subscriptions that are running.
    pub subscribers: AtomicUsize,
    pub subscribers_changed: Notify,
    /// Items that the firehose has produced.
    pub produced: AtomicUsize,
}

#[derive(Clone)]
pub struct Session {
    name: String,
    info: RequestInfo,
}

#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum Color {
    Red,
    Green,
}

#[derive(InputObject)]
pub struct Paint {
    color: Color,
    litres: i32,
}

#[derive(SimpleObject)]
pub struct Node {
    id: i32,
}

pub struct Query;

#[Object]
impl Query {
    async fn hello(&self) -> &'static str {
        "world"
    }

    async fn whoami(&self, context: &Context<'_>) -> Result<String, Error> {
        Ok(context.data::<Session>()?.name.clone())
    }

    async fn agent(&self, context: &Context<'_>) -> Result<Option<String>, Error> {
        let info = &context.data::<Session>()?.info;
        let address = info.address.map(|address| address.to_string());
        let agent = info.user_agent.as_deref().unwrap_or("unknown");
        Ok(address.map(|address| format!("{agent} at {address}")))
    }

    async fn echo(&self, number: i32) -> i32 {
        number
    }

    async fn paint(&self, input: Paint) -> String {
        let color = match input.color {
            Color::Red => "red",
            Color::Green => "green",
        };
        format!("{} litres of {color}", input.litres)
    }

    async fn forbidden(&self) -> Option<Result<String, Error>> {
        let error = Error::new("You may not.");
        Some(Err(error.extend_with(|_, extensions| {
            extensions.set("code", "FORBIDDEN");
            extensions.set("reason", "NOT_A_MEMBER");
        })))
    }

    async fn nodes(&self) -> Vec<Node> {
        vec![Node { id: 1 }]
    }

    async fn never(&self) -> Option<bool> {
        std::future::pending().await
    }

    async fn panics(&self) -> bool {
        std::hint::black_box(None).expect("a secret of the inside")
    }
}

pub struct Mutation;

#[Object]
impl Mutation {
    /// Goes on until the test says so.
    async fn slow(&self, context: &Context<'_>) -> Result<bool, Error> {
        let world = context.data::<Arc<World>>()?;
        world.started.notify_one();
        world.finish.notified().await;
        world.finished_mutations.fetch_add(1, Ordering::SeqCst);
        Ok(true)
    }

    async fn quick(&self) -> bool {
        true
    }
}

pub struct Subscription;

struct Subscribed(Arc<World>);

impl Subscribed {
    fn new(world: &Arc<World>) -> Self {
        world.subscribers.fetch_add(1, Ordering::SeqCst);
        world.subscribers_changed.notify_waiters();
        Self(Arc::clone(world))
    }
}

impl Drop for Subscribed {
    fn drop(&mut self) {
        self.0.subscribers.fetch_sub(1, Ordering::SeqCst);
        self.0.subscribers_changed.notify_waiters();
    }
}

#[Subscription]
impl Subscription {
    async fn count(&self, to: i32) -> impl Stream<Item = i32> {
        stream::iter(1..=to)
    }

    async fn silence(&self, context: &Context<'_>) -> Result<impl Stream<Item = i32> + use<>, Error> {
        let subscribed = Subscribed::new(context.data::<Arc<World>>()?);
        Ok(stream::pending().map(move |item| {
            let _ = &subscribed;
            item
        }))
    }

    /// As many large items as anybody will take, always ready.
    async fn firehose(&self, context: &Context<'_>) -> Result<impl Stream<Item = String> + use<>, Error> {
        let world = Arc::clone(context.data::<Arc<World>>()?);
        let subscribed = Subscribed::new(&world);
        Ok(stream::repeat_with(move || {
            let _ = &subscribed;
            world.produced.fetch_add(1, Ordering::SeqCst);
            "x".repeat(16 * 1024)
        }))
    }

    async fn refused(&self) -> Result<impl Stream<Item = i32> + use<>, Error> {
        Err::<stream::Empty<i32>, _>(Error::new("Not for you.").extend_with(|_, extensions| {
            extensions.set("code", "FORBIDDEN");
        }))
    }
}

type ExampleSchema = Schema<Query, Mutation, Subscription>;

#[derive(Clone)]
pub struct Service {
    schema: ExampleSchema,
    world: Arc<World>,
}

impl Service {
    pub fn new(world: Arc<World>) -> Self {
        let schema = Schema::build(Query, Mutation, Subscription).data(Arc::clone(&world)).finish();
        Self { schema, world }
    }
}

impl GraphqlService for Service {
    type Session = Session;

    fn user(session: &Session) -> Option<String> {
        Some(session.name.clone()).filter(|name| name != "anonymous")
    }

    async fn authenticate(&self, bearer: Option<&str>, info: RequestInfo) -> Result<Session, AuthenticationError> {
        let revoked = |token| self.world.revoked.lock().unwrap().iter().any(|own| own == token);
        match bearer {
            None => Ok(Session { name: "anonymous".to_owned(), info }),
            Some("unavailable") => Err(AuthenticationError::Unavailable),
            Some(token) if token.starts_with("user-") && !revoked(token) => Ok(Session { name: token.to_owned(), info }),
            Some(_) => Err(AuthenticationError::Invalid),
        }
    }

    async fn execute(&self, session: Session, request: Request) -> Response {
        self.schema.execute(request.data(session)).await
    }

    fn subscribe(&self, session: Session, request: Request) -> BoxStream<'static, Response> {
        self.schema.execute_stream(request.data(session)).boxed()
    }
}

/// A running server, stopped when dropped.
pub struct Server {
    pub address: SocketAddr,
    pub world: Arc<World>,
    pub in_flight: InFlight,
    pub shutdown: watch::Sender<bool>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    pub async fn start() -> Self {
        Self::with(TransportSettings::default()).await
    }

    pub async fn with(settings: TransportSettings) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let listener = giving_up_after(settings.write_timeout, listener);
        let world = Arc::new(World::default());
        let (shutdown, stopping) = watch::channel(false);
        let in_flight = InFlight::default();
        let service = Service::new(Arc::clone(&world));
        let app = router(service, settings, in_flight.clone(), stopping);
        let task = tokio::spawn(async move {
            let app = app.into_make_service_with_connect_info::<SocketAddr>();
            axum::serve(listener, app).await.unwrap();
        });
        Self { address, world, in_flight, shutdown, task }
    }

    pub fn url(&self) -> String {
        format!("http://{}/graphql", self.address)
    }

    /// Posts a JSON body and answers status and JSON.
    pub async fn post(&self, body: serde_json::Value) -> (u16, serde_json::Value) {
        let response = reqwest::Client::new().post(self.url()).header("accept", "application/graphql-response+json").json(&body);
        let response = response.send().await.unwrap();
        let status = response.status().as_u16();
        (status, response.json().await.unwrap())
    }

    /// Waits until a number of silent subscriptions is running.
    pub async fn subscribers(&self, count: usize) {
        let wait = async {
            loop {
                let changed = self.world.subscribers_changed.notified();
                tokio::pin!(changed);
                changed.as_mut().enable();
                if self.world.subscribers.load(Ordering::SeqCst) == count {
                    return;
                }
                changed.await;
            }
        };
        within(wait).await;
    }
}

/// Fails a test that would wait for ever.
pub async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future).await.expect("took too long")
}

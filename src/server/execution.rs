//! Running admitted operations, whatever the transport.

use std::{future::Future, panic::AssertUnwindSafe, sync::Arc};

use async_graphql::{Request, parser::types::OperationType};
use axum::http::StatusCode;
use futures_util::{
    FutureExt, StreamExt,
    stream::{self, BoxStream},
};
use tokio::{sync::watch, time::timeout};

use super::{
    answer::{Answer, error},
    credentials::Credential,
    in_flight::InFlight,
    service::{AuthenticationError, GraphqlService, RequestInfo},
    settings::TransportSettings,
    slots::Slots,
};

/// What every transport shares.
#[derive(Debug, Clone)]
pub(super) struct Transport<S> {
    pub service: S,
    pub settings: Arc<TransportSettings>,
    pub in_flight: InFlight,
    /// Who takes in a large body holds one of these.
    pub uploads: Slots,
    pub shutdown: watch::Receiver<bool>,
}

impl<S: GraphqlService> Transport<S> {
    /// Finds out who is asking.
    pub async fn authenticate(&self, credential: &Credential, peer: RequestInfo) -> Result<S::Session, AuthenticationError> {
        let token = credential.token()?;
        self.service.authenticate(token, peer).await
    }

    /// Runs a query or a mutation to its answer.
    pub async fn run(&self, session: S::Session, kind: OperationType, request: Request) -> Answer {
        if kind == OperationType::Mutation {
            return self.run_detached(session, request).await;
        }
        let execution = AssertUnwindSafe(self.service.execute(session, request)).catch_unwind();
        match timeout(self.settings.query_timeout, execution).await {
            Ok(Ok(response)) => Answer::new(response),
            Ok(Err(_)) => panicked(),
            Err(_) => Answer::refusal(error("The query took too long and was stopped.", "INTERNAL_SERVER_ERROR", "EXECUTION_TIMED_OUT"))
                .with_status(StatusCode::SERVICE_UNAVAILABLE),
        }
    }

    /// Runs any operation as a stream of answers. Dropping the stream ends a query or a
    /// subscription; a mutation runs on.
    pub fn stream(&self, session: S::Session, kind: OperationType, request: Request) -> BoxStream<'static, Answer> {
        if kind == OperationType::Subscription {
            let answers = self.service.subscribe(session, request);
            return AssertUnwindSafe(answers).catch_unwind().map(|item| item.map_or_else(|_| panicked(), Answer::new)).boxed();
        }
        let transport = self.clone();
        stream::once(async move { transport.run(session, kind, request).await }).boxed()
    }

    /// Resolves when the server begins to stop.
    pub fn stopping(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut shutdown = self.shutdown.clone();
        async move {
            if shutdown.wait_for(|stopping| *stopping).await.is_err() {
                // Whoever could stop the server is gone without having done so.
                std::future::pending::<()>().await;
            }
        }
    }

    async fn run_detached(&self, session: S::Session, request: Request) -> Answer {
        let service = self.service.clone();
        let running = self.in_flight.begin();
        let task = tokio::spawn(async move {
            let _running = running;
            service.execute(session, request).await
        });
        task.await.map_or_else(|_| panicked(), Answer::new)
    }
}

fn panicked() -> Answer {
    tracing::error!("an operation panicked");
    Answer::refusal(error("Something went wrong on our side.", "INTERNAL_SERVER_ERROR", "UNEXPECTED"))
        .with_status(StatusCode::INTERNAL_SERVER_ERROR)
}

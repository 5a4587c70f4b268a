//! Whether the server lives, and whether it can do its work.

use crate::app::{App, Reach};
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::timeout;

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Clone)]
struct Health {
    app: App,
    shutdown: watch::Receiver<bool>,
}

/// `/healthz`: the process lives. `/readyz`: the database answers and has the newest schema, the bus has been reached, and no shutdown has begun.
/// `/schema.graphql`: the schema.
pub fn routes(app: App, shutdown: watch::Receiver<bool>, sdl: Arc<str>) -> Router {
    let schema = move || async move { ([(header::CONTENT_TYPE, "application/graphql; charset=utf-8")], sdl.to_string()) };
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .with_state(Health { app, shutdown })
        .route("/schema.graphql", get(schema))
}

async fn ready(State(health): State<Health>) -> impl IntoResponse {
    let unavailable = |why| (StatusCode::SERVICE_UNAVAILABLE, why);
    if *health.shutdown.borrow() {
        return unavailable("shutting down\n");
    }
    match timeout(PATIENCE, health.app.store.ready()).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => {
            tracing::warn!(?error, "not ready");
            return unavailable("the database is not available, or has not the newest schema\n");
        }
        Err(_) => return unavailable("the database does not answer\n"),
    }
    // A server that started before its database could not look whether it has them.
    if let Err(error) = health.app.vault.unlock(health.app.queries()).await {
        tracing::error!(%error, "not ready");
        return unavailable("the master keys of secrets cannot be used\n");
    }
    match health.app.announcer.reach() {
        Reach::Everywhere => (StatusCode::OK, "ready\n"),
        Reach::NotYet => unavailable("the bus has not been reached yet\n"),
        // If it were not ready, no server would be while the bus is away, and all of them can do their work.
        Reach::OnlyHere => (StatusCode::OK, "ready, but the bus is away: news of other servers come a little later\n"),
    }
}

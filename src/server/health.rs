//! Whether the server lives, and whether it can do its work.

use crate::app::ports::Store;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use std::sync::Arc;
use tokio::sync::watch;

#[derive(Clone)]
struct Health {
    store: Arc<dyn Store>,
    shutdown: watch::Receiver<bool>,
}

/// `/healthz`: the process lives. `/readyz`: the database answers and has the newest schema, and no shutdown has begun.
/// `/schema.graphql`: the schema.
pub fn routes(store: Arc<dyn Store>, shutdown: watch::Receiver<bool>, sdl: Arc<str>) -> Router {
    let schema = move || async move { ([(header::CONTENT_TYPE, "application/graphql; charset=utf-8")], sdl.to_string()) };
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .with_state(Health { store, shutdown })
        .route("/schema.graphql", get(schema))
}

async fn ready(State(health): State<Health>) -> impl IntoResponse {
    if *health.shutdown.borrow() {
        return (StatusCode::SERVICE_UNAVAILABLE, "shutting down\n");
    }
    match health.store.ready().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::warn!(?error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database is not available, or has not the newest schema\n")
        }
    }
}

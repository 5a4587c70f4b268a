//! Documents and archives, streamed: `GET /elements/{id}/export`, `GET /workspaces/{id}/archive`, `POST /workspaces/{id}/import`.
//!
//! What goes wrong before the first byte is an error of HTTP in the form that errors of GraphQL have; after that the connection breaks
//! off, so that half a document is not taken for a whole one.

mod body;
mod download;
mod import;

use super::http::Refusal;
use super::in_flight::InFlight;
use super::negotiation::MediaType;
use super::settings::TransportSettings;
use super::slots::Slots;
use crate::app::{self, App, AppError};
use axum::Router;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::response::Response;
use axum::routing::{get, post};
use std::time::Duration;
use type_safe_id::{StaticType, TypeSafeId};

/// So many imports of one person are taken in at the same time; others of theirs wait.
const IMPORTS_OF_ONE: usize = 2;

/// What the endpoints share.
#[derive(Debug, Clone)]
struct Documents {
    app: App,
    in_flight: InFlight,
    /// Who imports holds one of these.
    imports: Slots,
    /// What goes out holds one of these.
    exports: Slots,
    /// How long a client may send nothing, or waits for a place.
    pause: Duration,
    /// How long a client may take to send all of it.
    deadline: Duration,
}

/// The paths of documents.
pub fn routes(app: App, settings: &TransportSettings, in_flight: InFlight) -> Router {
    let imports = Slots::new(settings.max_imports, IMPORTS_OF_ONE);
    let exports = Slots::new(settings.max_exports, settings.max_exports.div_ceil(2));
    let (pause, deadline) = (settings.body_timeout, settings.upload_timeout);
    let documents = Documents { app, in_flight, imports, exports, pause, deadline };
    Router::new()
        .route("/elements/{id}/export", get(download::document).fallback(only_get))
        .route("/workspaces/{id}/archive", get(download::archive).fallback(only_get))
        .route("/workspaces/{id}/import", post(import::take).fallback(only_post))
        .with_state(documents)
}

async fn only_get() -> Response {
    Refusal::method("Only GET is understood here.", "METHOD_NOT_ALLOWED", "GET, HEAD").into_response(MediaType::Json)
}

async fn only_post() -> Response {
    Refusal::method("Only POST is understood here.", "METHOD_NOT_ALLOWED", "POST").into_response(MediaType::Json)
}

fn answer(answered: Result<Response, Refusal>) -> Response {
    answered.unwrap_or_else(|refusal| refusal.into_response(MediaType::Json))
}

/// The id in a path. What is no id leads nowhere, like the id of what is not there.
fn id<T: StaticType>(path: Result<Path<String>, PathRejection>) -> Result<TypeSafeId<T>, Refusal> {
    let id = path.ok().and_then(|Path(id)| id.parse().ok());
    Ok(id.ok_or_else(|| AppError::from(app::Refusal::not_found()))?)
}

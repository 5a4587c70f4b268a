//! The paths of the transports.

use std::sync::Arc;

use axum::{Router, routing};
use tokio::sync::watch;

use super::{execution::Transport, http, in_flight::InFlight, service::GraphqlService, settings::TransportSettings, slots::Slots, sse};

/// `/graphql` and `/graphql/stream` over a service.
///
/// Serve it with `into_make_service_with_connect_info::<SocketAddr>()`, or [`RequestInfo`] has
/// no address. When `shutdown` becomes true, sockets are closed with 1001 and event streams end;
/// [`InFlight::finished`] then tells when the last mutation is done and the last socket closed.
///
/// [`RequestInfo`]: super::RequestInfo
pub fn router<S: GraphqlService>(service: S, settings: TransportSettings, in_flight: InFlight, shutdown: watch::Receiver<bool>) -> Router {
    let uploads = Slots::new(settings.max_uploads, 1);
    let transport = Transport { service, settings: Arc::new(settings), in_flight, uploads, shutdown };
    let graphql = routing::get(http::get::<S>).post(http::post::<S>).fallback(http::other_method);
    let stream = routing::get(sse::stream::<S>).post(sse::stream::<S>).fallback(sse::stream_by_other_method);
    Router::new().route("/graphql", graphql).route("/graphql/stream", stream).with_state(transport)
}

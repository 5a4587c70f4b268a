//! Bodies that are larger than what anybody may send: documents within a mutation, by somebody who is signed in.

use super::execution::Transport;
use super::http::{Client, Pace, Refusal, announced_length, check_json, collect_within, too_large};
use super::parameters::Parameters;
use super::service::GraphqlService;
use super::settings::TransportSettings;
use super::slots::Slot;
use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};

/// The length of a body that is said to be larger than what anybody may send.
pub(super) fn announced(headers: &HeaderMap, settings: &TransportSettings) -> Option<usize> {
    announced_length(headers).filter(|length| *length > settings.max_body_bytes)
}

/// Reads the one operation of such a body, once its sender is known, and a place is free: few are in memory at the same time,
/// and no two of the same person.
pub(super) async fn read<S: GraphqlService>(
    transport: &Transport<S>,
    client: &Client,
    parts: &Parts,
    body: Body,
    length: usize,
) -> Result<(Slot, Parameters), Refusal> {
    check_json(&parts.headers)?;
    let settings = &transport.settings;
    if length > settings.max_upload_bytes {
        return Err(too_large(settings.max_upload_bytes));
    }
    let Some(user) = S::user(&client.session(transport).await?) else {
        return Err(too_large(settings.max_body_bytes));
    };
    let slot = transport.uploads.take(&user, settings.body_timeout).await?;
    let bytes = collect_within(body, length, length, Pace { pause: settings.body_timeout, deadline: settings.upload_timeout }).await?;
    // Reading so much keeps a processor busy for longer than others should wait for it.
    let parameters = tokio::task::spawn_blocking(move || Parameters::from_large_json(&bytes)).await.map_err(|_| stopping())??;
    Ok((slot, parameters))
}

fn stopping() -> Refusal {
    Refusal::bad_input(StatusCode::SERVICE_UNAVAILABLE, "The server is stopping.", "UNAVAILABLE")
}

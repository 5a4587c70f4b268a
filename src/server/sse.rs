//! GraphQL over server-sent events at `/graphql/stream`, in distinct connections mode: one
//! request, one operation, an event `next` for each answer and `complete` at the end.

use std::convert::Infallible;

use async_graphql::{ServerError, parser::types::OperationType};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::{StreamExt, stream};
use tokio::time::{Instant, interval_at};

use super::{
    answer::Answer,
    execution::Transport,
    http::{Client, Refusal, other_method, read_json_body, read_query_string},
    negotiation::{self, MediaType},
    parameters::Parameters,
    service::GraphqlService,
};

/// `GET` and `POST /graphql/stream`.
pub(super) async fn stream<S: GraphqlService>(State(transport): State<Transport<S>>, request: Request) -> Response {
    match open(&transport, request).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(MediaType::GraphqlResponse),
    }
}

/// Every other method.
pub(super) async fn stream_by_other_method(headers: HeaderMap) -> Response {
    other_method(headers).await
}

async fn open<S: GraphqlService>(transport: &Transport<S>, request: Request) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    if !negotiation::accepts_event_stream(&parts.headers) {
        let message = "Answers here are text/event-stream.";
        return Err(Refusal::not_acceptable(message));
    }
    let by_get = parts.method != Method::POST;
    let parameters = if by_get {
        read_query_string(&parts)?
    } else {
        let bytes = read_json_body(&parts.headers, body, &transport.settings).await?;
        Parameters::from_json(&bytes)?
    };
    let admitted = parameters
        .admit(&transport.settings.limits)
        .map_err(|rejection| Refusal::new(StatusCode::BAD_REQUEST, ServerError::from(&rejection)))?;
    let kind = admitted.operation_type;
    if by_get && kind == OperationType::Mutation {
        return Err(Refusal::mutation_by_get());
    }
    let session = Client::new(&parts).session(transport).await?;
    let answers = transport.stream(session, kind, parameters.into_request(admitted));
    // Browsers tell a page nothing of an event without a line of data, be it empty.
    let complete = stream::once(async { "event: complete\ndata:\n\n".to_owned() });
    let pause = transport.settings.event_stream_keep_alive;
    let ticks = interval_at(Instant::now() + pause, pause);
    // A stopping server ends the stream without `complete`, so that the client comes again.
    let events = tokio_stream::StreamExt::timeout_repeating(answers.map(|answer| next(&answer)).chain(complete), ticks)
        .map(|event| Ok::<_, Infallible>(event.unwrap_or_else(|_| ":\n\n".to_owned())))
        .take_until(transport.stopping());
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        // nginx would hold events back until its buffer is full.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Body::from_stream(events)).into_response())
}

fn next(answer: &Answer) -> String {
    match serde_json::to_string(answer) {
        // JSON as serde writes it has no line breaks, which would end the data.
        Ok(json) => format!("event: next\ndata: {json}\n\n"),
        Err(failure) => {
            tracing::error!(%failure, "an answer could not be written");
            String::new()
        }
    }
}

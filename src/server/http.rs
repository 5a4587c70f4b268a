//! GraphQL over HTTP: `POST /graphql`, and `GET /graphql` for queries.

use async_graphql::{ServerError, parser::types::OperationType};
use axum::{
    body::{Body, Bytes},
    extract::{FromRequestParts, Query, Request, State, ws::WebSocketUpgrade},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::Response,
};
use futures_util::StreamExt;
use serde::Serialize;
use std::time::Duration;
use tokio::time::timeout;

use super::{
    answer::{Answer, error},
    credentials::Credential,
    execution::Transport,
    gate::{Admitted, Limits},
    negotiation::{self, MediaType},
    parameters::{self, Malformed, Parameters},
    service::{AuthenticationError, GraphqlService, RequestInfo},
    settings::TransportSettings,
    upload, websocket,
};

/// A request that gets an error of HTTP instead of being executed.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    error: Box<ServerError>,
    allow: Option<&'static str>,
}

impl Refusal {
    pub fn new(status: StatusCode, error: ServerError) -> Self {
        Self { status, error: Box::new(error), allow: None }
    }

    pub fn bad_input(status: StatusCode, message: &str, reason: &str) -> Self {
        Self::new(status, error(message, "BAD_USER_INPUT", reason))
    }

    pub fn method(message: &str, reason: &str, allow: &'static str) -> Self {
        Self { allow: Some(allow), ..Self::bad_input(StatusCode::METHOD_NOT_ALLOWED, message, reason) }
    }

    /// Mutations change something, and a link must not.
    pub fn mutation_by_get() -> Self {
        let message = "Mutations must be sent by POST.";
        Self::method(message, "MUTATION_BY_GET", "POST")
    }

    pub fn not_acceptable(message: &str) -> Self {
        Self::bad_input(StatusCode::NOT_ACCEPTABLE, message, "NOT_ACCEPTABLE")
    }

    pub fn into_response(self, media: MediaType) -> Response {
        let mut response = respond(media, self.status, &Answer::refusal(*self.error));
        let headers = response.headers_mut();
        if let Some(allow) = self.allow {
            headers.insert(header::ALLOW, HeaderValue::from_static(allow));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<Malformed> for Refusal {
    fn from(malformed: Malformed) -> Self {
        Self::new(StatusCode::BAD_REQUEST, ServerError::from(&malformed))
    }
}

impl From<AuthenticationError> for Refusal {
    fn from(failure: AuthenticationError) -> Self {
        let status = match failure {
            AuthenticationError::Invalid => StatusCode::UNAUTHORIZED,
            AuthenticationError::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        };
        Self::new(status, failure.into())
    }
}

/// `POST /graphql`.
pub(super) async fn post<S: GraphqlService>(State(transport): State<Transport<S>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Some(media) = negotiation::answer_type(&parts.headers) else {
        return unacceptable();
    };
    match answer_post(&transport, &parts, body, media).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(media),
    }
}

/// `GET /graphql`: a query, or the beginning of a WebSocket.
pub(super) async fn get<S: GraphqlService>(State(transport): State<Transport<S>>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let upgrading = parts.headers.contains_key(header::UPGRADE);
    if upgrading {
        match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
            Ok(upgrade) => return websocket::accept(transport, upgrade, &parts),
            Err(_) => return bad_upgrade(),
        }
    }
    let Some(media) = negotiation::answer_type(&parts.headers) else {
        return unacceptable();
    };
    match answer_get(&transport, &parts, media).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(media),
    }
}

/// Every other method.
pub(super) async fn other_method(headers: HeaderMap) -> Response {
    let media = negotiation::answer_type(&headers).unwrap_or(MediaType::Json);
    let message = "Only GET and POST are understood here.";
    Refusal::method(message, "METHOD_NOT_ALLOWED", "GET, POST").into_response(media)
}

fn unacceptable() -> Response {
    let message = "Answers are application/graphql-response+json or application/json.";
    Refusal::not_acceptable(message).into_response(MediaType::Json)
}

fn bad_upgrade() -> Response {
    let message = "The upgrade must be to a WebSocket of version 13.";
    let status = StatusCode::BAD_REQUEST;
    Refusal::bad_input(status, message, "INVALID_UPGRADE").into_response(MediaType::Json)
}

async fn answer_post<S: GraphqlService>(
    transport: &Transport<S>,
    parts: &Parts,
    body: Body,
    media: MediaType,
) -> Result<Response, Refusal> {
    let client = Client::new(parts);
    if let Some(length) = upload::announced(&parts.headers, &transport.settings) {
        let (_slot, parameters) = upload::read(transport, &client, parts, body, length).await?;
        let limits = transport.settings.limits.with_upload();
        return Ok(respond_with(media, &client.answer(transport, parameters, &limits, false).await?));
    }
    let bytes = read_json_body(&parts.headers, body, &transport.settings).await?;
    let body = parameters::Body::from_json(&bytes, transport.settings.max_batch)?;
    drop(bytes);
    let limits = &transport.settings.limits;
    match body {
        parameters::Body::One(parameters) => {
            let answer = client.answer(transport, parameters, limits, false).await?;
            Ok(respond_with(media, &answer))
        }
        parameters::Body::Batch(batch) => {
            let mut answers = Vec::with_capacity(batch.len());
            for parameters in batch {
                answers.push(client.answer(transport, parameters, limits, false).await?);
            }
            Ok(respond(media, StatusCode::OK, &answers))
        }
    }
}

async fn answer_get<S: GraphqlService>(transport: &Transport<S>, parts: &Parts, media: MediaType) -> Result<Response, Refusal> {
    let parameters = read_query_string(parts)?;
    let answer = Client::new(parts).answer(transport, parameters, &transport.settings.limits, true).await?;
    Ok(respond_with(media, &answer))
}

/// Who sent a request, as far as it says.
pub(super) struct Client {
    credential: Credential,
    info: RequestInfo,
}

impl Client {
    pub fn new(parts: &Parts) -> Self {
        Self { credential: Credential::from_headers(&parts.headers), info: RequestInfo::from_parts(parts) }
    }

    pub async fn session<S: GraphqlService>(&self, transport: &Transport<S>) -> Result<S::Session, Refusal> {
        let session = transport.authenticate(&self.credential, self.info.clone());
        Ok(session.await?)
    }

    /// Answers one operation. What the gate refuses is an answer, as is what validation refuses.
    async fn answer<S: GraphqlService>(
        &self,
        transport: &Transport<S>,
        parameters: Parameters,
        limits: &Limits,
        by_get: bool,
    ) -> Result<Answer, Refusal> {
        let admitted = match parameters.admit(limits) {
            Ok(admitted) => admitted,
            Err(rejection) => return Ok(Answer::refusal(ServerError::from(&rejection))),
        };
        check_method(&admitted, by_get)?;
        let session = self.session(transport).await?;
        let kind = admitted.operation_type;
        let request = parameters.into_request(admitted);
        Ok(transport.run(session, kind, request).await)
    }
}

fn check_method(admitted: &Admitted, by_get: bool) -> Result<(), Refusal> {
    match admitted.operation_type {
        OperationType::Mutation if by_get => Err(Refusal::mutation_by_get()),
        OperationType::Subscription => Err(Refusal::bad_input(
            StatusCode::BAD_REQUEST,
            "Subscriptions need a WebSocket (subprotocol graphql-transport-ws) or /graphql/stream.",
            "SUBSCRIPTION_NEEDS_STREAM",
        )),
        _ => Ok(()),
    }
}

/// Reads the query string of a GET.
pub(super) fn read_query_string(parts: &Parts) -> Result<Parameters, Refusal> {
    let Ok(Query(pairs)) = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri) else {
        return Err(Refusal::bad_input(StatusCode::BAD_REQUEST, "The query string cannot be read.", "MALFORMED_REQUEST"));
    };
    Ok(Parameters::from_query_string(pairs)?)
}

/// Reads a body that must be JSON, and not too large nor too slow.
pub(super) async fn read_json_body(headers: &HeaderMap, body: Body, settings: &TransportSettings) -> Result<Bytes, Refusal> {
    check_json(headers)?;
    let limit = settings.max_body_bytes;
    if announced_length(headers).is_some_and(|length| length > limit) {
        return Err(too_large(limit));
    }
    collect_within(body, limit, 0, Pace { pause: settings.body_timeout, deadline: settings.body_timeout }).await
}

/// Refuses a body that is not said to be JSON.
pub(super) fn check_json(headers: &HeaderMap) -> Result<(), Refusal> {
    if negotiation::is_json_body(headers) {
        return Ok(());
    }
    let message = "The body must be application/json in UTF-8.";
    Err(Refusal::bad_input(StatusCode::UNSUPPORTED_MEDIA_TYPE, message, "UNSUPPORTED_MEDIA_TYPE"))
}

/// How long the client says that the body is.
pub(super) fn announced_length(headers: &HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok())
}

/// How fast a body has to come.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// How long nothing of it may come.
    pub pause: Duration,
    /// How long all of it may take.
    pub deadline: Duration,
}

/// Reads a body that is not too large nor too slow. Room is made for as much as is expected: a body that grows takes twice its size.
pub(super) async fn collect_within(body: Body, limit: usize, expected: usize, pace: Pace) -> Result<Bytes, Refusal> {
    timeout(pace.deadline, collect(body, limit, expected, pace.pause)).await.unwrap_or_else(|_| Err(too_slow()))
}

async fn collect(body: Body, limit: usize, expected: usize, pause: Duration) -> Result<Bytes, Refusal> {
    let mut chunks = body.into_data_stream();
    let mut collected = Vec::with_capacity(expected);
    while let Some(chunk) = timeout(pause, chunks.next()).await.map_err(|_| too_slow())? {
        let Ok(chunk) = chunk else {
            return Err(Refusal::bad_input(StatusCode::BAD_REQUEST, "The body broke off.", "MALFORMED_REQUEST"));
        };
        if collected.len() + chunk.len() > limit {
            return Err(too_large(limit));
        }
        collected.extend_from_slice(&chunk);
    }
    Ok(collected.into())
}

/// Refuses a body that comes too slowly.
pub(super) fn too_slow() -> Refusal {
    Refusal::bad_input(StatusCode::REQUEST_TIMEOUT, "The body did not arrive in time.", "BODY_TIMED_OUT")
}

pub(super) fn too_large(limit: usize) -> Refusal {
    let message = format!("The body may have at most {limit} bytes.");
    let status = StatusCode::PAYLOAD_TOO_LARGE;
    Refusal::bad_input(status, &message, "BODY_TOO_LARGE")
}

fn respond_with(media: MediaType, answer: &Answer) -> Response {
    let status = match (answer.status(), media) {
        (Some(status), _) => status,
        (None, MediaType::GraphqlResponse) if answer.is_request_error() => StatusCode::BAD_REQUEST,
        (None, _) => StatusCode::OK,
    };
    let mut response = respond(media, status, answer);
    for (name, value) in answer.headers() {
        response.headers_mut().append(name, value.clone());
    }
    response
}

pub(super) fn respond(media: MediaType, status: StatusCode, body: &impl Serialize) -> Response {
    let (status, body) = match serde_json::to_vec(body) {
        Ok(json) => (status, Body::from(json)),
        Err(failure) => {
            tracing::error!(%failure, "an answer could not be written");
            (StatusCode::INTERNAL_SERVER_ERROR, Body::empty())
        }
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, media.header());
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::VARY, HeaderValue::from_static("Accept"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

//! The link in mails that switches such mails off: `/unsubscribe/{token}`.
//!
//! It works without signing in, and by a POST only: mail servers open the links of mails to look where they lead, and what they open must not change
//! anything. A GET shows a page that asks. Programs that read mails send the POST by themselves (RFC 8058); what its body says is not needed, so it
//! is not read.

use super::http::Refusal;
use super::in_flight::InFlight;
use super::negotiation::MediaType;
use crate::app::error::Result;
use crate::app::notification::{Unsubscribe, find_unsubscription};
use crate::app::ports::StoreError;
use crate::app::{App, AppError};
use crate::domain::Code;
use crate::domain::mail::MailKind;
use askama::Template;
use axum::Router;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::get;
use secrecy::SecretString;

#[derive(Clone)]
struct Unsubscribing {
    app: App,
    in_flight: InFlight,
}

/// What the page says.
enum Page {
    Asks(String),
    Done(String),
    Unknown,
}

#[derive(Template)]
#[template(path = "page/unsubscribe.html")]
struct Html {
    page: Page,
}

/// The path of the links.
pub fn routes(app: App, in_flight: InFlight) -> Router {
    Router::new()
        .route("/unsubscribe/{token}", get(ask).post(unsubscribe).fallback(other_method))
        .with_state(Unsubscribing { app, in_flight })
}

async fn other_method() -> Response {
    Refusal::method("Only GET and POST are understood here.", "METHOD_NOT_ALLOWED", "GET, HEAD, POST").into_response(MediaType::Json)
}

async fn ask(State(state): State<Unsubscribing>, token: Result<Path<String>, PathRejection>) -> Response {
    answer(what(&state.app, &read(token)).await.map(Page::Asks))
}

async fn unsubscribe(State(state): State<Unsubscribing>, token: Result<Path<String>, PathRejection>) -> Response {
    let running = state.in_flight.begin();
    // It runs to its end though the client hangs up.
    let done = tokio::spawn(async move {
        let _held = running;
        let token = read(token);
        let what = what(&state.app, &token).await?;
        state.app.execute(None, None, &Unsubscribe { token }).await?;
        Ok(Page::Done(what))
    });
    answer(done.await.unwrap_or_else(|error| Err(StoreError::Broken(error.into()).into())))
}

/// The token; what cannot be read as text is none of ours.
fn read(token: Result<Path<String>, PathRejection>) -> SecretString {
    token.map(|Path(token)| token).unwrap_or_default().into()
}

/// What the link switches off, as the end of a sentence.
async fn what(app: &App, token: &SecretString) -> Result<String> {
    Ok(match find_unsubscription(app.queries(), token).await?.kind {
        MailKind::Digest => "but those that cannot be switched off".to_owned(),
        kind => format!("of the kind \u{201c}{}\u{201d}", kind.to_string().replace('_', " ").to_lowercase()),
    })
}

fn answer(page: Result<Page>) -> Response {
    let (status, page) = match page {
        Ok(page) => (StatusCode::OK, page),
        Err(AppError::Refused(refusal)) if refusal.code == Code::NotFound => (StatusCode::NOT_FOUND, Page::Unknown),
        Err(error) => return Refusal::from(error).into_response(MediaType::Json),
    };
    let html = match (Html { page }).render() {
        Ok(html) => html,
        Err(error) => return Refusal::from(AppError::from(StoreError::Broken(error.into()))).into_response(MediaType::Json),
    };
    let mut response = Response::new(Body::from(html));
    *response.status_mut() = status;
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // The address of the page is the secret.
        (header::REFERRER_POLICY, "no-referrer"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        ),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

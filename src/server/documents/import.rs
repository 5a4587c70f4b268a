//! Documents and archives on their way in.

use super::{Documents, answer, body, id};
use crate::app::element::{Imported, import};
use crate::app::ports::StoreError;
use crate::app::{self, Actor, AppError, token};
use crate::domain::policy::Action;
use crate::domain::{Code, Reason, WorkspaceId};
use crate::server::endpoint;
use crate::server::http::{Refusal, respond};
use crate::server::negotiation::MediaType;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::Response;
use serde_json::{Value, json};

/// The header that tells that two requests are the same one.
const KEY: &str = "idempotency-key";

/// `POST /workspaces/{id}/import`.
pub(super) async fn take(State(documents): State<Documents>, workspace: Result<Path<String>, PathRejection>, request: Request) -> Response {
    let (parts, mut body) = request.into_parts();
    let imported = documents.import(workspace, &parts, &mut body).await;
    // Who waits to be asked for the body has sent nothing of it.
    if imported.is_err() && !parts.headers.contains_key(header::EXPECT) {
        body::drain(&mut body).await;
    }
    answer(imported)
}

impl Documents {
    async fn import(self, workspace: Result<Path<String>, PathRejection>, parts: &Parts, body: &mut Body) -> Result<Response, Refusal> {
        // Nothing of the body is read, or asked for, before it is known that it may come.
        let actor = endpoint::signed_in(&self.app, parts).await?;
        let workspace: WorkspaceId = id(workspace)?;
        self.app.access(Some(&actor)).workspace(workspace).may(Action::ImportElement).await?;
        endpoint::query(parts, &[])?;
        body::check(&parts.headers, self.app.settings.documents)?;
        let key = key(parts)?;
        let slot = self.imports.take(&actor.id().to_string(), self.pause).await?;
        let source = self.receive(body).await?;
        self.still_good(&actor).await?;
        let running = self.in_flight.begin();
        let app = self.app.clone();
        // It runs to its end though the client hangs up: whether it was done is not to be a matter of moments.
        let imported = tokio::spawn(async move {
            let _held = (running, slot);
            import(&app, &actor, key.as_deref(), workspace, source).await
        });
        let imported = imported.await.map_err(|error| AppError::from(StoreError::Broken(error.into())))?;
        Ok(respond(MediaType::Json, StatusCode::CREATED, &told(&imported?)))
    }

    /// A token may have been revoked while the body came.
    async fn still_good(&self, actor: &Actor) -> Result<(), AppError> {
        match token::find_live(&self.app, actor).await? {
            Some(_) => Ok(()),
            None => Err(app::Refusal::new(Code::Unauthenticated, Reason::InvalidToken, "The access token is not valid any more.").into()),
        }
    }
}

fn key(parts: &Parts) -> Result<Option<String>, Refusal> {
    let mut values = parts.headers.get_all(KEY).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) if value.to_str().is_ok() => Ok(value.to_str().ok().map(str::to_owned)),
        _ => Err(Refusal::bad_input(StatusCode::BAD_REQUEST, "An idempotency key is one line of ASCII.", "MALFORMED_REQUEST")),
    }
}

fn told(imported: &Imported) -> Value {
    let elements = imported.elements.iter();
    let elements: Vec<Value> =
        elements.map(|element| json!({ "id": element.id.to_string(), "kind": element.kind, "name": element.name })).collect();
    json!({ "elements": elements, "warnings": imported.warnings })
}

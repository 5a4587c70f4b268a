//! The audit log of a team as a file: `GET /teams/{id}/audit-log.csv`.
//!
//! It is written page by page as the client takes it. What goes wrong before the first byte is an error of HTTP in the form that
//! errors of GraphQL have; after that the connection breaks off, so that half a log is not taken for a whole one.

use super::endpoint;
use super::http::Refusal;
use super::negotiation::MediaType;
use crate::app::audit::{AuditEntry, Export};
use crate::app::ports::{AuditFilter, StoreError};
use crate::app::{self, App, AppError};
use crate::domain::{Reason, TeamId, Timestamp};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Query, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::get;
use futures_util::stream;
use std::collections::BTreeSet;

/// The first line of the file.
const COLUMNS: [&str; 11] =
    ["id", "kind", "createdAt", "actorId", "actorName", "address", "userAgent", "workspaceId", "targetId", "before", "after"];

/// The path of the file.
pub fn routes(app: App) -> Router {
    Router::new().route("/teams/{id}/audit-log.csv", get(download).fallback(other_method)).with_state(app)
}

async fn other_method() -> Response {
    Refusal::method("Only GET is understood here.", "METHOD_NOT_ALLOWED", "GET, HEAD").into_response(MediaType::Json)
}

async fn download(State(app): State<App>, team: Result<Path<String>, PathRejection>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    match begin(app, team.ok().map(|Path(team)| team), &parts).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(MediaType::Json),
    }
}

async fn begin(app: App, team: Option<String>, parts: &Parts) -> Result<Response, Refusal> {
    let actor = endpoint::signed_in(&app, parts).await?;
    // What is no id leads nowhere, like the id of what is not there.
    let team: TeamId = team.and_then(|team| team.parse().ok()).ok_or_else(|| AppError::from(app::Refusal::not_found()))?;
    // Who may not read it learns nothing of what can be asked for.
    app.access(Some(&actor)).team(team).audit_log().await?;
    let mut export = Export::new(app, actor, team, filter(parts)?);
    let first = export.next_page().await?.unwrap_or_default();
    let first = write(true, &first).map_err(|error| AppError::from(StoreError::Broken(error.into())))?;
    let rest = stream::try_unfold(export, async |mut export| match export.next_page().await {
        Ok(None) => Ok(None),
        Ok(Some(page)) => Ok(Some((write(false, &page)?, export))),
        Err(cause) => {
            tracing::warn!(?cause, "an export of an audit log broke off");
            Err(std::io::Error::other("the export broke off"))
        }
    });
    let chunks = futures_util::StreamExt::chain(stream::once(async move { Ok::<_, std::io::Error>(first) }), rest);
    let mut response = Response::new(Body::from_stream(chunks));
    for (name, value) in [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"audit-log.csv\""),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}

/// The filter in the query string, whose names are those of the schema. A name that is not known is refused: who misspells a
/// filter would take the whole log for what they asked for.
fn filter(parts: &Parts) -> Result<AuditFilter, Refusal> {
    let malformed = |message: &str| Refusal::bad_input(StatusCode::BAD_REQUEST, message, "MALFORMED_REQUEST");
    let Ok(Query(pairs)) = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri) else {
        return Err(malformed("The query string cannot be read."));
    };
    let mut filter = AuditFilter::default();
    let mut seen = BTreeSet::new();
    for (name, value) in &pairs {
        if !seen.insert(name) {
            return Err(malformed("The query string names a filter twice."));
        }
        match name.as_str() {
            "kind" => {
                let wrong = || app::Refusal::bad_input("kind", Reason::InvalidFormat, "This is no kind of event.");
                filter.kind = Some(value.parse().map_err(|_| AppError::from(wrong()))?);
            }
            "actorId" => filter.actor = Some(app::parse_id(value, "actorId")?),
            "workspaceId" => filter.workspace = Some(app::parse_id(value, "workspaceId")?),
            "targetId" => filter.target = Some(AuditFilter::target(value, "targetId")?),
            "since" => filter.since = Some(moment(value, "since")?),
            "until" => filter.until = Some(moment(value, "until")?),
            _ => return Err(malformed("The filters are kind, actorId, workspaceId, targetId, since and until.")),
        }
    }
    Ok(filter)
}

fn moment(text: &str, argument: &'static str) -> app::Result<Timestamp> {
    let message = "A moment reads like 2026-01-31T09:30:00Z.";
    Timestamp::from_rfc3339(text).ok_or_else(|| app::Refusal::bad_input(argument, Reason::InvalidFormat, message).into())
}

/// Some lines of the file, as RFC 4180 has them.
fn write(with_head: bool, entries: &[AuditEntry]) -> std::io::Result<Bytes> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    if with_head {
        writer.write_record(COLUMNS)?;
    }
    for entry in entries {
        writer.write_record(cells(entry).map(harmless))?;
    }
    let bytes = writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
    Ok(bytes.into())
}

fn cells(entry: &AuditEntry) -> [String; COLUMNS.len()] {
    let (event, origin) = (&entry.event, &entry.origin);
    let text = |value: Option<&dyn ToString>| value.map_or_else(String::new, ToString::to_string);
    [
        entry.id.to_string(),
        event.kind.to_string(),
        entry.created_at.to_rfc3339().unwrap_or_default(),
        text(entry.actor_id.as_ref().map(|id| id as _)),
        text(entry.actor_name.as_ref().map(|name| name as _)),
        text(origin.address.as_ref().map(|address| address as _)),
        text(origin.user_agent.as_ref().map(|agent| agent as _)),
        text(event.workspace.as_ref().map(|id| id as _)),
        text(event.target.as_ref().map(|id| id as _)),
        text(event.before.as_ref().map(|value| value as _)),
        text(event.after.as_ref().map(|value| value as _)),
    ]
}

/// A cell that a spreadsheet shows and does not run: a leading quote makes text of what would be a formula.
fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_text_and_text_stays_as_it_is() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(harmless(formula.to_owned()), format!("'{formula}"));
        }
        for text in ["", "Ada", "1=1", "'quoted", " =1"] {
            assert_eq!(harmless(text.to_owned()), text);
        }
    }
}

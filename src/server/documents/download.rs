//! Documents and archives on their way out.

use super::{Documents, answer, id};
use crate::app::element::export::file_type;
use crate::app::element::{Archive, Export, ExportOptions, Parts as DocumentParts};
use crate::app::{self, Actor, AppError};
use crate::domain::document::file_name::file_stem;
use crate::domain::policy::Action;
use crate::domain::{ElementId, Reason, WorkspaceId};
use crate::server::endpoint;
use crate::server::http::Refusal;
use crate::server::slots::Slot;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;
use futures_util::{StreamExt, stream};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::io;

/// `GET /elements/{id}/export`.
pub(super) async fn document(
    State(documents): State<Documents>,
    element: Result<Path<String>, PathRejection>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    answer(send_document(documents, element, &parts).await)
}

/// `GET /workspaces/{id}/archive`.
pub(super) async fn archive(
    State(documents): State<Documents>,
    workspace: Result<Path<String>, PathRejection>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    answer(send_archive(documents, workspace, &parts).await)
}

async fn send_document(documents: Documents, element: Result<Path<String>, PathRejection>, parts: &Parts) -> Result<Response, Refusal> {
    let app = &documents.app;
    let reader = endpoint::caller(app, parts).await?;
    let element: ElementId = id(element)?;
    // Who may not have it learns nothing of what can be asked for.
    app.access(reader.as_ref()).element(element).may(Action::ExportElement).await?;
    let slot = documents.place(reader.as_ref()).await?;
    let options = options(&endpoint::query(parts, &["format", "version", "secrets"])?)?;
    let export = Export::open(app, reader.as_ref(), element, options).await?;
    let (format, element) = (export.format, &export.sight.element);
    let stem = file_stem(&element.name, element.kind.noun());
    let mut parts = export.parts(slot);
    let first = parts.next().await.transpose()?.unwrap_or_default();
    let file = file_type(format, &first);
    respond(file.media_type, &format!("{stem}.{}", file.extension), first, parts)
}

async fn send_archive(documents: Documents, workspace: Result<Path<String>, PathRejection>, parts: &Parts) -> Result<Response, Refusal> {
    let app = &documents.app;
    let reader = endpoint::caller(app, parts).await?;
    let workspace: WorkspaceId = id(workspace)?;
    app.access(reader.as_ref()).workspace(workspace).may(Action::ViewWorkspace).await?;
    app.access(reader.as_ref()).workspace(workspace).may(Action::ExportElement).await?;
    let with_secrets = secrets(&endpoint::query(parts, &["secrets"])?)?;
    let slot = documents.place(reader.as_ref()).await?;
    let archive = Archive::open(app, reader.as_ref(), workspace, !with_secrets).await?;
    let name = format!("{}.zip", file_stem(&archive.name, "workspace"));
    let mut parts = archive.parts(slot);
    let first = parts.next().await.transpose()?.unwrap_or_default();
    respond("application/zip", &name, first, parts)
}

impl Documents {
    /// A place for an export. Those who are not signed in have together what one person has.
    async fn place(&self, reader: Option<&Actor>) -> Result<Slot, Refusal> {
        let person = reader.map(|reader| reader.id().to_string()).unwrap_or_default();
        self.exports.take(&person, self.pause).await
    }
}

fn options(query: &BTreeMap<String, String>) -> Result<ExportOptions, AppError> {
    let wrong = |argument, message: &'static str| app::Refusal::bad_input(argument, Reason::InvalidFormat, message);
    let format = query.get("format").map(|text| text.parse().map_err(|_| wrong("format", "This is no format of a document.")));
    let version = query.get("version").map(|text| text.parse().map_err(|_| wrong("version", "A version is a number.")));
    Ok(ExportOptions { format: format.transpose()?, version: version.transpose()?, without_secrets: !secrets(query)? })
}

/// Whether secret values are asked for, which they are unless somebody says otherwise.
fn secrets(query: &BTreeMap<String, String>) -> Result<bool, AppError> {
    let wrong = || app::Refusal::bad_input("secrets", Reason::InvalidFormat, "This is true or false.");
    Ok(query.get("secrets").map_or(Ok(true), |text| text.parse().map_err(|_| wrong()))?)
}

fn respond(media_type: &'static str, name: &str, first: Vec<u8>, parts: DocumentParts) -> Result<Response, Refusal> {
    let rest = stream::unfold(parts, async |mut parts| {
        let part = parts.next().await?;
        let part = part.map_err(|cause| {
            tracing::warn!(?cause, "an export broke off");
            io::Error::other("the export broke off")
        });
        Some((part, parts))
    });
    let mut response = Response::new(Body::from_stream(stream::once(async { Ok(first) }).chain(rest)));
    let disposition = HeaderValue::try_from(disposition(name)).map_err(|_| AppError::from(app::Refusal::not_found()))?;
    let headers: [(HeaderName, HeaderValue); 4] = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    response.headers_mut().extend(headers);
    Ok(response)
}

/// What a browser saves the document as: its name in ASCII for old ones, and as it is (RFC 6266, RFC 8187).
fn disposition(name: &str) -> String {
    let plain = |character: char| if matches!(character, ' '..='~') && !matches!(character, '"' | '\\' | '%') { character } else { '_' };
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing into a text does not fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    format!("attachment; filename=\"{}\"; filename*=UTF-8''{encoded}", name.chars().map(plain).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_breaks_out_of_no_header() {
        assert_eq!(disposition("Pets.json"), "attachment; filename=\"Pets.json\"; filename*=UTF-8''Pets.json");
        assert_eq!(disposition("é 1%.json"), "attachment; filename=\"_ 1_.json\"; filename*=UTF-8''%C3%A9%201%25.json");
        for name in ["a\r\nSet-Cookie: b=c", "a\"; filename=\"b", "a\\", "\u{0}", "📦'*"] {
            let text = disposition(name);
            assert!(HeaderValue::try_from(&text).is_ok() && text.is_ascii(), "{text}");
            assert_eq!(text.matches('"').count(), 2, "{text}");
        }
    }
}

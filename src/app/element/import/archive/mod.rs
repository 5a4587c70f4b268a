//! The archive of a workspace: all of its elements come in, or none.

mod zip;

use super::draft::Draft;
use super::progress::Progress;
use super::store::{Held, disk};
use super::{Content, Prepared, Source, blocking, prepare as prepare_one, unread};
use crate::app::element::document;
use crate::app::error::{Refusal, Result};
use crate::app::{App, AppError};
use crate::domain::Reason;
use crate::domain::document::archive::{MANIFEST, MAX_MANIFEST, Manifest, ManifestElement};
use crate::domain::document::environment::Environment;
use crate::domain::document::{DocumentError, Limits};
use crate::domain::element::ElementKind;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use tempfile::SpooledTempFile;
use zip::{Wrong, Zip};

/// So many bytes of an unpacked document stay in memory.
const IN_MEMORY: usize = 1024 * 1024;

/// A document in an archive.
#[derive(Debug, Clone)]
pub struct Packed {
    zip: Arc<Zip>,
    file: String,
    most: u64,
}

impl Packed {
    /// The environment that it is: read before, and found to be one.
    pub(super) fn environment(&self) -> std::result::Result<Environment, Unreadable> {
        let mut bytes = Vec::new();
        self.zip.unpack(&self.file, self.most, &mut bytes)?;
        let limits = Limits { bytes: self.most, ..Limits::default() };
        Environment::parse(&bytes, &limits).map_err(|error| Unreadable::Document(self.file.clone(), error))
    }

    fn unpack(&self, most: u64) -> std::result::Result<Source, Unreadable> {
        let mut file = SpooledTempFile::new(IN_MEMORY);
        let length = self.zip.unpack(&self.file, most, &mut file)?;
        Ok(Source::File(Arc::new(Mutex::new(file)), length))
    }
}

/// Why something of an archive cannot be taken in.
#[derive(Debug)]
pub enum Unreadable {
    /// The archive is wrong.
    Archive(Wrong),
    /// The document in this file is.
    Document(String, DocumentError),
}

impl From<Wrong> for Unreadable {
    fn from(wrong: Wrong) -> Self {
        Self::Archive(wrong)
    }
}

/// Reads all elements of an archive, one after the other.
pub(super) async fn prepare(app: &App, source: Source, progress: &mut Progress<'_>) -> Result<Vec<Prepared>> {
    let (zip, manifest, mut left) = opened(app, source).await?;
    let apis = manifest.apis();
    let (mut all, mut held, mut described) = (Vec::with_capacity(manifest.elements.len()), Held::default(), 0);
    for (element, api) in manifest.elements.into_iter().zip(apis) {
        let own = app.settings.documents.of(element.kind);
        let packed = Packed { zip: Arc::clone(&zip), file: element.file.clone(), most: own };
        let (most, unpacking) = (own.min(left), packed.clone());
        let unpacked = blocking(move || unpacking.unpack(most)).await?;
        let source = unpacked.map_err(|error| if most < own { too_large_together(app, error) } else { refused(error) })?;
        let length = source.length();
        left -= length;
        let prepared = document(app, source, element, packed, progress).await?;
        if prepared.kind != ElementKind::Collection {
            progress.passed_document(length);
        }
        described += prepared.description.len() as u64;
        if described > MAX_MANIFEST {
            return Err(described_too_long());
        }
        all.push(Prepared { api, ..prepared });
        held.add(app, &mut all).await?;
        progress.tell(app).await?;
    }
    Ok(all)
}

/// The archive, its manifest, and how many bytes its documents may have together.
async fn opened(app: &App, source: Source) -> Result<(Arc<Zip>, Manifest, u64)> {
    let most = app.settings.documents.archive;
    let read = move || {
        let (zip, mut manifest) = (Zip::open(source)?, Vec::new());
        let length = zip.unpack(MANIFEST, MAX_MANIFEST.min(most), &mut manifest)?;
        let manifest = Manifest::parse(&manifest).map_err(|error| Unreadable::Document(MANIFEST.to_owned(), error))?;
        let named: HashSet<&str> = manifest.elements.iter().map(|element| element.file.as_str()).chain([MANIFEST]).collect();
        if let Some(other) = zip.names().find(|name| !named.contains(name)) {
            let problem = "the manifest does not name it".to_owned();
            return Err(Wrong::Malformed(Some(other.to_owned()), problem).into());
        }
        Ok((Arc::new(zip), manifest, most - length))
    };
    blocking(read).await?.map_err(refused)
}

/// What a document of an archive is to become: of the kind and format that the manifest says.
async fn document(app: &App, source: Source, element: ManifestElement, packed: Packed, progress: &mut Progress<'_>) -> Result<Prepared> {
    let largest = app.settings.documents;
    let at = |error| within(&element.file, error);
    let draft = blocking(move || Draft::read(&source, largest)).await?.map_err(unread).map_err(at)?;
    let mut prepared = prepare_one(app, draft, progress).await?;
    if (prepared.kind, prepared.format) != (element.kind, element.format) {
        let message = format!("This cannot be taken in: the manifest says that {} is something else than it is.", element.file);
        return Err(at(Refusal::bad_input("content", Reason::InvalidDocument, message).into()));
    }
    for warning in &mut prepared.warnings {
        *warning = format!("{}: {warning}", element.file);
    }
    if let Content::Environment(_) = prepared.content {
        // So many of them may there be that they are not all held in memory until they are sealed.
        prepared.content = Content::Packed(packed);
    }
    if prepared.kind != ElementKind::Collection {
        // What a collection is called stands in its document.
        prepared.name = element.name;
        prepared.description = element.description;
    }
    Ok(prepared)
}

/// The refusal of something of an archive, that says in which of its files.
pub(super) fn refused(error: Unreadable) -> AppError {
    let (reason, entry, problem) = match error {
        Unreadable::Document(file, error) => return within(&file, document::refused("content", &error).into()),
        Unreadable::Archive(Wrong::Disk(error)) => return disk(error),
        Unreadable::Archive(Wrong::Malformed(entry, problem)) => (Reason::MalformedArchive, entry, problem),
        Unreadable::Archive(Wrong::TooLarge(entry, problem)) => (Reason::TooLarge, entry, problem),
        Unreadable::Archive(Wrong::TooMany(problem)) => (Reason::TooMany, None, problem),
    };
    let at = entry.as_ref().map(|entry| format!("{entry:?}: ")).unwrap_or_default();
    let refusal = Refusal::bad_input("content", reason, format!("This archive cannot be taken in: {at}{problem}."));
    match entry {
        Some(entry) => refusal.with_details(json!({ "entry": entry })).into(),
        None => refusal.into(),
    }
}

fn too_large_together(app: &App, error: Unreadable) -> AppError {
    match error {
        Unreadable::Archive(Wrong::TooLarge(entry, _)) => {
            let problem = format!("all documents together have more than {} bytes", app.settings.documents.archive);
            refused(Wrong::TooLarge(entry, problem).into())
        }
        other => refused(other),
    }
}

/// All descriptions are held until the elements are made. More of them than a manifest has place for would not go out again, either.
fn described_too_long() -> AppError {
    refused(Wrong::TooLarge(None, format!("the descriptions of its elements have more than {MAX_MANIFEST} bytes together")).into())
}

/// The same error, in this file of the archive.
fn within(file: &str, error: AppError) -> AppError {
    let AppError::Refused(mut refusal) = error else { return error };
    let mut details = refusal.details.take().unwrap_or_else(|| json!({}));
    details["entry"] = Value::from(file);
    refusal.message = format!("{file}: {}", refusal.message).into();
    refusal.details = Some(details);
    AppError::Refused(refusal)
}

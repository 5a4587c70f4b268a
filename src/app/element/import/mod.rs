//! Bringing documents in: as new elements, or in the place of what an element is.
//!
//! A document is read and checked before anything is written. What is small is written in one transaction; the parts of a large one are
//! written before the element is, and its progress is told to whoever follows the workspace.

mod draft;
mod progress;
mod replace;
mod source;
mod spool;
mod store;

pub use replace::{Replacement, replace};
pub use source::Source;
pub(super) use store::Stored;

use super::document::{format_of, refused, shown_name};
use super::environment::{Earlier, seal};
use super::record;
use crate::app::error::Result;
use crate::app::model::Element;
use crate::app::ports::StoreError;
use crate::app::{Actor, App, AppError, Command, Work};
use crate::domain::activity::{Activity, ElementRef};
use crate::domain::document::ReadError;
use crate::domain::document::environment::{Environment, Scope};
use crate::domain::element::{ElementFormat, ElementKind};
use crate::domain::policy::Action;
use crate::domain::snapshot::{ItemEntry, Salt, ranked};
use crate::domain::{ElementId, WorkspaceId};
use draft::{CollectionDraft, Draft};
use progress::Progress;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{self, Read};
use store::disk;
use tokio::task::spawn_blocking;

/// What an import made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Imported {
    /// The new elements.
    pub elements: Vec<ElementId>,
    /// What the author of the document should know.
    pub warnings: Vec<String>,
}

/// What an element is to be, as its document says.
#[derive(Debug, Clone)]
pub(super) struct Prepared {
    pub kind: ElementKind,
    pub format: ElementFormat,
    pub name: String,
    pub description: String,
    pub content: Content,
    pub warnings: Vec<String>,
}

/// What a document is stored as.
#[derive(Debug, Clone)]
pub(super) enum Content {
    /// Nodes, of which the last ones are written with the element.
    Nodes(Stored),
    /// An environment, which is sealed when it is written.
    Environment(Environment),
}

impl Content {
    /// What is to be written. Of an environment, what was secret earlier and has not changed is kept as it is.
    pub async fn stored(&self, work: &Work<'_>, app: &App, earlier: Option<&Earlier>) -> Result<Cow<'_, Stored>> {
        match self {
            Self::Nodes(stored) => Ok(Cow::Borrowed(stored)),
            Self::Environment(plain) => {
                let size = plain.to_bytes().len() as u64;
                let mut sealed = plain.clone();
                seal(work, app, &mut sealed, earlier).await?;
                Ok(Cow::Owned(Stored { size, ..Stored::single(sealed.to_bytes()) }))
            }
        }
    }
}

/// Makes an element of what was prepared.
#[derive(Debug, Serialize)]
struct ImportElement {
    workspace: WorkspaceId,
    /// What the document is recognised by.
    digest: [u8; 32],
    #[serde(skip)]
    prepared: Prepared,
}

impl Command for ImportElement {
    const NAME: &'static str = "importElements";
    const HOLDS_SECRETS: bool = true;
    type Outcome = Imported;

    async fn run(&self, work: &mut Work<'_>, app: &App) -> Result<Imported> {
        let actor = work.actor()?.id();
        let workspace = work.access().workspace(self.workspace).may(Action::ImportElement).await?;
        let Prepared { kind, format, name, description, content, warnings } = &self.prepared;
        let stored = content.stored(work, app, None).await?;
        let element = Element {
            id: work.new_id()?,
            team_id: workspace.workspace.team_id,
            workspace_id: Some(self.workspace),
            kind: *kind,
            format: *format,
            name: name.clone(),
            description: description.clone(),
            api_id: None,
            version: 1,
            size_bytes: i64::try_from(stored.size).unwrap_or(i64::MAX),
            root: stored.root,
            created_at: work.now(),
            created_by: actor,
            updated_at: work.now(),
            updated_by: actor,
        };
        stored.insert(work).await?;
        work.tx.insert_element(&element, &json!([]), None).await?;
        record(work, &workspace, Activity::ElementImported(ElementRef { element_id: element.id, kind: *kind, name: name.clone() }));
        Ok(Imported { elements: vec![element.id], warnings: warnings.clone() })
    }
}

/// Brings a document into a workspace.
///
/// # Errors
/// Not found, or forbidden, as the policy says; what is wrong with the document and where; what broke. No element was made then.
pub async fn import(app: &App, actor: &Actor, key: Option<&str>, workspace: WorkspaceId, source: Source) -> Result<Imported> {
    app.access(Some(actor)).workspace(workspace).may(Action::ImportElement).await?;
    let digest = digest(source.clone()).await?;
    let draft = read(app, source).await?;
    let mut progress = Progress::new(actor, workspace, format!("{:x}", Sha256::digest(digest)));
    let prepared = match prepare(app, draft, &mut progress).await {
        Ok(prepared) => prepared,
        Err(error) => {
            progress.fail(app).await;
            return Err(error);
        }
    };
    let imported = app.execute(Some(actor), key, &ImportElement { workspace, digest, prepared }).await;
    if imported.is_err() {
        progress.fail(app).await;
    }
    imported
}

async fn prepare(app: &App, draft: Draft, progress: &mut Progress<'_>) -> Result<Prepared> {
    match draft {
        Draft::Collection(mut draft) => {
            let mut salt = [0; 16];
            app.entropy.fill(&mut salt).map_err(|error| StoreError::Broken(error.into()))?;
            let entries = ranked(&HashMap::new(), std::mem::take(&mut draft.arrivals));
            collection(app, *draft, entries, Salt::new(salt), progress).await
        }
        other => Ok(single(other)),
    }
}

/// What is one node.
fn single(draft: Draft) -> Prepared {
    let (kind, format, name, content) = match draft {
        Draft::Definition(bytes, definition) => {
            let name = shown_name(definition.title.as_deref().unwrap_or_default(), "Untitled API");
            (ElementKind::Api, ElementFormat::Definition, name, Content::Nodes(Stored::definition(bytes, &definition)))
        }
        Draft::Environment(environment) => {
            let (format, otherwise) = match environment.scope() {
                Scope::Environment => (ElementFormat::Environment, "Untitled environment"),
                Scope::Globals => (ElementFormat::Globals, "Globals"),
            };
            let name = shown_name(environment.name().unwrap_or_default(), otherwise);
            (ElementKind::Environment, format, name, Content::Environment(environment))
        }
        Draft::Collection(draft) => {
            (ElementKind::Collection, format_of(draft.read.version), draft.name, Content::Nodes(Stored::single(draft.read.head)))
        }
    };
    Prepared { kind, format, name, description: String::new(), content, warnings: Vec::new() }
}

async fn collection(
    app: &App,
    draft: CollectionDraft,
    entries: Vec<ItemEntry>,
    salt: Salt,
    progress: &mut Progress<'_>,
) -> Result<Prepared> {
    let (name, description, warnings) = (draft.name.clone(), draft.description.clone(), draft.warnings.clone());
    let format = format_of(draft.read.version);
    let content = Content::Nodes(store::collection(app, draft, entries, salt, progress).await?);
    Ok(Prepared { kind: ElementKind::Collection, format, name, description, content, warnings })
}

/// Reads a document, away from those who answer requests: a large one takes a while.
async fn read(app: &App, source: Source) -> Result<Draft> {
    let largest = app.settings.documents;
    blocking(move || Draft::read(&source, largest)).await?.map_err(unread)
}

/// What a document is recognised by when it is sent again under an idempotency key.
async fn digest(source: Source) -> Result<[u8; 32]> {
    let digest = move || {
        let (mut reader, mut hasher, mut buffer) = (source.open()?, Sha256::new(), vec![0; 64 * 1024]);
        loop {
            match reader.read(&mut buffer)? {
                0 => return io::Result::Ok(hasher.finalize().into()),
                read => hasher.update(&buffer[..read]),
            }
        }
    };
    blocking(digest).await?.map_err(disk)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let broken = |error: tokio::task::JoinError| StoreError::Broken(error.into());
    Ok(spawn_blocking(work).await.map_err(broken)?)
}

fn unread(error: ReadError<io::Error>) -> AppError {
    match error {
        ReadError::Document(error) => refused("content", &error).into(),
        ReadError::Input(error) | ReadError::Sink(error) => disk(error),
    }
}

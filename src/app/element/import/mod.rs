//! Bringing documents in: as new elements, or in the place of what an element is.
//!
//! A document is read and checked before anything is written. What is small is written in one transaction; the parts of a large one are
//! written before the element is, and its progress is told to whoever follows the workspace.

mod archive;
mod draft;
mod progress;
mod replace;
mod source;
mod spool;
mod store;

pub use replace::{Replacement, replace};
pub use source::Source;
pub(in crate::app) use store::Stored;

use super::document::{format_of, refused, shown_name};
use super::environment::{Earlier, seal};
use super::{blocking, record};
use crate::app::error::Result;
use crate::app::model::{Element, WorkspaceSight};
use crate::app::ports::StoreError;
use crate::app::{Actor, App, AppError, Command, Work};
use crate::domain::activity::{Activity, ElementRef};
use crate::domain::document::ReadError;
use crate::domain::document::definition::Definition;
use crate::domain::document::environment::{Environment, Scope};
use crate::domain::element::{ElementFormat, ElementKind};
use crate::domain::policy::Action;
use crate::domain::snapshot::{ItemEntry, Salt, ranked};
use crate::domain::{ElementId, WorkspaceId};
use archive::Packed;
use draft::{CollectionDraft, Draft};
use progress::{Progress, Target};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{self, Read};
use store::disk;

/// What an import made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Imported {
    /// The new elements, in the order in which they came.
    pub elements: Vec<ImportedElement>,
    /// What the author of the document should know.
    pub warnings: Vec<String>,
}

/// An element that an import made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ImportedElement {
    /// Its id.
    pub id: ElementId,
    /// What it is.
    pub kind: ElementKind,
    /// Its name.
    pub name: String,
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
    /// The place of the API that it belongs to, among all that are made together.
    pub api: Option<usize>,
}

/// What a document is stored as.
#[derive(Debug, Clone)]
pub(super) enum Content {
    /// Nodes, of which the last ones are written with the element.
    Nodes(Stored),
    /// An environment, which is sealed when it is written.
    Environment(Environment),
    /// An environment in an archive, which is read when it is written.
    Packed(Packed),
}

impl Content {
    /// What is to be written. Of an environment, what was secret earlier and has not changed is kept as it is.
    pub async fn stored(&self, work: &Work<'_>, app: &App, earlier: Option<&Earlier>) -> Result<Cow<'_, Stored>> {
        match self {
            Self::Nodes(stored) => Ok(Cow::Borrowed(stored)),
            Self::Environment(plain) => Ok(Cow::Owned(sealed(work, app, plain.clone(), earlier).await?)),
            Self::Packed(packed) => {
                let packed = packed.clone();
                let plain = blocking(move || packed.environment()).await?.map_err(archive::refused)?;
                Ok(Cow::Owned(sealed(work, app, plain, earlier).await?))
            }
        }
    }
}

async fn sealed(work: &Work<'_>, app: &App, mut environment: Environment, earlier: Option<&Earlier>) -> Result<Stored> {
    let size = environment.to_bytes().len() as u64;
    seal(work, app, &mut environment, earlier).await?;
    Ok(Stored { size, ..Stored::single(environment.to_bytes()) })
}

/// Makes elements of what was prepared: all of them, or none.
#[derive(Debug, Serialize)]
struct ImportElements {
    workspace: WorkspaceId,
    /// What the document is recognised by.
    digest: [u8; 32],
    #[serde(skip)]
    prepared: Vec<Prepared>,
}

impl Command for ImportElements {
    const NAME: &'static str = "importElements";
    const HOLDS_SECRETS: bool = true;
    type Outcome = Imported;

    async fn run(&self, work: &mut Work<'_>, app: &App) -> Result<Imported> {
        let workspace = work.access().workspace(self.workspace).may(Action::ImportElement).await?;
        // Ids of one moment are in no order of their own, and elements are listed by id.
        let mut ids = self.prepared.iter().map(|_| work.new_id()).collect::<Result<Vec<ElementId>>>()?;
        ids.sort_unstable();
        // What others belong to comes first.
        let (apis, others): (Vec<_>, Vec<_>) = ids.iter().zip(&self.prepared).partition(|(_, prepared)| prepared.api.is_none());
        for (id, prepared) in apis.into_iter().chain(others) {
            let api = prepared.api.and_then(|place| ids.get(place).copied());
            insert(work, app, &workspace, *id, api, prepared).await?;
        }
        let mut imported = Imported { elements: Vec::with_capacity(ids.len()), warnings: Vec::new() };
        for (id, Prepared { kind, name, warnings, .. }) in ids.into_iter().zip(&self.prepared) {
            record(work, &workspace, Activity::ElementImported(ElementRef { element_id: id, kind: *kind, name: name.clone() }));
            imported.elements.push(ImportedElement { id, kind: *kind, name: name.clone() });
            imported.warnings.extend_from_slice(warnings);
        }
        Ok(imported)
    }
}

async fn insert(
    work: &Work<'_>,
    app: &App,
    workspace: &WorkspaceSight,
    id: ElementId,
    api_id: Option<ElementId>,
    prepared: &Prepared,
) -> Result<()> {
    let actor = work.actor()?.id();
    let stored = prepared.content.stored(work, app, None).await?;
    let element = Element {
        id,
        team_id: workspace.workspace.team_id,
        workspace_id: Some(workspace.workspace.id),
        kind: prepared.kind,
        format: prepared.format,
        name: prepared.name.clone(),
        description: prepared.description.clone(),
        api_id,
        version: 1,
        size_bytes: i64::try_from(stored.size).unwrap_or(i64::MAX),
        root: stored.root,
        created_at: work.now(),
        created_by: actor,
        updated_at: work.now(),
        updated_by: actor,
    };
    stored.insert(work).await?;
    Ok(work.tx.insert_element(&element, &json!([]), None).await?)
}

/// Brings a document into a workspace, or all that is in an archive.
///
/// # Errors
/// Not found, or forbidden, as the policy says; what is wrong with the document and where; what broke. No element was made then.
pub async fn import(app: &App, actor: &Actor, key: Option<&str>, workspace: WorkspaceId, source: Source) -> Result<Imported> {
    app.access(Some(actor)).workspace(workspace).may(Action::ImportElement).await?;
    let digest = digest(source.clone()).await?;
    let mut progress = Progress::new(actor, Target::Workspace(workspace), format!("{:x}", Sha256::digest(digest)));
    let prepared = match prepare_all(app, source, &mut progress).await {
        Ok(prepared) => prepared,
        Err(error) => {
            progress.fail(app).await;
            return Err(error);
        }
    };
    let imported = app.execute(Some(actor), key, &ImportElements { workspace, digest, prepared }).await;
    if imported.is_err() {
        progress.fail(app).await;
    }
    imported
}

/// What a document or an archive is to become.
async fn prepare_all(app: &App, source: Source, progress: &mut Progress<'_>) -> Result<Vec<Prepared>> {
    if source.is_archive().map_err(disk)? {
        return archive::prepare(app, source, progress).await;
    }
    let draft = read(app, source).await?;
    Ok(vec![prepare(app, draft, progress).await?])
}

async fn prepare(app: &App, draft: Draft, progress: &mut Progress<'_>) -> Result<Prepared> {
    match draft {
        Draft::Collection(mut draft) => {
            let mut salt = [0; 16];
            app.entropy.fill(&mut salt).map_err(|error| StoreError::Broken(error.into()))?;
            let entries = ranked(&HashMap::new(), std::mem::take(&mut draft.arrivals));
            collection(app, *draft, entries, Salt::new(salt), progress).await
        }
        Draft::Environment(environment) => Ok(Prepared::environment(environment)),
        Draft::Definition(bytes, definition) => Ok(Prepared::definition(bytes, &definition)),
    }
}

impl Prepared {
    fn definition(bytes: Vec<u8>, definition: &Definition) -> Self {
        let name = shown_name(definition.title.as_deref().unwrap_or_default(), "Untitled API");
        Self::single(ElementKind::Api, ElementFormat::Definition, name, Content::Nodes(Stored::definition(bytes, definition)))
    }

    fn environment(environment: Environment) -> Self {
        let (format, otherwise) = match environment.scope() {
            Scope::Environment => (ElementFormat::Environment, "Untitled environment"),
            Scope::Globals => (ElementFormat::Globals, "Globals"),
        };
        let name = shown_name(environment.name().unwrap_or_default(), otherwise);
        Self::single(ElementKind::Environment, format, name, Content::Environment(environment))
    }

    /// What is one node.
    const fn single(kind: ElementKind, format: ElementFormat, name: String, content: Content) -> Self {
        Self { kind, format, name, description: String::new(), content, warnings: Vec::new(), api: None }
    }
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
    Ok(Prepared { kind: ElementKind::Collection, format, name, description, content, warnings, api: None })
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

fn unread(error: ReadError<io::Error>) -> AppError {
    match error {
        ReadError::Document(error) => refused("content", &error).into(),
        ReadError::Input(error) | ReadError::Sink(error) => disk(error),
    }
}

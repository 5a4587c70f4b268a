//! A whole workspace on its way out: a zip with a manifest and the document of every element.

use super::parts::{Outlet, PART, Parts};
use super::zip::{Gone, Zip};
use super::{Export, ExportOptions, file_type};
use crate::app::element::document::shown_name;
use crate::app::error::{Refusal, Result};
use crate::app::model::{Element, Language, WorkspaceSight};
use crate::app::paging::{Direction, MAX_PAGE_SIZE, PageRequest};
use crate::app::ports::{ElementFilter, StoreError};
use crate::app::{Actor, App, AppError};
use crate::domain::document::archive::{
    FORMAT, MANIFEST, MAX_ELEMENTS, MAX_MANIFEST, Manifest, ManifestElement, ManifestWorkspace, VERSION,
};
use crate::domain::document::definition::FileType;
use crate::domain::document::file_name::{FileNames, file_stem};
use crate::domain::element::{ElementFormat, ElementKind};
use crate::domain::policy::Action;
use crate::domain::snapshot::NodeHash;
use crate::domain::{ElementId, Reason, Timestamp, WorkspaceId};
use std::collections::{HashMap, HashSet};

/// Of so many definitions it is looked up at once what they are written in.
const DEFINITIONS_AT_ONCE: usize = 1_000;

/// A workspace that somebody may take with them.
#[derive(Debug, Clone)]
pub struct Archive {
    app: App,
    reader: Option<Actor>,
    without_secrets: bool,
    manifest: Vec<u8>,
    files: Vec<File>,
    /// The name of the workspace.
    pub name: String,
}

/// A file of the archive.
#[derive(Debug, Clone)]
struct File {
    name: String,
    element: ElementId,
    version: i32,
    changed_at: Timestamp,
}

impl Archive {
    /// The archive of a workspace as it is now. Secret values are left out where that is asked for, and for whoever may not edit.
    ///
    /// # Errors
    /// Not found, or forbidden, as the policy says; that there is more in the workspace than an archive holds.
    pub async fn open(app: &App, reader: Option<&Actor>, workspace: WorkspaceId, without_secrets: bool) -> Result<Self> {
        let sight = may(app, reader, workspace).await?;
        let elements = list(app, reader, workspace).await?;
        let mut names = FileNames::default();
        let (mut files, mut entries) = (Vec::with_capacity(elements.len()), Vec::with_capacity(elements.len()));
        let ids: HashSet<ElementId> = elements.iter().map(|element| element.id).collect();
        let languages = languages(app, &elements).await?;
        for element in elements {
            let extension = extension(app, &languages, &element).await?;
            let name = names.next(folder(element.kind), &file_stem(&element.name, element.kind.noun()), extension);
            files.push(File { name: name.clone(), element: element.id, version: element.version, changed_at: element.updated_at });
            entries.push(ManifestElement {
                file: name,
                kind: element.kind,
                // Whatever it was allowed to be when it was given: what an archive says is taken in again.
                name: shown_name(&element.name, element.kind.noun()),
                description: element.description,
                format: element.format,
                id: element.id.to_string(),
                api: element.api_id.filter(|api| ids.contains(api)).map(|api| api.to_string()),
            });
        }
        let workspace = sight.workspace;
        let name = workspace.name.clone();
        let described = ManifestWorkspace { name: workspace.name, summary: workspace.summary, description: workspace.description };
        let manifest = Manifest { format: FORMAT.to_owned(), version: VERSION, workspace: described, elements: entries };
        let manifest = serde_json::to_vec_pretty(&manifest).map_err(|error| StoreError::Broken(error.into()))?;
        if manifest.len() as u64 > MAX_MANIFEST {
            return Err(too_long());
        }
        Ok(Self { app: app.clone(), reader: reader.cloned(), without_secrets, manifest, files, name })
    }

    /// The archive, part by part. What is given to it is held until all of it is written, or nobody reads any more.
    #[must_use]
    pub fn parts(self, held: impl Send + 'static) -> Parts {
        Parts::of(held, async move |outlet| self.write(outlet).await)
    }

    async fn write(self, outlet: Outlet) -> Result<()> {
        let mut zip = Zip::new(outlet);
        let mut manifest = zip.file(MANIFEST, self.app.now())?;
        for part in self.manifest.chunks(PART) {
            if let Err(Gone) = manifest.add(part.to_vec()).await? {
                return Ok(());
            }
        }
        manifest.finish()?;
        for file in &self.files {
            // An element that has gone, or may not be read any more, breaks the archive off: what is left would not be what the manifest says.
            let options = ExportOptions { version: Some(file.version), without_secrets: self.without_secrets, ..ExportOptions::default() };
            let export = Export::open(&self.app, self.reader.as_ref(), file.element, options).await?;
            export.check().await?;
            let (mut parts, mut entry) = (export.parts(()), zip.file(&file.name, file.changed_at)?);
            while let Some(part) = parts.next().await {
                if let Err(Gone) = entry.add(part?).await? {
                    return Ok(());
                }
            }
            entry.finish()?;
        }
        zip.finish().await
    }
}

/// The workspace, for taking all of it away.
async fn may(app: &App, reader: Option<&Actor>, workspace: WorkspaceId) -> Result<WorkspaceSight> {
    app.access(reader).workspace(workspace).may(Action::ViewWorkspace).await?;
    Ok(app.access(reader).workspace(workspace).may(Action::ExportElement).await?.into_inner())
}

/// The elements of a workspace, oldest first.
async fn list(app: &App, reader: Option<&Actor>, workspace: WorkspaceId) -> Result<Vec<Element>> {
    let (filter, mut elements, mut after, mut described) = (ElementFilter::default(), Vec::new(), None, 0);
    loop {
        let request = PageRequest { after, before: None, size: MAX_PAGE_SIZE, direction: Direction::Forward };
        let page = app.queries().list_elements(reader.map(Actor::id), workspace, &filter, request).await?;
        described += page.items.iter().map(|row| row.element.description.len() as u64).sum::<u64>();
        elements.extend(page.items.into_iter().map(|row| row.element));
        if elements.len() > MAX_ELEMENTS {
            let message = format!("The workspace has more than {MAX_ELEMENTS} elements, which is the most that an archive holds.");
            return Err(Refusal::precondition(Reason::TooMany, message).into());
        }
        if described > MAX_MANIFEST {
            return Err(too_long());
        }
        if !page.has_next {
            return Ok(elements);
        }
        after = elements.last().map(|element| element.id.uuid());
    }
}

fn too_long() -> AppError {
    let message = "The descriptions of what is in this workspace are too long for the manifest of an archive.";
    Refusal::precondition(Reason::TooLarge, message).into()
}

const fn folder(kind: ElementKind) -> &'static str {
    match kind {
        ElementKind::Api => "apis",
        ElementKind::Collection => "collections",
        ElementKind::Environment => "environments",
    }
}

/// What the definitions among these elements are written in, as far as that is kept beside them.
async fn languages(app: &App, elements: &[Element]) -> Result<HashMap<NodeHash, Language>> {
    let definitions = elements.iter().filter(|element| element.format == ElementFormat::Definition);
    let hashes: Vec<NodeHash> = definitions.map(|element| NodeHash::new(element.root)).collect();
    let mut languages = HashMap::with_capacity(hashes.len());
    for some in hashes.chunks(DEFINITIONS_AT_ONCE) {
        languages.extend(app.queries().list_definitions(some).await?);
    }
    Ok(languages)
}

async fn extension(app: &App, languages: &HashMap<NodeHash, Language>, element: &Element) -> Result<&'static str> {
    let root = NodeHash::new(element.root);
    if element.format != ElementFormat::Definition {
        return Ok(file_type(element.format, &[]).extension);
    }
    if let Some(language) = languages.get(&root) {
        return Ok(FileType::written_in(language.kind, language.syntax).extension);
    }
    let definition = app.queries().nodes(&[root]).await?.pop().unwrap_or_default();
    Ok(file_type(element.format, &definition).extension)
}

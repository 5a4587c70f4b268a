//! What every new element is written as.

use super::import::Stored;
use super::record;
use crate::app::Work;
use crate::app::access::Granted;
use crate::app::error::Result;
use crate::app::model::{Element, WorkspaceSight};
use crate::domain::ElementId;
use crate::domain::activity::{Activity, ElementRef};
use crate::domain::element::{ElementFormat, ElementKind};
use serde_json::json;

/// An element that is to be.
pub(super) struct NewElement {
    pub id: ElementId,
    pub kind: ElementKind,
    pub format: ElementFormat,
    pub name: String,
    pub description: String,
    pub stored: Stored,
}

/// Writes a new element with its document, and tells the workspace.
pub(super) async fn create(work: &mut Work<'_>, workspace: &Granted<WorkspaceSight>, new: NewElement) -> Result<()> {
    let (actor, NewElement { id, kind, format, name, description, stored }) = (work.actor()?.id(), new);
    let element = Element {
        id,
        team_id: workspace.workspace.team_id,
        workspace_id: Some(workspace.workspace.id),
        kind,
        format,
        name,
        description,
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
    record(work, workspace, Activity::ElementCreated(ElementRef { element_id: id, kind, name: element.name }));
    Ok(())
}

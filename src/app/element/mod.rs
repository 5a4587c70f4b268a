//! Elements: made, brought in, edited together, moved, thrown away and brought back.

pub mod api;
mod create;
mod create_collection;
mod diff;
pub(in crate::app) mod document;
mod edit;
pub mod environment;
pub mod export;
mod import;
mod moving;
mod restore_revision;
mod revise;

pub use api::{ApiEdit, NewApi, create_api, update_api};
pub use create_collection::CreateCollection;
pub use diff::{ChangePlace, Comparison, ElementChange, Part};
pub(in crate::app) use edit::collection_content;
pub use edit::{EditCollection, Operation};
pub use environment::{CreateEnvironment, UpdateEnvironment};
pub use export::{Archive, Export, ExportOptions, Parts};
pub(in crate::app) use import::Stored;
pub use import::{Imported, ImportedElement, Replacement, Source, import, replace};
pub(in crate::app) use moving::tell_creators;
pub use moving::{AttachCollection, DetachCollection, MoveElement, Moved, narrow_to_targets};
pub use restore_revision::RestoreRevision;
pub(in crate::app) use restore_revision::environment_content;
pub(in crate::app) use revise::{NewRevision, revise};

use super::access::ElementSight;
use super::error::{Refusal, Result};
use super::model::{Recipient, Revision, WorkspaceSight};
use super::paging::{Direction, PageRequest};
use super::ports::StoreError;
use super::work::Work;
use crate::domain::activity::Activity;
use crate::domain::element::ElementKind;
use crate::domain::{OrganizationId, Reason, UserId, WorkspaceId};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tokio::task::{JoinError, spawn_blocking};

/// How many revisions an answer to a stale version tells of.
const TOLD_REVISIONS: usize = 50;

/// The most bytes of what was done that a revision keeps.
const MAX_CHANGES_BYTES: usize = 64 * 1024;

/// After so many bytes an answer to a stale version tells of no more revisions.
const MAX_TOLD_BYTES: usize = 256 * 1024;

/// The organization of whoever acts, where they are a partner here: in multi-partner mode, those of another one do not read what they did.
pub(super) fn organization_of(workspace: &WorkspaceSight) -> Option<OrganizationId> {
    workspace.standing.partner_grant().and_then(|grant| grant.organization)
}

/// Those of these people for whom, in multi-partner mode, nothing is there that only partners of this organization know of.
pub(super) async fn unseeing(
    work: &Work<'_>,
    sight: &ElementSight,
    audience: Option<OrganizationId>,
    people: &[Recipient],
) -> Result<BTreeSet<UserId>> {
    let workspace = &sight.workspace.workspace;
    let Some(audience) = audience.filter(|_| workspace.multi_partner) else { return Ok(BTreeSet::new()) };
    let ids: Vec<UserId> = people.iter().map(|person| person.user_id).collect();
    Ok(work.tx.list_unseeing(&ids, workspace.id, audience, work.now()).await?.into_iter().collect())
}

/// Records what somebody did in the workspace of an element.
pub(super) fn record(work: &mut Work<'_>, workspace: &WorkspaceSight, activity: Activity) {
    let (id, organization): (WorkspaceId, _) = (workspace.workspace.id, organization_of(workspace));
    work.record_of(id, organization, activity);
}

impl ElementSight {
    /// Records what the reader did to it, in its workspace.
    pub(super) fn record(&self, work: &mut Work<'_>, activity: Activity) {
        record(work, &self.workspace, activity);
    }
}

/// Refuses an element of another kind.
pub(super) fn expect_kind(sight: &ElementSight, kind: ElementKind, argument: &'static str) -> Result<()> {
    if sight.element.kind == kind {
        return Ok(());
    }
    let message = format!("This is the id of another kind of element: what is needed is an element of the kind {kind}.");
    Err(Refusal::bad_input(argument, Reason::WrongKind, message).into())
}

/// Refuses a change that was made against another version than the one that is current, and tells what has changed since.
pub(super) async fn expect_version(work: &Work<'_>, sight: &ElementSight, expected: Option<i32>) -> Result<()> {
    let current = sight.element.version;
    let Some(expected) = expected.filter(|expected| *expected != current) else { return Ok(()) };
    let page = PageRequest { after: Some(i64::from(expected)), before: None, size: TOLD_REVISIONS, direction: Direction::Forward };
    let since = work.tx.list_revisions(sight.element.id, page).await?;
    let (changes, all) = told(&since.items);
    let details = json!({ "currentVersion": current, "changes": changes, "changesComplete": all && !since.has_next });
    Err(Refusal::stale("expectedVersion", "element", current).with_details(details).into())
}

/// What was done by these revisions, as far as an answer holds it, and whether that is all of it.
fn told(revisions: &[Revision]) -> (Vec<Value>, bool) {
    let (mut changes, mut bytes) = (Vec::with_capacity(revisions.len()), 0);
    for Revision { version, changes: operations, .. } in revisions {
        bytes += operations.to_string().len();
        if bytes > MAX_TOLD_BYTES || is_untold(*version, operations) {
            return (changes, false);
        }
        changes.push(json!({ "version": version, "operations": operations }));
    }
    (changes, true)
}

/// Whether more was done than the revision tells. What made the element was nothing that was done to it.
fn is_untold(version: i32, changes: &Value) -> bool {
    version > 1 && changes.as_array().is_some_and(Vec::is_empty)
}

/// What a revision tells of what was done: all of it, or nothing where that would be too much.
fn bounded(changes: Value) -> Value {
    if changes.to_string().len() > MAX_CHANGES_BYTES { json!([]) } else { changes }
}

/// Does what takes a while without those waiting who answer requests.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let broken = |error: JoinError| StoreError::Broken(error.into());
    Ok(spawn_blocking(work).await.map_err(broken)?)
}

//! The way to an element and a workspace at once: to move the one into the other, to bind something in the one to the other.

use super::{Access, ElementSight, Granted};
use crate::app::error::{AppError, Refusal, Result};
use crate::app::model::{RelatedItem, WorkspaceSight};
use crate::domain::policy::Action;
use crate::domain::{ElementId, Reason, RelatedItemId, WorkspaceId};
use std::collections::BTreeSet;

/// A monitor, mock server or integration, and the workspace that it lives in.
#[derive(Debug, Clone)]
pub struct RelatedItemSight {
    /// The item.
    pub item: RelatedItem,
    /// Its workspace.
    pub workspace: WorkspaceSight,
}

/// A collection, and where something that is bound to it is to live.
#[derive(Debug, Clone)]
pub struct BindingSight {
    /// The collection.
    pub collection: ElementSight,
    /// The workspace.
    pub workspace: WorkspaceSight,
}

impl Access<'_> {
    /// A related item, for this action in the workspace that it lives in.
    ///
    /// # Errors
    /// Not found where the caller may not open that workspace; refused where they may not do this.
    pub async fn related_item(self, id: RelatedItemId, action: Action) -> Result<Granted<RelatedItemSight>> {
        let find = async || Result::<_>::Ok(self.queries.find_related_item(id).await?.ok_or_else(Refusal::not_found)?);
        let workspace = self.workspace(find().await?.workspace_id).may(action).await?.into_inner();
        // Again, now that it is held still: it may be gone, or paused, by now.
        Ok(Granted(RelatedItemSight { item: find().await?, workspace }))
    }

    /// A related item that is to work again: for whoever may do this in the workspace that it lives in, and read its collection where that
    /// is now. Both places are held still.
    ///
    /// # Errors
    /// Not found where the caller may not open its workspace; refused where they may not do this there, or where its collection is out of
    /// their reach.
    pub async fn resumable_item(self, id: RelatedItemId, action: Action) -> Result<Granted<RelatedItemSight>> {
        let free = Self { locks: None, ..self };
        let RelatedItemSight { item, .. } = free.related_item(id, action).await?.into_inner();
        match self.beside(item.element_id, Some(item.workspace_id)).await {
            Ok(_) => self.related_item(id, action).await,
            Err(AppError::Refused(_)) => {
                let message = format!("The collection of this {} is out of your reach.", item.kind.noun());
                Err(Refusal::forbidden(Some(action), Reason::TargetNotAllowed, message).into())
            }
            Err(failed) => Err(failed),
        }
    }

    /// A collection that the caller may read, and a workspace of its team in which they may create elements: its own where none is named.
    ///
    /// # Errors
    /// Not found where the caller may not know of one of them; refused where they may not do this there.
    pub async fn binding(self, collection: ElementId, workspace: Option<WorkspaceId>) -> Result<Granted<BindingSight>> {
        let (collection, workspace) = self.beside(collection, workspace).await?;
        workspace.check(Action::CreateElement, self.now).map_err(blame_target)?;
        if workspace.workspace.team_id != collection.element.team_id {
            let message = "What is bound to a collection lives in a workspace of its team.";
            return Err(Refusal::forbidden(Some(Action::CreateElement), Reason::TargetNotAllowed, message).at(TARGET).into());
        }
        Ok(Granted(BindingSight { collection, workspace }))
    }

    /// An element and a workspace, its own where none is named, both in the caller's sight. Inside a transaction both are held still.
    pub(super) async fn beside(self, id: ElementId, workspace: Option<WorkspaceId>) -> Result<(ElementSight, WorkspaceSight)> {
        let homes =
            |(element, other): &(ElementSight, WorkspaceSight)| BTreeSet::from([element.workspace.workspace.id, other.workspace.id]);
        self.held(|free| free.glance(id, workspace), homes).await
    }

    /// The same without holding anything.
    async fn glance(self, id: ElementId, workspace: Option<WorkspaceId>) -> Result<(ElementSight, WorkspaceSight)> {
        let element = self.element(id).may(Action::ViewWorkspace).await?.into_inner();
        let other = match workspace.filter(|named| *named != element.workspace.workspace.id) {
            Some(named) => self.workspace(named).may(Action::ViewWorkspace).await.map_err(blame_target)?.into_inner(),
            None => element.place(),
        };
        Ok((element, other))
    }
}

/// The argument that names the other workspace.
const TARGET: &str = "workspaceId";

/// The same refusal, blaming the workspace that was named.
pub(super) fn blame_target(error: AppError) -> AppError {
    match error {
        AppError::Refused(refusal) => refusal.at(TARGET).into(),
        failed @ AppError::Failed(_) => failed,
    }
}

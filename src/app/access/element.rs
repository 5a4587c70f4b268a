//! The way to elements: name what you want to do with one.

use super::answer::settle;
use super::{Access, Granted};
use crate::app::error::{Refusal, Result};
use crate::app::model::{Element, ElementRow, WorkspaceSight};
use crate::app::ports::StoreError;
use crate::domain::policy::{self, Action, ElementFacts, Facts, Permission, Standing};
use crate::domain::{ElementId, Side, Timestamp, WorkspaceId};

/// How often an element is followed that is moved while it is looked for.
const MAX_MOVES: usize = 8;

/// An element, and what the reader is towards the workspace that it is in, the grants on the element included.
#[derive(Debug, Clone)]
pub struct ElementSight {
    /// The element.
    pub element: Element,
    /// Its workspace.
    pub workspace: WorkspaceSight,
}

impl ElementSight {
    /// An element in its workspace. In multi-partner mode a partner is a Viewer, whatever was given on the element.
    #[must_use]
    pub fn of(row: ElementRow, mut workspace: WorkspaceSight) -> Self {
        let is_kept_viewer = workspace.workspace.multi_partner && workspace.standing.grant.is_some_and(|grant| grant.side == Side::Partner);
        workspace.standing.element_role = row.role.filter(|_| !is_kept_viewer);
        Self { element: row.element, workspace }
    }

    /// Its workspace, in which what was given on the element is nothing.
    #[must_use]
    pub fn place(&self) -> WorkspaceSight {
        let own = &self.workspace;
        WorkspaceSight { standing: Standing { element_role: None, ..own.standing }, ..own.clone() }
    }

    /// Whether the reader may do something to it, with more known of what the action is about.
    ///
    /// # Errors
    /// The refusal that tells them.
    pub fn check_with(&self, action: Action, element: Option<ElementFacts>, now: Timestamp) -> Result<()> {
        let facts = Facts { element, ..self.workspace.facts(now) };
        let standing = &self.workspace.standing;
        settle(action, policy::decide(action, standing, &facts), standing.user).map_err(Into::into)
    }

    /// Whether the reader may do something to it.
    ///
    /// # Errors
    /// The refusal that tells them.
    pub fn check(&self, action: Action, now: Timestamp) -> Result<()> {
        self.check_with(action, None, now)
    }

    /// Whether, and why, the reader may do something to it.
    #[must_use]
    pub fn permission(&self, action: Action, now: Timestamp) -> Permission {
        policy::permission(action, &self.workspace.standing, &self.workspace.facts(now))
    }
}

impl<'a> Access<'a> {
    /// The way to an element.
    pub const fn element(self, id: ElementId) -> ElementAccess<'a> {
        ElementAccess { access: self, id, facts: None }
    }
}

/// The way to an element; ends in [`may`](Self::may).
#[derive(Clone, Copy)]
#[must_use]
pub struct ElementAccess<'a> {
    access: Access<'a>,
    id: ElementId,
    facts: Option<ElementFacts>,
}

impl ElementAccess<'_> {
    /// With what is true elsewhere, where the action is about more than this workspace.
    pub const fn with(self, facts: ElementFacts) -> Self {
        Self { facts: Some(facts), ..self }
    }

    /// The element, for this action. Inside a transaction it is held still with its workspace.
    ///
    /// # Errors
    /// Not found where the caller may not know of it; refused where they may not do this, or not now.
    pub async fn may(self, action: Action) -> Result<Granted<ElementSight>> {
        let sight = self.look().await?;
        // Whoever may not look into the workspace is told the same whatever they want.
        sight.check(Action::ViewWorkspace, self.access.now)?;
        sight.check_with(action, self.facts, self.access.now)?;
        Ok(Granted(sight))
    }

    async fn look(&self) -> Result<ElementSight> {
        let (mut row, mut workspace) = self.find().await?;
        if self.access.locks.is_none() {
            return Ok(ElementSight::of(row, self.access.workspace(workspace).look().await?));
        }
        for _ in 0..MAX_MOVES {
            let sight = self.access.workspace(workspace).look().await?;
            // Again, now that it is held still: it may have been edited, or moved, in the meantime.
            let found = self.find().await?;
            if found.1 == workspace {
                return Ok(ElementSight::of(found.0, sight));
            }
            (row, workspace) = found;
        }
        let cause = format!("the element {} is moved all the time", row.element.id);
        Err(StoreError::Contention(cause.into()).into())
    }

    async fn find(&self) -> Result<(ElementRow, WorkspaceId)> {
        let row = self.access.queries.find_element(self.access.caller, self.id).await?;
        let row = row.ok_or_else(Refusal::not_found)?;
        let workspace = row.element.workspace_id.ok_or_else(Refusal::not_found)?;
        Ok((row, workspace))
    }
}

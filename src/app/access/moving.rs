//! The way to moving an element: what goes along, and whether all of it may leave and come in (conditions C16 to C18).

use super::answer::settle;
use super::beside::blame_target;
use super::{Access, ElementSight, Granted};
use crate::app::error::{AppError, Refusal, Result};
use crate::app::model::{Element, WorkspaceSight};
use crate::app::ports::MoveTargets;
use crate::domain::element::ElementKind;
use crate::domain::policy::{self, Action, ElementFacts, Facts};
use crate::domain::{ElementId, Reason, Timestamp, Visibility, WorkspaceId};
use strum::VariantArray;

/// An element, what goes along with it, and where it goes.
#[derive(Debug, Clone)]
pub struct MoveSight {
    /// The element, in the workspace that it leaves.
    pub element: ElementSight,
    /// With an API, the collections that belong to it.
    pub collections: Vec<Element>,
    /// The workspace that it goes to.
    pub target: WorkspaceSight,
}

impl MoveSight {
    /// Everything that moves, the element itself first.
    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        std::iter::once(&self.element.element).chain(&self.collections)
    }

    /// The ids of everything that moves.
    #[must_use]
    pub fn ids(&self) -> Vec<ElementId> {
        self.elements().map(|element| element.id).collect()
    }
}

impl Access<'_> {
    /// An element, for moving it there with all that goes along. Both workspaces are held still.
    ///
    /// # Errors
    /// Not found where the caller may not know of the element or of the target; refused where they may not move one of what moves, or not there.
    pub async fn moving(self, id: ElementId, target: WorkspaceId) -> Result<Granted<MoveSight>> {
        self.caller()?;
        let (element, target) = self.beside(id, Some(target)).await?;
        let along = self.along(&element).await?;
        check_leaving(&element, &along, self.now)?;
        if target.workspace.id == element.workspace.workspace.id {
            let message = "The element is in this workspace already.";
            return Err(Refusal::precondition(Reason::AlreadyThere, message).at("workspaceId").into());
        }
        for moved in std::iter::once(&element).chain(&along) {
            check_target(moved, &target, self.now).map_err(blame_target)?;
        }
        Ok(Granted(MoveSight { element, collections: along.into_iter().map(|sight| sight.element).collect(), target }))
    }

    /// Where the caller may move an element, with all that goes along. None: they may not take it out of its workspace.
    ///
    /// # Errors
    /// Not found where the caller may not know of the element.
    pub async fn move_targets(self, id: ElementId) -> Result<Option<MoveTargets>> {
        let element = self.element(id).may(Action::ViewWorkspace).await?;
        let along = self.along(&element).await?;
        match check_leaving(&element, &along, self.now) {
            Err(AppError::Refused(_)) => Ok(None),
            Err(failed) => Err(failed),
            Ok(()) => {
                let workspace = &element.workspace.workspace;
                Ok(Some(MoveTargets { team: workspace.team_id, except: workspace.id, visibilities: visibilities(&element, self.now) }))
            }
        }
    }

    /// The collections that belong to it, if it is an API.
    async fn along(self, element: &ElementSight) -> Result<Vec<ElementSight>> {
        if element.element.kind != ElementKind::Api {
            return Ok(Vec::new());
        }
        let rows = self.queries.list_collections_with_roles(self.caller, element.element.id).await?;
        Ok(rows.into_iter().map(|row| ElementSight::of(row, element.workspace.clone())).collect())
    }
}

/// Whether everything may leave its workspace for some other one.
fn check_leaving(element: &ElementSight, along: &[ElementSight], now: Timestamp) -> Result<()> {
    element.check(Action::MoveElementOut, now)?;
    along.iter().try_for_each(|collection| {
        collection.check(Action::MoveElementOut, now).map_err(|error| match error {
            AppError::Refused(mut refusal) => {
                refusal.message = format!("{} The collection {} goes along.", refusal.message, collection.element.name).into();
                AppError::Refused(refusal)
            }
            failed @ AppError::Failed(_) => failed,
        })
    })
}

/// Whether this one may leave its workspace for the target, and come in there.
fn check_target(moved: &ElementSight, target: &WorkspaceSight, now: Timestamp) -> Result<()> {
    let about = ElementFacts {
        may_create_in_target: target.check(Action::CreateElement, now).is_ok(),
        target_in_same_team: target.workspace.team_id == moved.element.team_id,
        target_visibility: Some(target.workspace.visibility),
        may_leave_source: moved.check(Action::EditElement, now).is_ok(),
        ..ElementFacts::default()
    };
    let facts = Facts { element: Some(about), ..target.facts(now) };
    let action = Action::MoveElementIn;
    settle(action, policy::decide(action, &target.standing, &facts), target.standing.user)?;
    moved.check_with(Action::MoveElementOut, Some(about), now)
}

/// Which visibilities a target may have, where the reader may create elements in it.
fn visibilities(element: &ElementSight, now: Timestamp) -> Vec<Visibility> {
    let about = |visibility| ElementFacts {
        may_create_in_target: true,
        target_in_same_team: true,
        target_visibility: Some(visibility),
        may_leave_source: true,
        ..ElementFacts::default()
    };
    let fits = |visibility: &Visibility| element.check_with(Action::MoveElementOut, Some(about(*visibility)), now).is_ok();
    Visibility::VARIANTS.iter().copied().filter(fits).collect()
}

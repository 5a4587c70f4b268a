//! What was deleted and can be brought back.

use super::{DateTime, User, Workspace};
use crate::app::access::{Home, TrashSight};
use crate::app::error::AppError;
use crate::app::model::{self, WorkspaceSight};
use crate::app::parse_id;
use crate::domain::policy::Action as Act;
use crate::domain::{TrashEntryId, UserId};
use crate::graphql::context::ContextExt;
use crate::graphql::enums::{Action, ElementKind};
use crate::graphql::errors::unless_hidden;
use crate::graphql::paging::{PageArguments, connection};
use crate::graphql::requires::{Decided, requires};
use async_graphql::connection::Connection;
use async_graphql::{Context, Description, ID, Object, Result};
use std::sync::Arc;

/// A deleted collection. It can be restored for 90 days, and is gone for good afterwards.
#[derive(Description)]
pub struct TrashEntry(pub TrashSight);

/// The entry with this id, if who asks may know of it.
pub async fn load_trash_entry(ctx: &Context<'_>, id: TrashEntryId) -> Result<Option<TrashEntry>> {
    Ok(unless_hidden(ctx.access().trash_entry(id).await)?.map(|sight| TrashEntry(sight.into_inner())))
}

#[Object(use_type_description)]
impl TrashEntry {
    /// The id of this entry.
    pub async fn id(&self) -> ID {
        self.0.entry.id.to_string().into()
    }

    /// The id that the element had, and has again when it is restored.
    async fn element_id(&self) -> ID {
        self.0.entry.element.id.to_string().into()
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.0.entry.element.name
    }

    /// What it is.
    async fn kind(&self) -> ElementKind {
        self.0.entry.element.kind.into()
    }

    /// The size of its document in canonical form, in bytes.
    async fn size_bytes(&self) -> i32 {
        i32::try_from(self.0.entry.element.size_bytes).unwrap_or(i32::MAX)
    }

    /// The workspace that it goes back to. Null: it is gone, so that restoreElement needs another one.
    async fn workspace(&self) -> Option<Workspace> {
        match &self.0.home {
            Home::Workspace(sight) => Some(Workspace { sight: Arc::clone(sight) }),
            Home::Gone(_) => None,
        }
    }

    /// The name of the workspace that it was in.
    async fn workspace_name(&self) -> &str {
        match &self.0.home {
            Home::Workspace(sight) => &sight.workspace.name,
            Home::Gone(_) => &self.0.entry.workspace_name,
        }
    }

    /// Who deleted it. Null: somebody whom you may not know.
    async fn deleted_by(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        Ok(ctx.loaders().person(self.0.entry.deleted_by).await?.map(User))
    }

    /// When it was deleted.
    async fn deleted_at(&self) -> DateTime {
        DateTime(self.0.entry.deleted_at)
    }

    /// The last moment at which it can be restored.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.entry.expires_at)
    }

    /// Whether you may restore it: to its workspace or, if that is gone, to one of the same team in which you may restore elements.
    async fn viewer_can_restore(&self, ctx: &Context<'_>) -> bool {
        self.0.may_restore(ctx.now())
    }

    /// Whether you may remove it for good.
    async fn viewer_can_purge(&self, ctx: &Context<'_>) -> bool {
        self.0.may_purge(ctx.now())
    }
}

/// The trash of a workspace that its reader may open.
pub struct WorkspaceTrash(pub Arc<WorkspaceSight>);

impl WorkspaceTrash {
    fn needs(&self, ctx: &Context<'_>, action: Act) -> Decided {
        match self.0.check(action, ctx.now()) {
            Err(AppError::Refused(refusal)) => Decided(Some(*refusal)),
            _ => Decided(None),
        }
    }
}

#[Object]
impl WorkspaceTrash {
    /// Collections that were deleted here and can be restored, oldest deletion first. Requires `RESTORE_ELEMENT`.
    #[graphql(guard = "self.needs(ctx, Act::RestoreElement)", directive = requires::apply(Action::RestoreElement))]
    async fn trash(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
    ) -> Result<Connection<String, TrashEntry>> {
        let workspace = self.0.workspace.id;
        let scope = format!("trash:{workspace}");
        let page = PageArguments { first, after, ..PageArguments::default() }.within(&scope)?;
        let found = ctx.app().queries().list_trash(workspace, page).await.map_err(AppError::from)?;
        let node = |entry| TrashEntry(TrashSight::of_workspace(entry, Arc::clone(&self.0)));
        Ok(connection(&scope, found, |entry: &model::TrashEntry| entry.id.uuid(), node))
    }
}

/// What is in the trash and in no workspace any more, for one person.
pub struct HomelessTrash(pub UserId);

#[Object]
impl HomelessTrash {
    /// Collections in the trash whose workspaces are gone, oldest deletion first: those that you deleted, by themselves or with the workspace; those that
    /// you made, if you could still open the workspace then; as a Super Admin, all of the team. What was deleted in a workspace that is still
    /// there is in the trash of that.
    async fn trash(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only those of this team.")] team_id: Option<ID>,
    ) -> Result<Connection<String, TrashEntry>> {
        let page = PageArguments { first, after, ..PageArguments::default() }.within("homeless-trash")?;
        let team = team_id.map(|id| parse_id(&id, "teamId")).transpose()?;
        let found = ctx.app().queries().list_homeless_trash(self.0, team, page).await.map_err(AppError::from)?;
        let node = |(entry, roles): (model::TrashEntry, _)| {
            let claim = entry.claim(self.0, roles);
            TrashEntry(TrashSight::homeless(entry, claim, self.0))
        };
        Ok(connection("homeless-trash", found, |(entry, _): &(model::TrashEntry, _)| entry.id.uuid(), node))
    }
}

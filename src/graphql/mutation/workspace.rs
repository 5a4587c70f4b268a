//! Workspaces.

use crate::app::error::checked;
use crate::app::parse_id;
use crate::app::workspace::{ChangeVisibility, CreateWorkspace, DeleteWorkspace, UpdateWorkspace};
use crate::domain::text::{self, Name, Note, Summary};
use crate::graphql::context::ContextExt;
use crate::graphql::enums::Action;
use crate::graphql::errors::Blame;
use crate::graphql::inputs as input;
use crate::graphql::payloads as payload;
use crate::graphql::requires::requires;
use async_graphql::{Context, Object, Result};

/// Workspaces, as mutations.
#[derive(Default)]
pub struct WorkspaceMutation;

#[Object]
impl WorkspaceMutation {
    /// Makes a workspace, of which you are the first Admin. Requires `CREATE_WORKSPACE`; a partner or public one may need an approval, and then a request is made.
    #[graphql(directive = requires::apply(Action::CreateWorkspace))]
    async fn create_workspace(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to make.")] input: input::CreateWorkspaceInput,
    ) -> Result<Option<payload::CreateWorkspacePayload>> {
        let command = CreateWorkspace {
            team: parse_id(&input.team_id, "teamId")?,
            name: checked("name", Name::parse(&input.name))?,
            summary: checked("summary", Summary::parse(input.summary.as_deref().unwrap_or_default()))?,
            description: checked("description", text::Description::parse(input.description.as_deref().unwrap_or_default()))?,
            visibility: input.visibility.into(),
            note: input.note.as_deref().map(|note| checked("note", Note::parse(note))).transpose()?,
        };
        Ok(Some(payload::CreateWorkspacePayload(ctx.execute(input.idempotency_key, command).await.blame("teamId")?)))
    }

    /// Edits a workspace's details. Requires `EDIT_DETAILS`.
    #[graphql(directive = requires::apply(Action::EditDetails))]
    async fn update_workspace(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: input::UpdateWorkspaceInput,
    ) -> Result<Option<payload::UpdateWorkspacePayload>> {
        let command = UpdateWorkspace {
            workspace: parse_id(&input.workspace_id, "workspaceId")?,
            name: input.name.as_deref().map(|name| checked("name", Name::parse(name))).transpose()?,
            summary: input.summary.as_deref().map(|summary| checked("summary", Summary::parse(summary))).transpose()?,
            description: input.description.as_deref().map(|text| checked("description", text::Description::parse(text))).transpose()?,
            multi_partner: input.multi_partner,
            expected_version: input.expected_version,
        };
        Ok(Some(payload::UpdateWorkspacePayload(ctx.execute(input.idempotency_key, command).await.blame("workspaceId")?)))
    }

    /// Changes who gets into a workspace, at once or on request. Requires `CHANGE_VISIBILITY`.
    #[graphql(directive = requires::apply(Action::ChangeVisibility))]
    async fn change_workspace_visibility(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: input::ChangeWorkspaceVisibilityInput,
    ) -> Result<Option<payload::ChangeWorkspaceVisibilityPayload>> {
        let command = ChangeVisibility {
            workspace: parse_id(&input.workspace_id, "workspaceId")?,
            visibility: input.visibility.into(),
            note: input.note.as_deref().map(|note| checked("note", Note::parse(note))).transpose()?,
            remove_partners: input.remove_partners.unwrap_or(false),
        };
        Ok(Some(payload::ChangeWorkspaceVisibilityPayload(ctx.execute(input.idempotency_key, command).await.blame("workspaceId")?)))
    }

    /// Deletes a workspace for good. A partner workspace has to lose its partners and become TEAM or PRIVATE first. Requires `DELETE_WORKSPACE`.
    #[graphql(directive = requires::apply(Action::DeleteWorkspace))]
    async fn delete_workspace(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to delete.")] input: input::DeleteWorkspaceInput,
    ) -> Result<Option<payload::DeleteWorkspacePayload>> {
        let command = DeleteWorkspace { workspace: parse_id(&input.workspace_id, "workspaceId")? };
        let id = ctx.execute(input.idempotency_key, command).await.blame("workspaceId")?;
        Ok(Some(payload::DeleteWorkspacePayload { deleted_workspace_id: id.to_string().into() }))
    }
}

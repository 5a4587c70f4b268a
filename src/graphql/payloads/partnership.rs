//! What mutations about organizations, groups and policies answer.

use super::load_team;
use crate::domain::{GroupId, OrganizationId, TeamId};
use crate::graphql::context::ContextExt;
use crate::graphql::errors::unless_hidden;
use crate::graphql::objects::{Group, PartnerOrganization, Team};
use async_graphql::{Context, Description, ID, Object, Result, SimpleObject};

macro_rules! organization_payload {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Description)]
        pub struct $name(pub OrganizationId);

        #[Object(use_type_description)]
        impl $name {
            /// The organization as it is now.
            async fn organization(&self, ctx: &Context<'_>) -> Result<Option<PartnerOrganization>> {
                let found = unless_hidden(ctx.access().visible_organization(self.0).await)?;
                Ok(found.map(|organization| PartnerOrganization(organization.into_inner())))
            }
        }
    )+};
}

organization_payload! {
    /// What createOrganization answers.
    CreateOrganizationPayload;
    /// What updateOrganization answers.
    UpdateOrganizationPayload;
}

macro_rules! group_payload {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Description)]
        pub struct $name(pub GroupId);

        #[Object(use_type_description)]
        impl $name {
            /// The group as it is now.
            async fn group(&self, ctx: &Context<'_>) -> Result<Option<Group>> {
                Ok(unless_hidden(ctx.access().visible_group(self.0).await)?.map(|group| Group(group.into_inner())))
            }
        }
    )+};
}

group_payload! {
    /// What createGroup answers.
    CreateGroupPayload;
    /// What renameGroup answers.
    RenameGroupPayload;
    /// What addGroupMembers answers.
    AddGroupMembersPayload;
    /// What removeGroupMembers answers.
    RemoveGroupMembersPayload;
}

/// What deleteGroup answers.
#[derive(SimpleObject)]
pub struct DeleteGroupPayload {
    /// The group that is gone.
    pub deleted_group_id: ID,
}

/// What updateTeamPolicies answers.
#[derive(Description)]
pub struct UpdateTeamPoliciesPayload(pub TeamId);

#[Object(use_type_description)]
impl UpdateTeamPoliciesPayload {
    /// The team.
    async fn team(&self, ctx: &Context<'_>) -> Result<Option<Team>> {
        load_team(ctx, self.0).await
    }
}

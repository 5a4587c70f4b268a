//! Organizations, groups and policies.

use crate::app::error::{Refusal, checked};
use crate::app::group::{AddGroupMembers, CreateGroup, DeleteGroup, RemoveGroupMembers, RenameGroup};
use crate::app::organization::{CreateOrganization, UpdateOrganization};
use crate::app::parse_id;
use crate::app::team::{PolicyChanges, UpdatePolicies};
use crate::domain::partnership::MailDomain;
use crate::domain::team::NamedPeople;
use crate::domain::text::Name;
use crate::domain::{Reason, UserId};
use crate::graphql::context::ContextExt;
use crate::graphql::enums::Action;
use crate::graphql::errors::Blame;
use crate::graphql::inputs as input;
use crate::graphql::payloads as payload;
use crate::graphql::requires::requires;
use async_graphql::{Context, ID, Object, Result};

/// Organizations, groups and policies, as mutations.
#[derive(Default)]
pub struct PartnershipMutation;

#[Object]
impl PartnershipMutation {
    /// Makes a partner organization. Requires `VIEW_PARTNERSHIPS`.
    #[graphql(directive = requires::apply(Action::ViewPartnerships))]
    async fn create_organization(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to make.")] input: input::CreateOrganizationInput,
    ) -> Result<Option<payload::CreateOrganizationPayload>> {
        let command = CreateOrganization {
            team: parse_id(&input.team_id, "teamId")?,
            name: checked("name", Name::parse(&input.name))?,
            domains: domains("domains", input.domains.as_deref().unwrap_or_default())?,
        };
        Ok(Some(payload::CreateOrganizationPayload(ctx.execute(input.idempotency_key, command).await.blame("teamId")?)))
    }

    /// Renames a partner organization, or sets its domains. Requires `VIEW_PARTNERSHIPS`.
    #[graphql(directive = requires::apply(Action::ViewPartnerships))]
    async fn update_organization(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: input::UpdateOrganizationInput,
    ) -> Result<Option<payload::UpdateOrganizationPayload>> {
        let command = UpdateOrganization {
            organization: parse_id(&input.organization_id, "organizationId")?,
            name: input.name.as_deref().map(|name| checked("name", Name::parse(name))).transpose()?,
            domains: input.domains.as_deref().map(|list| domains("domains", list)).transpose()?,
        };
        Ok(Some(payload::UpdateOrganizationPayload(ctx.execute(input.idempotency_key, command).await.blame("organizationId")?)))
    }

    /// Makes a group of the team's own people or of partners of one organization. Requires `MANAGE_GROUPS`; a Developer manages groups of the team's own
    /// people that they made.
    #[graphql(directive = requires::apply(Action::ManageGroups))]
    async fn create_group(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to make.")] input: input::CreateGroupInput,
    ) -> Result<Option<payload::CreateGroupPayload>> {
        let command = CreateGroup {
            team: parse_id(&input.team_id, "teamId")?,
            name: checked("name", Name::parse(&input.name))?,
            side: input.side.into(),
            organization: input.organization_id.map(|id| parse_id(&id, "organizationId")).transpose()?,
            users: users(input.user_ids.as_deref().unwrap_or_default())?,
        };
        Ok(Some(payload::CreateGroupPayload(ctx.execute(input.idempotency_key, command).await.blame("teamId")?)))
    }

    /// Renames a group. Requires `MANAGE_GROUPS`.
    #[graphql(directive = requires::apply(Action::ManageGroups))]
    async fn rename_group(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to rename.")] input: input::RenameGroupInput,
    ) -> Result<Option<payload::RenameGroupPayload>> {
        let command = RenameGroup { group: parse_id(&input.group_id, "groupId")?, name: checked("name", Name::parse(&input.name))? };
        Ok(Some(payload::RenameGroupPayload(ctx.execute(input.idempotency_key, command).await.blame("groupId")?)))
    }

    /// Deletes a group: its grants end with it. Requires `MANAGE_GROUPS`.
    #[graphql(directive = requires::apply(Action::ManageGroups))]
    async fn delete_group(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to delete.")] input: input::DeleteGroupInput,
    ) -> Result<Option<payload::DeleteGroupPayload>> {
        let command = DeleteGroup { group: parse_id(&input.group_id, "groupId")? };
        let group = ctx.execute(input.idempotency_key, command).await.blame("groupId")?;
        Ok(Some(payload::DeleteGroupPayload { deleted_group_id: group.to_string().into() }))
    }

    /// Adds people to a group: they gain what it gives at once. Requires `MANAGE_GROUPS`.
    #[graphql(directive = requires::apply(Action::ManageGroups))]
    async fn add_group_members(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who joins.")] input: input::AddGroupMembersInput,
    ) -> Result<Option<payload::AddGroupMembersPayload>> {
        let command = AddGroupMembers { group: parse_id(&input.group_id, "groupId")?, users: users(&input.user_ids)? };
        Ok(Some(payload::AddGroupMembersPayload(ctx.execute(input.idempotency_key, command).await.blame("groupId")?)))
    }

    /// Takes people out of a group: they lose what it gave at once. Requires `MANAGE_GROUPS`.
    #[graphql(directive = requires::apply(Action::ManageGroups))]
    async fn remove_group_members(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who leaves.")] input: input::RemoveGroupMembersInput,
    ) -> Result<Option<payload::RemoveGroupMembersPayload>> {
        let command = RemoveGroupMembers { group: parse_id(&input.group_id, "groupId")?, users: users(&input.user_ids)? };
        Ok(Some(payload::RemoveGroupMembersPayload(ctx.execute(input.idempotency_key, command).await.blame("groupId")?)))
    }

    /// Sets policies of a team. Needs the team role ADMIN or `SUPER_ADMIN`.
    async fn update_team_policies(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to set.")] input: input::UpdateTeamPoliciesInput,
    ) -> Result<Option<payload::UpdateTeamPoliciesPayload>> {
        let command = UpdatePolicies { team: parse_id(&input.team_id, "teamId")?, changes: changes(&input)? };
        Ok(Some(payload::UpdateTeamPoliciesPayload(ctx.execute(input.idempotency_key, command).await.blame("teamId")?)))
    }
}

fn users(ids: &[ID]) -> Result<Vec<UserId>> {
    Ok(ids.iter().map(|id| parse_id(id, "userIds")).collect::<Result<_, _>>()?)
}

fn domains(argument: &'static str, list: &[String]) -> Result<Vec<MailDomain>> {
    Ok(list.iter().map(|domain| checked(argument, MailDomain::parse(domain))).collect::<Result<_, _>>()?)
}

fn changes(input: &input::UpdateTeamPoliciesInput) -> Result<PolicyChanges> {
    let unlimited = input.unlimited_partner_access.unwrap_or(false);
    if unlimited && input.partner_access_max_days.is_some() {
        let message = "Give partnerAccessMaxDays, or make the access unlimited: not both.";
        return Err(Refusal::bad_input("unlimitedPartnerAccess", Reason::ContradictoryArguments, message).into());
    }
    Ok(PolicyChanges {
        who_may_create_workspaces: input.who_may_create_workspaces.as_ref().map(named_people).transpose()?,
        partner_fork_scope: input.partner_fork_scope.map(Into::into),
        partner_viewer_export: input.partner_viewer_export,
        partners_may_move_out: input.partners_may_move_out,
        merge_needs_approval: input.merge_needs_approval,
        request_term_days: input.request_term_days,
        invitation_term_days: input.invitation_term_days,
        partner_access_max_days: if unlimited { Some(None) } else { input.partner_access_max_days.map(Some) },
        public_mail_domains: input.public_mail_domains.as_deref().map(|list| domains("publicMailDomains", list)).transpose()?,
    })
}

/// Whom the policy names; none: every member of the team.
fn named_people(input: &input::WhoMayCreateWorkspacesInput) -> Result<Option<NamedPeople>> {
    let (user_ids, group_ids) = (input.user_ids.as_deref().unwrap_or_default(), input.group_ids.as_deref().unwrap_or_default());
    if !input.everyone.unwrap_or(false) {
        let group_ids = group_ids.iter().map(|id| parse_id(id, "groupIds")).collect::<Result<_, _>>()?;
        return Ok(Some(NamedPeople { user_ids: users(user_ids)?, group_ids }));
    }
    if user_ids.is_empty() && group_ids.is_empty() {
        return Ok(None);
    }
    let message = "Name people, or let every member create workspaces: not both.";
    Err(Refusal::bad_input("everyone", Reason::ContradictoryArguments, message).into())
}

//! What is true of a row for its reader, as the policy takes it.

use super::answer::{settle, settle_team};
use crate::app::error::Result;
use crate::app::model::{Member, MemberSubject, TeamSight, WorkspaceSight};
use crate::app::ports::{ActivitySightLimits, GroupsInSight, MemberSightLimits};
use crate::domain::policy::team::{TeamAction, decide_team};
use crate::domain::policy::{self, Action, Facts, Permission, Standing, Subject};
use crate::domain::{OrganizationId, Side, TeamRoles, Timestamp, UserId, WorkspaceRole, days};

/// How long Partner Managers can finish deleting a workspace that stopped being a partner workspace.
pub const FORMER_PARTNER_TERM: std::time::Duration = days(30);

impl TeamSight {
    /// Whether the reader may do something that the team's own roles decide.
    ///
    /// # Errors
    /// The refusal that tells them.
    pub fn check(&self, action: TeamAction) -> Result<()> {
        settle_team(decide_team(action, self.roles, self.has_super_admin)).map_err(Into::into)
    }

    /// Whether the reader, who is this caller, may do something that the matrix decides about the team as a whole.
    ///
    /// # Errors
    /// The refusal that tells them.
    pub fn check_action(&self, action: Action, caller: Option<UserId>) -> Result<()> {
        self.check_with(action, caller, &self.facts())
    }

    /// The same, with more known of what the action is about.
    ///
    /// # Errors
    /// The refusal that tells them.
    pub fn check_with(&self, action: Action, caller: Option<UserId>, facts: &Facts<'_>) -> Result<()> {
        settle(action, policy::decide(action, &self.standing(caller), facts), caller).map_err(Into::into)
    }

    /// What the reader, who is this caller, is towards the team as a whole.
    #[must_use]
    pub fn standing(&self, caller: Option<UserId>) -> Standing {
        Standing { user: caller, team_roles: self.roles, ..Standing::default() }
    }

    /// Whether the reader may give or take every one of these roles.
    ///
    /// # Errors
    /// The refusal that tells them.
    pub fn check_assigning(&self, roles: TeamRoles) -> Result<()> {
        roles.iter().try_for_each(|role| self.check(TeamAction::AssignRole(role)))
    }

    /// What is true of the team, with nothing in particular being touched.
    #[must_use]
    pub fn facts(&self) -> Facts<'_> {
        Facts {
            team_has_partner_manager: self.has_partner_manager,
            team_has_super_admin: self.has_super_admin,
            ..Facts::of_team(self.team.plan, &self.team.policies)
        }
    }

    /// Whether the team's policy lets this person create workspaces, not counting the groups that it names.
    #[must_use]
    pub fn lets_create(&self, caller: Option<UserId>) -> bool {
        self.team
            .policies
            .who_may_create_workspaces
            .as_ref()
            .is_none_or(|named| caller.is_some_and(|caller| named.user_ids.contains(&caller)))
    }
}

impl WorkspaceSight {
    /// What is true of the workspace, with nothing in particular in it being touched.
    #[must_use]
    pub fn facts(&self, now: Timestamp) -> Facts<'_> {
        let is_admin = self.standing.grant.is_some_and(|grant| grant.role == WorkspaceRole::Admin);
        Facts {
            visibility: Some(self.workspace.visibility),
            was_partner_recently: self.workspace.left_partner_at.is_some_and(|left| now < left + FORMER_PARTNER_TERM),
            multi_partner: self.workspace.multi_partner,
            partners_remain: self.partners_remain,
            is_last_admin: is_admin && !self.has_other_admin,
            ..Facts::of_team(self.team.plan, &self.team.policies)
        }
    }

    /// The reader's role: the highest of their grants, or Viewer where the workspace is open to their team.
    #[must_use]
    pub fn effective_role(&self) -> Option<WorkspaceRole> {
        let implicit = self.workspace.visibility.is_open_to_team() && self.standing.team_roles.is_team_member();
        self.standing.grant.map(|grant| grant.role).or_else(|| implicit.then_some(WorkspaceRole::Viewer))
    }

    /// Which grants of the workspace the reader may see, once they may see its members at all.
    #[must_use]
    pub fn members_in_sight(&self, now: Timestamp) -> MemberSightLimits {
        let Some(grant) = self.standing.partner_grant() else { return MemberSightLimits::default() };
        let groups = match grant.organization {
            Some(own) if grant.partner_lead => GroupsInSight::OfOrganization(own),
            _ => GroupsInSight::Nothing,
        };
        MemberSightLimits { only_organization: self.only_organization(now), groups }
    }

    /// Which entries of the workspace's activity the reader may read, once they may read any.
    #[must_use]
    pub fn activity_in_sight(&self, now: Timestamp) -> ActivitySightLimits {
        let without_team_only = !self.standing.team_roles.is_team_member();
        ActivitySightLimits { without_team_only, only_organization: self.only_organization(now) }
    }

    /// The organization beside which the reader sees none, if they are narrowed to their own (condition C7).
    #[must_use]
    pub fn only_organization(&self, now: Timestamp) -> Option<OrganizationId> {
        let grant = self.standing.partner_grant().filter(|_| policy::sees_only_own_organization(&self.standing, &self.facts(now)))?;
        // A partner without an organization has none of their own to see.
        Some(grant.organization.unwrap_or_else(|| OrganizationId::from_uuid(uuid::Uuid::nil())))
    }

    /// Whether the reader may see this grant of the workspace, once they may see its members at all.
    #[must_use]
    pub fn shows(&self, member: &Member, now: Timestamp) -> bool {
        self.shows_subject(&member.subject, member.side, member.organization_id, now)
    }

    /// The same for a grant to this person or group.
    pub(super) fn shows_subject(&self, subject: &MemberSubject, side: Side, organization: Option<OrganizationId>, now: Timestamp) -> bool {
        let limits = self.members_in_sight(now);
        let is_person = matches!(subject, MemberSubject::Person(_));
        let of_group = match limits.groups {
            GroupsInSight::All => true,
            GroupsInSight::OfOrganization(own) => is_person || organization == Some(own),
            GroupsInSight::Nothing => is_person,
        };
        of_group && limits.only_organization.is_none_or(|own| side == Side::Team || organization == Some(own))
    }

    /// Whether, and why, the reader may do something here.
    #[must_use]
    pub fn permission(&self, action: Action, now: Timestamp) -> Permission {
        policy::permission(action, &self.standing, &self.facts(now))
    }

    /// Whether the reader may do something here that is aimed at this person or group.
    ///
    /// # Errors
    /// The refusal that tells them.
    pub fn check_about(&self, action: Action, subject: Subject, now: Timestamp) -> Result<()> {
        let facts = Facts { subject: Some(subject), ..self.facts(now) };
        settle(action, policy::decide(action, &self.standing, &facts), self.standing.user).map_err(Into::into)
    }

    /// Whether the reader may do something here.
    ///
    /// # Errors
    /// The refusal that tells them.
    pub fn check(&self, action: Action, now: Timestamp) -> Result<()> {
        settle(action, policy::decide(action, &self.standing, &self.facts(now)), self.standing.user).map_err(Into::into)
    }
}

//! The way to partner organizations, to what one partner can reach, and to groups.

use super::answer::hide;
use super::{Access, Granted, TeamAccess};
use crate::app::error::{Refusal, Result};
use crate::app::model::{Group, Organization, TeamMember, TeamSight};
use crate::domain::policy::{Action, Facts};
use crate::domain::{GroupId, OrganizationId, Side, TeamRole, UserId};

/// What one partner can reach in a team, as far as the reader may know.
#[derive(Debug, Clone)]
pub struct PartnerSight {
    /// The team.
    pub team: TeamSight,
    /// The partner's membership.
    pub member: TeamMember,
    /// Only in workspaces that this user administers (condition C13); none: in all.
    pub administered_by: Option<UserId>,
}

impl Access<'_> {
    /// A partner organization, for changing it.
    ///
    /// # Errors
    /// Not found where the caller may not see the partnerships of its team.
    pub async fn organization(self, id: OrganizationId) -> Result<(Granted<TeamSight>, Granted<Organization>)> {
        let team_id = self.find_organization(id).await?.team_id;
        self.team(team_id).may_act(Action::ViewPartnerships).await.map_err(hide)?;
        let team = self.team(team_id).held().await?;
        Ok((team, Granted(self.find_organization(id).await?)))
    }

    /// A partner organization, for looking at it: to whoever sees partnerships, to its own partners, and to whoever shares a workspace
    /// with one of them.
    ///
    /// # Errors
    /// Not found where the caller may not know of it.
    pub async fn visible_organization(self, id: OrganizationId) -> Result<Granted<Organization>> {
        let organization = self.find_organization(id).await?;
        let sees_all = self.team(organization.team_id).find().await?.check_action(Action::ViewPartnerships, self.caller).is_ok();
        let knows = match self.caller {
            Some(caller) if !sees_all => self.queries.knows_organization(caller, id, self.now).await?,
            _ => sees_all,
        };
        if knows { Ok(Granted(organization)) } else { Err(Refusal::not_found().into()) }
    }

    async fn find_organization(&self, id: OrganizationId) -> Result<Organization> {
        Ok(self.queries.list_organizations_by_id(&[id]).await?.pop().ok_or_else(Refusal::not_found)?)
    }

    /// A group, for changing it. Its team is held still.
    ///
    /// # Errors
    /// Not found where the caller may not know of it; forbidden where they may not manage it (condition C15).
    pub async fn group(self, id: GroupId) -> Result<Granted<Group>> {
        let find = async || Result::<_>::Ok(self.queries.find_group(id).await?.ok_or_else(Refusal::not_found)?);
        let team = self.team(find().await?.team_id).held().await?;
        let group = find().await?;
        self.manages(&team, group.side == Side::Team && self.caller == Some(group.created_by))?;
        Ok(Granted(group))
    }

    /// A group, for looking at it: to the members of its team, and to the Leads of its organization.
    ///
    /// # Errors
    /// Not found where the caller may not know of it.
    pub async fn visible_group(self, id: GroupId) -> Result<Granted<Group>> {
        Ok(self.look_at_group(id).await?.0)
    }

    /// A group, for looking at who is in it. None: a member of the team who does not see its partnerships sees the group of partners, and not its
    /// people.
    ///
    /// # Errors
    /// Not found where the caller may not know of the group.
    pub async fn group_with_members(self, id: GroupId) -> Result<Option<Granted<Group>>> {
        let (group, team) = self.look_at_group(id).await?;
        let may =
            group.side == Side::Team || !team.roles.is_team_member() || team.check_action(Action::ViewPartnerships, self.caller).is_ok();
        Ok(may.then_some(group))
    }

    async fn look_at_group(self, id: GroupId) -> Result<(Granted<Group>, TeamSight)> {
        let caller = self.caller()?;
        let group = self.queries.find_group(id).await?.ok_or_else(Refusal::not_found)?;
        let team = self.team(group.team_id).visible().await?.into_inner();
        let knows = match group.organization_id {
            _ if team.roles.is_team_member() => true,
            Some(organization) => self.queries.leads(caller, organization, self.now).await?,
            None => false,
        };
        if knows { Ok((Granted(group), team)) } else { Err(Refusal::not_found().into()) }
    }

    /// Whether the caller may manage groups of the team, this one being theirs or not.
    fn manages(&self, team: &TeamSight, is_own: bool) -> Result<()> {
        let facts = Facts { manages_group: Some(is_own), ..team.facts() };
        team.check_with(Action::ManageGroups, self.caller, &facts)
    }
}

impl TeamAccess<'_> {
    /// The team, for making a group of this side. Its people are held still. A Developer makes groups of the team's own side only.
    ///
    /// # Errors
    /// Not found where the caller may not know of the team; forbidden where they may not make such a group.
    pub async fn may_create_group(self, side: Side) -> Result<Granted<TeamSight>> {
        let team = self.held().await?;
        self.access.manages(&team, side == Side::Team)?;
        Ok(team)
    }

    /// What one partner can reach.
    ///
    /// # Errors
    /// Not found where the caller may know nothing of it.
    pub async fn partner(self, user: UserId) -> Result<Granted<PartnerSight>> {
        let caller = self.access.caller()?;
        let team = self.visible().await?;
        if !team.roles.is_team_member() {
            return Err(Refusal::not_found().into());
        }
        let member = self.access.queries.find_team_member(self.id, user).await?;
        let member = member.filter(|member| member.roles.has(TeamRole::Partner)).ok_or_else(Refusal::not_found)?;
        let sees_all = team.check_action(Action::ViewPartnerAccess, Some(caller)).is_ok();
        let administered_by = (!sees_all).then_some(caller);
        if administered_by.is_some() {
            let first = crate::app::paging::PageRequest::new(Some(1), None, None, None)?;
            let queries = self.access.queries;
            let reached = queries.list_partner_access(self.id, user, administered_by, first, self.access.now).await?;
            if reached.items.is_empty() {
                return Err(Refusal::not_found().into());
            }
        }
        Ok(Granted(PartnerSight { team: team.into_inner(), member, administered_by }))
    }
}

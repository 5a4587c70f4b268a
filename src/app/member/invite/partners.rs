//! Partners for a workspace.

use super::give::{Gift, Recipients, give};
use super::{Checked, Invited, Invitee, checked_batch, failed, parsed};
use crate::app::access::Granted;
use crate::app::error::{Refusal, Result};
use crate::app::invitation::{NewInvitation, Verdict, send};
use crate::app::model::{Group, TeamMember, User, WorkspaceSight};
use crate::app::organization::{NamedOrganization, find_of_address, of_address};
use crate::app::{App, Command, Work};
use crate::domain::notification::{Notice, NotificationKind, NotificationSubject};
use crate::domain::policy::{Action, Subject};
use crate::domain::text::{Email, Note};
use crate::domain::{
    Code, GroupId, MemberId, OrganizationId, Reason, Side, TeamRole, TeamRoles, Timestamp, UserId, WorkspaceId, WorkspaceRole,
};
use serde::Serialize;

/// Brings partners into a partner workspace: known ones at once, others by an invitation. One result for each: part of them can
/// succeed.
#[derive(Debug, Clone, Serialize)]
pub struct InvitePartners {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// Who.
    pub invitees: Vec<Invitee>,
    /// What they may do: Editor or Viewer.
    pub role: WorkspaceRole,
    /// Whether they become Partner Leads.
    pub partner_lead: bool,
    /// For them to read.
    pub message: Option<Note>,
    /// When their access ends; none: when it is taken, or after the longest term that the team allows.
    pub access_expires_at: Option<Timestamp>,
    /// The organization that they come from, where their addresses do not tell.
    pub organization: Option<NamedOrganization>,
}

/// Who is meant, and the organization that they belong to.
enum Found {
    Person(User, Option<OrganizationId>),
    Group(Group),
    Stranger(Email, OrganizationId),
}

impl Command for InvitePartners {
    const NAME: &'static str = "invitePartners";
    type Outcome = Vec<Invited>;

    async fn run(&self, work: &mut Work<'_>, app: &App) -> Result<Vec<Invited>> {
        work.actor()?;
        checked_batch(&self.invitees)?;
        let workspace = self.granted(work).await?;
        let mut results = Vec::with_capacity(self.invitees.len());
        for invitee in &self.invitees {
            let verdict = match self.find(work, &workspace, invitee).await? {
                Ok(found) => self.bring_in(work, app, &workspace, &found).await?,
                Err((code, reason)) => Verdict::Failed(code, reason),
            };
            results.push(Invited { invitee: invitee.clone(), verdict });
        }
        self.tell_admins(work, &workspace, &results).await?;
        Ok(results)
    }
}

impl InvitePartners {
    /// The workspace, once everything that does not depend on who is invited has been found to be right.
    async fn granted(&self, work: &Work<'_>) -> Result<Granted<WorkspaceSight>> {
        let workspace = work.access().workspace(self.workspace).may(Action::InvitePartner).await?;
        if self.role == WorkspaceRole::Admin {
            return Err(Refusal::bad_input("role", Reason::RoleNotAssignable, "A partner is never Admin of a workspace.").into());
        }
        if workspace.workspace.multi_partner && self.role == WorkspaceRole::Editor {
            let message = "In multi-partner mode partners are Viewers only.";
            return Err(Refusal::precondition(Reason::RoleNotAssignable, message).at("role").into());
        }
        if let Some(lead) = workspace.standing.partner_grant() {
            // What a Lead gives, whomever it is given to (condition C8).
            workspace.check_about(Action::InvitePartner, self.subject(lead.organization), work.now())?;
        } else if self.partner_lead {
            workspace.check(Action::SetPartnerLead, work.now())?;
        }
        if let Some(end) = self.access_expires_at {
            if end <= work.now() {
                let message = "The access would have ended before it began.";
                return Err(Refusal::bad_input("accessExpiresAt", Reason::OutOfRange, message).into());
            }
            if workspace.team.policies.longest_partner_access(work.now()).is_some_and(|longest| end > longest) {
                let message = "The team does not allow partners so long an access.";
                return Err(Refusal::bad_input("accessExpiresAt", Reason::OutOfRange, message).into());
            }
        }
        Ok(workspace)
    }

    /// The person whom the invitation is aimed at, as the policy takes them.
    const fn subject(&self, organization: Option<OrganizationId>) -> Subject {
        Subject { side: Side::Partner, role: self.role, partner_lead: self.partner_lead, organization }
    }

    async fn find(&self, work: &mut Work<'_>, workspace: &Granted<WorkspaceSight>, invitee: &Invitee) -> Checked<Found> {
        match invitee {
            Invitee::Email(email) => match Email::parse(email) {
                Ok(email) => self.by_email(work, workspace, email).await,
                Err(reason) => Ok(Err((Code::BadUserInput, reason))),
            },
            Invitee::User(id) => match parsed::<UserId>(id) {
                Ok(id) => self.by_id(work, workspace, id).await,
                Err(failure) => Ok(Err(failure)),
            },
            Invitee::Group(id) => match parsed::<GroupId>(id) {
                Ok(id) => self.group(work, workspace, id).await,
                Err(failure) => Ok(Err(failure)),
            },
        }
    }

    async fn by_email(&self, work: &mut Work<'_>, workspace: &Granted<WorkspaceSight>, email: Email) -> Checked<Found> {
        let user = work.tx.find_user_by_email(&email.key()).await?;
        let member = match &user {
            Some(user) => work.tx.find_team_member(workspace.team.id, user.id).await?,
            None => None,
        };
        if let Some((user, member)) = user.zip(member) {
            return self.known(workspace, user, &member, work.now());
        }
        let organization = if workspace.standing.partner_grant().is_some() {
            // A Lead defines no organization: the address has to be of their own already.
            let found = find_of_address(work, &workspace.team, &email).await?;
            found.ok_or((Code::Forbidden, Reason::OutsideOrganization))
        } else {
            of_address(work, &workspace.team, &email, self.organization.as_ref()).await?
        };
        let organization = match organization {
            Ok(organization) => organization.id,
            Err(failure) => return Ok(Err(failure)),
        };
        let may = failed(workspace.check_about(Action::InvitePartner, self.subject(Some(organization)), work.now()))?;
        Ok(may.map(|()| Found::Stranger(email, organization)))
    }

    async fn by_id(&self, work: &Work<'_>, workspace: &Granted<WorkspaceSight>, id: UserId) -> Checked<Found> {
        let unknown = (Code::NotFound, Reason::UnknownId);
        let is_known = !work.tx.list_people(work.actor()?.id(), &[id], work.now()).await?.is_empty();
        let user = work.tx.find_user(id).await?.filter(|_| is_known);
        let Some(user) = user else { return Ok(Err(unknown)) };
        match work.tx.find_team_member(workspace.team.id, id).await? {
            Some(member) => self.known(workspace, user, &member, work.now()),
            None => Ok(Err(unknown)),
        }
    }

    /// Somebody who is in the team. A Lead learns nothing of those who are not of their own organization.
    fn known(&self, workspace: &Granted<WorkspaceSight>, user: User, member: &TeamMember, now: Timestamp) -> Checked<Found> {
        let by_lead = workspace.standing.partner_grant().is_some();
        if !member.roles.has(TeamRole::Partner) {
            let for_lead = (Code::Forbidden, Reason::OutsideOrganization);
            return Ok(Err(if by_lead { for_lead } else { (Code::FailedPrecondition, Reason::IsTeamMember) }));
        }
        let organization = member.organization_id;
        if let Some(NamedOrganization::Id(named)) = &self.organization
            && !by_lead
            && Some(*named) != organization
        {
            return Ok(Err((Code::Conflict, Reason::OutsideOrganization)));
        }
        let may = failed(workspace.check_about(Action::InvitePartner, self.subject(organization), now))?;
        Ok(may.map(|()| Found::Person(user, organization)))
    }

    async fn group(&self, work: &Work<'_>, workspace: &Granted<WorkspaceSight>, id: GroupId) -> Checked<Found> {
        let unknown = (Code::NotFound, Reason::UnknownId);
        let lead = workspace.standing.partner_grant();
        let group = work.tx.find_group(id).await?.filter(|group| group.team_id == workspace.team.id);
        // A Lead knows the groups of their own organization only.
        let group =
            group.filter(|group| lead.is_none_or(|lead| group.organization_id.is_some() && group.organization_id == lead.organization));
        let Some(group) = group else { return Ok(Err(unknown)) };
        if group.side == Side::Team {
            return Ok(Err((Code::FailedPrecondition, Reason::WrongSide)));
        }
        let may = failed(workspace.check_about(Action::InvitePartnerGroup, self.subject(group.organization_id), work.now()))?;
        Ok(may.map(|()| Found::Group(group)))
    }

    async fn bring_in(
        &self,
        work: &mut Work<'_>,
        app: &App,
        workspace: &Granted<WorkspaceSight>,
        found: &Found,
    ) -> Result<Verdict<MemberId>> {
        let expires_at = self.access_expires_at.or(workspace.team.policies.longest_partner_access(work.now()));
        let gift = |organization| Gift {
            side: Side::Partner,
            role: self.role,
            partner_lead: self.partner_lead,
            organization,
            expires_at,
            message: self.message.as_ref(),
        };
        match found {
            Found::Person(user, organization) => give(work, workspace, &Recipients::Person(user), &gift(*organization)).await,
            Found::Group(group) => give(work, workspace, &Recipients::Group(group), &gift(group.organization_id)).await,
            Found::Stranger(email, organization) => {
                let invitation = NewInvitation {
                    team: &workspace.team,
                    workspace: Some(&workspace.workspace),
                    email,
                    side: Side::Partner,
                    role: self.role,
                    team_roles: TeamRoles::NONE,
                    partner_lead: self.partner_lead,
                    organization: Some(*organization),
                    message: self.message.as_ref(),
                    access_expires_at: self.access_expires_at,
                };
                send(work, app, invitation).await
            }
        }
    }

    /// Tells the Admins of the workspace whom a Lead brings in: once for the whole call.
    async fn tell_admins(&self, work: &mut Work<'_>, workspace: &Granted<WorkspaceSight>, results: &[Invited]) -> Result<()> {
        let is_new = |invited: &&Invited| matches!(invited.verdict, Verdict::Added(_) | Verdict::Invited(_));
        let count = results.iter().filter(is_new).count();
        if count == 0 || workspace.standing.partner_grant().is_none() {
            return Ok(());
        }
        let admins = work.tx.list_member_recipients(self.workspace, Some(WorkspaceRole::Admin), work.now()).await?;
        let partners = if count == 1 { "a partner".to_owned() } else { format!("{count} partners") };
        let message = format!("{} invited {partners} to the workspace {}.", work.actor()?.user.name, workspace.workspace.name);
        let subject = Some(NotificationSubject::Workspace(self.workspace));
        work.notify(admins, Notice::new(NotificationKind::PartnerInvitedByLead, message, subject));
        Ok(())
    }
}

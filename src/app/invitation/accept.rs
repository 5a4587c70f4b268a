//! The invited person comes in.

use super::{audited, ended, tell_inviter, to_answer};
use crate::app::element_grant::end_lost;
use crate::app::error::{Refusal, Result};
use crate::app::member::AuditedGrant;
use crate::app::model::{Invitation, TeamMember, WorkspaceSight};
use crate::app::ports::{FeedId, LostGrants, NewMember};
use crate::app::team::audited_member;
use crate::app::{App, Command, Work};
use crate::domain::activity::{Activity, SubjectRef};
use crate::domain::audit::{AuditEvent, AuditKind};
use crate::domain::invitation::InvitationStatus;
use crate::domain::notification::NotificationKind;
use crate::domain::{MemberId, OrganizationId, Reason, Side, TeamId, TeamRole, TeamRoles, Timestamp, Visibility, WorkspaceId};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

/// Accepts an invitation, by its link: the caller comes into the team, and into the workspace, at once.
#[derive(Debug, Serialize)]
pub struct AcceptInvitation {
    /// The last part of the link.
    #[serde(serialize_with = "super::digest")]
    pub token: SecretString,
}

/// Where the invited person is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// The team.
    pub team: TeamId,
    /// The workspace; none: the invitation was to the team itself.
    pub workspace: Option<WorkspaceId>,
    /// Their grant there.
    pub member: Option<MemberId>,
}

impl Command for AcceptInvitation {
    const NAME: &'static str = "acceptInvitation";
    type Outcome = Accepted;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<Accepted> {
        let actor = work.actor()?;
        let invitation = to_answer(work, &self.token).await?;
        let workspace = target(work, &invitation).await?;
        if !work.tx.set_invitation_status(invitation.id, InvitationStatus::Accepted, work.now()).await? {
            return Err(ended(InvitationStatus::Revoked).at("token").into());
        }
        let organization = join(work, &invitation).await?;
        let member = match &workspace {
            Some(workspace) => Some(grant(work, &invitation, workspace, organization).await?),
            None => None,
        };
        work.audit(audited(AuditKind::InvitationAccepted, &invitation));
        let message = format!("{} accepted your invitation{}.", actor.user.name, invitation.where_to());
        tell_inviter(work, &invitation, NotificationKind::InvitationAccepted, message).await?;
        work.access_changed(FeedId::User(actor.id()));
        Ok(Accepted { team: invitation.team_id, workspace: invitation.workspace_id, member })
    }
}

/// The workspace that the invitation leads to, if people can still come in so.
async fn target(work: &Work<'_>, invitation: &Invitation) -> Result<Option<WorkspaceSight>> {
    let Some(id) = invitation.workspace_id else { return Ok(None) };
    let sight = work.tx.find_workspace(Some(work.actor()?.id()), id, work.now()).await?;
    let sight = sight.ok_or_else(|| ended(InvitationStatus::Revoked).at("token"))?;
    if invitation.side == Side::Partner {
        if sight.workspace.visibility != Visibility::Partner {
            let message = "The workspace is not a partner workspace any more.";
            return Err(Refusal::precondition(Reason::VisibilityIsNotPartner, message).into());
        }
        if !sight.team.plan.has_partner_features() {
            let message = "The team's plan has no partner features: they need the Enterprise plan.";
            return Err(Refusal::precondition(Reason::PlanRequired, message).into());
        }
    }
    if invitation.access_expires_at.is_some_and(|end| end <= work.now()) {
        return Err(Refusal::precondition(Reason::Expired, "The access that this invitation gives has ended.").at("token").into());
    }
    Ok(Some(sight))
}

/// Takes the caller into the team, and answers the organization that they belong to there. Nobody is on both sides.
async fn join(work: &mut Work<'_>, invitation: &Invitation) -> Result<Option<OrganizationId>> {
    let actor = work.actor()?;
    let roles = match invitation.side {
        Side::Partner => TeamRoles::NONE.with(TeamRole::Partner),
        Side::Team => invitation.team_roles,
    };
    let organization_id = invitation.organization_id;
    let member =
        TeamMember { id: work.new_id()?, team_id: invitation.team_id, user_id: actor.id(), roles, organization_id, joined_at: work.now() };
    if work.tx.insert_team_member(&member).await? {
        let event = AuditEvent::new(invitation.team_id, AuditKind::TeamMemberAdded).about(actor.id());
        work.audit(event.after(audited_member(&actor.user.name, roles)).of_side(invitation.side));
        return Ok(organization_id);
    }
    let existing = work.tx.find_team_member(invitation.team_id, actor.id()).await?;
    match existing {
        Some(existing) if existing.roles.has(TeamRole::Partner) == (invitation.side == Side::Partner) => Ok(existing.organization_id),
        Some(existing) => {
            let reason = if existing.roles.has(TeamRole::Partner) { Reason::IsPartner } else { Reason::IsTeamMember };
            let message = "You are on the other side of this team already, and nobody is on both.";
            Err(Refusal::precondition(reason, message).into())
        }
        // They were removed between two statements.
        None => Err(Refusal::conflict(Reason::WrongState, "You were just removed from the team.").into()),
    }
}

/// Gives the caller what the invitation promises. A grant that they were given meanwhile stays as it is.
async fn grant(
    work: &mut Work<'_>,
    invitation: &Invitation,
    sight: &WorkspaceSight,
    organization_id: Option<OrganizationId>,
) -> Result<MemberId> {
    let actor = work.actor()?;
    let workspace = &sight.workspace;
    // Access that the clock has ended, and that nobody has cleared away yet, is not gone on with.
    end_lost(work, LostGrants::In(&[workspace.id], &[actor.id()])).await?;
    let member = NewMember {
        id: work.new_id()?,
        team_id: invitation.team_id,
        workspace_id: workspace.id,
        subject: SubjectRef::Person { user_id: actor.id() },
        side: invitation.side,
        role: invitation.role,
        partner_lead: invitation.partner_lead,
        organization_id,
        granted_by: invitation.invited_by,
        granted_at: work.now(),
        expires_at: access_end(work, invitation, sight),
    };
    if !work.tx.insert_member(&member).await? {
        let existing = work.tx.find_member_of(workspace.id, actor.id(), work.now()).await?;
        return Ok(existing.map_or(member.id, |existing| existing.id));
    }
    let activity =
        Activity::MemberJoined { member_id: member.id, subject: member.subject, name: actor.user.name.clone(), role: invitation.role };
    work.record_of(workspace.id, organization_id, activity);
    let event = AuditEvent::new(invitation.team_id, AuditKind::MemberAdded).in_workspace(workspace.id, workspace.visibility);
    work.audit(event.about(member.id).after(AuditedGrant::of_new(&member, actor.user.name.clone())));
    Ok(member.id)
}

/// When the access ends: as the invitation says, and for partners within the longest term that the team allows.
fn access_end(work: &Work<'_>, invitation: &Invitation, sight: &WorkspaceSight) -> Option<Timestamp> {
    let longest = (invitation.side == Side::Partner).then(|| sight.team.policies.longest_partner_access(work.now())).flatten();
    match (invitation.access_expires_at, longest) {
        (Some(end), Some(longest)) => Some(end.min(longest)),
        (end, longest) => end.or(longest),
    }
}

//! The way to invitations: managed by whoever may, seen by the invited person too.

use super::answer::{settle, settle_team};
use super::{Access, Granted, TeamAccess};
use crate::app::error::{Refusal, Result};
use crate::app::model::{Invitation, TeamSight, WorkspaceSight};
use crate::app::ports::{InvitationFilter, LeadsInvitations};
use crate::domain::InvitationId;
use crate::domain::policy::team::{TeamAction, decide_team};
use crate::domain::policy::{self, Action, Decision, Facts, InvitationFacts};

/// An invitation, and what the reader is in its team.
#[derive(Debug, Clone)]
pub struct InvitationSight {
    /// The invitation.
    pub invitation: Invitation,
    /// The team.
    pub team: TeamSight,
}

impl Access<'_> {
    /// An invitation, for managing it. It is held still with its workspace.
    ///
    /// # Errors
    /// Not found where the caller may not know of it; refused where they may not manage it.
    pub async fn invitation(self, id: InvitationId) -> Result<Granted<InvitationSight>> {
        self.caller()?;
        let (sight, decision) = self.look_at_invitation(id).await?;
        self.settle_invitation(&sight, decision)?;
        let (Some(tx), Some(workspace)) = (self.locks, sight.invitation.workspace_id) else { return Ok(Granted(sight)) };
        tx.lock_workspace(workspace).await?;
        let (sight, decision) = self.look_at_invitation(id).await?;
        self.settle_invitation(&sight, decision)?;
        Ok(Granted(sight))
    }

    /// An invitation, for looking at it.
    ///
    /// # Errors
    /// Not found where the caller may not know of it.
    pub async fn visible_invitation(self, id: InvitationId) -> Result<Granted<InvitationSight>> {
        let (sight, decision) = self.look_at_invitation(id).await?;
        if decision == Decision::Hide { Err(Refusal::not_found().into()) } else { Ok(Granted(sight)) }
    }

    fn settle_invitation(&self, sight: &InvitationSight, decision: Decision) -> Result<()> {
        match sight.invitation.workspace_id {
            Some(_) => settle(Action::ManageInvitation, decision, self.caller),
            None => settle_team(decision),
        }
        .map_err(Into::into)
    }

    async fn look_at_invitation(self, id: InvitationId) -> Result<(InvitationSight, Decision)> {
        let (invitation, _) = self.queries.find_invitation(id).await?.ok_or_else(Refusal::not_found)?;
        let team = self.team(invitation.team_id).find().await?;
        let workspace = match invitation.workspace_id {
            Some(workspace) => self.queries.find_workspace(self.caller, workspace, self.now).await?,
            None => None,
        };
        let about = InvitationFacts {
            sent_by_caller: self.caller == Some(invitation.invited_by),
            organization: invitation.organization_id,
            is_to_caller: self.is_to_caller(&invitation).await?,
        };
        let decision = match &workspace {
            Some(sight) => {
                let facts = Facts { invitation: Some(about), ..sight.facts(self.now) };
                policy::decide(Action::ManageInvitation, &sight.standing, &facts)
            }
            None if invitation.workspace_id.is_some() => {
                policy::decide(Action::ManageInvitation, &team.standing(self.caller), &Facts { invitation: Some(about), ..team.facts() })
            }
            None => to_the_team(&team, about),
        };
        Ok((InvitationSight { invitation, team }, decision))
    }

    async fn is_to_caller(self, invitation: &Invitation) -> Result<bool> {
        let Some(caller) = self.caller else { return Ok(false) };
        let own = self.queries.list_recipients(&[caller]).await?;
        Ok(own.iter().any(|own| invitation.is_to(&own.email)))
    }
}

impl TeamAccess<'_> {
    /// Which invitations of the team the caller may manage from its list (condition C9): all, or those to partners.
    ///
    /// # Errors
    /// Not found where the caller may not know of the team; forbidden to its members who may not manage them.
    pub async fn invitations(self) -> Result<InvitationFilter> {
        let sight = self.may_act(Action::ManageInvitation).await?;
        let takes_people_in = sight.check(TeamAction::AddMember).is_ok();
        Ok(InvitationFilter::Team { team: sight.team.id, only_partners: !takes_people_in })
    }
}

impl WorkspaceSight {
    /// Which invitations to the workspace the reader may manage, once they may manage any: all, or a Lead's (condition C10).
    #[must_use]
    pub fn invitations_in_sight(&self) -> InvitationFilter {
        let leads = self.standing.user.zip(self.standing.partner_grant());
        let leads = leads.map(|(lead, grant)| LeadsInvitations { lead, organization: grant.organization });
        InvitationFilter::Workspace(self.workspace.id, leads)
    }
}

/// Whoever may add people to the team manages the invitations to it; the invited person and who sent it know of it.
fn to_the_team(team: &TeamSight, about: InvitationFacts) -> Decision {
    let decision = decide_team(TeamAction::AddMember, team.roles, team.has_super_admin);
    let knows = about.is_to_caller || about.sent_by_caller && team.roles.is_team_member();
    match decision {
        Decision::Allow => Decision::Allow,
        Decision::Hide | Decision::Deny(_) | Decision::NeedsApproval if !knows => Decision::Hide,
        // The invited person is not in the team yet, and still knows of their invitation.
        Decision::Hide => Decision::Deny(policy::Denial { reason: crate::domain::Reason::RoleRequired, rule: None }),
        told => told,
    }
}

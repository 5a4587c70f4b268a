//! Team members for a workspace.

use super::give::{Gift, Recipients, give};
use super::{Checked, Invited, Invitee, checked_batch, parsed};
use crate::app::access::Granted;
use crate::app::error::{Refusal, Result};
use crate::app::invitation::{NewInvitation, Verdict, send};
use crate::app::model::{Group, User, WorkspaceSight};
use crate::app::{App, Command, Work};
use crate::domain::policy::Action;
use crate::domain::policy::team::TeamAction;
use crate::domain::text::{Email, Note};
use crate::domain::{Code, GroupId, MemberId, Reason, Side, TeamRole, TeamRoles, UserId, Visibility, WorkspaceId, WorkspaceRole};
use serde::Serialize;

/// Gives team members a role in a workspace. One result for each: part of them can succeed.
///
/// An address that nobody in the team has is invited by mail where the caller may take people into the team too: whoever
/// accepts becomes a member of it, as Developer.
#[derive(Debug, Clone, Serialize)]
pub struct InviteTeamMembers {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// Who.
    pub invitees: Vec<Invitee>,
    /// What they may do.
    pub role: WorkspaceRole,
    /// For them to read.
    pub message: Option<Note>,
}

/// Who is meant.
enum Found {
    Person(User),
    Group(Group),
    Stranger(Email),
}

impl Command for InviteTeamMembers {
    const NAME: &'static str = "inviteTeamMembers";
    type Outcome = Vec<Invited>;

    async fn run(&self, work: &mut Work<'_>, app: &App) -> Result<Vec<Invited>> {
        work.actor()?;
        checked_batch(&self.invitees)?;
        let workspace = work.access().workspace(self.workspace).may(Action::InviteTeamMember).await?;
        if workspace.workspace.visibility == Visibility::Personal {
            return Err(Refusal::precondition(Reason::VisibilityIsPersonal, "A personal workspace is its owner's alone.").into());
        }
        // Without holding the team still: whoever holds a team may be waiting for this workspace.
        let takes_strangers = work.access().team(workspace.team.id).visible().await?.check(TeamAction::AddMember).is_ok();
        let mut results = Vec::with_capacity(self.invitees.len());
        for invitee in &self.invitees {
            let verdict = match find(work, &workspace, invitee, takes_strangers).await? {
                Ok(found) => self.bring_in(work, app, &workspace, &found).await?,
                Err((code, reason)) => Verdict::Failed(code, reason),
            };
            results.push(Invited { invitee: invitee.clone(), verdict });
        }
        Ok(results)
    }
}

impl InviteTeamMembers {
    async fn bring_in(
        &self,
        work: &mut Work<'_>,
        app: &App,
        workspace: &Granted<WorkspaceSight>,
        found: &Found,
    ) -> Result<Verdict<MemberId>> {
        let message = self.message.as_ref();
        let gift = Gift { side: Side::Team, role: self.role, partner_lead: false, organization: None, expires_at: None, message };
        match found {
            Found::Person(user) => give(work, workspace, &Recipients::Person(user), &gift).await,
            Found::Group(group) => give(work, workspace, &Recipients::Group(group), &gift).await,
            Found::Stranger(email) => {
                let invitation = NewInvitation {
                    team: &workspace.team,
                    workspace: Some(&workspace.workspace),
                    email,
                    side: Side::Team,
                    role: self.role,
                    team_roles: TeamRoles::NONE.with(TeamRole::Developer),
                    partner_lead: false,
                    organization: None,
                    message,
                    access_expires_at: None,
                };
                send(work, app, invitation).await
            }
        }
    }
}

/// Who is meant. Whether somebody outside of the team has an account is not told.
async fn find(work: &Work<'_>, workspace: &WorkspaceSight, invitee: &Invitee, takes_strangers: bool) -> Checked<Found> {
    match invitee {
        Invitee::Email(email) => {
            let email = match Email::parse(email) {
                Ok(email) => email,
                Err(reason) => return Ok(Err((Code::BadUserInput, reason))),
            };
            let user = work.tx.find_user_by_email(&email.key()).await?;
            let known = match user {
                Some(user) => member(work, workspace, user).await?,
                None => Ok(None),
            };
            Ok(known.and_then(|known| match known {
                Some(user) => Ok(Found::Person(user)),
                None if takes_strangers => Ok(Found::Stranger(email)),
                None => Err((Code::FailedPrecondition, Reason::NotTeamMember)),
            }))
        }
        Invitee::User(id) => match parsed::<UserId>(id) {
            Ok(id) => by_id(work, workspace, id).await,
            Err(failure) => Ok(Err(failure)),
        },
        Invitee::Group(id) => match parsed::<GroupId>(id) {
            Ok(id) => group(work, workspace, id).await,
            Err(failure) => Ok(Err(failure)),
        },
    }
}

/// The person, if they are of the team's own side; none: they are not in the team at all.
async fn member(work: &Work<'_>, workspace: &WorkspaceSight, user: User) -> Checked<Option<User>> {
    let member = work.tx.find_team_member(workspace.team.id, user.id).await?;
    Ok(match member {
        None => Ok(None),
        Some(member) if member.roles.has(TeamRole::Partner) => Err((Code::FailedPrecondition, Reason::IsPartner)),
        Some(_) => Ok(Some(user)),
    })
}

async fn by_id(work: &Work<'_>, workspace: &WorkspaceSight, id: UserId) -> Checked<Found> {
    let unknown = (Code::NotFound, Reason::UnknownId);
    let Some(user) = work.tx.find_user(id).await? else { return Ok(Err(unknown)) };
    let is_known = !work.tx.list_people(work.actor()?.id(), &[id], work.now()).await?.is_empty();
    if !is_known {
        return Ok(Err(unknown));
    }
    Ok(member(work, workspace, user).await?.and_then(|user| user.map(Found::Person).ok_or(unknown)))
}

async fn group(work: &Work<'_>, workspace: &WorkspaceSight, id: GroupId) -> Checked<Found> {
    let group = work.tx.find_group(id).await?.filter(|group| group.team_id == workspace.team.id);
    Ok(match group {
        None => Err((Code::NotFound, Reason::UnknownId)),
        Some(group) if group.side == Side::Partner => Err((Code::FailedPrecondition, Reason::WrongSide)),
        Some(group) => Ok(Found::Group(group)),
    })
}

//! Team members for a workspace.

use crate::app::access::Granted;
use crate::app::error::{Refusal, Result};
use crate::app::model::{Recipient, WorkspaceSight};
use crate::app::ports::{FeedId, NewMember, NewSubject};
use crate::app::{App, Command, Work};
use crate::domain::activity::{Activity, SubjectRef, title};
use crate::domain::notification::{Notice, NotificationKind, NotificationSubject};
use crate::domain::policy::Action;
use crate::domain::text::{Email, Note};
use crate::domain::{Code, MemberId, Reason, Side, TeamRole, UserId, Visibility, WorkspaceId, WorkspaceRole};
use serde::{Deserialize, Serialize};

/// The most invitees of one call.
pub const MAX_BATCH: usize = 100;

/// Gives team members a role in a workspace. One result for each: part of them can succeed.
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

/// Somebody who is invited, as the caller wrote them down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Invitee {
    /// By address.
    Email(String),
    /// By the id of a user.
    User(String),
    /// By the id of a group.
    Group(String),
}

/// What became of one invitee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invited {
    /// Who.
    pub invitee: Invitee,
    /// What became of them.
    pub verdict: InviteVerdict,
}

/// What can become of an invitee.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum InviteVerdict {
    /// They hold this grant now.
    Added(MemberId),
    /// They held this grant already; it is as it was.
    AlreadyMember(MemberId),
    /// Nothing was done.
    Failed(Code, Reason),
}

impl Command for InviteTeamMembers {
    const NAME: &'static str = "inviteTeamMembers";
    type Outcome = Vec<Invited>;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<Vec<Invited>> {
        work.actor()?;
        if self.invitees.is_empty() || self.invitees.len() > MAX_BATCH {
            let reason = if self.invitees.is_empty() { Reason::Empty } else { Reason::TooMany };
            return Err(Refusal::bad_input("invitees", reason, format!("Name 1 to {MAX_BATCH} invitees.")).into());
        }
        let workspace = work.access().workspace(self.workspace).may(Action::InviteTeamMember).await?;
        if workspace.workspace.visibility == Visibility::Personal {
            return Err(Refusal::precondition(Reason::VisibilityIsPersonal, "A personal workspace is its owner's alone.").into());
        }
        let mut results = Vec::with_capacity(self.invitees.len());
        for invitee in &self.invitees {
            let verdict = match find(work, &workspace, invitee).await? {
                Ok(user) => self.add(work, &workspace, user).await?,
                Err((code, reason)) => InviteVerdict::Failed(code, reason),
            };
            results.push(Invited { invitee: invitee.clone(), verdict });
        }
        Ok(results)
    }
}

/// The team member who is meant. Whether somebody outside of the team has an account is not told.
async fn find(work: &Work<'_>, workspace: &WorkspaceSight, invitee: &Invitee) -> Result<std::result::Result<UserId, (Code, Reason)>> {
    let (user, unknown) = match invitee {
        Invitee::Email(email) => match Email::parse(email) {
            Ok(email) => {
                let user = work.tx.find_user_by_email(&email.key()).await?.map(|user| user.id);
                (user, (Code::FailedPrecondition, Reason::NotTeamMember))
            }
            Err(reason) => return Ok(Err((Code::BadUserInput, reason))),
        },
        Invitee::User(id) => match id.parse::<UserId>() {
            Ok(id) => (Some(id), (Code::NotFound, Reason::UnknownId)),
            Err(_) => return Ok(Err((Code::BadUserInput, Reason::MalformedId))),
        },
        Invitee::Group(id) => match id.parse::<crate::domain::GroupId>() {
            Ok(_) => return Ok(Err((Code::NotFound, Reason::UnknownId))),
            Err(_) => return Ok(Err((Code::BadUserInput, Reason::MalformedId))),
        },
    };
    let Some(user) = user else { return Ok(Err(unknown)) };
    let member = work.tx.find_team_member(workspace.team.id, user).await?;
    Ok(match member {
        None => Err(unknown),
        Some(member) if member.roles.has(TeamRole::Partner) => Err((Code::FailedPrecondition, Reason::IsPartner)),
        Some(_) => Ok(user),
    })
}

impl InviteTeamMembers {
    async fn add(&self, work: &mut Work<'_>, workspace: &Granted<WorkspaceSight>, user: UserId) -> Result<InviteVerdict> {
        let actor = work.actor()?;
        let member = NewMember {
            id: work.new_id()?,
            team_id: workspace.team.id,
            workspace_id: self.workspace,
            subject: NewSubject::Person(user),
            side: Side::Team,
            role: self.role,
            partner_lead: false,
            organization_id: None,
            granted_by: actor.id(),
            granted_at: work.now(),
            expires_at: None,
        };
        if !work.tx.insert_member(&member).await? {
            let existing = work.tx.find_member_of(self.workspace, user, work.now()).await?;
            return Ok(InviteVerdict::AlreadyMember(existing.map_or(member.id, |existing| existing.id)));
        }
        let name = work.tx.list_people(user, &[user], work.now()).await?.into_iter().next().map_or_else(String::new, |person| person.name);
        work.record(
            self.workspace,
            Activity::MemberAdded { member_id: member.id, subject: SubjectRef::Person { user_id: user }, name, role: self.role },
        );
        let recipients: Vec<Recipient> = work.tx.list_recipients(&[user]).await?;
        let message = format!("{} added you to the workspace {} as {}.", actor.user.name, workspace.workspace.name, title(&self.role));
        let notice = Notice::new(NotificationKind::MemberAdded, message, Some(NotificationSubject::Workspace(self.workspace)))
            .with_remark(self.message.as_ref().map(ToString::to_string));
        work.notify(recipients, notice);
        work.access_changed(FeedId::User(user));
        Ok(InviteVerdict::Added(member.id))
    }
}

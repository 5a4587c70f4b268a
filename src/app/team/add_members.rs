//! New people for a team, by email.

use super::{audited_member, checked_roles};
use crate::app::error::{Refusal, Result};
use crate::app::invitation::{NewInvitation, Verdict, send};
use crate::app::model::{Recipient, Team, TeamMember, User};
use crate::app::ports::FeedId;
use crate::app::{App, Command, Work};
use crate::domain::activity::title;
use crate::domain::audit::{AuditEvent, AuditKind};
use crate::domain::mail::Affair;
use crate::domain::notification::{Notice, NotificationKind, NotificationSubject};
use crate::domain::policy::team::TeamAction;
use crate::domain::text::Email;
use crate::domain::{Code, Reason, Side, TeamId, TeamRole, TeamRoles, UserId, WorkspaceRole};
use serde::{Deserialize, Serialize};

/// The most people that one call adds.
pub const MAX_BATCH: usize = 100;

/// Adds people to a team: those who have an account at once, others by an invitation. One result for each address: part of them can succeed.
#[derive(Debug, Clone, Serialize)]
pub struct AddMembers {
    /// The team.
    pub team: TeamId,
    /// The addresses, as they were typed.
    pub emails: Vec<String>,
    /// What they are to be.
    pub roles: Vec<TeamRole>,
}

/// What became of one address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addition {
    /// The address, as it was typed.
    pub email: String,
    /// What became of it.
    #[serde(rename = "outcome")]
    pub verdict: Verdict<UserId>,
}

impl Command for AddMembers {
    const NAME: &'static str = "addTeamMembers";
    type Outcome = Vec<Addition>;

    async fn run(&self, work: &mut Work<'_>, app: &App) -> Result<Vec<Addition>> {
        work.actor()?;
        if self.emails.is_empty() || self.emails.len() > MAX_BATCH {
            let reason = if self.emails.is_empty() { Reason::Empty } else { Reason::TooMany };
            return Err(Refusal::bad_input("emails", reason, format!("Name 1 to {MAX_BATCH} addresses.")).into());
        }
        let roles = checked_roles(&self.roles)?;
        let team = work.access().team(self.team).may(TeamAction::AddMember).await?;
        team.check_assigning(roles)?;
        let team = team.team.clone();
        let mut additions = Vec::with_capacity(self.emails.len());
        for email in &self.emails {
            let verdict = match Email::parse(email) {
                Ok(address) => add(work, app, &team, roles, &address).await?,
                Err(reason) => Verdict::Failed(Code::BadUserInput, reason),
            };
            additions.push(Addition { email: email.clone(), verdict });
        }
        Ok(additions)
    }
}

async fn add(work: &mut Work<'_>, app: &App, team: &Team, roles: TeamRoles, email: &Email) -> Result<Verdict<UserId>> {
    let Some(user) = work.tx.find_user_by_email(&email.key()).await? else {
        return invite(work, app, team, roles, email).await;
    };
    let member = TeamMember { id: work.new_id()?, team_id: team.id, user_id: user.id, roles, organization_id: None, joined_at: work.now() };
    if work.tx.insert_team_member(&member).await? {
        work.audit(AuditEvent::new(team.id, AuditKind::TeamMemberAdded).about(user.id).after(audited_member(&user.name, roles)));
        tell(work, team, roles, &user);
        return Ok(Verdict::Added(user.id));
    }
    let existing = work.tx.find_team_member(team.id, user.id).await?;
    if existing.is_some_and(|existing| existing.roles.has(TeamRole::Partner)) {
        return Ok(Verdict::Failed(Code::Conflict, Reason::IsPartner));
    }
    Ok(Verdict::AlreadyMember(user.id))
}

async fn invite(work: &mut Work<'_>, app: &App, team: &Team, team_roles: TeamRoles, email: &Email) -> Result<Verdict<UserId>> {
    let invitation = NewInvitation {
        team,
        workspace: None,
        email,
        side: Side::Team,
        role: WorkspaceRole::Viewer,
        team_roles,
        partner_lead: false,
        organization: None,
        message: None,
        access_expires_at: None,
    };
    send(work, app, invitation).await
}

fn tell(work: &mut Work<'_>, team: &Team, roles: TeamRoles, user: &User) {
    let titles: Vec<String> = roles.iter().map(|role| title(&role)).collect();
    let message = format!("You are now in the team {} as {}.", team.name, titles.join(", "));
    let notice = Notice::new(NotificationKind::MemberAdded, message, Some(NotificationSubject::Team(team.id)));
    work.notify([Recipient::from(user)], notice.of(Affair::of_team(team.id)));
    work.access_changed(FeedId::User(user.id));
}

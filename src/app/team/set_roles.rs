//! Other roles for a team member.

use super::{audited_roles, checked_roles, keep_an_admin};
use crate::app::error::{Refusal, Result};
use crate::app::ports::FeedId;
use crate::app::{App, Command, Work};
use crate::domain::activity::title;
use crate::domain::audit::{AuditEvent, AuditKind};
use crate::domain::notification::{Notice, NotificationKind, NotificationSubject};
use crate::domain::policy::team::TeamAction;
use crate::domain::{Reason, TeamId, TeamRole, TeamRoles, UserId};
use serde::Serialize;

/// Sets what a team member is. The caller must be allowed to give every role that is new and to take every one that goes.
#[derive(Debug, Clone, Serialize)]
pub struct SetTeamRoles {
    /// The team.
    pub team: TeamId,
    /// The member.
    pub user: UserId,
    /// What they are from now on.
    pub roles: Vec<TeamRole>,
}

impl Command for SetTeamRoles {
    const NAME: &'static str = "setTeamRoles";
    type Outcome = (TeamId, UserId);

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<(TeamId, UserId)> {
        work.actor()?;
        let roles = checked_roles(&self.roles)?;
        let team = work.access().team(self.team).may(TeamAction::ViewMembers).await?;
        let member = work.tx.find_team_member(self.team, self.user).await?;
        let before = member.map(|member| member.roles);
        let touched = before.map_or(roles, |before| before.minus(roles).union(roles.minus(before)));
        let assignable = touched.minus(TeamRoles::NONE.with(TeamRole::Partner));
        team.check_assigning(assignable)?;
        let before = before.ok_or_else(|| Refusal::not_found().at("userId"))?;
        if before.has(TeamRole::Partner) {
            return Err(Refusal::precondition(Reason::IsPartner, "This person is a partner of the team, and nobody is on both sides.")
                .at("userId")
                .into());
        }
        if before == roles {
            return Ok((self.team, self.user));
        }
        if before.has(TeamRole::Admin) && !roles.has(TeamRole::Admin) {
            keep_an_admin(work, self.team, self.user).await?;
        }
        work.tx.set_team_roles(&team, self.user, roles).await?;
        let changed = AuditEvent::new(self.team, AuditKind::TeamRolesChanged).about(self.user);
        work.audit(changed.before(audited_roles(before)).after(audited_roles(roles)));
        let titles: Vec<String> = roles.iter().map(|role| title(&role)).collect();
        let message = format!("Your roles in the team {} are now: {}.", team.team.name, titles.join(", "));
        let recipient = work.tx.list_recipients(&[self.user]).await?;
        work.notify(recipient, Notice::new(NotificationKind::RoleChanged, message, Some(NotificationSubject::Team(self.team))));
        work.access_changed(FeedId::User(self.user));
        Ok((self.team, self.user))
    }
}

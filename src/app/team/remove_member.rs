//! Somebody leaves a team, by their own will or another's.

use super::{audited_member, keep_an_admin};
use crate::app::access::Granted;
use crate::app::element_grant::end_lost;
use crate::app::error::{Refusal, Result};
use crate::app::model::{TeamMember, TeamSight};
use crate::app::ports::{FeedId, LostGrants};
use crate::app::request::supersede;
use crate::app::{App, Command, Work};
use crate::domain::activity::{Activity, SubjectRef};
use crate::domain::audit::{AuditEvent, AuditKind};
use crate::domain::mail::Affair;
use crate::domain::notification::{Notice, NotificationKind, NotificationSubject};
use crate::domain::policy::Action;
use crate::domain::policy::team::TeamAction;
use crate::domain::{Side, TeamId, TeamRole, TeamRoles, UserId, Visibility};
use serde::Serialize;
use serde_json::json;
use std::collections::HashMap;

/// Removes somebody from a team, a member or a partner. Every grant that they hold in it ends at once, what they have through its groups, and
/// their pending requests.
///
/// A workspace that loses its last Admin so is left to the Super Admins: to refuse would tell a Team Admin of workspaces that they
/// cannot see, and keep people in a team who have to go.
#[derive(Debug, Clone, Serialize)]
pub struct RemoveFromTeam {
    /// The team.
    pub team: TeamId,
    /// Who goes.
    pub user: UserId,
}

impl Command for RemoveFromTeam {
    const NAME: &'static str = "removeFromTeam";
    type Outcome = (TeamId, UserId);

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<(TeamId, UserId)> {
        let team = work.access().team(self.team).held().await?;
        let member = self.granted(work, &team).await?;
        if member.roles.has(TeamRole::Admin) {
            keep_an_admin(work, self.team, self.user).await?;
        }
        for request in work.tx.list_pending_requests_of(self.team, self.user).await? {
            supersede(work, &request).await?;
        }
        let people = work.tx.list_people(self.user, &[self.user], work.now()).await?;
        let name = people.into_iter().next().map_or_else(String::new, |person| person.name);
        let side = if member.roles.has(TeamRole::Partner) { Side::Partner } else { Side::Team };
        let removed = AuditEvent::new(self.team, AuditKind::TeamMemberRemoved).about(self.user).before(audited_member(&name, member.roles));
        work.audit(removed.of_side(side));
        self.end_grants(work, &team, &member, &name).await?;
        let message = format!("You are no longer in the team {}.", team.team.name);
        let recipients = work.tx.list_recipients(&[self.user]).await?;
        let notice = Notice::new(NotificationKind::MemberRemoved, message, Some(NotificationSubject::Team(self.team)));
        work.notify(recipients, notice.of(Affair { team: self.team, about_partners: side == Side::Partner }));
        work.access_changed(FeedId::User(self.user));
        Ok((self.team, self.user))
    }
}

impl RemoveFromTeam {
    /// Who goes, if they themselves say so or somebody who may. Whoever the caller cannot know of is not there.
    async fn granted(&self, work: &Work<'_>, team: &Granted<TeamSight>) -> Result<TeamMember> {
        let actor = work.actor()?.id();
        let unknown = || Refusal::not_found().at("userId");
        if actor != self.user {
            team.check(TeamAction::ViewMembers)?;
            work.tx.find_person(actor, self.user, work.now()).await?.ok_or_else(unknown)?;
        }
        let member = work.tx.find_team_member(self.team, self.user).await?.ok_or_else(unknown)?;
        if actor == self.user {
            return Ok(member);
        }
        if member.roles.has(TeamRole::Partner) {
            team.check_action(Action::RemovePartnerFromTeam, Some(actor))?;
        } else {
            team.check(TeamAction::RemoveMember)?;
            team.check_assigning(member.roles.intersection(TeamRoles::NONE.with(TeamRole::SuperAdmin)))?;
        }
        Ok(member)
    }

    async fn end_grants(&self, work: &mut Work<'_>, team: &Granted<TeamSight>, member: &TeamMember, name: &str) -> Result<()> {
        end_lost(work, LostGrants::OfLeaver(self.team, self.user)).await?;
        let ended = work.tx.delete_team_member(team, self.user, work.now()).await?;
        let workspaces: Vec<_> = ended.iter().map(|(workspace, _)| *workspace).collect();
        let sights = work.tx.list_workspaces_by_id(None, &workspaces, work.now()).await?;
        let visibilities: HashMap<_, _> = sights.iter().map(|sight| (sight.workspace.id, sight.workspace.visibility)).collect();
        for (workspace, member_id) in ended {
            let removed =
                AuditEvent::new(self.team, AuditKind::MemberRemoved).about(member_id).before(json!({ "userId": self.user, "name": name }));
            // A grant goes with its workspace, so that each is found.
            let visibility = visibilities.get(&workspace).copied().unwrap_or(Visibility::Private);
            work.audit(removed.in_workspace(workspace, visibility));
            let subject = SubjectRef::Person { user_id: self.user };
            work.record_of(workspace, member.organization_id, Activity::MemberRemoved { member_id, subject, name: name.to_owned() });
            work.access_changed(FeedId::Workspace(workspace));
        }
        Ok(())
    }
}

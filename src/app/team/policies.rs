//! The rules that a team sets for itself.

use crate::app::error::{Refusal, Result};
use crate::app::{App, Command, Work};
use crate::domain::audit::{AuditEvent, AuditKind};
use crate::domain::partnership::MailDomain;
use crate::domain::policy::team::TeamAction;
use crate::domain::team::{ForkScope, NamedPeople, Policies};
use crate::domain::{Reason, Side, TeamId, TeamRole};
use serde::Serialize;
use std::collections::BTreeSet;

/// The longest term that a policy names, in days.
const MAX_TERM_DAYS: u32 = 365;

/// The longest access that a policy names, in days.
const MAX_ACCESS_DAYS: u32 = 3_650;

/// The most people, groups or domains that a policy names.
const MAX_NAMED: usize = 1_000;

/// Changes policies of a team; what is none stays as it is.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Changes {
    /// Who may create workspaces; inside, none: every member.
    pub who_may_create_workspaces: Option<Option<NamedPeople>>,
    /// Where partners may take forks to.
    pub partner_fork_scope: Option<ForkScope>,
    /// Whether partners who are Viewers may export.
    pub partner_viewer_export: Option<bool>,
    /// Whether partners may move elements out of a workspace.
    pub partners_may_move_out: Option<bool>,
    /// Whether a pull request needs an approval before it is merged.
    pub merge_needs_approval: Option<bool>,
    /// Days until an undecided approval request expires.
    pub request_term_days: Option<u32>,
    /// Days until an unanswered invitation expires.
    pub invitation_term_days: Option<u32>,
    /// The longest term of a partner's access in days; inside, none: unlimited.
    pub partner_access_max_days: Option<Option<u32>>,
    /// The mail domains where anybody can have an address.
    pub public_mail_domains: Option<Vec<MailDomain>>,
}

/// Sets policies of a team. What exists stays as it is: they count for what is done from now on.
#[derive(Debug, Clone, Serialize)]
pub struct UpdatePolicies {
    /// The team.
    pub team: TeamId,
    /// What is to be different.
    pub changes: Changes,
}

impl Command for UpdatePolicies {
    const NAME: &'static str = "updateTeamPolicies";
    type Outcome = TeamId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<TeamId> {
        work.actor()?;
        self.changes.check()?;
        let team = work.access().team(self.team).may(TeamAction::EditSettings).await?;
        if let Some(Some(named)) = &self.changes.who_may_create_workspaces {
            check_named(work, self.team, named).await?;
        }
        let before = team.team.policies.clone();
        let after = self.changes.applied_to(before.clone());
        if before != after {
            work.tx.set_team_policies(&team, &after).await?;
            let event = AuditEvent::new(self.team, AuditKind::TeamPoliciesChanged).about(self.team);
            work.audit(event.before(&before).after(&after));
        }
        Ok(self.team)
    }
}

impl Changes {
    fn check(&self) -> Result<()> {
        let terms = [
            ("requestTermDays", self.request_term_days, MAX_TERM_DAYS),
            ("invitationTermDays", self.invitation_term_days, MAX_TERM_DAYS),
            ("partnerAccessMaxDays", self.partner_access_max_days.flatten(), MAX_ACCESS_DAYS),
        ];
        for (argument, days, most) in terms {
            if days.is_some_and(|days| !(1..=most).contains(&days)) {
                return Err(Refusal::bad_input(argument, Reason::OutOfRange, format!("A term has 1 to {most} days.")).into());
            }
        }
        let named = self.who_may_create_workspaces.as_ref().and_then(Option::as_ref);
        let named = named.map_or(0, |named| named.user_ids.len().max(named.group_ids.len()));
        let domains = self.public_mail_domains.as_ref().map_or(0, Vec::len);
        for (argument, count) in [("whoMayCreateWorkspaces", named), ("publicMailDomains", domains)] {
            if count > MAX_NAMED {
                return Err(Refusal::bad_input(argument, Reason::TooMany, format!("Name up to {MAX_NAMED}.")).into());
            }
        }
        Ok(())
    }

    fn applied_to(&self, before: Policies) -> Policies {
        let domains = |domains: &Vec<MailDomain>| {
            let unique: BTreeSet<String> = domains.iter().map(|domain| domain.as_str().to_owned()).collect();
            unique.into_iter().collect()
        };
        Policies {
            who_may_create_workspaces: self.who_may_create_workspaces.clone().unwrap_or(before.who_may_create_workspaces),
            partner_fork_scope: self.partner_fork_scope.unwrap_or(before.partner_fork_scope),
            partner_viewer_export: self.partner_viewer_export.unwrap_or(before.partner_viewer_export),
            partners_may_move_out: self.partners_may_move_out.unwrap_or(before.partners_may_move_out),
            merge_needs_approval: self.merge_needs_approval.unwrap_or(before.merge_needs_approval),
            request_term_days: self.request_term_days.unwrap_or(before.request_term_days),
            invitation_term_days: self.invitation_term_days.unwrap_or(before.invitation_term_days),
            partner_access_max_days: self.partner_access_max_days.unwrap_or(before.partner_access_max_days),
            public_mail_domains: self.public_mail_domains.as_ref().map(domains).or(before.public_mail_domains),
        }
    }
}

/// Refuses people who are no members of the team, and groups that are not of its own side.
async fn check_named(work: &Work<'_>, team: TeamId, named: &NamedPeople) -> Result<()> {
    let members = work.tx.list_team_memberships(team, &named.user_ids).await?;
    let members: BTreeSet<_> = members.iter().filter(|member| !member.roles.has(TeamRole::Partner)).map(|member| member.user_id).collect();
    if named.user_ids.iter().any(|user| !members.contains(user)) {
        return Err(Refusal::not_found().at("userIds").into());
    }
    for id in &named.group_ids {
        let group = work.tx.find_group(*id).await?.filter(|group| group.team_id == team);
        let group = group.ok_or_else(|| Refusal::not_found().at("groupIds"))?;
        if group.side == Side::Partner {
            return Err(Refusal::precondition(Reason::WrongSide, "Partners never create workspaces.").at("groupIds").into());
        }
    }
    Ok(())
}

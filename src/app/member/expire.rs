//! Grants end by the clock, and their people are warned before.

use super::{AuditedGrant, after_end, audited, end_partnerships, ids_of, reached};
use crate::app::error::Result;
use crate::app::model::Recipient;
use crate::app::{App, Command, Work};
use crate::domain::activity::Activity;
use crate::domain::audit::AuditKind;
use crate::domain::mail::Affair;
use crate::domain::notification::{Notice, NotificationKind, NotificationSubject};
use crate::domain::{MemberId, Side, TeamId, Timestamp, UserId, WorkspaceId, days};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// The most grants that one transaction ends, or tells of.
const BATCH: u64 = 100;

/// How many days before the end people are told of it.
const WARNING_DAYS: u32 = 7;

/// How long before the end people are told of it.
pub const EXPIRY_WARNING: Duration = days(WARNING_DAYS);

/// Ends grants whose term is over, up to a number. Run by a job until nothing is left to do; that nobody gets in by such a grant does not wait
/// for it.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct ExpireGrants;

impl Command for ExpireGrants {
    const NAME: &'static str = "expireGrants";
    /// How many ended.
    type Outcome = usize;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<usize> {
        let mut due = work.tx.list_ended_members(work.now(), BATCH).await?;
        let ids: Vec<MemberId> = due.iter().map(|grant| grant.member.id).collect();
        let ended: BTreeSet<MemberId> = work.tx.delete_ended_members(&ids, work.now()).await?.into_iter().collect();
        // What was renewed meanwhile goes on, and what another server ended is told by that one.
        due.retain(|grant| ended.contains(&grant.member.id));

        let mut told: BTreeMap<WorkspaceId, (String, Affair, Vec<Recipient>)> = BTreeMap::new();
        let mut partners: BTreeMap<TeamId, Vec<UserId>> = BTreeMap::new();
        for grant in due {
            let member = grant.member;
            let people = reached(work, &member.subject).await?;
            after_end(work, member.workspace_id, &people).await?;
            let event = audited(AuditKind::MemberExpired, grant.team_id, &member, None);
            work.audit(event.before(AuditedGrant::of(&member)));
            let (subject, name) = (member.subject.reference(), member.subject.name().to_owned());
            let activity = Activity::MemberExpired { member_id: member.id, subject, name };
            work.record_of(member.workspace_id, member.organization_id, activity);
            if member.side == Side::Partner {
                partners.entry(grant.team_id).or_default().extend(ids_of(&people));
            }
            let affair = Affair { team: grant.team_id, about_partners: member.side == Side::Partner };
            let (_, common, all) = told.entry(member.workspace_id).or_insert_with(|| (grant.workspace_name, affair, Vec::new()));
            common.about_partners &= affair.about_partners;
            all.extend(people);
        }
        for (workspace, (name, affair, people)) in told {
            tell(work, workspace, &name, affair, people).await?;
        }
        for (team, users) in partners {
            end_partnerships(work, team, &users).await?;
        }
        Ok(ended.len())
    }
}

/// Tells those who cannot get in by another grant.
async fn tell(work: &mut Work<'_>, workspace: WorkspaceId, name: &str, affair: Affair, mut people: Vec<Recipient>) -> Result<()> {
    let remaining = work.tx.list_member_recipients(workspace, None, work.now()).await?;
    let remaining: BTreeSet<UserId> = remaining.iter().map(|person| person.user_id).collect();
    people.retain(|person| !remaining.contains(&person.user_id));
    let message = format!("Your access to the workspace {name} has ended.");
    let notice = Notice::new(NotificationKind::MemberRemoved, message, Some(NotificationSubject::Workspace(workspace)));
    work.notify(people, notice.of(affair));
    Ok(())
}

/// Tells people that their access ends soon, once for each term, up to a number of grants. Run by a job until nobody is left to tell.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct WarnExpiring;

impl Command for WarnExpiring {
    const NAME: &'static str = "warnExpiring";
    /// Of how many grants was told.
    type Outcome = usize;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<usize> {
        let now = work.now();
        let mut ending = work.tx.list_ending_members(now, now + EXPIRY_WARNING, BATCH).await?;
        let ids: Vec<MemberId> = ending.iter().map(|grant| grant.member.id).collect();
        let told: BTreeSet<MemberId> = work.tx.set_expiry_told(&ids, now).await?.into_iter().collect();
        ending.retain(|grant| told.contains(&grant.member.id));
        for grant in ending {
            let people = reached(work, &grant.member.subject).await?;
            let message = format!("Your access to the workspace {} ends within {}.", grant.workspace_name, term(now, grant.expires_at));
            let subject = Some(NotificationSubject::Workspace(grant.member.workspace_id));
            work.notify(people, Notice::new(NotificationKind::AccessExpiring, message, subject));
        }
        Ok(told.len())
    }
}

/// How long it is until then, in days begun.
fn term(now: Timestamp, end: Timestamp) -> String {
    let whole = (1..WARNING_DAYS).find(|&count| now + days(count) >= end).unwrap_or(WARNING_DAYS);
    if whole == 1 { "a day".to_owned() } else { format!("{whole} days") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_is_told_in_days_begun() {
        let now = Timestamp::from_micros(0);
        assert_eq!(term(now, now + days(7)), "7 days");
        assert_eq!(term(now, now + days(1) + Duration::from_secs(1)), "2 days");
        assert_eq!(term(now, now + Duration::from_secs(1)), "a day");
    }
}

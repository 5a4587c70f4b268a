//! Groups: made, renamed, filled, emptied, deleted. A grant to a group is live: whoever joins gains it, whoever leaves loses it.

mod add_members;
mod create;
mod delete;
mod remove_members;
mod rename;

pub use add_members::AddGroupMembers;
pub use create::CreateGroup;
pub use delete::DeleteGroup;
pub use remove_members::RemoveGroupMembers;
pub use rename::RenameGroup;

use super::Work;
use super::error::{Refusal, Result};
use super::model::{Group, Recipient, Team};
use super::ports::FeedId;
use crate::domain::notification::{Notice, NotificationKind, NotificationSubject};
use crate::domain::{Reason, Side, TeamId, TeamRole, UserId};
use std::collections::BTreeSet;

/// The most people that one call adds or removes.
const MAX_BATCH: usize = 100;

fn checked_batch(users: &[UserId]) -> Result<()> {
    if users.len() > MAX_BATCH {
        return Err(Refusal::bad_input("userIds", Reason::TooMany, format!("Name up to {MAX_BATCH} people.")).into());
    }
    Ok(())
}

fn name_is_taken() -> Refusal {
    Refusal::conflict(Reason::AlreadyTaken, "Another group of the team has this name.").at("name")
}

/// Refuses people who are not in the team, or who do not belong into a group of this side and organization.
async fn check_people(work: &Work<'_>, group: &Group, users: &[UserId]) -> Result<()> {
    let members = work.tx.list_team_memberships(group.team_id, users).await?;
    let found: BTreeSet<UserId> = members.iter().map(|member| member.user_id).collect();
    let known = work.tx.list_people(work.actor()?.id(), users, work.now()).await?;
    let known: BTreeSet<UserId> = known.iter().map(|person| person.id).collect();
    if users.iter().any(|user| !found.contains(user) || !known.contains(user)) {
        return Err(Refusal::not_found().at("userIds").into());
    }
    for member in &members {
        let side = if member.roles.has(TeamRole::Partner) { Side::Partner } else { Side::Team };
        if side != group.side {
            let message = "A team group is of members of the team, a partner group of partners.";
            return Err(Refusal::precondition(Reason::WrongSide, message).at("userIds").into());
        }
        if side == Side::Partner && member.organization_id != group.organization_id {
            let message = "A partner group is of partners of one organization.";
            return Err(Refusal::precondition(Reason::OutsideOrganization, message).at("userIds").into());
        }
    }
    Ok(())
}

/// Tells people that they joined or left a group, and has their subscriptions look again, and those of the workspaces where it counts.
/// Partners never learn of groups: they are told that what they can reach has changed.
async fn tell(work: &mut Work<'_>, group: &Group, team: &str, people: &[Recipient], what: &str) -> Result<()> {
    for grant in work.tx.list_group_workspaces(group.id).await? {
        work.access_changed(FeedId::Workspace(grant.workspace_id));
    }
    for person in people {
        work.access_changed(FeedId::User(person.user_id));
    }
    let message = match group.side {
        Side::Team => format!("You {what} the group {} of the team {team}.", group.name),
        Side::Partner => format!("What you can reach in the team {team} has changed."),
    };
    let subject = Some(NotificationSubject::Team(group.team_id));
    work.notify(people.to_vec(), Notice::new(NotificationKind::GroupMembershipChanged, message, subject));
    Ok(())
}

/// The name of the team of a group.
async fn team_of(work: &Work<'_>, team: TeamId) -> Result<std::sync::Arc<Team>> {
    Ok(work.tx.find_team(None, team).await?.ok_or_else(Refusal::not_found)?.team)
}

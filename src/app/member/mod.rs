//! The people of a workspace: added, given another role, removed, leaving, staying for a term.

mod expire;
mod invite_team_members;
mod leave;
mod partnership;
mod remove;
mod update;

pub use expire::{EXPIRY_WARNING, ExpireGrants, WarnExpiring};
pub use invite_team_members::{InviteTeamMembers, InviteVerdict, Invited, Invitee};
pub use leave::LeaveWorkspace;
pub(crate) use partnership::end_partnerships;
pub use remove::RemoveMember;
pub use update::UpdateMember;

use super::Work;
use super::access::{Granted, MemberSight};
use super::error::{Refusal, Result};
use super::model::{MemberSubject, Recipient};
use super::ports::FeedId;
use super::request::supersede;
use crate::domain::{Reason, Side, Timestamp, UserId, WorkspaceId, WorkspaceRole};

/// Refuses what would leave the workspace without an Admin from that moment on (condition C12).
async fn keep_an_admin(work: &Work<'_>, sight: &MemberSight, from: Timestamp) -> Result<()> {
    if work.tx.has_other_admin(sight.member.workspace_id, sight.member.id, from).await? {
        return Ok(());
    }
    Err(Refusal::precondition(Reason::LastAdmin, "This is the last Admin of the workspace: make another one first.").into())
}

/// Everybody whom a grant to this subject reaches.
pub(crate) async fn reached(work: &Work<'_>, subject: &MemberSubject) -> Result<Vec<Recipient>> {
    Ok(match subject {
        MemberSubject::Person(person) => work.tx.list_recipients(&[person.id]).await?,
        MemberSubject::Group(group) => work.tx.list_group_recipients(group.id).await?,
    })
}

/// The ids of these people.
pub(crate) fn ids_of(people: &[Recipient]) -> Vec<UserId> {
    people.iter().map(|person| person.user_id).collect()
}

/// What follows from the end of grants that reached these people, however it came: who is not in the workspace any more asks for nothing
/// there, and open subscriptions look again.
pub(crate) async fn after_end(work: &mut Work<'_>, workspace: WorkspaceId, people: &[Recipient]) -> Result<()> {
    for request in work.tx.list_pending_requests(&[workspace]).await? {
        let requester = request.requester_id;
        if people.iter().any(|person| person.user_id == requester) {
            let sight = work.tx.find_workspace(Some(requester), workspace, work.now()).await?;
            if sight.is_none_or(|sight| sight.standing.grant.is_none()) {
                supersede(work, &request).await?;
            }
        }
    }
    for person in people {
        work.access_changed(FeedId::User(person.user_id));
    }
    work.access_changed(FeedId::Workspace(workspace));
    Ok(())
}

/// Ends a grant with all that follows from it. Answers whom it reached.
async fn end(work: &mut Work<'_>, sight: &Granted<MemberSight>) -> Result<Vec<Recipient>> {
    let member = &sight.member;
    if member.role == WorkspaceRole::Admin {
        keep_an_admin(work, sight, work.now()).await?;
    }
    let people = reached(work, &member.subject).await?;
    if !work.tx.delete_member(sight).await? {
        return Err(Refusal::not_found().into());
    }
    after_end(work, member.workspace_id, &people).await?;
    if member.side == Side::Partner {
        end_partnerships(work, sight.workspace.team.id, &ids_of(&people)).await?;
    }
    Ok(people)
}

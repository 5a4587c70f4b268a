//! The people of a workspace: added, given another role, removed, leaving.

mod invite;
mod leave;
mod remove;
mod update;

pub use invite::{InvitePartners, InviteTeamMembers, InviteVerdict, Invited, Invitee};
pub use leave::LeaveWorkspace;
pub use remove::RemoveMember;
pub use update::UpdateMember;

use super::Work;
use super::access::{Granted, MemberSight};
use super::error::{Refusal, Result};
use super::ports::FeedId;
use super::request::supersede;
use crate::domain::{Reason, WorkspaceRole};

/// Refuses what would leave the workspace without an Admin (condition C12).
async fn keep_an_admin(work: &Work<'_>, sight: &MemberSight) -> Result<()> {
    if sight.member.role != WorkspaceRole::Admin || work.tx.has_other_admin(sight.member.workspace_id, sight.member.id, work.now()).await? {
        return Ok(());
    }
    Err(Refusal::precondition(Reason::LastAdmin, "This is the last Admin of the workspace: make another one first.").into())
}

/// Ends a grant, and with it what the person was asking for here.
async fn end(work: &mut Work<'_>, sight: &Granted<MemberSight>) -> Result<()> {
    keep_an_admin(work, sight).await?;
    if !work.tx.delete_member(sight).await? {
        return Err(Refusal::not_found().into());
    }
    let workspace = sight.member.workspace_id;
    if let Some(person) = sight.member.person() {
        for request in work.tx.list_pending_requests(&[workspace]).await? {
            if request.requester_id == person.id {
                supersede(work, &request).await?;
            }
        }
        work.access_changed(FeedId::User(person.id));
    }
    work.access_changed(FeedId::Workspace(workspace));
    Ok(())
}

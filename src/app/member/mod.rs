//! The people of a workspace: added, given another role, removed, leaving, staying for a term.

mod expire;
mod invite;
mod leave;
mod partnership;
mod remove;
mod update;

pub use expire::{EXPIRY_WARNING, ExpireGrants, WarnExpiring};
pub use invite::{InvitePartners, InviteTeamMembers, Invited, Invitee};
pub use leave::LeaveWorkspace;
pub(crate) use partnership::end_partnerships;
pub use remove::RemoveMember;
pub use update::UpdateMember;

use super::Work;
use super::access::{Granted, MemberSight};
use super::element_grant::end_lost;
use super::error::{Refusal, Result};
use super::model::{Member, MemberSubject, Recipient};
use super::ports::{FeedId, LostGrants, NewMember};
use super::request::supersede;
use crate::domain::activity::SubjectRef;
use crate::domain::audit::{AuditEvent, AuditKind};
use crate::domain::{Reason, Side, TeamId, Timestamp, UserId, Visibility, WorkspaceId, WorkspaceRole};
use serde::Serialize;

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
/// there and has no role on an element there, and open subscriptions look again.
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
    end_lost(work, LostGrants::In(&[workspace], &ids_of(people))).await?;
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

/// A grant as the audit log keeps it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuditedGrant {
    #[serde(flatten)]
    pub subject: SubjectRef,
    pub name: String,
    pub side: Side,
    pub role: WorkspaceRole,
    pub partner_lead: bool,
    pub expires_at: Option<String>,
}

impl AuditedGrant {
    /// A grant that is given, to whoever has this name.
    pub(crate) fn of_new(member: &NewMember, name: String) -> Self {
        Self {
            subject: member.subject,
            name,
            side: member.side,
            role: member.role,
            partner_lead: member.partner_lead,
            expires_at: member.expires_at.and_then(Timestamp::to_rfc3339),
        }
    }

    pub(crate) fn of(member: &Member) -> Self {
        Self {
            subject: member.subject.reference(),
            name: member.subject.name().to_owned(),
            side: member.side,
            role: member.role,
            partner_lead: member.partner_lead,
            expires_at: member.expires_at.and_then(Timestamp::to_rfc3339),
        }
    }
}

/// An event of the audit log about a grant: about partners where it is in a partner workspace, or was a partner's.
pub(crate) fn audited(kind: AuditKind, team: TeamId, member: &Member, visibility: Option<Visibility>) -> AuditEvent {
    let event = AuditEvent { workspace: Some(member.workspace_id), ..AuditEvent::new(team, kind).about(member.id) };
    let event = event.of_side(member.side);
    if visibility == Some(Visibility::Partner) { event.of_partners() } else { event }
}

/// Keeps in the audit log that a grant ended.
fn audit_end(work: &mut Work<'_>, kind: AuditKind, sight: &MemberSight) {
    let workspace = &sight.workspace.workspace;
    let event = audited(kind, workspace.team_id, &sight.member, Some(workspace.visibility));
    work.audit(event.before(AuditedGrant::of(&sight.member)));
}

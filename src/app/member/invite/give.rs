//! A grant is given, and told of.

use crate::app::Work;
use crate::app::access::Granted;
use crate::app::element_grant::end_lost;
use crate::app::error::Result;
use crate::app::invitation::Verdict;
use crate::app::member::{AuditedGrant, ids_of};
use crate::app::model::{Group, Recipient, User, WorkspaceSight};
use crate::app::ports::{FeedId, LostGrants, NewMember};
use crate::domain::activity::{Activity, SubjectRef, title};
use crate::domain::audit::{AuditEvent, AuditKind};
use crate::domain::notification::{Notice, NotificationKind, NotificationSubject};
use crate::domain::text::Note;
use crate::domain::{MemberId, OrganizationId, Side, Timestamp, WorkspaceRole};

/// Whom something is given to.
pub(super) enum Recipients<'a> {
    /// One person.
    Person(&'a User),
    /// Everybody in a group.
    Group(&'a Group),
}

impl Recipients<'_> {
    fn name(&self) -> &str {
        match self {
            Self::Person(user) => &user.name,
            Self::Group(group) => &group.name,
        }
    }

    fn subject(&self) -> SubjectRef {
        match self {
            Self::Person(user) => SubjectRef::Person { user_id: user.id },
            Self::Group(group) => SubjectRef::Group { group_id: group.id },
        }
    }

    async fn people(&self, work: &Work<'_>) -> Result<Vec<Recipient>> {
        match self {
            Self::Person(user) => Ok(vec![Recipient::from(*user)]),
            Self::Group(group) => Ok(work.tx.list_group_recipients(group.id).await?),
        }
    }
}

/// What is given.
pub(super) struct Gift<'a> {
    pub side: Side,
    pub role: WorkspaceRole,
    pub partner_lead: bool,
    pub organization: Option<OrganizationId>,
    pub expires_at: Option<Timestamp>,
    pub message: Option<&'a Note>,
}

/// Gives somebody a grant, unless they hold one. That they may have it has been decided.
pub(super) async fn give(
    work: &mut Work<'_>,
    workspace: &Granted<WorkspaceSight>,
    to: &Recipients<'_>,
    gift: &Gift<'_>,
) -> Result<Verdict<MemberId>> {
    let actor = work.actor()?;
    let id = workspace.workspace.id;
    let (subject, people) = (to.subject(), to.people(work).await?);
    // Access that the clock has ended, and that nobody has cleared away yet, is not gone on with.
    end_lost(work, LostGrants::In(&[id], &ids_of(&people))).await?;
    let member = NewMember {
        id: work.new_id()?,
        team_id: workspace.team.id,
        workspace_id: id,
        subject,
        side: gift.side,
        role: gift.role,
        partner_lead: gift.partner_lead,
        organization_id: gift.organization,
        granted_by: actor.id(),
        granted_at: work.now(),
        expires_at: gift.expires_at,
    };
    if !work.tx.insert_member(&member).await? {
        let existing = match subject {
            SubjectRef::Person { user_id: user } => work.tx.find_member_of(id, user, work.now()).await?,
            SubjectRef::Group { group_id: group } => work.tx.find_member_of_group(id, group, work.now()).await?,
        };
        return Ok(Verdict::AlreadyMember(existing.map_or(member.id, |existing| existing.id)));
    }
    let name = to.name().to_owned();
    let event = AuditEvent::new(workspace.team.id, AuditKind::MemberAdded).in_workspace(id, workspace.workspace.visibility);
    work.audit(event.about(member.id).after(AuditedGrant::of_new(&member, name.clone())));
    work.record_of(id, gift.organization, Activity::MemberAdded { member_id: member.id, subject, name, role: gift.role });

    for person in &people {
        work.access_changed(FeedId::User(person.user_id));
    }
    let message = format!("{} added you to the workspace {} as {}.", actor.user.name, workspace.workspace.name, title(&gift.role));
    let notice =
        Notice::new(NotificationKind::MemberAdded, message, Some(NotificationSubject::Workspace(id))).of(workspace.workspace.affair());
    work.notify(people, notice.with_remark(gift.message.map(ToString::to_string)));
    Ok(Verdict::Added(member.id))
}

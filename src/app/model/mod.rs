//! What the store gives back: rows, and rows together with what the reader is towards them.

mod comment;
mod element;
mod element_grant;
mod fork;
mod mail;
mod partner;
mod pull_request;
mod related;
mod trash;

pub use comment::{Comment, NOBODY, shared_audience};
pub use element::{Element, ElementRow, Language, Revision};
pub use element_grant::{ElementGrant, LostGrant};
pub use fork::{Fork, ForkBase, LeftBehind};
pub use mail::{DeadMail, DigestEntry, QueuedMail, Unsubscription, WaitingEntry};
pub use partner::{Group, Invitation, Organization};
pub use pull_request::{Ending, PullRequest, PullRequestComment, Review, Reviewer};
pub use related::RelatedItem;
pub use trash::{DueEntry, Leaving, NewTrashEntry, TrashEntry};

use crate::domain::activity::SubjectRef;
use crate::domain::mail::Affair;
use crate::domain::notification::{NotificationKind, NotificationSubject};
use crate::domain::policy::Standing;
use crate::domain::request::{RequestKind, RequestStatus};
use crate::domain::team::{Plan, Policies};
use crate::domain::{
    ActivityId, MemberId, NotificationId, OrganizationId, RequestId, Side, TeamId, TeamMemberId, TeamRoles, Timestamp, TokenId, UserId,
    Visibility, WorkspaceId, WorkspaceRole,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A person's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// The verified address.
    pub email: String,
    /// The name that others read.
    pub name: String,
    /// When the account was made.
    pub created_at: Timestamp,
}

/// A person as somebody else sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their id.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// Their address; none where the reader is not of a team that the person is in.
    pub email: Option<String>,
}

/// An access token, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessToken {
    /// Its id: the public part of the token.
    pub id: TokenId,
    /// Whose it is.
    pub user_id: UserId,
    /// What its owner calls it.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends; none: when it is revoked.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

impl AccessToken {
    /// Whether it opens anything at that moment.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}

/// A team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// Its id.
    pub id: TeamId,
    /// Its name.
    pub name: String,
    /// Its short name in addresses.
    pub slug: String,
    /// What it has booked.
    pub plan: Plan,
    /// The rules that it sets for itself.
    pub policies: Policies,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A team, and what the reader is in it.
#[derive(Debug, Clone)]
pub struct TeamSight {
    /// The team.
    pub team: Arc<Team>,
    /// The reader's roles.
    pub roles: TeamRoles,
    /// Whether anybody is Partner Manager.
    pub has_partner_manager: bool,
    /// Whether anybody is Super Admin.
    pub has_super_admin: bool,
}

/// A person's membership of a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamMember {
    /// The membership.
    pub id: TeamMemberId,
    /// The team.
    pub team_id: TeamId,
    /// The person.
    pub user_id: UserId,
    /// What they are in it.
    pub roles: TeamRoles,
    /// The organization of a partner; none: a member of the team's own side.
    pub organization_id: Option<OrganizationId>,
    /// Since when.
    pub joined_at: Timestamp,
}

/// A workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// Its id.
    pub id: WorkspaceId,
    /// The team that owns it.
    pub team_id: TeamId,
    /// Its name.
    pub name: String,
    /// What it is for, in a line.
    pub summary: String,
    /// What it is for, in Markdown.
    pub description: String,
    /// Who gets in.
    pub visibility: Visibility,
    /// Whether partners see only their own organization.
    pub multi_partner: bool,
    /// Grows by one with each edit of the details.
    pub version: i32,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it.
    pub created_by: UserId,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Who changed it last.
    pub updated_by: UserId,
    /// When it stopped being a partner workspace; none: never, or it is one.
    pub left_partner_at: Option<Timestamp>,
}

impl Workspace {
    /// Whose affair a mail about it is.
    #[must_use]
    pub const fn affair(&self) -> Affair {
        Affair::of_workspace(self.team_id, self.visibility)
    }
}

/// A workspace, and what the reader is towards it: what every decision about it needs, read at once.
#[derive(Debug, Clone)]
pub struct WorkspaceSight {
    /// The workspace.
    pub workspace: Workspace,
    /// The team that owns it.
    pub team: Arc<Team>,
    /// What the reader is towards it.
    pub standing: Standing,
    /// When what the reader may do here ends or changes by the clock alone; none: never.
    pub changes_at: Option<Timestamp>,
    /// The reader's own direct grant, with which they could leave.
    pub own_member: Option<MemberId>,
    /// Whether partner grants or open partner invitations are left.
    pub partners_remain: bool,
    /// Whether somebody else than the reader is Admin of it.
    pub has_other_admin: bool,
}

/// A grant in a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its id.
    pub id: MemberId,
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// Whom it is given to.
    pub subject: MemberSubject,
    /// On which side they are.
    pub side: Side,
    /// What it lets them do.
    pub role: WorkspaceRole,
    /// Whether a partner is a Partner Lead.
    pub partner_lead: bool,
    /// The organization of a partner.
    pub organization_id: Option<OrganizationId>,
    /// Who gave it; none: the system.
    pub granted_by: Option<UserId>,
    /// When.
    pub granted_at: Timestamp,
    /// When it ends; none: when it is taken.
    pub expires_at: Option<Timestamp>,
}

/// Whom a grant is given to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MemberSubject {
    /// One person.
    Person(Person),
    /// Everybody in a group.
    Group(Group),
}

impl Member {
    /// The person that the grant is given to, where it is one person's.
    #[must_use]
    pub const fn person(&self) -> Option<&Person> {
        match &self.subject {
            MemberSubject::Person(person) => Some(person),
            MemberSubject::Group(_) => None,
        }
    }
}

impl MemberSubject {
    /// The name of the person or group.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Person(person) => &person.name,
            Self::Group(group) => &group.name,
        }
    }

    /// What an activity says of whose grant it is about.
    #[must_use]
    pub const fn reference(&self) -> SubjectRef {
        match self {
            Self::Person(person) => SubjectRef::Person { user_id: person.id },
            Self::Group(group) => SubjectRef::Group { group_id: group.id },
        }
    }
}

/// An approval request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its id.
    pub id: RequestId,
    /// The team.
    pub team_id: TeamId,
    /// The workspace, which may be gone by now.
    pub workspace_id: WorkspaceId,
    /// The name that the workspace had when it was asked for.
    pub workspace_name: String,
    /// What it asks for.
    pub kind: RequestKind,
    /// Who asks.
    pub requester_id: UserId,
    /// What they add.
    pub note: Option<String>,
    /// Where it stands.
    pub status: RequestStatus,
    /// Who decided.
    pub reviewer_id: Option<UserId>,
    /// What they added.
    pub comment: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it reached its final state.
    pub decided_at: Option<Timestamp>,
    /// When it expires if nobody decides.
    pub expires_at: Timestamp,
}

/// Somebody who is told of something.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Recipient {
    /// Who.
    pub user_id: UserId,
    /// Where mail reaches them.
    pub email: String,
}

impl From<&User> for Recipient {
    fn from(user: &User) -> Self {
        Self { user_id: user.id, email: user.email.clone() }
    }
}

/// An entry of a workspace's activity feed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ActivityEntry {
    /// Its id.
    pub id: ActivityId,
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// Its place in the feed: 1, 2, 3 … without a gap.
    pub seq: i64,
    /// What kind of thing happened, as stored.
    pub kind: String,
    /// A sentence for people.
    pub message: String,
    /// Who did it; none: the system.
    pub actor_id: Option<UserId>,
    /// What it is about, beside the workspace.
    pub target_id: Option<String>,
    /// What a client needs to follow, as JSON.
    pub data: String,
    /// The organization of the partners whom it is about or who did it; none: it is about the team's own side.
    pub organization_id: Option<OrganizationId>,
    /// Whether only the team's own side reads it.
    pub team_only: bool,
    /// When it happened.
    pub created_at: Timestamp,
}

/// An entry of a user's notification feed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NotificationEntry {
    /// Its id.
    pub id: NotificationId,
    /// Whose it is.
    pub user_id: UserId,
    /// Its place in the feed: 1, 2, 3 … without a gap.
    pub seq: i64,
    /// What it is about.
    pub kind: NotificationKind,
    /// A sentence for people.
    pub message: String,
    /// What somebody added in their own words.
    pub remark: Option<String>,
    /// Who did it; none: the system.
    pub actor_id: Option<UserId>,
    /// The thing that it points at.
    pub subject: Option<NotificationSubject>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was read.
    pub read_at: Option<Timestamp>,
}

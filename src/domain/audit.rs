//! What the audit log of a team keeps: every change of people, roles, policies, requests and visibility.
//!
//! A use case says what changed with an [`AuditEvent`]; who did it, when and from where is added to it when it is written.
//!
//! ```
//! use portico::domain::audit::{AuditEvent, AuditKind};
//! use portico::domain::Visibility;
//!
//! let team = "team_01h455vb4pex5vsknk084sn02q".parse().unwrap();
//! let workspace = "workspace_01h455vb4pex5vsknk084sn02q".parse().unwrap();
//! let event = AuditEvent::new(team, AuditKind::VisibilityChanged)
//!     .in_workspace(workspace, Visibility::Partner)
//!     .before([("visibility", Visibility::Partner)])
//!     .after([("visibility", Visibility::Private)]);
//! assert!(event.about_partners);
//! ```

use super::{Side, TeamId, Visibility, WorkspaceId};
use serde::Serialize;
use serde_json::Value;
use std::fmt::Display;
use strum::{Display as DisplayName, EnumString, VariantArray};

/// What kind of change the audit log keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, DisplayName, EnumString, VariantArray)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum AuditKind {
    /// The team was made.
    TeamCreated,
    /// Somebody came into the team.
    TeamMemberAdded,
    /// Somebody left the team, or was removed from it.
    TeamMemberRemoved,
    /// Somebody's roles in the team changed.
    TeamRolesChanged,
    /// The team's plan changed.
    TeamPlanChanged,
    /// The policies of the team changed.
    TeamPoliciesChanged,
    /// A group was made.
    GroupCreated,
    /// A group got another name.
    GroupRenamed,
    /// A group was deleted, and its grants ended.
    GroupDeleted,
    /// Somebody came into a group.
    GroupMemberAdded,
    /// Somebody left a group, or was removed from it.
    GroupMemberRemoved,
    /// A partner organization was made.
    OrganizationCreated,
    /// Details of a partner organization changed.
    OrganizationChanged,
    /// A workspace was created.
    WorkspaceCreated,
    /// Details of a workspace changed.
    WorkspaceChanged,
    /// A workspace was deleted.
    WorkspaceDeleted,
    /// The visibility of a workspace changed.
    VisibilityChanged,
    /// Somebody asked for an approval.
    RequestSubmitted,
    /// A request was approved.
    RequestApproved,
    /// A request was denied.
    RequestDenied,
    /// A request was taken back.
    RequestCancelled,
    /// Nobody decided a request in time.
    RequestExpired,
    /// A request lost its object.
    RequestSuperseded,
    /// Somebody was invited.
    InvitationSent,
    /// An invitation was sent again.
    InvitationResent,
    /// An invitation was accepted.
    InvitationAccepted,
    /// An invitation was declined.
    InvitationDeclined,
    /// An invitation was revoked.
    InvitationRevoked,
    /// Nobody answered an invitation in time.
    InvitationExpired,
    /// A person or a group was given a role in a workspace.
    MemberAdded,
    /// A grant in a workspace changed: its role, its term or the Lead flag.
    MemberChanged,
    /// A grant in a workspace was taken away.
    MemberRemoved,
    /// Somebody gave up their own access to a workspace.
    MemberLeft,
    /// The term of a grant ended.
    MemberExpired,
    /// An element was moved from one workspace to another.
    ElementMoved,
    /// Somebody took a fork of an element.
    ElementForked,
    /// An element was deleted.
    ElementDeleted,
    /// A collection came back from the trash.
    ElementRestored,
    /// A collection left the trash for good.
    ElementPurged,
    /// A person or a group was given a role on one element, or another one.
    ElementRoleGranted,
    /// A role on one element was taken away.
    ElementRoleRevoked,
}

/// A change, as the audit log of a team keeps it.
///
/// `before` and `after` hold what changed and nothing else: no secrets, and of a long text only how long it is.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct AuditEvent {
    /// The team in whose log it stands.
    pub team: TeamId,
    /// The workspace that it happened in; none: it is about the team itself.
    pub workspace: Option<WorkspaceId>,
    /// What kind of change it is.
    pub kind: AuditKind,
    /// The id of the person or thing that was changed, as text; none: the team or the workspace itself.
    pub target: Option<String>,
    /// Whether it is about a partner workspace, a partner, or a request for a partner workspace: what a Partner Manager reads
    /// (condition C30).
    pub about_partners: bool,
    /// What it was.
    pub before: Option<Value>,
    /// What it is now.
    pub after: Option<Value>,
}

impl AuditEvent {
    /// A change of this kind, in this team.
    pub const fn new(team: TeamId, kind: AuditKind) -> Self {
        Self { team, workspace: None, kind, target: None, about_partners: false, before: None, after: None }
    }

    /// It happened in this workspace. Where that is a partner workspace, the change is about partners.
    pub fn in_workspace(self, workspace: WorkspaceId, visibility: Visibility) -> Self {
        let about_partners = self.about_partners || visibility == Visibility::Partner;
        Self { workspace: Some(workspace), about_partners, ..self }
    }

    /// It is about the person or thing with this id.
    pub fn about(self, target: impl Display) -> Self {
        Self { target: Some(target.to_string()), ..self }
    }

    /// It is about people, or a group, of this side. That of partners is about partners, wherever it happened.
    pub fn of_side(self, side: Side) -> Self {
        match side {
            Side::Partner => self.of_partners(),
            Side::Team => self,
        }
    }

    /// It is about partners, wherever it happened.
    pub fn of_partners(self) -> Self {
        Self { about_partners: true, ..self }
    }

    /// What it was. Anything that can be written as JSON; what cannot is left out.
    pub fn before(self, value: impl Serialize) -> Self {
        Self { before: serde_json::to_value(value).ok(), ..self }
    }

    /// What it is now. Anything that can be written as JSON; what cannot is left out.
    pub fn after(self, value: impl Serialize) -> Self {
        Self { after: serde_json::to_value(value).ok(), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn event(kind: AuditKind) -> AuditEvent {
        AuditEvent::new(TeamId::from_uuid(uuid::Uuid::nil()), kind)
    }

    #[test]
    fn an_event_of_a_partner_workspace_is_about_partners_and_stays_so() {
        let workspace = WorkspaceId::from_uuid(uuid::Uuid::nil());
        for &visibility in Visibility::VARIANTS {
            let added = event(AuditKind::MemberAdded).in_workspace(workspace, visibility);
            assert_eq!(added.about_partners, visibility == Visibility::Partner);
            assert!(event(AuditKind::RequestDenied).of_partners().in_workspace(workspace, visibility).about_partners);
        }
    }

    #[test]
    fn what_changed_is_kept_as_json() {
        let event = event(AuditKind::TeamRolesChanged).about("user_1").before(json!({ "roles": ["ADMIN"] }));
        assert_eq!((event.target.as_deref(), event.before, event.after), (Some("user_1"), Some(json!({ "roles": ["ADMIN"] })), None));
    }
}

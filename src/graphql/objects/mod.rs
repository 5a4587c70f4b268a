//! The objects of the schema.

mod audit;
mod element;
mod feed;
mod group;
mod invitation;
mod node;
mod partnership;
mod person;
mod policies;
mod request;
mod scalar;
mod team;
mod viewer;
mod workspace;
mod workspace_content;

pub use audit::AuditEvent;
pub use element::{Api, Collection, CollectionItem, Element, Environment, EnvironmentVariable, Revision, load_element};
pub use feed::{Activity, Notification, activity_page, activity_place, activity_scope, notification_scope};
pub use group::Group;
pub use invitation::{Invitation, InvitationPreview, list_invitations};
pub use node::{Node, find_node};
pub use partnership::{Partner, PartnerAccess, PartnerOrganization};
pub use person::{AccessToken, User};
pub use policies::TeamPolicies;
pub use request::ApprovalRequest;
pub use scalar::{DateTime, Json};
pub use team::{Team, TeamMembership};
pub use viewer::Viewer;
pub use workspace::{MemberCount, Workspace, WorkspaceMember, load_member, load_workspace};
use workspace_content::WorkspaceContent;

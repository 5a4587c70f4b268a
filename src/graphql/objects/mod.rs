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
mod related_item;
mod request;
mod scalar;
mod team;
mod trash;
mod viewer;
mod workspace;
mod workspace_content;

pub use audit::AuditEvent;
pub use element::{Api, Collection, CollectionItem, Element, Environment, Revision, load_element};
pub use feed::{Activity, Notification, activity_page, activity_place, activity_scope, notification_scope};
pub use group::Group;
pub use invitation::{Invitation, InvitationPreview, list_invitations};
pub use node::{Node, find_node};
pub use partnership::{Partner, PartnerAccess, PartnerOrganization};
pub use person::{AccessToken, User};
pub use policies::TeamPolicies;
pub use related_item::{RelatedItem, load_related_item};
pub use request::ApprovalRequest;
pub use scalar::{DateTime, Json};
pub use team::{Team, TeamMembership};
use trash::{HomelessTrash, WorkspaceTrash};
pub use trash::{TrashEntry, load_trash_entry};
pub use viewer::Viewer;
pub use workspace::{MemberCount, Workspace, WorkspaceMember, load_member, load_workspace};
use workspace_content::WorkspaceContent;

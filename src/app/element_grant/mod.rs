//! Roles on single elements: given and taken, and ended with the access that they add to.

mod grant;
mod lost;
mod revoke;

pub use grant::{GrantElementRole, Grantee};
pub(in crate::app) use lost::end_lost;
pub use revoke::RevokeElementRole;

use super::Work;
use super::error::Result;
use super::model::WorkspaceSight;
use super::ports::FeedId;
use crate::domain::activity::{ElementRole, SubjectRef};
use crate::domain::audit::{AuditEvent, AuditKind};
use crate::domain::notification::{Notice, NotificationKind, NotificationSubject};
use crate::domain::{Side, UserId};

/// Tells those whom the role reaches, as far as they may open the workspace: a group may have people who cannot. The subscriptions of all
/// of them look again.
async fn tell(work: &mut Work<'_>, workspace: &WorkspaceSight, role: &ElementRole, message: String) -> Result<()> {
    let people: Vec<UserId> = match role.subject {
        SubjectRef::Person { user_id } => vec![user_id],
        SubjectRef::Group { group_id } => work.tx.list_group_recipients(group_id).await?.iter().map(|person| person.user_id).collect(),
    };
    for person in &people {
        work.access_changed(FeedId::User(*person));
    }
    let told = work.tx.list_openers(&people, workspace.workspace.id, work.now()).await?;
    let subject = Some(NotificationSubject::Element(role.element_id));
    work.notify(told, Notice::new(NotificationKind::RoleChanged, message, subject));
    Ok(())
}

/// An event of the audit log about a role on an element of the workspace.
fn audited(kind: AuditKind, workspace: &WorkspaceSight, role: &ElementRole, side: Side) -> AuditEvent {
    let workspace = &workspace.workspace;
    AuditEvent::new(workspace.team_id, kind).in_workspace(workspace.id, workspace.visibility).about(role.grant_id).of_side(side)
}

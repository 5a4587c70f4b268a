//! The way to roles on single elements.

use super::answer::hide;
use super::{Access, ElementSight, Granted};
use crate::app::error::{Refusal, Result};
use crate::app::model::{ElementGrant, MemberSubject};
use crate::domain::policy::{Action, Subject};
use crate::domain::{ElementGrantId, Timestamp, WorkspaceId, WorkspaceRole};

/// A role on an element, and the element.
#[derive(Debug, Clone)]
pub struct ElementGrantSight {
    /// The grant.
    pub grant: ElementGrant,
    /// The element.
    pub element: ElementSight,
}

impl Access<'_> {
    /// A role on an element, for looking at it.
    ///
    /// # Errors
    /// Not found where the caller may not know of it.
    pub async fn visible_element_grant(self, id: ElementGrantId) -> Result<Granted<ElementGrantSight>> {
        let find = async || Result::<_>::Ok(self.queries.find_element_grant(self.caller, id).await?.ok_or_else(Refusal::not_found)?);
        let mut grant = find().await?;
        // Who may not see the members may not learn either that there is this one.
        let element = self.element(grant.element_id).may(Action::ViewMembers).await.map_err(hide)?.into_inner();
        if self.locks.is_some() {
            // Again, now that it is held still.
            grant = find().await?;
        }
        if !element.workspace.shows_subject(&grant.subject, grant.side, grant.organization_id, self.now) {
            return Err(Refusal::not_found().into());
        }
        Ok(Granted(ElementGrantSight { grant, element }))
    }

    /// The same, for taking it.
    ///
    /// # Errors
    /// Not found where the caller may not know of it; forbidden where they may not take it.
    pub async fn element_grant(self, id: ElementGrantId) -> Result<Granted<ElementGrantSight>> {
        let sight = self.visible_element_grant(id).await?;
        let (grant, workspace) = (&sight.grant, &sight.element.workspace);
        let by_partner = workspace.standing.partner_grant().is_some();
        let partner_lead = by_partner && self.is_lead(workspace.workspace.id, &grant.subject).await?;
        let subject = Subject { side: grant.side, role: grant.role, partner_lead, organization: grant.organization_id };
        workspace.check_about(Action::GrantElementRole, subject, self.now)?;
        Ok(sight)
    }

    /// Whether a person, wherever they have the flag from, or a group is a Partner Lead in a workspace.
    async fn is_lead(&self, workspace: WorkspaceId, subject: &MemberSubject) -> Result<bool> {
        Ok(match subject {
            MemberSubject::Person(person) => {
                let theirs = self.queries.find_workspace(Some(person.id), workspace, self.now).await?;
                theirs.and_then(|theirs| theirs.standing.grant).is_some_and(|grant| grant.partner_lead)
            }
            MemberSubject::Group(group) => {
                let theirs = self.queries.find_member_of_group(workspace, group.id, self.now).await?;
                theirs.is_some_and(|theirs| theirs.partner_lead)
            }
        })
    }
}

impl ElementSight {
    /// Whether the reader may give this role on it to somebody.
    ///
    /// # Errors
    /// The refusal that tells them.
    pub fn check_granting(&self, to: Subject, held: Option<WorkspaceRole>, now: Timestamp) -> Result<()> {
        let role = held.map_or(to.role, |held| held.max(to.role));
        self.workspace.check_about(Action::GrantElementRole, Subject { role, ..to }, now)
    }
}

//! The way to grants: to manage one, to give up one's own, to look at one.

use super::answer::{hide, settle};
use super::{Access, Granted};
use crate::app::error::{Refusal, Result};
use crate::app::model::{Member, WorkspaceSight};
use crate::domain::policy::{Action, Grant, Subject};
use crate::domain::{MemberId, Reason, Side, WorkspaceId, WorkspaceRole};

/// A grant, and the workspace that it is in.
#[derive(Debug, Clone)]
pub struct MemberSight {
    /// The grant.
    pub member: Member,
    /// The workspace.
    pub workspace: WorkspaceSight,
}

/// What is to be done with somebody's grant: which actions that takes depends on their side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manage {
    /// Change it.
    Change {
        /// The role that it is to give; none: as it is.
        role: Option<WorkspaceRole>,
        /// Whether its role or term is touched.
        role_or_term: bool,
        /// Whether the Lead flag is.
        partner_lead: bool,
    },
    /// End it.
    Remove,
}

impl Manage {
    /// Every action that it takes to do this to a grant of that side.
    fn actions(self, side: Side) -> impl Iterator<Item = Action> {
        let (first, second) = match (self, side) {
            (Self::Remove, Side::Team) => (Some(Action::RemoveMember), None),
            (Self::Remove, Side::Partner) => (Some(Action::RemovePartner), None),
            (Self::Change { .. }, Side::Team) => (Some(Action::ChangeMemberRole), None),
            (Self::Change { role_or_term, partner_lead, .. }, Side::Partner) => {
                (role_or_term.then_some(Action::ChangePartnerRole), partner_lead.then_some(Action::SetPartnerLead))
            }
        };
        first.into_iter().chain(second)
    }
}

impl Access<'_> {
    /// A grant, for managing it.
    ///
    /// # Errors
    /// Not found where the caller may not know of it; forbidden where they may not do this.
    pub async fn member(self, id: MemberId, manage: Manage) -> Result<Granted<MemberSight>> {
        let find = async || Result::<_>::Ok(self.queries.find_member(self.caller, id, self.now).await?.ok_or_else(Refusal::not_found)?);
        let workspace = self.workspace(find().await?.workspace_id);
        let sight = workspace.look().await?;
        // Who may not see the members may not learn either that there is this one.
        sight.check(Action::ViewMembers, self.now).map_err(hide)?;
        // Again, now that it is held still.
        let member = find().await?;
        if !sight.shows(&member, self.now) {
            return Err(Refusal::not_found().into());
        }
        let subject = self.subject(&member, &sight, manage).await?;
        for action in manage.actions(member.side) {
            settle(action, workspace.about(subject).judge(action, &sight), self.caller)?;
        }
        Ok(Granted(MemberSight { member, workspace: sight }))
    }

    /// Whom managing the grant is aimed at, as the policy takes it.
    async fn subject(&self, member: &Member, sight: &WorkspaceSight, manage: Manage) -> Result<Subject> {
        let (side, partner_lead, organization) = (member.side, member.partner_lead, member.organization_id);
        let held = Grant { side, role: member.role, partner_lead, organization }.in_mode(sight.workspace.multi_partner).role;
        let role = match manage {
            Manage::Change { role: Some(role), .. } => role.max(held),
            Manage::Change { role: None, .. } | Manage::Remove => held,
        };
        // A Lead is protected from other Leads, wherever the flag comes from: this grant or another one.
        let by_partner = sight.standing.partner_grant().is_some();
        let partner_lead = match member.person() {
            Some(person) if by_partner && !partner_lead => {
                let theirs = self.queries.find_workspace(Some(person.id), member.workspace_id, self.now).await?;
                theirs.and_then(|theirs| theirs.standing.grant).is_some_and(|grant| grant.partner_lead)
            }
            _ => partner_lead,
        };
        Ok(Subject { side, role, partner_lead, organization })
    }

    /// The caller's own grant in a workspace, for leaving it.
    ///
    /// # Errors
    /// Not found where the caller may not know of the workspace; refused where they hold no grant of their own there, or
    /// are its last Admin.
    pub async fn own_member(self, workspace: WorkspaceId) -> Result<Granted<MemberSight>> {
        let caller = self.caller()?;
        let workspace = self.workspace(workspace).may(Action::LeaveWorkspace).await?.into_inner();
        let member = self
            .queries
            .find_member_of(workspace.workspace.id, caller, self.now)
            .await?
            .ok_or_else(|| Refusal::precondition(Reason::WrongState, "You have no access of your own here that you could give up."))?;
        Ok(Granted(MemberSight { member, workspace }))
    }

    /// A grant, for looking at it.
    ///
    /// # Errors
    /// Not found where the caller may not know of it.
    pub async fn visible_member(self, id: MemberId) -> Result<Granted<MemberSight>> {
        let member = self.queries.find_member(self.caller, id, self.now).await?.ok_or_else(Refusal::not_found)?;
        let workspace = self.workspace(member.workspace_id).may(Action::ViewMembers).await.map_err(hide)?.into_inner();
        if !workspace.shows(&member, self.now) {
            return Err(Refusal::not_found().into());
        }
        Ok(Granted(MemberSight { member, workspace }))
    }
}

//! Somebody is given a role on one element.

use super::{audited, tell};
use crate::app::access::{ElementSight, Granted};
use crate::app::error::{Refusal, Result};
use crate::app::model::WorkspaceSight;
use crate::app::ports::NewElementGrant;
use crate::app::{App, Command, Work};
use crate::domain::activity::{Activity, ElementRole, SubjectRef, title};
use crate::domain::audit::AuditKind;
use crate::domain::element::ElementKind;
use crate::domain::policy::{Action, Subject};
use crate::domain::{ElementGrantId, ElementId, GroupId, OrganizationId, Reason, Side, TeamRole, UserId, WorkspaceRole};
use serde::Serialize;

/// Whom a role is given to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Grantee {
    /// One person.
    Person(UserId),
    /// Everybody in a group.
    Group(GroupId),
}

impl Grantee {
    const fn argument(self) -> &'static str {
        match self {
            Self::Person(_) => "userId",
            Self::Group(_) => "groupId",
        }
    }

    const fn reference(self) -> SubjectRef {
        match self {
            Self::Person(user_id) => SubjectRef::Person { user_id },
            Self::Group(group_id) => SubjectRef::Group { group_id },
        }
    }
}

/// Gives a person or a group a role on one element, or another one than they hold on it. It adds to what they may do in the workspace, and
/// lets nobody in: who cannot open it is to be invited first.
#[derive(Debug, Clone, Serialize)]
pub struct GrantElementRole {
    /// The element.
    pub element: ElementId,
    /// Who is given it.
    pub to: Grantee,
    /// The role.
    pub role: WorkspaceRole,
}

/// Who is given the role, as far as it matters.
struct Known {
    name: String,
    side: Side,
    organization: Option<OrganizationId>,
    partner_lead: bool,
}

impl Command for GrantElementRole {
    const NAME: &'static str = "grantElementRole";
    type Outcome = ElementGrantId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<ElementGrantId> {
        let actor = work.actor()?.id();
        if self.role == WorkspaceRole::Admin {
            let message = "On an element there are the roles EDITOR and VIEWER.";
            return Err(Refusal::bad_input("role", Reason::RoleNotAssignable, message).into());
        }
        let sight = work.access().element(self.element).may(Action::GrantElementRole).await?;
        let known = self.known(work, &sight.workspace).await?;
        let held = work.tx.find_element_grant_of(self.element, self.to.reference()).await?;
        let Known { side, organization, partner_lead, .. } = known;
        let subject = Subject { side, role: self.role, partner_lead, organization };
        sight.check_granting(subject, held.as_ref().map(|held| held.role), work.now())?;
        self.check_side(&sight, side)?;
        if let Some(held) = held.as_ref().filter(|held| held.role == self.role) {
            return Ok(held.id);
        }
        let grant = NewElementGrant {
            id: work.new_id()?,
            subject: self.to.reference(),
            side,
            role: self.role,
            granted_by: actor,
            granted_at: work.now(),
        };
        let id = work.tx.set_element_grant(&sight, &grant).await?;
        let name = sight.element.name.clone();
        let role =
            ElementRole { element_id: self.element, name, grant_id: id, subject: grant.subject, subject_name: known.name, role: self.role };
        let event = audited(AuditKind::ElementRoleGranted, &sight.workspace, &role, side);
        let event = match &held {
            Some(held) => event.before(held.described(&sight.element.name)),
            None => event,
        };
        work.audit(event.after(&role));
        work.record_of(sight.workspace.workspace.id, organization, Activity::ElementRoleGranted(role.clone()));
        let (noun, element, workspace) = (sight.element.kind.noun(), &sight.element.name, &sight.workspace.workspace.name);
        let message = format!("You are now {} of the {noun} {element} in the workspace {workspace}.", title(&self.role));
        tell(work, &sight.workspace, &role, message).await?;
        Ok(id)
    }
}

impl GrantElementRole {
    /// Who is given it: not found where the caller may not know of them, refused where they have no access that a role could add to.
    async fn known(&self, work: &Work<'_>, workspace: &WorkspaceSight) -> Result<Known> {
        let argument = self.to.argument();
        let found = match self.to {
            Grantee::Person(user) => person(work, workspace, user).await?,
            Grantee::Group(group) => self::group(work, workspace, group).await?,
        };
        // In the same words wherever they are instead: whether they belong to the team is not the caller's affair.
        found.ok_or_else(|| {
            let message = "They have no access to the workspace that a role could add to: invite them first.";
            Refusal::precondition(Reason::WrongState, message).at(argument).into()
        })
    }

    /// What partners cannot be given.
    fn check_side(&self, sight: &Granted<ElementSight>, side: Side) -> Result<()> {
        if side == Side::Team {
            return Ok(());
        }
        if sight.element.kind != ElementKind::Collection {
            let message = "Partners can be given roles on collections only.";
            return Err(Refusal::bad_input("elementId", Reason::WrongKind, message).into());
        }
        if self.role == WorkspaceRole::Editor && sight.workspace.workspace.multi_partner {
            let message = "In multi-partner mode partners are Viewers only.";
            return Err(Refusal::precondition(Reason::RoleNotAssignable, message).at("role").into());
        }
        Ok(())
    }
}

/// A person, if they get into the workspace by a grant or because it is open to their team.
async fn person(work: &Work<'_>, workspace: &WorkspaceSight, user: UserId) -> Result<Option<Known>> {
    let known = work.tx.find_person(work.actor()?.id(), user, work.now()).await?;
    let name = known.ok_or_else(|| Refusal::not_found().at("userId"))?.name;
    let theirs = work.tx.find_workspace(Some(user), workspace.workspace.id, work.now()).await?;
    let Some(theirs) = theirs.filter(|theirs| theirs.effective_role().is_some()) else { return Ok(None) };
    let grant = theirs.standing.grant;
    let side = if theirs.standing.is(TeamRole::Partner) { Side::Partner } else { Side::Team };
    let organization = grant.filter(|_| side == Side::Partner).and_then(|grant| grant.organization);
    Ok(Some(Known { name, side, organization, partner_lead: grant.is_some_and(|grant| grant.partner_lead) }))
}

/// A group, if it holds a grant in the workspace or is of the team that the workspace is open to.
async fn group(work: &Work<'_>, workspace: &WorkspaceSight, id: GroupId) -> Result<Option<Known>> {
    let group = work.access().visible_group(id).await.map_err(|error| error.not_found_at("groupId"))?;
    if group.team_id != workspace.team.id {
        return Err(Refusal::not_found().at("groupId").into());
    }
    let member = work.tx.find_member_of_group(workspace.workspace.id, id, work.now()).await?;
    let is_open = group.side == Side::Team && workspace.workspace.visibility.is_open_to_team();
    let partner_lead = member.as_ref().is_some_and(|member| member.partner_lead);
    let known = Known { name: group.name.clone(), side: group.side, organization: group.organization_id, partner_lead };
    Ok((is_open || member.is_some()).then_some(known))
}

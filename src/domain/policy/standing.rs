//! What somebody is towards a workspace, and what is true of the thing that they want to touch.

use crate::domain::request::{RequestKind, RequestStatus};
use crate::domain::team::{Plan, Policies};
use crate::domain::{OrganizationId, Side, TeamRole, TeamRoles, UserId, Visibility, WorkspaceRole};

/// The highest that all grants of one person in one workspace give together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    /// The side on which the person is in this workspace.
    pub side: Side,
    /// The role.
    pub role: WorkspaceRole,
    /// Whether a partner is a Partner Lead here.
    pub partner_lead: bool,
    /// The organization that a partner belongs to.
    pub organization: Option<OrganizationId>,
}

impl Grant {
    /// The grant as it counts in a workspace of this mode: in multi-partner mode partners are Viewers only, whatever their
    /// grants say (domain.md, section 6).
    #[must_use]
    pub const fn in_mode(self, multi_partner: bool) -> Self {
        if multi_partner && matches!(self.side, Side::Partner) { Self { role: WorkspaceRole::Viewer, ..self } } else { self }
    }
}

/// What a person is towards one workspace (or towards a team as a whole: then without a grant).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// Who it is; none: an anonymous caller.
    pub user: Option<UserId>,
    /// The person's roles in the team that owns the workspace.
    pub team_roles: TeamRoles,
    /// What their grants in the workspace give.
    pub grant: Option<Grant>,
    /// The role that an element grant adds, where the action is about an element.
    pub element_role: Option<WorkspaceRole>,
}

impl Standing {
    /// Whether this team role is held.
    #[must_use]
    pub const fn is(&self, role: TeamRole) -> bool {
        self.team_roles.has(role)
    }

    /// The partner grant that is held here, if any.
    #[must_use]
    pub fn partner_grant(&self) -> Option<Grant> {
        self.grant.filter(|grant| grant.side == Side::Partner)
    }
}

/// The person, group or invitation that an action about people is aimed at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    /// Their side.
    pub side: Side,
    /// The role that they have or are to get; for a change: the higher of both.
    pub role: WorkspaceRole,
    /// Whether they are, or are to become, a Partner Lead.
    pub partner_lead: bool,
    /// The organization that they belong to.
    pub organization: Option<OrganizationId>,
}

/// The request that an action is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestFacts {
    /// What it asks for.
    pub kind: RequestKind,
    /// Where it stands.
    pub status: RequestStatus,
    /// Whether the caller made it.
    pub is_own: bool,
}

/// The invitation that an action is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvitationFacts {
    /// Whether the caller sent it.
    pub sent_by_caller: bool,
    /// The organization that the invited person belongs to.
    pub organization: Option<OrganizationId>,
    /// Whether the caller's verified address is the invited one.
    pub is_to_caller: bool,
}

/// The element, and what the caller may do elsewhere, where an action is about elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each named by one condition of the matrix")]
pub struct ElementFacts {
    /// Moving and forking: the caller may create elements in the target workspace.
    pub may_create_in_target: bool,
    /// Moving and forking: source and target belong to the same team.
    pub target_in_same_team: bool,
    /// Moving: the visibility of the target.
    pub target_visibility: Option<Visibility>,
    /// Moving in: the caller may edit the element, administers the workspace that it leaves, or is a Super
    /// Admin or Partner Manager there.
    pub may_leave_source: bool,
    /// Forking and pulling: the caller may still read the parent.
    pub reads_parent: bool,
    /// Merging: the caller is an Editor on the parent.
    pub edits_parent: bool,
    /// Pulling: the caller is an Editor on the fork.
    pub edits_fork: bool,
    /// Pull requests: the caller is one of the reviewers.
    pub is_reviewer: bool,
    /// Pull requests: the caller wrote it.
    pub is_author: bool,
    /// Pull requests: an Editor of the parent has approved it.
    pub is_approved: bool,
    /// Trash: it is a collection under the size limit and within its term.
    pub is_restorable: bool,
    /// Trash: the caller deleted it.
    pub deleted_by_caller: bool,
    /// Trash: the caller created it, or it was of this workspace.
    pub was_theirs: bool,
}

/// What is true of the workspace and of the thing that an action is about.
///
/// What is `None` is not known yet: the policy then answers whether the caller may do the action to *some*
/// such thing, which is what `viewerCan` shows. The use case that acts always fills it in.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each named by one condition of the matrix")]
pub struct Facts<'a> {
    /// The plan of the team.
    pub plan: Plan,
    /// The policies of the team.
    pub policies: &'a Policies,
    /// Whether the team has a Partner Manager (condition C2).
    pub team_has_partner_manager: bool,
    /// Whether the team has a Super Admin (condition C14).
    pub team_has_super_admin: bool,
    /// Whether the caller belongs to those whom the team lets create workspaces (condition C1).
    pub may_create_by_policy: bool,
    /// The visibility of the workspace; none: the action is about the team.
    pub visibility: Option<Visibility>,
    /// Whether it was a partner workspace until recently, so that Partner Managers can finish deleting it.
    pub was_partner_recently: bool,
    /// Whether the workspace is in multi-partner mode (condition C7).
    pub multi_partner: bool,
    /// Whether partner grants or open partner invitations are left (condition C5).
    pub partners_remain: bool,
    /// Whether the caller is the only Admin of the workspace (condition C12).
    pub is_last_admin: bool,
    /// The request that the action is about.
    pub request: Option<RequestFacts>,
    /// The person or group that the action is aimed at.
    pub subject: Option<Subject>,
    /// The invitation that the action is about.
    pub invitation: Option<InvitationFacts>,
    /// The element that the action is about.
    pub element: Option<ElementFacts>,
    /// Whether the group that the action is about is one that the caller manages (condition C15).
    pub manages_group: Option<bool>,
}

impl<'a> Facts<'a> {
    /// The facts of an enterprise team as such, with nothing in particular being touched.
    #[must_use]
    pub const fn of_team(plan: Plan, policies: &'a Policies) -> Self {
        Self {
            plan,
            policies,
            team_has_partner_manager: true,
            team_has_super_admin: true,
            may_create_by_policy: true,
            visibility: None,
            was_partner_recently: false,
            multi_partner: false,
            partners_remain: false,
            is_last_admin: false,
            request: None,
            subject: None,
            invitation: None,
            element: None,
            manages_group: None,
        }
    }
}

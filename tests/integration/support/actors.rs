//! The people of the permission matrix: one for each column, and the facts that speak for and against them.

use portico::domain::policy::{Column, ElementFacts, Facts, Grant, InvitationFacts, RequestFacts, Standing, Subject};
use portico::domain::request::{RequestKind, RequestStatus};
use portico::domain::team::{ForkScope, Plan, Policies};
use portico::domain::{OrganizationId, Side, TeamRole, TeamRoles, UserId, Visibility, WorkspaceRole};
use std::sync::LazyLock;

/// The organization of every partner here.
pub static PARTNERS: LazyLock<OrganizationId> = LazyLock::new(OrganizationId::new);

/// Some other organization.
pub static OTHERS: LazyLock<OrganizationId> = LazyLock::new(OrganizationId::new);

/// The policies of a team that allows its partners everything it can.
pub static GENEROUS: LazyLock<Policies> = LazyLock::new(|| Policies { merge_needs_approval: false, ..Policies::default() });

/// The policies of a team that allows its partners nothing that it can forbid.
pub static STRICT: LazyLock<Policies> = LazyLock::new(|| Policies {
    partner_fork_scope: ForkScope::Nowhere,
    partner_viewer_export: false,
    partners_may_move_out: false,
    ..Policies::default()
});

/// The person who stands in this column and, as far as one can, in no other.
///
/// People with a grant in the workspace hold the team role `BILLING`, which has no column of its own, so that what
/// they may do comes from the grant.
pub fn actor(column: Column) -> Standing {
    match column {
        Column::SuperAdmin => member([TeamRole::SuperAdmin]),
        Column::TeamAdmin => member([TeamRole::Admin]),
        Column::PartnerManager => member([TeamRole::PartnerManager]),
        Column::Developer => member([TeamRole::Developer]),
        Column::WorkspaceAdmin => granted(member([TeamRole::Billing]), WorkspaceRole::Admin),
        Column::WorkspaceEditor => granted(member([TeamRole::Billing]), WorkspaceRole::Editor),
        Column::WorkspaceViewer => granted(member([TeamRole::Billing]), WorkspaceRole::Viewer),
        Column::LeadEditor => partner(WorkspaceRole::Editor, true),
        Column::LeadViewer => partner(WorkspaceRole::Viewer, true),
        Column::PartnerEditor => partner(WorkspaceRole::Editor, false),
        Column::PartnerViewer => partner(WorkspaceRole::Viewer, false),
        Column::Teammate => member([TeamRole::Billing]),
        Column::Outsider => member([]),
    }
}

/// People whom the matrix has no column for, or who stand in two, by name.
pub fn further_actors() -> Vec<(&'static str, Standing)> {
    vec![
        ("ANONYMOUS", Standing::default()),
        ("PARTNER_OF_ANOTHER_WORKSPACE", member([TeamRole::Partner])),
        ("COMMUNITY_MANAGER", member([TeamRole::CommunityManager])),
        ("PARTNER_MANAGER+WORKSPACE_ADMIN", granted(member([TeamRole::PartnerManager]), WorkspaceRole::Admin)),
        ("TEAM_ADMIN+WORKSPACE_VIEWER", granted(member([TeamRole::Admin]), WorkspaceRole::Viewer)),
    ]
}

/// Somebody signed in, with these roles in the team and no grant.
pub fn member<const N: usize>(roles: [TeamRole; N]) -> Standing {
    Standing { user: Some(UserId::new()), team_roles: roles.into_iter().collect::<TeamRoles>(), ..Standing::default() }
}

/// The same person with a grant on the team's side.
pub fn granted(standing: Standing, role: WorkspaceRole) -> Standing {
    let grant = Grant { side: Side::Team, role, partner_lead: false, organization: None };
    Standing { grant: Some(grant), ..standing }
}

/// A partner of [`PARTNERS`].
pub fn partner(role: WorkspaceRole, partner_lead: bool) -> Standing {
    let grant = Grant { side: Side::Partner, role, partner_lead, organization: Some(*PARTNERS) };
    Standing { grant: Some(grant), ..member([TeamRole::Partner]) }
}

/// The same person, holding Editor on the element that the action is about.
pub fn editing_the_element(standing: Standing) -> Standing {
    Standing { element_role: Some(WorkspaceRole::Editor), ..standing }
}

/// Everything speaks for the caller: the element is theirs to edit, the request and the invitation are theirs.
pub fn favourable(visibility: Visibility) -> Facts<'static> {
    Facts {
        team_has_partner_manager: false,
        team_has_super_admin: false,
        visibility: Some(visibility),
        request: Some(RequestFacts { kind: RequestKind::ConvertToPartner, status: RequestStatus::Pending, is_own: true }),
        subject: Some(Subject { side: Side::Partner, role: WorkspaceRole::Viewer, partner_lead: false, organization: Some(*PARTNERS) }),
        invitation: Some(InvitationFacts { sent_by_caller: true, organization: Some(*PARTNERS), is_to_caller: true }),
        element: Some(ElementFacts {
            may_create_in_target: true,
            target_in_same_team: true,
            target_visibility: Some(Visibility::Partner),
            may_leave_source: true,
            reads_parent: true,
            edits_parent: true,
            edits_fork: true,
            is_reviewer: true,
            is_author: false,
            is_approved: true,
            is_restorable: true,
            deleted_by_caller: true,
            was_theirs: true,
        }),
        manages_group: Some(true),
        ..Facts::of_team(Plan::Enterprise, &GENEROUS)
    }
}

/// Everything that a condition asks for speaks against the caller.
pub fn unfavourable(visibility: Visibility) -> Facts<'static> {
    Facts {
        may_create_by_policy: false,
        visibility: Some(visibility),
        multi_partner: true,
        partners_remain: visibility == Visibility::Partner,
        is_last_admin: true,
        request: Some(RequestFacts { kind: RequestKind::ConvertToPartner, status: RequestStatus::Approved, is_own: false }),
        subject: Some(Subject { side: Side::Partner, role: WorkspaceRole::Viewer, partner_lead: false, organization: Some(*OTHERS) }),
        invitation: Some(InvitationFacts { sent_by_caller: false, organization: Some(*OTHERS), is_to_caller: false }),
        element: Some(ElementFacts { target_visibility: Some(Visibility::Personal), ..ElementFacts::default() }),
        manages_group: Some(false),
        ..Facts::of_team(Plan::Enterprise, &STRICT)
    }
}

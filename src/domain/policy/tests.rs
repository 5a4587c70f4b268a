//! What [`decide`] makes of the matrix: people in several columns, and what is hidden from whom.

mod properties;

use super::*;
use crate::domain::request::{RequestKind, RequestStatus};
use crate::domain::team::{Plan, Policies};
use crate::domain::{Reason, Side, TeamRole, TeamRoles, UserId, Visibility, WorkspaceRole};

fn with_policies<T>(test: impl FnOnce(Facts<'_>) -> T) -> T {
    let policies = Policies::default();
    test(Facts::of_team(Plan::Enterprise, &policies))
}

fn of<const N: usize>(roles: [TeamRole; N]) -> Standing {
    Standing { user: Some(UserId::new()), team_roles: roles.into_iter().collect(), ..Standing::default() }
}

fn granted(standing: Standing, side: Side, role: WorkspaceRole) -> Standing {
    Standing { grant: Some(Grant { side, role, partner_lead: false, organization: None }), ..standing }
}

fn deny(reason: Reason) -> Decision {
    Decision::Deny(Denial { reason, rule: None })
}

fn deny_by(rule: Condition, reason: Reason) -> Decision {
    Decision::Deny(Denial { reason, rule: Some(rule) })
}

fn at(visibility: Visibility, facts: Facts<'_>) -> Facts<'_> {
    Facts { visibility: Some(visibility), ..facts }
}

fn about(kind: RequestKind, status: RequestStatus, is_own: bool, facts: Facts<'_>) -> Facts<'_> {
    Facts { request: Some(RequestFacts { kind, status, is_own }), ..facts }
}

#[test]
fn whoever_holds_only_billing_creates_workspaces_and_asks_for_partner_ones() {
    with_policies(|team| {
        let billing = of([TeamRole::Billing]);
        assert_eq!(decide(Action::CreateWorkspace, &billing, &team), Decision::Allow);
        assert_eq!(decide(Action::RequestPartnerWorkspace, &billing, &team), Decision::Allow);
        assert_eq!(decide(Action::CreatePartnerWorkspace, &billing, &team), Decision::NeedsApproval);
        let reserved = Facts { may_create_by_policy: false, ..team };
        for action in [Action::CreateWorkspace, Action::CreatePartnerWorkspace, Action::RequestPartnerWorkspace] {
            assert_eq!(decide(action, &billing, &reserved), deny_by(Condition::C1, Reason::ReservedByPolicy));
        }
    });
}

#[test]
fn the_first_partner_workspace_may_be_a_team_admins_and_the_next_needs_approval() {
    with_policies(|team| {
        let admin = of([TeamRole::Admin]);
        let first = Facts { team_has_partner_manager: false, ..team };
        assert_eq!(decide(Action::CreatePartnerWorkspace, &admin, &first), Decision::Allow);
        assert_eq!(decide(Action::CreatePartnerWorkspace, &admin, &team), Decision::NeedsApproval);
    });
}

#[test]
fn a_partner_manager_converts_without_approval_only_as_admin_of_the_workspace() {
    with_policies(|team| {
        let here = at(Visibility::Private, team);
        let manager = of([TeamRole::PartnerManager]);
        let admin = granted(of([TeamRole::Developer]), Side::Team, WorkspaceRole::Admin);
        let both = granted(manager, Side::Team, WorkspaceRole::Admin);
        let editor = granted(manager, Side::Team, WorkspaceRole::Editor);
        assert_eq!(decide(Action::ConvertToPartner, &both, &here), Decision::Allow);
        assert_eq!(decide(Action::ConvertToPartner, &admin, &here), Decision::NeedsApproval);
        assert_eq!(decide(Action::RequestConversion, &admin, &here), Decision::Allow);
        assert_eq!(decide(Action::ConvertToPartner, &editor, &here), deny_by(Condition::C4, Reason::RoleRequired));
        assert_eq!(decide(Action::ConvertToPartner, &manager, &here), Decision::Hide);
        let partner = at(Visibility::Partner, team);
        assert_eq!(decide(Action::ConvertToPartner, &both, &partner), deny(Reason::VisibilityUnchanged));
    });
}

#[test]
fn a_plan_without_partner_features_stands_against_whoever_could_otherwise() {
    with_policies(|team| {
        let free = Facts { plan: Plan::Free, ..team };
        for roles in [of([TeamRole::SuperAdmin]), of([TeamRole::Billing])] {
            assert_eq!(decide(Action::CreatePartnerWorkspace, &roles, &free), deny(Reason::PlanRequired));
        }
        let admin = granted(of([TeamRole::Billing]), Side::Team, WorkspaceRole::Admin);
        let viewer = granted(of([TeamRole::Billing]), Side::Team, WorkspaceRole::Viewer);
        let here = at(Visibility::Private, free);
        assert_eq!(decide(Action::RequestConversion, &admin, &here), deny(Reason::PlanRequired));
        assert_eq!(decide(Action::RequestConversion, &viewer, &here), deny(Reason::RoleRequired));
    });
}

#[test]
fn partner_requests_are_decided_by_partner_managers_and_public_ones_by_community_managers() {
    with_policies(|team| {
        let here = at(Visibility::Private, team);
        let partner = about(RequestKind::ConvertToPartner, RequestStatus::Pending, false, here);
        let public = about(RequestKind::MakePublic, RequestStatus::Pending, false, here);
        for action in [Action::ReviewRequest, Action::ViewRequestQueue] {
            for (role, of_partner, of_public) in [
                (TeamRole::SuperAdmin, Decision::Allow, Decision::Allow),
                (TeamRole::PartnerManager, Decision::Allow, Decision::Hide),
                (TeamRole::CommunityManager, Decision::Hide, Decision::Allow),
                (TeamRole::Admin, Decision::Hide, Decision::Hide),
                (TeamRole::Partner, Decision::Hide, Decision::Hide),
            ] {
                assert_eq!(decide(action, &of([role]), &partner), of_partner, "{role} {action}");
                assert_eq!(decide(action, &of([role]), &public), of_public, "{role} {action}");
            }
            for role in [TeamRole::SuperAdmin, TeamRole::PartnerManager, TeamRole::CommunityManager] {
                assert_eq!(decide(action, &of([role]), &team), Decision::Allow, "{role} {action}");
            }
        }
    });
}

#[test]
fn a_decided_request_says_so_to_reviewers_and_to_its_author_and_to_nobody_else() {
    with_policies(|team| {
        let here = at(Visibility::Private, team);
        let decided = |own| about(RequestKind::ConvertToPartner, RequestStatus::Denied, own, here);
        let developer = of([TeamRole::Developer]);
        let manager = of([TeamRole::PartnerManager]);
        assert_eq!(decide(Action::ReviewRequest, &manager, &decided(false)), deny(Reason::AlreadyDecided));
        assert_eq!(decide(Action::CancelRequest, &developer, &decided(true)), deny_by(Condition::C3, Reason::AlreadyDecided));
        assert_eq!(decide(Action::ViewRequestQueue, &developer, &decided(true)), Decision::Allow);
        assert_eq!(decide(Action::ReviewRequest, &developer, &decided(true)), deny(Reason::RoleRequired));
        assert_eq!(decide(Action::CancelRequest, &developer, &decided(false)), Decision::Hide);
        assert_eq!(decide(Action::CancelRequest, &manager, &decided(false)), deny_by(Condition::C3, Reason::NotYours));
    });
}

#[test]
fn an_invitation_is_seen_by_the_invited_person_and_by_those_who_manage_it() {
    with_policies(|team| {
        let invitation = |is_to_caller| {
            let invitation = InvitationFacts { sent_by_caller: false, organization: None, is_to_caller };
            Facts { invitation: Some(invitation), ..at(Visibility::Partner, team) }
        };
        let stranger = of([]);
        assert_eq!(decide(Action::AnswerInvitation, &stranger, &invitation(true)), Decision::Allow);
        assert_eq!(decide(Action::ManageInvitation, &stranger, &invitation(true)), deny(Reason::RoleRequired));
        let admin = of([TeamRole::Admin]);
        assert_eq!(decide(Action::ManageInvitation, &admin, &invitation(false)), Decision::Allow);
        assert_eq!(decide(Action::AnswerInvitation, &admin, &invitation(false)), deny_by(Condition::C11, Reason::NotYours));
        let lead = granted(of([TeamRole::Partner]), Side::Partner, WorkspaceRole::Editor);
        for standing in [stranger, of([TeamRole::Developer]), lead, Standing::default()] {
            assert_eq!(decide(Action::AnswerInvitation, &standing, &invitation(false)), Decision::Hide);
            assert_eq!(decide(Action::ManageInvitation, &standing, &invitation(false)), Decision::Hide);
        }
    });
}

#[test]
fn a_public_workspace_is_read_by_anyone_and_forked_by_whoever_is_signed_in() {
    with_policies(|team| {
        let here = at(Visibility::Public, team);
        let anonymous = Standing::default();
        assert_eq!(viewer_can(&anonymous, &here), [Action::ViewWorkspace, Action::ExportElement]);
        assert_eq!(decide(Action::ForkOut, &anonymous, &here), deny(Reason::SignInRequired));
        assert_eq!(viewer_can(&of([]), &here), [Action::ViewWorkspace, Action::ForkOut, Action::ExportElement]);
        assert_eq!(decide(Action::ViewMembers, &of([]), &here), deny(Reason::RoleRequired));
    });
}

#[test]
fn a_workspace_open_to_the_team_makes_viewers_of_teammates_who_cannot_leave_it() {
    with_policies(|team| {
        let here = at(Visibility::Team, team);
        let teammate = of([TeamRole::Billing]);
        assert_eq!(decide(Action::ViewMembers, &teammate, &here), Decision::Allow);
        assert_eq!(decide(Action::LeaveWorkspace, &teammate, &here), deny(Reason::RoleRequired));
        assert_eq!(decide(Action::LeaveWorkspace, &of([TeamRole::SuperAdmin]), &here), deny(Reason::RoleRequired));
        let viewer = granted(teammate, Side::Team, WorkspaceRole::Viewer);
        assert_eq!(decide(Action::LeaveWorkspace, &viewer, &here), Decision::Allow);
        assert_eq!(decide(Action::ViewWorkspace, &of([TeamRole::Partner]), &here), Decision::Hide);
    });
}

#[test]
fn the_last_admin_of_an_open_workspace_does_not_leave_as_its_viewer() {
    with_policies(|team| {
        let here = Facts { is_last_admin: true, ..at(Visibility::Team, team) };
        let admin = granted(of([TeamRole::Developer]), Side::Team, WorkspaceRole::Admin);
        assert_eq!(decide(Action::LeaveWorkspace, &admin, &here), deny_by(Condition::C12, Reason::LastAdmin));
    });
}

#[test]
fn a_partner_manager_can_finish_deleting_what_was_a_partner_workspace() {
    with_policies(|team| {
        let manager = of([TeamRole::PartnerManager]);
        let here = Facts { was_partner_recently: true, ..at(Visibility::Private, team) };
        let can: Vec<Action> = viewer_can(&manager, &here).into_iter().filter(|&it| scope::scope(it) == scope::Scope::Workspace).collect();
        assert_eq!(can, [Action::ListWorkspace, Action::ViewWorkspace, Action::DeleteWorkspace, Action::ViewMembers]);
        assert_eq!(decide(Action::EditDetails, &manager, &here), deny(Reason::RoleRequired));
        let long_ago = at(Visibility::Private, team);
        assert_eq!(decide(Action::DeleteWorkspace, &manager, &long_ago), Decision::Hide);
    });
}

#[test]
fn a_partners_grant_counts_in_a_partner_workspace_only() {
    with_policies(|team| {
        let partner = granted(of([TeamRole::Partner]), Side::Partner, WorkspaceRole::Editor);
        assert_eq!(decide(Action::EditElement, &partner, &at(Visibility::Partner, team)), Decision::Allow);
        assert_eq!(decide(Action::EditElement, &partner, &at(Visibility::Private, team)), Decision::Hide);
        let admin = granted(of([TeamRole::Partner]), Side::Partner, WorkspaceRole::Admin);
        assert_eq!(columns(&admin, &at(Visibility::Partner, team)).iter().collect::<Vec<_>>(), [Column::PartnerEditor, Column::Outsider]);
    });
}

#[test]
fn a_partner_is_told_no_about_creating_and_nothing_about_the_rest_of_the_team() {
    with_policies(|team| {
        let partner = of([TeamRole::Partner]);
        assert_eq!(decide(Action::CreateWorkspace, &partner, &team), deny(Reason::RoleRequired));
        for action in [
            Action::ManageGroups,
            Action::ViewAuditLog,
            Action::ViewPartnerships,
            Action::AppointPartnerManager,
            Action::AppointSuperAdmin,
            Action::RemovePartnerFromTeam,
        ] {
            assert_eq!(decide(action, &partner, &team), Decision::Hide, "{action}");
        }
    });
}

#[test]
fn multi_partner_mode_narrows_partners_and_not_leads() {
    with_policies(|team| {
        let here = Facts { multi_partner: true, ..at(Visibility::Partner, team) };
        let partner = granted(of([TeamRole::Partner]), Side::Partner, WorkspaceRole::Viewer);
        let lead = Standing { grant: partner.grant.map(|grant| Grant { partner_lead: true, ..grant }), ..partner };
        assert!(sees_only_own_organization(&partner, &here));
        assert!(!sees_only_own_organization(&lead, &here));
        assert!(!sees_only_own_organization(&granted(partner, Side::Team, WorkspaceRole::Viewer), &here));
        assert!(!sees_only_own_organization(&partner, &at(Visibility::Partner, team)));
        assert_eq!(decide(Action::ViewMembers, &partner, &here), Decision::Allow);
    });
}

#[test]
fn partners_are_invited_to_partner_workspaces_only_and_nobody_to_a_personal_one() {
    with_policies(|team| {
        let admin = granted(of([TeamRole::Developer]), Side::Team, WorkspaceRole::Admin);
        let private = at(Visibility::Private, team);
        let personal = at(Visibility::Personal, team);
        assert_eq!(decide(Action::InvitePartner, &admin, &private), deny(Reason::VisibilityIsNotPartner));
        assert_eq!(decide(Action::InviteTeamMember, &admin, &private), Decision::Allow);
        assert_eq!(decide(Action::InviteTeamMember, &admin, &personal), deny(Reason::VisibilityIsPersonal));
    });
}

#[test]
fn a_permission_says_which_rule_gives_or_refuses_it() {
    with_policies(|team| {
        let developer = of([TeamRole::Developer]);
        let create = permission(Action::CreatePartnerWorkspace, &developer, &team);
        assert!(!create.allowed && create.needs_approval);
        assert_eq!((create.reason, create.rule), (Some(Reason::ApprovalRequired), Some(Condition::C1)));
        let admin = granted(developer, Side::Team, WorkspaceRole::Admin);
        let here = Facts { partners_remain: true, ..at(Visibility::Partner, team) };
        let change = permission(Action::ChangeVisibility, &admin, &here);
        assert_eq!((change.allowed, change.reason, change.rule), (false, Some(Reason::PartnersRemain), Some(Condition::C5)));
        let leave = permission(Action::LeaveWorkspace, &admin, &here);
        assert_eq!((leave.allowed, leave.reason, leave.rule), (true, None, Some(Condition::C12)));
        let hidden = permission(Action::EditDetails, &developer, &here);
        assert_eq!((hidden.allowed, hidden.reason, hidden.rule), (false, Some(Reason::RoleRequired), None));
    });
}

#[test]
fn a_workspace_action_without_a_workspace_is_nobodys() {
    with_policies(|team| {
        assert_eq!(decide(Action::EditDetails, &of([TeamRole::SuperAdmin]), &team), Decision::Hide);
    });
}

#[test]
fn nobody_is_in_the_team_without_a_role() {
    with_policies(|team| {
        assert_eq!(columns(&of([]), &team).iter().collect::<Vec<_>>(), [Column::Outsider]);
        assert_eq!(of([]).team_roles, TeamRoles::NONE);
    });
}

#[test]
fn the_columns_of_a_person_are_those_that_the_set_has() {
    with_policies(|team| {
        let here = at(Visibility::Team, team);
        let person = granted(of([TeamRole::Developer, TeamRole::PartnerManager]), Side::Team, WorkspaceRole::Editor);
        let set = columns(&person, &here);
        let listed: Vec<Column> = set.iter().collect();
        let held: Vec<Column> = Column::VARIANTS.iter().copied().filter(|&column| set.has(column)).collect();
        assert_eq!(listed, held);
        assert_eq!(
            listed,
            [
                Column::PartnerManager,
                Column::Developer,
                Column::WorkspaceEditor,
                Column::WorkspaceViewer,
                Column::Teammate,
                Column::Outsider
            ]
        );
    });
}

#[test]
fn the_audit_log_is_narrowed_unless_a_role_gives_all_of_it() {
    use TeamRole::{Admin, Developer, PartnerManager, SuperAdmin};
    with_policies(|team| {
        for person in [of([PartnerManager]), of([PartnerManager, Developer]), of([Developer]), of([])] {
            assert!(sees_only_partner_events(&person, &team), "{:?}", person.team_roles);
        }
        for person in [of([Admin]), of([SuperAdmin]), of([PartnerManager, Admin]), of([PartnerManager, SuperAdmin])] {
            assert!(!sees_only_partner_events(&person, &team), "{:?}", person.team_roles);
        }
    });
}

#[test]
fn partnerships_are_seen_by_three_roles() {
    let expected = [TeamRole::SuperAdmin, TeamRole::Admin, TeamRole::PartnerManager].into_iter().collect();
    assert_eq!(team_roles_that_may(Action::ViewPartnerships), expected);
}

//! One test for each condition that can fail, on the condition itself.

use super::*;
use crate::domain::policy::{Grant, InvitationFacts, RequestFacts};
use crate::domain::request::RequestKind;
use crate::domain::team::{Plan, Policies};
use crate::domain::{OrganizationId, TeamRole, TeamRoles, UserId};
use strum::VariantArray;

const OK: Verdict = Verdict::Ok;

fn no(reason: Reason) -> Verdict {
    Verdict::Refused(reason)
}

fn with_policies<T>(policies: &Policies, test: impl FnOnce(Facts<'_>) -> T) -> T {
    test(Facts { visibility: Some(Visibility::Partner), ..Facts::of_team(Plan::Enterprise, policies) })
}

fn with_facts<T>(test: impl FnOnce(Facts<'_>) -> T) -> T {
    with_policies(&Policies::default(), test)
}

fn grant(side: Side, role: WorkspaceRole) -> Standing {
    let grant = Grant { side, role, partner_lead: false, organization: None };
    Standing { user: Some(UserId::new()), grant: Some(grant), ..Standing::default() }
}

fn lead(role: WorkspaceRole, organization: Option<OrganizationId>) -> Standing {
    let grant = Grant { side: Side::Partner, role, partner_lead: true, organization };
    Standing { user: Some(UserId::new()), grant: Some(grant), ..Standing::default() }
}

fn with_element(facts: Facts<'_>, element: ElementFacts) -> Facts<'_> {
    Facts { element: Some(element), ..facts }
}

/// For conditions that ask nothing of the person or the column.
fn holds(condition: Condition, action: Action, facts: &Facts<'_>) -> Verdict {
    evaluate(condition, action, Column::WorkspaceEditor, &Standing::default(), facts)
}

#[test]
fn every_rule_is_a_sentence_led_by_its_number() {
    for &condition in Condition::VARIANTS {
        let rule = condition.rule();
        assert!(rule.starts_with(&format!("{condition}: ")) && !rule.ends_with('.'), "{rule}");
    }
    assert_eq!(Condition::VARIANTS.len(), 30);
}

#[test]
fn c1_asks_for_a_team_member_whom_the_policy_does_not_leave_out() {
    with_facts(|facts| {
        let reserved = Facts { may_create_by_policy: false, ..facts };
        let check = |roles, facts: &Facts<'_>| {
            let standing = Standing { team_roles: roles, ..Standing::default() };
            evaluate(Condition::C1, Action::CreateWorkspace, Column::Teammate, &standing, facts)
        };
        let billing = TeamRoles::NONE.with(TeamRole::Billing);
        assert_eq!(check(billing, &facts), OK);
        assert_eq!(check(billing, &reserved), no(Reason::ReservedByPolicy));
        assert_eq!(check(TeamRoles::NONE.with(TeamRole::Partner), &facts), no(Reason::RoleRequired));
    });
}

#[test]
fn c2_lets_a_team_admin_start_until_there_is_a_partner_manager() {
    with_facts(|facts| {
        let none = Facts { team_has_partner_manager: false, ..facts };
        assert_eq!(holds(Condition::C2, Action::CreatePartnerWorkspace, &none), OK);
        assert_eq!(holds(Condition::C2, Action::CreatePartnerWorkspace, &facts), no(Reason::RoleRequired));
    });
}

#[test]
fn c3_asks_for_the_callers_own_request_and_to_cancel_for_a_pending_one() {
    with_facts(|facts| {
        let request = |is_own, status| {
            let request = RequestFacts { kind: RequestKind::ConvertToPartner, status, is_own };
            Facts { request: Some(request), ..facts }
        };
        let pending = request(true, RequestStatus::Pending);
        let denied = request(true, RequestStatus::Denied);
        let foreign = request(false, RequestStatus::Pending);
        assert_eq!(holds(Condition::C3, Action::CancelRequest, &facts), OK);
        assert_eq!(holds(Condition::C3, Action::CancelRequest, &pending), OK);
        assert_eq!(holds(Condition::C3, Action::CancelRequest, &denied), no(Reason::AlreadyDecided));
        assert_eq!(holds(Condition::C3, Action::CancelRequest, &foreign), no(Reason::NotYours));
        assert_eq!(holds(Condition::C3, Action::ViewRequestQueue, &denied), OK);
        assert_eq!(holds(Condition::C3, Action::ViewRequestQueue, &foreign), no(Reason::NotYours));
    });
}

#[test]
fn c4_asks_a_partner_manager_to_be_admin_of_the_workspace() {
    with_facts(|facts| {
        let check = |standing: &Standing| evaluate(Condition::C4, Action::ConvertToPartner, Column::PartnerManager, standing, &facts);
        assert_eq!(check(&grant(Side::Team, WorkspaceRole::Admin)), OK);
        assert_eq!(check(&grant(Side::Team, WorkspaceRole::Editor)), no(Reason::RoleRequired));
        assert_eq!(check(&Standing::default()), no(Reason::RoleRequired));
    });
}

#[test]
fn c5_keeps_a_partner_workspace_while_partners_remain() {
    with_facts(|facts| {
        let left = Facts { partners_remain: true, ..facts };
        let elsewhere = Facts { visibility: Some(Visibility::Team), ..left };
        assert_eq!(holds(Condition::C5, Action::ChangeVisibility, &facts), OK);
        assert_eq!(holds(Condition::C5, Action::ChangeVisibility, &left), no(Reason::PartnersRemain));
        assert_eq!(holds(Condition::C5, Action::ChangeVisibility, &elsewhere), OK);
    });
}

#[test]
fn c6_deletes_what_is_private_team_or_personal() {
    with_facts(|facts| {
        for &visibility in Visibility::VARIANTS {
            let expected = match visibility {
                Visibility::Partner => no(Reason::VisibilityIsPartner),
                Visibility::Public => no(Reason::VisibilityIsPublic),
                _ => OK,
            };
            let facts = Facts { visibility: Some(visibility), ..facts };
            assert_eq!(holds(Condition::C6, Action::DeleteWorkspace, &facts), expected, "{visibility}");
        }
    });
}

#[test]
fn c8_keeps_a_lead_to_partners_of_their_own_organization_up_to_their_own_role() {
    let (own, other) = (Some(OrganizationId::new()), Some(OrganizationId::new()));
    let subject = Subject { side: Side::Partner, role: WorkspaceRole::Viewer, partner_lead: false, organization: own };
    let check = |standing: Standing, subject| {
        with_facts(|facts| {
            let facts = Facts { subject, ..facts };
            evaluate(Condition::C8, Action::InvitePartner, Column::LeadEditor, &standing, &facts)
        })
    };
    let editor = lead(WorkspaceRole::Editor, own);
    let viewer = lead(WorkspaceRole::Viewer, own);
    let as_editor = Subject { role: WorkspaceRole::Editor, ..subject };
    let as_admin = Subject { role: WorkspaceRole::Admin, ..subject };
    assert_eq!(check(viewer, None), OK);
    assert_eq!(check(viewer, Some(subject)), OK);
    assert_eq!(check(editor, Some(as_editor)), OK);
    assert_eq!(check(viewer, Some(as_editor)), no(Reason::AboveOwnRole));
    assert_eq!(check(editor, Some(as_admin)), no(Reason::RoleNotAssignable));
    assert_eq!(check(editor, Some(Subject { partner_lead: true, ..subject })), no(Reason::LeadProtected));
    for foreign in
        [Subject { organization: other, ..subject }, Subject { organization: None, ..subject }, Subject { side: Side::Team, ..subject }]
    {
        assert_eq!(check(editor, Some(foreign)), no(Reason::OutsideOrganization));
    }
    let nowhere = lead(WorkspaceRole::Editor, None);
    assert_eq!(check(nowhere, Some(Subject { organization: None, ..subject })), no(Reason::OutsideOrganization));
    assert_eq!(check(Standing::default(), Some(subject)), no(Reason::RoleRequired));
}

#[test]
fn c10_keeps_a_lead_to_invitations_that_they_sent_or_that_go_to_their_organization() {
    let (own, other) = (Some(OrganizationId::new()), Some(OrganizationId::new()));
    let check = |standing: Standing, sent_by_caller, organization| {
        with_facts(|facts| {
            let invitation = InvitationFacts { sent_by_caller, organization, is_to_caller: false };
            let facts = Facts { invitation: Some(invitation), ..facts };
            evaluate(Condition::C10, Action::ManageInvitation, Column::LeadViewer, &standing, &facts)
        })
    };
    let standing = lead(WorkspaceRole::Viewer, own);
    assert_eq!(check(standing, true, other), OK);
    assert_eq!(check(standing, false, own), OK);
    assert_eq!(check(standing, false, other), no(Reason::OutsideOrganization));
    assert_eq!(check(lead(WorkspaceRole::Viewer, None), false, None), no(Reason::OutsideOrganization));
    with_facts(|facts| assert_eq!(holds(Condition::C10, Action::ManageInvitation, &facts), OK));
}

#[test]
fn c11_asks_for_the_invited_address_of_somebody_signed_in() {
    with_facts(|facts| {
        let answer = |user, facts: &Facts<'_>| {
            let standing = Standing { user, ..Standing::default() };
            evaluate(Condition::C11, Action::AnswerInvitation, Column::Outsider, &standing, facts)
        };
        let invitation = |is_to_caller| InvitationFacts { sent_by_caller: false, organization: None, is_to_caller };
        let own = Facts { invitation: Some(invitation(true)), ..facts };
        let foreign = Facts { invitation: Some(invitation(false)), ..facts };
        let somebody = Some(UserId::new());
        assert_eq!(answer(somebody, &own), OK);
        assert_eq!(answer(somebody, &foreign), no(Reason::NotYours));
        assert_eq!(answer(None, &own), no(Reason::SignInRequired));
        assert_eq!(answer(somebody, &Facts { visibility: None, ..facts }), OK);
        assert_eq!(answer(somebody, &facts), no(Reason::NotYours));
    });
}

#[test]
fn c12_keeps_the_last_admin() {
    with_facts(|facts| {
        assert_eq!(holds(Condition::C12, Action::LeaveWorkspace, &facts), OK);
        let last = Facts { is_last_admin: true, ..facts };
        assert_eq!(holds(Condition::C12, Action::LeaveWorkspace, &last), no(Reason::LastAdmin));
    });
}

#[test]
fn c14_ends_with_the_first_super_admin() {
    with_facts(|facts| {
        assert_eq!(holds(Condition::C14, Action::AppointSuperAdmin, &facts), no(Reason::SuperAdminOnly));
        let none = Facts { team_has_super_admin: false, ..facts };
        assert_eq!(holds(Condition::C14, Action::AppointSuperAdmin, &none), OK);
    });
}

#[test]
fn c15_keeps_a_developer_to_the_groups_they_manage() {
    with_facts(|facts| {
        for (manages_group, expected) in [(None, OK), (Some(true), OK), (Some(false), no(Reason::NotYours))] {
            let facts = Facts { manages_group, ..facts };
            assert_eq!(holds(Condition::C15, Action::ManageGroups, &facts), expected);
        }
    });
}

#[test]
fn c16_makes_an_editor_of_the_element_what_an_editor_of_the_workspace_is_and_no_more() {
    with_facts(|facts| {
        let check = |role, action, facts: &Facts<'_>| {
            let standing = Standing { element_role: role, ..Standing::default() };
            evaluate(Condition::C16, action, Column::PartnerViewer, &standing, facts)
        };
        let editor = Some(WorkspaceRole::Editor);
        assert_eq!(check(None, Action::EditElement, &facts), no(Reason::RoleRequired));
        assert_eq!(check(Some(WorkspaceRole::Viewer), Action::EditElement, &facts), no(Reason::RoleRequired));
        assert_eq!(check(editor, Action::EditElement, &facts), OK);
        let nothing = with_element(facts, ElementFacts::default());
        assert_eq!(check(editor, Action::EditElement, &nothing), OK);
        assert_eq!(check(editor, Action::MoveElementOut, &nothing), no(Reason::TargetNotAllowed));
        assert_eq!(check(editor, Action::MergePullRequest, &nothing), no(Reason::RoleRequired));
    });
}

#[test]
fn c17_takes_in_what_may_leave_and_never_into_a_personal_workspace() {
    with_facts(|facts| {
        let leaving = ElementFacts { may_leave_source: true, ..ElementFacts::default() };
        let check = |facts: &Facts<'_>| holds(Condition::C17, Action::MoveElementIn, facts);
        assert_eq!(check(&facts), OK);
        assert_eq!(check(&with_element(facts, leaving)), OK);
        assert_eq!(check(&with_element(facts, ElementFacts::default())), no(Reason::TargetNotAllowed));
        let personal = Facts { visibility: Some(Visibility::Personal), ..facts };
        assert_eq!(check(&with_element(personal, leaving)), no(Reason::TargetNotAllowed));
    });
}

#[test]
fn c18_moves_within_the_team_never_to_a_personal_workspace_and_partners_to_partner_workspaces_only() {
    let fitting = ElementFacts { may_create_in_target: true, target_in_same_team: true, ..ElementFacts::default() };
    let check = |column, element, policies: &Policies| {
        with_policies(policies, |facts| {
            evaluate(Condition::C18, Action::MoveElementOut, column, &Standing::default(), &Facts { element, ..facts })
        })
    };
    let open = Policies::default();
    let closed = Policies { partners_may_move_out: false, ..Policies::default() };
    for &target in Visibility::VARIANTS {
        let element = Some(ElementFacts { target_visibility: Some(target), ..fitting });
        let by_team = if target == Visibility::Personal { no(Reason::TargetNotAllowed) } else { OK };
        let by_partner = if target == Visibility::Partner { OK } else { no(Reason::TargetNotAllowed) };
        assert_eq!(check(Column::WorkspaceEditor, element, &open), by_team, "{target}");
        assert_eq!(check(Column::PartnerEditor, element, &open), by_partner, "{target}");
    }
    for element in [ElementFacts { target_in_same_team: false, ..fitting }, ElementFacts { may_create_in_target: false, ..fitting }] {
        assert_eq!(check(Column::SuperAdmin, Some(element), &open), no(Reason::TargetNotAllowed));
    }
    assert_eq!(check(Column::LeadEditor, None, &open), OK);
    assert_eq!(check(Column::LeadEditor, None, &closed), no(Reason::ReservedByPolicy));
    assert_eq!(check(Column::WorkspaceEditor, None, &closed), OK);
}

#[test]
fn c20_takes_a_partners_fork_as_far_as_the_team_allows() {
    let check = |scope, element| {
        let policies = Policies { partner_fork_scope: scope, ..Policies::default() };
        with_policies(&policies, |facts| holds(Condition::C20, Action::ForkOut, &Facts { element, ..facts }))
    };
    let abroad = ElementFacts { may_create_in_target: true, ..ElementFacts::default() };
    let home = ElementFacts { target_in_same_team: true, ..abroad };
    assert_eq!(check(ForkScope::Anywhere, Some(abroad)), OK);
    assert_eq!(check(ForkScope::Anywhere, Some(ElementFacts::default())), no(Reason::TargetNotAllowed));
    assert_eq!(check(ForkScope::SameTeam, Some(home)), OK);
    assert_eq!(check(ForkScope::SameTeam, Some(abroad)), no(Reason::ReservedByPolicy));
    assert_eq!(check(ForkScope::SameTeam, None), OK);
    assert_eq!(check(ForkScope::Nowhere, None), no(Reason::ReservedByPolicy));
}

#[test]
fn c19_to_c24_and_c27_to_c29_ask_what_is_known_of_the_element() {
    let none = ElementFacts::default();
    let cases = [
        (Condition::C19, none, no(Reason::ParentOutOfReach)),
        (Condition::C19, ElementFacts { reads_parent: true, ..none }, OK),
        (Condition::C21, none, no(Reason::RoleRequired)),
        (Condition::C21, ElementFacts { edits_fork: true, ..none }, no(Reason::ParentOutOfReach)),
        (Condition::C21, ElementFacts { edits_fork: true, reads_parent: true, ..none }, OK),
        (Condition::C22, none, no(Reason::RoleRequired)),
        (Condition::C22, ElementFacts { edits_parent: true, ..none }, OK),
        (Condition::C23, none, no(Reason::RoleRequired)),
        (Condition::C23, ElementFacts { is_reviewer: true, ..none }, OK),
        (Condition::C23, ElementFacts { edits_parent: true, ..none }, OK),
        (Condition::C23, ElementFacts { is_author: true, ..none }, OK),
        (Condition::C24, ElementFacts { is_approved: true, ..none }, no(Reason::RoleRequired)),
        (Condition::C24, ElementFacts { edits_parent: true, ..none }, no(Reason::ApprovalRequired)),
        (Condition::C24, ElementFacts { edits_parent: true, is_approved: true, ..none }, OK),
        (Condition::C27, none, no(Reason::WrongState)),
        (Condition::C27, ElementFacts { is_restorable: true, ..none }, OK),
        (Condition::C28, ElementFacts { was_theirs: true, ..none }, no(Reason::WrongState)),
        (Condition::C28, ElementFacts { is_restorable: true, ..none }, no(Reason::NotYours)),
        (Condition::C28, ElementFacts { is_restorable: true, was_theirs: true, ..none }, OK),
        (Condition::C29, none, no(Reason::NotYours)),
        (Condition::C29, ElementFacts { deleted_by_caller: true, ..none }, OK),
    ];
    with_facts(|facts| {
        for (condition, element, expected) in cases {
            // None of these looks at the action.
            let check = |facts: &Facts<'_>| holds(condition, Action::EditElement, facts);
            assert_eq!(check(&with_element(facts, element)), expected, "{condition} {element:?}");
            assert_eq!(check(&facts), OK, "{condition} with nothing known");
        }
    });
}

#[test]
fn c24_needs_no_approval_where_the_team_does_not_ask_for_one() {
    let policies = Policies { merge_needs_approval: false, ..Policies::default() };
    with_policies(&policies, |facts| {
        let facts = with_element(facts, ElementFacts { edits_parent: true, ..ElementFacts::default() });
        assert_eq!(holds(Condition::C24, Action::MergePullRequest, &facts), OK);
    });
}

#[test]
fn c25_gives_viewers_no_import() {
    with_facts(|facts| {
        let check = |standing: &Standing| evaluate(Condition::C25, Action::ImportElement, Column::PartnerViewer, standing, &facts);
        assert_eq!(check(&grant(Side::Partner, WorkspaceRole::Viewer)), no(Reason::RoleRequired));
        assert_eq!(check(&grant(Side::Partner, WorkspaceRole::Editor)), OK);
    });
}

#[test]
fn c26_is_the_policy_of_the_team() {
    with_facts(|facts| assert_eq!(holds(Condition::C26, Action::ExportElement, &facts), OK));
    let closed = Policies { partner_viewer_export: false, ..Policies::default() };
    with_policies(&closed, |facts| {
        assert_eq!(holds(Condition::C26, Action::ExportElement, &facts), no(Reason::ReservedByPolicy));
    });
}

#[test]
fn c7_c9_c13_and_c30_narrow_what_is_listed_and_refuse_nothing() {
    with_facts(|facts| {
        let facts = Facts { multi_partner: true, ..facts };
        for condition in [Condition::C7, Condition::C9, Condition::C13, Condition::C30] {
            assert_eq!(holds(condition, Action::ViewMembers, &facts), OK);
        }
    });
}

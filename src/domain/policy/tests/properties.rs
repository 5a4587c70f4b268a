//! What holds whoever asks, whatever the facts.

use super::super::scope::{Scope, scope};
use super::super::table::{Cell, cell};
use super::super::*;
use crate::domain::request::{RequestKind, RequestStatus};
use crate::domain::team::{ForkScope, Plan, Policies};
use crate::domain::{OrganizationId, Side, TeamRole, TeamRoles, UserId, Visibility, WorkspaceRole};
use proptest::option::of as option;
use proptest::prelude::*;
use proptest::sample::select;
use std::sync::LazyLock;

fn one<T: Copy + std::fmt::Debug + 'static>(of: &'static [T]) -> impl Strategy<Value = T> {
    select(of)
}

/// One of two organizations, so that two things are often of the same one.
fn organization() -> impl Strategy<Value = Option<OrganizationId>> {
    static TWO: LazyLock<[OrganizationId; 2]> = LazyLock::new(|| [OrganizationId::new(), OrganizationId::new()]);
    option(any::<bool>().prop_map(|second| TWO[usize::from(second)]))
}

prop_compose! {
    fn grants()(
        side in one(&[Side::Team, Side::Partner]),
        role in one(WorkspaceRole::VARIANTS),
        partner_lead in any::<bool>(),
        organization in organization(),
    ) -> Grant {
        Grant { side, role, partner_lead, organization }
    }
}

prop_compose! {
    fn standings()(
        signed_in in any::<bool>(),
        roles in 0..0x80_u8,
        roleless in any::<bool>(),
        grant in option(grants()),
        element_role in option(one(WorkspaceRole::VARIANTS)),
    ) -> Standing {
        let team_roles = if roleless { TeamRoles::NONE } else { TeamRoles::from_bits(roles) };
        Standing { user: signed_in.then(UserId::new), team_roles, grant, element_role }
    }
}

prop_compose! {
    fn policies()(
        partner_fork_scope in one(ForkScope::VARIANTS),
        [partner_viewer_export, partners_may_move_out, merge_needs_approval] in any::<[bool; 3]>(),
    ) -> Policies {
        Policies {
            partner_fork_scope,
            partner_viewer_export,
            partners_may_move_out,
            merge_needs_approval,
            ..Policies::default()
        }
    }
}

prop_compose! {
    fn elements()(bits in any::<[bool; 12]>(), target_visibility in option(one(Visibility::VARIANTS))) -> ElementFacts {
        let [
            may_create_in_target, target_in_same_team, may_leave_source, reads_parent, edits_parent, edits_fork,
            is_reviewer, is_author, is_approved, is_restorable, deleted_by_caller, was_theirs,
        ] = bits;
        ElementFacts {
            may_create_in_target, target_in_same_team, target_visibility, may_leave_source, reads_parent,
            edits_parent, edits_fork, is_reviewer, is_author, is_approved, is_restorable, deleted_by_caller, was_theirs,
        }
    }
}

prop_compose! {
    fn subjects()(
        side in one(&[Side::Team, Side::Partner]),
        role in one(WorkspaceRole::VARIANTS),
        partner_lead in any::<bool>(),
        organization in organization(),
    ) -> Subject {
        Subject { side, role, partner_lead, organization }
    }
}

prop_compose! {
    fn requests()(
        kind in one(RequestKind::VARIANTS),
        status in one(RequestStatus::VARIANTS),
        is_own in any::<bool>(),
    ) -> RequestFacts {
        RequestFacts { kind, status, is_own }
    }
}

prop_compose! {
    fn invitations()(
        sent_by_caller in any::<bool>(),
        organization in organization(),
        is_to_caller in any::<bool>(),
    ) -> InvitationFacts {
        InvitationFacts { sent_by_caller, organization, is_to_caller }
    }
}

prop_compose! {
    /// Facts without a lifetime: the team's policies are put under them in the test.
    fn facts()(
        plan in one(Plan::VARIANTS),
        visibility in option(one(Visibility::VARIANTS)),
        bits in any::<[bool; 7]>(),
        request in option(requests()),
        subject in option(subjects()),
        invitation in option(invitations()),
        element in option(elements()),
        manages_group in option(any::<bool>()),
        policies in policies(),
    ) -> (Policies, Facts<'static>) {
        static DEFAULTS: LazyLock<Policies> = LazyLock::new(Policies::default);
        let [
            team_has_partner_manager, team_has_super_admin, may_create_by_policy, was_partner_recently,
            multi_partner, partners_remain, is_last_admin,
        ] = bits;
        (policies, Facts {
            plan, policies: &DEFAULTS, team_has_partner_manager, team_has_super_admin, may_create_by_policy,
            visibility, was_partner_recently, multi_partner, partners_remain, is_last_admin,
            request, subject, invitation, element, manages_group,
        })
    }
}

fn actions() -> impl Strategy<Value = Action> {
    one(Action::VARIANTS)
}

/// How much an answer gives.
fn worth(decision: Decision) -> u8 {
    match decision {
        Decision::Hide => 0,
        Decision::Deny(_) => 1,
        Decision::NeedsApproval => 2,
        Decision::Allow => 3,
    }
}

/// Whether the request or the invitation that is named is what decides who may know of it.
fn names_its_object(action: Action, facts: &Facts<'_>) -> bool {
    match scope(action) {
        Scope::Request => facts.request.is_some(),
        Scope::Invitation => facts.invitation.is_some(),
        _ => false,
    }
}

/// The same grant, and more: a higher role, or the Lead flag.
fn raised(grant: Grant) -> impl Iterator<Item = Grant> {
    let roles = WorkspaceRole::VARIANTS.iter().filter(move |&&role| role > grant.role);
    let lead = (grant.side == Side::Partner).then_some(Grant { partner_lead: true, ..grant });
    roles.map(move |&role| Grant { role, ..grant }).chain(lead)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_further_team_role_never_takes_an_answer_away(
        standing in standings(), (policies, facts) in facts(), role in one(TeamRole::VARIANTS),
    ) {
        let facts = Facts { policies: &policies, ..facts };
        let more = Standing { team_roles: standing.team_roles.with(role), ..standing };
        for &action in Action::VARIANTS {
            let (before, after) = (decide(action, &standing, &facts), decide(action, &more, &facts));
            prop_assert!(worth(after) >= worth(before), "{} with {}: {:?} to {:?}", action, role, before, after);
        }
    }

    /// But for C12: an Admin who is the last one cannot leave, where an Editor could.
    #[test]
    fn a_higher_grant_never_takes_an_answer_away(standing in standings(), (policies, facts) in facts()) {
        let facts = Facts { policies: &policies, ..facts };
        let raised: Vec<Standing> = match standing.grant {
            Some(grant) => raised(grant).map(|grant| Standing { grant: Some(grant), ..standing }).collect(),
            None => Vec::new(),
        };
        for more in raised {
            for &action in Action::VARIANTS.iter().filter(|&&action| action != Action::LeaveWorkspace) {
                let (before, after) = (decide(action, &standing, &facts), decide(action, &more, &facts));
                prop_assert!(worth(after) >= worth(before), "{}: {:?} to {:?}", action, before, after);
            }
        }
    }

    #[test]
    fn a_first_grant_never_takes_an_answer_away(
        standing in standings(), (policies, facts) in facts(), grant in grants(),
    ) {
        let facts = Facts { policies: &policies, ..facts };
        let (without, with) = (Standing { grant: None, ..standing }, Standing { grant: Some(grant), ..standing });
        for &action in Action::VARIANTS {
            let (before, after) = (decide(action, &without, &facts), decide(action, &with, &facts));
            prop_assert!(worth(after) >= worth(before), "{}: {:?} to {:?}", action, before, after);
        }
    }

    #[test]
    fn whoever_may_not_open_a_workspace_is_told_of_nothing_in_it(
        standing in standings(), (policies, facts) in facts(), visibility in one(Visibility::VARIANTS),
    ) {
        let facts = Facts { policies: &policies, visibility: Some(visibility), ..facts };
        if decide(Action::ViewWorkspace, &standing, &facts) != Decision::Allow {
            for &action in Action::VARIANTS {
                if scope(action) != Scope::Team && !names_its_object(action, &facts) {
                    prop_assert_eq!(decide(action, &standing, &facts), Decision::Hide, "{}", action);
                }
            }
        }
    }

    #[test]
    fn what_the_viewer_can_is_what_is_decided(standing in standings(), (policies, facts) in facts()) {
        let facts = Facts { policies: &policies, ..facts };
        let can = viewer_can(&standing, &facts);
        for &action in Action::VARIANTS {
            let decision = decide(action, &standing, &facts);
            let permission = permission(action, &standing, &facts);
            prop_assert_eq!(can.contains(&action), decision == Decision::Allow, "{}", action);
            prop_assert_eq!(permission.allowed, decision == Decision::Allow, "{}", action);
            prop_assert_eq!(permission.needs_approval, decision == Decision::NeedsApproval, "{}", action);
            prop_assert_eq!(permission.reason.is_none(), permission.allowed, "{}", action);
        }
        prop_assert!(can.is_sorted());
    }

    /// But for the invitation that is theirs to answer.
    #[test]
    fn an_outsider_is_allowed_nothing_but_to_look_at_what_is_public(
        standing in standings(), (policies, facts) in facts(), action in actions(),
    ) {
        let outsider = Standing { team_roles: TeamRoles::NONE, grant: None, ..standing };
        let facts = Facts { policies: &policies, ..facts };
        let public = facts.visibility == Some(Visibility::Public)
            && matches!(action, Action::ViewWorkspace | Action::ExportElement | Action::ForkOut);
        match decide(action, &outsider, &facts) {
            Decision::Hide => {}
            Decision::Allow => prop_assert!(public || action == Action::AnswerInvitation, "{}", action),
            other => prop_assert!(
                facts.visibility == Some(Visibility::Public) || facts.invitation.is_some_and(|it| it.is_to_caller),
                "{}: {:?}", action, other
            ),
        }
    }

    #[test]
    fn a_partner_is_never_allowed_what_no_partner_column_gives(
        standing in standings(), (policies, facts) in facts(), grant in grants(),
    ) {
        let partner = Standing {
            team_roles: TeamRoles::NONE.with(TeamRole::Partner),
            grant: Some(Grant { side: Side::Partner, ..grant }),
            ..standing
        };
        let facts = Facts { policies: &policies, visibility: Some(Visibility::Partner), ..facts };
        for &action in Action::VARIANTS {
            let never = Column::VARIANTS
                .iter()
                .filter(|column| column.is_partner() || **column == Column::Outsider)
                .all(|&column| matches!(cell(action, column), Cell::No | Cell::NotApplicable));
            if never {
                let decision = decide(action, &partner, &facts);
                prop_assert!(matches!(decision, Decision::Deny(_) | Decision::Hide), "{}: {:?}", action, decision);
            }
        }
    }

    #[test]
    fn only_what_has_a_request_of_its_own_needs_approval(
        standing in standings(), (policies, facts) in facts(), action in actions(),
    ) {
        let facts = Facts { policies: &policies, ..facts };
        if decide(action, &standing, &facts) == Decision::NeedsApproval {
            let request = match action {
                Action::CreatePartnerWorkspace => Action::RequestPartnerWorkspace,
                Action::ConvertToPartner => Action::RequestConversion,
                _ => return Err(TestCaseError::fail(action.to_string())),
            };
            prop_assert_eq!(decide(request, &standing, &facts), Decision::Allow);
        }
    }

    /// Which the list of workspaces that take an element counts on.
    #[test]
    fn whoever_may_create_elements_somewhere_may_move_in_what_may_leave(
        standing in standings(), (policies, facts) in facts(), visibility in one(Visibility::VARIANTS), element in elements(),
    ) {
        let facts = Facts { policies: &policies, visibility: Some(visibility), element: Some(element), ..facts };
        let takes = visibility != Visibility::Personal && element.may_leave_source;
        let creates = decide(Action::CreateElement, &standing, &facts) == Decision::Allow;
        prop_assert_eq!(decide(Action::MoveElementIn, &standing, &facts) == Decision::Allow, creates && takes);
    }

    #[test]
    fn what_moves_stays_in_the_team_and_leaves_with_partners_only_for_partner_workspaces(
        standing in standings(), (policies, facts) in facts(), visibility in one(Visibility::VARIANTS), target in one(Visibility::VARIANTS), element in elements(),
    ) {
        let element = ElementFacts { target_visibility: Some(target), ..element };
        let facts = Facts { policies: &policies, visibility: Some(visibility), element: Some(element), ..facts };
        if decide(Action::MoveElementOut, &standing, &facts) == Decision::Allow {
            prop_assert!(element.target_in_same_team && element.may_create_in_target && target != Visibility::Personal);
            // Whoever may take it out may edit it: what the one who moves it in is asked for.
            prop_assert_eq!(decide(Action::EditElement, &standing, &facts), Decision::Allow);
            if !standing.team_roles.is_team_member() && standing.partner_grant().is_some() {
                prop_assert!(target == Visibility::Partner && policies.partners_may_move_out);
            }
        }
    }
}

//! What is decided about the team itself and has no row in the permission matrix (domain.md, section 1).

use super::{Action, Decision, Denial, Facts, Standing, decide};
use crate::domain::team::{Plan, Policies};
use crate::domain::{Reason, TeamRole, TeamRoles};

/// Something that somebody can want to do with the team itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TeamAction {
    /// See who is in the team, and with which roles.
    ViewMembers,
    /// Take somebody into the team.
    AddMember,
    /// Take somebody out of the team.
    RemoveMember,
    /// Give somebody this team role, or take it from them.
    AssignRole(TeamRole),
    /// Change what the team has booked.
    ChangePlan,
    /// Change the name and the policies of the team.
    EditSettings,
}

/// Whether somebody with these roles in the team may do this.
///
/// Who is not in the team is told that it does not exist, and so is a partner, who never learns of people or
/// settings. That the last Admin stays is a matter of who is aimed at, which the use case checks.
#[must_use]
pub fn decide_team(action: TeamAction, roles: TeamRoles, team_has_super_admin: bool) -> Decision {
    if !roles.is_team_member() {
        return Decision::Hide;
    }
    match action {
        TeamAction::ViewMembers => Decision::Allow,
        TeamAction::AssignRole(TeamRole::Partner) => deny(Reason::RoleNotAssignable),
        TeamAction::AssignRole(TeamRole::PartnerManager) => by_matrix(Action::AppointPartnerManager, roles, team_has_super_admin),
        TeamAction::AssignRole(TeamRole::SuperAdmin) => by_matrix(Action::AppointSuperAdmin, roles, team_has_super_admin),
        TeamAction::AddMember
        | TeamAction::RemoveMember
        | TeamAction::EditSettings
        | TeamAction::AssignRole(TeamRole::Admin | TeamRole::Billing | TeamRole::Developer | TeamRole::CommunityManager) => {
            held(roles, TeamRole::Admin)
        }
        TeamAction::ChangePlan => held(roles, TeamRole::Billing),
    }
}

/// Super Admins may do whatever any role may.
fn held(roles: TeamRoles, role: TeamRole) -> Decision {
    if roles.has(role) || roles.has(TeamRole::SuperAdmin) { Decision::Allow } else { deny(Reason::RoleRequired) }
}

/// Appointing has rows of its own in the matrix.
fn by_matrix(action: Action, roles: TeamRoles, team_has_super_admin: bool) -> Decision {
    let policies = Policies::default();
    let standing = Standing { team_roles: roles, ..Standing::default() };
    let facts = Facts { team_has_super_admin, ..Facts::of_team(Plan::Enterprise, &policies) };
    decide(action, &standing, &facts)
}

const fn deny(reason: Reason) -> Decision {
    Decision::Deny(Denial { reason, rule: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::policy::Condition;
    use strum::VariantArray;

    const REQUIRED: Decision = deny(Reason::RoleRequired);

    fn of(role: TeamRole) -> TeamRoles {
        TeamRoles::NONE.with(role)
    }

    fn every_action() -> impl Iterator<Item = TeamAction> {
        use TeamAction::{AddMember, AssignRole, ChangePlan, EditSettings, RemoveMember, ViewMembers};
        [ViewMembers, AddMember, RemoveMember, ChangePlan, EditSettings]
            .into_iter()
            .chain(TeamRole::VARIANTS.iter().copied().map(AssignRole))
    }

    #[test]
    fn the_team_does_not_exist_for_outsiders_and_partners() {
        for action in every_action() {
            assert_eq!(decide_team(action, TeamRoles::NONE, false), Decision::Hide, "{action:?}");
            assert_eq!(decide_team(action, of(TeamRole::Partner), false), Decision::Hide, "{action:?}");
        }
    }

    #[test]
    fn a_developer_sees_the_members_and_manages_none() {
        for action in every_action() {
            let expected = match action {
                TeamAction::ViewMembers => Decision::Allow,
                TeamAction::AssignRole(TeamRole::Partner) => deny(Reason::RoleNotAssignable),
                _ => REQUIRED,
            };
            assert_eq!(decide_team(action, of(TeamRole::Developer), false), expected, "{action:?}");
        }
    }

    #[test]
    fn an_admin_manages_members_roles_and_settings_but_not_the_plan() {
        for action in every_action() {
            let expected = match action {
                TeamAction::ChangePlan => REQUIRED,
                TeamAction::AssignRole(TeamRole::Partner) => deny(Reason::RoleNotAssignable),
                _ => Decision::Allow,
            };
            assert_eq!(decide_team(action, of(TeamRole::Admin), false), expected, "{action:?}");
        }
    }

    #[test]
    fn an_admin_appoints_the_first_super_admin_and_no_further_one() {
        let appoint = TeamAction::AssignRole(TeamRole::SuperAdmin);
        assert_eq!(
            decide_team(appoint, of(TeamRole::Admin), true),
            Decision::Deny(Denial { reason: Reason::SuperAdminOnly, rule: Some(Condition::C14) })
        );
        assert_eq!(decide_team(appoint, of(TeamRole::SuperAdmin), true), Decision::Allow);
    }

    #[test]
    fn a_partner_manager_appoints_nobody() {
        for &role in TeamRole::VARIANTS {
            let decision = decide_team(TeamAction::AssignRole(role), of(TeamRole::PartnerManager), false);
            assert!(matches!(decision, Decision::Deny(_)), "{role}");
        }
    }

    #[test]
    fn the_plan_is_changed_by_billing_and_super_admins() {
        for &role in TeamRole::VARIANTS {
            let decision = decide_team(TeamAction::ChangePlan, of(role), true);
            let may = matches!(role, TeamRole::Billing | TeamRole::SuperAdmin);
            assert_eq!(decision == Decision::Allow, may, "{role}");
        }
    }

    #[test]
    fn a_super_admin_does_everything_but_make_partners_by_hand() {
        for action in every_action() {
            let expected = match action {
                TeamAction::AssignRole(TeamRole::Partner) => deny(Reason::RoleNotAssignable),
                _ => Decision::Allow,
            };
            assert_eq!(decide_team(action, of(TeamRole::SuperAdmin), true), expected, "{action:?}");
        }
    }
}

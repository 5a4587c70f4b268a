//! The policies of a team.

use crate::domain::team::Policies;
use crate::graphql::enums::PartnerForkScope;
use async_graphql::{Description, ID, Object, SimpleObject};

/// The rules that a team sets for itself.
#[derive(Description)]
pub struct TeamPolicies(pub Policies);

/// People whom a policy names, one by one and by group.
#[derive(SimpleObject)]
pub struct NamedPeople {
    /// Named one by one.
    user_ids: Vec<ID>,
    /// Named through their groups.
    group_ids: Vec<ID>,
}

#[Object(use_type_description)]
impl TeamPolicies {
    /// Who may create workspaces. Null: every member of the team.
    async fn who_may_create_workspaces(&self) -> Option<NamedPeople> {
        self.0.who_may_create_workspaces.as_ref().map(|named| NamedPeople {
            user_ids: named.user_ids.iter().map(|id| id.to_string().into()).collect(),
            group_ids: named.group_ids.iter().map(|id| id.to_string().into()).collect(),
        })
    }

    /// Where partners may take forks to.
    async fn partner_fork_scope(&self) -> PartnerForkScope {
        self.0.partner_fork_scope.into()
    }

    /// Whether partners who are Viewers may export.
    async fn partner_viewer_export(&self) -> bool {
        self.0.partner_viewer_export
    }

    /// Whether partners may move elements out of a workspace.
    async fn partners_may_move_out(&self) -> bool {
        self.0.partners_may_move_out
    }

    /// Whether a pull request needs an approval before it is merged.
    async fn merge_needs_approval(&self) -> bool {
        self.0.merge_needs_approval
    }

    /// Days until an undecided approval request expires.
    async fn request_term_days(&self) -> u32 {
        self.0.request_term_days
    }

    /// Days until an unanswered invitation expires.
    async fn invitation_term_days(&self) -> u32 {
        self.0.invitation_term_days
    }

    /// The longest term of a partner's access in days. Null: unlimited.
    async fn partner_access_max_days(&self) -> Option<u32> {
        self.0.partner_access_max_days
    }

    /// The mail domains where anybody can have an address, so that they tell no organization. Null: a list of well-known ones.
    async fn public_mail_domains(&self) -> Option<&[String]> {
        self.0.public_mail_domains.as_deref()
    }
}

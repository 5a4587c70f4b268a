//! What mutations of memberships answer.

use super::explain;
use crate::app::member::{InviteVerdict, Invited, Invitee};
use crate::domain::{Code, MemberId, Reason};
use crate::graphql::enums::InviteOutcome;
use crate::graphql::objects::{WorkspaceMember, load_member};
use async_graphql::{Context, Description, ID, Object, Result, SimpleObject};

/// What inviteTeamMembers answers.
#[derive(SimpleObject)]
pub struct InviteTeamMembersPayload {
    /// One result for each invitee, in their order.
    pub results: Vec<InviteResult>,
}

/// What became of one invitee.
#[derive(Description)]
pub struct InviteResult(pub Invited);

#[Object(use_type_description)]
impl InviteResult {
    /// Who: the address or id, as you gave it.
    async fn invitee(&self) -> &str {
        match &self.0.invitee {
            Invitee::Email(text) | Invitee::User(text) | Invitee::Group(text) => text,
        }
    }

    /// What became of them.
    async fn outcome(&self) -> InviteOutcome {
        match self.0.verdict {
            InviteVerdict::Added(_) => InviteOutcome::Added,
            InviteVerdict::AlreadyMember(_) => InviteOutcome::AlreadyMember,
            InviteVerdict::Failed(..) => InviteOutcome::Failed,
        }
    }

    /// The grant that they hold. Null where there is none.
    async fn member(&self, ctx: &Context<'_>) -> Result<Option<WorkspaceMember>> {
        match self.0.verdict {
            InviteVerdict::Added(member) | InviteVerdict::AlreadyMember(member) => load_member(ctx, member).await,
            InviteVerdict::Failed(..) => Ok(None),
        }
    }

    /// Why it failed, coarse: one of the codes that errors have.
    async fn code(&self) -> Option<String> {
        self.failure().map(|(code, _)| code.to_string())
    }

    /// Why it failed, fine.
    async fn reason(&self) -> Option<String> {
        self.failure().map(|(_, reason)| reason.to_string())
    }

    /// Why it failed, for people.
    async fn message(&self) -> Option<&str> {
        self.failure().map(|(_, reason)| explain(reason))
    }
}

impl InviteResult {
    const fn failure(&self) -> Option<(Code, Reason)> {
        match self.0.verdict {
            InviteVerdict::Failed(code, reason) => Some((code, reason)),
            _ => None,
        }
    }
}

/// What updateWorkspaceMember answers.
#[derive(Description)]
pub struct UpdateWorkspaceMemberPayload(pub MemberId);

#[Object(use_type_description)]
impl UpdateWorkspaceMemberPayload {
    /// The grant as it is now. Null where you may not see it any more.
    async fn member(&self, ctx: &Context<'_>) -> Result<Option<WorkspaceMember>> {
        load_member(ctx, self.0).await
    }
}

/// What removeWorkspaceMember answers.
#[derive(SimpleObject)]
pub struct RemoveWorkspaceMemberPayload {
    /// The grant that ended.
    pub removed_member_id: ID,
}

/// What leaveWorkspace answers.
#[derive(SimpleObject)]
pub struct LeaveWorkspacePayload {
    /// The workspace that you left.
    pub left_workspace_id: ID,
}

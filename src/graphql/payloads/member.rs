//! What mutations of memberships answer.

use crate::domain::MemberId;
use crate::graphql::objects::{WorkspaceMember, load_member};
use async_graphql::{Context, Description, ID, Object, Result, SimpleObject};

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

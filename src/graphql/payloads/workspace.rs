//! What mutations of workspaces answer.

use super::load_request;
use crate::app::workspace::Shaped;
use crate::domain::WorkspaceId;
use crate::graphql::objects::{ApprovalRequest, Workspace, load_workspace};
use async_graphql::{Context, Description, ID, Object, Result, SimpleObject};

/// A workspace, and the request that has to be approved first.
macro_rules! shaped_payload {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Description)]
        pub struct $name(pub Shaped);

        #[Object(use_type_description)]
        impl $name {
            /// The workspace. Null where you may not open it any more.
            async fn workspace(&self, ctx: &Context<'_>) -> Result<Option<Workspace>> {
                load_workspace(ctx, self.0.workspace).await
            }

            /// The request that was made because this needs an approval. Null: it is done.
            async fn request(&self, ctx: &Context<'_>) -> Result<Option<ApprovalRequest>> {
                match self.0.request {
                    Some(request) => load_request(ctx, request).await,
                    None => Ok(None),
                }
            }
        }
    )+};
}

shaped_payload! {
    /// What createWorkspace answers.
    CreateWorkspacePayload;
    /// What changeWorkspaceVisibility answers.
    ChangeWorkspaceVisibilityPayload;
}

/// What updateWorkspace answers.
#[derive(Description)]
pub struct UpdateWorkspacePayload(pub WorkspaceId);

#[Object(use_type_description)]
impl UpdateWorkspacePayload {
    /// The workspace as it is now.
    async fn workspace(&self, ctx: &Context<'_>) -> Result<Option<Workspace>> {
        load_workspace(ctx, self.0).await
    }
}

/// What deleteWorkspace answers.
#[derive(SimpleObject)]
pub struct DeleteWorkspacePayload {
    /// The workspace that is gone.
    pub deleted_workspace_id: ID,
}

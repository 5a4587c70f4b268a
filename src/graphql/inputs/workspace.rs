//! What mutations of workspaces take.

use super::inputs;
use crate::graphql::enums::Visibility;
use async_graphql::ID;

inputs! {
    /// What createWorkspace takes.
    CreateWorkspaceInput {
        /// The team that is to own it.
        team_id: ID,
        /// Its name: 1 to 255 characters.
        name: String,
        /// What it is for, in a line of up to 140 characters.
        summary: Option<String>,
        /// What it is for, in Markdown, up to 64 KiB.
        description: Option<String>,
        /// Who gets in. PARTNER and PUBLIC may need an approval: then it begins as PRIVATE.
        visibility: Visibility,
        /// For the reviewers, where an approval is needed: up to 2,000 characters.
        note: Option<String>,
    }
    /// What updateWorkspace takes. What is null stays as it is.
    UpdateWorkspaceInput {
        /// The workspace.
        workspace_id: ID,
        /// Its name: 1 to 255 characters.
        name: Option<String>,
        /// What it is for, in a line of up to 140 characters. Empty: none.
        summary: Option<String>,
        /// What it is for, in Markdown, up to 64 KiB. Empty: none.
        description: Option<String>,
        /// Whether partners see only team members and their own organization.
        multi_partner: Option<bool>,
        /// The version that you have read: an edit that was made since is not overwritten. Null: whatever it is.
        expected_version: Option<i32>,
    }
    /// What changeWorkspaceVisibility takes.
    ChangeWorkspaceVisibilityInput {
        /// The workspace.
        workspace_id: ID,
        /// What it is to become.
        visibility: Visibility,
        /// For the reviewers, where an approval is needed: up to 2,000 characters.
        note: Option<String>,
        /// Whether to remove every partner first, in the same transaction.
        remove_partners: Option<bool>,
    }
    /// What deleteWorkspace takes.
    DeleteWorkspaceInput {
        /// The workspace.
        workspace_id: ID,
    }
}

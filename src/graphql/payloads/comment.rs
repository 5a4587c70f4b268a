//! What mutations of comments answer, and watching.

use crate::domain::{CommentId, ElementId};
use crate::graphql::objects::{Comment, Element, load_comment, load_element};
use async_graphql::{Context, Description, ID, Object, Result, SimpleObject};

macro_rules! comment_payload {
    ($($(#[$doc:meta])* $name:ident { $(#[$field_doc:meta])* $field:ident })+) => {$(
        $(#[$doc])*
        #[derive(Description)]
        pub struct $name(pub CommentId);

        #[Object(use_type_description)]
        impl $name {
            $(#[$field_doc])*
            async fn $field(&self, ctx: &Context<'_>) -> Result<Option<Comment>> {
                load_comment(ctx, self.0).await
            }
        }
    )+};
}

comment_payload! {
    /// What addComment answers.
    AddCommentPayload {
        /// The comment. Null where you may not read it any more.
        comment
    }
    /// What editComment answers.
    EditCommentPayload {
        /// The comment as it is now. Null where you may not read it any more.
        comment
    }
    /// What resolveCommentThread answers.
    ResolveCommentThreadPayload {
        /// The comment that begins the thread, as it is now. Null where you may not read it any more.
        thread
    }
    /// What reopenCommentThread answers.
    ReopenCommentThreadPayload {
        /// The comment that begins the thread, as it is now. Null where you may not read it any more.
        thread
    }
}

/// What deleteComment answers.
#[derive(SimpleObject)]
pub struct DeleteCommentPayload {
    /// The comment that was deleted.
    pub deleted_comment_id: ID,
}

macro_rules! watch_payload {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Description)]
        pub struct $name(pub ElementId);

        #[Object(use_type_description)]
        impl $name {
            /// The element. Null where you may not see it any more.
            async fn element(&self, ctx: &Context<'_>) -> Result<Option<Element>> {
                load_element(ctx, self.0).await
            }
        }
    )+};
}

watch_payload! {
    /// What watchElement answers.
    WatchElementPayload;
    /// What unwatchElement answers.
    UnwatchElementPayload;
}

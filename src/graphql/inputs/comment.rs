//! What mutations of comments take, and watching.

use super::inputs;
use async_graphql::ID;

inputs! {
    /// What addComment takes.
    AddCommentInput {
        /// The element.
        element_id: ID,
        /// The item of the collection that it is about. Null: the element itself or, in a reply, what the thread is about.
        item_id: Option<String>,
        /// What it says, in Markdown: 1 to 10,000 characters.
        body: String,
        /// A comment of the thread that it belongs to. Null: it begins a thread.
        reply_to: Option<ID>,
        /// Whom it mentions: up to 50 people who can read it. They are told so.
        mentions: Option<Vec<ID>>,
    }
    /// What editComment takes.
    EditCommentInput {
        /// The comment: one of your own.
        comment_id: ID,
        /// What it says from now on, in Markdown: 1 to 10,000 characters.
        body: String,
    }
    /// What deleteComment takes.
    DeleteCommentInput {
        /// The comment.
        comment_id: ID,
    }
    /// What resolveCommentThread takes.
    ResolveCommentThreadInput {
        /// A comment of the thread.
        comment_id: ID,
    }
    /// What reopenCommentThread takes.
    ReopenCommentThreadInput {
        /// A comment of the thread.
        comment_id: ID,
    }
    /// What watchElement takes.
    WatchElementInput {
        /// The element.
        element_id: ID,
    }
    /// What unwatchElement takes.
    UnwatchElementInput {
        /// The element.
        element_id: ID,
    }
}

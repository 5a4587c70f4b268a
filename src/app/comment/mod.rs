//! Comments on elements and on items of collections: in threads, with people named in them, settled once they are done with.
//!
//! In multi-partner mode the comments of partners, and the threads that they began, are not there for partners of another organization.

mod add;
mod delete;
mod edit;
mod resolve;

pub use add::AddComment;
pub use delete::DeleteComment;
pub use edit::EditComment;
pub use resolve::{ReopenThread, ResolveThread};

use super::Work;
use super::access::CommentSight;
use super::element::organization_of;
use super::model::{Comment, shared_audience};
use crate::domain::activity::{Activity, CommentRef};

impl CommentSight {
    /// Records what was done to it, for those who know of the comment and of who did it.
    fn record(&self, work: &mut Work<'_>, activity: fn(CommentRef) -> Activity) {
        let workspace = &self.element.workspace;
        let audience = shared_audience(self.comment.audience(), organization_of(workspace));
        work.record_of(workspace.workspace.id, audience, activity(described(&self.comment, &self.element.element.name)));
    }
}

/// What activities say of a comment on the element of this name.
fn described(comment: &Comment, name: &str) -> CommentRef {
    CommentRef {
        comment_id: comment.id,
        thread_id: comment.thread_id,
        element_id: comment.element_id,
        name: name.to_owned(),
        item_id: comment.item_id.clone(),
    }
}

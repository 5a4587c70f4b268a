//! Monitors, mock servers and integrations, as records: bound to a collection, living in a workspace that need not be the collection's.
//!
//! The matrix has no row for them. Whoever may create elements in the workspace that one lives in may make, pause, resume and delete it;
//! whoever may open that workspace sees it.

mod create;
mod delete;
mod set_state;

pub use create::CreateRelatedItem;
pub use delete::DeleteRelatedItem;
pub use set_state::{PauseRelatedItem, ResumeRelatedItem};

use super::model::RelatedItem;
use crate::domain::activity::RelatedItemRef;

impl RelatedItem {
    /// What an activity says of it.
    fn reference(&self) -> RelatedItemRef {
        RelatedItemRef { related_item_id: self.id, kind: self.kind, name: self.name.clone() }
    }
}

//! An element gets another document: every revision but the first is written here, so that whoever is to hear of it does.

use super::bounded;
use crate::app::Work;
use crate::app::access::{ElementSight, Granted};
use crate::app::error::Result;
use crate::app::fork::tell_forks;
use crate::app::model::Revision;
use crate::app::ports::ElementContent;
use crate::domain::text::Note;
use serde_json::Value;

/// A revision that is to be. The nodes that it needs are written before.
pub(in crate::app) struct NewRevision<'a> {
    /// The node that the document begins with.
    pub root: [u8; 32],
    /// The size of the document in canonical form, in bytes.
    pub size: u64,
    /// What whoever makes it says about it.
    pub message: Option<&'a Note>,
    /// The version that it restores.
    pub restored_version: Option<i32>,
    /// What was done. Nothing of it is kept where it is too much.
    pub changes: Value,
}

/// Makes this the newest revision of an element, and tells the forks that it leaves behind. Answers its version.
pub(in crate::app) async fn revise(
    work: &mut Work<'_>,
    sight: &Granted<ElementSight>,
    content: &ElementContent,
    new: NewRevision<'_>,
) -> Result<i32> {
    let NewRevision { root, size, message, restored_version, changes } = new;
    let revision = Revision {
        element_id: sight.element.id,
        version: sight.element.version + 1,
        root,
        size_bytes: i64::try_from(size).unwrap_or(i64::MAX),
        author_id: work.actor()?.id(),
        message: message.map(ToString::to_string),
        restored_version,
        changes: bounded(changes),
        created_at: work.now(),
    };
    work.tx.set_element_revision(sight, content, &revision).await?;
    tell_forks(work, sight, root).await?;
    Ok(revision.version)
}

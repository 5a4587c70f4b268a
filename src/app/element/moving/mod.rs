//! Elements move: to another workspace, into an API and out of it (domain.md, section 3.4).

mod attach;
mod move_element;
mod news;

pub use attach::{AttachCollection, DetachCollection};
pub use move_element::{MoveElement, Moved};
pub(in crate::app) use news::tell_creators;

use crate::app::access::Access;
use crate::app::error::Result;
use crate::app::ports::WorkspaceFilter;
use crate::domain::ElementId;

/// The filter, narrowed to the workspaces that the caller may move this element into: each of them takes it. None: there is no such one.
///
/// # Errors
/// Not found where the caller may not know of the element.
pub async fn narrow_to_targets(access: Access<'_>, filter: WorkspaceFilter, element: ElementId) -> Result<Option<WorkspaceFilter>> {
    let Some(targets) = access.move_targets(element).await? else { return Ok(None) };
    let of_team = filter.team.is_none_or(|asked| asked == targets.team);
    Ok(of_team.then_some(WorkspaceFilter { team: Some(targets.team), accepts: Some(targets), ..filter }))
}

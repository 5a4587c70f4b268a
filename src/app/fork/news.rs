//! What the side of the fork reads of what happens between the two.

use crate::app::access::ElementSight;
use crate::app::error::Result;
use crate::app::model::LeftBehind;
use crate::app::work::Work;
use crate::domain::activity::Activity;
use crate::domain::notification::{Notice, NotificationKind, NotificationSubject};

/// Tells who edits the forks that this change leaves behind, as far as they may open the parent. A fork that was behind already is no news.
pub(in crate::app) async fn tell_forks(work: &mut Work<'_>, parent: &ElementSight, root: [u8; 32]) -> Result<()> {
    if root == parent.element.root {
        return Ok(());
    }
    let told = work.tx.list_left_behind(parent, work.now()).await?;
    for of_fork in told.chunk_by(|one, other| one.fork == other.fork) {
        let Some(LeftBehind { fork, name, label, .. }) = of_fork.first() else { continue };
        let message = format!("The parent of {label}, the fork of {name}, has changed.");
        let notice = Notice::new(NotificationKind::ParentChanged, message, Some(NotificationSubject::Element(*fork)));
        work.notify(of_fork.iter().map(|left| left.editor.clone()), notice);
    }
    Ok(())
}

/// Records what happened to a fork in its workspace: in the name of the system where whoever did it may not open that, so that nobody there learns of them.
pub(in crate::app) fn record_at_fork(work: &mut Work<'_>, fork: &ElementSight, in_sight: bool, activity: Activity) {
    if in_sight {
        fork.record(work, activity);
    } else {
        work.record_by_system(fork.workspace.workspace.id, activity);
    }
}

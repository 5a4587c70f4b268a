//! Who is told that something moved, or was paused: nobody of a workspace or an element that they cannot open.

use crate::app::access::MoveSight;
use crate::app::error::Result;
use crate::app::model::{Recipient, WorkspaceSight};
use crate::app::work::Work;
use crate::domain::notification::{Notice, NotificationKind, NotificationSubject};
use crate::domain::{RelatedItemId, UserId, WorkspaceRole};
use std::collections::{BTreeMap, BTreeSet};

/// Tells who made these monitors, where they may still open the workspace that it lives in.
pub(in crate::app) async fn tell_creators(work: &mut Work<'_>, paused: &[RelatedItemId]) -> Result<()> {
    for told in work.tx.list_creators(paused, work.now()).await? {
        let message = format!("The monitor {} in {} was paused.", told.item.name, told.workspace_name);
        let subject = Some(NotificationSubject::Workspace(told.item.workspace_id));
        work.notify([told.creator], Notice::new(NotificationKind::MonitorPaused, message, subject));
    }
    Ok(())
}

/// Tells those who watch what moved, and the Admins of both workspaces. Each reads of the workspaces that they may open, and of the element
/// only if that can be opened where it is now.
pub(super) async fn tell_of_move(work: &mut Work<'_>, sight: &MoveSight) -> Result<()> {
    let (source, target) = (&sight.element.workspace, &sight.target);
    let (ids, now) = (sight.ids(), work.now());
    let mut people: BTreeMap<UserId, Recipient> = BTreeMap::new();
    for workspace in [source, target] {
        let id = workspace.workspace.id;
        let watchers = work.tx.list_watchers(&ids, id, now).await?;
        let admins = work.tx.list_member_recipients(id, Some(WorkspaceRole::Admin), now).await?;
        people.extend(watchers.into_iter().chain(admins).map(|person| (person.user_id, person)));
    }
    let all: Vec<UserId> = people.keys().copied().collect();
    let (of_source, of_target) = (openers(work, &all, source).await?, openers(work, &all, target).await?);

    let element = &sight.element.element;
    let what = format!("The {} {}", element.kind.noun(), element.name);
    let (from, to) = (&source.workspace, &target.workspace);
    let here = NotificationSubject::Element(element.id);
    for (sees_source, sees_target, message, subject) in [
        (true, true, format!("{what} was moved from {} to {}.", from.name, to.name), here),
        (false, true, format!("{what} was moved into {}.", to.name), here),
        (true, false, format!("{what} was moved out of {}.", from.name), NotificationSubject::Workspace(from.id)),
    ] {
        let sees = |id: &UserId| (of_source.contains(id), of_target.contains(id)) == (sees_source, sees_target);
        let told = people.values().filter(|person| sees(&person.user_id)).cloned();
        work.notify(told, Notice::new(NotificationKind::ElementMoved, message, Some(subject)));
    }
    Ok(())
}

async fn openers(work: &Work<'_>, people: &[UserId], workspace: &WorkspaceSight) -> Result<BTreeSet<UserId>> {
    let found = work.tx.list_openers(people, workspace.workspace.id, work.now()).await?;
    Ok(found.into_iter().map(|person| person.user_id).collect())
}

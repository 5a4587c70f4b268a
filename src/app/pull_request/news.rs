//! Who reads of a pull request, and in which words.

use crate::app::Work;
use crate::app::access::{ElementSight, ForkSide, PullRequestSight};
use crate::app::element::{organization_of, unseeing};
use crate::app::error::Result;
use crate::app::fork::record_at_fork;
use crate::app::model::{Element, PullRequest, Recipient, shared_audience};
use crate::domain::activity::{Activity, PullRequestRef};
use crate::domain::notification::{Notice, NotificationKind, NotificationSubject};
use crate::domain::{OrganizationId, UserId};
use std::collections::BTreeSet;

/// The kind of an entry about a pull request.
pub(super) type Kind = fn(PullRequestRef) -> Activity;

/// Where the parent lives, those read of it who know of the pull request and of who did it.
pub(super) fn record_at_parent(
    work: &mut Work<'_>,
    parent: &ElementSight,
    request: &PullRequest,
    audience: Option<OrganizationId>,
    kind: Kind,
) {
    let Element { id: element_id, kind: what, name, .. } = parent.element.clone();
    let about = PullRequestRef { pull_request_id: Some(request.id), title: Some(request.title.clone()), element_id, kind: what, name };
    let audience = shared_audience(audience, organization_of(&parent.workspace));
    work.record_of(parent.workspace.workspace.id, audience, kind(about));
}

/// Both sides read of it, neither of the other; who cannot open the workspace of the fork is not named there.
pub(super) fn record_at_both(work: &mut Work<'_>, parent: &ElementSight, request: &PullRequest, fork: Option<&ForkSide>, kind: Kind) {
    record_at_parent(work, parent, request, request.organization_id, kind);
    let Some(ForkSide { element: fork, in_sight }) = fork else { return };
    if fork.workspace.workspace.id == parent.workspace.workspace.id {
        return;
    }
    let Element { id: element_id, kind: what, name, .. } = fork.element.clone();
    let about = PullRequestRef { pull_request_id: None, title: None, element_id, kind: what, name };
    record_at_fork(work, fork, *in_sight, kind(about));
}

/// What happened to a pull request, as people are told of it.
pub(super) struct Told<'a> {
    /// The kind.
    pub kind: NotificationKind,
    /// What happened, as the end of a sentence that begins with the pull request.
    pub what: &'a str,
    /// What somebody added in their own words.
    pub remark: Option<String>,
}

/// Tells author, reviewers and watchers of the parent, as far as they may open it now, and writes to the reviewers.
pub(super) async fn tell_all(work: &mut Work<'_>, sight: &PullRequestSight, told: Told<'_>) -> Result<()> {
    let parent = &sight.parent;
    let watchers = work.tx.list_watchers(&[parent.element.id], parent.workspace.workspace.id, work.now()).await?;
    let audience = sight.request.organization_id;
    let reviewers = circle(work, sight, audience, watchers).await?;
    let notice = notice(&sight.request, parent, told.kind, told.what).with_remark(told.remark);
    work.write_to(reviewers.1.iter().cloned(), notice.clone());
    work.notify(reviewers.0.into_iter().chain(reviewers.1), notice);
    Ok(())
}

/// Tells author and reviewers of a comment that these read.
pub(super) async fn tell_of_comment(work: &mut Work<'_>, sight: &PullRequestSight, audience: Option<OrganizationId>) -> Result<()> {
    let (others, reviewers) = circle(work, sight, audience, Vec::new()).await?;
    let Element { kind, name, .. } = &sight.parent.element;
    let message = format!("There is a new comment on the pull request {} for the {} {name}.", sight.request.title, kind.noun());
    let about = Some(NotificationSubject::PullRequest(sight.request.id));
    work.notify(others.into_iter().chain(reviewers), Notice::new(NotificationKind::CommentAdded, message, about));
    Ok(())
}

/// Asks reviewers, by mail too.
pub(super) fn ask(work: &mut Work<'_>, request: &PullRequest, parent: &ElementSight, reviewers: Vec<Recipient>) {
    work.notify(reviewers, notice(request, parent, NotificationKind::PullRequestOpened, "waits for your review"));
}

/// A notice that names no author: not everybody who reads it may know of them.
fn notice(request: &PullRequest, parent: &ElementSight, kind: NotificationKind, what: &str) -> Notice {
    let message = format!("The pull request {} for the {} {} {what}.", request.title, parent.element.kind.noun(), parent.element.name);
    Notice::new(kind, message, Some(NotificationSubject::PullRequest(request.id))).of(parent.workspace.workspace.affair())
}

/// Those of author, others and reviewers who may open the parent now and know of what only partners of this organization know of: first those who do not
/// review, then those who do.
async fn circle(
    work: &Work<'_>,
    sight: &PullRequestSight,
    audience: Option<OrganizationId>,
    others: Vec<Recipient>,
) -> Result<(Vec<Recipient>, Vec<Recipient>)> {
    let (request, parent) = (&sight.request, &sight.parent);
    let reviewers: BTreeSet<UserId> = work.tx.list_reviewers(&[request.id]).await?.iter().map(|reviewer| reviewer.user_id).collect();
    let asked: Vec<UserId> = reviewers.iter().copied().chain([request.author_id]).collect();
    let mut people = work.tx.list_openers(&asked, parent.workspace.workspace.id, work.now()).await?;
    people.extend(others);
    let unseeing = unseeing(work, parent, audience, &people).await?;
    let mut seen = BTreeSet::new();
    people.retain(|person| !unseeing.contains(&person.user_id) && seen.insert(person.user_id));
    Ok(people.into_iter().partition(|person| !reviewers.contains(&person.user_id)))
}

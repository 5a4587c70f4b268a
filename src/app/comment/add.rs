//! Somebody comments.

use super::described;
use crate::app::access::{CommentSight, ElementSight, Granted};
use crate::app::element::{organization_of, unseeing};
use crate::app::error::{Refusal, Result};
use crate::app::model::{Comment, Recipient};
use crate::app::snapshot::Snapshot;
use crate::app::{App, Command, Work};
use crate::domain::activity::Activity;
use crate::domain::document::collection::ItemId;
use crate::domain::element::ElementKind;
use crate::domain::notification::{Notice, NotificationKind, NotificationSubject};
use crate::domain::policy::Action;
use crate::domain::snapshot::NodeHash;
use crate::domain::text::CommentBody;
use crate::domain::{Code, CommentId, ElementId, Reason, UserId};
use serde::Serialize;
use std::collections::BTreeSet;

/// The most people whom one comment mentions.
const MAX_MENTIONS: usize = 50;

/// Comments on an element or on an item of a collection: begins a thread, or replies in one. Who is mentioned is told so; who watches the
/// element or has written in the thread is told of the comment.
#[derive(Debug, Clone, Serialize)]
pub struct AddComment {
    /// The element.
    pub element: ElementId,
    /// The item of the collection; none: the element itself, or what the thread is about.
    pub item: Option<String>,
    /// What is said.
    pub body: CommentBody,
    /// A comment of the thread that it belongs to; none: it begins one.
    pub reply_to: Option<CommentId>,
    /// Who is mentioned.
    pub mentions: BTreeSet<UserId>,
}

/// Who is told of a comment, each once.
struct Told {
    mentioned: Vec<Recipient>,
    others: Vec<Recipient>,
}

impl Command for AddComment {
    const NAME: &'static str = "addComment";
    type Outcome = CommentId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<CommentId> {
        let actor = work.actor()?.id();
        if self.mentions.len() > MAX_MENTIONS {
            return Err(Refusal::bad_input("mentions", Reason::TooMany, format!("Mention up to {MAX_MENTIONS} people.")).into());
        }
        let sight = work.access().element(self.element).may(Action::Comment).await?;
        let thread = self.thread(work).await?;
        let id = work.new_id()?;
        let begun = thread.as_ref().map(|thread| &thread.comment);
        let comment = Comment {
            id,
            team_id: sight.element.team_id,
            element_id: self.element,
            item_id: self.checked_item(work, &sight, begun).await?,
            thread_id: begun.map_or(id, |begun| begun.thread_id),
            author_id: actor,
            organization_id: organization_of(&sight.workspace),
            thread_organization_id: begun.and_then(|begun| begun.thread_organization_id),
            body: self.body.to_string(),
            created_at: work.now(),
            edited_at: None,
            deleted_at: None,
            resolved_at: None,
            resolved_by: None,
        };
        let told = self.told(work, &sight, &comment).await?;
        let mentions: Vec<UserId> = self.mentions.iter().copied().collect();
        work.tx.insert_comment(&sight, &comment, &mentions).await?;
        let activity = Activity::CommentAdded(described(&comment, &sight.element.name));
        work.record_of(sight.workspace.workspace.id, comment.audience(), activity);
        tell(work, &sight, id, told);
        Ok(id)
    }
}

impl AddComment {
    /// The comment that is replied to, in a thread on the same element.
    async fn thread(&self, work: &Work<'_>) -> Result<Option<Granted<CommentSight>>> {
        let Some(id) = self.reply_to else { return Ok(None) };
        let found = work.access().comment(id).await.map_err(|error| error.not_found_at("replyTo"))?;
        if found.comment.element_id == self.element { Ok(Some(found)) } else { Err(Refusal::not_found().at("replyTo").into()) }
    }

    /// The item that the comment is about: a reply is about the same as its thread.
    async fn checked_item(&self, work: &Work<'_>, sight: &Granted<ElementSight>, begun: Option<&Comment>) -> Result<Option<String>> {
        match (begun, &self.item) {
            (Some(begun), Some(item)) if begun.item_id.as_ref() != Some(item) => {
                let message = "The thread is about something else: leave the item out of a reply.";
                Err(Refusal::bad_input("itemId", Reason::ContradictoryArguments, message).into())
            }
            (Some(begun), _) => Ok(begun.item_id.clone()),
            (None, Some(item)) => {
                check_item(work, sight, item).await?;
                Ok(Some(item.clone()))
            }
            (None, None) => Ok(None),
        }
    }

    /// Who is told. Whoever is mentioned has to be known to the author, and to be able to read the comment.
    async fn told(&self, work: &Work<'_>, sight: &ElementSight, comment: &Comment) -> Result<Told> {
        let (workspace, now) = (&sight.workspace.workspace, work.now());
        let mentions: Vec<UserId> = self.mentions.iter().copied().collect();
        let known = work.tx.list_people(comment.author_id, &mentions, now).await?;
        let mut asked = self.mentions.clone();
        if !comment.is_first() {
            asked.extend(work.tx.list_thread_authors(comment.thread_id).await?);
        }
        let asked: Vec<UserId> = asked.into_iter().collect();
        let openers = work.tx.list_openers(&asked, workspace.id, now).await?;
        let opens = |id: &UserId| openers.iter().any(|opener| opener.user_id == *id);
        if known.len() != mentions.len() || !mentions.iter().all(opens) {
            return Err(Refusal::not_found().at("mentions").into());
        }
        let mut readers = work.tx.list_watchers(&[self.element], workspace.id, now).await?;
        readers.extend(openers);
        let unseeing = unseeing(work, sight, comment.audience(), &readers).await?;
        if mentions.iter().any(|id| unseeing.contains(id)) {
            let message = "Somebody whom you mention is a partner of another organization, and cannot read this thread.";
            return Err(Refusal::precondition(Reason::TargetNotAllowed, message).at("mentions").into());
        }
        readers.retain(|reader| !unseeing.contains(&reader.user_id));
        let (mentioned, others) = readers.into_iter().partition(|reader| self.mentions.contains(&reader.user_id));
        Ok(Told { mentioned, others })
    }
}

/// Tells people. Neither notice names the author: not everybody who reads the comment may know of them.
fn tell(work: &mut Work<'_>, sight: &ElementSight, comment: CommentId, told: Told) {
    let (noun, name) = (sight.element.kind.noun(), &sight.element.name);
    let about = Some(NotificationSubject::Comment(comment));
    let message = format!("You were mentioned in a comment on the {noun} {name}.");
    work.notify(told.mentioned, Notice::new(NotificationKind::Mentioned, message, about));
    let message = format!("There is a new comment on the {noun} {name}.");
    work.notify(told.others, Notice::new(NotificationKind::CommentAdded, message, about));
}

/// Refuses an item that the element does not have.
async fn check_item(work: &Work<'_>, sight: &ElementSight, item: &str) -> Result<()> {
    if sight.element.kind != ElementKind::Collection {
        return Err(Refusal::bad_input("itemId", Reason::WrongKind, "Only collections have items.").into());
    }
    // No database keeps a NUL character in a text, so that nothing can be said of an item that has one in its id.
    let unknown = || Refusal::new(Code::NotFound, Reason::UnknownItem, "The collection has no item with this id.").at("itemId");
    let id = ItemId::parse(item).ok().filter(|_| !item.contains('\0')).ok_or_else(unknown)?;
    let snapshot = Snapshot::open(work.tx.queries(), NodeHash::new(sight.element.root)).await?;
    if snapshot.find(&id).await?.is_none() {
        return Err(unknown().into());
    }
    Ok(())
}

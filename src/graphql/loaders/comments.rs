//! Comments, whom they mention, and what is watched.

use super::{Answer, ElementKey, Load, LoadError, Loaders, Reader};
use crate::app::access::{CommentSight, ElementSight};
use crate::app::model::Comment;
use crate::app::paging::{Page, PageRequest};
use crate::app::ports::CommentFilter;
use crate::domain::policy::Action;
use crate::domain::{CommentId, ElementId, UserId};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use uuid::Uuid;

impl Loaders {
    /// A page of comments.
    pub async fn comments(&self, key: CommentsKey) -> Answer<Page<Comment>> {
        self.comments.load(key, &self.reader).await
    }

    /// A comment. None where the reader may not know of it.
    pub async fn comment(&self, id: CommentId) -> Answer<Arc<CommentSight>> {
        self.single_comments.load(CommentKey(id), &self.reader).await
    }

    /// Whom a comment mentions. None: nobody.
    pub async fn mentions(&self, comment: CommentId) -> Answer<Vec<UserId>> {
        self.mentions.load(MentionsKey(comment), &self.reader).await
    }

    /// Whether the reader watches an element. None: they do not.
    pub async fn watching(&self, element: ElementId) -> Answer<()> {
        self.watching.load(WatchKey(element), &self.reader).await
    }
}

/// Whose comments they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CommentsOf {
    /// Those that begin threads on this element.
    Element(ElementId),
    /// The replies in this thread.
    Thread(CommentId),
}

/// The key of a page of comments.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CommentsKey {
    /// Whose.
    pub of: CommentsOf,
    /// Which of them.
    pub filter: CommentFilter,
    /// Which page.
    pub page: PageRequest<Uuid>,
}

/// Elements and threads whose comments are asked for alike.
type About = (Vec<ElementId>, Vec<CommentId>);

impl Load<CommentsKey> for Reader {
    type Value = Page<Comment>;

    async fn load(&self, keys: &[CommentsKey]) -> Result<HashMap<CommentsKey, Page<Comment>>, LoadError> {
        let mut alike: HashMap<(&CommentFilter, &PageRequest<Uuid>), About> = HashMap::new();
        for key in keys {
            let (elements, threads) = alike.entry((&key.filter, &key.page)).or_default();
            match key.of {
                CommentsOf::Element(element) => elements.push(element),
                CommentsOf::Thread(thread) => threads.push(thread),
            }
        }
        let mut pages = HashMap::with_capacity(keys.len());
        for ((filter, page), (elements, threads)) in alike {
            let key = |of| CommentsKey { of, filter: filter.clone(), page: *page };
            let begun = self.app.queries().list_threads(&elements, filter, *page).await?;
            pages.extend(begun.into_iter().map(|(element, found)| (key(CommentsOf::Element(element)), found)));
            let replies = self.app.queries().list_replies(&threads, filter, *page).await?;
            pages.extend(replies.into_iter().map(|(thread, found)| (key(CommentsOf::Thread(thread)), found)));
        }
        Ok(pages)
    }
}

/// The key of a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct CommentKey(pub CommentId);

impl Load<CommentKey> for Reader {
    type Value = Arc<CommentSight>;

    async fn load(&self, keys: &[CommentKey]) -> Result<HashMap<CommentKey, Arc<CommentSight>>, LoadError> {
        let ids: Vec<CommentId> = keys.iter().map(|key| key.0).collect();
        let comments = self.app.queries().list_comments_by_id(&ids).await?;
        let about: HashSet<ElementKey> = comments.iter().map(|comment| ElementKey(comment.element_id)).collect();
        let elements: HashMap<_, Arc<ElementSight>> = self.load(&about.into_iter().collect::<Vec<_>>()).await?;
        let (now, mut sights) = (self.app.now(), HashMap::with_capacity(comments.len()));
        for comment in comments {
            let element = elements.get(&ElementKey(comment.element_id)).filter(|element| element.check(Action::Comment, now).is_ok());
            let Some(element) = element else { continue };
            if element.shows_comment(self.app.queries(), &comment, now).await? {
                sights.insert(CommentKey(comment.id), Arc::new(CommentSight { comment, element: ElementSight::clone(element) }));
            }
        }
        Ok(sights)
    }
}

/// The key of whom a comment mentions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct MentionsKey(pub CommentId);

impl Load<MentionsKey> for Reader {
    type Value = Vec<UserId>;

    async fn load(&self, keys: &[MentionsKey]) -> Result<HashMap<MentionsKey, Vec<UserId>>, LoadError> {
        let ids: Vec<CommentId> = keys.iter().map(|key| key.0).collect();
        let mut mentions: HashMap<MentionsKey, Vec<UserId>> = HashMap::new();
        for (comment, user) in self.app.queries().list_mentions(&ids).await? {
            mentions.entry(MentionsKey(comment)).or_default().push(user);
        }
        Ok(mentions)
    }
}

/// The key of whether the reader watches an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct WatchKey(pub ElementId);

impl Load<WatchKey> for Reader {
    type Value = ();

    async fn load(&self, keys: &[WatchKey]) -> Result<HashMap<WatchKey, ()>, LoadError> {
        let Some(reader) = self.user() else { return Ok(HashMap::new()) };
        let ids: Vec<ElementId> = keys.iter().map(|key| key.0).collect();
        let watched = self.app.queries().list_watched_among(reader, &ids).await?;
        Ok(watched.into_iter().map(|element| (WatchKey(element), ())).collect())
    }
}

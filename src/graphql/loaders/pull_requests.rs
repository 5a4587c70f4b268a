//! Pull requests, their reviewers, and the comments on them.

use super::{Answer, ElementKey, Load, LoadError, Loaders, Reader};
use crate::app::access::{ElementSight, PullRequestSight};
use crate::app::model::{PullRequest, PullRequestComment, Reviewer};
use crate::app::paging::{Page, PageRequest};
use crate::app::ports::PullRequestFilter;
use crate::domain::{ElementId, OrganizationId, PullRequestId};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use uuid::Uuid;

impl Loaders {
    /// A pull request. None where the reader may not read it.
    pub async fn pull_request(&self, id: PullRequestId) -> Answer<Arc<PullRequestSight>> {
        self.pull_requests_by_id.load(PullRequestKey(id), &self.reader).await
    }

    /// A page of the pull requests about an element.
    pub async fn pull_requests(&self, key: PullRequestsKey) -> Answer<Page<PullRequest>> {
        self.pull_requests.load(key, &self.reader).await
    }

    /// A page of the comments on a pull request.
    pub async fn pull_request_comments(&self, key: PullRequestCommentsKey) -> Answer<Page<PullRequestComment>> {
        self.pull_request_comments.load(key, &self.reader).await
    }

    /// The reviewers of a pull request. None: nobody.
    pub async fn reviewers(&self, pull_request: PullRequestId) -> Answer<Vec<Reviewer>> {
        self.reviewers.load(ReviewersKey(pull_request), &self.reader).await
    }
}

/// The key of a page of the pull requests about an element.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PullRequestsKey {
    /// The element.
    pub parent: ElementId,
    /// Which of them.
    pub filter: PullRequestFilter,
    /// Which page.
    pub page: PageRequest<Uuid>,
}

impl Load<PullRequestsKey> for Reader {
    type Value = Page<PullRequest>;

    async fn load(&self, keys: &[PullRequestsKey]) -> Result<HashMap<PullRequestsKey, Page<PullRequest>>, LoadError> {
        let mut alike: HashMap<(&PullRequestFilter, &PageRequest<Uuid>), Vec<ElementId>> = HashMap::new();
        for key in keys {
            alike.entry((&key.filter, &key.page)).or_default().push(key.parent);
        }
        let mut pages = HashMap::with_capacity(keys.len());
        for ((filter, page), parents) in alike {
            let found = self.app.queries().list_pull_requests(&parents, filter, *page).await?;
            pages.extend(found.into_iter().map(|(parent, found)| (PullRequestsKey { parent, filter: filter.clone(), page: *page }, found)));
        }
        Ok(pages)
    }
}

/// The key of a page of the comments on a pull request.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PullRequestCommentsKey {
    /// The pull request.
    pub of: PullRequestId,
    /// Not those of partners of another organization than this one.
    pub only_organization: Option<OrganizationId>,
    /// Which page.
    pub page: PageRequest<Uuid>,
}

impl Load<PullRequestCommentsKey> for Reader {
    type Value = Page<PullRequestComment>;

    async fn load(&self, keys: &[PullRequestCommentsKey]) -> Result<HashMap<PullRequestCommentsKey, Page<PullRequestComment>>, LoadError> {
        let mut alike: HashMap<(Option<OrganizationId>, &PageRequest<Uuid>), Vec<PullRequestId>> = HashMap::new();
        for key in keys {
            alike.entry((key.only_organization, &key.page)).or_default().push(key.of);
        }
        let mut pages = HashMap::with_capacity(keys.len());
        for ((only_organization, page), requests) in alike {
            let found = self.app.queries().list_pull_request_comments(&requests, only_organization, *page).await?;
            pages.extend(found.into_iter().map(|(of, found)| (PullRequestCommentsKey { of, only_organization, page: *page }, found)));
        }
        Ok(pages)
    }
}

/// The key of the reviewers of a pull request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ReviewersKey(pub PullRequestId);

impl Load<ReviewersKey> for Reader {
    type Value = Vec<Reviewer>;

    async fn load(&self, keys: &[ReviewersKey]) -> Result<HashMap<ReviewersKey, Vec<Reviewer>>, LoadError> {
        let ids: Vec<PullRequestId> = keys.iter().map(|key| key.0).collect();
        let mut reviewers: HashMap<ReviewersKey, Vec<Reviewer>> = HashMap::new();
        for reviewer in self.app.queries().list_reviewers(&ids).await? {
            reviewers.entry(ReviewersKey(reviewer.pull_request_id)).or_default().push(reviewer);
        }
        Ok(reviewers)
    }
}

/// The key of a pull request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct PullRequestKey(pub PullRequestId);

impl Load<PullRequestKey> for Reader {
    type Value = Arc<PullRequestSight>;

    async fn load(&self, keys: &[PullRequestKey]) -> Result<HashMap<PullRequestKey, Arc<PullRequestSight>>, LoadError> {
        let ids: Vec<PullRequestId> = keys.iter().map(|key| key.0).collect();
        let found = self.app.queries().list_pull_requests_by_id(&ids).await?;
        let parents: HashSet<ElementKey> = found.iter().map(|request| ElementKey(request.parent_id)).collect();
        let parents: HashMap<_, Arc<ElementSight>> = self.load(&parents.into_iter().collect::<Vec<_>>()).await?;
        let reviewers = self.app.queries().list_reviewers(&ids).await?;
        let (own, now) = (self.user(), self.app.now());
        let sights = found.into_iter().filter_map(|request| {
            let parent = ElementSight::clone(parents.get(&ElementKey(request.parent_id))?);
            let is_own = |reviewer: &&Reviewer| reviewer.pull_request_id == request.id && Some(reviewer.user_id) == own;
            let review = reviewers.iter().find(is_own).cloned();
            let is_shown = request.is_shown_to(parent.workspace.only_organization(now));
            is_shown.then(|| (PullRequestKey(request.id), Arc::new(PullRequestSight { request, parent, review })))
        });
        Ok(sights.collect())
    }
}

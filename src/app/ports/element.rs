//! Elements, their revisions, and the nodes that their documents are made of.

use super::StoreResult;
use crate::app::access::{ElementSight, Granted};
use crate::app::model::{Element, ElementRow, Revision};
use crate::app::paging::{Page, PageRequest};
use crate::domain::element::{ElementFormat, ElementKind};
use crate::domain::{ElementId, Timestamp, UserId, WorkspaceId};
use async_trait::async_trait;
use uuid::Uuid;

/// Which elements a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ElementFilter {
    /// Only of this kind.
    pub kind: Option<ElementKind>,
    /// Only with this in the name, whatever its case.
    pub search: Option<String>,
}

/// Reading elements. What is in the trash is not found.
#[async_trait]
pub trait ElementQueries: Send + Sync {
    /// The element, and what the reader was given on it.
    async fn find_element(&self, reader: Option<UserId>, id: ElementId) -> StoreResult<Option<ElementRow>>;
    /// Several elements at once, in no particular order.
    async fn list_elements_by_id(&self, reader: Option<UserId>, ids: &[ElementId]) -> StoreResult<Vec<ElementRow>>;
    /// The elements of a workspace, oldest first.
    async fn list_elements(
        &self,
        reader: Option<UserId>,
        workspace: WorkspaceId,
        filter: &ElementFilter,
        page: PageRequest<Uuid>,
    ) -> StoreResult<Page<ElementRow>>;
    /// The revisions of an element, oldest first.
    async fn list_revisions(&self, element: ElementId, page: PageRequest<i64>) -> StoreResult<Page<Revision>>;
    /// What an element was at a version.
    async fn find_revision(&self, element: ElementId, version: i32) -> StoreResult<Option<Revision>>;
}

/// New values for an element whose document changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElementContent {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// In which format its document is kept.
    pub format: ElementFormat,
}

/// Writing elements.
#[async_trait]
pub trait ElementWrites: Send + Sync {
    /// Adds nodes; what is there already is only touched.
    async fn insert_nodes(&self, nodes: &[([u8; 32], Vec<u8>)], now: Timestamp) -> StoreResult<()>;
    /// Says that nodes are added before the revision that needs them: should it never come, they are collected.
    async fn expect_loose_nodes(&self, at: Timestamp) -> StoreResult<()>;
    /// Adds an element together with its first revision.
    async fn insert_element(&self, element: &Element, changes: &serde_json::Value, message: Option<&str>) -> StoreResult<()>;
    /// Makes this revision what the element is now.
    async fn set_element_revision(&self, element: &Granted<ElementSight>, content: &ElementContent, revision: &Revision)
    -> StoreResult<()>;
}

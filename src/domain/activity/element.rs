//! What entries about elements carry: their `data`, in the names of the schema.

use super::{SubjectRef, as_text};
use crate::domain::element::{ElementKind, RelatedItemKind};
use crate::domain::{CommentId, ElementGrantId, ElementId, RelatedItemId, TrashEntryId, WorkspaceRole};
use serde::{Serialize, Serializer};
use serde_json::Value;
use type_safe_id::{StaticType, TypeSafeId};

/// An element, by id, kind and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ElementRef {
    /// The element.
    #[serde(serialize_with = "as_text")]
    pub element_id: ElementId,
    /// What it is.
    pub kind: ElementKind,
    /// Its name.
    pub name: String,
}

/// An element and the version that it has now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ElementVersion {
    /// The element.
    #[serde(serialize_with = "as_text")]
    pub element_id: ElementId,
    /// Its name.
    pub name: String,
    /// The version after the change.
    pub version: i32,
    /// The version that was restored; none: it is a new document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restored_version: Option<i32>,
}

/// How far an import has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportProgress {
    /// The import: the same for all of its entries.
    pub import_id: String,
    /// Bytes that were stored so far.
    pub bytes: u64,
    /// Items that were stored so far.
    pub items: u64,
}

/// What was done to a collection, for a client to do to its own copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CollectionEdit {
    /// The collection.
    #[serde(serialize_with = "as_text")]
    pub element_id: ElementId,
    /// Its name.
    pub name: String,
    /// The version after the edit.
    pub version: i32,
    /// The operations in their order, as `editCollection` takes them, each with the id of its item.
    pub operations: Value,
    /// Whether the operations hold everything. False: the edit is too large for an entry, so that contents are left out of them and have to be read.
    pub complete: bool,
}

/// What was done to an environment, for a client to do to its own copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EnvironmentEdit {
    /// The environment.
    #[serde(serialize_with = "as_text")]
    pub element_id: ElementId,
    /// Its name.
    pub name: String,
    /// The version after the edit.
    pub version: i32,
    /// Whether what is set is all the variables in their order, in place of what was there. False: each takes the place of the variable of its
    /// name, or comes last; of several of one name, the last one that is enabled, or the last one if none is.
    pub replaced: bool,
    /// Variables that were set, as they are now.
    pub set: Vec<VariableEdit>,
    /// The keys of variables that were removed: all of that name, before the others were set.
    pub removed: Vec<String>,
    /// Whether everything is told. False: the edit is too large for an entry, so that nothing of it is, and the environment has to be read.
    pub complete: bool,
}

/// A variable of an environment, as everybody may read it who reads of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VariableEdit {
    /// Its name.
    pub key: String,
    /// Its value. None: it has none, or it is a secret.
    pub value: Option<String>,
    /// What it says it is.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Whether it counts.
    pub enabled: bool,
    /// Whether its value is a secret, that only those who may edit the environment can read.
    pub is_secret: bool,
    /// What it is for.
    pub description: Option<String>,
}

/// A collection, and the API that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CollectionApi {
    /// The collection.
    #[serde(serialize_with = "as_text")]
    pub element_id: ElementId,
    /// Its name.
    pub name: String,
    /// The API; none: it belongs to none any more.
    #[serde(serialize_with = "as_optional_text")]
    pub api_id: Option<ElementId>,
}

/// An element that is gone, and where it can be brought back from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ElementEnd {
    /// The element.
    #[serde(serialize_with = "as_text")]
    pub element_id: ElementId,
    /// What it was.
    pub kind: ElementKind,
    /// Its name.
    pub name: String,
    /// The entry in the trash; none: it is gone for good.
    #[serde(serialize_with = "as_optional_text")]
    pub trash_entry_id: Option<TrashEntryId>,
}

/// A fork, and what it is called among those of its parent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ForkRef {
    /// The fork.
    #[serde(serialize_with = "as_text")]
    pub element_id: ElementId,
    /// What it is.
    pub kind: ElementKind,
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: String,
}

/// What a merge did to an element, for a client to know which parts of its own copy are out of date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MergeResult {
    /// The element.
    #[serde(serialize_with = "as_text")]
    pub element_id: ElementId,
    /// Its name.
    pub name: String,
    /// The version after the merge.
    pub version: i32,
    /// What changed, by the ids of items and the keys of variables.
    #[serde(flatten)]
    pub touched: Touched,
}

/// The ids of items, or the keys of variables, that a merge touched.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Touched {
    /// What came.
    pub added: Vec<String>,
    /// What has other contents.
    pub changed: Vec<String>,
    /// What went.
    pub removed: Vec<String>,
    /// What is at another place.
    pub moved: Vec<String>,
    /// Whether that is all. False: there is more, so that the element has to be read.
    pub complete: bool,
}

/// Somebody's role on one element.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ElementRole {
    /// The element.
    #[serde(serialize_with = "as_text")]
    pub element_id: ElementId,
    /// Its name.
    pub name: String,
    /// The grant.
    #[serde(serialize_with = "as_text")]
    pub grant_id: ElementGrantId,
    /// Whose it is.
    #[serde(flatten)]
    pub subject: SubjectRef,
    /// Their name.
    pub subject_name: String,
    /// The role.
    pub role: WorkspaceRole,
}

/// A monitor, mock server or integration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RelatedItemRef {
    /// Its id.
    #[serde(serialize_with = "as_text")]
    pub related_item_id: RelatedItemId,
    /// What it is.
    pub kind: RelatedItemKind,
    /// Its name.
    pub name: String,
}

/// A comment, and what it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CommentRef {
    /// The comment.
    #[serde(serialize_with = "as_text")]
    pub comment_id: CommentId,
    /// The comment that begins its thread.
    #[serde(serialize_with = "as_text")]
    pub thread_id: CommentId,
    /// The element.
    #[serde(serialize_with = "as_text")]
    pub element_id: ElementId,
    /// The name of the element.
    pub name: String,
    /// The item of the collection; none: the element itself.
    pub item_id: Option<String>,
}

#[expect(clippy::ref_option, reason = "serde hands out fields so")]
pub(super) fn as_optional_text<T: StaticType, S: Serializer>(id: &Option<TypeSafeId<T>>, serializer: S) -> Result<S::Ok, S::Error> {
    match id {
        Some(id) => as_text(id, serializer),
        None => serializer.serialize_none(),
    }
}

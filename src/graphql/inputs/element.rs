//! What mutations of elements take.

use super::inputs;
use crate::graphql::objects::Json;
use async_graphql::{ID, InputObject, OneofObject};

inputs! {
    /// What createCollection takes.
    CreateCollectionInput {
        /// The workspace that it is made in.
        workspace_id: ID,
        /// Its name: 1 to 255 characters.
        name: String,
        /// What it is for, in Markdown, up to 64 KiB.
        description: Option<String>,
    }
    /// What editCollection takes.
    EditCollectionInput {
        /// The collection.
        collection_id: ID,
        /// The version that you have read: the edit is refused if the collection has changed since. Null: whatever it is.
        expected_version: Option<i32>,
        /// What you say about the edit, up to 2,000 characters; it stands in the history.
        message: Option<String>,
        /// What is done, in this order: 1 to 100 operations, all of them or none, which add up to 2,000 items; more is imported as a document.
        operations: Vec<CollectionOperation>,
    }
    /// What importElements takes.
    ImportElementsInput {
        /// The workspace that it comes into.
        workspace_id: ID,
        /// The document: a collection, an environment, globals or an API definition.
        content: String,
    }
    /// What replaceElement takes.
    ReplaceElementInput {
        /// The element.
        element_id: ID,
        /// The version that you have read: the element is not replaced if it has changed since. Null: whatever it is.
        expected_version: Option<i32>,
        /// What you say about it, up to 2,000 characters; it stands in the history.
        message: Option<String>,
        /// The document, of the kind that the element is of.
        content: String,
    }
    /// What restoreRevision takes.
    RestoreRevisionInput {
        /// The element.
        element_id: ID,
        /// The version that comes back, as a new one.
        version: i32,
        /// The version that you have read: nothing is restored if the element has changed since. Null: whatever it is.
        expected_version: Option<i32>,
        /// What you say about it, up to 2,000 characters; it stands in the history.
        message: Option<String>,
    }
}

/// An item to add to a collection.
#[derive(Debug, InputObject)]
pub struct AddItemInput {
    /// The folder that it comes into. Null: to the top.
    pub parent_id: Option<ID>,
    /// Where among what is there, from 0. Null: at the end.
    pub position: Option<i32>,
    /// The item, in the format of the collection, with everything in it. What has no id gets one.
    pub item: Json,
}

/// Other values for keys of an item.
#[derive(Debug, InputObject)]
pub struct UpdateItemInput {
    /// The item.
    pub item_id: ID,
    /// An object of keys of the item and what they become. Its id and what is in a folder cannot be changed so.
    pub set: Option<Json>,
    /// Keys of the item that go.
    pub unset: Option<Vec<String>>,
}

/// Another place for an item.
#[derive(Debug, InputObject)]
pub struct MoveItemInput {
    /// The item, which takes along everything in it.
    pub item_id: ID,
    /// The folder that it comes into. Null: to the top.
    pub parent_id: Option<ID>,
    /// Where among what is there beside it, from 0. Null: at the end.
    pub position: Option<i32>,
}

/// An item that goes.
#[derive(Debug, InputObject)]
pub struct RemoveItemInput {
    /// The item, which takes along everything in it.
    pub item_id: ID,
}

/// Other values for keys of the collection itself.
#[derive(Debug, InputObject)]
pub struct UpdateInfoInput {
    /// An object of keys beside item and what they become: info, auth, event, variable ...
    pub set: Option<Json>,
    /// Keys that go.
    pub unset: Option<Vec<String>>,
}

/// One thing that is done to a collection.
#[derive(Debug, OneofObject)]
pub enum CollectionOperation {
    /// Add an item.
    AddItem(AddItemInput),
    /// Change keys of an item.
    UpdateItem(UpdateItemInput),
    /// Move an item.
    MoveItem(MoveItemInput),
    /// Remove an item.
    RemoveItem(RemoveItemInput),
    /// Change keys of the collection itself.
    UpdateInfo(UpdateInfoInput),
}

//! The operations of an edit.

use super::item::{Arriving, changed_head, changed_item};
use crate::app::Work;
use crate::app::error::{Refusal, Result};
use crate::app::snapshot::Editor;
use crate::domain::Reason;
use crate::domain::document::collection::{ItemId, Version};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// How many ids of removed items are told.
const TOLD_REMOVED: usize = 100;

/// The most keys that one operation changes. The history names each of them.
const MAX_KEYS: usize = 1_000;

/// The most bytes of such a key.
const LONGEST_KEY: usize = 1024;

/// What is to be done to a collection. A position is a number among the siblings; none: at the end.
#[derive(Debug, Clone, Serialize)]
pub enum Operation {
    /// Add an item, with everything in it.
    Add {
        /// The folder; none: at the top.
        parent: Option<ItemId>,
        /// Where in it.
        position: Option<i32>,
        /// The item.
        item: Value,
    },
    /// Change keys of an item.
    Update {
        /// Which.
        item: ItemId,
        /// Keys and what they become.
        set: Map<String, Value>,
        /// Keys that go.
        unset: Vec<String>,
    },
    /// Move an item, with everything in it.
    Move {
        /// Which.
        item: ItemId,
        /// The folder; none: to the top.
        parent: Option<ItemId>,
        /// Where in it, counted without the item itself.
        position: Option<i32>,
    },
    /// Remove an item, with everything in it.
    Remove {
        /// Which.
        item: ItemId,
    },
    /// Change keys of the collection itself.
    UpdateInfo {
        /// Keys and what they become.
        set: Map<String, Value>,
        /// Keys that go.
        unset: Vec<String>,
    },
}

/// What an operation did.
pub(super) struct Applied {
    /// All of it: what a client does to its own copy.
    pub full: Value,
    /// Without contents.
    pub brief: Value,
}

impl Operation {
    /// Refuses more keys than the history names, before anything is read for them.
    pub(super) fn check(&self) -> Result<()> {
        let (Self::Update { set, unset, .. } | Self::UpdateInfo { set, unset }) = self else { return Ok(()) };
        if set.len() + unset.len() > MAX_KEYS {
            let message = format!("One operation changes up to {MAX_KEYS} keys.");
            return Err(Refusal::bad_input("operations", Reason::TooMany, message).into());
        }
        if keys(set, unset).iter().any(|key| key.len() > LONGEST_KEY) {
            let message = format!("A key that is changed has up to {LONGEST_KEY} bytes.");
            return Err(Refusal::bad_input("operations", Reason::TooLong, message).into());
        }
        Ok(())
    }

    /// How many items it adds.
    pub(super) fn adds(&self) -> usize {
        let Self::Add { item, .. } = self else { return 0 };
        let (mut count, mut open) = (0, vec![item]);
        while let Some(item) = open.pop() {
            count += 1;
            open.extend(item.get("item").and_then(Value::as_array).into_iter().flatten());
        }
        count
    }

    pub(super) async fn apply(&self, work: &Work<'_>, editor: &mut Editor<'_>, version: Version) -> Result<Applied> {
        match self {
            Self::Add { parent, position, item } => add(work, editor, version, parent.as_ref(), *position, item).await,
            Self::Update { item, set, unset } => update(editor, version, item, set, unset).await,
            Self::Move { item, parent, position } => {
                editor.move_to(item, parent.as_ref(), checked(*position)?).await?;
                let told = json!({ "moveItem": { "itemId": item, "parentId": parent, "position": position } });
                Ok(Applied { full: told.clone(), brief: told })
            }
            Self::Remove { item } => {
                let removed = editor.remove(item, TOLD_REMOVED).await?;
                let told = json!({ "removeItem": { "itemId": item } });
                let brief = json!({ "removeItem": { "itemId": item, "count": removed.count, "itemIds": removed.ids } });
                Ok(Applied { full: told, brief })
            }
            Self::UpdateInfo { set, unset } => {
                let head = changed_head(&editor.head().await?, set, unset, version)?;
                editor.set_head(head.content, head.size);
                let keys = keys(set, unset);
                let full = json!({ "updateInfo": { "set": set, "unset": unset } });
                Ok(Applied { full, brief: json!({ "updateInfo": { "keys": keys } }) })
            }
        }
    }
}

async fn add(
    work: &Work<'_>,
    editor: &mut Editor<'_>,
    version: Version,
    parent: Option<&ItemId>,
    position: Option<i32>,
    item: &Value,
) -> Result<Applied> {
    let arriving = Arriving::read(work, item, version)?;
    let mut ids = Vec::with_capacity(arriving.items.len());
    for (index, item) in arriving.items.into_iter().enumerate() {
        ids.push(item.new.id.clone());
        match (index, item.parent.as_ref()) {
            (0, _) => editor.add(parent, checked(position)?, item.new).await?,
            (_, inner) => editor.add(inner, None, item.new).await?,
        };
    }
    let first = ids.first();
    let full = json!({ "addItem": { "itemId": first, "parentId": parent, "position": position, "item": arriving.json } });
    let told = ids.len().min(TOLD_REMOVED);
    let brief =
        json!({ "addItem": { "itemId": first, "parentId": parent, "position": position, "count": ids.len(), "itemIds": ids[..told] } });
    Ok(Applied { full, brief })
}

async fn update(editor: &mut Editor<'_>, version: Version, item: &ItemId, set: &Map<String, Value>, unset: &[String]) -> Result<Applied> {
    let entry = editor.now().find(item).await?.ok_or_else(|| crate::app::snapshot::EditError::UnknownItem(item.clone()))?;
    let content = editor.content(&entry).await?;
    editor.update(changed_item(item, &content, set, unset, version)?).await?;
    let full = json!({ "updateItem": { "itemId": item, "set": set, "unset": unset } });
    Ok(Applied { full, brief: json!({ "updateItem": { "itemId": item, "keys": keys(set, unset) } }) })
}

fn keys<'a>(set: &'a Map<String, Value>, unset: &'a [String]) -> Vec<&'a String> {
    set.keys().chain(unset).collect()
}

fn checked(position: Option<i32>) -> Result<Option<u64>> {
    let outside = |_| Refusal::bad_input("operations", Reason::OutOfRange, "A position is a number from 0 on.");
    Ok(position.map(|position| u64::try_from(position).map_err(outside)).transpose()?)
}

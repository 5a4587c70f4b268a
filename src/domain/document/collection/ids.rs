//! The ids of items: those in the file where they can be used, else minted from what stays the same when the file is imported again.

use crate::domain::Reason;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    collections::{HashMap, HashSet},
    fmt,
    sync::Arc,
};

/// The id of an item in its collection: 1 to 128 bytes of text without control characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ItemId(Arc<str>);

impl ItemId {
    /// The most bytes that it may have.
    pub const MAX_BYTES: usize = 128;

    /// The id, as it stands in a file.
    ///
    /// # Errors
    /// [`Reason::Empty`], [`Reason::TooLong`], or [`Reason::InvalidFormat`] for control characters.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        if text.is_empty() {
            Err(Reason::Empty)
        } else if text.len() > Self::MAX_BYTES {
            Err(Reason::TooLong)
        } else if text.chars().any(char::is_control) {
            Err(Reason::InvalidFormat)
        } else {
            Ok(Self(text.into()))
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for ItemId {
    type Error = Reason;

    fn try_from(text: String) -> Result<Self, Reason> {
        Self::parse(&text)
    }
}

impl From<ItemId> for String {
    fn from(id: ItemId) -> Self {
        id.0.as_ref().to_owned()
    }
}

/// What is known of an item before it has its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsettled {
    /// Where its parent stands among the items, which is before it. None at the top.
    pub parent: Option<u32>,
    /// Its id in the file, if it has one that can be used.
    pub id: Option<ItemId>,
    /// Its name, or as much of it as a summary keeps.
    pub name: String,
}

/// The ids of a collection's items, which are given in pre-order: each folder before what is in it.
///
/// An id in the file is kept by the first item that has it. Every other item gets one that depends on nothing but `seed` (the collection's
/// own id), its parent's id, its name and how many of its earlier siblings with that name needed one too. So importing the same file
/// again gives the same ids, and so does importing a file in which other items have changed.
#[must_use]
pub fn settle_ids(seed: &str, items: &[Unsettled]) -> Vec<ItemId> {
    let mut taken = HashSet::with_capacity(items.len());
    let kept: Vec<Option<&ItemId>> = items.iter().map(|item| item.id.as_ref().filter(|id| taken.insert((*id).clone()))).collect();
    let mut occurrences: HashMap<(Option<u32>, &str), u32> = HashMap::new();
    let mut settled: Vec<ItemId> = Vec::with_capacity(items.len());
    for (item, kept) in items.iter().zip(kept) {
        let id = kept.cloned().unwrap_or_else(|| {
            let parent = item.parent.and_then(|parent| settled.get(usize::try_from(parent).ok()?));
            let occurrence = occurrences.entry((item.parent, &item.name)).or_default();
            let id = mint_free(seed, parent, &item.name, *occurrence, &taken);
            *occurrence += 1;
            taken.insert(id.clone());
            id
        });
        settled.push(id);
    }
    settled
}

/// A minted id that no item of the file has taken, as one may that was made of an earlier export.
fn mint_free(seed: &str, parent: Option<&ItemId>, name: &str, occurrence: u32, taken: &HashSet<ItemId>) -> ItemId {
    let mut attempt = 0;
    loop {
        let id = mint(seed, parent, name, occurrence, attempt);
        if !taken.contains(&id) {
            return id;
        }
        attempt += 1;
    }
}

fn mint(seed: &str, parent: Option<&ItemId>, name: &str, occurrence: u32, attempt: u32) -> ItemId {
    let mut hash = Sha256::new();
    for text in [seed, parent.map_or("", ItemId::as_str), name] {
        hash.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(text);
    }
    hash.update(occurrence.to_be_bytes());
    hash.update(attempt.to_be_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    ItemId(uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn item(parent: Option<u32>, id: Option<&str>, name: &str) -> Unsettled {
        Unsettled { parent, id: id.map(|id| ItemId::parse(id).unwrap()), name: name.to_owned() }
    }

    #[test]
    fn an_id_is_short_text() {
        assert_eq!(ItemId::parse(""), Err(Reason::Empty));
        assert_eq!(ItemId::parse(&"ä".repeat(65)), Err(Reason::TooLong));
        assert_eq!(ItemId::parse("a\0"), Err(Reason::InvalidFormat));
        assert_eq!(ItemId::parse(&"ä".repeat(64)).map(|id| id.as_str().len()), Ok(128));
        assert_eq!(serde_json::from_str::<ItemId>("\"a b\"").map(|id| id.to_string()).ok().as_deref(), Some("a b"));
        assert!(serde_json::from_str::<ItemId>("\"\"").is_err());
    }

    #[test]
    fn the_first_keeps_the_id_of_the_file() {
        let items = [item(None, Some("a"), "Folder"), item(Some(0), Some("a"), "Copy"), item(None, Some("b"), "Last")];
        let ids = settle_ids("seed", &items);
        assert_eq!((ids[0].as_str(), ids[2].as_str()), ("a", "b"));
        assert_ne!(ids[1].as_str(), "a");
    }

    #[test]
    fn minted_ids_do_not_depend_on_other_items() {
        let items = [item(None, None, "Folder"), item(Some(0), None, "Same"), item(Some(0), None, "Same"), item(None, None, "Same")];
        let ids = settle_ids("seed", &items);
        assert_eq!(ids, settle_ids("seed", &items));
        assert_ne!(ids, settle_ids("other", &items));
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), 4);
        let edited = [
            item(None, Some("new"), "Same"),
            item(None, None, "Folder"),
            item(Some(1), None, "New"),
            item(Some(1), None, "Same"),
            item(Some(1), Some("x"), "Same"),
            item(Some(1), None, "Same"),
            item(None, None, "Same"),
        ];
        let again = settle_ids("seed", &edited);
        assert_eq!([&again[1], &again[3], &again[5], &again[6]], [&ids[0], &ids[1], &ids[2], &ids[3]]);
    }

    #[test]
    fn minted_ids_look_the_same_for_ever() {
        let ids = settle_ids("043ddbc2-1fbb-242f-9c39-dc89e08d4a65", &[item(None, None, "Liste"), item(Some(0), None, "Détail")]);
        let ids: Vec<_> = ids.iter().map(ItemId::as_str).collect();
        assert_eq!(ids, ["fdf4e2d6-444d-8b3f-98eb-4f2434632f9c", "e177a1cf-3e9b-849e-8c5e-ddc8fcb3e81c"]);
    }

    #[test]
    fn an_id_of_the_file_that_looks_minted_is_not_given_twice() {
        let minted = settle_ids("seed", &[item(None, None, "Same")]).remove(0);
        let ids = settle_ids("seed", &[item(None, None, "Same"), item(None, Some(minted.as_str()), "Thief")]);
        assert_eq!(ids[1], minted);
        assert_ne!(ids[0], minted);
    }

    proptest! {
        #[test]
        fn ids_are_unique(items in prop::collection::vec((any::<u32>(), prop::option::of("[ab]{1,2}"), "[ab]{0,1}"), 0..40)) {
            let items: Vec<_> = items.iter().zip(0_u32..).map(|((parent, id, name), at)| {
                item(parent.checked_rem(at).filter(|parent| parent % 3 != 0), id.as_deref(), name)
            }).collect();
            let ids = settle_ids("seed", &items);
            prop_assert_eq!(ids.iter().collect::<HashSet<_>>().len(), items.len());
            prop_assert!(ids.iter().all(|id| ItemId::parse(id.as_str()).is_ok()));
        }
    }
}

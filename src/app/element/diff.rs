//! What differs between two documents of an element, as data: item by item, variable by variable.

use super::environment::kept;
use crate::app::error::Result;
use crate::app::paging::{Key, Page, PageRequest};
use crate::app::ports::{Queries, StoreError};
use crate::app::snapshot::{Change, ChangeKind, Diff, DiffCursor, Snapshot};
use crate::domain::document::Json;
use crate::domain::document::environment::Environment;
use crate::domain::element::ElementKind;
use crate::domain::snapshot::{ItemEntry, ItemId, NodeHash, Root};
use std::collections::{BTreeMap, BTreeSet};

/// Two documents of one kind of element, and how they are compared.
#[derive(Debug, Clone, Copy)]
pub struct Comparison {
    /// What they are documents of.
    pub kind: ElementKind,
    /// The node that the earlier one begins with.
    pub before: NodeHash,
    /// The node that the later one begins with.
    pub after: NodeHash,
    /// Whether it is told that the value of a secret is another one. The values themselves never are.
    pub tells_secrets: bool,
}

/// Something that is not the same in both documents.
#[derive(Debug, Clone)]
pub struct ElementChange {
    /// What happened to it. What moved and changed is changed.
    pub kind: ChangeKind,
    /// Whether it is at another place.
    pub is_moved: bool,
    /// The item; none: it is about the element itself.
    pub item: Option<ItemId>,
    /// The name of the item, or the key of the variable.
    pub name: Option<String>,
    /// What it was; none: it was not there.
    pub before: Option<Part>,
    /// What it is; none: it is not there any more.
    pub after: Option<Part>,
    /// Where it stands among the changes.
    pub place: ChangePlace,
}

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// JSON that is kept in a node, and about how many bytes it has.
    Node(NodeHash, u64),
    /// A text that is kept in a node.
    Text(NodeHash),
    /// JSON.
    Json(Json),
}

/// A place among changes, to go on from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangePlace {
    /// Behind what is about the element itself.
    Head,
    /// Behind this item.
    Item(Vec<u8>),
    /// Behind so many variables.
    Variable(u32),
}

impl Key for ChangePlace {
    fn to_bytes(self) -> Vec<u8> {
        match self {
            Self::Head => vec![0],
            Self::Item(key) => [&[1][..], &key].concat(),
            Self::Variable(count) => [&[2][..], &count.to_be_bytes()].concat(),
        }
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0] => Some(Self::Head),
            [1, key @ ..] => DiffCursor::from_bytes(key).map(|_| Self::Item(key.to_vec())),
            [2, count @ ..] => Some(Self::Variable(u32::from_be_bytes(count.try_into().ok()?))),
            _ => None,
        }
    }
}

impl Comparison {
    /// A page of what differs: first what is about the element itself, then items or variables.
    ///
    /// # Errors
    /// What broke.
    pub async fn changes(&self, queries: &dyn Queries, page: &PageRequest<ChangePlace>) -> Result<Page<ElementChange>> {
        if self.before == self.after {
            return Ok(Page::of(page, Vec::new()));
        }
        let found = match self.kind {
            ElementKind::Collection => self.items(queries, page).await?,
            ElementKind::Environment => self.variables(queries, page).await?,
            ElementKind::Api => self.definition(page),
        };
        Ok(Page::of(page, found))
    }

    async fn items(&self, queries: &dyn Queries, page: &PageRequest<ChangePlace>) -> Result<Vec<ElementChange>> {
        let limit = page.size + 1;
        let mut found = Vec::new();
        let cursor = match &page.after {
            None => {
                found.extend(self.head(queries).await?);
                None
            }
            Some(ChangePlace::Item(key)) => DiffCursor::from_bytes(key),
            Some(_) => None,
        };
        let mut diff = Diff::open(queries, self.before, self.after, cursor.as_ref()).await?;
        while found.len() < limit {
            let some = diff.next_page(limit - found.len()).await?;
            if some.is_empty() {
                break;
            }
            found.extend(some.into_iter().map(of_item));
        }
        Ok(found)
    }

    async fn head(&self, queries: &dyn Queries) -> Result<Option<ElementChange>> {
        let root = async |hash| Result::<Root>::Ok(Snapshot::open(queries, hash).await?.root().clone());
        let (before, after) = (root(self.before).await?, root(self.after).await?);
        let part = |root: &Root| Some(Part::Node(root.head, root.head_size));
        Ok((before.head != after.head).then(|| whole(part(&before), part(&after))))
    }

    async fn variables(&self, queries: &dyn Queries, page: &PageRequest<ChangePlace>) -> Result<Vec<ElementChange>> {
        let bytes = queries.nodes(&[self.before, self.after]).await?;
        let [before, after] = bytes.as_slice() else { return Err(StoreError::Broken("a node is missing".into()).into()) };
        let (before, after) = (self.shown(&kept(before)?), self.shown(&kept(after)?));
        let keys: BTreeSet<&(String, usize)> = before.keys().chain(after.keys()).collect();
        let passed = if let Some(ChangePlace::Variable(count)) = page.after { count as usize } else { 0 };
        let changed = keys.into_iter().filter(|key| before.get(*key).map(|it| &it.0) != after.get(*key).map(|it| &it.0));
        let told = changed.enumerate().skip(passed).take(page.size + 1).map(|(index, key)| {
            let [before, after] = [&before, &after].map(|side| side.get(key).map(|(_, told)| Part::Json(told.clone())));
            let place = ChangePlace::Variable(u32::try_from(index + 1).unwrap_or(u32::MAX));
            ElementChange { name: Some(key.0.clone()), place, ..whole(before, after) }
        });
        Ok(told.collect())
    }

    /// The variables by their keys, and by which one of that key each is: as they are compared, and as they are told.
    fn shown(&self, environment: &Environment) -> BTreeMap<(String, usize), (Json, Json)> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let variables = environment.variables().zip(environment.values()).map(|(variable, json)| {
            let nth = counts.entry(variable.key).or_default();
            *nth += 1;
            let mut told = json.clone();
            if variable.secret {
                told.set("value", Json::Null);
            }
            let compared = if self.tells_secrets { json.clone() } else { told.clone() };
            ((variable.key.to_owned(), *nth), (compared, told))
        });
        variables.collect()
    }

    fn definition(&self, page: &PageRequest<ChangePlace>) -> Vec<ElementChange> {
        if page.after.is_some() {
            return Vec::new();
        }
        vec![whole(Some(Part::Text(self.before)), Some(Part::Text(self.after)))]
    }
}

fn of_item(change: Change) -> ElementChange {
    let kinds: Vec<ChangeKind> = change.kinds().collect();
    let is_moved = kinds.contains(&ChangeKind::Moved);
    let kind = kinds.into_iter().find(|kind| *kind != ChangeKind::Moved).unwrap_or(ChangeKind::Moved);
    let place = ChangePlace::Item(change.cursor().to_bytes());
    let name = change.after.as_ref().or(change.before.as_ref()).map(|entry| entry.summary.name.clone());
    let part = |entry: ItemEntry| Part::Node(entry.content, u64::from(entry.size));
    ElementChange { kind, is_moved, item: Some(change.id), name, before: change.before.map(part), after: change.after.map(part), place }
}

/// A change that is about no item.
fn whole(before: Option<Part>, after: Option<Part>) -> ElementChange {
    let kind = match (&before, &after) {
        (None, _) => ChangeKind::Added,
        (_, None) => ChangeKind::Removed,
        _ => ChangeKind::Changed,
    };
    ElementChange { kind, is_moved: false, item: None, name: None, before, after, place: ChangePlace::Head }
}

//! The items of a collection.

use super::super::Json;
use crate::app::access::ElementSight;
use crate::app::error::{AppError, Refusal};
use crate::app::paging::{Page, PageRequest};
use crate::app::snapshot::{SEARCHED_AT_ONCE, SearchKey, Siblings, Snapshot};
use crate::domain::Reason;
use crate::domain::document::collection::ItemId;
use crate::domain::snapshot::{ItemEntry, NodeHash, SiblingKey};
use crate::graphql::context::ContextExt;
use crate::graphql::paging::{PageArguments, connection, encode};
use async_graphql::connection::Connection;
use async_graphql::{Context, Description, ID, Object, Result};
use std::sync::Arc;

/// The most bytes of a text that is searched for.
const MAX_SEARCH: usize = 256;

/// What only collections have.
pub struct CollectionFields(pub Arc<ElementSight>);

/// A folder or a request of a collection.
#[derive(Description)]
pub struct CollectionItem {
    /// The collection.
    pub sight: Arc<ElementSight>,
    /// The item.
    pub entry: ItemEntry,
}

#[Object]
impl CollectionFields {
    /// The folders and requests of one level, in their order.
    async fn items(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The folder whose contents are asked for. Null: the top of the collection.")] parent_id: Option<ID>,
        #[graphql(desc = "How many, from the beginning: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many, from the end: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<String, CollectionItem>> {
        let parent = parent_id.as_deref().map(|id| item_id(id, "parentId")).transpose()?;
        Ok(list(ctx, &self.0, parent, &PageArguments { first, after, last, before }).await?)
    }

    /// One folder or request. Null: the collection has none with this id.
    async fn item(&self, ctx: &Context<'_>, #[graphql(desc = "Its id.")] id: ID) -> Result<Option<CollectionItem>> {
        let snapshot = open(ctx, &self.0).await?;
        let found = snapshot.find(&item_id(&id, "id")?).await.map_err(AppError::from)?;
        Ok(found.map(|entry| CollectionItem { sight: Arc::clone(&self.0), entry }))
    }

    /// The folders and requests with this in their name or address, whatever its case. One operation looks at some 500,000 items: after
    /// that a page is shorter than was asked for, and its last cursor leads on.
    async fn search_items(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to look for: 1 to 256 bytes.")] text: String,
        #[graphql(desc = "How many: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
    ) -> Result<Connection<String, CollectionItem>> {
        Ok(search(ctx, &self.0, &text, &PageArguments { first, after, ..PageArguments::default() }).await?)
    }
}

#[Object(use_type_description)]
impl CollectionItem {
    /// Its id, which no other item of the collection has.
    async fn id(&self) -> ID {
        self.entry.id.to_string().into()
    }

    /// Its name; empty where it has none.
    async fn name(&self) -> &str {
        &self.entry.summary.name
    }

    /// Whether other items can lie in it.
    async fn is_folder(&self) -> bool {
        self.entry.summary.is_folder
    }

    /// The method of a request.
    async fn method(&self) -> Option<&str> {
        self.entry.summary.method.as_deref()
    }

    /// The address of a request.
    async fn url(&self) -> Option<&str> {
        self.entry.summary.url.as_deref()
    }

    /// The folder that it is in. Null: at the top.
    async fn parent_id(&self) -> Option<ID> {
        self.entry.parent.as_ref().map(|parent| parent.to_string().into())
    }

    /// The item in the format of the collection; of a folder without what is in it.
    async fn content(&self, ctx: &Context<'_>) -> Result<Json> {
        if !ctx.loaders().spends(i64::from(self.entry.size)) {
            let message = "One operation reads no more than this: ask for fewer items.";
            return Err(Refusal::bad_input("content", Reason::TooLarge, message).into());
        }
        let content = ctx.loaders().content(self.entry.content).await?.ok_or_else(Refusal::not_found)?;
        Ok(Json::Text(String::from_utf8_lossy(&content).into_owned()))
    }

    /// What is in a folder, in its order; in a request there is nothing.
    async fn items(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, from the beginning: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many, from the end: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<String, Self>> {
        let arguments = PageArguments { first, after, last, before };
        if !self.entry.summary.is_folder {
            arguments.within::<SiblingKey>(&items_scope(&self.sight, Some(&self.entry.id)))?;
            return Ok(Connection::new(false, false));
        }
        Ok(list(ctx, &self.sight, Some(self.entry.id.clone()), &arguments).await?)
    }
}

fn item_id(id: &str, argument: &'static str) -> Result<ItemId, AppError> {
    ItemId::parse(id).map_err(|_| Refusal::bad_input(argument, Reason::MalformedId, "An item's id has 1 to 128 bytes.").into())
}

async fn open<'a>(ctx: &'a Context<'_>, sight: &ElementSight) -> Result<Snapshot<'a>, AppError> {
    Ok(Snapshot::open(ctx.loaders(), NodeHash::new(sight.element.root)).await?)
}

/// The list that cursors of what is in a folder, or at the top, belong to.
fn items_scope(sight: &ElementSight, parent: Option<&ItemId>) -> String {
    format!("items:{}:{}", sight.element.id, parent.map_or("", ItemId::as_str))
}

async fn list(
    ctx: &Context<'_>,
    sight: &Arc<ElementSight>,
    parent: Option<ItemId>,
    arguments: &PageArguments,
) -> Result<Connection<String, CollectionItem>, AppError> {
    let scope = items_scope(sight, parent.as_ref());
    let page: PageRequest<SiblingKey> = arguments.within(&scope)?;
    let snapshot = open(ctx, sight).await?;
    if let Some(parent) = &parent
        && !snapshot.find(parent).await?.is_some_and(|entry| entry.summary.is_folder)
    {
        return Err(Refusal::new(crate::domain::Code::NotFound, Reason::UnknownItem, "There is no such folder.").at("parentId").into());
    }
    let asked = Siblings { after: page.after.clone(), before: page.before.clone(), limit: page.limit(), direction: page.direction };
    let entries = Page::of(&page, snapshot.children(parent.as_ref(), &asked).await?);
    Ok(connection(&scope, entries, ItemEntry::sibling_key, item_of(sight)))
}

async fn search(
    ctx: &Context<'_>,
    sight: &Arc<ElementSight>,
    text: &str,
    arguments: &PageArguments,
) -> Result<Connection<String, CollectionItem>, AppError> {
    let text = text.to_lowercase();
    if text.is_empty() || text.len() > MAX_SEARCH {
        let reason = if text.is_empty() { Reason::Empty } else { Reason::TooLong };
        return Err(Refusal::bad_input("text", reason, format!("Look for 1 to {MAX_SEARCH} bytes.")).into());
    }
    let scope = format!("search:{}:{text}", sight.element.id);
    let page: PageRequest<SearchKey> = arguments.within(&scope)?;
    let (snapshot, mut place, mut entries) = (open(ctx, sight).await?, page.after.clone(), Vec::new());
    let (limit, step) = (page.size + 1, i64::try_from(snapshot.root().items.min(SEARCHED_AT_ONCE)).unwrap_or(i64::MAX));
    let mut is_over = false;
    while entries.len() < limit && !is_over {
        if !ctx.loaders().searches(step) {
            return unfinished(sight, &scope, &page, entries, place);
        }
        let found = snapshot.search(&text, place.as_ref(), limit - entries.len()).await?;
        entries.extend(found.entries);
        is_over = found.next.is_none();
        place = found.next;
    }
    Ok(connection(&scope, Page::of(&page, entries), SearchKey::behind, item_of(sight)))
}

/// A page of what was found until the operation had looked at as many items as it may: it ends where the search has come to. Where nothing
/// was found that could say so, the search is refused.
fn unfinished(
    sight: &Arc<ElementSight>,
    scope: &str,
    page: &PageRequest<SearchKey>,
    entries: Vec<ItemEntry>,
    place: Option<SearchKey>,
) -> Result<Connection<String, CollectionItem>, AppError> {
    let page = Page { has_next: true, ..Page::of(page, entries) };
    let mut found = connection(scope, page, SearchKey::behind, item_of(sight));
    let (Some(last), Some(place)) = (found.edges.last_mut(), place) else {
        let message = "One operation looks at no more items than it has: search in fewer collections, or less often, at once.";
        return Err(Refusal::bad_input("text", Reason::TooMany, message).into());
    };
    last.cursor = encode(scope, place);
    Ok(found)
}

fn item_of(sight: &Arc<ElementSight>) -> impl Fn(ItemEntry) -> CollectionItem {
    let sight = Arc::clone(sight);
    move |entry| CollectionItem { sight: Arc::clone(&sight), entry }
}

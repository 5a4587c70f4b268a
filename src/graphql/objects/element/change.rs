//! What differs between two documents of an element.

use super::super::Json;
use super::spend;
use crate::app::element::{ChangePlace, Comparison, ElementChange as Found, Part};
use crate::app::error::Refusal;
use crate::graphql::context::ContextExt;
use crate::graphql::enums::ElementChangeKind;
use crate::graphql::paging::{PageArguments, connection};
use async_graphql::connection::Connection;
use async_graphql::{Context, Description, ID, Object, Result};

/// Something that is not the same in two documents of an element: an item of a collection, a variable of an environment, the definition of an API; or, without item and name, what a collection says of itself.
#[derive(Description)]
pub struct ElementChange(Found);

#[Object(use_type_description)]
impl ElementChange {
    /// What happened to it. What changed and moved is CHANGED.
    async fn kind(&self) -> ElementChangeKind {
        self.0.kind.into()
    }

    /// Whether it is at another place than it was.
    async fn is_moved(&self) -> bool {
        self.0.is_moved
    }

    /// The item of the collection.
    async fn item_id(&self) -> Option<ID> {
        self.0.item.as_ref().map(|item| item.to_string().into())
    }

    /// The name of the item, or the key of the variable.
    async fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// What it was, of a folder without what is in it. Null: it was not there. The value of a secret is null.
    async fn before(&self, ctx: &Context<'_>) -> Result<Option<Json>> {
        read(ctx, self.0.before.as_ref(), "before").await
    }

    /// What it is, of a folder without what is in it. Null: it is not there any more. The value of a secret is null.
    async fn after(&self, ctx: &Context<'_>) -> Result<Option<Json>> {
        read(ctx, self.0.after.as_ref(), "after").await
    }
}

async fn read(ctx: &Context<'_>, part: Option<&Part>, argument: &'static str) -> Result<Option<Json>> {
    let (hash, is_text) = match part {
        None => return Ok(None),
        Some(Part::Json(json)) => return Ok(Some(Json::Text(String::from_utf8_lossy(&json.to_bytes()).into_owned()))),
        Some(Part::Node(hash, size)) => {
            spend(ctx, i64::try_from(*size).unwrap_or(i64::MAX), argument)?;
            (*hash, false)
        }
        Some(Part::Text(hash)) => (*hash, true),
    };
    let content = ctx.loaders().content(hash).await?.ok_or_else(Refusal::not_found)?;
    let text = String::from_utf8_lossy(&content).into_owned();
    Ok(Some(if is_text { Json::Value(text.into()) } else { Json::Text(text) }))
}

/// A page of what differs. `bytes` is what of documents has to be read to know it.
pub async fn list_changes(
    ctx: &Context<'_>,
    comparison: &Comparison,
    bytes: i64,
    arguments: &PageArguments,
) -> Result<Connection<String, ElementChange>> {
    let scope = format!("changes:{:?}:{:?}", comparison.before, comparison.after);
    let page = arguments.within::<ChangePlace>(&scope)?;
    spend(ctx, bytes, "first")?;
    let found = comparison.changes(ctx.app().queries(), &page).await?;
    Ok(connection(&scope, found, |change| change.place.clone(), ElementChange))
}

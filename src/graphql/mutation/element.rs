//! Elements.

use crate::app::element::{CreateCollection, EditCollection, Operation, Replacement, RestoreRevision, Source, import, replace};
use crate::app::error::checked;
use crate::app::{AppError, Refusal, parse_id};
use crate::domain::Reason;
use crate::domain::document::collection::ItemId;
use crate::domain::text::{self, Name, Note};
use crate::graphql::context::ContextExt;
use crate::graphql::enums::Action;
use crate::graphql::errors::Blame;
use crate::graphql::inputs as input;
use crate::graphql::objects::Json;
use crate::graphql::payloads as payload;
use crate::graphql::requires::requires;
use async_graphql::{Context, ID, Object, Result};
use serde_json::{Map, Value};
use std::sync::Arc;

/// Elements, as mutations.
#[derive(Default)]
pub struct ElementMutation;

#[Object]
impl ElementMutation {
    /// Makes a collection without items. Requires `CREATE_ELEMENT`.
    #[graphql(directive = requires::apply(Action::CreateElement))]
    async fn create_collection(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to make.")] input: input::CreateCollectionInput,
    ) -> Result<Option<payload::CreateCollectionPayload>> {
        let command = CreateCollection {
            workspace: parse_id(&input.workspace_id, "workspaceId")?,
            name: checked("name", Name::parse(&input.name))?,
            description: input.description.as_deref().map(|text| checked("description", text::Description::parse(text))).transpose()?,
        };
        Ok(Some(payload::CreateCollectionPayload(ctx.execute(input.idempotency_key, command).await.blame("workspaceId")?)))
    }

    /// Edits a collection: all operations or none. Others who edit at the same time are not overwritten. Requires `EDIT_ELEMENT`.
    #[graphql(directive = requires::apply(Action::EditElement))]
    async fn edit_collection(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to do.")] input: input::EditCollectionInput,
    ) -> Result<Option<payload::EditCollectionPayload>> {
        let command = EditCollection {
            collection: parse_id(&input.collection_id, "collectionId")?,
            expected_version: input.expected_version,
            message: said(input.message.as_deref())?,
            operations: input.operations.into_iter().map(operation).collect::<Result<_, AppError>>()?,
        };
        Ok(Some(payload::EditCollectionPayload(ctx.execute(input.idempotency_key, command).await.blame("collectionId")?)))
    }

    /// Brings a document into a workspace, as a new element. Requires `IMPORT_ELEMENT`.
    #[graphql(directive = requires::apply(Action::ImportElement))]
    async fn import_elements(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to bring in.")] input: input::ImportElementsInput,
    ) -> Result<Option<payload::ImportElementsPayload>> {
        let workspace = parse_id(&input.workspace_id, "workspaceId")?;
        let (app, actor, source) = (ctx.app(), ctx.signed_in()?, Source::Memory(Arc::new(input.content)));
        let imported = import(app, actor, input.idempotency_key.as_deref(), workspace, source).await.blame("workspaceId")?;
        Ok(Some(payload::ImportElementsPayload(imported)))
    }

    /// Gives an element another document: the same element, a new revision. Requires `EDIT_ELEMENT`.
    #[graphql(directive = requires::apply(Action::EditElement))]
    async fn replace_element(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to replace, and with what.")] input: input::ReplaceElementInput,
    ) -> Result<Option<payload::ReplaceElementPayload>> {
        let replacement = Replacement {
            element: parse_id(&input.element_id, "elementId")?,
            expected_version: input.expected_version,
            message: said(input.message.as_deref())?,
        };
        let (app, actor, source) = (ctx.app(), ctx.signed_in()?, Source::Memory(Arc::new(input.content)));
        let element = replace(app, actor, input.idempotency_key.as_deref(), replacement, source).await.blame("elementId")?;
        Ok(Some(payload::ReplaceElementPayload(element)))
    }

    /// Brings an earlier revision of an element back, as a new one. Requires `EDIT_ELEMENT`.
    #[graphql(directive = requires::apply(Action::EditElement))]
    async fn restore_revision(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to bring back.")] input: input::RestoreRevisionInput,
    ) -> Result<Option<payload::RestoreRevisionPayload>> {
        let command = RestoreRevision {
            element: parse_id(&input.element_id, "elementId")?,
            version: input.version,
            expected_version: input.expected_version,
            message: said(input.message.as_deref())?,
        };
        Ok(Some(payload::RestoreRevisionPayload(ctx.execute(input.idempotency_key, command).await.blame("elementId")?)))
    }
}

pub(super) fn said(message: Option<&str>) -> Result<Option<Note>, AppError> {
    message.map(|message| checked("message", Note::parse(message))).transpose()
}

fn item_id(id: &ID) -> Result<ItemId, AppError> {
    let message = "An item's id has 1 to 128 bytes.";
    ItemId::parse(id).map_err(|_| Refusal::bad_input("operations", Reason::MalformedId, message).into())
}

fn keys(set: Option<Json>) -> Result<Map<String, Value>, AppError> {
    let refused = || Refusal::bad_input("operations", Reason::InvalidFormat, "What is set is an object of keys and values.");
    match set.map_or(Ok(Value::Null), Json::into_value).map_err(|_| refused())? {
        Value::Null => Ok(Map::new()),
        Value::Object(keys) => Ok(keys),
        _ => Err(refused().into()),
    }
}

fn operation(operation: input::CollectionOperation) -> Result<Operation, AppError> {
    use input::CollectionOperation as Asked;
    Ok(match operation {
        Asked::AddItem(add) => {
            let refused = |_| Refusal::bad_input("operations", Reason::InvalidFormat, "This is no JSON value.");
            let (parent, position) = (add.parent_id.as_ref().map(item_id).transpose()?, add.position);
            Operation::Add { parent, position, item: add.item.into_value().map_err(refused)? }
        }
        Asked::UpdateItem(update) => {
            Operation::Update { item: item_id(&update.item_id)?, set: keys(update.set)?, unset: update.unset.unwrap_or_default() }
        }
        Asked::MoveItem(to) => {
            let parent = to.parent_id.as_ref().map(item_id).transpose()?;
            Operation::Move { item: item_id(&to.item_id)?, parent, position: to.position }
        }
        Asked::RemoveItem(remove) => Operation::Remove { item: item_id(&remove.item_id)? },
        Asked::UpdateInfo(update) => Operation::UpdateInfo { set: keys(update.set)?, unset: update.unset.unwrap_or_default() },
    })
}

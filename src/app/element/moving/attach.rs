//! Collections become those of an API, and leave it.

use crate::app::access::{ElementSight, Granted};
use crate::app::error::{AppError, Refusal, Result};
use crate::app::{App, Command, Work};
use crate::domain::activity::{Activity, CollectionApi};
use crate::domain::element::ElementKind;
use crate::domain::policy::Action;
use crate::domain::{Code, ElementId, Reason};
use serde::Serialize;

/// The most collections of an API: they move together, and each takes its people along. An archive may bring in some more.
const MAX_COLLECTIONS: i64 = 1_000;

/// Makes a collection one of an API in the same workspace: it goes along when the API moves. It leaves the API that it belonged to.
#[derive(Debug, Clone, Serialize)]
pub struct AttachCollection {
    /// The API.
    pub api: ElementId,
    /// The collection.
    pub collection: ElementId,
}

/// Takes a collection out of its API.
#[derive(Debug, Clone, Serialize)]
pub struct DetachCollection {
    /// The collection.
    pub collection: ElementId,
}

impl Command for AttachCollection {
    const NAME: &'static str = "attachCollection";
    type Outcome = ElementId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<ElementId> {
        work.actor()?;
        let collection = editable(work, self.collection, ElementKind::Collection, "collectionId").await?;
        let api = editable(work, self.api, ElementKind::Api, "apiId").await?;
        if api.element.workspace_id != collection.element.workspace_id {
            let message = "The API and the collection are in different workspaces: move one of them first.";
            return Err(Refusal::precondition(Reason::TargetNotAllowed, message).at("apiId").into());
        }
        if collection.element.api_id == Some(self.api) {
            let message = "The collection belongs to this API already.";
            return Err(Refusal::precondition(Reason::AlreadyThere, message).at("collectionId").into());
        }
        if work.tx.count_api_collections(self.api).await? >= MAX_COLLECTIONS {
            let message = format!("The API has {MAX_COLLECTIONS} collections already, with those in the trash: it takes no more.");
            return Err(Refusal::precondition(Reason::TooMany, message).at("apiId").into());
        }
        set_api(work, &collection, Some(self.api)).await?;
        Ok(self.collection)
    }
}

impl Command for DetachCollection {
    const NAME: &'static str = "detachCollection";
    type Outcome = ElementId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<ElementId> {
        work.actor()?;
        let collection = editable(work, self.collection, ElementKind::Collection, "collectionId").await?;
        let Some(api) = collection.element.api_id else {
            let message = "The collection belongs to no API.";
            return Err(Refusal::precondition(Reason::WrongState, message).at("collectionId").into());
        };
        work.access().element(api).may(Action::EditElement).await.map_err(|error| blame(error, "collectionId"))?;
        set_api(work, &collection, None).await?;
        Ok(self.collection)
    }
}

/// An element of this kind that the caller may edit.
async fn editable(work: &Work<'_>, id: ElementId, kind: ElementKind, argument: &'static str) -> Result<Granted<ElementSight>> {
    let sight = work.access().element(id).may(Action::EditElement).await.map_err(|error| blame(error, argument))?;
    if sight.element.kind != kind {
        let message = format!("This is not the id of an element of the kind {kind}.");
        return Err(Refusal::bad_input(argument, Reason::WrongKind, message).into());
    }
    Ok(sight)
}

async fn set_api(work: &mut Work<'_>, collection: &Granted<ElementSight>, api: Option<ElementId>) -> Result<()> {
    work.tx.set_collection_api(collection, api).await?;
    let changed = CollectionApi { element_id: collection.element.id, name: collection.element.name.clone(), api_id: api };
    collection.record(work, Activity::CollectionApiChanged(changed));
    Ok(())
}

/// Names the argument, of two that could not be found.
fn blame(error: AppError, argument: &'static str) -> AppError {
    match error {
        AppError::Refused(refusal) if refusal.code == Code::NotFound => refusal.at(argument).into(),
        other => other,
    }
}

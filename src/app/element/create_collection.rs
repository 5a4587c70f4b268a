//! A new, empty collection.

use super::record;
use crate::app::error::Result;
use crate::app::model::Element;
use crate::app::{App, Command, Work};
use crate::domain::activity::{Activity, ElementRef};
use crate::domain::element::{ElementFormat, ElementKind};
use crate::domain::policy::Action;
use crate::domain::text::{Description, Name};
use crate::domain::{ElementId, WorkspaceId};
use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};

/// Makes a collection without items, of the newest version of the format.
#[derive(Debug, Clone, Serialize)]
pub struct CreateCollection {
    /// Where.
    pub workspace: WorkspaceId,
    /// Its name.
    pub name: Name,
    /// What it is for.
    pub description: Option<Description>,
}

impl Command for CreateCollection {
    const NAME: &'static str = "createCollection";
    type Outcome = ElementId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<ElementId> {
        let actor = work.actor()?.id();
        let sight = work.access().workspace(self.workspace).may(Action::CreateElement).await?;
        let id: ElementId = work.new_id()?;
        let head = self.head(id);
        let element = Element {
            id,
            team_id: sight.workspace.team_id,
            workspace_id: Some(self.workspace),
            kind: ElementKind::Collection,
            format: ElementFormat::CollectionV21,
            name: self.name.to_string(),
            description: self.description.as_ref().map(|text| text.as_str().to_owned()).unwrap_or_default(),
            api_id: None,
            version: 1,
            size_bytes: i64::try_from(head.len()).unwrap_or(i64::MAX),
            root: Sha256::digest(&head).into(),
            created_at: work.now(),
            created_by: actor,
            updated_at: work.now(),
            updated_by: actor,
        };
        work.tx.insert_nodes(&[(element.root, head)], work.now()).await?;
        work.tx.insert_element(&element, &json!({}), None).await?;
        record(work, &sight, Activity::ElementCreated(ElementRef { element_id: id, kind: element.kind, name: element.name }));
        Ok(id)
    }
}

impl CreateCollection {
    fn head(&self, id: ElementId) -> Vec<u8> {
        let mut info = serde_json::Map::new();
        info.insert("_postman_id".to_owned(), json!(id.uuid().to_string()));
        info.insert("name".to_owned(), json!(self.name.to_string()));
        if let Some(description) = &self.description {
            info.insert("description".to_owned(), json!(description.as_str()));
        }
        info.insert("schema".to_owned(), json!("https://schema.getpostman.com/json/collection/v2.1.0/collection.json"));
        json!({ "info": info, "item": [] }).to_string().into_bytes()
    }
}

//! A new, empty collection.

use super::record;
use crate::app::error::Result;
use crate::app::model::Element;
use crate::app::ports::StoreError;
use crate::app::{App, Command, Work};
use crate::domain::activity::{Activity, ElementRef};
use crate::domain::document::collection::Version;
use crate::domain::element::{ElementFormat, ElementKind};
use crate::domain::policy::Action;
use crate::domain::snapshot::{Build, Head, Limits, NewNode, Salt};
use crate::domain::text::{Description, Name};
use crate::domain::{ElementId, WorkspaceId};
use serde::Serialize;
use serde_json::json;

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
        let head = NewNode::of(self.head(id));
        let mut salt = [0; 16];
        work.random(&mut salt)?;
        let size = head.bytes.len() as u64;
        let snapshot = Build::new(Head { salt: Salt::new(salt), content: head.hash, size }, Vec::new(), Limits::default());
        let (built, mut nodes) = snapshot.map_err(|error| StoreError::Broken(error.into()))?.to_end();
        nodes.push(head);
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
            size_bytes: i64::try_from(built.size).unwrap_or(i64::MAX),
            root: *built.root.as_bytes(),
            created_at: work.now(),
            created_by: actor,
            updated_at: work.now(),
            updated_by: actor,
        };
        let nodes: Vec<_> = nodes.into_iter().map(|node| (*node.hash.as_bytes(), node.bytes)).collect();
        work.tx.insert_nodes(&nodes, work.now()).await?;
        work.tx.insert_element(&element, &json!([]), None).await?;
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
        info.insert("schema".to_owned(), json!(Version::V2_1.schema()));
        json!({ "info": info, "item": [] }).to_string().into_bytes()
    }
}

//! A new, empty collection.

use super::Stored;
use super::create::{NewElement, create};
use crate::app::error::Result;
use crate::app::ports::StoreError;
use crate::app::{App, Command, Work};
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
        work.actor()?;
        let sight = work.access().workspace(self.workspace).may(Action::CreateElement).await?;
        let id: ElementId = work.new_id()?;
        let head = NewNode::of(self.head(id));
        let mut salt = [0; 16];
        work.random(&mut salt)?;
        let size = head.bytes.len() as u64;
        let snapshot = Build::new(Head { salt: Salt::new(salt), content: head.hash, size }, Vec::new(), Limits::default());
        let (built, mut nodes) = snapshot.map_err(|error| StoreError::Broken(error.into()))?.to_end();
        nodes.push(head);
        let nodes = nodes.into_iter().map(|node| (*node.hash.as_bytes(), node.bytes)).collect();
        let new = NewElement {
            id,
            kind: ElementKind::Collection,
            format: ElementFormat::CollectionV21,
            name: self.name.to_string(),
            description: self.description.as_ref().map(|text| text.as_str().to_owned()).unwrap_or_default(),
            stored: Stored { root: *built.root.as_bytes(), size: built.size, nodes, language: None },
        };
        create(work, &sight, new).await?;
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

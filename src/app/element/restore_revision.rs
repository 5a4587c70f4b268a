//! An earlier revision of an element, as a new one.

use super::document::{format_of, head_at, shown, shown_name};
use super::{NewRevision, environment, expect_version, revise};
use crate::app::access::ElementSight;
use crate::app::error::{Refusal, Result};
use crate::app::model::Element;
use crate::app::ports::ElementContent;
use crate::app::{App, Command, Work};
use crate::domain::activity::{Activity, ElementVersion};
use crate::domain::document::environment::{Environment, Scope};
use crate::domain::element::{ElementFormat, ElementKind};
use crate::domain::policy::Action;
use crate::domain::snapshot::NodeHash;
use crate::domain::text::Note;
use crate::domain::{ElementId, Reason};
use serde::Serialize;
use serde_json::json;

/// Makes an element what it was at an earlier version. Nothing between is forgotten.
#[derive(Debug, Clone, Serialize)]
pub struct RestoreRevision {
    /// Which.
    pub element: ElementId,
    /// The version that comes back.
    pub version: i32,
    /// The version that the caller has read; none: whatever it is.
    pub expected_version: Option<i32>,
    /// What the caller says about it.
    pub message: Option<Note>,
}

impl Command for RestoreRevision {
    const NAME: &'static str = "restoreRevision";
    type Outcome = ElementId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<ElementId> {
        work.actor()?;
        let sight = work.access().element(self.element).may(Action::EditElement).await?;
        expect_version(work, &sight, self.expected_version).await?;
        let none = || Refusal::bad_input("version", Reason::OutOfRange, "The element has no such version.");
        let earlier = work.tx.find_revision(self.element, self.version).await?.ok_or_else(none)?;
        if earlier.root == sight.element.root {
            return Ok(self.element);
        }
        let content = content_at(work, &sight, earlier.root).await?;
        let (root, size, message) = (earlier.root, earlier.size_bytes.unsigned_abs(), self.message.as_ref());
        let (restored_version, changes) = (Some(self.version), json!([{ "restored": { "version": self.version } }]));
        let version = revise(work, &sight, &content, NewRevision { root, size, message, restored_version, changes }).await?;
        let (element_id, name) = (self.element, content.name);
        sight.record(work, Activity::ElementRevisionRestored(ElementVersion { element_id, name, version, restored_version }));
        Ok(self.element)
    }
}

/// What the element shows of the document that begins with this node.
async fn content_at(work: &Work<'_>, sight: &ElementSight, root: [u8; 32]) -> Result<ElementContent> {
    match sight.element.kind {
        ElementKind::Collection => collection_at(work, root).await,
        ElementKind::Environment => environment_at(work, sight, root).await,
        ElementKind::Api => {
            // A definition does not hold what its API is called: that stays.
            let Element { name, description, format, .. } = sight.element.clone();
            Ok(ElementContent { name, description, format })
        }
    }
}

async fn environment_at(work: &Work<'_>, sight: &ElementSight, root: [u8; 32]) -> Result<ElementContent> {
    let bytes = work.tx.nodes(&[NodeHash::new(root)]).await?.pop().unwrap_or_default();
    Ok(environment_content(&environment::kept(&bytes)?, &sight.element))
}

/// What the element shows of this environment.
pub(in crate::app) fn environment_content(environment: &Environment, now: &Element) -> ElementContent {
    let format = match environment.scope() {
        Scope::Environment => ElementFormat::Environment,
        Scope::Globals => ElementFormat::Globals,
    };
    let name = shown_name(environment.name().unwrap_or_default(), &now.name);
    ElementContent { name, description: now.description.clone(), format }
}

async fn collection_at(work: &Work<'_>, root: [u8; 32]) -> Result<ElementContent> {
    let read = head_at(work.tx.queries(), root).await?;
    let (name, description) = shown(&read);
    Ok(ElementContent { name, description, format: format_of(read.version) })
}

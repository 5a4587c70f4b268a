//! Another document in the place of what an element is: the same element, a new revision.

use super::draft::Draft;
use super::progress::{Progress, Target};
use super::{Content, Prepared, Source, collection, digest, read};
use crate::app::access::ElementSight;
use crate::app::element::document::shown_name;
use crate::app::element::environment::Earlier;
use crate::app::element::{NewRevision, expect_kind, expect_version, revise};
use crate::app::error::Result;
use crate::app::model::Element;
use crate::app::ports::ElementContent;
use crate::app::snapshot::{Snapshot, replaced};
use crate::app::{Actor, App, Command, Work};
use crate::domain::ElementId;
use crate::domain::activity::{Activity, ElementVersion};
use crate::domain::element::ElementKind;
use crate::domain::policy::Action;
use crate::domain::snapshot::NodeHash;
use crate::domain::text::Note;
use serde::Serialize;
use serde_json::json;

/// What is replaced.
#[derive(Debug, Clone)]
pub struct Replacement {
    /// The element.
    pub element: ElementId,
    /// The version that the caller has read; none: whatever it is.
    pub expected_version: Option<i32>,
    /// What the caller says about it.
    pub message: Option<Note>,
}

/// Gives an element the document that was prepared.
#[derive(Debug, Serialize)]
struct ReplaceElement {
    element: ElementId,
    expected_version: Option<i32>,
    message: Option<Note>,
    /// What the document is recognised by.
    digest: [u8; 32],
    #[serde(skip)]
    prepared: Prepared,
}

impl Command for ReplaceElement {
    const NAME: &'static str = "replaceElement";
    const HOLDS_SECRETS: bool = true;
    type Outcome = ElementId;

    async fn run(&self, work: &mut Work<'_>, app: &App) -> Result<ElementId> {
        work.actor()?;
        let sight = work.access().element(self.element).may(Action::EditElement).await?;
        let content = &self.prepared.content;
        expect_kind(&sight, self.prepared.kind, "elementId")?;
        expect_version(work, &sight, self.expected_version).await?;
        let earlier = match content {
            Content::Environment(_) => Some(Earlier::read(app, work.tx.queries(), sight.element.root).await?),
            Content::Nodes(_) | Content::Packed(_) => None,
        };
        let stored = content.stored(work, app, earlier.as_ref()).await?;
        if stored.root == sight.element.root {
            return Ok(self.element);
        }
        stored.insert(work).await?;
        let content = self.shown(&sight.element);
        let (root, size, message) = (stored.root, stored.size, self.message.as_ref());
        let changes = json!([{ "replaced": {} }]);
        let version = revise(work, &sight, &content, NewRevision { root, size, message, restored_version: None, changes }).await?;
        let (element_id, name) = (self.element, content.name);
        sight.record(work, Activity::ElementReplaced(ElementVersion { element_id, name, version, restored_version: None }));
        Ok(self.element)
    }
}

impl ReplaceElement {
    /// What the element shows then. What its document does not say stays.
    fn shown(&self, now: &Element) -> ElementContent {
        let Prepared { kind, format, name, description, content, .. } = &self.prepared;
        let (name, description) = match (kind, content) {
            (ElementKind::Collection, _) => (name.clone(), description),
            (_, Content::Environment(environment)) => (shown_name(environment.name().unwrap_or_default(), &now.name), &now.description),
            // What an API is called is its people's business, whatever title its definition has.
            (_, Content::Nodes(_) | Content::Packed(_)) => (now.name.clone(), &now.description),
        };
        ElementContent { name, description: description.clone(), format: *format }
    }
}

/// Gives an element another document. Items that have the same id stay the same items.
///
/// # Errors
/// Not found, or forbidden, as the policy says; that the element has changed; what is wrong with the document and where; what broke.
pub async fn replace(app: &App, actor: &Actor, key: Option<&str>, replacement: Replacement, source: Source) -> Result<ElementId> {
    let Replacement { element, expected_version, message } = replacement;
    let sight = app.access(Some(actor)).element(element).may(Action::EditElement).await?;
    let digest = digest(source.clone()).await?;
    let draft = read(app, source).await?;
    let mut progress = Progress::new(actor, Target::Element(element), format!("{element}"));
    let prepared = prepare(app, draft, &sight, &mut progress).await;
    let replaced = match prepared {
        Ok(prepared) => app.execute(Some(actor), key, &ReplaceElement { element, expected_version, message, digest, prepared }).await,
        Err(error) => Err(error),
    };
    if replaced.is_err() {
        progress.fail(app).await;
    }
    replaced
}

async fn prepare(app: &App, draft: Draft, sight: &ElementSight, progress: &mut Progress<'_>) -> Result<Prepared> {
    match draft {
        Draft::Collection(mut draft) => {
            expect_kind(sight, ElementKind::Collection, "elementId")?;
            let old = Snapshot::open(app.queries(), NodeHash::new(sight.element.root)).await?;
            let entries = replaced(&old, std::mem::take(&mut draft.arrivals)).await?;
            collection(app, *draft, entries, old.root().salt, progress).await
        }
        Draft::Environment(environment) => Ok(Prepared::environment(environment)),
        Draft::Definition(bytes, definition) => Ok(Prepared::definition(bytes, &definition)),
    }
}

//! Editing a collection: operations on single items, all of them or none.
//!
//! Without an expected version, what different people do to different items holds, whoever comes first: positions and ids are read
//! when the operation is done, one edit after the other.

mod item;
mod operation;

pub use operation::Operation;

use super::document::{refused, shown, version_of};
use super::{NewRevision, Stored, bounded, revise};
use crate::app::access::{ElementSight, Granted};
use crate::app::error::{Refusal, Result};
use crate::app::ports::ElementContent;
use crate::app::snapshot::{EditError, Edited, Editor};
use crate::app::{App, AppError, Command, Work};
use crate::domain::activity::{Activity, CollectionEdit};
use crate::domain::document::collection::{ReadItem, Version, read_collection};
use crate::domain::document::{Limits as DocumentLimits, ReadError};
use crate::domain::element::ElementKind;
use crate::domain::policy::Action;
use crate::domain::snapshot::{Limits, NodeHash};
use crate::domain::text::Note;
use crate::domain::{ElementId, Reason};
use operation::Applied;
use serde::Serialize;
use serde_json::{Value, json};
use std::convert::Infallible;

/// The most operations of one edit.
const MAX_OPERATIONS: usize = 100;

/// The most items that one edit adds: each is put into its place by itself, while other edits wait.
const MAX_ADDED: usize = 2_000;

/// The most bytes of contents that an entry of activity carries.
const MAX_ACTIVITY_BYTES: usize = 64 * 1024;

/// Edits a collection.
#[derive(Debug, Clone, Serialize)]
pub struct EditCollection {
    /// Which.
    pub collection: ElementId,
    /// The version that the caller has read; none: whatever it is.
    pub expected_version: Option<i32>,
    /// What the caller says about the edit.
    pub message: Option<Note>,
    /// What to do, in order.
    pub operations: Vec<Operation>,
}

impl Command for EditCollection {
    const NAME: &'static str = "editCollection";
    type Outcome = ElementId;

    async fn run(&self, work: &mut Work<'_>, app: &App) -> Result<ElementId> {
        work.actor()?;
        let sight = work.access().element(self.collection).may(Action::EditElement).await?;
        super::expect_kind(&sight, ElementKind::Collection, "collectionId")?;
        super::expect_version(work, &sight, self.expected_version).await?;
        self.check_size()?;
        let version = version_of(sight.element.format).unwrap_or(Version::V2_1);
        let mut editor = Editor::open(work.tx.queries(), NodeHash::new(sight.element.root), Limits::default()).await?;
        let mut applied = Vec::with_capacity(self.operations.len());
        for (index, operation) in self.operations.iter().enumerate() {
            applied.push(operation.apply(work, &mut editor, version).await.map_err(|error| at_operation(error, index))?);
        }
        let head = editor.head().await?;
        let edited = editor.finish()?;
        if edited.root == NodeHash::new(sight.element.root) {
            return Ok(self.collection);
        }
        if edited.size > app.settings.documents.collection {
            let message = "With this edit the collection would be larger than what can be kept.";
            return Err(Refusal::bad_input("operations", Reason::TooLarge, message).into());
        }
        let content = collection_content(&head)?;
        self.write(work, &sight, edited, content, &applied).await?;
        Ok(self.collection)
    }
}

impl EditCollection {
    fn check_size(&self) -> Result<()> {
        let (reason, message) = match self.operations.len() {
            0 => (Reason::Empty, "Name what is to be done.".to_owned()),
            count if count > MAX_OPERATIONS => (Reason::TooMany, format!("One edit has up to {MAX_OPERATIONS} operations.")),
            _ if self.operations.iter().map(Operation::adds).sum::<usize>() > MAX_ADDED => {
                (Reason::TooMany, format!("One edit adds up to {MAX_ADDED} items: import more as a document."))
            }
            _ => {
                let mut operations = self.operations.iter().enumerate();
                return operations.try_for_each(|(index, operation)| operation.check().map_err(|error| at_operation(error, index)));
            }
        };
        Err(Refusal::bad_input("operations", reason, message).into())
    }

    async fn write(
        &self,
        work: &mut Work<'_>,
        sight: &Granted<ElementSight>,
        edited: Edited,
        content: ElementContent,
        applied: &[Applied],
    ) -> Result<()> {
        let stored = Stored::from(edited);
        stored.insert(work).await?;
        let brief: Vec<&Value> = applied.iter().map(|applied| &applied.brief).collect();
        let brief = bounded(json!(brief));
        let (root, size, message) = (stored.root, stored.size, self.message.as_ref());
        let version =
            revise(work, sight, &content, NewRevision { root, size, message, restored_version: None, changes: brief.clone() }).await?;
        let (operations, complete) = told(applied, brief);
        let (element_id, name) = (self.collection, content.name);
        sight.record(work, Activity::CollectionEdited(CollectionEdit { element_id, name, version, operations, complete }));
        Ok(())
    }
}

/// The operations as an entry of activity tells them, and whether that is all of it.
fn told(applied: &[Applied], brief: Value) -> (Value, bool) {
    let full: Vec<&Value> = applied.iter().map(|applied| &applied.full).collect();
    let full = json!(full);
    if full.to_string().len() <= MAX_ACTIVITY_BYTES { (full, true) } else { (brief, false) }
}

/// What the element shows of a collection with this head.
pub(in crate::app) fn collection_content(head: &[u8]) -> Result<ElementContent> {
    let ignore = &mut |_: ReadItem| Ok::<(), Infallible>(());
    let read = read_collection(head, &DocumentLimits::default(), ignore).map_err(unreadable)?;
    let (name, description) = shown(&read);
    Ok(ElementContent { name, description, format: super::document::format_of(read.version) })
}

/// Why what was put together for an operation cannot be read as a collection.
fn unreadable(error: ReadError<Infallible>) -> AppError {
    match error {
        ReadError::Document(error) => refused("operations", &error).into(),
        ReadError::Input(error) => crate::app::ports::StoreError::Broken(error.into()).into(),
        ReadError::Sink(never) => match never {},
    }
}

/// The same refusal, saying which operation is to blame.
fn at_operation(error: AppError, index: usize) -> AppError {
    match error {
        AppError::Refused(mut refusal) => {
            let mut details = refusal.details.take().unwrap_or_else(|| json!({}));
            details["operation"] = json!(index);
            refusal.details = Some(details);
            refusal.argument = Some("operations");
            AppError::Refused(refusal)
        }
        failed @ AppError::Failed(_) => failed,
    }
}

impl From<EditError> for AppError {
    fn from(error: EditError) -> Self {
        use crate::domain::Code;
        let (code, reason, message) = match &error {
            EditError::UnknownItem(id) | EditError::UnknownParent(id) => {
                (Code::NotFound, Reason::UnknownItem, format!("The collection has no item {id}."))
            }
            EditError::NotAFolder(id) => (Code::BadUserInput, Reason::NotAFolder, format!("The item {id} is no folder.")),
            EditError::UnderItself(id) => {
                (Code::BadUserInput, Reason::UnderItself, format!("The folder {id} cannot be moved into itself."))
            }
            EditError::PositionOutOfRange { position, len } => {
                (Code::BadUserInput, Reason::OutOfRange, format!("There is no position {position}: the last that there can be is {len}."))
            }
            EditError::DuplicateId(id) => (Code::Conflict, Reason::DuplicateItem, format!("The collection has an item {id} already.")),
            EditError::TooDeep => (Code::BadUserInput, Reason::TooDeep, "Folders would be nested deeper than allowed.".to_owned()),
            EditError::TooManyItems => (Code::BadUserInput, Reason::TooMany, "The collection would have too many items.".to_owned()),
            EditError::TooManyChanges => {
                (Code::BadUserInput, Reason::TooMany, "Too many items were changed to be merged at once.".to_owned())
            }
            EditError::NotEmpty(id) => {
                (Code::FailedPrecondition, Reason::WrongState, format!("The folder {id} has items in it, and cannot become a request."))
            }
            EditError::Store(_) => {
                let EditError::Store(cause) = error else { return Refusal::not_found().into() };
                return Self::Failed(cause);
            }
        };
        Refusal::new(code, reason, message).into()
    }
}

//! The nodes of a document go into the store: with the element where they are few, before it where they are many.
//!
//! Nobody can reach nodes that no revision names. What is stored before an import comes to nothing is collected with other garbage.

use super::draft::CollectionDraft;
use super::progress::Progress;
use super::{Content, Prepared};
use crate::app::error::Result;
use crate::app::model::Language;
use crate::app::ports::StoreError;
use crate::app::snapshot::Edited;
use crate::app::{App, AppError, Work};
use crate::domain::document::definition::Definition;
use crate::domain::snapshot::{Build, Head, ItemEntry, Limits, NewNode, NodeHash, Salt, Step};
use std::io;

/// So many bytes of nodes are written together with the element; more are written before it.
const AT_ONCE: usize = 4 * 1024 * 1024;

/// How many nodes of a map are made at once.
const MAP_NODES: usize = 256;

/// How often a batch that met another transaction is tried.
const MAX_TRIES: usize = 12;

/// What an element is to begin with, and the nodes that are to be written with it.
#[derive(Debug, Clone)]
pub struct Stored {
    /// The node of the revision.
    pub root: [u8; 32],
    /// The size of the document in canonical form, in bytes.
    pub size: u64,
    /// What was not stored yet.
    pub nodes: Vec<([u8; 32], Vec<u8>)>,
    /// What is kept of an API definition beside its bytes.
    pub language: Option<Language>,
}

impl Stored {
    /// A document that is one node.
    pub fn single(content: Vec<u8>) -> Self {
        let (size, node) = (content.len() as u64, NewNode::of(content));
        Self { root: *node.hash.as_bytes(), size, nodes: vec![(*node.hash.as_bytes(), node.bytes)], language: None }
    }

    /// An API definition.
    pub fn definition(content: Vec<u8>, definition: &Definition) -> Self {
        Self { language: Some(definition.into()), ..Self::single(content) }
    }

    /// Writes what was not stored yet.
    pub async fn insert(&self, work: &Work<'_>) -> Result<()> {
        work.tx.insert_nodes(&self.nodes, work.now()).await?;
        if let Some(language) = &self.language {
            work.tx.insert_definition(NodeHash::new(self.root), language).await?;
        }
        Ok(())
    }
}

impl From<Edited> for Stored {
    fn from(edited: Edited) -> Self {
        let nodes = edited.nodes.into_iter().map(|node| (*node.hash.as_bytes(), node.bytes)).collect();
        Self { root: *edited.root.as_bytes(), size: edited.size, nodes, language: None }
    }
}

/// Stores what a collection is made of.
pub async fn collection(
    app: &App,
    draft: CollectionDraft,
    entries: Vec<ItemEntry>,
    salt: Salt,
    progress: &mut Progress<'_>,
) -> Result<Stored> {
    let head = NewNode::of(draft.read.head);
    let making = Build::new(Head { salt, content: head.hash, size: draft.read.size }, entries, Limits::default());
    let mut making = making.map_err(|error| StoreError::Broken(error.into()))?;
    let mut writer = Writer { app, waiting: vec![head], bytes: 0, is_ahead: false };
    let mut contents = draft.contents.read().map_err(disk)?;
    loop {
        let batch = contents.next(AT_ONCE).map_err(disk)?;
        if batch.is_empty() {
            break;
        }
        progress.passed(&batch);
        writer.take(batch).await?;
        progress.tell(app).await?;
    }
    let built = loop {
        match making.next(MAP_NODES) {
            Step::Nodes(nodes) => writer.take(nodes).await?,
            Step::Done(built) => break built,
        }
    };
    Ok(Stored { root: *built.root.as_bytes(), size: built.size, nodes: nodes_of(writer.waiting), language: None })
}

/// Writes nodes as soon as there are enough of them.
struct Writer<'a> {
    app: &'a App,
    waiting: Vec<NewNode>,
    bytes: usize,
    /// Whether some were written already.
    is_ahead: bool,
}

impl Writer<'_> {
    async fn take(&mut self, nodes: Vec<NewNode>) -> Result<()> {
        self.bytes += nodes.iter().map(|node| node.bytes.len()).sum::<usize>();
        self.waiting.extend(nodes);
        if self.bytes > AT_ONCE {
            self.bytes = 0;
            let is_first = !std::mem::replace(&mut self.is_ahead, true);
            write(self.app, &nodes_of(std::mem::take(&mut self.waiting)), is_first).await?;
        }
        Ok(())
    }
}

/// Writes what is held for elements that are made together, once it is too much to be held.
#[derive(Debug, Default)]
pub struct Held {
    bytes: usize,
}

impl Held {
    /// One more element is made, and these are all by now.
    pub async fn add(&mut self, app: &App, all: &mut [Prepared]) -> Result<()> {
        let Some(Prepared { content: Content::Nodes(last), .. }) = all.last() else { return Ok(()) };
        self.bytes += last.nodes.iter().map(|(_, bytes)| bytes.len()).sum::<usize>();
        if self.bytes <= AT_ONCE {
            return Ok(());
        }
        self.bytes = 0;
        for prepared in all {
            if let Content::Nodes(stored) = &mut prepared.content
                && !stored.nodes.is_empty()
            {
                write(app, &std::mem::take(&mut stored.nodes), true).await?;
            }
        }
        Ok(())
    }
}

async fn write(app: &App, nodes: &[([u8; 32], Vec<u8>)], is_first: bool) -> Result<()> {
    let mut tries = 1;
    loop {
        let attempt = async {
            let tx = app.store.begin().await?;
            if is_first {
                tx.expect_loose_nodes(app.now()).await?;
            }
            tx.insert_nodes(nodes, app.now()).await?;
            tx.commit().await
        };
        match attempt.await {
            Err(StoreError::Contention(_)) if tries < MAX_TRIES => tries += 1,
            answer => return answer.map_err(AppError::from),
        }
    }
}

fn nodes_of(nodes: Vec<NewNode>) -> Vec<([u8; 32], Vec<u8>)> {
    nodes.into_iter().map(|node| (*node.hash.as_bytes(), node.bytes)).collect()
}

pub(super) fn disk(error: io::Error) -> AppError {
    StoreError::Broken(error.into()).into()
}

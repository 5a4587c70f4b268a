//! The documents of a fork and its parent become one.

use super::environment::{hide, unify};
use super::outcome::{check_met, told};
use super::{MergeOutcome, Resolutions};
use crate::app::access::ElementSight;
use crate::app::element::{Stored, collection_content, environment, environment_content};
use crate::app::error::{Refusal, Result};
use crate::app::model::Element;
use crate::app::ports::ElementContent;
use crate::app::snapshot::ChangeKind;
use crate::app::snapshot::merge::{ItemConflict, TreeMerge, merge};
use crate::app::{App, Work};
use crate::domain::activity::Touched;
use crate::domain::document::definition::detect;
use crate::domain::document::environment::Environment;
use crate::domain::document::{Json, Limits as DocumentLimits};
use crate::domain::element::ElementKind;
use crate::domain::merge::{Conflict, Decisions, Merged, Side, Sides, merge_definition, merge_environment};
use crate::domain::policy::Action;
use crate::domain::snapshot::{Limits, NodeHash, hash_of};
use crate::domain::{ElementId, Reason};
use std::collections::BTreeMap;

/// The most ids of each kind that are told of one merge.
const TOLD_IDS: usize = 500;

/// What the two sides come to.
pub(super) struct Combined {
    /// What the target is to be; none: it has it all already.
    pub made: Option<Made>,
    /// What changes in the target.
    pub touched: Touched,
    /// How many things that is.
    pub change_count: u64,
    /// What the two sides have met in: the source as far as it was read.
    pub source_root: [u8; 32],
    conflicts: Vec<ItemConflict>,
}

/// A new document of the target.
pub(super) struct Made {
    /// Where it begins, and the nodes that are to be written.
    pub stored: Stored,
    /// What the element shows of it.
    pub content: ElementContent,
}

impl Made {
    /// The document that an element has.
    pub fn of(element: &Element) -> Self {
        let Element { root, size_bytes, name, description, format, .. } = element.clone();
        let stored = Stored { root, size: size_bytes.unsigned_abs(), nodes: Vec::new(), language: None };
        Self { stored, content: ElementContent { name, description, format } }
    }

    /// The same, once it is stored.
    pub fn without_nodes(&self) -> Self {
        let stored = Stored { nodes: Vec::new(), language: None, ..self.stored };
        Self { stored, content: self.content.clone() }
    }
}

/// The two sides, and which of them is changed.
pub(super) struct Merging<'a> {
    /// What both had.
    pub base: [u8; 32],
    /// What was forked from.
    pub parent: &'a ElementSight,
    /// What was taken from it.
    pub fork: &'a ElementSight,
    /// Which of them gets the changes of the other.
    pub into: Side,
}

impl Merging<'_> {
    /// Puts the sides together. Nothing is written but nodes that a later revision may name.
    pub async fn combine(&self, work: &Work<'_>, app: &App, resolutions: &Resolutions) -> Result<Combined> {
        let mut decisions = resolutions.decisions()?;
        let combined = match self.target().element.kind {
            ElementKind::Collection => self.collections(work, &mut decisions).await?,
            ElementKind::Environment => self.environments(work, app, &mut decisions).await?,
            ElementKind::Api => self.definitions(work, app, &mut decisions).await?,
        };
        check_met(&decisions)?;
        combined.check_size(self.target().element.kind, app)?;
        Ok(combined)
    }

    fn target(&self) -> &ElementSight {
        if self.into == Side::Fork { self.fork } else { self.parent }
    }

    fn source(&self) -> &ElementSight {
        if self.into == Side::Fork { self.parent } else { self.fork }
    }

    fn roots(&self) -> Sides<[u8; 32]> {
        Sides { base: self.base, parent: self.parent.element.root, fork: self.fork.element.root }
    }

    async fn collections(&self, work: &Work<'_>, decisions: &mut Decisions) -> Result<Combined> {
        let roots = self.roots().map(NodeHash::new);
        let merged = merge(work.tx.queries(), roots, self.into, decisions, Limits::default()).await?;
        let TreeMerge { edited, head, changes, conflicts } = merged;
        let made = match edited {
            None => None,
            Some(edited) => {
                let now = &self.target().element;
                let content = match head {
                    Some(head) => collection_content(&head)?,
                    None => Made::of(now).content,
                };
                Some(Made { stored: edited.into(), content })
            }
        };
        let touched = Touched::by(changes.iter().flat_map(|change| change.kinds().map(|kind| (kind, change.id.as_str()))));
        Ok(Combined { made, touched, change_count: changes.len() as u64, source_root: self.source().element.root, conflicts })
    }

    async fn environments(&self, work: &Work<'_>, app: &App, decisions: &mut Decisions) -> Result<Combined> {
        let mut sides = self.read(work, environment::kept).await?;
        let mut source_root = self.source().element.root;
        if self.source().check(Action::EditElement, work.now()).is_err() {
            let Sides { base, parent, fork } = &mut sides;
            let source = if self.into == Side::Fork { parent } else { fork };
            hide(source, base);
            let seen = Stored::single(source.to_bytes());
            seen.insert(work).await?;
            source_root = seen.root;
        }
        unify(app, work.tx.queries(), &mut sides).await?;
        let unfit = |error| Refusal::precondition(Reason::TooMany, format!("What comes out cannot be kept: {error}."));
        let Merged { value, conflicts } = merge_environment(sides.as_ref(), decisions, &DocumentLimits::default()).map_err(unfit)?;
        let target = sides.as_ref().of(self.into);
        let changed = changed_variables(target, &value);
        let touched = Touched::by(changed.iter().map(|(kind, key)| (*kind, key.as_str())));
        let made = if *target == value {
            None
        } else {
            Some(Made { content: environment_content(&value, &self.target().element), stored: Stored::single(value.to_bytes()) })
        };
        Ok(Combined { made, touched, change_count: changed.len() as u64, source_root, conflicts: bare(conflicts) })
    }

    async fn definitions(&self, work: &Work<'_>, app: &App, decisions: &mut Decisions) -> Result<Combined> {
        let sides = self.read(work, |bytes| Ok(bytes.to_vec())).await?;
        let limits = DocumentLimits { bytes: app.settings.documents.definition, ..DocumentLimits::default() };
        let Merged { value, conflicts } = merge_definition(sides.as_ref().map(Vec::as_slice), decisions, &limits);
        let now = &self.target().element;
        let made = if now.root == *hash_of(&value).as_bytes() {
            None
        } else {
            let unfit = |error| Refusal::precondition(Reason::InvalidDocument, format!("What comes out is no definition: {error}."));
            let found = detect(&value, &limits).map_err(unfit)?;
            Some(Made { stored: Stored::definition(value, &found), content: Made::of(now).content })
        };
        let (touched, change_count) = (Touched::by(std::iter::empty()), u64::from(made.is_some()));
        Ok(Combined { made, touched, change_count, source_root: self.source().element.root, conflicts: bare(conflicts) })
    }

    /// The three documents, of an element that is one node.
    async fn read<T>(&self, work: &Work<'_>, read: impl Fn(&[u8]) -> Result<T>) -> Result<Sides<T>> {
        let roots = self.roots().map(NodeHash::new);
        let mut wanted: Vec<NodeHash> = roots.into_array().to_vec();
        wanted.sort_unstable();
        wanted.dedup();
        let found = work.tx.nodes(&wanted).await?;
        let of = |root: NodeHash| {
            let bytes = wanted.iter().zip(&found).find(|(hash, _)| **hash == root).map(|(_, bytes)| bytes.as_slice());
            read(bytes.unwrap_or_default())
        };
        Ok(Sides { base: of(roots.base)?, parent: of(roots.parent)?, fork: of(roots.fork)? })
    }
}

impl Combined {
    /// Whether conflicts are left.
    pub fn is_open(&self) -> bool {
        !self.conflicts.is_empty()
    }

    /// What the caller is told: of which element, and the version that it has then.
    pub fn outcome(self, element: ElementId, version: i32, applied: bool) -> MergeOutcome {
        let conflict_count = self.conflicts.len() as u64;
        MergeOutcome { element, version, applied, change_count: self.change_count, conflicts: told(self.conflicts), conflict_count }
    }

    fn check_size(&self, kind: ElementKind, app: &App) -> Result<()> {
        let largest = app.settings.documents.of(kind);
        if self.made.as_ref().is_none_or(|made| made.stored.size <= largest) {
            return Ok(());
        }
        let message = format!("What comes out would be larger than the {largest} bytes that are kept.");
        Err(Refusal::precondition(Reason::TooLarge, message).into())
    }
}

impl Touched {
    /// What was touched, and how: as much of it as is told.
    fn by<'a>(changes: impl Iterator<Item = (ChangeKind, &'a str)>) -> Self {
        let mut touched = Self { complete: true, ..Self::default() };
        for (kind, id) in changes {
            let ids = match kind {
                ChangeKind::Added => &mut touched.added,
                ChangeKind::Changed => &mut touched.changed,
                ChangeKind::Removed => &mut touched.removed,
                ChangeKind::Moved => &mut touched.moved,
            };
            if ids.len() < TOLD_IDS {
                ids.push(id.to_owned());
            } else {
                touched.complete = false;
            }
        }
        touched
    }
}

/// The keys of the variables that differ between two environments, and what happened to them.
fn changed_variables(before: &Environment, after: &Environment) -> Vec<(ChangeKind, String)> {
    let values = |environment: &Environment| {
        let mut found: BTreeMap<String, Vec<Json>> = BTreeMap::new();
        for (variable, json) in environment.variables().zip(environment.values()) {
            found.entry(variable.key.to_owned()).or_default().push(json.clone());
        }
        found
    };
    let (mut before, after) = (values(before), values(after));
    let mut changed = Vec::new();
    for (key, now) in after {
        match before.remove(&key) {
            None => changed.push((ChangeKind::Added, key)),
            Some(earlier) if earlier != now => changed.push((ChangeKind::Changed, key)),
            Some(_) => {}
        }
    }
    changed.extend(before.into_keys().map(|key| (ChangeKind::Removed, key)));
    changed
}

/// Conflicts that are about no item.
fn bare(conflicts: Vec<Conflict>) -> Vec<ItemConflict> {
    conflicts.into_iter().map(|conflict| ItemConflict { conflict, item_id: None, item_name: None }).collect()
}

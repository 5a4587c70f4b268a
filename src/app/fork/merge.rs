//! The changes of a fork are brought into its parent.

use super::combine::{Made, Merging};
use super::{MergeOutcome, Resolutions, record_at_fork};
use crate::app::access::{ElementSight, Granted, MergeSight};
use crate::app::element::{NewRevision, revise};
use crate::app::error::Result;
use crate::app::model::{Element, ForkBase};
use crate::app::trash::DeleteElement;
use crate::app::{App, Command, Work};
use crate::domain::ElementId;
use crate::domain::activity::{Activity, ElementRef, MergeResult, Touched};
use crate::domain::element::ElementKind;
use crate::domain::fork::MergeStrategy;
use crate::domain::merge::Side;
use serde::Serialize;
use serde_json::{Value, json};

/// Brings what changed in a fork since the two last met into its parent. Nothing is written while conflicts are left.
#[derive(Debug, Clone, Serialize)]
pub struct MergeFork {
    /// The fork.
    pub fork: ElementId,
    /// What becomes of the fork.
    pub strategy: MergeStrategy,
    /// How conflicts are resolved.
    pub resolutions: Resolutions,
    /// Only to know what would happen.
    pub dry_run: bool,
}

impl Command for MergeFork {
    const NAME: &'static str = "mergeFork";
    type Outcome = MergeOutcome;

    async fn run(&self, work: &mut Work<'_>, app: &App) -> Result<MergeOutcome> {
        let sight = work.access().merging(self.fork).await?;
        self.merge(work, app, sight).await
    }
}

impl MergeFork {
    /// Merges for whoever may.
    pub(in crate::app) async fn merge(&self, work: &mut Work<'_>, app: &App, sight: MergeSight) -> Result<MergeOutcome> {
        let updating = sight.becoming(self.strategy, work.now())?;
        let MergeSight { fork, element, parent, in_sight } = sight;
        let merging = Merging { base: fork.base.root, parent: &parent, fork: &element, into: Side::Parent };
        let mut combined = merging.combine(work, app, &self.resolutions).await?;
        if self.dry_run || combined.is_open() {
            return Ok(combined.outcome(parent.element.id, parent.element.version, false));
        }
        let (touched, made) = (combined.touched.clone(), combined.made.take());
        let result = made.as_ref().map_or_else(|| Made::of(&parent.element), Made::without_nodes);
        let version = parent.element.version + i32::from(made.is_some());
        // First, so that the fork is not told of a change that is its own.
        let met = self.met(&fork.base, &parent.element, (version, result.stored.root), combined.source_root);
        work.tx.set_fork_base(self.fork, &met, work.now()).await?;
        if let Some(made) = made {
            let name = made.content.name.clone();
            write(work, &parent, made, json!([{ "merged": { "touched": touched } }])).await?;
            parent.record(work, Activity::ForkMergedIn(MergeResult { element_id: parent.element.id, name, version, touched }));
        }
        let Element { id, kind, name, .. } = element.element.clone();
        record_at_fork(work, &element, in_sight, Activity::ForkMerged(ElementRef { element_id: id, kind, name }));
        match updating {
            Some(fork) => update(work, &fork, result).await?,
            None if self.strategy == MergeStrategy::DeleteFork => {
                DeleteElement { element: self.fork }.run(work, app).await?;
            }
            None => {}
        }
        Ok(combined.outcome(parent.element.id, version, true))
    }

    /// Where the two sides have met then.
    fn met(&self, before: &ForkBase, parent: &Element, (version, root): (i32, [u8; 32]), source: [u8; 32]) -> ForkBase {
        if self.strategy == MergeStrategy::UpdateFork {
            return ForkBase { parent_version: version, parent_root: root, root };
        }
        let was_behind = before.parent_root != parent.root;
        let seen = if was_behind { *before } else { ForkBase { parent_version: version, parent_root: root, ..*before } };
        ForkBase { root: source, ..seen }
    }
}

/// The fork becomes what the parent is now.
async fn update(work: &mut Work<'_>, fork: &Granted<ElementSight>, mut result: Made) -> Result<()> {
    let element = &fork.element;
    if element.root == result.stored.root {
        return Ok(());
    }
    if element.kind == ElementKind::Api {
        // What an API is called does not stand in its definition.
        result.content.name.clone_from(&element.name);
        result.content.description.clone_from(&element.description);
    }
    let (element_id, name) = (element.id, result.content.name.clone());
    let version = write(work, fork, result, json!([{ "pulled": {} }])).await?;
    fork.record(work, Activity::ChangesPulled(MergeResult { element_id, name, version, touched: Touched::default() }));
    Ok(())
}

/// Makes what came out the newest revision of an element. Answers its version.
pub(super) async fn write(work: &mut Work<'_>, target: &Granted<ElementSight>, made: Made, changes: Value) -> Result<i32> {
    let Made { stored, content } = made;
    stored.insert(work).await?;
    let new = NewRevision { root: stored.root, size: stored.size, message: None, restored_version: None, changes };
    revise(work, target, &content, new).await
}

//! The changes of its parent are brought into a fork.

use super::combine::Merging;
use super::{MergeOutcome, Resolutions, merge};
use crate::app::access::PullSight;
use crate::app::error::Result;
use crate::app::model::ForkBase;
use crate::app::{App, Command, Work};
use crate::domain::ElementId;
use crate::domain::activity::{Activity, MergeResult};
use crate::domain::merge::Side;
use serde::Serialize;
use serde_json::json;

/// Brings what changed in the parent since the two last met into a fork. Nothing is written while conflicts are left.
#[derive(Debug, Clone, Serialize)]
pub struct PullChanges {
    /// The fork.
    pub fork: ElementId,
    /// How conflicts are resolved.
    pub resolutions: Resolutions,
    /// Only to know what would happen.
    pub dry_run: bool,
}

impl Command for PullChanges {
    const NAME: &'static str = "pullChanges";
    type Outcome = MergeOutcome;

    async fn run(&self, work: &mut Work<'_>, app: &App) -> Result<MergeOutcome> {
        let PullSight { fork, element, parent } = work.access().pulling(self.fork).await?;
        let merging = Merging { base: fork.base.root, parent: &parent, fork: &element, into: Side::Fork };
        let mut combined = merging.combine(work, app, &self.resolutions).await?;
        if self.dry_run || combined.is_open() {
            return Ok(combined.outcome(self.fork, element.element.version, false));
        }
        let met = ForkBase { parent_version: parent.element.version, parent_root: parent.element.root, root: combined.source_root };
        work.tx.set_fork_base(self.fork, &met, work.now()).await?;
        let mut version = element.element.version;
        if let Some(made) = combined.made.take() {
            let touched = combined.touched.clone();
            let changes = json!([{ "pulled": { "parentVersion": parent.element.version, "touched": touched } }]);
            let name = made.content.name.clone();
            version = merge::write(work, &element, made, changes).await?;
            element.record(work, Activity::ChangesPulled(MergeResult { element_id: self.fork, name, version, touched }));
        }
        Ok(combined.outcome(self.fork, version, true))
    }
}

//! Forks: taking one, and bringing changes from one side to the other.

use crate::app::error::checked;
use crate::app::fork::{ForkElement, MergeFork, PullChanges, Resolutions};
use crate::app::parse_id;
use crate::domain::text::Name;
use crate::graphql::context::ContextExt;
use crate::graphql::enums::{Action, MergeSide};
use crate::graphql::requires::requires;
use crate::graphql::{inputs as input, payloads as payload};
use async_graphql::{Context, Object, Result};

/// Mutations of forks.
#[derive(Default)]
pub struct ForkMutation;

#[Object]
impl ForkMutation {
    /// Takes a fork of an element into a workspace, of another team too. It has the document of its parent, and is an element of its own; the collections of an API stay where they are, and secret values come along only for whoever may edit the parent. Requires `FORK_OUT` where the parent is and `FORK_IN` where the fork goes.
    #[graphql(directive = requires::apply(Action::ForkOut))]
    async fn fork_element(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What, and where to.")] input: input::ForkElementInput,
    ) -> Result<Option<payload::ForkElementPayload>> {
        let command = ForkElement {
            element: parse_id(&input.element_id, "elementId")?,
            workspace: parse_id(&input.workspace_id, "workspaceId")?,
            label: checked("label", Name::parse(&input.label))?,
        };
        Ok(Some(payload::ForkElementPayload(ctx.execute(input.idempotency_key, command).await?)))
    }

    /// Brings what changed in the parent since the two last met into a fork: item by item and field by field. Where both sides changed the same thing differently nothing is written, and the conflicts are told, until each is resolved. Requires `PULL_CHANGES`.
    #[graphql(directive = requires::apply(Action::PullChanges))]
    async fn pull_changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which fork, and how conflicts are resolved.")] input: input::PullChangesInput,
    ) -> Result<Option<payload::PullChangesPayload>> {
        let command = PullChanges {
            fork: parse_id(&input.fork_id, "forkId")?,
            resolutions: resolutions(input.resolve_all, input.resolutions),
            dry_run: input.dry_run.unwrap_or_default(),
        };
        Ok(Some(payload::PullChangesPayload(ctx.execute(input.idempotency_key, command).await?)))
    }

    /// Brings what changed in a fork since the two last met into its parent, in the same way. Requires `MERGE_FORK` where the parent is; and to update or delete the fork, what that requires.
    #[graphql(directive = requires::apply(Action::MergeFork))]
    async fn merge_fork(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which fork, what becomes of it, and how conflicts are resolved.")] input: input::MergeForkInput,
    ) -> Result<Option<payload::MergeForkPayload>> {
        let command = MergeFork {
            fork: parse_id(&input.fork_id, "forkId")?,
            strategy: input.strategy.map(Into::into).unwrap_or_default(),
            resolutions: resolutions(input.resolve_all, input.resolutions),
            dry_run: input.dry_run.unwrap_or_default(),
        };
        Ok(Some(payload::MergeForkPayload(ctx.execute(input.idempotency_key, command).await?)))
    }
}

/// How the caller resolves conflicts.
pub(super) fn resolutions(all: Option<MergeSide>, by_path: Option<Vec<input::ConflictResolution>>) -> Resolutions {
    let by_path = by_path.unwrap_or_default().into_iter().map(|resolution| (resolution.path, resolution.take.into())).collect();
    Resolutions { all: all.map(Into::into), by_path }
}

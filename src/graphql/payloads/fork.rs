//! What mutations of forks answer.

use crate::app::fork::{MergeOutcome, ToldConflict};
use crate::domain::ElementId;
use crate::graphql::objects::{Element, Json, load_element};
use async_graphql::{Context, Description, ID, Object, Result};

/// What forkElement answers.
#[derive(Description)]
pub struct ForkElementPayload(pub ElementId);

#[Object(use_type_description)]
impl ForkElementPayload {
    /// The fork. Null where you may not see it any more.
    async fn fork(&self, ctx: &Context<'_>) -> Result<Option<Element>> {
        load_element(ctx, self.0).await
    }
}

macro_rules! merge_payload {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Description)]
        pub struct $name(pub MergeOutcome);

        #[Object(use_type_description)]
        impl $name {
            /// The element that the changes go to, as it is now. Null where you may not see it any more.
            async fn element(&self, ctx: &Context<'_>) -> Result<Option<Element>> {
                load_element(ctx, self.0.element).await
            }

            /// Whether the changes are in it. False: there are conflicts, or it was only tried; nothing was written then.
            async fn applied(&self) -> bool {
                self.0.applied
            }

            /// How many items or variables of the element are touched by it.
            async fn change_count(&self) -> i32 {
                i32::try_from(self.0.change_count).unwrap_or(i32::MAX)
            }

            /// What has to be resolved before anything is written: up to 1,000.
            async fn conflicts(&self) -> Vec<MergeConflict> {
                self.0.conflicts.iter().cloned().map(MergeConflict).collect()
            }

            /// How many conflicts there are. Where there are very many, more turn up once these are resolved.
            async fn conflict_count(&self) -> i32 {
                i32::try_from(self.0.conflict_count).unwrap_or(i32::MAX)
            }
        }
    )+};
}

merge_payload! {
    /// What pullChanges answers.
    PullChangesPayload;
    /// What mergeFork answers.
    MergeForkPayload;
}

/// Where both sides changed the same thing.
#[derive(Description)]
pub struct MergeConflict(pub ToldConflict);

#[Object(use_type_description)]
impl MergeConflict {
    /// What names it in a resolution: steps such as those of a JSON Pointer, `/items/<id>/request/method`. `~place` is where an item is, `~order` the order of a list, and `Accept~2` the second one of that key.
    async fn path(&self) -> &str {
        &self.0.path
    }

    /// The item of the collection. Null: it is about the element itself.
    async fn item_id(&self) -> Option<ID> {
        self.0.item_id.clone().map(Into::into)
    }

    /// The name of the item.
    async fn item_name(&self) -> Option<&str> {
        self.0.item_name.as_deref()
    }

    /// What both had. Null: nothing, a secret, or more than one answer carries.
    async fn base(&self) -> Option<Json> {
        self.0.base.clone().map(Json::Text)
    }

    /// What the parent has. Null: nothing, a secret, or more than one answer carries.
    async fn parent(&self) -> Option<Json> {
        self.0.parent.clone().map(Json::Text)
    }

    /// What the fork has. Null: nothing, a secret, or more than one answer carries.
    async fn fork(&self) -> Option<Json> {
        self.0.fork.clone().map(Json::Text)
    }

    /// Whether it is about a secret of an environment, whose values are not told.
    async fn is_secret(&self) -> bool {
        self.0.secret
    }
}

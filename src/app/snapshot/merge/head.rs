//! The collection's own content, merged.

use super::super::{Snapshot, broken};
use super::Told;
use crate::app::ports::StoreResult;
use crate::domain::document::collection::{Node, ReadItem, Version, convert, read_collection};
use crate::domain::document::{Json, Limits};
use crate::domain::merge::{Conflict, Decisions, Side, Sides, merge_json};
use crate::domain::snapshot::Malformed;
use std::convert::Infallible;

/// The content of a collection, without its items.
pub(super) struct Head {
    /// What it becomes, and its size in version 2.1.
    pub content: Vec<u8>,
    pub size: u64,
    /// The version of the result. None: all sides are of that one, as far as any is.
    pub version: Option<Version>,
    /// The versions of the sides.
    pub versions: Sides<Option<Version>>,
}

/// Merges the heads. None: they are the same on all sides.
///
/// # Errors
/// What broke.
pub(super) async fn merge(snapshots: &Sides<Snapshot<'_>>, decisions: &mut Decisions, told: &mut Told) -> StoreResult<Option<Head>> {
    let hashes = snapshots.as_ref().map(|snapshot| snapshot.root().head);
    if hashes.parent == hashes.fork && hashes.base == hashes.fork {
        return Ok(None);
    }
    let bytes = snapshots.parent.contents(&hashes.into_array()).await?;
    let [base, parent, fork] = bytes.as_slice() else { return Err(broken(Malformed("no head"))) };
    let bytes = Sides { base, parent, fork };
    let read = |bytes: &Vec<u8>| Json::parse(bytes, &Limits::default()).map_err(|_| broken(Malformed("a head is no JSON")));
    let json = Sides { base: read(base)?, parent: read(parent)?, fork: read(fork)? };
    let versions = json.as_ref().map(version);
    let taken = |side| (bytes.of(side).clone(), snapshots.as_ref().of(side).root().head_size);
    let (content, size) = match hashes.agreed() {
        Some(hash) => taken(if hash == hashes.parent { Side::Parent } else { Side::Fork }),
        None => match merged(&json, decisions, told) {
            Ok(content) => {
                let size = u64::try_from(convert(&content, Node::Head, Version::V2_1).len()).unwrap_or(u64::MAX);
                (content, size)
            }
            Err(side) => taken(side),
        },
    };
    let result = if let Ok(json) = read(&content) { version(&json) } else { None };
    let is_mixed = versions.into_array().into_iter().flatten().any(|version| Some(version) != result);
    Ok(Some(Head { content, size, version: result.filter(|_| is_mixed), versions }))
}

/// The heads key by key. Where that makes no collection, that of a side as a whole.
fn merged(json: &Sides<Json>, decisions: &mut Decisions, told: &mut Told) -> Result<Vec<u8>, Side> {
    let merged = merge_json(json.as_ref().map(Some), "", decisions);
    if !merged.conflicts.is_empty() {
        told.add(None, merged.conflicts);
        return Err(Side::Parent);
    }
    let content = merged.value.map(|value| value.to_bytes()).unwrap_or_default();
    if read_collection(&content[..], &Limits::default(), &mut |_: ReadItem| Ok::<(), Infallible>(())).is_ok() {
        return Ok(content);
    }
    Err(decisions.decide("").unwrap_or_else(|| {
        told.add(None, vec![Conflict::new(String::new(), json.clone().map(Some))]);
        Side::Parent
    }))
}

fn version(head: &Json) -> Option<Version> {
    head.get("info")?.get("schema").and_then(Json::as_str).and_then(Version::of_schema)
}

//! Merging environments.

use super::{Decisions, Merged, Sides, merge_json};
use crate::domain::document::{DocumentError, Json, Limits, environment::Environment};

/// Merges environments: what they say of themselves by key, and their variables by theirs.
///
/// The path of a variable is `/values/<key>`, also in a bare array of globals. A variable that is secret on any side is one value, so that a
/// sealed value never comes out beside another type; the values of conflicts are as they are stored, and those that are
/// [`secret`](super::Conflict::secret) are to be masked before anybody sees them. Where one side is a bare array and the other is not, the
/// whole is in conflict, at the empty path.
///
/// # Errors
/// Together they have too many variables.
pub fn merge_environment(
    sides: Sides<&Environment>,
    decisions: &mut Decisions,
    limits: &Limits,
) -> Result<Merged<Environment>, DocumentError> {
    let values = sides.map(Environment::json);
    let are_bare = values.into_array().into_iter().all(|json| json.as_array().is_some());
    let Merged { value, conflicts } = merge_json(values.map(Some), if are_bare { "/values" } else { "" }, decisions);
    let value = Environment::from_json(value.unwrap_or(Json::Null), limits)?;
    Ok(Merged { value, conflicts })
}

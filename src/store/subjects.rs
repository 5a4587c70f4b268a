//! What a notification or mail points at, as two columns.

use super::error;
use super::sql::Row;
use crate::app::ports::StoreResult;
use crate::domain::notification::NotificationSubject;
use sea_orm::Value;
use type_safe_id::TypeSafeId;
use uuid::Uuid;

const TEAM: &str = "TEAM";
const WORKSPACE: &str = "WORKSPACE";
const REQUEST: &str = "REQUEST";
const INVITATION: &str = "INVITATION";
const ELEMENT: &str = "ELEMENT";
const COMMENT: &str = "COMMENT";
const PULL_REQUEST: &str = "PULL_REQUEST";

/// The values of `subject_kind` and `subject_id`.
pub(super) fn values(subject: Option<NotificationSubject>) -> [Value; 2] {
    let (kind, id) = match subject {
        None => return [Option::<String>::None.into(), Option::<Uuid>::None.into()],
        Some(NotificationSubject::Team(id)) => (TEAM, id.uuid()),
        Some(NotificationSubject::Workspace(id)) => (WORKSPACE, id.uuid()),
        Some(NotificationSubject::Request(id)) => (REQUEST, id.uuid()),
        Some(NotificationSubject::Invitation(id)) => (INVITATION, id.uuid()),
        Some(NotificationSubject::Element(id)) => (ELEMENT, id.uuid()),
        Some(NotificationSubject::Comment(id)) => (COMMENT, id.uuid()),
        Some(NotificationSubject::PullRequest(id)) => (PULL_REQUEST, id.uuid()),
    };
    [kind.into(), id.into()]
}

/// The subject of a row.
pub(super) fn of(row: &Row) -> StoreResult<Option<NotificationSubject>> {
    let Some(kind) = row.get::<Option<String>>("subject_kind")? else {
        return Ok(None);
    };
    let id: Uuid = row.get("subject_id")?;
    match kind.as_str() {
        TEAM => Ok(Some(NotificationSubject::Team(TypeSafeId::from_uuid(id)))),
        WORKSPACE => Ok(Some(NotificationSubject::Workspace(TypeSafeId::from_uuid(id)))),
        REQUEST => Ok(Some(NotificationSubject::Request(TypeSafeId::from_uuid(id)))),
        INVITATION => Ok(Some(NotificationSubject::Invitation(TypeSafeId::from_uuid(id)))),
        ELEMENT => Ok(Some(NotificationSubject::Element(TypeSafeId::from_uuid(id)))),
        COMMENT => Ok(Some(NotificationSubject::Comment(TypeSafeId::from_uuid(id)))),
        PULL_REQUEST => Ok(Some(NotificationSubject::PullRequest(TypeSafeId::from_uuid(id)))),
        _ => Err(error::malformed(format!("subject_kind: `{kind}` is not known"))),
    }
}

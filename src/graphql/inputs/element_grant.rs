//! What mutations of roles on elements take.

use super::inputs;
use crate::app::element_grant::Grantee;
use crate::app::error::Result;
use crate::app::parse_id;
use crate::graphql::enums::WorkspaceRole;
use async_graphql::{ID, OneofObject};

inputs! {
    /// What grantElementRole takes.
    GrantElementRoleInput {
        /// The element; for partners and partner groups a collection.
        element_id: ID,
        /// Who is given the role: somebody who has access to the workspace already.
        subject: SubjectInput,
        /// The role: EDITOR or VIEWER. In multi-partner mode partners are VIEWER only.
        role: WorkspaceRole,
    }
    /// What revokeElementRole takes.
    RevokeElementRoleInput {
        /// The grant.
        grant_id: ID,
    }
}

/// A person or a group: give exactly one.
#[derive(Debug, OneofObject)]
pub enum SubjectInput {
    /// The id of a person.
    UserId(ID),
    /// The id of a group: everybody in it, whoever that is at each time.
    GroupId(ID),
}

impl SubjectInput {
    /// Who it is.
    ///
    /// # Errors
    /// The id is malformed.
    pub fn parse(&self) -> Result<Grantee> {
        Ok(match self {
            Self::UserId(id) => Grantee::Person(parse_id(id, "userId")?),
            Self::GroupId(id) => Grantee::Group(parse_id(id, "groupId")?),
        })
    }
}

//! Roles on single elements.

use super::workspace::Subject;
use super::{DateTime, Element, Group, User};
use crate::app::access::ElementSight;
use crate::app::error::AppError;
use crate::app::model::{self, MemberSubject};
use crate::domain::ElementGrantId;
use crate::graphql::context::ContextExt;
use crate::graphql::enums::{Side, WorkspaceRole};
use crate::graphql::errors::unless_hidden;
use crate::graphql::paging::{PageArguments, connection};
use async_graphql::connection::Connection;
use async_graphql::{Context, Description, ID, Object, Result};
use std::sync::Arc;

/// A role on one element: it adds to what a person, or everybody in a group, may do in the workspace.
#[derive(Description)]
pub struct ElementGrant {
    /// The grant.
    pub grant: model::ElementGrant,
    /// The element.
    pub element: Arc<ElementSight>,
}

/// The grant with this id, if who asks may see it.
pub async fn load_element_grant(ctx: &Context<'_>, id: ElementGrantId) -> Result<Option<ElementGrant>> {
    let found = unless_hidden(ctx.access().visible_element_grant(id).await)?;
    Ok(found.map(|granted| {
        let sight = granted.into_inner();
        ElementGrant { grant: sight.grant, element: Arc::new(sight.element) }
    }))
}

/// A page of the grants on an element that who asks may see, once they may see the members of its workspace.
pub async fn list_element_grants(
    ctx: &Context<'_>,
    element: &Arc<ElementSight>,
    arguments: PageArguments,
) -> Result<Connection<String, ElementGrant>> {
    let id = element.element.id;
    let scope = format!("element-grants:{id}");
    let page = arguments.within(&scope)?;
    let workspace = &element.workspace;
    let limits = workspace.members_in_sight(ctx.now());
    let found = ctx.app().queries().list_element_grants(workspace.standing.user, id, limits, page).await.map_err(AppError::from)?;
    let node = |grant| ElementGrant { grant, element: Arc::clone(element) };
    Ok(connection(&scope, found, |grant: &model::ElementGrant| grant.id.uuid(), node))
}

#[Object(use_type_description)]
impl ElementGrant {
    /// The id of this grant.
    pub async fn id(&self) -> ID {
        self.grant.id.to_string().into()
    }

    /// The element.
    async fn element(&self) -> Element {
        Element::new(Arc::clone(&self.element))
    }

    /// Whom it is given to.
    async fn subject(&self) -> Subject {
        match &self.grant.subject {
            MemberSubject::Person(person) => Subject::User(User(person.clone())),
            MemberSubject::Group(group) => Subject::Group(Group(group.clone())),
        }
    }

    /// On which side they are.
    async fn side(&self) -> Side {
        self.grant.side.into()
    }

    /// What it lets them do: EDITOR or VIEWER.
    async fn role(&self) -> WorkspaceRole {
        self.grant.role.into()
    }

    /// Who gave it. Null: the system, or somebody whom you may not know.
    async fn granted_by(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        let Some(by) = self.grant.granted_by else { return Ok(None) };
        Ok(ctx.loaders().person(by).await?.map(User))
    }

    /// When it was given, or became what it is.
    async fn granted_at(&self) -> DateTime {
        DateTime(self.grant.granted_at)
    }
}

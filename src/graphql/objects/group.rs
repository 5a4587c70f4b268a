//! Groups.

use super::{DateTime, PartnerOrganization, User};
use crate::app::{AppError, model};
use crate::graphql::context::ContextExt;
use crate::graphql::enums::Side;
use crate::graphql::paging::{PageArguments, connection};
use async_graphql::connection::Connection;
use async_graphql::{Context, Description, ID, Object, Result};

/// A named set of people, of one side: of the team, or of one partner organization. A grant to it is live.
#[derive(Description)]
pub struct Group(pub model::Group);

#[Object(use_type_description)]
impl Group {
    /// The id of this group.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Whose people are in it.
    async fn side(&self) -> Side {
        self.0.side.into()
    }

    /// The organization whose people are in it. Null for a group of the team's own people.
    async fn organization(&self, ctx: &Context<'_>) -> Result<Option<PartnerOrganization>> {
        let Some(organization) = self.0.organization_id else { return Ok(None) };
        Ok(ctx.loaders().organization(organization).await?.map(PartnerOrganization))
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Who is in it, of those whom you may know. Of a partner group, null for members of the team who do not see its partnerships.
    async fn members(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, from the beginning: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many, from the end: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<String, User>>> {
        let Some(group) = ctx.access().group_with_members(self.0.id).await? else { return Ok(None) };
        let scope = format!("group-members:{}", group.id);
        let request = PageArguments { first, after, last, before }.within(&scope)?;
        let page = ctx.app().queries().list_group_members(ctx.reader()?, &group, request, ctx.now()).await.map_err(AppError::from)?;
        Ok(Some(connection(&scope, page, |person: &model::Person| person.id.uuid(), User)))
    }
}

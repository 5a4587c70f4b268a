//! Partner organizations, and what their partners can reach.

use super::{DateTime, Group, User, Workspace};
use crate::app::AppError;
use crate::app::access::PartnerSight;
use crate::app::model::{self, MemberSubject};
use crate::graphql::context::ContextExt;
use crate::graphql::enums::{Action, WorkspaceRole};
use crate::graphql::paging::{PageArguments, connection};
use crate::graphql::requires::requires;
use async_graphql::connection::Connection;
use async_graphql::{Context, Description, ID, Object, Result};

/// The company that partners come from.
#[derive(Description)]
pub struct PartnerOrganization(pub model::Organization);

#[Object(use_type_description)]
impl PartnerOrganization {
    /// The id of this organization.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The mail domains of its people. Empty for partners of other organizations.
    async fn domains(&self, ctx: &Context<'_>) -> Result<Vec<String>> {
        let member = ctx.loaders().own_membership(self.0.team_id).await?;
        let may = member.is_some_and(|member| member.roles.is_team_member() || member.organization_id == Some(self.0.id));
        Ok(if may { self.0.domains.clone() } else { Vec::new() })
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Its partners, oldest first. Requires `VIEW_PARTNERSHIPS`.
    #[graphql(directive = requires::apply(Action::ViewPartnerships))]
    async fn partners(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
    ) -> Result<Option<Connection<String, Partner>>> {
        let way = ctx.access().team(self.0.team_id);
        let team = way.may_act(crate::domain::policy::Action::ViewPartnerships).await?.into_inner();
        let organization = ctx.access().visible_organization(self.0.id).await?;
        let scope = format!("partners:{}", organization.id);
        let request = PageArguments { first, after, ..PageArguments::default() }.within(&scope)?;
        let page = ctx.app().queries().list_partners(&organization, request).await.map_err(AppError::from)?;
        let node = |(member, person): (model::TeamMember, model::Person)| Partner {
            sight: PartnerSight { team: team.clone(), member, administered_by: None },
            person,
        };
        Ok(Some(connection(&scope, page, |(member, _)| member.id.uuid(), node)))
    }
}

/// Somebody from outside who works with a team.
#[derive(Description)]
pub struct Partner {
    /// Their membership, and as whom their access is looked at.
    pub sight: PartnerSight,
    /// The person.
    pub person: model::Person,
}

#[Object(use_type_description)]
impl Partner {
    /// The person.
    async fn user(&self) -> User {
        User(self.person.clone())
    }

    /// The organization that they come from.
    async fn organization(&self, ctx: &Context<'_>) -> Result<Option<PartnerOrganization>> {
        let Some(organization) = self.sight.member.organization_id else { return Ok(None) };
        Ok(ctx.loaders().organization(organization).await?.map(PartnerOrganization))
    }

    /// Since when they are a partner of the team.
    async fn joined_at(&self) -> DateTime {
        DateTime(self.sight.member.joined_at)
    }

    /// Every grant that reaches them, oldest first; for a Workspace Admin, those in workspaces that they administer.
    async fn access(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
    ) -> Result<Connection<String, PartnerAccess>> {
        let PartnerSight { member, administered_by, .. } = &self.sight;
        let scope = format!("partner-access:{}", member.id);
        let request = PageArguments { first, after, ..PageArguments::default() }.within(&scope)?;
        let queries = ctx.app().queries();
        let page = queries.list_partner_access(member.team_id, member.user_id, *administered_by, request, ctx.now()).await;
        Ok(connection(&scope, page.map_err(AppError::from)?, |grant: &model::Member| grant.id.uuid(), PartnerAccess))
    }
}

/// One grant that reaches a partner.
#[derive(Description)]
pub struct PartnerAccess(pub model::Member);

#[Object(use_type_description)]
impl PartnerAccess {
    /// The workspace. Null where you may not open it.
    async fn workspace(&self, ctx: &Context<'_>) -> Result<Option<Workspace>> {
        Ok(ctx.loaders().workspace(self.0.workspace_id).await?.map(|sight| Workspace { sight }))
    }

    /// The group that it comes through. Null: it is their own.
    async fn group(&self) -> Option<Group> {
        // Whoever sees a partner's access is a member of the team, and those see its groups.
        match &self.0.subject {
            MemberSubject::Person(_) => None,
            MemberSubject::Group(group) => Some(Group(group.clone())),
        }
    }

    /// What it lets them do.
    async fn role(&self) -> WorkspaceRole {
        self.0.role.into()
    }

    /// Whether they are Partner Lead by it.
    async fn partner_lead(&self) -> bool {
        self.0.partner_lead
    }

    /// When it was given.
    async fn granted_at(&self) -> DateTime {
        DateTime(self.0.granted_at)
    }

    /// When it ends. Null: when it is taken.
    async fn expires_at(&self) -> Option<DateTime> {
        self.0.expires_at.map(DateTime)
    }
}

//! A new team.

use super::audited_member;
use crate::app::error::{Refusal, Result};
use crate::app::model::{Team, TeamMember};
use crate::app::{App, Command, Work};
use crate::domain::audit::{AuditEvent, AuditKind};
use crate::domain::team::Policies;
use crate::domain::text::{Name, Slug};
use crate::domain::{Reason, TeamId, TeamRole, TeamRoles};
use serde::Serialize;
use serde_json::json;

/// Makes a team; whoever does so is its first Admin and Developer.
#[derive(Debug, Clone, Serialize)]
pub struct CreateTeam {
    /// Its name.
    pub name: Name,
    /// Its short name in addresses.
    pub slug: Slug,
}

impl Command for CreateTeam {
    const NAME: &'static str = "createTeam";
    type Outcome = TeamId;

    async fn run(&self, work: &mut Work<'_>, app: &App) -> Result<TeamId> {
        let (founder, name) = (work.actor()?.id(), work.actor()?.user.name.as_str());
        let team = Team {
            id: work.new_id()?,
            name: self.name.to_string(),
            slug: self.slug.as_str().to_owned(),
            plan: app.settings.new_team_plan,
            policies: Policies::default(),
            created_at: work.now(),
        };
        if !work.tx.insert_team(&team).await? {
            return Err(Refusal::conflict(Reason::AlreadyTaken, "Another team has this slug.").at("slug").into());
        }
        let roles = TeamRoles::NONE.with(TeamRole::Admin).with(TeamRole::Developer);
        let member =
            TeamMember { id: work.new_id()?, team_id: team.id, user_id: founder, roles, organization_id: None, joined_at: work.now() };
        work.tx.insert_team_member(&member).await?;
        let made = json!({ "name": team.name, "slug": team.slug, "plan": team.plan });
        work.audit(AuditEvent::new(team.id, AuditKind::TeamCreated).after(made));
        work.audit(AuditEvent::new(team.id, AuditKind::TeamMemberAdded).about(founder).after(audited_member(name, roles)));
        Ok(team.id)
    }
}

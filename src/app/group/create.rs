//! A new group.

use super::{check_people, checked_batch, name_is_taken, tell};
use crate::app::error::{Refusal, Result};
use crate::app::model::Group;
use crate::app::{App, Command, Work};
use crate::domain::audit::{AuditEvent, AuditKind};
use crate::domain::text::Name;
use crate::domain::{GroupId, OrganizationId, Reason, Side, TeamId, UserId};
use serde::Serialize;
use serde_json::json;

/// Makes a group of the team's own people, or of partners of one organization.
#[derive(Debug, Clone, Serialize)]
pub struct CreateGroup {
    /// The team.
    pub team: TeamId,
    /// Its name.
    pub name: Name,
    /// Whose people are in it.
    pub side: Side,
    /// The organization of a partner group.
    pub organization: Option<OrganizationId>,
    /// Who is in it from the beginning.
    pub users: Vec<UserId>,
}

impl Command for CreateGroup {
    const NAME: &'static str = "createGroup";
    type Outcome = GroupId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<GroupId> {
        let actor = work.actor()?.id();
        checked_batch(&self.users)?;
        let team = work.access().team(self.team).may_create_group(self.side).await?;
        let group = Group {
            id: work.new_id()?,
            team_id: self.team,
            name: self.name.to_string(),
            side: self.side,
            organization_id: self.checked_organization(work).await?,
            created_by: actor,
            created_at: work.now(),
        };
        check_people(work, &group, &self.users).await?;
        if !work.tx.insert_group(&group).await? {
            return Err(name_is_taken().into());
        }
        let joined = work.tx.insert_group_members(&group, &self.users, work.now()).await?;
        tell(work, &group, &team.team.name, &joined, "joined").await?;
        let event = AuditEvent::new(self.team, AuditKind::GroupCreated).about(group.id).of_side(self.side);
        let ids: Vec<UserId> = joined.iter().map(|person| person.user_id).collect();
        work.audit(event.after(json!({ "name": group.name, "side": group.side, "organizationId": group.organization_id, "userIds": ids })));
        Ok(group.id)
    }
}

impl CreateGroup {
    async fn checked_organization(&self, work: &Work<'_>) -> Result<Option<OrganizationId>> {
        match (self.side, self.organization) {
            (Side::Team, None) => Ok(None),
            (Side::Team, Some(_)) => {
                let message = "Only a partner group has an organization.";
                Err(Refusal::bad_input("organizationId", Reason::ContradictoryArguments, message).into())
            }
            (Side::Partner, None) => {
                Err(Refusal::bad_input("organizationId", Reason::Empty, "Name the organization of the partner group.").into())
            }
            (Side::Partner, Some(id)) => {
                let found = work.tx.list_organizations_by_id(&[id]).await?;
                let is_of_team = found.iter().any(|organization| organization.team_id == self.team);
                if is_of_team { Ok(Some(id)) } else { Err(Refusal::not_found().at("organizationId").into()) }
            }
        }
    }
}

//! Teams and who is in them.

use super::Transaction;
use super::sql::{Row, Session, Sql, any_role, live, reader, team_side, uuid};
use super::users::{person, recipient};
use crate::app::access::Granted;
use crate::app::model::{Person, Recipient, Team, TeamMember, TeamSight};
use crate::app::paging::{Page, PageRequest};
use crate::app::ports::{StoreResult, TeamQueries, TeamWrites};
use crate::domain::team::{Plan, Policies};
use crate::domain::{MemberId, TeamId, TeamRole, TeamRoles, Timestamp, UserId, WorkspaceId};
use async_trait::async_trait;
use sea_orm::ConnectionTrait;
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// The columns of a [`TeamSight`], of `t` and the reader's `tm`.
fn sight_columns() -> String {
    format!(
        "t.id AS team_id, t.name AS team_name, t.slug, t.plan, t.policies, t.created_at AS team_created_at, tm.roles AS team_roles,
         {} AS has_partner_manager, {} AS has_super_admin",
        anybody_is(TeamRole::PartnerManager),
        anybody_is(TeamRole::SuperAdmin),
    )
}

/// That somebody in the team `t` holds this role, in the words of the index `team_member_manager`.
fn anybody_is(role: TeamRole) -> String {
    let managers = TeamRoles::NONE.with(TeamRole::SuperAdmin).with(TeamRole::PartnerManager);
    format!(
        "EXISTS (SELECT 1 FROM team_member m WHERE m.team_id = t.id AND {} AND {})",
        any_role("m.roles", managers),
        any_role("m.roles", TeamRoles::NONE.with(role))
    )
}

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> TeamQueries for Session<C> {
    async fn find_team(&self, user: Option<UserId>, id: TeamId) -> StoreResult<Option<TeamSight>> {
        let text = format!(
            "SELECT {} FROM team t LEFT JOIN team_member tm ON tm.team_id = t.id AND tm.user_id = $1 WHERE t.id = $2",
            sight_columns()
        );
        let row = self.one(text, [reader(user).into(), id.uuid().into()]).await?;
        row.map(|row| sight(&row)).transpose()
    }

    async fn list_teams(&self, user: UserId) -> StoreResult<Vec<(TeamSight, TeamMember)>> {
        let text = format!(
            "SELECT {}, tm.id, tm.user_id, tm.organization_id, tm.joined_at FROM team_member tm JOIN team t ON t.id = tm.team_id
             WHERE tm.user_id = $1 ORDER BY tm.joined_at, tm.id",
            sight_columns()
        );
        let rows = self.all(text, [user.uuid().into()]).await?;
        rows.iter().map(|row| Ok((sight(row)?, member(row)?))).collect()
    }

    async fn find_team_member(&self, team: TeamId, user: UserId) -> StoreResult<Option<TeamMember>> {
        let text = "SELECT id, team_id, user_id, roles AS team_roles, organization_id, joined_at FROM team_member WHERE team_id = $1 AND user_id = $2";
        let row = self.one(text, [team.uuid().into(), user.uuid().into()]).await?;
        row.map(|row| member(&row)).transpose()
    }

    async fn list_team_members(&self, team: &Granted<TeamSight>, page: PageRequest<Uuid>) -> StoreResult<Page<(TeamMember, Person)>> {
        let mut sql = Sql::new(
            "SELECT tm.id, tm.team_id, tm.user_id, tm.roles AS team_roles, tm.organization_id, tm.joined_at, u.name AS user_name, ",
        );
        sql.push("CASE WHEN ").bind(team.roles.is_team_member()).push(" THEN u.email END AS shown_email");
        sql.push(r#" FROM team_member tm JOIN "user" u ON u.id = tm.user_id WHERE tm.team_id = "#).bind(team.team.id.uuid());
        sql.push(" AND ").push(&any_role("tm.roles", team_side())).within("tm.id", &page).page("tm.id", &page);
        let rows = self.all(sql.text, sql.values).await?;
        let rows: StoreResult<Vec<_>> = rows.iter().map(|row| Ok((member(row)?, person(row)?))).collect();
        Ok(Page::of(&page, rows?))
    }

    async fn list_role_holders(&self, team: TeamId, roles: TeamRoles) -> StoreResult<Vec<Recipient>> {
        let text = format!(
            r#"SELECT u.id AS user_id, u.email FROM team_member tm JOIN "user" u ON u.id = tm.user_id
               WHERE tm.team_id = $1 AND {} ORDER BY u.id"#,
            any_role("tm.roles", roles)
        );
        self.all(text, [team.uuid().into()]).await?.iter().map(recipient).collect()
    }

    async fn has_other_role_holder(&self, team: TeamId, role: TeamRole, user: UserId) -> StoreResult<bool> {
        let holds = any_role("roles", TeamRoles::NONE.with(role));
        let text = format!("SELECT 1 FROM team_member WHERE team_id = $1 AND user_id <> $2 AND {holds} LIMIT 1");
        Ok(self.one(text, [team.uuid().into(), user.uuid().into()]).await?.is_some())
    }
}

#[async_trait]
impl TeamWrites for Transaction {
    async fn insert_team(&self, team: &Team) -> StoreResult<bool> {
        let text = "INSERT INTO team (id, name, slug, plan, policies, created_at) VALUES ($1, $2, $3, $4, $5, $6)
                    ON CONFLICT (slug) DO NOTHING";
        let policies = serde_json::to_string(&team.policies).map_err(super::error::malformed)?;
        let values = [
            team.id.uuid().into(),
            team.name.as_str().into(),
            team.slug.as_str().into(),
            team.plan.to_string().into(),
            policies.into(),
            team.created_at.as_micros().into(),
        ];
        Ok(self.run(text, values).await? == 1)
    }

    async fn lock_team(&self, team: TeamId) -> StoreResult<()> {
        // On SQLite, whoever is in a transaction is alone.
        if self.is_postgres() {
            self.one("SELECT 1 FROM team WHERE id = $1 FOR NO KEY UPDATE", [team.uuid().into()]).await?;
        }
        Ok(())
    }

    async fn insert_team_member(&self, member: &TeamMember) -> StoreResult<bool> {
        let text = "INSERT INTO team_member (id, team_id, user_id, roles, organization_id, joined_at) VALUES ($1, $2, $3, $4, $5, $6)
                    ON CONFLICT (team_id, user_id) DO NOTHING";
        let values = [
            member.id.uuid().into(),
            member.team_id.uuid().into(),
            member.user_id.uuid().into(),
            i32::from(member.roles.bits()).into(),
            uuid(member.organization_id),
            member.joined_at.as_micros().into(),
        ];
        Ok(self.run(text, values).await? == 1)
    }

    async fn set_team_roles(&self, team: &Granted<TeamSight>, user: UserId, roles: TeamRoles) -> StoreResult<()> {
        let text = "UPDATE team_member SET roles = $3 WHERE team_id = $1 AND user_id = $2";
        self.run(text, [team.team.id.uuid().into(), user.uuid().into(), i32::from(roles.bits()).into()]).await.map(drop)
    }

    async fn delete_team_member(
        &self,
        team: &Granted<TeamSight>,
        user: UserId,
        now: Timestamp,
    ) -> StoreResult<Vec<(WorkspaceId, MemberId)>> {
        let (team, user) = (team.team.id.uuid(), user.uuid());
        let text = format!(
            "SELECT m.workspace_id, m.id FROM group_member gm JOIN workspace_member m ON m.group_id = gm.group_id
             WHERE gm.team_id = $1 AND gm.user_id = $2 AND {} ORDER BY m.id",
            live("m", "$3")
        );
        let through_groups = self.all(text, [team.into(), user.into(), now.as_micros().into()]).await?;
        let text = format!(
            "DELETE FROM workspace_member WHERE team_id = $1 AND user_id = $2 AND {} RETURNING workspace_id, id",
            live("workspace_member", "$3")
        );
        let own = self.all(text, [team.into(), user.into(), now.as_micros().into()]).await?;
        // Groups, and grants that the clock has ended, go with it.
        self.run("DELETE FROM team_member WHERE team_id = $1 AND user_id = $2", [team.into(), user.into()]).await?;
        let mut ended = BTreeMap::new();
        for row in own.iter().chain(&through_groups) {
            ended.entry(row.id("workspace_id")?).or_insert(row.id("id")?);
        }
        Ok(ended.into_iter().collect())
    }

    async fn set_team_policies(&self, team: &Granted<TeamSight>, policies: &Policies) -> StoreResult<()> {
        let policies = serde_json::to_string(policies).map_err(super::error::malformed)?;
        self.run("UPDATE team SET policies = $2 WHERE id = $1", [team.team.id.uuid().into(), policies.into()]).await.map(drop)
    }

    async fn set_team_plan(&self, team: &Granted<TeamSight>, plan: Plan) -> StoreResult<()> {
        self.run("UPDATE team SET plan = $2 WHERE id = $1", [team.team.id.uuid().into(), plan.to_string().into()]).await.map(drop)
    }
}

/// A team, in the columns that [`sight_columns`] names.
pub(super) fn team(row: &Row) -> StoreResult<Team> {
    Ok(Team {
        id: row.id("team_id")?,
        name: row.get("team_name")?,
        slug: row.get("slug")?,
        plan: row.named("plan")?,
        policies: row.json("policies")?,
        created_at: row.time("team_created_at")?,
    })
}

fn sight(row: &Row) -> StoreResult<TeamSight> {
    Ok(TeamSight {
        team: Arc::new(team(row)?),
        roles: row.roles("team_roles")?,
        has_partner_manager: row.get("has_partner_manager")?,
        has_super_admin: row.get("has_super_admin")?,
    })
}

/// A membership, in the columns of its table, with the roles as `team_roles`.
pub(super) fn member(row: &Row) -> StoreResult<TeamMember> {
    Ok(TeamMember {
        id: row.id("id")?,
        team_id: row.id("team_id")?,
        user_id: row.id("user_id")?,
        roles: row.roles("team_roles")?,
        organization_id: row.optional_id("organization_id")?,
        joined_at: row.time("joined_at")?,
    })
}

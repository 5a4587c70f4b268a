//! Groups and who is in them.

use super::Transaction;
use super::members::{member, select};
use super::sql::{Row, Session, Sql, live, pattern, reader, uuid, uuids};
use super::teams::member as team_member;
use super::users::{email, knows, person, recipient};
use crate::app::access::Granted;
use crate::app::model::{Group, Member, Person, Recipient, TeamMember};
use crate::app::paging::{Page, PageRequest};
use crate::app::ports::{GroupQueries, GroupWrites, StoreResult, UserQueries};
use crate::domain::{GroupId, Side, TeamId, Timestamp, UserId, WorkspaceId};
use async_trait::async_trait;
use sea_orm::{ConnectionTrait, Value};
use uuid::Uuid;

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> GroupQueries for Session<C> {
    async fn find_group(&self, id: GroupId) -> StoreResult<Option<Group>> {
        let row = self.one(r#"SELECT * FROM "group" WHERE id = $1"#, [id.uuid().into()]).await?;
        row.map(|row| group(&row)).transpose()
    }

    async fn list_groups(
        &self,
        team: TeamId,
        side: Option<Side>,
        search: Option<&str>,
        page: PageRequest<Uuid>,
    ) -> StoreResult<Page<Group>> {
        let mut sql = Sql::new(r#"SELECT gr.* FROM "group" gr WHERE gr.team_id = "#);
        sql.bind(team.uuid());
        if let Some(side) = side {
            sql.push(" AND gr.side = ").bind(side.to_string());
        }
        if let Some(search) = search {
            sql.push(" AND gr.name_key LIKE ").bind(pattern(search)).push(r" ESCAPE '\'");
        }
        sql.within("gr.id", &page).page("gr.id", &page);
        let rows = self.all(sql.text, sql.values).await?;
        let rows: StoreResult<Vec<_>> = rows.iter().map(group).collect();
        Ok(Page::of(&page, rows?))
    }

    async fn list_group_members(
        &self,
        reader: UserId,
        group: &Granted<Group>,
        page: PageRequest<Uuid>,
        now: Timestamp,
    ) -> StoreResult<Page<Person>> {
        let mut sql = Sql::new("SELECT u.id AS user_id, u.name AS user_name, ");
        sql.value(reader.uuid());
        sql.value(now.as_micros());
        sql.push(&email()).push(r#" FROM group_member gm JOIN "user" u ON u.id = gm.user_id WHERE "#).push(&knows());
        sql.push(" AND gm.group_id = ").bind(group.id.uuid());
        sql.within("gm.user_id", &page).page("gm.user_id", &page);
        let rows = self.all(sql.text, sql.values).await?;
        let rows: StoreResult<Vec<_>> = rows.iter().map(person).collect();
        Ok(Page::of(&page, rows?))
    }

    async fn list_group_recipients(&self, group: GroupId) -> StoreResult<Vec<Recipient>> {
        let text = r#"SELECT u.id AS user_id, u.email FROM group_member gm JOIN "user" u ON u.id = gm.user_id WHERE gm.group_id = $1 ORDER BY u.id"#;
        self.all(text, [group.uuid().into()]).await?.iter().map(recipient).collect()
    }

    async fn list_group_workspaces(&self, group: GroupId) -> StoreResult<Vec<Member>> {
        let text = format!("{} WHERE m.group_id = $2 ORDER BY m.workspace_id", select("workspace_member m", ""));
        self.all(text, [reader(None).into(), group.uuid().into()]).await?.iter().map(member).collect()
    }

    async fn find_member_of_group(&self, workspace: WorkspaceId, group: GroupId, now: Timestamp) -> StoreResult<Option<Member>> {
        let text = format!("{} WHERE m.group_id = $2 AND m.workspace_id = $3 AND {}", select("workspace_member m", ""), live("m", "$4"));
        let values = [reader(None).into(), group.uuid().into(), workspace.uuid().into(), now.as_micros().into()];
        self.one(text, values).await?.map(|row| member(&row)).transpose()
    }

    async fn is_in_any_group(&self, user: UserId, groups: &[GroupId]) -> StoreResult<bool> {
        if groups.is_empty() {
            return Ok(false);
        }
        let mut sql = Sql::new("SELECT 1 FROM group_member WHERE user_id = ");
        sql.bind(user.uuid()).push(" AND group_id IN ").list(&uuids(groups)).push(" LIMIT 1");
        Ok(self.one(sql.text, sql.values).await?.is_some())
    }

    async fn list_team_memberships(&self, team: TeamId, users: &[UserId]) -> StoreResult<Vec<TeamMember>> {
        if users.is_empty() {
            return Ok(Vec::new());
        }
        let mut sql =
            Sql::new("SELECT id, team_id, user_id, roles AS team_roles, organization_id, joined_at FROM team_member WHERE team_id = ");
        sql.bind(team.uuid()).push(" AND user_id IN ").list(&uuids(users));
        self.all(sql.text, sql.values).await?.iter().map(team_member).collect()
    }
}

#[async_trait]
impl GroupWrites for Transaction {
    async fn insert_group(&self, group: &Group) -> StoreResult<bool> {
        let text = r#"INSERT INTO "group" (id, team_id, name, name_key, side, organization_id, created_by, created_at)
                      VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (team_id, name_key) DO NOTHING"#;
        let values = [
            group.id.uuid().into(),
            group.team_id.uuid().into(),
            group.name.as_str().into(),
            group.name.to_lowercase().into(),
            group.side.to_string().into(),
            uuid(group.organization_id),
            group.created_by.uuid().into(),
            group.created_at.as_micros().into(),
        ];
        Ok(self.run(text, values).await? == 1)
    }

    async fn set_group_name(&self, group: &Granted<Group>, name: &str) -> StoreResult<bool> {
        let text = r#"UPDATE "group" SET name = $2, name_key = $3 WHERE id = $1
                          AND NOT EXISTS (SELECT 1 FROM "group" x WHERE x.team_id = "group".team_id AND x.name_key = $3 AND x.id <> $1)"#;
        Ok(self.run(text, [group.id.uuid().into(), name.into(), name.to_lowercase().into()]).await? == 1)
    }

    async fn delete_group(&self, group: &Granted<Group>) -> StoreResult<()> {
        self.run(r#"DELETE FROM "group" WHERE id = $1"#, [group.id.uuid().into()]).await.map(drop)
    }

    async fn insert_group_members(&self, group: &Group, users: &[UserId], at: Timestamp) -> StoreResult<Vec<Recipient>> {
        if users.is_empty() {
            return Ok(Vec::new());
        }
        let mut sql = Sql::new("INSERT INTO group_member (group_id, user_id, team_id, added_at) VALUES ");
        sql.rows(users.iter().map(|user| -> [Value; 4] {
            [group.id.uuid().into(), user.uuid().into(), group.team_id.uuid().into(), at.as_micros().into()]
        }));
        sql.push(" ON CONFLICT (group_id, user_id) DO NOTHING RETURNING user_id");
        self.recipients(sql).await
    }

    async fn delete_group_members(&self, group: &Granted<Group>, users: &[UserId]) -> StoreResult<Vec<Recipient>> {
        if users.is_empty() {
            return Ok(Vec::new());
        }
        let mut sql = Sql::new("DELETE FROM group_member WHERE group_id = ");
        sql.bind(group.id.uuid()).push(" AND user_id IN ").list(&uuids(users)).push(" RETURNING user_id");
        self.recipients(sql).await
    }
}

impl Transaction {
    /// Where mail reaches the people whose ids the statement answers.
    async fn recipients(&self, sql: Sql) -> StoreResult<Vec<Recipient>> {
        let rows = self.all(sql.text, sql.values).await?;
        let ids = rows.iter().map(|row| row.id("user_id")).collect::<StoreResult<Vec<UserId>>>()?;
        self.list_recipients(&ids).await
    }
}

fn group(row: &Row) -> StoreResult<Group> {
    Ok(Group {
        id: row.id("id")?,
        team_id: row.id("team_id")?,
        name: row.get("name")?,
        side: row.named("side")?,
        organization_id: row.optional_id("organization_id")?,
        created_by: row.id("created_by")?,
        created_at: row.time("created_at")?,
    })
}

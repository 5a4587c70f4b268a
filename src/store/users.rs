//! People and their tokens.

use super::Transaction;
use super::sql::{Row, Session, Sql, any_role, live, micros, team_side, uuids};
use crate::app::model::{AccessToken, Person, Recipient, User};
use crate::app::ports::{StoreResult, UserQueries, UserWrites};
use crate::domain::{Timestamp, TokenId, UserId};
use async_trait::async_trait;
use sea_orm::ConnectionTrait;

/// The address of `u`, whom the reader (`$1`) may know: shown where it is their own, or where they are of the team's own side in a
/// team that the person is in.
pub(super) fn email() -> String {
    let colleagues = format!(
        "EXISTS (SELECT 1 FROM team_member r JOIN team_member p ON p.team_id = r.team_id AND p.user_id = u.id
                 WHERE r.user_id = $1 AND {})",
        any_role("r.roles", team_side())
    );
    format!("CASE WHEN u.id = $1 OR {colleagues} THEN u.email END AS shown_email")
}

/// Members of a team know each other. Its partners they know where they see partnerships (the row of the matrix), or by a workspace.
fn shares_team() -> String {
    format!(
        "EXISTS (SELECT 1 FROM team_member r JOIN team_member p ON p.team_id = r.team_id AND p.user_id = u.id
                 WHERE r.user_id = $1 AND {} AND ({} OR {}))",
        any_role("r.roles", team_side()),
        any_role("p.roles", team_side()),
        any_role("r.roles", super::organizations::viewers()),
    )
}

/// The live grants that reach the user, by themself and through groups: workspace, side, flag and organization of each.
pub(super) fn reach(user: &str, now: &str) -> String {
    let columns = "m.workspace_id, m.side, m.partner_lead, m.organization_id";
    let live = live("m", now);
    format!(
        "(SELECT {columns} FROM workspace_member m WHERE m.user_id = {user} AND {live}
          UNION ALL SELECT {columns} FROM group_member gm JOIN workspace_member m ON m.group_id = gm.group_id
                    WHERE gm.user_id = {user} AND {live})"
    )
}

/// Whether the reader ($1) may know of the person `u`: themself, somebody of a team that they are a member of, or somebody whom they meet in a workspace. Two
/// grants in one workspace make acquaintances; in multi-partner mode not across organizations, but for a Lead.
pub(super) fn knows() -> String {
    format!(
        r"(u.id = $1 OR {shares_team} OR EXISTS (
               SELECT 1 FROM {readers} r JOIN {theirs} p ON p.workspace_id = r.workspace_id
               JOIN workspace w ON w.id = r.workspace_id
               WHERE (w.visibility = 'PARTNER' OR (r.side = 'TEAM' AND p.side = 'TEAM'))
                 AND (NOT w.multi_partner OR r.side = 'TEAM' OR r.partner_lead OR p.side = 'TEAM'
                      OR r.organization_id = p.organization_id)))",
        shares_team = shares_team(),
        readers = reach("$1", "$2"),
        theirs = reach("u.id", "$2"),
    )
}

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> UserQueries for Session<C> {
    async fn has_users(&self) -> StoreResult<bool> {
        Ok(self.one(r#"SELECT u.id AS user_id FROM "user" u LIMIT 1"#, []).await?.is_some())
    }

    async fn find_user(&self, id: UserId) -> StoreResult<Option<User>> {
        let text = r#"SELECT u.id AS user_id, u.email, u.name AS user_name, u.created_at AS user_created_at FROM "user" u WHERE u.id = $1"#;
        self.one(text, [id.uuid().into()]).await?.map(|row| user(&row)).transpose()
    }

    async fn find_user_by_email(&self, email_key: &str) -> StoreResult<Option<User>> {
        let text = r#"SELECT u.id AS user_id, u.email, u.name AS user_name, u.created_at AS user_created_at
                      FROM "user" u WHERE u.email_key = $1"#;
        self.one(text, [email_key.into()]).await?.map(|row| user(&row)).transpose()
    }

    async fn find_person(&self, reader: UserId, id: UserId, now: Timestamp) -> StoreResult<Option<Person>> {
        Ok(self.list_people(reader, &[id], now).await?.pop())
    }

    async fn list_people(&self, reader: UserId, ids: &[UserId], now: Timestamp) -> StoreResult<Vec<Person>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut sql = Sql::new("SELECT u.id AS user_id, u.name AS user_name, ");
        sql.value(reader.uuid());
        sql.value(now.as_micros());
        sql.push(&email()).push(r#" FROM "user" u WHERE "#).push(&knows()).push(" AND u.id IN ").list(&uuids(ids));
        self.all(sql.text, sql.values).await?.iter().map(person).collect()
    }

    async fn list_recipients(&self, ids: &[UserId]) -> StoreResult<Vec<Recipient>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut sql = Sql::new(r#"SELECT u.id AS user_id, u.email FROM "user" u WHERE u.id IN "#);
        sql.list(&uuids(ids)).push(" ORDER BY u.id");
        self.all(sql.text, sql.values).await?.iter().map(recipient).collect()
    }

    async fn find_token(&self, id: TokenId) -> StoreResult<Option<(AccessToken, [u8; 32], User)>> {
        let text = r#"SELECT t.*, u.email, u.name AS user_name, u.created_at AS user_created_at
                      FROM access_token t JOIN "user" u ON u.id = t.user_id WHERE t.id = $1"#;
        let row = self.one(text, [id.uuid().into()]).await?;
        row.map(|row| Ok((token(&row)?, row.bytes("secret_hash")?, user(&row)?))).transpose()
    }

    async fn list_tokens(&self, user: UserId) -> StoreResult<Vec<AccessToken>> {
        let rows = self.all("SELECT * FROM access_token WHERE user_id = $1 ORDER BY id", [user.uuid().into()]).await?;
        rows.iter().map(token).collect()
    }
}

#[async_trait]
impl UserWrites for Transaction {
    async fn insert_user(&self, user: &User, email_key: &str) -> StoreResult<bool> {
        let text = r#"INSERT INTO "user" (id, email, email_key, name, name_key, created_at) VALUES ($1, $2, $3, $4, $5, $6)
                      ON CONFLICT (email_key) DO NOTHING"#;
        let values = [
            user.id.uuid().into(),
            user.email.as_str().into(),
            email_key.into(),
            user.name.as_str().into(),
            user.name.to_lowercase().into(),
            user.created_at.as_micros().into(),
        ];
        Ok(self.run(text, values).await? == 1)
    }

    async fn set_user_name(&self, user: UserId, name: &str) -> StoreResult<()> {
        let text = r#"UPDATE "user" SET name = $2, name_key = $3 WHERE id = $1"#;
        self.run(text, [user.uuid().into(), name.into(), name.to_lowercase().into()]).await.map(drop)
    }

    async fn insert_token(&self, token: &AccessToken, secret_hash: [u8; 32]) -> StoreResult<()> {
        let text = "INSERT INTO access_token (id, user_id, name, secret_hash, created_at, expires_at, revoked_at)
                    VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let values = [
            token.id.uuid().into(),
            token.user_id.uuid().into(),
            token.name.as_str().into(),
            secret_hash.to_vec().into(),
            token.created_at.as_micros().into(),
            micros(token.expires_at),
            micros(token.revoked_at),
        ];
        self.run(text, values).await.map(drop)
    }

    async fn set_token_revoked(&self, user: UserId, token: TokenId, at: Timestamp) -> StoreResult<bool> {
        let text = "UPDATE access_token SET revoked_at = $3 WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL";
        Ok(self.run(text, [token.uuid().into(), user.uuid().into(), at.as_micros().into()]).await? == 1)
    }
}

fn user(row: &Row) -> StoreResult<User> {
    Ok(User { id: row.id("user_id")?, email: row.get("email")?, name: row.get("user_name")?, created_at: row.time("user_created_at")? })
}

fn token(row: &Row) -> StoreResult<AccessToken> {
    Ok(AccessToken {
        id: row.id("id")?,
        user_id: row.id("user_id")?,
        name: row.get("name")?,
        created_at: row.time("created_at")?,
        expires_at: row.optional_time("expires_at")?,
        revoked_at: row.optional_time("revoked_at")?,
    })
}

/// A person, in the columns `user_id`, `user_name` and `shown_email`.
pub(super) fn person(row: &Row) -> StoreResult<Person> {
    Ok(Person { id: row.id("user_id")?, name: row.get("user_name")?, email: row.get("shown_email")? })
}

/// A recipient, in the columns `user_id` and `email`.
pub(super) fn recipient(row: &Row) -> StoreResult<Recipient> {
    Ok(Recipient { user_id: row.id("user_id")?, email: row.get("email")? })
}

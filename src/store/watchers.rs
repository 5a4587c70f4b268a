//! Watchers of elements, as far as they may open the workspace: the policy's answer to `ViewWorkspace`, asked of many people at once.

use super::sql::{Session, Sql, any_role, live, team_side, uuids};
use super::users::recipient;
use crate::app::access::FORMER_PARTNER_TERM;
use crate::app::model::Recipient;
use crate::app::ports::{StoreResult, WatchQueries};
use crate::domain::{ElementId, TeamRole, TeamRoles, Timestamp, UserId, WorkspaceId};
use async_trait::async_trait;
use sea_orm::ConnectionTrait;

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> WatchQueries for Session<C> {
    async fn list_watchers(&self, elements: &[ElementId], workspace: WorkspaceId, now: Timestamp) -> StoreResult<Vec<Recipient>> {
        if elements.is_empty() {
            return Ok(Vec::new());
        }
        let mut sql = openers(workspace, now);
        sql.push(" AND u.id IN (SELECT x.user_id FROM watch x WHERE x.element_id IN ").list(&uuids(elements)).push(") ORDER BY u.id");
        self.all(sql.text, sql.values).await?.iter().map(recipient).collect()
    }

    async fn list_openers(&self, people: &[UserId], workspace: WorkspaceId, now: Timestamp) -> StoreResult<Vec<Recipient>> {
        if people.is_empty() {
            return Ok(Vec::new());
        }
        let mut sql = openers(workspace, now);
        sql.push(" AND u.id IN ").list(&uuids(people)).push(" ORDER BY u.id");
        self.all(sql.text, sql.values).await?.iter().map(recipient).collect()
    }
}

/// Begins a statement that reads the people `u` of the team who may open this workspace.
fn openers(workspace: WorkspaceId, now: Timestamp) -> Sql {
    let mut sql = Sql::new(
        r#"SELECT u.id AS user_id, u.email FROM workspace w JOIN team_member tm ON tm.team_id = w.team_id JOIN "user" u ON u.id = tm.user_id WHERE w.id = "#,
    );
    let workspace = sql.value(workspace.uuid());
    let open = opens(&sql.value(now.as_micros()), &sql.value((now - FORMER_PARTNER_TERM).as_micros()));
    sql.push(&workspace).push(" AND ").push(&open);
    sql
}

/// That the member `tm` of its team may open the workspace `w`, at the moment `now`. `former` is the moment before which a workspace has
/// to have been a partner one for Partner Managers to see it no more.
pub(super) fn opens(now: &str, former: &str) -> String {
    let role = |role| any_role("tm.roles", TeamRoles::NONE.with(role));
    let of_team = any_role("tm.roles", team_side());
    format!(
        "({super_admin}
          OR {partner_manager} AND (w.visibility = 'PARTNER' OR w.left_partner_at > {former})
          OR w.visibility = 'PUBLIC' OR w.visibility = 'TEAM' AND {of_team}
          OR ({of_team} OR w.visibility = 'PARTNER') AND (
              EXISTS (SELECT 1 FROM workspace_member m WHERE m.workspace_id = w.id AND m.user_id = tm.user_id AND {live})
              OR EXISTS (SELECT 1 FROM group_member gm JOIN workspace_member m ON m.group_id = gm.group_id
                         WHERE gm.user_id = tm.user_id AND m.workspace_id = w.id AND {live})))",
        super_admin = role(TeamRole::SuperAdmin),
        partner_manager = role(TeamRole::PartnerManager),
        live = live("m", now),
    )
}

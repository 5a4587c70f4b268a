//! A workspace together with what the reader is towards it: what every decision about it needs, in one statement.

use super::sql::{Row, Sql, live};
use super::teams::team;
use crate::app::model::{Workspace, WorkspaceSight};
use crate::app::ports::StoreResult;
use crate::domain::policy::{Grant, Standing};
use crate::domain::{Timestamp, UserId};
use std::sync::Arc;

/// Begins a statement that reads sights of the workspaces `w` that `from` names. The reader is `$1`, the moment `$2`.
pub(super) fn select(user: Option<UserId>, now: Timestamp, from: &str) -> Sql {
    let mut sql = values(user, now);
    let text = select_text(from);
    sql.push(&text);
    sql
}

/// The values that [`select_text`] counts on.
pub(super) fn values(user: Option<UserId>, now: Timestamp) -> Sql {
    let mut sql = Sql::new("");
    sql.value(super::sql::reader(user));
    sql.value(now.as_micros());
    sql
}

pub(super) fn select_text(from: &str) -> String {
    format!(
        "SELECT w.id, w.team_id, w.name, w.summary, w.description, w.visibility, w.multi_partner, w.version, w.created_at, w.created_by,
            w.updated_at, w.updated_by, w.left_partner_at,
            t.name AS team_name, t.slug, t.plan, t.policies, t.created_at AS team_created_at, tm.roles AS team_roles,
            g.id AS grant_id, g.side AS grant_side, g.role AS grant_role, g.partner_lead, g.organization_id,
            EXISTS (SELECT 1 FROM workspace_member p WHERE p.workspace_id = w.id AND p.side = 'PARTNER' AND {partner_is_live}) AS partners_remain,
            EXISTS (SELECT 1 FROM workspace_member a WHERE a.workspace_id = w.id AND a.role = 'ADMIN' AND a.user_id <> $1 AND {admin_is_live})
                AS has_other_admin
         FROM {from}
         JOIN team t ON t.id = w.team_id
         LEFT JOIN team_member tm ON tm.team_id = w.team_id AND tm.user_id = $1
         LEFT JOIN workspace_member g ON g.workspace_id = w.id AND g.user_id = $1 AND {grant_is_live}",
        partner_is_live = live("p", "$2"),
        admin_is_live = live("a", "$2"),
        grant_is_live = live("g", "$2"),
    )
}

/// A sight, in the columns that [`select`] names.
pub(super) fn sight(row: &Row, user: Option<UserId>) -> StoreResult<WorkspaceSight> {
    let own_member = row.optional_id("grant_id")?;
    let grant = match own_member {
        None => None,
        Some(_) => Some(Grant {
            side: row.named("grant_side")?,
            role: row.named("grant_role")?,
            partner_lead: row.get("partner_lead")?,
            organization: row.optional_id("organization_id")?,
        }),
    };
    Ok(WorkspaceSight {
        workspace: workspace(row)?,
        team: Arc::new(team(row)?),
        standing: Standing { user, team_roles: row.roles("team_roles")?, grant, element_role: None },
        own_member,
        partners_remain: row.get("partners_remain")?,
        has_other_admin: row.get("has_other_admin")?,
    })
}

fn workspace(row: &Row) -> StoreResult<Workspace> {
    Ok(Workspace {
        id: row.id("id")?,
        team_id: row.id("team_id")?,
        name: row.get("name")?,
        summary: row.get("summary")?,
        description: row.get("description")?,
        visibility: row.named("visibility")?,
        multi_partner: row.get("multi_partner")?,
        version: row.get("version")?,
        created_at: row.time("created_at")?,
        created_by: row.id("created_by")?,
        updated_at: row.time("updated_at")?,
        updated_by: row.id("updated_by")?,
        left_partner_at: row.optional_time("left_partner_at")?,
    })
}

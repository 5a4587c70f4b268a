//! A workspace together with what the reader is towards it: what every decision about it needs, in one statement.

use super::sql::{Row, Sql, live};
use super::teams::team;
use crate::app::model::{Workspace, WorkspaceSight};
use crate::app::ports::StoreResult;
use crate::domain::policy::{Grant, Standing};
use crate::domain::{MemberId, Side, TeamRoles, Timestamp, UserId, WorkspaceRole};
use std::sync::Arc;
use strum::VariantArray;

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
            tm.organization_id, g.id AS grant_id, g.role AS grant_role, g.partner_lead, g.expires_at AS grant_expires_at,
            (SELECT MAX({group_rank}) * 2 + MAX(CASE WHEN gg.partner_lead THEN 1 ELSE 0 END) {through_groups}) AS group_grant,
            (SELECT MIN(gg.expires_at) {through_groups}) AS group_expires_at,
            (EXISTS (SELECT 1 FROM workspace_member p WHERE p.workspace_id = w.id AND p.side = 'PARTNER' AND {partner_is_live})
             OR EXISTS (SELECT 1 FROM invitation i WHERE i.workspace_id = w.id AND i.status = 'PENDING' AND i.side = 'PARTNER' AND i.expires_at > $2))
                AS partners_remain,
            EXISTS (SELECT 1 FROM workspace_member a WHERE a.workspace_id = w.id AND a.role = 'ADMIN' AND {admin_is_live} AND (a.user_id <> $1
                OR EXISTS (SELECT 1 FROM group_member am WHERE am.group_id = a.group_id AND am.user_id <> $1))) AS has_other_admin
         FROM {from}
         JOIN team t ON t.id = w.team_id
         LEFT JOIN team_member tm ON tm.team_id = w.team_id AND tm.user_id = $1
         LEFT JOIN workspace_member g ON g.workspace_id = w.id AND g.user_id = $1 AND {grant_is_live}",
        partner_is_live = live("p", "$2"),
        admin_is_live = live("a", "$2"),
        grant_is_live = live("g", "$2"),
        group_rank = rank("gg.role"),
        through_groups = through_groups(),
    )
}

/// A sight, in the columns that [`select`] names.
pub(super) fn sight(row: &Row, user: Option<UserId>, now: Timestamp) -> StoreResult<WorkspaceSight> {
    let workspace = workspace(row)?;
    let team_roles = row.roles("team_roles")?;
    let own_member = row.optional_id("grant_id")?;
    let ends = [row.optional_time("grant_expires_at")?, row.optional_time("group_expires_at")?, workspace.left_partner_at.map(former_end)];
    let grant = grant(row, own_member, team_roles)?.map(|grant| grant.in_mode(workspace.multi_partner));
    Ok(WorkspaceSight {
        changes_at: ends.into_iter().flatten().filter(|end| *end > now).min(),
        workspace,
        team: Arc::new(team(row)?),
        standing: Standing { user, team_roles, grant, element_role: None },
        own_member,
        partners_remain: row.get("partners_remain")?,
        has_other_admin: row.get("has_other_admin")?,
    })
}

/// The highest of what the reader was given here, by themself and through groups. The side is the one that they are on in the
/// team: whoever is not in it has no grant, whatever a row says.
fn grant(row: &Row, own: Option<MemberId>, team_roles: TeamRoles) -> StoreResult<Option<Grant>> {
    let own = match own {
        None => None,
        Some(_) => Some((row.named::<WorkspaceRole>("grant_role")?, row.get::<bool>("partner_lead")?)),
    };
    let through_groups = row.get::<Option<i32>>("group_grant")?.map(|packed| (role_of_rank(packed / 2), packed % 2 == 1));
    let side = if team_roles.is_team_member() { Side::Team } else { Side::Partner };
    let organization = row.optional_id("organization_id")?;
    let grants = own.into_iter().chain(through_groups).filter(|_| !team_roles.is_empty());
    let highest = grants.reduce(|(role, lead), (other, other_lead)| (role.max(other), lead || other_lead));
    Ok(highest.map(|(role, partner_lead)| Grant { side, role, partner_lead, organization }))
}

/// The grants `gg` that reach the reader through groups, in the workspace `w`.
fn through_groups() -> String {
    format!(
        "FROM group_member gm JOIN workspace_member gg ON gg.group_id = gm.group_id AND gg.workspace_id = w.id
         WHERE gm.user_id = $1 AND {}",
        live("gg", "$2")
    )
}

/// The place of a role among the roles, since its name does not tell.
pub(super) fn rank(column: &str) -> String {
    let ranks = WorkspaceRole::VARIANTS.iter().enumerate().map(|(rank, role)| format!("WHEN '{role}' THEN {rank}"));
    format!("CASE {column} {} END", ranks.collect::<Vec<_>>().join(" "))
}

pub(super) fn role_of_rank(rank: i32) -> WorkspaceRole {
    usize::try_from(rank).ok().and_then(|rank| WorkspaceRole::VARIANTS.get(rank).copied()).unwrap_or(WorkspaceRole::Viewer)
}

/// When Partner Managers lose sight of a workspace that stopped being a partner workspace.
fn former_end(left_partner_at: Timestamp) -> Timestamp {
    left_partner_at + crate::app::access::FORMER_PARTNER_TERM
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

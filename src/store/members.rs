//! Grants in workspaces, and whom they reach.

use super::Transaction;
use super::sql::{Row, Session, Sql, any_role, descending, limit, live, micros, pattern, reader, team_side, uuid, uuids};
use super::users::{person, recipient};
use crate::app::access::Granted;
use crate::app::model::{Group, Member, MemberSubject, Person, Recipient, Workspace, WorkspaceSight};
use crate::app::paging::{Page, PageRequest};
use crate::app::ports::{GroupsInSight, MemberFilter, MemberPage, NewMember, StoreResult};
use crate::domain::activity::SubjectRef;
use crate::domain::{GroupId, MemberId, Side, TeamRole, TeamRoles, Timestamp, UserId, Visibility, WorkspaceId, WorkspaceRole};
use sea_orm::ConnectionTrait;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Everything of a [`Member`], for the grants `m` that `from` names. The reader is `$1`; they read the person's address if it
/// is their own or they are of the team's own side, for whoever holds a grant is in the team.
pub(super) fn select(from: &str, columns: &str) -> String {
    format!(
        r#"SELECT m.id, m.workspace_id, m.user_id, m.group_id, m.side, m.role, m.partner_lead, m.organization_id, m.granted_by, m.granted_at,
               m.expires_at, m.team_id, gr.name AS group_name, gr.created_by AS group_created_by, gr.created_at AS group_created_at,
               u.name AS user_name, CASE WHEN u.id = $1 OR {} THEN u.email END AS shown_email{columns}
           FROM {from}
           LEFT JOIN "user" u ON u.id = m.user_id
           LEFT JOIN "group" gr ON gr.id = m.group_id
           LEFT JOIN team_member tm ON tm.team_id = m.team_id AND tm.user_id = $1"#,
        any_role("tm.roles", team_side())
    )
}

pub(super) async fn find<C: ConnectionTrait>(
    session: &Session<C>,
    user: Option<UserId>,
    id: MemberId,
    now: Timestamp,
) -> StoreResult<Option<Member>> {
    let text = format!("{} WHERE m.id = $2 AND {}", select("workspace_member m", ""), live("m", "$3"));
    let row = session.one(text, [reader(user).into(), id.uuid().into(), now.as_micros().into()]).await?;
    row.map(|row| member(&row)).transpose()
}

pub(super) async fn find_of<C: ConnectionTrait>(
    session: &Session<C>,
    workspace: WorkspaceId,
    user: UserId,
    now: Timestamp,
) -> StoreResult<Option<Member>> {
    let text = format!("{} WHERE m.user_id = $1 AND m.workspace_id = $2 AND {}", select("workspace_member m", ""), live("m", "$3"));
    let row = session.one(text, [user.uuid().into(), workspace.uuid().into(), now.as_micros().into()]).await?;
    row.map(|row| member(&row)).transpose()
}

pub(super) async fn has_other_admin<C: ConnectionTrait>(
    session: &Session<C>,
    workspace: WorkspaceId,
    than: MemberId,
    now: Timestamp,
) -> StoreResult<bool> {
    let live = live("a", "$3");
    let text = format!(
        "SELECT 1 FROM workspace_member a WHERE a.workspace_id = $1 AND a.role = 'ADMIN' AND a.id <> $2 AND {live}
           AND (a.user_id IS NOT NULL OR EXISTS (SELECT 1 FROM group_member am WHERE am.group_id = a.group_id)) LIMIT 1"
    );
    Ok(session.one(text, [workspace.uuid().into(), than.uuid().into(), now.as_micros().into()]).await?.is_some())
}

pub(super) async fn list<C: ConnectionTrait>(
    session: &Session<C>,
    user: UserId,
    workspaces: &[WorkspaceId],
    filter: &MemberFilter,
    page: PageRequest<Uuid>,
    now: Timestamp,
) -> StoreResult<Vec<MemberPage>> {
    if workspaces.is_empty() {
        return Ok(Vec::new());
    }
    let sql = list_statement(user, workspaces, filter, &page, now);
    let rows = session.all(sql.text, sql.values).await?;

    let mut found: BTreeMap<WorkspaceId, (Vec<Member>, i64)> = BTreeMap::new();
    for row in &rows {
        let (members, total) = found.entry(row.id("workspace_id")?).or_default();
        *total = row.get("total")?;
        if row.get::<i32>("outside")? == 0 {
            members.push(member(row)?);
        }
    }
    let pages = workspaces.iter().map(|&workspace_id| {
        let (members, total) = found.get(&workspace_id).cloned().unwrap_or_default();
        MemberPage { workspace_id, page: Page::of(&page, members), total }
    });
    Ok(pages.collect())
}

/// A page of each workspace. One grant from outside of the page comes with it, if there is any: it carries the total where the
/// page itself is empty.
fn list_statement(user: UserId, workspaces: &[WorkspaceId], filter: &MemberFilter, page: &PageRequest<Uuid>, now: Timestamp) -> Sql {
    let mut sql = Sql::new("");
    sql.value(user.uuid());
    let now = sql.value(now.as_micros());
    let size = sql.value(limit(page.limit()));
    let mut within = Sql { text: String::from("1 = 1"), values: std::mem::take(&mut sql.values) };
    within.within("x.id", page);
    let within_page = std::mem::take(&mut within.text);

    let mut sql = within;
    sql.push("(SELECT y.*, COUNT(*) OVER (PARTITION BY y.workspace_id) AS total, ")
        .push("ROW_NUMBER() OVER (PARTITION BY y.workspace_id, y.outside ORDER BY y.id")
        .push(descending(page))
        .push(") AS place FROM (SELECT x.*, CASE WHEN ")
        .push(&within_page)
        .push(" THEN 0 ELSE 1 END AS outside FROM workspace_member x");
    if filter.search.is_some() {
        sql.push(r#" LEFT JOIN "user" n ON n.id = x.user_id LEFT JOIN "group" ng ON ng.id = x.group_id"#);
    }
    sql.push(" WHERE x.workspace_id IN ").list(&uuids(workspaces)).push(" AND ").push(&live("x", &now));
    if let Some(side) = filter.side {
        sql.push(" AND x.side = ").bind(side.to_string());
    }
    if let Some(search) = &filter.search {
        sql.push(" AND COALESCE(n.name_key, ng.name_key) LIKE ").bind(pattern(search)).push(r" ESCAPE '\'");
    }
    match filter.sight.groups {
        GroupsInSight::All => {}
        GroupsInSight::OfOrganization(organization) => {
            sql.push(" AND (x.group_id IS NULL OR x.organization_id = ").bind(organization.uuid()).push(")");
        }
        GroupsInSight::Nothing => {
            sql.push(" AND x.group_id IS NULL");
        }
    }
    if let Some(organization) = filter.sight.only_organization {
        sql.push(" AND (x.side = 'TEAM' OR x.organization_id = ").bind(organization.uuid()).push(")");
    }
    sql.push(") y) m");

    let text = select(&sql.text, ", m.total, m.outside");
    let order = descending(page);
    Sql {
        text: format!("{text} WHERE m.place <= CASE WHEN m.outside = 0 THEN {size} ELSE 1 END ORDER BY m.workspace_id, m.id{order}"),
        values: sql.values,
    }
}

pub(super) async fn list_recipients<C: ConnectionTrait>(
    session: &Session<C>,
    workspace: WorkspaceId,
    role: Option<WorkspaceRole>,
    now: Timestamp,
) -> StoreResult<Vec<Recipient>> {
    let of_role = role.map_or_else(String::new, |role| format!("AND m.role = '{role}'"));
    let text = format!(
        r#"SELECT u.id AS user_id, u.email FROM "user" u WHERE u.id IN (
               SELECT m.user_id FROM workspace_member m WHERE m.workspace_id = $1 AND m.user_id IS NOT NULL AND {live} {of_role}
               UNION SELECT gm.user_id FROM workspace_member m JOIN group_member gm ON gm.group_id = m.group_id
                     WHERE m.workspace_id = $1 AND {live} {of_role}) ORDER BY u.id"#,
        live = live("m", "$2")
    );
    session.all(text, [workspace.uuid().into(), now.as_micros().into()]).await?.iter().map(recipient).collect()
}

pub(super) async fn list_implicit_viewers<C: ConnectionTrait>(
    session: &Session<C>,
    workspace: &Workspace,
    becomes: Visibility,
    now: Timestamp,
) -> StoreResult<Vec<Recipient>> {
    if !workspace.visibility.is_open_to_team() || becomes.is_open_to_team() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new("SELECT u.id AS user_id, u.email");
    from_implicit_viewers(&mut sql, workspace, becomes, now);
    sql.push(" ORDER BY u.id");
    session.all(sql.text, sql.values).await?.iter().map(recipient).collect()
}

pub(super) async fn list_would_lose_access<C: ConnectionTrait>(
    session: &Session<C>,
    user: UserId,
    sight: &Granted<WorkspaceSight>,
    page: PageRequest<Uuid>,
    now: Timestamp,
) -> StoreResult<Page<Person>> {
    let workspace = &sight.workspace;
    if !workspace.visibility.is_open_to_team() {
        return Ok(Page::of(&page, Vec::new()));
    }
    let mut sql = Sql::new("SELECT u.id AS user_id, u.name AS user_name, CASE WHEN u.id = ");
    sql.bind(user.uuid()).push(" OR ").bind(sight.standing.team_roles.is_team_member()).push(" THEN u.email END AS shown_email");
    from_implicit_viewers(&mut sql, workspace, Visibility::Partner, now);
    sql.within("u.id", &page).page("u.id", &page);
    let rows = session.all(sql.text, sql.values).await?;
    let rows: StoreResult<Vec<_>> = rows.iter().map(person).collect();
    Ok(Page::of(&page, rows?))
}

/// Appends the people `u` who look in only because the team may, and will not be able to any more.
fn from_implicit_viewers(sql: &mut Sql, workspace: &Workspace, becomes: Visibility, now: Timestamp) {
    let mut keep = TeamRoles::NONE.with(TeamRole::SuperAdmin);
    if becomes == Visibility::Partner {
        keep = keep.with(TeamRole::PartnerManager);
    }
    sql.push(r#" FROM team_member tm JOIN "user" u ON u.id = tm.user_id WHERE tm.team_id = "#).bind(workspace.team_id.uuid());
    sql.push(&format!(" AND {} AND NOT ({})", any_role("tm.roles", team_side()), any_role("tm.roles", keep)));
    sql.push(" AND NOT EXISTS (SELECT 1 FROM workspace_member m WHERE m.workspace_id = ").bind(workspace.id.uuid());
    let now = sql.value(now.as_micros());
    sql.push(" AND m.user_id = tm.user_id AND ").push(&live("m", &now)).push(")");
    sql.push(" AND NOT EXISTS (SELECT 1 FROM group_member gm JOIN workspace_member m ON m.group_id = gm.group_id WHERE m.workspace_id = ");
    sql.bind(workspace.id.uuid()).push(" AND gm.user_id = tm.user_id AND ").push(&live("m", &now)).push(")");
}

pub(super) async fn insert(transaction: &Transaction, member: &NewMember) -> StoreResult<bool> {
    // A grant that has ended is no grant; it makes room if nobody has cleared it away yet.
    let (column, [user, group]) = match member.subject {
        SubjectRef::Person { user_id: user } => ("user_id", [uuid(Some(user)), uuid(None::<GroupId>)]),
        SubjectRef::Group { group_id: group } => ("group_id", [uuid(None::<UserId>), uuid(Some(group))]),
    };
    let text = format!(
        "INSERT INTO workspace_member (id, team_id, workspace_id, user_id, group_id, side, role, partner_lead, organization_id, granted_by,
             granted_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (workspace_id, {column}) DO UPDATE SET id = excluded.id, side = excluded.side, role = excluded.role,
             partner_lead = excluded.partner_lead, organization_id = excluded.organization_id, granted_by = excluded.granted_by,
             granted_at = excluded.granted_at, expires_at = excluded.expires_at, expiry_told_at = NULL
         WHERE workspace_member.expires_at <= excluded.granted_at"
    );
    let values = [
        member.id.uuid().into(),
        member.team_id.uuid().into(),
        member.workspace_id.uuid().into(),
        user,
        group,
        member.side.to_string().into(),
        member.role.to_string().into(),
        member.partner_lead.into(),
        uuid(member.organization_id),
        member.granted_by.uuid().into(),
        member.granted_at.as_micros().into(),
        micros(member.expires_at),
    ];
    Ok(transaction.run(text, values).await? == 1)
}

pub(super) async fn delete_partners(
    transaction: &Transaction,
    sight: &Granted<WorkspaceSight>,
    now: Timestamp,
) -> StoreResult<Vec<Member>> {
    let workspace = sight.workspace.id.uuid();
    let partner = Side::Partner;
    let text = format!(
        "{} WHERE m.workspace_id = $2 AND m.side = '{partner}' AND {} ORDER BY m.id",
        select("workspace_member m", ""),
        live("m", "$3")
    );
    let ended = transaction.all(text, [reader(sight.standing.user).into(), workspace.into(), now.as_micros().into()]).await?;
    // What the clock has ended is left to the job, which tells its people so.
    let live = live("workspace_member", "$2");
    let text = format!("DELETE FROM workspace_member WHERE workspace_id = $1 AND side = '{partner}' AND {live}");
    transaction.run(text, [workspace.into(), now.as_micros().into()]).await?;
    ended.iter().map(member).collect()
}

pub(super) fn member(row: &Row) -> StoreResult<Member> {
    Ok(Member {
        id: row.id("id")?,
        workspace_id: row.id("workspace_id")?,
        subject: subject(row)?,
        side: row.named("side")?,
        role: row.named("role")?,
        partner_lead: row.get("partner_lead")?,
        organization_id: row.optional_id("organization_id")?,
        granted_by: row.optional_id("granted_by")?,
        granted_at: row.time("granted_at")?,
        expires_at: row.optional_time("expires_at")?,
    })
}

/// Whom something is given to, in the columns that [`select`] names.
pub(super) fn subject(row: &Row) -> StoreResult<MemberSubject> {
    Ok(match row.optional_id("group_id")? {
        Some(id) => MemberSubject::Group(Group {
            id,
            team_id: row.id("team_id")?,
            name: row.get("group_name")?,
            side: row.named("side")?,
            organization_id: row.optional_id("organization_id")?,
            created_by: row.id("group_created_by")?,
            created_at: row.time("group_created_at")?,
        }),
        None => MemberSubject::Person(person(row)?),
    })
}

//! The workspaces that somebody finds in their list: the policy's answer to `ListWorkspace`, asked the other way round.
//!
//! A workspace comes into the list by one of several *arms* (a grant, the team role, the visibility). Each arm reads no more
//! than a page, in order, from an index; the page of the list is the first of what the arms found.

use super::sql::{Sql, any_role, descending, limit, live, pattern, team_side};
use super::workspace_sight::{select_text, values};
use crate::app::access::FORMER_PARTNER_TERM;
use crate::app::paging::PageRequest;
use crate::app::ports::WorkspaceFilter;
use crate::domain::{TeamRole, TeamRoles, Timestamp, UserId, Visibility};
use sea_orm::DbBackend;
use strum::VariantArray;
use uuid::Uuid;

/// The statement for a page of the list.
pub(super) fn statement(backend: DbBackend, user: UserId, filter: &WorkspaceFilter, page: &PageRequest<Uuid>, now: Timestamp) -> Sql {
    let mut list = List { backend, filter, page, sql: values(Some(user), now), bounds: String::new(), limit: String::new() };
    list.bind_shared();
    let arms = list.arms(now);
    let List { mut sql, limit, .. } = list;
    let order = descending(page);
    let found = format!(
        "(SELECT id FROM ({}) reachable ORDER BY id{order} LIMIT {limit}) found JOIN workspace w ON w.id = found.id",
        arms.join(" UNION ")
    );
    sql.push(&select_text(&found)).push(" ORDER BY w.id").push(order);
    sql
}

struct List<'a> {
    backend: DbBackend,
    filter: &'a WorkspaceFilter,
    page: &'a PageRequest<Uuid>,
    sql: Sql,
    /// What every arm asks of the workspace `w`: the filters, but for the team, and the ends of the page.
    bounds: String,
    limit: String,
}

impl List<'_> {
    fn bind_shared(&mut self) {
        self.limit = self.sql.value(limit(self.page.limit()));
        if let Some(search) = &self.filter.search {
            let pattern = self.sql.value(pattern(search));
            self.bounds = format!(r" AND w.name_key LIKE {pattern} ESCAPE '\'");
        }
        if let Some(accepts) = &self.filter.accepts {
            let except = self.sql.value(accepts.except.uuid());
            self.bounds.extend([" AND w.id <> ", &except]);
        }
    }

    fn arms(&mut self, now: Timestamp) -> Vec<String> {
        let bounds = self.ends("w.id");
        let asked = self.asked();
        let shows = |visibility| asked.contains(&visibility);
        let exactly = |visibility: Visibility| format!("w.visibility = '{visibility}'");
        let only_asked = match asked.as_slice() {
            [] => "1 = 0".to_owned(),
            [one] => exactly(*one),
            all if all.len() == Visibility::VARIANTS.len() => "1 = 1".to_owned(),
            some => format!("w.visibility IN ({})", some.iter().map(|visibility| format!("'{visibility}'")).collect::<Vec<_>>().join(", ")),
        };
        let creates = self.filter.accepts.is_some();

        let mut arms = vec![self.granted(&only_asked), self.granted_to_groups(&only_asked)];
        for open in [Visibility::Team, Visibility::Public] {
            // Who looks in without a grant creates nothing.
            if shows(open) && !creates {
                arms.push(self.of_teams(team_side(), &exactly(open), &bounds));
            }
        }
        arms.push(self.of_teams(TeamRoles::NONE.with(TeamRole::SuperAdmin), &only_asked, &bounds));
        let partner_manager = TeamRoles::NONE.with(TeamRole::PartnerManager);
        if shows(Visibility::Partner) {
            arms.push(self.of_teams(partner_manager, &exactly(Visibility::Partner), &bounds));
        }
        if asked != [Visibility::Partner] && !creates {
            let since = self.sql.value((now - FORMER_PARTNER_TERM).as_micros());
            arms.push(self.of_teams(partner_manager, &format!("w.left_partner_at > {since} AND {only_asked}"), &bounds));
        }
        arms
    }

    /// Of which visibilities a workspace may be.
    fn asked(&self) -> Vec<Visibility> {
        let accepted =
            |visibility: &Visibility| self.filter.accepts.as_ref().is_none_or(|accepts| accepts.visibilities.contains(visibility));
        let asked = |visibility: &Visibility| self.filter.visibility.is_none_or(|asked| asked == *visibility);
        Visibility::VARIANTS.iter().copied().filter(|visibility| accepted(visibility) && asked(visibility)).collect()
    }

    /// That the grant `g` in the workspace `w` lets its people create elements, where that is asked for. In multi-partner mode partners are
    /// Viewers, whatever it says.
    fn creating(&self) -> &'static str {
        if self.filter.accepts.is_some() { " AND g.role <> 'VIEWER' AND (g.side = 'TEAM' OR NOT w.multi_partner)" } else { "" }
    }

    /// Where the reader holds a grant. A partner's counts in a partner workspace only.
    fn granted(&mut self, asked: &str) -> String {
        let team = self.filter.team.map(|team| format!(" AND g.team_id = {}", self.sql.value(team.uuid()))).unwrap_or_default();
        let (bounds, order) = (self.ends("g.workspace_id"), descending(self.page));
        format!(
            "SELECT id FROM (SELECT g.workspace_id AS id FROM workspace_member g JOIN workspace w ON w.id = g.workspace_id
             WHERE g.user_id = $1 AND {live}{team} AND (g.side = 'TEAM' OR w.visibility = 'PARTNER') AND {asked}{creating}{bounds} ORDER BY g.workspace_id{order} LIMIT {limit}) granted",
            live = live("g", "$2"),
            creating = self.creating(),
            limit = self.limit,
        )
    }

    /// Where a group of the reader holds a grant: a page of each group.
    fn granted_to_groups(&mut self, asked: &str) -> String {
        let team = self.filter.team.map(|team| format!(" AND gm.team_id = {}", self.sql.value(team.uuid()))).unwrap_or_default();
        let (bounds, order) = (self.ends("g.workspace_id"), descending(self.page));
        let member = format!("gm.user_id = $1{team}");
        let first = format!(
            "SELECT g.workspace_id AS id FROM workspace_member g JOIN workspace w ON w.id = g.workspace_id
             WHERE g.group_id = gm.group_id AND {live} AND (g.side = 'TEAM' OR w.visibility = 'PARTNER') AND {asked}{creating}{bounds} ORDER BY g.workspace_id{order} LIMIT {limit}",
            live = live("g", "$2"),
            creating = self.creating(),
            limit = self.limit,
        );
        self.each("group_member gm", &member, &first)
    }

    /// Where a role in the team opens what `which` says of it: a page of each of the reader's teams.
    fn of_teams(&mut self, roles: TeamRoles, which: &str, bounds: &str) -> String {
        let team = self.filter.team.map(|team| format!(" AND tm.team_id = {}", self.sql.value(team.uuid()))).unwrap_or_default();
        let member = format!("tm.user_id = $1 AND {}{team}", any_role("tm.roles", roles));
        let first = format!(
            "SELECT w.id FROM workspace w WHERE w.team_id = tm.team_id AND {which}{bounds} ORDER BY w.id{order} LIMIT {limit}",
            order = descending(self.page),
            limit = self.limit
        );
        self.each("team_member tm", &member, &first)
    }

    /// The workspaces that `first` finds for each row of `from`.
    fn each(&self, from: &str, which: &str, first: &str) -> String {
        match self.backend {
            // SQLite has no LATERAL; a row looked up by an id of the inner page comes to the same.
            DbBackend::Sqlite => format!("SELECT x.id FROM {from} CROSS JOIN workspace x WHERE {which} AND x.id IN ({first})"),
            _ => format!("SELECT x.id FROM {from} CROSS JOIN LATERAL ({first}) x WHERE {which}"),
        }
    }

    fn ends(&mut self, column: &str) -> String {
        let mut bounds = self.bounds.clone();
        for (operator, end) in [(" > ", self.page.after), (" < ", self.page.before)] {
            if let Some(end) = end {
                let end = self.sql.value(end);
                bounds.extend([" AND ", column, operator, end.as_str()]);
            }
        }
        bounds
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Database, Options};
    use sea_orm::{ConnectionTrait, Statement};
    use type_safe_id::TypeSafeId;

    #[tokio::test]
    async fn every_arm_reads_an_index_on_sqlite() {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}/portico.db?mode=rwc", folder.path().display());
        let database = Database::connect(&url, Options::default()).await.expect("it opens");
        database.migrate().await.expect("it migrates");
        let page = PageRequest::new(Some(10), Some(Uuid::max()), None, None).expect("in range");
        for team in [None, Some(TypeSafeId::from_uuid(Uuid::max()))] {
            let filter = WorkspaceFilter { team, ..WorkspaceFilter::default() };
            let sql = statement(DbBackend::Sqlite, TypeSafeId::from_uuid(Uuid::max()), &filter, &page, Timestamp::from_micros(0));
            let explain = Statement::from_sql_and_values(DbBackend::Sqlite, format!("EXPLAIN QUERY PLAN {}", sql.text), sql.values);
            let rows = database.readers.connection.query_all_raw(explain).await.expect("it runs");
            let steps: Vec<String> = rows.iter().map(|row| row.try_get("", "detail").expect("a step")).collect();
            let is_scan = |step: &&String| ["SCAN w", "SCAN x", "SCAN g", "SCAN gm", "SCAN tm", "SCAN t"].contains(&step.as_str());
            assert_eq!(steps.iter().find(is_scan), None, "{}", steps.join("\n"));
            for index in ["workspace_visibility (team_id=? AND visibility=? AND id>?)", "workspace_former_partner (team_id=? AND id>?)"] {
                assert!(steps.iter().any(|step| step.contains(index)), "{index} is not used:\n{}", steps.join("\n"));
            }
        }
    }
}

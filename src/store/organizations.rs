//! Partner organizations, their domains, and what their partners can reach.

use super::Transaction;
use super::members::{member, select};
use super::sql::{Row, Session, Sql, live, pattern, uuids};
use super::teams::member as team_member;
use super::users::{person, reach};
use crate::app::access::Granted;
use crate::app::model::{Member, Organization, Person, TeamMember};
use crate::app::paging::{Page, PageRequest};
use crate::app::ports::{OrganizationQueries, OrganizationWrites, StoreResult};
use crate::domain::policy::{self, Action};
use crate::domain::{OrganizationId, TeamId, TeamRoles, Timestamp, UserId};
use async_trait::async_trait;
use sea_orm::{ConnectionTrait, Value};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use uuid::Uuid;

/// Who sees the partnerships of a team.
pub(super) fn viewers() -> TeamRoles {
    static VIEWERS: LazyLock<TeamRoles> = LazyLock::new(|| policy::team_roles_that_may(Action::ViewPartnerships));
    *VIEWERS
}

/// Organizations `o` with a row for each domain.
const SELECT: &str = "SELECT o.id, o.team_id, o.name, o.created_at, d.domain FROM ";
const DOMAINS: &str = " o LEFT JOIN organization_domain d ON d.organization_id = o.id ORDER BY o.id, d.domain";

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> OrganizationQueries for Session<C> {
    async fn list_organizations_by_id(&self, ids: &[OrganizationId]) -> StoreResult<Vec<Organization>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut sql = Sql::new(SELECT);
        sql.push("(SELECT * FROM organization WHERE id IN ").list(&uuids(ids)).push(")").push(DOMAINS);
        organizations(&self.all(sql.text, sql.values).await?)
    }

    async fn find_organization_by_domain(&self, team: TeamId, domain: &str) -> StoreResult<Option<Organization>> {
        let text = format!(
            "{SELECT}(SELECT x.* FROM organization x JOIN organization_domain y ON y.organization_id = x.id
                      WHERE y.team_id = $1 AND y.domain = $2){DOMAINS}"
        );
        Ok(organizations(&self.all(text, [team.uuid().into(), domain.into()]).await?)?.pop())
    }

    async fn find_organization_by_name(&self, team: TeamId, name_key: &str) -> StoreResult<Option<Organization>> {
        let text = format!("{SELECT}(SELECT * FROM organization WHERE team_id = $1 AND name_key = $2){DOMAINS}");
        Ok(organizations(&self.all(text, [team.uuid().into(), name_key.into()]).await?)?.pop())
    }

    async fn list_organizations(&self, team: TeamId, search: Option<&str>, page: PageRequest<Uuid>) -> StoreResult<Page<Organization>> {
        let mut sql = Sql::new(SELECT);
        sql.push("(SELECT * FROM organization x WHERE x.team_id = ").bind(team.uuid());
        if let Some(search) = search {
            sql.push(" AND x.name_key LIKE ").bind(pattern(search)).push(r" ESCAPE '\'");
        }
        sql.within("x.id", &page).page("x.id", &page).push(")").push(DOMAINS);
        let mut found = organizations(&self.all(sql.text, sql.values).await?)?;
        if page.direction == crate::app::paging::Direction::Backward {
            found.reverse();
        }
        Ok(Page::of(&page, found))
    }

    async fn knows_organization(&self, reader: UserId, organization: OrganizationId, now: Timestamp) -> StoreResult<bool> {
        let text = format!(
            "SELECT 1 FROM organization o WHERE o.id = $3 AND (
                 EXISTS (SELECT 1 FROM team_member t WHERE t.user_id = $1 AND t.organization_id = o.id)
                 OR EXISTS (SELECT 1 FROM {reach} r JOIN workspace_member p ON p.workspace_id = r.workspace_id AND p.organization_id = o.id AND {live}
                            JOIN workspace w ON w.id = r.workspace_id
                            WHERE w.visibility = 'PARTNER' AND (NOT w.multi_partner OR r.side = 'TEAM' OR r.partner_lead)))",
            reach = reach("$1", "$2"),
            live = live("p", "$2"),
        );
        let values = [reader.uuid().into(), now.as_micros().into(), organization.uuid().into()];
        Ok(self.one(text, values).await?.is_some())
    }

    async fn leads(&self, reader: UserId, organization: OrganizationId, now: Timestamp) -> StoreResult<bool> {
        let text = format!(
            "SELECT 1 FROM {} r JOIN workspace w ON w.id = r.workspace_id
             WHERE r.organization_id = $3 AND r.partner_lead AND w.visibility = 'PARTNER' LIMIT 1",
            reach("$1", "$2")
        );
        let values = [reader.uuid().into(), now.as_micros().into(), organization.uuid().into()];
        Ok(self.one(text, values).await?.is_some())
    }

    async fn list_partners(
        &self,
        organization: &Granted<Organization>,
        page: PageRequest<Uuid>,
    ) -> StoreResult<Page<(TeamMember, Person)>> {
        let mut sql = Sql::new(
            r#"SELECT tm.id, tm.team_id, tm.user_id, tm.roles AS team_roles, tm.organization_id, tm.joined_at, u.name AS user_name,
                      u.email AS shown_email
               FROM team_member tm JOIN "user" u ON u.id = tm.user_id WHERE tm.organization_id = "#,
        );
        sql.bind(organization.id.uuid()).within("tm.id", &page).page("tm.id", &page);
        let rows = self.all(sql.text, sql.values).await?;
        let rows: StoreResult<Vec<_>> = rows.iter().map(|row| Ok((team_member(row)?, person(row)?))).collect();
        Ok(Page::of(&page, rows?))
    }

    async fn list_partner_access(
        &self,
        team: TeamId,
        partner: UserId,
        administered_by: Option<UserId>,
        page: PageRequest<Uuid>,
        now: Timestamp,
    ) -> StoreResult<Page<Member>> {
        // `$1` is the reader, to whom no addresses are shown here.
        let mut sql = Sql::new("");
        sql.value(Uuid::nil());
        let (user, moment) = (sql.value(partner.uuid()), sql.value(now.as_micros()));
        sql.push(&select("workspace_member m", "")).push(" WHERE m.team_id = ").bind(team.uuid()).push(" AND ").push(&live("m", &moment));
        sql.push(&format!(
            " AND (m.user_id = {user} OR m.group_id IN (SELECT gm.group_id FROM group_member gm WHERE gm.user_id = {user}))"
        ));
        if let Some(admin) = administered_by {
            let admin = sql.value(admin.uuid());
            sql.push(&format!(
                " AND EXISTS (SELECT 1 FROM workspace_member a WHERE a.workspace_id = m.workspace_id AND a.role = 'ADMIN' AND {}
                    AND (a.user_id = {admin} OR a.group_id IN (SELECT am.group_id FROM group_member am WHERE am.user_id = {admin})))",
                live("a", &moment)
            ));
        }
        sql.within("m.id", &page).page("m.id", &page);
        let rows = self.all(sql.text, sql.values).await?;
        let rows: StoreResult<Vec<_>> = rows.iter().map(member).collect();
        Ok(Page::of(&page, rows?))
    }
}

#[async_trait]
impl OrganizationWrites for Transaction {
    async fn insert_organization(&self, organization: &Organization) -> StoreResult<bool> {
        let text = "INSERT INTO organization (id, team_id, name, name_key, created_at) VALUES ($1, $2, $3, $4, $5)
                    ON CONFLICT (team_id, name_key) DO NOTHING";
        let values = [
            organization.id.uuid().into(),
            organization.team_id.uuid().into(),
            organization.name.as_str().into(),
            organization.name.to_lowercase().into(),
            organization.created_at.as_micros().into(),
        ];
        Ok(self.run(text, values).await? == 1)
    }

    async fn insert_organization_domains(&self, team: TeamId, organization: OrganizationId, domains: &[String]) -> StoreResult<bool> {
        if domains.is_empty() {
            return Ok(true);
        }
        let mut sql = Sql::new("INSERT INTO organization_domain (team_id, domain, organization_id) VALUES ");
        sql.rows(domains.iter().map(|domain| -> [Value; 3] { [team.uuid().into(), domain.as_str().into(), organization.uuid().into()] }));
        sql.push(" ON CONFLICT (team_id, domain) DO NOTHING");
        Ok(self.run(sql.text, sql.values).await? == domains.len() as u64)
    }

    async fn delete_organization_domains(&self, organization: &Granted<Organization>) -> StoreResult<()> {
        self.run("DELETE FROM organization_domain WHERE organization_id = $1", [organization.id.uuid().into()]).await.map(drop)
    }

    async fn set_organization_name(&self, organization: &Granted<Organization>, name: &str) -> StoreResult<bool> {
        let text = "UPDATE organization SET name = $2, name_key = $3 WHERE id = $1
                        AND NOT EXISTS (SELECT 1 FROM organization x WHERE x.team_id = organization.team_id AND x.name_key = $3 AND x.id <> $1)";
        Ok(self.run(text, [organization.id.uuid().into(), name.into(), name.to_lowercase().into()]).await? == 1)
    }
}

/// Organizations from a row for each domain, in the order of their ids.
fn organizations(rows: &[Row]) -> StoreResult<Vec<Organization>> {
    let mut found: BTreeMap<Uuid, Organization> = BTreeMap::new();
    for row in rows {
        let id: OrganizationId = row.id("id")?;
        let organization = match found.entry(id.uuid()) {
            std::collections::btree_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::btree_map::Entry::Vacant(place) => place.insert(Organization {
                id,
                team_id: row.id("team_id")?,
                name: row.get("name")?,
                domains: Vec::new(),
                created_at: row.time("created_at")?,
            }),
        };
        organization.domains.extend(row.get::<Option<String>>("domain")?);
    }
    Ok(found.into_values().collect())
}

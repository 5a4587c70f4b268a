//! Pull requests, their reviewers, and the comments on them.

use super::Transaction;
use super::sql::{Row, Session, Sql, descending, limit, micros, uuid, uuids};
use crate::app::access::{Granted, ProposalSight, PullRequestCommentSight, PullRequestSight};
use crate::app::model::{Ending, PullRequest, PullRequestComment, Review, Reviewer};
use crate::app::paging::{Page, PageRequest};
use crate::app::ports::{PullRequestFilter, PullRequestQueries, PullRequestWrites, StoreResult};
use crate::domain::pull_request::{PullRequestStatus, ReviewState};
use crate::domain::{ElementId, OrganizationId, PullRequestCommentId, PullRequestId, Timestamp, UserId};
use async_trait::async_trait;
use sea_orm::{ConnectionTrait, Value};
use std::collections::BTreeMap;
use type_safe_id::{StaticType, TypeSafeId};
use uuid::Uuid;

/// Where the pull request `p` of the fork `e` stands: one is approved as long as its fork is what an Editor of the parent has approved.
const STATUS: &str = "CASE WHEN p.status = 'OPEN' AND EXISTS (
        SELECT 1 FROM pull_request_reviewer r
        WHERE r.pull_request_id = p.id AND r.state = 'APPROVED' AND r.counts AND r.fork_version = e.version
    ) THEN 'APPROVED' ELSE p.status END";

/// From where a pull request `p` is read, with its fork `e`.
const FROM: &str = "FROM pull_request p LEFT JOIN element e ON e.id = p.fork_id";

/// Everything of a pull request `p`.
fn columns() -> String {
    format!(
        "p.id, p.team_id, p.parent_id, p.fork_id, p.fork_version AS opened_version, p.title, p.description, p.author_id, p.organization_id,
        p.created_at, p.updated_at, p.decided_at, p.decided_by, p.merged_version, p.version, {STATUS} AS status,
        CASE WHEN e.workspace_id IS NOT NULL THEN e.version END AS fork_version"
    )
}

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> PullRequestQueries for Session<C> {
    async fn find_pull_request(&self, id: PullRequestId) -> StoreResult<Option<PullRequest>> {
        let row = self.one(format!("SELECT {} {FROM} WHERE p.id = $1", columns()), [id.uuid().into()]).await?;
        row.map(|row| pull_request(&row)).transpose()
    }

    async fn list_pull_requests_by_id(&self, ids: &[PullRequestId]) -> StoreResult<Vec<PullRequest>> {
        let mut sql = Sql::new(&format!("SELECT {} {FROM} WHERE p.id IN ", columns()));
        sql.list(&uuids(ids));
        self.all(sql.text, sql.values).await?.iter().map(pull_request).collect()
    }

    async fn find_open_pull_request(&self, fork: ElementId) -> StoreResult<Option<PullRequest>> {
        let text = format!("SELECT {} {FROM} WHERE p.status = 'OPEN' AND p.fork_id = $1", columns());
        let row = self.one(text, [fork.uuid().into()]).await?;
        row.map(|row| pull_request(&row)).transpose()
    }

    async fn list_pull_requests(
        &self,
        parents: &[ElementId],
        filter: &PullRequestFilter,
        page: PageRequest<Uuid>,
    ) -> StoreResult<Vec<(ElementId, Page<PullRequest>)>> {
        let mut which = Sql::new("");
        if let Some(status) = filter.status {
            which.push(&format!(" AND {STATUS} = ")).bind(status.to_string());
        }
        within_sight(&mut which, "p", filter.only_organization);
        let list = List { columns: &columns(), from: FROM, alias: "p", of: "parent_id" };
        self.pages(&list, parents, which, page, pull_request).await
    }

    async fn list_reviewers(&self, of: &[PullRequestId]) -> StoreResult<Vec<Reviewer>> {
        if of.is_empty() {
            return Ok(Vec::new());
        }
        let mut sql = Sql::new(
            "SELECT r.*, tm.organization_id, p.status = 'OPEN' AND r.state = 'APPROVED' AND (e.id IS NULL OR r.fork_version <> e.version) AS is_outdated
             FROM pull_request_reviewer r JOIN pull_request p ON p.id = r.pull_request_id LEFT JOIN element e ON e.id = p.fork_id
                 LEFT JOIN team_member tm ON tm.team_id = p.team_id AND tm.user_id = r.user_id
             WHERE r.pull_request_id IN ",
        );
        sql.list(&uuids(of)).push(" ORDER BY r.pull_request_id, r.user_id");
        self.all(sql.text, sql.values).await?.iter().map(reviewer).collect()
    }

    async fn find_pull_request_comment(&self, id: PullRequestCommentId) -> StoreResult<Option<PullRequestComment>> {
        let row = self.one("SELECT * FROM pull_request_comment WHERE id = $1", [id.uuid().into()]).await?;
        row.map(|row| comment(&row)).transpose()
    }

    async fn list_pull_request_comments(
        &self,
        of: &[PullRequestId],
        only_organization: Option<OrganizationId>,
        page: PageRequest<Uuid>,
    ) -> StoreResult<Vec<(PullRequestId, Page<PullRequestComment>)>> {
        let mut which = Sql::new("");
        within_sight(&mut which, "c", only_organization);
        let list = List { columns: "c.*", from: "FROM pull_request_comment c", alias: "c", of: "pull_request_id" };
        self.pages(&list, of, which, page, comment).await
    }
}

/// What is listed for each of several things.
struct List<'a> {
    columns: &'a str,
    from: &'a str,
    alias: &'a str,
    /// The column that says which of the things a row belongs to.
    of: &'a str,
}

impl<C: ConnectionTrait + Send + Sync> Session<C> {
    /// The same page for each of these, in the order of ids.
    async fn pages<K: StaticType + Ord + Copy, T>(
        &self,
        list: &List<'_>,
        of: &[TypeSafeId<K>],
        which: Sql,
        page: PageRequest<Uuid>,
        read: impl Fn(&Row) -> StoreResult<T>,
    ) -> StoreResult<Vec<(TypeSafeId<K>, Page<T>)>> {
        if of.is_empty() {
            return Ok(Vec::new());
        }
        let List { columns, from, alias, of: column } = *list;
        let (order, id) = (descending(&page), format!("{alias}.id"));
        // The places of many lists are counted; a single list is read no further than its page.
        let counted = of.len() > 1;
        let place = if counted {
            format!(", ROW_NUMBER() OVER (PARTITION BY {alias}.{column} ORDER BY {id}{order}) AS place")
        } else {
            String::new()
        };
        let mut sql = Sql { text: format!("SELECT {columns}{place} {from} WHERE TRUE{}", which.text), values: which.values };
        sql.push(&format!(" AND {alias}.{column} IN ")).list(&uuids(of)).within(&id, &page);
        if counted {
            sql.text = format!("SELECT * FROM ({}) x WHERE x.place <= ", sql.text);
            sql.bind(limit(page.limit())).push(&format!(" ORDER BY x.{column}, x.id{order}"));
        } else {
            sql.page(&id, &page);
        }
        let mut found: BTreeMap<TypeSafeId<K>, Vec<T>> = BTreeMap::new();
        for row in self.all(sql.text, sql.values).await? {
            found.entry(row.id(column)?).or_default().push(read(&row)?);
        }
        Ok(of.iter().map(|id| (*id, Page::of(&page, found.remove(id).unwrap_or_default()))).collect())
    }
}

/// Appends that the rows `alias` are not those of partners of another organization than this one, for whoever sees no other.
fn within_sight(sql: &mut Sql, alias: &str, only: Option<OrganizationId>) {
    let Some(own) = only else { return };
    sql.push(&format!(" AND ({alias}.organization_id IS NULL OR {alias}.organization_id = ")).bind(own.uuid()).push(")");
}

#[async_trait]
impl PullRequestWrites for Transaction {
    async fn insert_pull_request(&self, from: &Granted<ProposalSight>, request: &PullRequest, reviewers: &[UserId]) -> StoreResult<()> {
        let text = "INSERT INTO pull_request (id, team_id, parent_id, fork_id, fork_version, title, description, status, author_id, organization_id,
                        created_at, updated_at, version)
                    VALUES ($1, $2, $3, $4, $5, $6, $7, 'OPEN', $8, $9, $10, $10, $11)";
        let values = [
            request.id.uuid().into(),
            from.parent.element.team_id.uuid().into(),
            from.parent.element.id.uuid().into(),
            from.fork.element.id.uuid().into(),
            request.opened_version.into(),
            request.title.as_str().into(),
            request.description.as_str().into(),
            request.author_id.uuid().into(),
            uuid(request.organization_id),
            request.created_at.as_micros().into(),
            request.version.into(),
        ];
        self.run(text, values).await?;
        self.ask(request.id, reviewers).await
    }

    async fn set_pull_request_text(
        &self,
        of: &Granted<PullRequestSight>,
        title: &str,
        description: &str,
        at: Timestamp,
    ) -> StoreResult<()> {
        let text = "UPDATE pull_request SET title = $2, description = $3, updated_at = $4, version = version + 1 WHERE id = $1";
        self.run(text, [of.request.id.uuid().into(), title.into(), description.into(), at.as_micros().into()]).await.map(drop)
    }

    async fn set_reviewers(&self, of: &Granted<PullRequestSight>, asked: &[UserId], released: &[UserId]) -> StoreResult<()> {
        if !released.is_empty() {
            let mut sql = Sql::new("DELETE FROM pull_request_reviewer WHERE state = 'PENDING' AND pull_request_id = ");
            sql.bind(of.request.id.uuid()).push(" AND user_id IN ").list(&uuids(released));
            self.run(sql.text, sql.values).await?;
        }
        self.ask(of.request.id, asked).await
    }

    async fn set_review(&self, of: &Granted<PullRequestSight>, review: &Review) -> StoreResult<()> {
        let id = of.request.id.uuid();
        let text = "INSERT INTO pull_request_reviewer (pull_request_id, user_id, state, fork_version, counts, reviewed_at)
                    VALUES ($1, $2, $3, $4, $5, $6)
                    ON CONFLICT (pull_request_id, user_id) DO UPDATE SET state = excluded.state, fork_version = excluded.fork_version,
                        counts = excluded.counts, reviewed_at = excluded.reviewed_at";
        let at = review.at.as_micros();
        let values = [
            id.into(),
            review.reviewer.uuid().into(),
            review.state.to_string().into(),
            review.fork_version.into(),
            review.counts.into(),
            at.into(),
        ];
        self.run(text, values).await?;
        self.run("UPDATE pull_request SET updated_at = $2, version = version + 1 WHERE id = $1", [id.into(), at.into()]).await.map(drop)
    }

    async fn set_pull_request_ending(&self, of: &Granted<PullRequestSight>, ending: &Ending) -> StoreResult<()> {
        let text = "UPDATE pull_request SET status = $2, decided_by = $3, decided_at = $4, updated_at = $4, merged_version = $5, version = version + 1
                    WHERE id = $1";
        let values = [
            of.request.id.uuid().into(),
            ending.status.to_string().into(),
            ending.by.uuid().into(),
            ending.at.as_micros().into(),
            ending.merged_version.into(),
        ];
        self.run(text, values).await.map(drop)
    }

    async fn insert_pull_request_comment(&self, of: &Granted<PullRequestSight>, comment: &PullRequestComment) -> StoreResult<()> {
        let text = "INSERT INTO pull_request_comment (id, pull_request_id, author_id, organization_id, body, created_at, edited_at)
                    VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let values = [
            comment.id.uuid().into(),
            of.request.id.uuid().into(),
            comment.author_id.uuid().into(),
            uuid(comment.organization_id),
            comment.body.as_str().into(),
            comment.created_at.as_micros().into(),
            micros(comment.edited_at),
        ];
        self.run(text, values).await.map(drop)
    }

    async fn set_pull_request_comment_body(&self, of: &Granted<PullRequestCommentSight>, body: &str, at: Timestamp) -> StoreResult<()> {
        let values = [of.comment.id.uuid().into(), body.into(), at.as_micros().into()];
        self.run("UPDATE pull_request_comment SET body = $2, edited_at = $3 WHERE id = $1", values).await.map(drop)
    }

    async fn delete_pull_request_comment(&self, of: &Granted<PullRequestCommentSight>) -> StoreResult<()> {
        self.run("DELETE FROM pull_request_comment WHERE id = $1", [of.comment.id.uuid().into()]).await.map(drop)
    }
}

impl Transaction {
    /// Asks people who are not asked yet.
    async fn ask(&self, id: PullRequestId, people: &[UserId]) -> StoreResult<()> {
        let row =
            |user: &UserId| -> [Value; 4] { [id.uuid().into(), user.uuid().into(), ReviewState::Pending.to_string().into(), false.into()] };
        let head = "INSERT INTO pull_request_reviewer (pull_request_id, user_id, state, counts) VALUES ";
        self.insert_many(head, people.iter().map(row).collect()).await
    }
}

fn pull_request(row: &Row) -> StoreResult<PullRequest> {
    Ok(PullRequest {
        id: row.id("id")?,
        team_id: row.id("team_id")?,
        parent_id: row.id("parent_id")?,
        fork_id: row.optional_id("fork_id")?,
        opened_version: row.get("opened_version")?,
        fork_version: row.get("fork_version")?,
        title: row.get("title")?,
        description: row.get("description")?,
        status: row.named::<PullRequestStatus>("status")?,
        author_id: row.id("author_id")?,
        organization_id: row.optional_id("organization_id")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        decided_at: row.optional_time("decided_at")?,
        decided_by: row.optional_id("decided_by")?,
        merged_version: row.get("merged_version")?,
        version: row.get("version")?,
    })
}

fn reviewer(row: &Row) -> StoreResult<Reviewer> {
    Ok(Reviewer {
        pull_request_id: row.id("pull_request_id")?,
        user_id: row.id("user_id")?,
        organization_id: row.optional_id("organization_id")?,
        state: if row.get("is_outdated")? { ReviewState::Outdated } else { row.named("state")? },
        fork_version: row.get("fork_version")?,
        counts: row.get("counts")?,
        reviewed_at: row.optional_time("reviewed_at")?,
    })
}

fn comment(row: &Row) -> StoreResult<PullRequestComment> {
    Ok(PullRequestComment {
        id: row.id("id")?,
        pull_request_id: row.id("pull_request_id")?,
        author_id: row.id("author_id")?,
        organization_id: row.optional_id("organization_id")?,
        body: row.get("body")?,
        created_at: row.time("created_at")?,
        edited_at: row.optional_time("edited_at")?,
    })
}

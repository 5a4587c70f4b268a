//! Comments and whom they mention.

use super::Transaction;
use super::sql::{Row, Session, Sql, any_role, descending, limit, micros, team_side, uuid, uuids};
use super::users::reach;
use crate::app::access::{CommentSight, ElementSight, Granted};
use crate::app::model::Comment;
use crate::app::paging::{Page, PageRequest};
use crate::app::ports::{CommentFilter, CommentQueries, CommentWrites, StoreResult};
use crate::domain::{CommentId, ElementId, OrganizationId, Timestamp, UserId, WorkspaceId};
use async_trait::async_trait;
use sea_orm::{ConnectionTrait, Value};
use std::collections::BTreeMap;
use type_safe_id::{StaticType, TypeSafeId};
use uuid::Uuid;

/// Everything of a [`Comment`] `c` in its thread, which `t` begins.
const COLUMNS: &str =
    "c.id, c.team_id, c.element_id, c.thread_id, c.item_id, c.author_id, c.organization_id, c.body, c.created_at, c.edited_at,
    c.deleted_at, t.organization_id AS thread_organization_id, t.resolved_at, t.resolved_by";
const FROM: &str = "FROM comment c JOIN comment t ON t.id = c.thread_id";

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> CommentQueries for Session<C> {
    async fn find_comment(&self, id: CommentId) -> StoreResult<Option<Comment>> {
        let row = self.one(format!("SELECT {COLUMNS} {FROM} WHERE c.id = $1"), [id.uuid().into()]).await?;
        row.map(|row| comment(&row)).transpose()
    }

    async fn list_comments_by_id(&self, ids: &[CommentId]) -> StoreResult<Vec<Comment>> {
        let mut sql = Sql::new(&format!("SELECT {COLUMNS} {FROM} WHERE c.id IN "));
        sql.list(&uuids(ids));
        self.all(sql.text, sql.values).await?.iter().map(comment).collect()
    }

    async fn list_threads(
        &self,
        elements: &[ElementId],
        filter: &CommentFilter,
        page: PageRequest<Uuid>,
    ) -> StoreResult<Vec<(ElementId, Page<Comment>)>> {
        let mut which = Sql::new("c.id = c.thread_id AND (c.deleted_at IS NULL OR EXISTS (SELECT 1 FROM comment r WHERE ");
        which.push("r.thread_id = c.id AND r.id <> c.id");
        within_sight(&mut which, &["r"], filter.only_organization);
        which.push("))");
        self.list("element_id", elements, which, filter, page).await
    }

    async fn list_replies(
        &self,
        threads: &[CommentId],
        filter: &CommentFilter,
        page: PageRequest<Uuid>,
    ) -> StoreResult<Vec<(CommentId, Page<Comment>)>> {
        self.list("thread_id", threads, Sql::new("c.id <> c.thread_id"), filter, page).await
    }

    async fn has_reply(&self, thread: CommentId, only_organization: Option<OrganizationId>) -> StoreResult<bool> {
        let mut sql = Sql::new("SELECT 1 FROM comment r WHERE r.id <> r.thread_id AND r.thread_id = ");
        sql.bind(thread.uuid());
        within_sight(&mut sql, &["r"], only_organization);
        sql.push(" LIMIT 1");
        Ok(self.one(sql.text, sql.values).await?.is_some())
    }

    async fn list_mentions(&self, comments: &[CommentId]) -> StoreResult<Vec<(CommentId, UserId)>> {
        if comments.is_empty() {
            return Ok(Vec::new());
        }
        let mut sql = Sql::new("SELECT comment_id, user_id FROM comment_mention WHERE comment_id IN ");
        sql.list(&uuids(comments)).push(" ORDER BY comment_id, user_id");
        self.all(sql.text, sql.values).await?.iter().map(|row| Ok((row.id("comment_id")?, row.id("user_id")?))).collect()
    }

    async fn list_thread_authors(&self, thread: CommentId) -> StoreResult<Vec<UserId>> {
        let text = "SELECT DISTINCT author_id FROM comment WHERE thread_id = $1 AND deleted_at IS NULL ORDER BY author_id";
        self.all(text, [thread.uuid().into()]).await?.iter().map(|row| row.id("author_id")).collect()
    }

    async fn list_unseeing(
        &self,
        people: &[UserId],
        workspace: WorkspaceId,
        organization: OrganizationId,
        now: Timestamp,
    ) -> StoreResult<Vec<UserId>> {
        if people.is_empty() {
            return Ok(Vec::new());
        }
        let mut sql = Sql::new("SELECT tm.user_id FROM workspace w JOIN team_member tm ON tm.team_id = w.team_id WHERE w.id = ");
        sql.bind(workspace.uuid()).push(" AND tm.user_id IN ").list(&uuids(people));
        sql.push(&format!(" AND NOT {}", any_role("tm.roles", team_side())));
        sql.push(" AND (tm.organization_id IS NULL OR tm.organization_id <> ").bind(organization.uuid()).push(")");
        let now = sql.value(now.as_micros());
        let reach = reach("tm.user_id", &now);
        sql.push(&format!(" AND NOT EXISTS (SELECT 1 FROM {reach} r WHERE r.workspace_id = w.id AND r.partner_lead) ORDER BY tm.user_id"));
        self.all(sql.text, sql.values).await?.iter().map(|row| row.id("user_id")).collect()
    }
}

impl<C: ConnectionTrait + Send + Sync> Session<C> {
    /// A page for each of these, of the comments whose `column` it is.
    async fn list<K: StaticType + Ord + Copy>(
        &self,
        column: &str,
        of: &[TypeSafeId<K>],
        which: Sql,
        filter: &CommentFilter,
        page: PageRequest<Uuid>,
    ) -> StoreResult<Vec<(TypeSafeId<K>, Page<Comment>)>> {
        if of.is_empty() {
            return Ok(Vec::new());
        }
        let order = descending(&page);
        // The places of many lists are counted; a single list is read no further than its page.
        let counted = of.len() > 1;
        let place =
            if counted { format!(", ROW_NUMBER() OVER (PARTITION BY c.{column} ORDER BY c.id{order}) AS place") } else { String::new() };
        let mut sql = Sql { text: format!("SELECT {COLUMNS}{place} {FROM} WHERE {}", which.text), values: which.values };
        sql.push(&format!(" AND c.{column} IN ")).list(&uuids(of));
        if filter.item.as_ref().is_some_and(|item| item.contains('\0')) {
            // No item has such an id, and the databases would refuse the text itself.
            sql.push(" AND FALSE");
        } else if let Some(item) = &filter.item {
            sql.push(" AND c.item_id = ").bind(item.as_str());
        }
        match filter.resolved {
            Some(true) => sql.push(" AND t.resolved_at IS NOT NULL"),
            Some(false) => sql.push(" AND t.resolved_at IS NULL"),
            None => &mut sql,
        };
        within_sight(&mut sql, &["c", "t"], filter.only_organization);
        sql.within("c.id", &page);
        if counted {
            sql.text = format!("SELECT * FROM ({}) x WHERE x.place <= ", sql.text);
            sql.bind(limit(page.limit())).push(&format!(" ORDER BY x.{column}, x.id{order}"));
        } else {
            sql.page("c.id", &page);
        }
        let mut found: BTreeMap<TypeSafeId<K>, Vec<Comment>> = BTreeMap::new();
        for row in self.all(sql.text, sql.values).await? {
            found.entry(row.id(column)?).or_default().push(comment(&row)?);
        }
        Ok(of.iter().map(|id| (*id, Page::of(&page, found.remove(id).unwrap_or_default()))).collect())
    }
}

/// Appends that the comments are not those of partners of another organization than this one, for whoever sees no other.
fn within_sight(sql: &mut Sql, comments: &[&str], only: Option<OrganizationId>) {
    let Some(own) = only else { return };
    for comment in comments {
        sql.push(&format!(" AND ({comment}.organization_id IS NULL OR {comment}.organization_id = ")).bind(own.uuid()).push(")");
    }
}

#[async_trait]
impl CommentWrites for Transaction {
    async fn insert_comment(&self, element: &Granted<ElementSight>, comment: &Comment, mentions: &[UserId]) -> StoreResult<()> {
        let text = "INSERT INTO comment (id, team_id, element_id, thread_id, item_id, author_id, organization_id, body, created_at)
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let values = [
            comment.id.uuid().into(),
            element.element.team_id.uuid().into(),
            element.element.id.uuid().into(),
            comment.thread_id.uuid().into(),
            comment.item_id.clone().into(),
            comment.author_id.uuid().into(),
            uuid(comment.organization_id),
            comment.body.as_str().into(),
            comment.created_at.as_micros().into(),
        ];
        self.run(text, values).await?;
        let rows = mentions.iter().map(|user| -> [Value; 2] { [comment.id.uuid().into(), user.uuid().into()] }).collect();
        self.insert_many("INSERT INTO comment_mention (comment_id, user_id) VALUES ", rows).await
    }

    async fn set_comment_body(&self, comment: &Granted<CommentSight>, body: &str, at: Timestamp) -> StoreResult<()> {
        let values = [comment.comment.id.uuid().into(), body.into(), at.as_micros().into()];
        self.run("UPDATE comment SET body = $2, edited_at = $3 WHERE id = $1", values).await.map(drop)
    }

    async fn delete_comment(&self, comment: &Granted<CommentSight>, at: Timestamp) -> StoreResult<()> {
        let (id, thread) = (comment.comment.id.uuid(), comment.comment.thread_id.uuid());
        if comment.comment.is_first() && self.has_reply(comment.comment.thread_id, None).await? {
            self.run("UPDATE comment SET body = '', deleted_at = $2 WHERE id = $1", [id.into(), at.as_micros().into()]).await?;
            return self.run("DELETE FROM comment_mention WHERE comment_id = $1", [id.into()]).await.map(drop);
        }
        self.run("DELETE FROM comment WHERE id = $1", [id.into()]).await?;
        let text = "DELETE FROM comment WHERE id = $1 AND deleted_at IS NOT NULL
                        AND NOT EXISTS (SELECT 1 FROM comment r WHERE r.thread_id = $1 AND r.id <> $1)";
        self.run(text, [thread.into()]).await.map(drop)
    }

    async fn set_thread_resolved(&self, comment: &Granted<CommentSight>, resolved: Option<(UserId, Timestamp)>) -> StoreResult<()> {
        let values = [comment.comment.thread_id.uuid().into(), micros(resolved.map(|(_, at)| at)), uuid(resolved.map(|(by, _)| by))];
        self.run("UPDATE comment SET resolved_at = $2, resolved_by = $3 WHERE id = $1", values).await.map(drop)
    }
}

fn comment(row: &Row) -> StoreResult<Comment> {
    Ok(Comment {
        id: row.id("id")?,
        team_id: row.id("team_id")?,
        element_id: row.id("element_id")?,
        item_id: row.get("item_id")?,
        thread_id: row.id("thread_id")?,
        author_id: row.id("author_id")?,
        organization_id: row.optional_id("organization_id")?,
        thread_organization_id: row.optional_id("thread_organization_id")?,
        body: row.get("body")?,
        created_at: row.time("created_at")?,
        edited_at: row.optional_time("edited_at")?,
        deleted_at: row.optional_time("deleted_at")?,
        resolved_at: row.optional_time("resolved_at")?,
        resolved_by: row.optional_id("resolved_by")?,
    })
}

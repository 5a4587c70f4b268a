//! The rows that break a rule, each as a statement that answers an `id`.

use crate::app::check::Rule;
use crate::app::model::NOBODY;
use crate::store::sql::Sql;

/// The rows of a table whose organization is not there.
macro_rules! without_organization {
    ($table:literal) => {
        concat!(
            "SELECT x.id FROM ",
            $table,
            " x WHERE x.organization_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM organization o WHERE o.id = x.organization_id)"
        )
    };
}

/// The first breaches of the rule, with how many there are in all.
pub(super) fn statement(rule: Rule, most: i64) -> Sql {
    let mut sql = Sql::new("SELECT x.id, COUNT(*) OVER () AS total FROM (SELECT DISTINCT y.id FROM (");
    let breaches = breaches(rule);
    match breaches.split_once("{nobody}") {
        Some((start, end)) => sql.push(start).bind(NOBODY).push(end),
        None => sql.push(breaches),
    };
    sql.push(") y) x ORDER BY x.id LIMIT ").bind(most);
    sql
}

/// What selects the breaches of the rule.
const fn breaches(rule: Rule) -> &'static str {
    match rule {
        Rule::FeedHasOwner => {
            r#"SELECT f.owner_id AS id FROM feed f WHERE NOT EXISTS (SELECT 1 FROM workspace w WHERE w.id = f.owner_id)
               AND NOT EXISTS (SELECT 1 FROM "user" u WHERE u.id = f.owner_id)"#
        }
        Rule::ActivityHasFeed => {
            "SELECT w.id FROM workspace w WHERE NOT EXISTS (SELECT 1 FROM feed f WHERE f.owner_id = w.id)
             AND EXISTS (SELECT 1 FROM activity a WHERE a.workspace_id = w.id)"
        }
        Rule::NotificationHasFeed => {
            r#"SELECT u.id FROM "user" u WHERE NOT EXISTS (SELECT 1 FROM feed f WHERE f.owner_id = u.id)
               AND EXISTS (SELECT 1 FROM notification n WHERE n.user_id = u.id)"#
        }
        Rule::FeedKnowsItsOldest => {
            "SELECT f.owner_id AS id FROM feed f WHERE COALESCE(f.oldest_at, 0) <> COALESCE(
                 (SELECT a.created_at FROM activity a WHERE a.workspace_id = f.owner_id AND a.seq = f.forgotten_seq + 1),
                 (SELECT n.created_at FROM notification n WHERE n.user_id = f.owner_id AND n.seq = f.forgotten_seq + 1), 0)"
        }
        Rule::PendingRequestHasWorkspace => {
            "SELECT r.id FROM approval_request r WHERE r.status = 'PENDING' AND NOT EXISTS (SELECT 1 FROM workspace w WHERE w.id = r.workspace_id)"
        }
        Rule::OpenInvitationHasWorkspace => {
            "SELECT i.id FROM invitation i WHERE i.status = 'PENDING' AND i.workspace_id IS NOT NULL
             AND NOT EXISTS (SELECT 1 FROM workspace w WHERE w.id = i.workspace_id)"
        }
        Rule::ElementIsSomewhere => {
            "SELECT e.id FROM element e WHERE e.workspace_id IS NULL AND NOT EXISTS (SELECT 1 FROM trash_entry t WHERE t.element_id = e.id)"
        }
        Rule::TrashIsOutOfWorkspaces => {
            "SELECT t.id FROM trash_entry t JOIN element e ON e.id = t.element_id WHERE e.workspace_id IS NOT NULL"
        }
        Rule::ForkHasMaker => {
            r#"SELECT f.element_id AS id FROM fork f WHERE NOT EXISTS (SELECT 1 FROM "user" u WHERE u.id = f.created_by)"#
        }
        Rule::GrantHasOrganization => without_organization!("workspace_member"),
        Rule::ActivityHasOrganization => {
            "SELECT x.id FROM activity x WHERE x.organization_id <> {nobody} AND NOT EXISTS (SELECT 1 FROM organization o WHERE o.id = x.organization_id)"
        }
        Rule::CommentHasOrganization => without_organization!("comment"),
        Rule::PullRequestHasOrganization => without_organization!("pull_request"),
        Rule::PullRequestCommentHasOrganization => without_organization!("pull_request_comment"),
        Rule::DomainIsOfTeam => {
            "SELECT o.id FROM organization o JOIN organization_domain d ON d.organization_id = o.id WHERE d.team_id <> o.team_id"
        }
        Rule::MemberOrganizationIsOfTeam => {
            "SELECT m.id FROM team_member m JOIN organization o ON o.id = m.organization_id WHERE m.team_id <> o.team_id"
        }
        Rule::GroupMemberIsOfTeam => r#"SELECT g.id FROM "group" g JOIN group_member m ON m.group_id = g.id WHERE m.team_id <> g.team_id"#,
        Rule::GrantIsOfTeam => {
            r#"SELECT m.id FROM workspace_member m JOIN workspace w ON w.id = m.workspace_id WHERE w.team_id <> m.team_id
               UNION ALL SELECT m.id FROM workspace_member m JOIN "group" g ON g.id = m.group_id WHERE g.team_id <> m.team_id"#
        }
        Rule::ElementIsOfTeam => "SELECT e.id FROM element e JOIN workspace w ON w.id = e.workspace_id WHERE w.team_id <> e.team_id",
        Rule::ElementGrantIsOfTeam => {
            r#"SELECT m.id FROM element_grant m JOIN element e ON e.id = m.element_id WHERE e.team_id <> m.team_id
               UNION ALL SELECT m.id FROM element_grant m JOIN "group" g ON g.id = m.group_id WHERE g.team_id <> m.team_id"#
        }
        Rule::BoundToElementIsOfTeam => {
            "SELECT e.id FROM element e JOIN comment x ON x.element_id = e.id WHERE x.team_id <> e.team_id
             UNION ALL SELECT e.id FROM element e JOIN related_item x ON x.element_id = e.id WHERE x.team_id <> e.team_id
             UNION ALL SELECT e.id FROM element e JOIN trash_entry x ON x.element_id = e.id WHERE x.team_id <> e.team_id
             UNION ALL SELECT e.id FROM element e JOIN pull_request x ON x.parent_id = e.id WHERE x.team_id <> e.team_id"
        }
        Rule::ThreadIsOnElement => {
            "SELECT c.id FROM comment c JOIN comment t ON t.id = c.thread_id WHERE t.element_id <> c.element_id OR t.thread_id <> t.id"
        }
        Rule::ElementShowsNewestRevision => {
            "SELECT e.id FROM element e WHERE NOT EXISTS (SELECT 1 FROM revision r WHERE r.element_id = e.id AND r.version = e.version
               AND r.root_hash = e.root_hash AND r.size_bytes = e.size_bytes)"
        }
        Rule::HistoryIsWhole => {
            "SELECT e.id FROM element e JOIN revision r ON r.element_id = e.id GROUP BY e.id, e.version
             HAVING MIN(r.version) <> 1 OR MAX(r.version) <> e.version OR COUNT(*) <> e.version"
        }
        Rule::IdempotencyKeyHasOutcome => "SELECT k.user_id AS id FROM idempotency_key k WHERE k.outcome IS NULL",
    }
}

//! Each thing that can be wrong is put into the database, and is found.

use super::{look, told, unchecked};
use crate::isolation::world::{World, fresh};
use crate::support::{TestApp, on_both};
use portico::app::check::{FindingKind, Report, Rule};
use portico::app::model::NOBODY;
use serde_json::json;
use strum::IntoEnumIterator;

/// Gives the first row of a table an id that nothing has.
macro_rules! of_nobody {
    ($table:literal, $column:literal) => {
        concat!("UPDATE ", $table, " SET ", $column, " = $1 WHERE id = (SELECT id FROM ", $table, " ORDER BY id LIMIT 1)")
    };
}

/// What breaks the rule in one place. `$1` is an id that nothing has.
const fn breach(rule: Rule) -> &'static str {
    match rule {
        Rule::FeedHasOwner => "INSERT INTO feed (owner_id, last_seq) VALUES ($1, 0)",
        Rule::ActivityHasFeed => "DELETE FROM feed WHERE owner_id = (SELECT workspace_id FROM activity ORDER BY 1 LIMIT 1)",
        Rule::NotificationHasFeed => "DELETE FROM feed WHERE owner_id = (SELECT user_id FROM notification ORDER BY 1 LIMIT 1)",
        Rule::FeedKnowsItsOldest => "UPDATE feed SET oldest_at = oldest_at + 1 WHERE owner_id = (SELECT user_id FROM notification ORDER BY 1 DESC LIMIT 1)",
        Rule::PendingRequestHasWorkspace => {
            "UPDATE approval_request SET workspace_id = $1 WHERE id = (SELECT id FROM approval_request WHERE status = 'PENDING' ORDER BY id LIMIT 1)"
        }
        Rule::OpenInvitationHasWorkspace => {
            "UPDATE invitation SET workspace_id = $1 WHERE id = (SELECT id FROM invitation WHERE status = 'PENDING' ORDER BY id LIMIT 1)"
        }
        Rule::ElementIsSomewhere => {
            "UPDATE element SET workspace_id = NULL WHERE id = (SELECT id FROM element WHERE workspace_id IS NOT NULL ORDER BY id LIMIT 1)"
        }
        Rule::TrashIsOutOfWorkspaces => {
            "UPDATE element SET workspace_id = (SELECT w.id FROM workspace w WHERE w.team_id = element.team_id ORDER BY w.id LIMIT 1)
             WHERE id = (SELECT element_id FROM trash_entry ORDER BY id LIMIT 1)"
        }
        Rule::ForkHasMaker => "UPDATE fork SET created_by = $1 WHERE element_id = (SELECT element_id FROM fork ORDER BY 1 LIMIT 1)",
        Rule::GrantHasOrganization => of_nobody!("workspace_member", "organization_id"),
        Rule::ActivityHasOrganization => of_nobody!("activity", "organization_id"),
        Rule::CommentHasOrganization => of_nobody!("comment", "organization_id"),
        Rule::PullRequestHasOrganization => of_nobody!("pull_request", "organization_id"),
        Rule::PullRequestCommentHasOrganization => of_nobody!("pull_request_comment", "organization_id"),
        Rule::DomainIsOfTeam => {
            "UPDATE organization_domain SET team_id = $1 WHERE organization_id = (SELECT organization_id FROM organization_domain ORDER BY 1 LIMIT 1)"
        }
        Rule::MemberOrganizationIsOfTeam => {
            "UPDATE team_member SET organization_id = (SELECT o.id FROM organization o WHERE o.team_id <> team_member.team_id ORDER BY o.id LIMIT 1)
             WHERE id = (SELECT id FROM team_member WHERE organization_id IS NOT NULL ORDER BY id LIMIT 1)"
        }
        Rule::GroupMemberIsOfTeam => "UPDATE group_member SET team_id = $1 WHERE group_id = (SELECT group_id FROM group_member ORDER BY 1 LIMIT 1)",
        Rule::GrantIsOfTeam => of_nobody!("workspace_member", "team_id"),
        Rule::ElementIsOfTeam => {
            "UPDATE element SET team_id = $1 WHERE id = (SELECT id FROM element WHERE workspace_id IS NOT NULL ORDER BY id DESC LIMIT 1)"
        }
        Rule::ElementGrantIsOfTeam => of_nobody!("element_grant", "team_id"),
        Rule::BoundToElementIsOfTeam => of_nobody!("comment", "team_id"),
        Rule::ThreadIsOnElement => {
            "UPDATE comment SET element_id = $1 WHERE id = (SELECT id FROM comment WHERE thread_id <> id ORDER BY id LIMIT 1)"
        }
        Rule::ElementShowsNewestRevision => {
            "UPDATE element SET size_bytes = size_bytes + 1 WHERE id = (SELECT id FROM element ORDER BY id LIMIT 1)"
        }
        Rule::HistoryIsWhole => {
            "UPDATE revision SET version = version + 7 WHERE element_id = (SELECT element_id FROM revision ORDER BY 1 LIMIT 1)"
        }
        Rule::IdempotencyKeyHasOutcome => "UPDATE idempotency_key SET outcome = NULL",
    }
}

/// Whether the report tells of this breach of the rule.
fn names(report: &Report, rule: Rule) -> bool {
    told(report, rule.kind())
        .iter()
        .any(|line| line.starts_with(&format!("{} {} ", rule.kind(), rule.thing())) && line.ends_with(rule.breach()))
}

/// Someone with a workspace that has five entries of activity, and the first feed's owner.
async fn busy(app: &TestApp) {
    let ada = app.person("Ada").await;
    let team = app.team(&ada, &[]).await;
    let workspace = ada.workspace(&team, "Busy", "PRIVATE").await;
    for number in 0..4 {
        let input = json!({ "workspaceId": workspace, "name": format!("Busy {number}") });
        assert!(ada.mutate("updateWorkspace", "workspace { id }", input).await.is_ok());
    }
}

on_both! {
    async fn every_rule_that_is_broken_is_named(app) {
        let world = World::build(app).await;
        let ada = world.who("ada");
        let input = json!({ "teamId": world.teams["acme"], "name": "Once", "visibility": "PRIVATE", "idempotencyKey": "once" });
        assert!(ada.mutate("createWorkspace", "workspace { id }", input).await.is_ok());
        let direct = unchecked(&world.app).await;
        for rule in Rule::iter() {
            let before = look(&world.app).await;
            assert!(!names(&before, rule), "{rule:?} is broken already:\n{before}");
            let text = breach(rule);
            direct.run(text, text.contains("$1").then(|| fresh().into()).into_iter().collect()).await;
            let report = look(&world.app).await;
            assert!(names(&report, rule), "{rule:?} is not found:\n{report}");
        }
    }

    async fn a_reference_to_nothing_is_named_with_what_it_names(app) {
        let world = World::build(app).await;
        let direct = unchecked(&world.app).await;
        let nobody = fresh();
        for text in [
            "UPDATE watch SET user_id = $1 WHERE element_id = (SELECT element_id FROM watch ORDER BY 1 LIMIT 1) AND user_id = (SELECT user_id FROM watch ORDER BY element_id, user_id LIMIT 1)",
            "UPDATE workspace_member SET user_id = $1 WHERE id = (SELECT id FROM workspace_member WHERE user_id IS NOT NULL ORDER BY id LIMIT 1)",
            "UPDATE element SET api_id = $1 WHERE id = (SELECT id FROM element ORDER BY id LIMIT 1)",
        ] {
            direct.run(text, vec![nobody.into()]).await;
        }
        let report = look(&world.app).await;
        let told = told(&report, FindingKind::DanglingReference);
        for (columns, of) in [("watch.user_id", "user.id"), ("workspace_member.user_id", "user.id"), ("element.api_id", "element.id")] {
            let line = format!("DANGLING_REFERENCE {columns} {nobody}: 1 rows name it, and {of} has it not");
            assert!(told.contains(&line), "{line} is missing:\n{report}");
        }
        // Of several columns, all are named.
        let line = told.iter().find(|line| line.starts_with("DANGLING_REFERENCE workspace_member.team_id+user_id ")).expect("the membership");
        assert!(line.contains(&format!("+{nobody}: 1 rows name it, and team_member.team_id+user_id has it not")), "{line}");
        assert_eq!(told.len(), 4, "{report}");
    }

    async fn a_feed_with_a_hole_or_another_end_is_named_with_its_numbers(app) {
        for (wrong, right, said) in [
            ("DELETE FROM activity WHERE seq = 3", None, "of the numbers 1 to 5, 1 are missing, after 2 comes 4"),
            ("UPDATE activity SET seq = 3 WHERE seq = 4", Some("UPDATE activity SET seq = 4 WHERE seq = 5"), "it ends with 4 in place of 5"),
            ("UPDATE feed SET last_seq = 4", None, ""),
            ("UPDATE feed SET last_seq = 9", None, "it ends with 4 in place of 9"),
            ("DELETE FROM activity WHERE seq = 1", None, "it begins with 2 in place of 1, it ends with 4 in place of 9"),
            ("DELETE FROM activity", None, "the entries 1 to 9 are missing"),
        ] {
            if app.number("SELECT COUNT(*) AS number FROM feed").await == 0 {
                busy(&app).await;
                assert!(look(&app).await.is_clean());
            }
            for text in [Some(wrong), right].into_iter().flatten() {
                app.sql(text, Vec::new()).await;
            }
            let report = look(&app).await;
            let told = told(&report, FindingKind::FeedNotDense);
            if said.is_empty() {
                assert!(report.is_clean(), "{report}");
            } else {
                assert!(told.len() == 1 && told[0].starts_with("FEED_NOT_DENSE feed of the workspace ") && told[0].ends_with(said), "{said} is missing:\n{report}");
            }
        }
    }

    async fn what_people_are_told_is_dense_too(app) {
        let (ada, mo) = (app.person("Ada").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&mo, &["DEVELOPER"])]).await;
        let workspace = ada.workspace(&team, "Told", "PRIVATE").await;
        ada.invite(&workspace, &mo, "VIEWER").await;
        assert!(look(&app).await.is_clean());
        app.sql("DELETE FROM notification", Vec::new()).await;
        let report = look(&app).await;
        let told = told(&report, FindingKind::FeedNotDense);
        assert!(!told.is_empty() && told.iter().all(|line| line.starts_with("FEED_NOT_DENSE feed of the user ") && line.contains("are missing")), "{report}");
    }

    async fn what_is_for_no_partner_has_no_organization(app) {
        busy(&app).await;
        // What a partner says in a thread of another organization, in multi-partner mode.
        app.sql("UPDATE activity SET organization_id = $1", vec![NOBODY.into()]).await;
        let report = look(&app).await;
        assert!(report.is_clean(), "{report}");
    }

    async fn another_schema_is_named_and_looked_at_no_further(app) {
        busy(&app).await;
        app.sql("DELETE FROM activity", Vec::new()).await;
        app.sql("UPDATE seaql_migrations SET version = 'm21000101_000001_flying_cars' WHERE version LIKE '%_000027_%'", Vec::new()).await;
        let report = look(&app).await;
        assert_eq!(
            told(&report, FindingKind::OtherSchema),
            [
                "OTHER_SCHEMA migration m20261126_000027_pull_request: it is not applied",
                "OTHER_SCHEMA migration m21000101_000001_flying_cars: it is of a newer Portico than this one"
            ]
        );
        assert_eq!(report.count(FindingKind::FeedNotDense), 0);
        app.sql("DROP TABLE seaql_migrations", Vec::new()).await;
        let report = look(&app).await;
        assert_eq!(told(&report, FindingKind::OtherSchema).len(), 21, "those that are told, and how many more there are:\n{report}");
    }

    async fn more_findings_and_feeds_than_fit_into_a_batch_are_all_counted(app) {
        busy(&app).await;
        let id = if app.database.url.starts_with("sqlite") { "randomblob(16)" } else { "gen_random_uuid()" };
        let numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)";
        let text = format!(
            r#"INSERT INTO "user" (id, email, email_key, name, name_key, created_at)
               {numbers} SELECT {id}, CAST(i AS text), CAST(i AS text), 'Many', 'many', 1 FROM n"#
        );
        app.sql(&text, Vec::new()).await;
        app.sql(r#"INSERT INTO feed (owner_id, last_seq) SELECT id, 3 FROM "user" WHERE name = 'Many'"#, Vec::new()).await;
        app.sql(&format!("INSERT INTO feed (owner_id, last_seq) {numbers} SELECT {id}, 0 FROM n"), Vec::new()).await;
        let report = look(&app).await;
        for kind in [FindingKind::FeedNotDense, FindingKind::Orphan] {
            assert_eq!(report.count(kind), 1_200, "{report}");
            assert_eq!(told(&report, kind).last().unwrap(), &format!("{kind} and 1180 more"));
        }
    }
}

#[test]
fn a_damaged_file_is_named_and_looked_at_no_further() {
    crate::support::app::run(crate::support::Kind::Sqlite, |app| async move {
        busy(&app).await;
        app.sql("DELETE FROM activity", Vec::new()).await;
        let direct = unchecked(&app).await;
        // The same index, said to be of another column: what is in it is not what should be.
        direct.run("PRAGMA writable_schema = ON", Vec::new()).await;
        let text =
            "UPDATE sqlite_master SET sql = 'CREATE INDEX workspace_list ON workspace (team_id, name)' WHERE name = 'workspace_list'";
        direct.run(text, Vec::new()).await;
        let report = look(&app).await;
        let told = told(&report, FindingKind::Damage);
        assert!(told.contains(&"DAMAGE row 1 missing from index workspace_list".to_owned()), "{report}");
        assert_eq!(report.count(FindingKind::FeedNotDense), 0);
    });
}

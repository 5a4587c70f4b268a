//! The store, on both databases: what each query promises in `app::ports`.

mod world;

use crate::support::on_both;
use portico::app::access::Access;
use portico::app::model::{NotificationEntry, QueuedMail, Team, User};
use portico::app::paging::PageRequest;
use portico::app::ports::{Claim, FeedId, FeedStep, IdempotencyKey, MemberFilter, RequestFilter, Store, StoreError, WorkspaceFilter};
use portico::domain::mail::MailKind;
use portico::domain::notification::{NotificationKind, NotificationSubject};
use portico::domain::policy::{Action, Decision, decide};
use portico::domain::request::{RequestKind, RequestStatus};
use portico::domain::{Side, TeamRole, TeamRoles, Timestamp, Visibility, WorkspaceId, WorkspaceRole, days};
use secrecy::ExposeSecret;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use strum::VariantArray;
use type_safe_id::TypeSafeId;
use world::{NOW, TestDatabase, World, first, id, last, request_for, run};

fn step(feed: FeedId, entries: i64) -> FeedStep {
    FeedStep { feed, entries, changes_access: false }
}

/// A mail that waits.
fn queued() -> QueuedMail {
    QueuedMail {
        id: id(),
        recipient: "ada@example.com".into(),
        user_id: None,
        affair: None,
        kind: MailKind::Notice(NotificationKind::MemberAdded),
        message: "Hello.".into(),
        remark: None,
        subject: None,
        entries: Vec::new(),
        secret: None,
        unsubscribe_hash: None,
        created_at: NOW,
        attempts: 0,
    }
}

on_both! {
    by run, with Arc<TestDatabase>;

    async fn migrations_go_up_down_and_up_again(database) {
        database.ready().await.expect("the newest schema");
        let all = database.migration_status().await.expect("answers");
        assert!(!all.is_empty() && all.iter().all(|migration| migration.applied), "{all:?}");
        database.migrate_down(u32::try_from(all.len()).expect("few")).await.expect("all taken back");
        assert!(database.migration_status().await.expect("answers").iter().all(|migration| !migration.applied));
        assert!(matches!(database.ready().await, Err(StoreError::Unavailable(_))));
        database.migrate().await.expect("up again");
        database.migrate().await.expect("nothing to do");
        database.ready().await.expect("the newest schema");
    }

    async fn an_address_and_a_slug_are_taken_once(database) {
        let world = World::new(&database).await;
        let tx = world.begin().await;
        let user = User { id: id(), email: "Ada@Example.com".into(), name: "Ada".into(), created_at: NOW };
        assert!(tx.insert_user(&user, "ada@example.com").await.expect("inserted"));
        assert!(!tx.insert_user(&User { id: id(), ..user.clone() }, "ada@example.com").await.expect("refused"));
        assert!(!tx.insert_team(&Team { id: id(), ..world.team.clone() }).await.expect("refused"));
        assert_eq!(tx.find_user_by_email("ada@example.com").await.expect("read"), Some(user));
        drop(tx);
        assert_eq!(database.queries().find_user_by_email("ada@example.com").await.expect("read"), None, "nothing was committed");
    }

    async fn a_sight_tells_roles_grants_and_their_end(database) {
        let world = World::new(&database).await;
        let (ada, bob) = (world.member("Ada", &[TeamRole::Developer, TeamRole::Admin]).await, world.user("Bob").await);
        let docs = world.workspace(ada, "Docs", Visibility::Partner, None).await;
        assert!(world.grant(docs, ada, Side::Team, WorkspaceRole::Admin).await);
        assert!(!world.grant(docs, ada, Side::Team, WorkspaceRole::Editor).await, "one grant a person");
        world.join(bob, &[TeamRole::Partner]).await;
        world.grant(docs, bob, Side::Partner, WorkspaceRole::Editor).await;
        let queries = database.queries();
        let before = database.statements();
        let sight = queries.find_workspace(Some(ada), docs, NOW).await.expect("read").expect("there");
        assert_eq!(database.statements() - before, 1);
        assert_eq!(sight.standing.team_roles, [TeamRole::Developer, TeamRole::Admin].into_iter().collect());
        assert_eq!(sight.standing.grant.map(|grant| (grant.side, grant.role)), Some((Side::Team, WorkspaceRole::Admin)));
        assert!(sight.partners_remain && !sight.has_other_admin && sight.own_member.is_some());
        let sight = queries.find_workspace(Some(bob), docs, NOW).await.expect("read").expect("there");
        assert!(sight.has_other_admin && sight.standing.partner_grant().is_some());
        let sight = queries.find_workspace(None, docs, NOW).await.expect("read").expect("there");
        assert!(sight.standing.user.is_none() && sight.standing.grant.is_none() && sight.standing.team_roles.is_empty());
        world.expire(docs, bob, NOW).await;
        let sight = queries.find_workspace(Some(bob), docs, NOW).await.expect("read").expect("there");
        assert!(sight.standing.grant.is_none() && !sight.partners_remain, "a grant is gone at the moment of its end");
        assert!(queries.find_workspace(Some(bob), docs, NOW - days(1)).await.expect("read").expect("there").standing.grant.is_some());
        assert_eq!(queries.find_member_of(docs, bob, NOW).await.expect("read"), None);
        let own = queries.find_member_of(docs, ada, NOW).await.expect("read").expect("there").id;
        assert!(!queries.has_other_admin(docs, own, NOW).await.expect("read") && queries.has_other_admin(docs, id(), NOW).await.expect("read"));
        assert_eq!(queries.list_recipients(&[bob, ada, id()]).await.expect("read").iter().map(|told| told.user_id).collect::<Vec<_>>(), [ada, bob]);
        assert!(queries.find_person(ada, bob, NOW).await.expect("read").expect("of the team").email.is_some());
        assert!(queries.find_person(bob, ada, NOW).await.expect("read").is_none(), "their shared workspace has ended for a partner");
        assert!(queries.list_people(bob, &[ada, bob], NOW).await.expect("read").iter().all(|person| person.email.is_some() == (person.id == bob)));
        assert!(world.grant(docs, bob, Side::Partner, WorkspaceRole::Viewer).await, "what has ended makes room");
        assert!(queries.list_workspaces_by_id(Some(bob), &[docs, id(), id()], NOW).await.expect("read").len() == 1);
    }

    async fn the_list_is_what_the_policy_allows(database) {
        let world = World::new(&database).await;
        let other = World::new(&database).await;
        let mut people = Vec::new();
        for bits in [0b1u8, 0b10, 0b100, 0b1000, 0b1_0000, 0b10_0000, 0b100_0000, 0b10_1000, 0b10_0001] {
            let user = world.user("Person").await;
            let roles: Vec<_> = TeamRoles::from_bits(bits).iter().collect();
            world.join(user, &roles).await;
            if bits % 3 == 0 { other.join(user, &[TeamRole::Developer]).await; }
            people.push(user);
        }
        people.push(world.user("Outsider").await);
        let mut all = Vec::new();
        for index in 0u32..60 {
            let visibility = Visibility::VARIANTS[index as usize % 5];
            let left = match (visibility, index % 4) { (Visibility::Partner, _) | (_, 0) => None, (_, 1) => Some(NOW - days(30)), (_, 2) => Some(NOW - days(29)), _ => Some(NOW - days(60)) };
            let home = if index % 7 == 0 { &other } else { &world };
            let name = if index % 2 == 0 { "100%_Docs" } else { "Other" };
            let workspace = home.workspace(people[0], name, visibility, left).await;
            all.push(workspace);
            for (place, user) in people.iter().enumerate() {
                // Only who is in the team can hold a grant in it.
                let is_in = database.queries().find_team_member(home.team.id, *user).await.expect("read").is_some();
                if is_in && (index as usize * 31 + place * 17) % 11 < 3 {
                    home.grant(workspace, *user, if place == 6 { Side::Partner } else { Side::Team }, if place == 6 { WorkspaceRole::Viewer } else { WorkspaceRole::Editor }).await;
                    if (index as usize + place).is_multiple_of(4) { home.expire(workspace, *user, NOW - days(1)).await; }
                }
            }
        }
        let queries = database.queries();
        let filters = [
            WorkspaceFilter::default(),
            WorkspaceFilter { team: Some(world.team.id), ..Default::default() },
            WorkspaceFilter { search: Some("0%_dOC".into()), ..Default::default() },
            WorkspaceFilter { visibility: Some(Visibility::Team), ..Default::default() },
            WorkspaceFilter { visibility: Some(Visibility::Partner), ..Default::default() },
            WorkspaceFilter { visibility: Some(Visibility::Private), team: Some(world.team.id), search: Some("other".into()), accepts: None },
        ];
        for reader in people {
            let sights = queries.list_workspaces_by_id(Some(reader), &all, NOW).await.expect("read");
            assert_eq!(sights.len(), all.len());
            for filter in &filters {
                let expected: BTreeSet<WorkspaceId> = sights.iter().filter(|sight| {
                    decide(Action::ListWorkspace, &sight.standing, &sight.facts(NOW)) == Decision::Allow
                        && filter.team.is_none_or(|team| team == sight.team.id)
                        && filter.visibility.is_none_or(|visibility| visibility == sight.workspace.visibility)
                        && filter.search.as_ref().is_none_or(|search| sight.workspace.name.to_lowercase().contains(&search.to_lowercase()))
                }).map(|sight| sight.workspace.id).collect();
                let expected: Vec<_> = expected.into_iter().collect();
                let (mut forward, mut cursor) = (Vec::new(), None);
                loop {
                    let before = database.statements();
                    let page = queries.list_workspaces(reader, filter, first(4, cursor), NOW).await.expect("read");
                    assert_eq!(database.statements() - before, 1);
                    forward.extend(page.items.iter().map(|sight| sight.workspace.id));
                    cursor = forward.last().map(TypeSafeId::uuid);
                    if !page.has_next { break }
                }
                assert_eq!(forward, expected, "{reader} {filter:?}");
                let (mut backward, mut cursor) = (Vec::new(), None);
                loop {
                    let page = queries.list_workspaces(reader, filter, last(7, cursor), NOW).await.expect("read");
                    backward.extend(page.items.iter().rev().map(|sight| sight.workspace.id));
                    cursor = backward.last().map(TypeSafeId::uuid);
                    if !page.has_previous { break }
                }
                backward.reverse();
                assert_eq!(backward, expected, "{reader} {filter:?}");
            }
        }
    }

    async fn members_of_many_workspaces_come_in_pages_with_totals(database) {
        let world = World::new(&database).await;
        let (ada, eve) = (world.member("Ada", &[TeamRole::Developer]).await, world.member("Eve", &[TeamRole::Partner]).await);
        let mut workspaces = Vec::new();
        for size in [0usize, 1, 5] {
            let workspace = world.workspace(ada, "Docs", Visibility::Partner, None).await;
            for place in 0..size {
                let user = world.member(if place % 2 == 0 { "Even" } else { "Odd" }, &[TeamRole::Developer]).await;
                world.grant(workspace, user, if place == 4 { Side::Partner } else { Side::Team }, WorkspaceRole::Viewer).await;
            }
            workspaces.push(workspace);
        }
        let queries = database.queries();
        let list = async |reader, filter: MemberFilter, page| {
            let before = database.statements();
            let pages = queries.list_members(reader, &workspaces, &filter, page, NOW).await.expect("read");
            assert_eq!(database.statements() - before, 1);
            pages
        };
        let shape = |pages: &[portico::app::ports::MemberPage]| pages.iter().map(|page| (page.page.items.len(), page.page.has_next, page.page.has_previous, page.total)).collect::<Vec<_>>();
        let pages = list(ada, MemberFilter::default(), first(2, None)).await;
        assert_eq!(shape(&pages), [(0, false, false, 0), (1, false, false, 1), (2, true, false, 5)]);
        let cursor = pages[2].page.items[1].id.uuid();
        assert!(pages[2].page.items.iter().all(|member| member.person().is_some_and(|person| person.email.is_some())));
        let pages = list(eve, MemberFilter::default(), first(10, Some(cursor))).await;
        assert_eq!(shape(&pages), [(0, false, true, 0), (0, false, true, 1), (3, false, true, 5)]);
        assert!(pages[2].page.items.iter().all(|member| member.person().is_some_and(|person| person.email.is_none())), "a partner reads no addresses");
        let end = pages[2].page.items[2].id.uuid();
        assert_eq!(shape(&list(ada, MemberFilter::default(), first(2, Some(end))).await)[2], (0, false, true, 5), "the total of an empty page");
        let pages = list(ada, MemberFilter::default(), last(2, None)).await;
        assert_eq!(shape(&pages)[2], (2, false, true, 5));
        assert_eq!(pages[2].page.items[1].id.uuid(), end);
        assert_eq!(shape(&list(ada, MemberFilter { search: Some("eVeN".into()), ..Default::default() }, first(2, None)).await)[2], (2, true, false, 3));
        assert_eq!(shape(&list(ada, MemberFilter { side: Some(Side::Partner), ..Default::default() }, first(2, None)).await)[2], (1, false, false, 1));
    }

    async fn one_request_is_pending_and_is_decided_once(database) {
        let world = World::new(&database).await;
        let ada = world.member("Ada", &[TeamRole::Developer]).await;
        let reviewer = world.member("Rex", &[TeamRole::PartnerManager]).await;
        let moderator = world.member("Mo", &[TeamRole::CommunityManager]).await;
        let docs = world.workspace(ada, "Docs", Visibility::Private, None).await;
        let request = request_for(&world, docs, ada, RequestKind::ConvertToPartner);
        let tx = world.begin().await;
        assert!(tx.insert_request(&request).await.expect("inserted"));
        assert!(!tx.insert_request(&request_for(&world, docs, ada, RequestKind::MakePublic)).await.expect("refused"));
        tx.commit().await.expect("committed");
        let queries = database.queries();
        let review = RequestFilter::ToReview { team: None };
        for (reader, filter, count) in [(reviewer, review, 1), (moderator, review, 0), (ada, review, 0), (ada, RequestFilter::Own, 1)] {
            let page = queries.list_requests(reader, filter, Some(RequestStatus::Pending), first(10, None)).await.expect("read");
            assert_eq!(page.items.len(), count);
        }
        assert_eq!(queries.list_overdue_requests(NOW, 10).await.expect("read"), []);
        assert_eq!(queries.list_overdue_requests(NOW + days(15), 10).await.expect("read"), std::slice::from_ref(&request));
        assert_eq!(queries.list_pending_requests(&[id(), docs, id()]).await.expect("read"), std::slice::from_ref(&request));
        let tx = world.begin().await;
        assert!(tx.set_request_status(request.id, RequestStatus::Approved, Some(reviewer), Some("Go"), NOW).await.expect("decided"));
        assert!(!tx.set_request_status(request.id, RequestStatus::Denied, Some(reviewer), None, NOW).await.expect("too late"));
        assert!(tx.insert_request(&request_for(&world, docs, ada, RequestKind::MakePublic)).await.expect("there is room again"));
        tx.commit().await.expect("committed");
        let decided = queries.find_request(request.id).await.expect("read").expect("there");
        assert_eq!((decided.status, decided.reviewer_id, decided.comment.as_deref()), (RequestStatus::Approved, Some(reviewer), Some("Go")));
    }

    async fn feeds_are_dense_under_concurrent_transactions(database) {
        let world = Arc::new(World::new(&database).await);
        let mut users = Vec::new();
        for _ in 0..5 { users.push(world.user("Reader").await); }
        users.sort();
        let tasks = (0..20).map(|task: usize| {
            let (world, users) = (Arc::clone(&world), users.clone());
            tokio::spawn(async move {
                let feeds: Vec<_> = users.iter().enumerate().filter(|(place, _)| !(place + task).is_multiple_of(3)).map(|(_, user)| step(FeedId::User(*user), 2)).collect();
                let tx = world.begin().await;
                let ends = tx.extend_feeds(&feeds, NOW).await.expect("extended");
                assert_eq!(ends.len(), feeds.len());
                if task.is_multiple_of(5) { return Vec::new() }
                tx.commit().await.expect("committed");
                ends
            })
        });
        let mut ends: BTreeMap<FeedId, BTreeSet<i64>> = BTreeMap::new();
        for task in tasks.collect::<Vec<_>>() {
            for (feed, end) in task.await.expect("no panic") { assert!(ends.entry(feed).or_default().insert(end)); }
        }
        for (feed, ends) in ends {
            let expected: BTreeSet<i64> = (1..=i64::try_from(ends.len()).expect("few")).map(|place| place * 2).collect();
            assert_eq!(ends, expected);
            assert_eq!(database.queries().feed_bounds(feed).await.expect("read").end, *expected.last().expect("some"));
        }
    }

    async fn a_thousand_are_told_in_one_statement_each(database) {
        let world = World::new(&database).await;
        let ada = world.user("Ada").await;
        let subject = Some(NotificationSubject::Team(world.team.id));
        let entries: Vec<_> = (1..=1_000).map(|seq| NotificationEntry { id: id(), user_id: ada, seq, kind: NotificationKind::RoleChanged, message: "Your role changed.".into(), remark: None, actor_id: None, subject, created_at: NOW, read_at: None }).collect();
        let mails: Vec<_> = (0..1_000).map(|_| QueuedMail { remark: Some("Hi".into()), subject, ..queued() }).collect();
        let feeds: Vec<_> = (0..1_000).map(|_| step(FeedId::User(id()), 1)).collect();
        let before = database.statements();
        let tx = world.begin().await;
        tx.extend_feeds(&feeds, NOW).await.expect("extended");
        tx.insert_notifications(&entries).await.expect("inserted");
        tx.insert_mails(&mails).await.expect("inserted");
        tx.commit().await.expect("committed");
        assert_eq!(database.statements() - before, 3);
        let queries = database.queries();
        assert_eq!(queries.count_unread(ada).await.expect("read"), 1_000);
        let page = queries.list_notifications(ada, true, PageRequest::new(None, None, Some(3), None).expect("in range")).await.expect("read");
        assert_eq!(page.items, entries[997..]);
        let tx = world.begin().await;
        tx.set_notifications_read(ada, &[entries[999].id], Some(10), NOW).await.expect("read");
        tx.commit().await.expect("committed");
        assert_eq!(queries.count_unread(ada).await.expect("read"), 989);
        assert!(queries.find_notification(ada, entries[999].id).await.expect("read").is_some_and(|entry| entry.read_at == Some(NOW)));
    }

    async fn a_mail_is_leased_to_one_sender_at_a_time(database) {
        let world = World::new(&database).await;
        let mails: Vec<_> = (0..3).map(|_| QueuedMail { secret: Some("a link".into()), ..queued() }).collect();
        let tx = world.begin().await;
        tx.insert_mails(&mails).await.expect("inserted");
        tx.commit().await.expect("committed");
        let lease = async |now: Timestamp, limit| {
            let tx = world.begin().await;
            let leased = tx.lease_mails(now, now + days(1), limit).await.expect("leased");
            tx.commit().await.expect("committed");
            leased
        };
        let leased = lease(NOW, 2).await;
        assert_eq!(leased.iter().map(|mail| mail.attempts).collect::<Vec<_>>(), [1, 1]);
        assert_eq!(lease(NOW, 2).await.len(), 1);
        assert!(lease(NOW, 2).await.is_empty());
        let tx = world.begin().await;
        tx.set_mail_sent(leased[0].id, NOW).await.expect("set");
        tx.set_mail_failed(&leased[1], "no answer", None, NOW).await.expect("set");
        tx.commit().await.expect("committed");
        let again = lease(NOW + days(1), 10).await;
        assert_eq!(again.iter().map(|mail| mail.attempts).collect::<Vec<_>>(), [2], "the lease of the third ran out");
        assert_eq!(again[0].secret.as_ref().map(ExposeSecret::expose_secret), Some("a link"));
        assert_eq!(database.fresh.number("SELECT count(*) FROM mail WHERE secret IS NOT NULL").await, 1, "what is sent or dead has none");
        let tx = world.begin().await;
        tx.set_mail_failed(&again[0], "no answer", Some(NOW + days(2)), NOW).await.expect("set");
        tx.commit().await.expect("committed");
        assert_eq!(database.fresh.number("SELECT count(*) FROM mail WHERE secret IS NOT NULL").await, 1, "it is needed again");
        // Whose lease ran out has nothing to say of what another sender does with it now.
        let third = lease(NOW + days(2), 10).await;
        let tx = world.begin().await;
        tx.set_mail_failed(&again[0], "too late", None, NOW).await.expect("set");
        tx.set_mail_released(&again[0], NOW + days(2), NOW).await.expect("set");
        tx.commit().await.expect("committed");
        assert_eq!(database.fresh.number("SELECT count(*) FROM mail WHERE state = 'DEAD'").await, 1, "that of before");
        assert!(lease(NOW + days(2), 10).await.is_empty(), "it is taken");
        let tx = world.begin().await;
        tx.set_mail_released(&third[0], NOW + days(3), NOW + days(2)).await.expect("set");
        tx.commit().await.expect("committed");
        let fourth = lease(NOW + days(2), 10).await;
        assert_eq!(fourth.iter().map(|mail| mail.attempts).collect::<Vec<_>>(), [3], "it was given back, and that was no try");
        let tx = world.begin().await;
        tx.set_mail_released(&fourth[0], NOW + days(2), NOW).await.expect("set");
        tx.commit().await.expect("committed");
        assert!(lease(NOW + days(2), 10).await.is_empty(), "a lease that is not this one is not given back");
    }

    async fn an_idempotency_key_is_claimed_once_and_waited_for(database) {
        let world = World::new(&database).await;
        let ada = world.user("Ada").await;
        let key = IdempotencyKey { user: ada, mutation: "createWorkspace", key: "k" };
        let tx = world.begin().await;
        assert_eq!(tx.claim_idempotency_key(key, [1; 32], NOW, NOW - days(1)).await.expect("claimed"), Claim::Fresh);
        let second = tokio::spawn({
            let database = Arc::clone(&database);
            async move {
                let tx = database.begin().await.expect("begun");
                tx.claim_idempotency_key(key, [2; 32], NOW, NOW - days(1)).await.expect("answered")
            }
        });
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        assert!(!second.is_finished(), "it waits for the first");
        tx.set_idempotent_outcome(key, "{}").await.expect("kept");
        tx.commit().await.expect("committed");
        let seen = Claim::Seen { input_digest: [1; 32], outcome: "{}".into() };
        assert_eq!(second.await.expect("no panic"), seen);
        let tx = world.begin().await;
        assert_eq!(tx.claim_idempotency_key(key, [3; 32], NOW + days(2), NOW + days(1)).await.expect("claimed"), Claim::Fresh, "the old one is forgotten");
        drop(tx);
        let tx = world.begin().await;
        assert_eq!(tx.delete_idempotency_keys(NOW + days(1)).await.expect("deleted"), 1);
    }

    async fn writes_through_a_granted_row_reach_the_row(database) {
        let world = World::new(&database).await;
        let ada = world.member("Ada", &[TeamRole::SuperAdmin]).await;
        let (bob, tim) = (world.member("Bob", &[TeamRole::Partner]).await, world.member("Tim", &[TeamRole::Developer]).await);
        let docs = world.workspace(ada, "Docs", Visibility::Team, None).await;
        let tx = world.begin().await;
        let access = Access::writing(&*tx, Some(ada), NOW);
        let workspace = access.workspace(docs).may(Action::EditDetails).await.expect("granted");
        let changes = portico::app::ports::WorkspaceChanges { name: Some("Guides".into()), ..Default::default() };
        tx.set_workspace_details(&workspace, &changes, ada, NOW).await.expect("set");
        let lost = tx.list_implicit_viewers(&workspace.workspace, Visibility::Partner, NOW).await.expect("read");
        assert_eq!(lost.iter().map(|recipient| recipient.user_id).collect::<Vec<_>>(), [tim]);
        assert_eq!(tx.list_would_lose_access(ada, &workspace, first(5, None), NOW).await.expect("read").items.len(), 1);
        tx.set_workspace_visibility(&workspace, Visibility::Partner, ada, NOW).await.expect("set");
        tx.commit().await.expect("committed");
        world.grant(docs, bob, Side::Partner, WorkspaceRole::Editor).await;
        let tx = world.begin().await;
        let access = Access::writing(&*tx, Some(ada), NOW);
        let workspace = access.workspace(docs).may(Action::EditDetails).await.expect("granted");
        assert_eq!((workspace.workspace.name.as_str(), workspace.workspace.version, workspace.partners_remain), ("Guides", 3, true));
        assert_eq!(tx.delete_partner_members(&workspace, NOW).await.expect("deleted").len(), 1);
        tx.set_workspace_visibility(&workspace, Visibility::Team, ada, NOW).await.expect("set");
        let workspace = Access::writing(&*tx, Some(ada), NOW).workspace(docs).may(Action::DeleteWorkspace).await.expect("granted");
        assert_eq!(workspace.workspace.left_partner_at, Some(NOW));
        tx.delete_workspace(&workspace).await.expect("deleted");
        tx.commit().await.expect("committed");
        assert!(database.queries().find_workspace(Some(ada), docs, NOW).await.expect("read").is_none());
    }
}

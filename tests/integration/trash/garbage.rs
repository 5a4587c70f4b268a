//! Nodes that nothing needs any more are deleted, and no others.

use super::{DAY, delete, purge, seed, throw_away};
use crate::support::app::Kind;
use crate::support::{Person, TestApp, on_both};
use portico::app::clock::Clock;
use portico::app::garbage;
use portico::domain::element::ElementKind;
use portico::domain::snapshot::{Build, Head, ItemEntry, ItemId, Limits, NewNode, Rank, Salt, Summary, hash_of};
use serde_json::json;
use std::time::Duration;
use uuid::Uuid;

/// Two servers that collect.
const ONE: Uuid = Uuid::from_u128(1);
const OTHER: Uuid = Uuid::from_u128(2);

const HOUR: Duration = Duration::from_hours(1);

/// A collection of so many requests as nodes, its root last. Those of the same name share what they have in common.
fn tree(name: &str, items: usize, salt: u8) -> Vec<NewNode> {
    let head = NewNode::of(json!({ "info": { "name": name }, "item": [] }).to_string().into_bytes());
    let mut nodes = vec![head.clone()];
    let entries = Rank::spread(items).enumerate().map(|(number, rank)| {
        let content = NewNode::of(json!({ "name": format!("Request {number}") }).to_string().into_bytes());
        nodes.push(content.clone());
        ItemEntry {
            parent: None,
            rank,
            id: ItemId::parse(&format!("item-{number}")).unwrap(),
            content: content.hash,
            size: u32::try_from(content.bytes.len()).unwrap(),
            summary: Summary { name: format!("Request {number}"), ..Summary::default() },
        }
    });
    let entries = entries.collect();
    let head = Head { salt: Salt::new([salt; 16]), content: head.hash, size: head.bytes.len() as u64 };
    nodes.extend(Build::new(head, entries, Limits::default()).unwrap().to_end().1);
    nodes
}

/// A team with a workspace.
struct Place<'a> {
    app: &'a TestApp,
    ada: Person,
    team: String,
    workspace: String,
}

impl<'a> Place<'a> {
    async fn new(app: &'a TestApp) -> Self {
        let ada = app.person("Ada").await;
        let team = app.team(&ada, &[]).await;
        let workspace = ada.workspace(&team, "Docs", "PRIVATE").await;
        Self { app, ada, team, workspace }
    }

    async fn store(&self, nodes: &[NewNode]) {
        let tx = self.app.parts.app.store.begin().await.unwrap();
        let nodes: Vec<_> = nodes.iter().map(|node| (*node.hash.as_bytes(), node.bytes.clone())).collect();
        tx.insert_nodes(&nodes, self.app.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// An element of these nodes, whose root is the last of them.
    async fn element(&self, kind: ElementKind, name: &str, nodes: &[NewNode]) -> String {
        self.store(nodes).await;
        let root = *nodes.last().unwrap().hash.as_bytes();
        seed(self.app, &self.ada, &self.team, &self.workspace, kind, name, root).await
    }

    /// Deletes something small for good, so that there is a reason to look for garbage.
    async fn release(&self) {
        let id = self.element(ElementKind::Environment, "Short-lived", &[NewNode::of(b"{\"short\":\"lived\"}".to_vec())]).await;
        assert!(delete(&self.ada, &id).await.is_ok());
    }

    async fn nodes(&self) -> i64 {
        self.app.database.number("SELECT COUNT(*) FROM node").await
    }

    /// Every node of an element is there.
    async fn assert_whole(&self, nodes: &[NewNode]) {
        let tx = self.app.parts.app.store.begin().await.unwrap();
        let mut hashes: Vec<_> = nodes.iter().map(|node| node.hash).collect();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(tx.list_node_bytes(&hashes).await.unwrap().len(), hashes.len());
    }

    /// Whether a collection of garbage begins when it is asked for.
    async fn begins(&self) -> bool {
        let text = "SELECT began_at FROM node_collection WHERE began_at IS NOT NULL UNION ALL SELECT 0 LIMIT 1";
        let before = self.app.database.number(text).await;
        garbage::collect(&self.app.parts.app, ONE).await.unwrap();
        self.app.database.number(text).await != before
    }
}

fn distinct(trees: &[&[NewNode]]) -> i64 {
    let mut hashes: Vec<_> = trees.iter().flat_map(|tree| tree.iter().map(|node| node.hash)).collect();
    hashes.sort_unstable();
    hashes.dedup();
    i64::try_from(hashes.len()).unwrap()
}

on_both! {
    async fn what_is_shared_stays_and_what_is_not_goes(app) {
        let place = Place::new(&app).await;
        // 3,000 and 2,500 requests, of which the first 2,500 are the same; more than is looked at in one transaction.
        let (large, small) = (tree("Large", 3_000, 1), tree("Small", 2_500, 1));
        let first = place.element(ElementKind::Collection, "Large", &large).await;
        place.element(ElementKind::Collection, "Small", &small).await;
        // A fork has the root of what it was forked from.
        let fork = place.element(ElementKind::Collection, "Fork", &small).await;
        let definition = [NewNode::of(b"openapi: 3.1.0".to_vec())];
        place.element(ElementKind::Api, "Api", &definition).await;
        assert_eq!(place.nodes().await, distinct(&[&large, &small, &definition]));

        let entry = throw_away(&place.ada, &first).await;
        place.release().await;
        app.advance(DAY * 2);
        app.run_jobs().await;
        assert_eq!(place.nodes().await, distinct(&[&large, &small, &definition]), "what is in the trash is needed");
        assert!(purge(&place.ada, &entry).await.is_ok());
        app.advance(DAY * 2);
        app.run_jobs().await;
        assert_eq!(place.nodes().await, distinct(&[&small, &definition]));
        place.assert_whole(&small).await;

        let entry = throw_away(&place.ada, &fork).await;
        assert!(purge(&place.ada, &entry).await.is_ok());
        app.advance(DAY * 2);
        app.run_jobs().await;
        assert_eq!(place.nodes().await, distinct(&[&small, &definition]), "the other one has the same root");
        assert!(place.ada.mutate("deleteWorkspace", "deletedWorkspaceId", json!({ "workspaceId": place.workspace })).await.is_ok());
        app.advance(DAY * 91);
        app.run_jobs().await;
        app.advance(DAY * 2);
        app.run_jobs().await;
        assert_eq!(place.nodes().await, 0);
        assert_eq!(app.database.number("SELECT COUNT(*) FROM node_mark").await, 0);
        assert_eq!(app.database.number("SELECT COUNT(*) FROM node_release").await, 0);
    }

    async fn what_is_deleted_while_a_run_goes_on_is_marked_by_it(app) {
        let place = Place::new(&app).await;
        let (theirs, api) = (tree("Theirs", 300, 1), NewNode::of(b"openapi: 3.1.0".to_vec()));
        let gone = place.element(ElementKind::Collection, "Theirs", &theirs).await;
        let also_gone = place.element(ElementKind::Api, "Api", std::slice::from_ref(&api)).await;
        place.release().await;
        app.advance(DAY * 2);
        let tx = app.parts.app.store.begin().await.unwrap();
        let (run, now) = (uuid::Uuid::from_u128(1), app.clock.now());
        assert!(tx.begin_collection(run, now, now - DAY, now + HOUR).await.unwrap());
        assert_eq!(tx.list_released_roots(None, 10).await.unwrap(), [], "what was let go of before the day before");
        tx.commit().await.unwrap();

        let entry = throw_away(&place.ada, &gone).await;
        assert!(purge(&place.ada, &entry).await.is_ok());
        assert!(delete(&place.ada, &also_gone).await.is_ok());
        let mut expected = [(theirs.last().unwrap().hash, true), (api.hash, false)];
        expected.sort_unstable();
        let tx = app.parts.app.store.begin().await.unwrap();
        let released = async |after, limit| -> Vec<_> {
            tx.list_released_roots(after, limit).await.unwrap().into_iter().map(|root| (root.hash, root.is_followed)).collect()
        };
        assert_eq!(released(None, 10).await, expected);
        assert_eq!(released(None, 1).await, expected[..1]);
        assert_eq!(released(Some(expected[0].0), 10).await, expected[1..]);
        assert_eq!(tx.list_roots(None, 10).await.unwrap(), []);
        tx.commit().await.unwrap();
        // The run died. The next one still keeps what a fork that came meanwhile may need, and the one after it does not.
        app.advance(HOUR);
        garbage::collect(&app.parts.app, ONE).await.unwrap();
        place.assert_whole(&theirs).await;
        app.advance(DAY);
        garbage::collect(&app.parts.app, ONE).await.unwrap();
        assert_eq!(place.nodes().await, 0);
    }

    async fn roots_are_gone_through_once_whether_or_not_they_are_marked(app) {
        let place = Place::new(&app).await;
        let mut expected = Vec::new();
        for number in 0..5_u8 {
            let tree = tree(&format!("Tree {number}"), 3, number);
            place.element(ElementKind::Collection, "One", &tree).await;
            place.element(ElementKind::Collection, "Other", &tree).await;
            expected.push(tree.last().unwrap().hash);
        }
        expected.sort_unstable();
        let tx = app.parts.app.store.begin().await.unwrap();
        tx.mark_nodes(&expected).await.unwrap();
        let first = tx.list_roots(None, 3).await.unwrap();
        assert_eq!(first.iter().map(|root| root.hash).collect::<Vec<_>>(), expected[..3]);
        assert!(first.iter().all(|root| root.is_followed));
        let rest = tx.list_roots(Some(expected[2]), 3).await.unwrap();
        assert_eq!(rest.iter().map(|root| root.hash).collect::<Vec<_>>(), expected[3..]);
    }

    async fn a_document_that_looks_like_a_node_of_others_does_not_hide_what_that_needs(app) {
        let place = Place::new(&app).await;
        let theirs = tree("Theirs", 300, 1);
        place.element(ElementKind::Collection, "Theirs", &theirs).await;
        // Every node of it as a document of its own, whether it was found before or after.
        for (number, node) in theirs.iter().enumerate().rev().take(12) {
            place.element(ElementKind::Api, &format!("Copy {number}"), std::slice::from_ref(node)).await;
        }
        place.release().await;
        app.advance(DAY * 2);
        app.run_jobs().await;
        place.assert_whole(&theirs).await;
        assert_eq!(place.nodes().await, distinct(&[&theirs]));
    }

    async fn what_was_used_lately_stays(app) {
        let place = Place::new(&app).await;
        let (old, young, again) = (NewNode::of(b"old".to_vec()), NewNode::of(b"young".to_vec()), NewNode::of(b"again".to_vec()));
        place.store(&[old, again.clone()]).await;
        place.release().await;
        app.advance(HOUR * 23);
        place.store(&[young.clone(), again.clone()]).await;
        app.advance(HOUR * 2);
        app.run_jobs().await;
        assert_eq!(place.nodes().await, 2, "an import that is under way has no revision yet");
        place.assert_whole(&[young, again]).await;
    }

    async fn what_was_too_young_for_one_run_is_deleted_by_the_next(app) {
        let place = Place::new(&app).await;
        place.store(&[NewNode::of(b"young".to_vec())]).await;
        place.release().await;
        assert!(place.begins().await);
        assert_eq!(place.nodes().await, 2, "it was used today");
        app.advance(DAY);
        assert!(place.begins().await, "the first one has left something");
        assert_eq!(place.nodes().await, 0);
        app.advance(DAY * 2);
        assert!(!place.begins().await);
    }

    async fn it_is_done_once_a_day_and_only_where_something_was_deleted(app) {
        let place = Place::new(&app).await;
        assert!(!place.begins().await, "nothing was deleted");
        place.release().await;
        assert!(place.begins().await);
        place.release().await;
        app.advance(HOUR * 23);
        assert!(!place.begins().await, "less than a day ago");
        app.advance(HOUR);
        assert!(place.begins().await);
        app.advance(DAY * 2);
        assert!(!place.begins().await, "nothing was deleted since");
    }

    async fn a_run_that_is_cut_off_begins_anew_and_two_do_not_hurt_each_other(app) {
        let place = Place::new(&app).await;
        let kept = tree("Kept", 1_000, 1);
        place.element(ElementKind::Collection, "Kept", &kept).await;
        place.store(&tree("Lost", 500, 2)).await;
        place.release().await;
        app.advance(DAY * 2);
        // One that has marked something wrong and died.
        let tx = app.parts.app.store.begin().await.unwrap();
        let now = app.clock.now();
        let (dead, lease) = (uuid::Uuid::from_u128(1), now + HOUR);
        assert!(tx.begin_collection(dead, now, now - DAY, lease).await.unwrap());
        tx.mark_nodes(&[hash_of(b"nothing"), kept.last().unwrap().hash]).await.unwrap();
        tx.commit().await.unwrap();
        assert!(!place.begins().await, "it may be at work");
        app.advance(HOUR);
        let (one, other) = tokio::join!(garbage::collect(&app.parts.app, ONE), garbage::collect(&app.parts.app, OTHER));
        one.unwrap();
        other.unwrap();
        assert_eq!(place.nodes().await, distinct(&[&kept]));
        place.assert_whole(&kept).await;
        // It comes back to life, and finds that it is over.
        let tx = app.parts.app.store.begin().await.unwrap();
        assert_eq!(tx.renew_collection(dead, app.clock.now() + HOUR).await.unwrap(), None);
    }

    async fn a_node_that_is_needed_and_missing_ends_the_run_before_anything_is_deleted(app) {
        let place = Place::new(&app).await;
        let broken = tree("Broken", 300, 1);
        place.element(ElementKind::Collection, "Broken", &broken).await;
        place.store(&tree("Lost", 10, 2)).await;
        place.release().await;
        let order = &broken[broken.len() - 2];
        app.sql("DELETE FROM node WHERE hash = $1", vec![order.hash.as_bytes().to_vec().into()]).await;
        app.advance(DAY * 2);
        let before = place.nodes().await;
        assert!(garbage::collect(&app.parts.app, ONE).await.is_err());
        assert_eq!(place.nodes().await, before);
    }

    async fn work_goes_on_while_garbage_is_collected(app) {
        let place = Place::new(&app).await;
        for round in 0..10_u8 {
            let tree = tree(&format!("Round {round}"), 400, round);
            let id = place.element(ElementKind::Collection, "Old", &tree).await;
            let entry = throw_away(&place.ada, &id).await;
            assert!(purge(&place.ada, &entry).await.is_ok());
            app.advance(DAY * 2);
            // The same document comes in again at the same moment.
            let (collected, again) = tokio::join!(garbage::collect(&app.parts.app, ONE), place.element(ElementKind::Collection, "New", &tree));
            collected.unwrap();
            place.assert_whole(&tree).await;
            let entry = throw_away(&place.ada, &again).await;
            assert!(purge(&place.ada, &entry).await.is_ok());
        }
    }

    async fn an_insert_that_meets_the_deletion_of_the_node_ends_with_the_node(app) {
        let place = Place::new(&app).await;
        let node = NewNode::of(b"met".to_vec());
        let rows = [(*node.hash.as_bytes(), node.bytes.clone())];
        for round in 0..200 {
            place.store(std::slice::from_ref(&node)).await;
            app.advance(DAY * 2);
            let now = app.clock.now();
            let sweep = async {
                let tx = app.parts.app.store.begin().await.unwrap();
                let (deleted, _) = tx.delete_unmarked_nodes(None, 100, now - DAY).await.unwrap();
                tokio::task::yield_now().await;
                tx.commit().await.unwrap();
                deleted
            };
            let insert = async {
                let tx = app.parts.app.store.begin().await.unwrap();
                tx.insert_nodes(&rows, now).await.unwrap();
                tokio::task::yield_now().await;
                tx.commit().await.unwrap();
            };
            if round % 2 == 0 { tokio::join!(sweep, insert).0 } else { tokio::join!(insert, sweep).1 };
            place.assert_whole(std::slice::from_ref(&node)).await;
        }
    }
}

/// Both orders of the meeting, held open: on `SQLite` there is only one writer at a time.
#[test]
fn an_insert_waits_for_the_deletion_and_a_deletion_passes_by_what_is_in_use() {
    crate::support::app::run(Kind::Postgres, async |app: TestApp| {
        let place = Place::new(&app).await;
        let node = NewNode::of(b"met".to_vec());
        let rows = [(*node.hash.as_bytes(), node.bytes.clone())];
        place.store(std::slice::from_ref(&node)).await;
        app.advance(DAY * 2);
        let (now, store) = (app.clock.now(), &app.parts.app.store);

        let sweep = store.begin().await.unwrap();
        assert_eq!(sweep.delete_unmarked_nodes(None, 100, now - DAY).await.unwrap().0, 1);
        let insert = async {
            let tx = store.begin().await.unwrap();
            tx.insert_nodes(&rows, now).await.unwrap();
            tx.commit().await.unwrap();
        };
        let later = async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            sweep.commit().await.unwrap();
        };
        tokio::join!(insert, later);
        place.assert_whole(std::slice::from_ref(&node)).await;

        app.advance(DAY * 2);
        let now = app.clock.now();
        let insert = store.begin().await.unwrap();
        insert.insert_nodes(&rows, now).await.unwrap();
        let sweep = store.begin().await.unwrap();
        let swept = tokio::time::timeout(Duration::from_secs(5), sweep.delete_unmarked_nodes(None, 100, now - DAY)).await;
        assert_eq!(swept.expect("it waits for nobody").unwrap().0, 0);
        sweep.commit().await.unwrap();
        insert.commit().await.unwrap();
        place.assert_whole(std::slice::from_ref(&node)).await;
    });
}

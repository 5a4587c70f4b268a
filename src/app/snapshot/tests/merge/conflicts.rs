//! What is a conflict and what is not, and how each is resolved.

use super::world::{World, id};
use crate::app::snapshot::merge::{ItemConflict, TreeMerge, merge};
use crate::app::snapshot::tests::edits::now;
use crate::app::snapshot::{ChangeKind, EditError};
use crate::domain::merge::{Decisions, Side, Sides};
use crate::domain::snapshot::{Limits, NodeHash};

/// A base, and what two people make of it by lines.
async fn sides(base: &[&str], parent: &[&str], fork: &[&str]) -> (World, Sides<NodeHash>) {
    let (mut world, empty) = World::new();
    let base = world.edit(empty, base).await;
    let parent = world.edit(base, parent).await;
    let fork = world.edit(base, fork).await;
    (world, Sides { base, parent, fork })
}

fn told(merged: &TreeMerge) -> Vec<String> {
    let value = |value: &Option<_>| {
        value.as_ref().map_or("-".to_owned(), |json: &crate::domain::document::Json| String::from_utf8(json.to_bytes()).unwrap())
    };
    let line = |ItemConflict { conflict, .. }: &ItemConflict| {
        format!("{}: {} | {} | {}", conflict.path, value(&conflict.base), value(&conflict.parent), value(&conflict.fork))
    };
    merged.conflicts.iter().map(line).collect()
}

fn paths(merged: &TreeMerge) -> Vec<&str> {
    merged.conflicts.iter().map(|told| told.conflict.path.as_str()).collect()
}

/// What comes out if nobody has to decide.
async fn without_conflict(base: &[&str], parent: &[&str], fork: &[&str]) -> String {
    let (mut world, roots) = sides(base, parent, fork).await;
    let (merged, root) = world.merge(roots, Side::Fork, &mut Decisions::default()).await;
    assert_eq!(told(&merged), Vec::<String>::new());
    assert_eq!(world.merge(roots, Side::Parent, &mut Decisions::default()).await.1, root);
    assert_eq!(world.merge(roots.swapped(), Side::Parent, &mut Decisions::default()).await.1, root);
    world.shown(root).await
}

/// The paths of the conflicts, and what comes out if the parent or the fork is taken everywhere.
async fn with_conflict(base: &[&str], parent: &[&str], fork: &[&str]) -> (Vec<String>, String, String) {
    let (mut world, roots) = sides(base, parent, fork).await;
    let (merged, _) = world.merge(roots, Side::Fork, &mut Decisions::default()).await;
    let mut shown = Vec::new();
    for side in [Side::Parent, Side::Fork] {
        let paths = merged.conflicts.iter().map(|told| (told.conflict.path.clone(), side));
        let mut decisions = Decisions::new(None, paths).unwrap();
        let (settled, root) = world.merge(roots, Side::Fork, &mut decisions).await;
        assert_eq!((told(&settled), decisions.unmet().count()), (Vec::new(), 0));
        shown.push(world.shown(root).await);
    }
    let [parent, fork] = shown.try_into().unwrap();
    (paths(&merged).into_iter().map(str::to_owned).collect(), parent, fork)
}

#[test]
fn fields_that_both_changed_conflict_and_others_merge() {
    now(async {
        let (mut world, roots) = sides(
            &["add a"],
            &["set a name Cat", "set a x 1", "head name Cats"],
            &["set a name Dog", "set a y 2", "head description Dogs"],
        )
        .await;
        let (merged, root) = world.merge(roots, Side::Fork, &mut Decisions::default()).await;
        assert_eq!((root, merged.edited, merged.head), (roots.fork, None, None));
        assert_eq!(merged.changes, []);
        let [ItemConflict { conflict, item_id, item_name }] = merged.conflicts.as_slice() else { panic!("{:?}", merged.conflicts) };
        assert_eq!((conflict.path.as_str(), item_id.clone(), item_name.as_deref()), ("/items/a/name", Some(id("a")), Some("Dog")));
        let mut decisions = Decisions::new(None, [("/items/a/name".to_owned(), Side::Parent)]).unwrap();
        let (merged, root) = world.merge(roots, Side::Fork, &mut decisions).await;
        assert_eq!(merged.changes[0].kinds().collect::<Vec<_>>(), [ChangeKind::Changed]);
        for (key, value) in [("name", "Cat"), ("x", "1"), ("y", "2")] {
            assert_eq!(world.value(root, "a", key).await.as_deref(), Some(value));
        }
        let head = String::from_utf8(merged.head.unwrap()).unwrap();
        assert!(head.contains(r#""name":"Cats""#) && head.contains(r#""description":"Dogs""#), "{head}");
    });
}

#[test]
fn heads_conflict_by_their_own_paths() {
    now(async {
        let (mut world, roots) = sides(&["add a"], &["head name Cats"], &["head name Dogs"]).await;
        let (merged, _) = world.merge(roots, Side::Parent, &mut Decisions::default()).await;
        assert_eq!(told(&merged), [r#"/info/name: "Pets" | "Cats" | "Dogs""#]);
        assert_eq!((&merged.conflicts[0].item_id, &merged.conflicts[0].item_name), (&None, &None));
    });
}

#[test]
fn both_may_add_and_move_at_the_same_place() {
    now(async {
        assert_eq!(without_conflict(&["add a"], &["add p"], &["add f"]).await, "a,f,p");
        assert_eq!(without_conflict(&["add a", "add b", "add c"], &["add p 1", "move c / 0"], &["add f 1", "remove b"]).await, "c,a,f,p");
        // The same item to the same gap, by way of other ranks.
        assert_eq!(without_conflict(&["add a", "add b", "add c"], &["move c / 1"], &["add n 1", "move c / 1"]).await, "a,c,n,b");
        assert_eq!(without_conflict(&["folder d", "add a"], &["move a d"], &["move a d", "set a x 1"]).await, "d(a)");
    });
}

#[test]
fn an_item_that_both_moved_to_different_places_is_a_conflict() {
    now(async {
        let base = ["add a", "add b", "add c", "folder d"];
        let (mut world, roots) = sides(&base, &["move c / 0"], &["move c d", "set a x 1"]).await;
        let (merged, _) = world.merge(roots, Side::Fork, &mut Decisions::default()).await;
        let values = [r#"{"parentId":null,"position":2}"#, r#"{"parentId":null,"position":0}"#, r#"{"parentId":"d","position":0}"#];
        assert_eq!(told(&merged), [format!("/items/c/~place: {}", values.join(" | "))]);
        let (paths, parent, fork) = with_conflict(&base, &["move c / 0"], &["move c d"]).await;
        assert_eq!((paths, &*parent, &*fork), (vec!["/items/c/~place".to_owned()], "c,a,b,d()", "a,b,d(c)"));
        let (paths, parent, fork) = with_conflict(&base, &["move c / 0"], &["move c / 1"]).await;
        assert_eq!((paths, &*parent, &*fork), (vec!["/items/c/~place".to_owned()], "c,a,b,d()", "a,c,b,d()"));
    });
}

#[test]
fn what_one_side_removed_and_the_other_left_alone_goes() {
    now(async {
        let base = ["folder d", "add d/a", "folder d/e", "add d/e/../b"].map(|line| if line.contains("..") { "add e/b" } else { line });
        assert_eq!(without_conflict(&base, &["remove d"], &["add n"]).await, "n");
        // What was moved out before stays out.
        assert_eq!(without_conflict(&base, &["move b /", "remove d"], &["add n", "set b x 1"]).await, "b,n");
        assert_eq!(without_conflict(&base, &["remove d"], &["remove e"]).await, "");
    });
}

#[test]
fn a_removed_folder_in_which_something_was_changed_is_one_conflict() {
    now(async {
        let base = ["folder d", "add d/a", "folder d/e", "add e/b", "add z"];
        let (paths, parent, fork) =
            with_conflict(&base, &["remove d"], &["set a x 1", "set b x 1", "add e/n", "folder e/m", "add m/o"]).await;
        assert_eq!((paths, &*parent, &*fork), (vec!["/items/d".to_owned()], "z", "d(a,e(b,n,m(o))),z"));
        // What was moved in goes back, and what was moved out is asked about by itself.
        let (paths, parent, fork) = with_conflict(&base, &["remove d"], &["move z e", "move a / 0"]).await;
        assert_eq!((paths, &*parent, &*fork), (vec!["/items/a".to_owned(), "/items/d".to_owned()], "z", "a,d(e(b,z))"));
        // Only what is removed is asked about, not what is around it.
        let (paths, parent, fork) = with_conflict(&base, &["remove e"], &["set b x 1", "set a x 1"]).await;
        assert_eq!((paths, &*parent, &*fork), (vec!["/items/e".to_owned()], "d(a),z", "d(a,e(b)),z"));
    });
}

#[test]
fn a_conflict_about_a_removed_item_shows_what_the_sides_have() {
    now(async {
        let (mut world, roots) = sides(&["add a"], &["set a name Cat"], &["remove a", "add b"]).await;
        let (merged, _) = world.merge(roots, Side::Fork, &mut Decisions::default()).await;
        let item = |name: &str| format!(r#"{{"id":"a","name":"{name}","request":{{"method":"GET"}}}}"#);
        assert_eq!(told(&merged), [format!("/items/a: {} | {} | -", item("a"), item("Cat"))]);
        assert_eq!(merged.conflicts[0].item_name.as_deref(), Some("Cat"));
    });
}

#[test]
fn folders_that_were_moved_into_each_other_are_one_conflict() {
    now(async {
        let base = ["folder a", "folder b", "add a/x", "add b/y", "folder m", "folder c"];
        let (paths, parent, fork) = with_conflict(&base, &["move a b"], &["move b a"]).await;
        assert_eq!((paths, &*parent, &*fork), (vec!["/items/a/~place".to_owned()], "b(y,a(x)),m(),c()", "a(x,b(y)),m(),c()"));
        // A ring of three, and something else that is moved in the same merge.
        let (paths, parent, fork) = with_conflict(&base, &["move b c", "move y /"], &["move a b", "move c a"]).await;
        assert_eq!((paths, &*parent, &*fork), (vec!["/items/a/~place".to_owned()], "a(x),m(),c(b()),y", "b(a(x,c())),m(),y"));
    });
}

#[test]
fn a_folder_that_became_a_request_while_something_was_put_into_it_is_a_conflict() {
    now(async {
        let base = ["folder d", "add z"];
        let (paths, parent, fork) = with_conflict(&base, &["unset d item", "set d x 1"], &["add d/n", "move z d"]).await;
        assert_eq!((paths, &*parent, &*fork), (vec!["/items/d".to_owned()], "d,z", "d(n,z)"));
        assert_eq!(without_conflict(&base, &["unset d item"], &["set d x 1"]).await, "d,z");
        let (paths, parent, fork) = with_conflict(&["add z"], &["add d"], &["folder d", "add d/n"]).await;
        assert_eq!((paths, &*parent, &*fork), (vec!["/items/d".to_owned()], "z,d", "z,d(n)"));
        let (paths, parent, fork) = with_conflict(&["add z"], &["add d"], &["folder d"]).await;
        assert_eq!((paths, &*parent, &*fork), (vec!["/items/d".to_owned()], "z,d", "z,d()"));
        let (paths, parent, fork) = with_conflict(&["folder e"], &["folder d", "move e d"], &["add d"]).await;
        assert_eq!((paths, &*parent, &*fork), (vec!["/items/d".to_owned()], "d(e())", "e(),d"));
    });
}

#[test]
fn an_item_that_both_added_is_merged_without_a_base() {
    now(async {
        assert_eq!(without_conflict(&["add z"], &["add a", "set a x 1"], &["add a", "set a y 1"]).await, "z,a");
        let (paths, ..) = with_conflict(&["folder d"], &["add a", "set a name Cat"], &["add d/a", "set a name Dog"]).await;
        assert_eq!(paths, ["/items/a/name", "/items/a/~place"]);
    });
}

#[test]
fn decisions_that_contradict_each_other_leave_a_tree() {
    now(async {
        // Each side moved the same item into something that the other one removed, and both of these go.
        let (mut world, roots) = sides(&["folder d", "folder e", "add x"], &["remove d", "move x e"], &["remove e", "move x d"]).await;
        let (merged, _) = world.merge(roots, Side::Fork, &mut Decisions::default()).await;
        assert_eq!(paths(&merged), ["/items/d", "/items/e", "/items/x/~place"]);
        let take = |path: &str, side| (path.to_owned(), side);
        for (place, d, e, shown) in [
            (Side::Parent, Side::Parent, Side::Fork, "x"),
            (Side::Fork, Side::Parent, Side::Parent, "e(x)"),
            (Side::Parent, Side::Fork, Side::Fork, "d(x)"),
        ] {
            let list = [take("/items/d", d), take("/items/e", e), take("/items/x/~place", place)];
            let (settled, root) = world.merge(roots, Side::Fork, &mut Decisions::new(None, list).unwrap()).await;
            assert_eq!((settled.conflicts, world.shown(root).await), (Vec::new(), shown.to_owned()));
        }
    });
}

#[test]
fn a_result_beyond_the_limits_is_refused() {
    now(async {
        let base = ["folder a", "folder a/b", "folder c", "folder c/d", "add d/x"];
        let (world, roots) = sides(&base, &["move c b"], &["add n"]).await;
        let attempt = async |limits| merge(&world.memory, roots, Side::Fork, &mut Decisions::default(), limits).await;
        assert!(attempt(Limits { items: 6, depth: 4 }).await.is_ok());
        assert!(matches!(attempt(Limits { items: 5, depth: 4 }).await, Err(EditError::TooManyItems)));
        // Each side is within the limits, and both together are not.
        let (world, roots) = sides(&base, &["move c b"], &["folder d/y", "folder y/z", "folder z/w"]).await;
        let attempt = async |limits| merge(&world.memory, roots, Side::Fork, &mut Decisions::default(), limits).await;
        assert!(attempt(Limits { items: 20, depth: 7 }).await.is_ok());
        assert!(matches!(attempt(Limits { items: 20, depth: 6 }).await, Err(EditError::TooDeep)));
        let (world, roots) = sides(&base, &["move a d"], &["folder n", "folder n/o", "move c o"]).await;
        let attempt = async |limits| merge(&world.memory, roots, Side::Parent, &mut Decisions::default(), limits).await;
        assert!(attempt(Limits { items: 20, depth: 6 }).await.is_ok());
        assert!(matches!(attempt(Limits { items: 20, depth: 5 }).await, Err(EditError::TooDeep)));
    });
}

#[test]
fn sides_of_different_versions_meet_in_that_of_the_result() {
    now(async {
        let (mut world, empty) = World::new();
        let of_20 = r#"{"type":"basic","basic":{"username":"ada"}}"#;
        let of_21 = r#"{"type":"basic","basic":[{"key":"username","value":"ada","type":"string"}]}"#;
        let schema = |version: &str| format!("head schema https://schema.getpostman.com/json/collection/v{version}.0/collection.json");
        let request = |name: &str, auth: &str| format!("set {name} request {{\"auth\":{auth},\"url\":\"{name}\"}}");
        let base = world.edit(empty, &[&schema("2.0"), "add a", "add b", &request("a", of_20), &request("b", of_20)]).await;
        // The parent goes to the newer version, as an import over it does; the fork changes one item, adds one and removes one.
        let parent = world.edit(base, &[&schema("2.1"), &request("a", of_21), &request("b", of_21)]).await;
        let fork = world.edit(base, &["set a name Cat", "add c", &request("c", of_20), "remove b"]).await;
        let roots = Sides { base, parent, fork };
        for into in [Side::Parent, Side::Fork] {
            let (merged, root) = world.merge(roots, into, &mut Decisions::default()).await;
            assert_eq!(told(&merged), Vec::<String>::new());
            assert_eq!(world.shown(root).await, "a,c");
            assert_eq!(world.value(root, "a", "name").await.as_deref(), Some("Cat"));
            for name in ["a", "c"] {
                assert_eq!(world.value(root, name, "request").await, Some(format!("{{\"auth\":{of_21},\"url\":\"{name}\"}}")));
            }
        }
    });
}

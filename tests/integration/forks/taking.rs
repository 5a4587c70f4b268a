//! Taking forks.

use super::{FORK, fork, pull, read, try_fork};
use crate::documents::{collection, export, import, workspace};
use crate::support::on_both;
use serde_json::{Value, json};

on_both! {
    async fn a_fork_has_what_its_parent_has_and_is_an_element_of_its_own(app) {
        let ada = app.person("Ada").await;
        let (home, team) = (workspace(&app, &ada).await, app.team(&ada, &[]).await);
        let away = ada.workspace(&team, "Away", "PRIVATE").await;
        let parents = [
            collection("Pets", &json!([{ "name": "List", "request": { "url": "https://pets.example" } }])).to_string(),
            json!({ "name": "Test", "values": [{ "key": "host", "value": "pets.example", "enabled": true }] }).to_string(),
            "type Query { pets: Int }\n".to_owned(),
        ];
        for document in parents {
            let parent = import(&ada, &home, &document).await;
            let (nodes, elements) = (app.number("SELECT COUNT(*) AS number FROM node").await, app.number("SELECT COUNT(*) AS number FROM element").await);
            let made = try_fork(&ada, &parent, &away, "  For the partner ").await;
            let taken = made.text("/fork/id");
            assert_eq!(app.number("SELECT COUNT(*) AS number FROM node").await, nodes, "no node is copied");
            assert_eq!(app.number("SELECT COUNT(*) AS number FROM element").await, elements + 1);
            assert_eq!(export(&ada, &taken, None).await, export(&ada, &parent, None).await);
            let found = ada.ask(FORK, json!({ "id": taken })).await;
            let names = ada.ask(FORK, json!({ "id": parent })).await;
            assert_eq!((found.text("/element/workspace/id"), found.at("/element/version")), (away.clone(), &json!(1)));
            assert_eq!((found.at("/element/name"), names.at("/element/fork")), (names.at("/element/name"), &Value::Null));
            let link = found.at("/element/fork");
            assert_eq!((&link["label"], &link["behind"], &link["parentVersion"]), (&json!("For the partner"), &json!(false), &json!(1)));
            assert_eq!((&link["parent"]["id"], &link["forkedBy"]["name"]), (&json!(parent), &json!("Ada")));
            assert_eq!((&link["incoming"]["nodes"], &link["outgoing"]["nodes"]), (&json!([]), &json!([])));
        }
        let count = async |place: &str, kind: &str| ada.activity(place).await.iter().filter(|found| *found == kind).count();
        assert_eq!((count(&away, "FORK_CREATED").await, count(&away, "ELEMENT_FORKED").await), (3, 0));
        assert_eq!((count(&home, "FORK_CREATED").await, count(&home, "ELEMENT_FORKED").await), (0, 3));
    }

    async fn what_is_wrong_is_named_and_nothing_is_made(app) {
        let (ada, eve) = (app.person("Ada").await, app.person("Eve").await);
        let home = workspace(&app, &ada).await;
        let parent = import(&ada, &home, &collection("Pets", &json!([])).to_string()).await;
        let hidden = workspace(&app, &eve).await;
        let hidden_parent = import(&eve, &hidden, &collection("Secret", &json!([])).to_string()).await;
        let never = ["element_01h455vb4pex5vsknk084sn02q", "workspace_01h455vb4pex5vsknk084sn02q"];
        for (element, target, label, refusal) in [
            (parent.as_str(), home.as_str(), "", "BAD_USER_INPUT/EMPTY/label"),
            (&parent, &home, &"x".repeat(256), "BAD_USER_INPUT/TOO_LONG/label"),
            ("nonsense", &home, "Mine", "BAD_USER_INPUT/MALFORMED_ID/elementId"),
            (&parent, "nonsense", "Mine", "BAD_USER_INPUT/MALFORMED_ID/workspaceId"),
            (never[0], &home, "Mine", "NOT_FOUND/UNKNOWN_ID/-"),
            (&hidden_parent, &home, "Mine", "NOT_FOUND/UNKNOWN_ID/-"),
            (&parent, never[1], "Mine", "NOT_FOUND/UNKNOWN_ID/workspaceId"),
            (&parent, &hidden, "Mine", "NOT_FOUND/UNKNOWN_ID/workspaceId"),
        ] {
            assert_eq!(try_fork(&ada, element, target, label).await.refusal(), refusal, "{element} {target} {label}");
        }
        assert_eq!(app.number("SELECT COUNT(*) AS number FROM fork").await, 0);
        assert_eq!(pull(&ada, &parent, json!({})).await.refusal(), "BAD_USER_INPUT/NOT_A_FORK/forkId");
        assert_eq!(pull(&ada, never[0], json!({})).await.refusal(), "NOT_FOUND/UNKNOWN_ID/-");
        assert_eq!(pull(&ada, &hidden_parent, json!({})).await.refusal(), "NOT_FOUND/UNKNOWN_ID/-");
    }

    async fn the_fork_stays_whole_when_its_parent_goes(app) {
        let ada = app.person("Ada").await;
        let home = workspace(&app, &ada).await;
        for (document, is_gone) in [(collection("Pets", &json!([{ "name": "A" }])).to_string(), false), ("type Query { pets: Int }".to_owned(), true)] {
            let parent = import(&ada, &home, &document).await;
            let taken = fork(&ada, &parent, &home).await;
            let of_fork = fork(&ada, &taken, &home).await;
            let deleted = ada.mutate("deleteElement", "trashEntry { id }", json!({ "elementId": parent })).await;
            let link = read(&ada, &taken).await;
            assert_eq!((&link["parent"], &link["behind"], &link["parentVersion"]), (&Value::Null, &json!(false), &Value::Null));
            assert_eq!(pull(&ada, &taken, json!({})).await.refusal(), "FORBIDDEN/PARENT_OUT_OF_REACH/-");
            assert!(!export(&ada, &taken, None).await.is_empty());
            assert!(pull(&ada, &of_fork, json!({})).await.is_ok(), "a fork of a fork whose parent is gone still has its own");
            if !is_gone {
                let entry = deleted.text("/trashEntry/id");
                assert!(ada.mutate("restoreElement", "element { id }", json!({ "trashEntryId": entry })).await.is_ok());
                assert!(pull(&ada, &taken, json!({})).await.is_ok(), "it comes back");
            }
        }
    }

    async fn garbage_is_kept_while_a_fork_needs_it(app) {
        let ada = app.person("Ada").await;
        let home = workspace(&app, &ada).await;
        let parent = import(&ada, &home, "type Query { pets: Int }\n").await;
        let taken = fork(&ada, &parent, &home).await;
        let update = |definition: &str| json!({ "apiId": parent, "definition": definition });
        assert!(ada.mutate("updateApi", "api { id }", update("type Query { pets: Int, dogs: Int }\n")).await.is_ok());
        assert!(pull(&ada, &taken, json!({})).await.is_ok());
        assert!(ada.mutate("deleteElement", "deletedElementId", json!({ "elementId": parent })).await.is_ok());
        for _ in 0..3 {
            app.advance(std::time::Duration::from_hours(49));
            app.run_jobs().await;
        }
        assert!(export(&ada, &taken, None).await.contains("dogs"));
    }
}

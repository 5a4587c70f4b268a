//! Several subscriptions on one socket.

use super::client::Client;
use super::{ACTIVITY, NOTIFICATIONS, activity, each, happen};
use crate::support::{Person, TestApp, on_both};
use serde_json::{Value, json};

/// So much of a busy feed that the buffers of the kernel, some megabytes, hold only a part.
const MANY: usize = 4_000;
const LARGE: usize = 4_000;

/// A workspace where much has happened, and the cursor before that.
async fn busy(app: &TestApp, person: &Person, team: &str, name: &str) -> (String, String) {
    let workspace = person.workspace(team, name, "PRIVATE").await;
    let cursor = each(&activity(person, &workspace, json!({ "last": 1 })).await, "/cursor").pop().unwrap();
    happen(app, &workspace, (0..MANY).map(|number| format!("{number:0>LARGE$}"))).await;
    (workspace, cursor)
}

/// The number in the name of what happened.
fn number(message: &Value) -> usize {
    message.pointer("/payload/data/workspaceActivity/data/name").unwrap().as_str().unwrap().parse().unwrap()
}

on_both! {
    async fn a_quiet_subscription_is_heard_beside_one_that_catches_up_with_thousands(app) {
        let (ada, mo) = (app.person("Ada").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&mo, &["DEVELOPER"])]).await;
        let (workspace, after) = busy(&app, &ada, &team, "Busy").await;
        ada.invite(&workspace, &mo, "VIEWER").await;
        let mut client = Client::narrow(&mo).await;
        client.subscribe("quiet", NOTIFICATIONS, json!({})).await;
        client.subscribe("busy", ACTIVITY, json!({ "id": workspace, "after": after })).await;
        let mut read = 0;
        while read < 50 {
            assert_eq!(number(&client.message().await.unwrap()), read);
            read += 1;
        }
        let other = ada.workspace(&team, "Other", "PRIVATE").await;
        ada.invite(&other, &mo, "VIEWER").await;
        let before = loop {
            let message = client.message().await.unwrap();
            if message["id"] == "quiet" {
                break read - 50;
            }
            assert_eq!(number(&message), read);
            read += 1;
        };
        println!("{before} of {MANY} came before it");
        assert!(before < MANY / 4, "{before} of {MANY}: what was on its way already, and no more");
    }

    async fn two_that_catch_up_get_their_share(app) {
        let ada = app.person("Ada").await;
        let team = app.team(&ada, &[]).await;
        let feeds = [busy(&app, &ada, &team, "One").await, busy(&app, &ada, &team, "Two").await];
        let mut client = Client::narrow(&ada).await;
        for (id, (workspace, after)) in ["0", "1"].iter().zip(&feeds) {
            client.subscribe(id, ACTIVITY, json!({ "id": workspace, "after": after })).await;
        }
        let mut read = [0; 2];
        // One begins a little before the other.
        while read.iter().sum::<usize>() < MANY {
            let message = client.message().await.unwrap();
            let which: usize = message["id"].as_str().unwrap().parse().unwrap();
            assert_eq!(number(&message), read[which]);
            read[which] += 1;
        }
        println!("{read:?}");
        assert!(read.iter().all(|count| *count > MANY / 4), "{read:?}");
    }
}

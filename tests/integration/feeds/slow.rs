//! Readers who do not keep up.

use super::client::Client;
use super::{ACTIVITY, DAY, TERM, activity, each, happen};
use crate::support::on_both;
use serde_json::{Value, json};

/// More than the buffers of the kernel take, all together.
const MANY: usize = 400;
const LARGE: usize = 30_000;

fn number(message: &Value) -> Option<usize> {
    message.pointer("/payload/data/workspaceActivity/data/name")?.as_str()?.parse().ok()
}

fn names(numbers: std::ops::Range<usize>) -> impl Iterator<Item = String> {
    numbers.map(|number| format!("{number:0>LARGE$}"))
}

on_both! {
    async fn who_reads_again_finds_everything_once_and_in_order(app) {
        let ada = app.person("Ada").await;
        let team = app.team(&ada, &[]).await;
        let workspace = ada.workspace(&team, "Busy", "PRIVATE").await;
        let (mut slow, mut quick) = (Client::narrow(&ada).await, Client::open(&ada).await);
        let after = each(&activity(&ada, &workspace, json!({ "last": 1 })).await, "/cursor").pop().unwrap();
        for client in [&mut slow, &mut quick] {
            client.subscribe("1", ACTIVITY, json!({ "id": workspace, "after": after })).await;
        }
        // Far more than the bus keeps for anybody, a few at a time, read at once by the other.
        for batch in 0..MANY / 10 {
            happen(&app, &workspace, names(batch * 10..batch * 10 + 10)).await;
            for seq in batch * 10..batch * 10 + 10 {
                assert_eq!(number(&quick.message().await.unwrap()), Some(seq));
            }
        }
        for seq in 0..MANY {
            assert_eq!(number(&slow.message().await.unwrap()), Some(seq));
        }
        happen(&app, &workspace, [MANY]).await;
        assert_eq!(number(&slow.message().await.unwrap()), Some(MANY));
    }

    async fn those_who_do_not_read_hold_nothing_that_others_need(app) {
        let ada = app.person("Ada").await;
        let team = app.team(&ada, &[]).await;
        let workspace = ada.workspace(&team, "Busy", "PRIVATE").await;
        let after = each(&activity(&ada, &workspace, json!({ "last": 1 })).await, "/cursor").pop().unwrap();
        happen(&app, &workspace, names(0..MANY)).await;
        // Far more than there are connections to the database, each with several that are on their way to it when there is no more room.
        let mut slow = Vec::new();
        for _ in 0..20 {
            let mut client = Client::narrow(&ada).await;
            for id in 0..5 {
                client.subscribe(&id.to_string(), ACTIVITY, json!({ "id": workspace, "after": after })).await;
            }
            assert!(client.message().await.is_some(), "it has begun");
            slow.push(client);
        }
        for _ in 0..50 {
            assert!(activity(&ada, &workspace, json!({ "first": 1 })).await.is_ok());
            assert!(ada.mutate("updateWorkspace", "workspace { version }", json!({ "workspaceId": workspace, "name": "Still" })).await.is_ok());
        }
    }

    async fn whom_the_retention_overtakes_is_told_so_and_goes_on_from_what_is_kept(app) {
        let ada = app.person("Ada").await;
        let team = app.team(&ada, &[]).await;
        let workspace = ada.workspace(&team, "Busy", "PRIVATE").await;
        let after = each(&activity(&ada, &workspace, json!({ "last": 1 })).await, "/cursor").pop().unwrap();
        happen(&app, &workspace, names(0..MANY)).await;
        let mut slow = Client::narrow(&ada).await;
        slow.subscribe("1", ACTIVITY, json!({ "id": workspace, "after": after })).await;
        assert_eq!(number(&slow.message().await.unwrap()), Some(0), "it has begun");
        app.advance(TERM + DAY);
        app.run_jobs().await;
        happen(&app, &workspace, ["7", "8"]).await;
        let mut read = 1;
        let errors = loop {
            let message = slow.message().await.unwrap();
            if message["payload"].get("errors").is_some() {
                break message["payload"]["errors"].clone();
            }
            assert_eq!(number(&message), Some(read), "no hole before it is told");
            read += 1;
        };
        println!("{read} of {MANY} were on their way");
        assert!(read < MANY);
        assert_eq!(errors[0]["extensions"]["reason"], "CURSOR_EXPIRED");
        assert_eq!(slow.message().await.unwrap()["type"], "complete");
        slow.subscribe("1", ACTIVITY, json!({ "id": workspace, "after": errors[0]["extensions"]["oldestCursor"] })).await;
        assert_eq!([number(&slow.message().await.unwrap()), number(&slow.message().await.unwrap())], [Some(7), Some(8)]);
    }
}

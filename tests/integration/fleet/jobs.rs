//! What has its time is done by one server at a time, and by another once that one is gone.

use crate::support::{Person, TestApp, on_both};
use portico::app::lease::LEASE;
use portico::domain::days;
use serde_json::json;
use std::time::Duration;
use tokio::sync::watch;

/// Requests that are due.
const DUE: usize = 30;

/// Somebody whose requests for partner workspaces are decided by another.
async fn requester(app: &TestApp) -> (Person, String) {
    let (ada, paula, dev) = (app.person("Ada").await, app.person("Paula").await, app.person("Dev").await);
    let team = app.team(&ada, &[(&paula, &["PARTNER_MANAGER"]), (&dev, &["DEVELOPER"])]).await;
    (dev, team)
}

async fn requests(dev: &Person, team: &str) {
    for number in 0..DUE {
        let input = json!({ "teamId": team, "name": format!("Partners {number}"), "visibility": "PARTNER" });
        let answer = dev.mutate("createWorkspace", "request { status }", input).await;
        assert_eq!(answer.text("/request/status"), "PENDING");
    }
}

async fn expired(dev: &Person) -> usize {
    let query = "{ viewer { notifications(last: 100) { nodes { kind } } } }";
    let answer = dev.ask(query, json!({})).await;
    answer.list("/viewer/notifications/nodes").iter().filter(|node| node["kind"] == "REQUEST_EXPIRED").count()
}

on_both! {
    async fn servers_that_do_the_jobs_side_by_side_do_each_once(app) {
        let (dev, team) = requester(&app).await;
        requests(&dev, &team).await;
        let others = [app.another().await, app.another().await];
        app.advance(days(16));
        let runs = tokio::join!(app.parts.jobs.run_due(), others[0].parts.jobs.run_due(), others[1].parts.jobs.run_due());
        assert!(runs.0.is_ok() && runs.1.is_ok() && runs.2.is_ok());
        app.run_jobs().await;
        for other in &others {
            other.parts.jobs.run_due().await.unwrap();
        }
        assert_eq!(expired(&dev).await, DUE, "each is told once");
        let mails = app.mails().await;
        assert_eq!(mails.iter().filter(|mail| mail.subject.starts_with("Nobody decided")).count(), DUE, "and each is mailed once");
    }

    async fn another_server_goes_on_where_one_died_and_at_once_where_it_stopped(app) {
        let (dev, team) = requester(&app).await;
        requests(&dev, &team).await;
        let other = app.another().await;
        // The one holds the lease, and is not heard of any more.
        app.run_jobs().await;
        app.advance(days(16));
        app.run_jobs().await;
        assert_eq!(expired(&dev).await, DUE);
        requests(&dev, &team).await;
        app.run_jobs().await;
        app.clock.tick();
        set_due(&app).await;
        other.parts.jobs.run_due().await.unwrap();
        assert_eq!(expired(&dev).await, DUE, "it is not its turn");
        app.advance(LEASE);
        other.parts.jobs.run_due().await.unwrap();
        assert_eq!(expired(&dev).await, 2 * DUE, "the one is gone");

        requests(&dev, &team).await;
        set_due(&app).await;
        app.run_jobs().await;
        assert_eq!(expired(&dev).await, 2 * DUE, "now it is the other's turn");
        let (_stop, stops) = watch::channel(true);
        tokio::time::timeout(Duration::from_secs(5), other.parts.jobs.clone().run(stops)).await.expect("it stops");
        app.run_jobs().await;
        assert_eq!(expired(&dev).await, 3 * DUE, "the other gave it back when it stopped");
    }
}

/// Lets every request be due, without moving the clock.
async fn set_due(app: &TestApp) {
    app.sql("UPDATE approval_request SET expires_at = 1 WHERE status = 'PENDING'", vec![]).await;
}

//! The bus goes away, stands still, and comes back.

use super::{Fleet, until, versions};
use crate::support::nats::Nats;
use crate::support::socket::Event;
use serde_json::json;
use std::cell::RefCell;
use std::time::{Duration, Instant};

/// How long it is away: longer than it takes to be noticed.
const AWAY: Duration = Duration::from_secs(6);

/// How soon a subscriber has everything once the bus is back.
const CAUGHT_UP: Duration = Duration::from_secs(5);

/// Renames, while whatever is done to the bus is done to it; every version is told once and in order, at both servers.
async fn nothing_is_lost(fleet: &Fleet, while_away: impl FnOnce(), back: impl FnOnce()) {
    let mut socket = fleet.follow_at_the_other(&fleet.ada).await;
    let mut expected = vec![fleet.rename().await];
    while_away();
    let begun = Instant::now();
    while begun.elapsed() < AWAY {
        let asked = Instant::now();
        expected.push(fleet.rename().await);
        assert!(asked.elapsed() < Duration::from_secs(5), "writing does not wait for the bus: {:?}", asked.elapsed());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    // While it is away, the database is looked at instead.
    assert_eq!(versions(&mut socket, expected.len() / 2).await, expected[..expected.len() / 2]);
    back();
    let returned = Instant::now();
    expected.push(fleet.rename().await);
    let half = (expected.len() - 1) / 2;
    assert_eq!(versions(&mut socket, expected.len() - half).await, expected[half..]);
    println!("everything was there {:?} after the bus was back", returned.elapsed());
    assert!(returned.elapsed() < CAUGHT_UP);
    until("the bus carries news again", async || ready(fleet).await == (200, "ready\n".to_owned())).await;
    let version = fleet.rename().await;
    assert_eq!(versions(&mut socket, 1).await, [version], "nothing came twice");
}

async fn ready(fleet: &Fleet) -> (u16, String) {
    let response = fleet.one.client.get(fleet.other.http("/readyz")).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

#[test]
fn with_the_bus_killed_writes_go_on_and_nothing_is_lost() {
    let nats = RefCell::new(Nats::start());
    let url = nats.borrow().url();
    Fleet::run(&url, async |fleet| {
        nothing_is_lost(&fleet, || nats.borrow_mut().kill(), || nats.borrow_mut().restart()).await;
        // So short that hardly anybody notices.
        let mut socket = fleet.follow_at_the_other(&fleet.ada).await;
        for _ in 0..5 {
            let mut expected = vec![fleet.rename().await];
            nats.borrow_mut().restart();
            expected.push(fleet.rename().await);
            let begun = Instant::now();
            assert_eq!(versions(&mut socket, 2).await, expected);
            assert!(begun.elapsed() < CAUGHT_UP);
        }
    });
}

#[test]
fn with_the_bus_standing_still_writes_go_on_and_nothing_is_lost() {
    let nats = Nats::start();
    Fleet::run(&nats.url(), async |fleet| {
        nothing_is_lost(&fleet, || nats.pause(), || nats.resume()).await;
    });
}

#[test]
fn a_server_says_that_the_bus_is_away_and_does_its_work() {
    let nats = RefCell::new(Nats::start());
    let url = nats.borrow().url();
    Fleet::run(&url, async |fleet| {
        nats.borrow_mut().kill();
        until("the server says so", async || ready(&fleet).await.1.contains("the bus is away")).await;
        assert_eq!(ready(&fleet).await.0, 200, "or nobody would be ready while the bus is away");
        nats.borrow_mut().restart();
        until("the server is ready again", async || ready(&fleet).await.1 == "ready\n").await;
    });
}

#[test]
fn access_that_ends_while_the_bus_is_away_ends_on_the_other_server_too() {
    let nats = RefCell::new(Nats::start());
    let url = nats.borrow().url();
    Fleet::run(&url, async |fleet| {
        let mo = fleet.one.person("Mo").await;
        let input = json!({ "teamId": fleet.team, "emails": [mo.email], "roles": ["DEVELOPER"] });
        assert!(fleet.ada.mutate("addTeamMembers", "results { outcome }", input).await.is_ok());
        let input = json!({ "teamId": fleet.team, "name": "Readers", "side": "TEAM", "userIds": [mo.id] });
        let group = fleet.ada.mutate("createGroup", "group { id }", input).await.text("/group/id");
        let input = json!({ "workspaceId": fleet.workspace, "invitees": [{ "groupId": group }], "role": "VIEWER" });
        assert!(fleet.ada.mutate("inviteTeamMembers", "results { outcome }", input).await.is_ok());
        let mut socket = fleet.follow_at_the_other(&mo).await;
        nats.borrow_mut().kill();
        let input = json!({ "groupId": group, "userIds": [mo.id] });
        assert!(fleet.ada.mutate("removeGroupMembers", "group { id }", input).await.is_ok());
        let answered = Instant::now();
        // The database is looked at every five seconds, and every second once it is noticed that the bus is away.
        while socket.event().await != Event::Complete {}
        println!("the subscription was over after {:?}", answered.elapsed());
        fleet.rename().await;
    });
}

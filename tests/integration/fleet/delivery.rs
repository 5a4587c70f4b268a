//! What one server commits is told by the other.

use super::{Fleet, versions};
use crate::support::Person;
use crate::support::nats::nats;
use crate::support::socket::Event;
use futures_util::StreamExt;
use serde_json::json;
use std::time::{Duration, Instant};

/// How long it takes on an average until the database is looked at: what is told sooner every time is told by the bus.
const BY_LOOKING: Duration = Duration::from_millis(2_500);

/// Commits whose delivery is measured.
const COMMITS: usize = 200;

#[test]
fn what_commits_on_one_server_is_seen_on_the_other_at_once() {
    Fleet::run(&nats().url(), async |fleet| {
        let mut socket = fleet.follow_at_the_other(&fleet.ada).await;
        let bare = async_nats::connect(nats().url()).await.unwrap();
        let mut echoes = bare.subscribe("bare").await.unwrap();
        bare.flush().await.unwrap();
        let (mut delivered, mut published) = (Vec::new(), Vec::new());
        for _ in 0..COMMITS {
            let version = fleet.rename().await;
            // From the answer on: the commit is before it.
            let answered = Instant::now();
            assert_eq!(versions(&mut socket, 1).await, [version]);
            delivered.push(answered.elapsed());
            let begun = Instant::now();
            bare.publish("bare", "news".into()).await.unwrap();
            echoes.next().await.unwrap();
            published.push(begun.elapsed());
        }
        let figures = |times: &mut Vec<Duration>| {
            times.sort_unstable();
            (times[times.len() / 2], times[times.len() * 99 / 100])
        };
        let ((median, slow), (bare_median, bare_slow)) = (figures(&mut delivered), figures(&mut published));
        println!(
            "seen on the other server after the answer: median {median:?}, 99th percentile {slow:?}; a bare message and back: median {bare_median:?}, 99th percentile {bare_slow:?}"
        );
        assert!(median < Duration::from_millis(500), "over the bus, and not when the database is looked at: {median:?}");
    });
}

#[test]
fn access_that_ends_on_one_server_ends_subscriptions_on_the_other_within_a_second() {
    Fleet::run(&nats().url(), async |fleet| {
        let mut times = Vec::new();
        for way in 0..5 {
            let mo = fleet.one.person_at("Mo", &format!("mo{way}@example.com")).await;
            let input = json!({ "teamId": fleet.team, "emails": [mo.email], "roles": ["DEVELOPER"] });
            assert!(fleet.ada.mutate("addTeamMembers", "results { outcome }", input).await.is_ok());
            let input = json!({ "teamId": fleet.team, "name": format!("Group {way}"), "side": "TEAM", "userIds": [mo.id] });
            let group = fleet.ada.mutate("createGroup", "group { id }", input).await.text("/group/id");
            let invitee = if way == 3 || way == 4 { json!({ "groupId": group }) } else { json!({ "email": mo.email }) };
            let input = json!({ "workspaceId": fleet.workspace, "invitees": [invitee], "role": "VIEWER" });
            let answer = fleet.ada.mutate("inviteTeamMembers", "results { outcome member { id } }", input).await;
            let member = answer.text("/results/0/member/id");
            let mut socket = fleet.follow_at_the_other(&mo).await;
            let (mutation, selection, input) = match way {
                0 | 3 => ("removeWorkspaceMember", "removedMemberId", json!({ "memberId": member })),
                1 => ("removeFromTeam", "teamId", json!({ "teamId": fleet.team, "userId": mo.id })),
                2 => ("revokeAccessToken", "revokedAccessTokenId", json!({ "accessTokenId": token_of(&mo).await })),
                _ => ("removeGroupMembers", "group { id }", json!({ "groupId": group, "userIds": [mo.id] })),
            };
            let who = if way == 2 { &mo } else { &fleet.ada };
            let answer = who.mutate(mutation, selection, input).await;
            assert!(answer.is_ok(), "{answer:?}");
            let answered = Instant::now();
            // What happened may still be told of; what comes after it may not.
            while socket.event().await != Event::Complete {}
            times.push(answered.elapsed());
        }
        times.sort_unstable();
        println!("from the answer to the end of the subscription on the other server: {times:?}");
        assert!(times[2] < Duration::from_secs(1), "{times:?}");
        assert!(times[4] < BY_LOOKING, "over the bus, and not when the database is looked at: {times:?}");
    });
}

async fn token_of(person: &Person) -> String {
    person.ask("{ viewer { accessTokens { id } } }", json!({})).await.text("/viewer/accessTokens/0/id")
}

/// A change of access that the bus never carried is found in the database.
#[test]
fn access_that_ends_where_the_bus_does_not_reach_ends_everywhere_all_the_same() {
    Fleet::run(&nats().url(), async |fleet| {
        let mo = fleet.one.person("Mo").await;
        let input = json!({ "teamId": fleet.team, "emails": [mo.email], "roles": ["DEVELOPER"] });
        assert!(fleet.ada.mutate("addTeamMembers", "results { outcome }", input).await.is_ok());
        fleet.ada.invite(&fleet.workspace, &mo, "VIEWER").await;
        let mut socket = fleet.follow_at_the_other(&mo).await;
        // A third server that is cut off from the bus, and what is written to no feed.
        let mut config = fleet.one.config.clone();
        config.bus.url = String::new().into();
        let cut_off = fleet.one.another_with(&config).await;
        let mo_there = Person { url: cut_off.http("/graphql"), ..mo.clone() };
        let input = json!({ "accessTokenId": token_of(&mo).await });
        assert!(mo_there.mutate("revokeAccessToken", "revokedAccessTokenId", input).await.is_ok());
        let answered = Instant::now();
        assert_eq!(socket.event().await, Event::Complete);
        println!("found after {:?}", answered.elapsed());
        cut_off.stop().await;
    });
}

//! Cursors whose place is forgotten.

use super::{ACTIVITY, ALMOST, DAY, NOTIFICATIONS, TERM, activity, each, happen, happen_to_team, notifications};
use crate::partner_workspace::seed_partner;
use crate::support::socket::{Event, Socket};
use crate::support::{Answer, Person, TestApp, on_both};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use portico::app::clock::Clock;
use portico::domain::WorkspaceRole::Viewer;
use serde_json::{Value, json};
use uuid::Uuid;

/// Where to go on from, as the errors say.
fn oldest(errors: &Value) -> String {
    let extensions = &errors[0]["extensions"];
    let said = ["code", "reason", "argument"].map(|key| extensions[key].as_str().unwrap_or_default());
    assert_eq!(said, ["FAILED_PRECONDITION", "CURSOR_EXPIRED", "after"], "{errors}");
    extensions["oldestCursor"].as_str().unwrap().to_owned()
}

fn oldest_of(answer: &Answer) -> String {
    oldest(&answer.body["errors"])
}

/// What a subscription after this cursor is refused with.
async fn refused(app: &TestApp, person: &Person, query: &str, variables: Value) -> Value {
    let mut socket = Socket::subscribe(app, person, query, variables).await;
    let Event::Error(errors) = socket.event().await else { panic!("it was not refused") };
    assert_eq!(socket.event().await, Event::Complete, "and then it is over");
    errors
}

/// The names of the next so many things that happened.
async fn names(socket: &mut Socket, count: usize) -> Vec<String> {
    let mut names = Vec::new();
    for _ in 0..count {
        let event = socket.next().await;
        names.push(event["workspaceActivity"]["data"]["name"].as_str().unwrap().to_owned());
    }
    names
}

/// The same cursor, of another key.
fn forged(cursor: &str, key: &[u8]) -> String {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).unwrap();
    URL_SAFE_NO_PAD.encode([&bytes[..7], key].concat())
}

/// A `UUIDv7` of this moment that nothing has.
fn unknown_id(micros: i64) -> [u8; 16] {
    *uuid::Builder::from_unix_timestamp_millis(u64::try_from(micros / 1_000).unwrap(), &[7; 10]).into_uuid().as_bytes()
}

on_both! {
    async fn an_expired_cursor_of_activity_is_refused_with_the_oldest_one(app) {
        let ada = app.person("Ada").await;
        let team = app.team(&ada, &[]).await;
        let workspace = ada.workspace(&team, "Docs", "PRIVATE").await;
        happen(&app, &workspace, ["Old 1", "Old 2"]).await;
        let cursors = each(&activity(&ada, &workspace, json!({ "first": 10 })).await, "/cursor");
        app.advance(DAY);
        happen(&app, &workspace, ["New 1", "New 2", "New 3"]).await;
        app.advance(ALMOST);
        app.run_jobs().await;
        let kept = ["New 1", "New 2", "New 3"];
        // The last one that was forgotten is as good as any: nobody knows any more what followed it.
        for cursor in &cursors {
            let errors = refused(&app, &ada, ACTIVITY, json!({ "id": workspace, "after": cursor })).await;
            let mut resumed = Socket::subscribe(&app, &ada, ACTIVITY, json!({ "id": workspace, "after": oldest(&errors) })).await;
            assert_eq!(names(&mut resumed, 3).await, kept);
            let page = activity(&ada, &workspace, json!({ "first": 2, "after": cursor })).await;
            assert_eq!(oldest_of(&page), oldest(&errors));
            let page = activity(&ada, &workspace, json!({ "first": 10, "after": oldest_of(&page) })).await;
            assert_eq!(each(&page, "/data/name"), kept);
            // Backwards from the end down to it there would be a hole as well; before it there is nothing, and nothing is missed.
            oldest_of(&activity(&ada, &workspace, json!({ "last": 10, "after": cursor })).await);
            for arguments in [json!({ "last": 10, "before": cursor }), json!({ "first": 10, "before": cursor })] {
                let page = activity(&ada, &workspace, arguments).await;
                assert!(each(&page, "/id").is_empty());
                assert_eq!(page.at("/workspace/page/pageInfo/hasPreviousPage"), false);
            }
        }
        // What came before the oldest cursor is nothing, and what it stands before may be forgotten in its turn.
        let oldest = oldest_of(&activity(&ada, &workspace, json!({ "first": 1, "after": cursors[0] })).await);
        assert!(each(&activity(&ada, &workspace, json!({ "last": 10, "before": oldest })).await, "/id").is_empty());
        happen(&app, &workspace, ["Newest"]).await;
        app.advance(DAY);
        app.run_jobs().await;
        let next = oldest_of(&activity(&ada, &workspace, json!({ "first": 1, "after": oldest })).await);
        assert_eq!(each(&activity(&ada, &workspace, json!({ "first": 10, "after": next })).await, "/data/name"), ["Newest"]);
    }

    async fn an_expired_cursor_of_notifications_is_refused_with_the_oldest_one(app) {
        let (ada, mo) = (app.person("Ada").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&mo, &["DEVELOPER"])]).await;
        let invite = async |name: &str| {
            let workspace = ada.workspace(&team, name, "PRIVATE").await;
            ada.invite(&workspace, &mo, "VIEWER").await;
        };
        invite("Old 1").await;
        invite("Old 2").await;
        let cursors = each(&notifications(&mo, json!({ "first": 10 })).await, "/cursor");
        app.advance(DAY);
        invite("New 1").await;
        invite("New 2").await;
        app.advance(ALMOST);
        app.run_jobs().await;
        let kept = each(&notifications(&mo, json!({ "first": 10 })).await, "/id");
        assert_eq!(kept.len(), 2);
        let (last, forgotten) = cursors.split_last().unwrap();
        for cursor in forgotten {
            let errors = refused(&app, &mo, NOTIFICATIONS, json!({ "after": cursor })).await;
            let mut resumed = Socket::subscribe(&app, &mo, NOTIFICATIONS, json!({ "after": oldest(&errors) })).await;
            for id in &kept {
                assert_eq!(resumed.next().await["notifications"]["id"], **id);
            }
            for unread in [true, false] {
                let page = notifications(&mo, json!({ "first": 1, "after": cursor, "unread": unread })).await;
                let page = notifications(&mo, json!({ "first": 10, "after": oldest_of(&page), "unread": unread })).await;
                assert_eq!(each(&page, "/id"), kept);
            }
            oldest_of(&notifications(&mo, json!({ "last": 1, "after": cursor })).await);
            let page = notifications(&mo, json!({ "last": 10, "before": cursor })).await;
            assert!(each(&page, "/id").is_empty());
        }
        // Behind the last one that was forgotten nothing is missing, and its number says so.
        assert_eq!(each(&notifications(&mo, json!({ "first": 10, "after": last })).await, "/id"), kept);
        let mut resumed = Socket::subscribe(&app, &mo, NOTIFICATIONS, json!({ "after": last })).await;
        assert_eq!(resumed.next().await["notifications"]["id"], kept[0]);
        // Once nothing is kept, there is still a place to go on from.
        app.advance(TERM);
        app.run_jobs().await;
        let errors = refused(&app, &mo, NOTIFICATIONS, json!({ "after": cursors[0] })).await;
        let mut resumed = Socket::subscribe(&app, &mo, NOTIFICATIONS, json!({ "after": oldest(&errors) })).await;
        let workspace = ada.workspace(&team, "Newest", "PRIVATE").await;
        ada.invite(&workspace, &mo, "VIEWER").await;
        assert!(resumed.next().await["notifications"]["message"].as_str().unwrap().contains("Newest"));
    }

    async fn the_oldest_cursor_says_nothing_of_what_its_reader_may_not_read(app) {
        let (ada, paula, pia) = (app.person("Ada").await, app.person("Paula").await, app.person("Pia").await);
        let team = app.team(&ada, &[(&paula, &["PARTNER_MANAGER"])]).await;
        let workspace = paula.workspace(&team, "Shared", "PARTNER").await;
        seed_partner(&app, &team, &workspace, &pia, Viewer).await;
        happen(&app, &workspace, ["Old"]).await;
        let old = each(&activity(&pia, &workspace, json!({ "last": 1 })).await, "/cursor").pop().unwrap();
        app.advance(DAY);
        happen_to_team(&app, &workspace, ["Hidden 1", "Hidden 2"]).await;
        happen(&app, &workspace, ["Seen"]).await;
        app.advance(ALMOST);
        app.run_jobs().await;
        let (seen, all) = (activity(&pia, &workspace, json!({ "first": 10 })).await, activity(&paula, &workspace, json!({ "first": 10 })).await);
        assert_eq!((each(&seen, "/data/name"), each(&all, "/data/name").len()), (vec!["Seen".to_owned()], 3));
        let oldest = oldest_of(&activity(&pia, &workspace, json!({ "first": 1, "after": old })).await);
        // It holds the id of the entry that she sees first, and nothing else.
        let id: portico::domain::ActivityId = each(&seen, "/id")[0].parse().unwrap();
        assert_eq!(oldest, forged(&oldest, &[id.uuid().as_bytes().as_slice(), &[0]].concat()));
        assert_eq!(each(&activity(&pia, &workspace, json!({ "first": 10, "after": oldest })).await, "/data/name"), ["Seen"]);

        // Where she sees nothing, it is a moment. What she has not seen comes after it, however much else does.
        happen_to_team(&app, &workspace, ["Hidden 3"]).await;
        app.advance(DAY);
        app.run_jobs().await;
        assert!(each(&activity(&pia, &workspace, json!({ "first": 10 })).await, "/id").is_empty());
        let errors = refused(&app, &pia, ACTIVITY, json!({ "id": workspace, "after": oldest })).await;
        let nothing = crate::feeds::cursors::oldest(&errors);
        assert_eq!(nothing, forged(&nothing, &app.clock.now().as_micros().to_be_bytes()));
        happen_to_team(&app, &workspace, ["Hidden 4"]).await;
        happen(&app, &workspace, ["Seen too"]).await;
        let mut resumed = Socket::subscribe(&app, &pia, ACTIVITY, json!({ "id": workspace, "after": nothing })).await;
        assert_eq!(names(&mut resumed, 1).await, ["Seen too"]);
        app.advance(TERM + DAY);
        oldest_of(&activity(&pia, &workspace, json!({ "first": 10, "after": nothing })).await);
    }

    async fn a_cursor_that_never_was_one_is_told_from_one_that_expired(app) {
        let (ada, eve) = (app.person("Ada").await, app.person("Eve").await);
        let team = app.team(&ada, &[]).await;
        let begun = app.clock.now().as_micros();
        app.advance(DAY);
        let (workspace, other) = (ada.workspace(&team, "Docs", "PRIVATE").await, ada.workspace(&team, "Other", "PRIVATE").await);
        let made = app.clock.now().as_micros();
        happen(&app, &workspace, ["Old"]).await;
        let old = each(&activity(&ada, &workspace, json!({ "last": 1 })).await, "/cursor").pop().unwrap();
        let foreign = each(&activity(&ada, &other, json!({ "last": 1 })).await, "/cursor").pop().unwrap();
        app.advance(DAY);
        happen(&app, &workspace, ["New"]).await;
        app.advance(ALMOST);
        app.run_jobs().await;
        let kept = app.clock.now().as_micros() - i64::try_from((DAY * 399).as_micros()).unwrap();
        let never = [
            forged(&old, &unknown_id(begun)),
            forged(&old, &unknown_id(kept)),
            forged(&old, &unknown_id(app.clock.now().as_micros())),
            forged(&old, Uuid::nil().as_bytes()),
            forged(&old, &[0xff; 16]),
            forged(&old, &[[0; 17].as_slice(), &[1]].concat()),
            forged(&old, &7_u32.to_be_bytes()),
            forged(&old, &[]),
            foreign,
            "nonsense".to_owned(),
        ];
        for cursor in &never {
            for arguments in [json!({ "first": 1, "after": cursor }), json!({ "last": 1, "before": cursor })] {
                let argument = if arguments["after"].is_null() { "before" } else { "after" };
                assert_eq!(activity(&ada, &workspace, arguments).await.refusal(), format!("BAD_USER_INPUT/INVALID_CURSOR/{argument}"), "{cursor}");
            }
            let errors = refused(&app, &ada, ACTIVITY, json!({ "id": workspace, "after": cursor })).await;
            assert_eq!(errors[0]["extensions"]["reason"], "INVALID_CURSOR");
        }
        oldest_of(&activity(&ada, &workspace, json!({ "first": 1, "after": forged(&old, &unknown_id(made)) })).await);
        // Whoever may not see the workspace is told nothing of its cursors.
        let errors = refused(&app, &eve, ACTIVITY, json!({ "id": workspace, "after": old })).await;
        assert_eq!(errors[0]["extensions"]["reason"], "UNKNOWN_ID");
    }
}

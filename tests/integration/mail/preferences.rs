//! People are told of what they want to be told, on the ways that they prefer; but the announcements reach everybody.

use super::Office;
use crate::support::{Answer, Person, on_both};
use serde_json::{Value, json};

const PREFERENCES: &str = "{ viewer { mailRhythm notificationPreferences { kind inApp email canChangeInApp canChangeEmail } } }";

async fn prefer(person: &Person, preferences: Value) -> Answer {
    person.mutate("updateNotificationPreferences", "preferences { kind inApp email }", json!({ "preferences": preferences })).await
}

async fn preference(person: &Person, kind: &str) -> Value {
    let answer = person.ask(PREFERENCES, json!({})).await;
    answer.list("/viewer/notificationPreferences").iter().find(|preference| preference["kind"] == kind).unwrap().clone()
}

on_both! {
    async fn a_channel_that_is_switched_off_tells_no_more_and_the_other_does(app) {
        let office = Office::new(&app).await;
        let (mo, nia, lou) = (app.person("Mo").await, app.person("Nia").await, app.person("Lou").await);
        assert!(prefer(&mo, json!([{ "kind": "MEMBER_ADDED", "inApp": false }])).await.is_ok());
        assert!(prefer(&nia, json!([{ "kind": "MEMBER_ADDED", "email": false }])).await.is_ok());
        assert!(prefer(&lou, json!([{ "kind": "MEMBER_ADDED", "email": false, "inApp": false }])).await.is_ok());
        for person in [&mo, &nia, &lou] {
            office.take_in(person).await;
        }
        let mails = app.mails().await;
        assert_eq!(mails.iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(), [mo.email.as_str()]);
        assert!(mo.told().await.is_empty() && lou.told().await.is_empty());
        assert_eq!(nia.told().await, ["MEMBER_ADDED"]);

        // What was not told takes no place in the feed, and what is told again takes the next.
        assert!(prefer(&lou, json!([{ "kind": "MEMBER_ADDED", "email": true, "inApp": true }])).await.is_ok());
        office.ada.invite(&office.workspace, &lou, "VIEWER").await;
        assert_eq!(lou.told().await, ["MEMBER_ADDED"]);
        assert_eq!(app.mails().await.len(), 1);
        let first = "SELECT seq AS number FROM notification WHERE user_id = (SELECT id FROM \"user\" WHERE name = 'Lou')";
        assert_eq!(app.number(first).await, 1);
    }

    async fn the_announcements_reach_everybody_whatever_they_prefer(app) {
        let office = Office::new(&app).await;
        let mo = office.newcomer(&app, "Mo").await;
        office.ada.invite(&office.workspace, &mo, "VIEWER").await;
        app.mails().await;
        let before = mo.ask(PREFERENCES, json!({})).await.body;
        let optional: Vec<Value> = mo.ask(PREFERENCES, json!({})).await.list("/viewer/notificationPreferences").iter().map(|preference| json!({
            "kind": preference["kind"],
            "inApp": !preference["canChangeInApp"].as_bool().unwrap(),
            "email": if preference["canChangeEmail"] == true { json!(false) } else { preference["email"].clone() },
        })).collect();
        for kind in ["WORKSPACE_CONVERTED", "WORKSPACE_DELETED"] {
            for channel in ["inApp", "email"] {
                // All of it or nothing: what comes before it is not switched off either.
                let refused = prefer(&mo, json!([{ "kind": "MEMBER_ADDED", "email": false }, { "kind": kind, channel: false }])).await;
                assert_eq!(refused.refusal(), "FAILED_PRECONDITION/MANDATORY/preferences");
            }
            let shown = preference(&mo, kind).await;
            assert_eq!((&shown["inApp"], &shown["email"], &shown["canChangeInApp"], &shown["canChangeEmail"]), (&json!(true), &json!(true), &json!(false), &json!(false)));
        }
        assert_eq!(mo.ask(PREFERENCES, json!({})).await.body, before, "nothing changed");

        // All else is off, and they are told all the same.
        assert!(prefer(&mo, json!(optional)).await.is_ok());
        let sam = app.person("Sam").await;
        let input = json!({ "teamId": office.team, "emails": [sam.email], "roles": ["SUPER_ADMIN"] });
        assert!(office.ada.mutate("addTeamMembers", "results { outcome }", input).await.is_ok());
        for visibility in ["PARTNER", "PRIVATE"] {
            let input = json!({ "workspaceId": office.workspace, "visibility": visibility });
            assert!(sam.mutate("changeWorkspaceVisibility", "workspace { id }", input).await.is_ok());
        }
        assert!(sam.mutate("deleteWorkspace", "deletedWorkspaceId", json!({ "workspaceId": office.workspace })).await.is_ok());
        let told = mo.told().await;
        assert_eq!(told[told.len() - 2..], ["WORKSPACE_CONVERTED", "WORKSPACE_DELETED"], "{told:?}");
        let mails = app.mails().await;
        let to_mo: Vec<&str> = mails.iter().filter(|mail| mail.to == mo.email).map(|mail| mail.subject.as_str()).collect();
        assert_eq!(to_mo.len(), 2, "{to_mo:?}");
        assert!(mails.iter().filter(|mail| mail.to == mo.email).all(|mail| mail.header("List-Unsubscribe").is_none()));
    }

    async fn what_cannot_be_meant_is_refused_and_changes_nothing(app) {
        let mo = app.person("Mo").await;
        assert_eq!(prefer(&mo, json!([{ "kind": "MENTIONED", "email": true }])).await.refusal(), "BAD_USER_INPUT/NEVER_MAILED/preferences");
        assert_eq!(prefer(&mo, json!([{ "kind": "INVITATION_RECEIVED", "email": false }])).await.refusal(), "FAILED_PRECONDITION/MANDATORY/preferences");
        let twice = json!([{ "kind": "MEMBER_ADDED", "email": false }, { "kind": "MEMBER_ADDED", "email": true }]);
        assert_eq!(prefer(&mo, twice).await.refusal(), "BAD_USER_INPUT/CONTRADICTORY_ARGUMENTS/preferences");
        assert_eq!(prefer(&app.anonymous(), json!([])).await.refusal(), "UNAUTHENTICATED/SIGN_IN_REQUIRED/-");
        // What is so already may be said, null is no change, and nothing at all is no change either.
        assert!(prefer(&mo, json!([{ "kind": "WORKSPACE_DELETED", "email": true, "inApp": true }, { "kind": "MENTIONED", "email": false }])).await.is_ok());
        assert!(prefer(&mo, json!([{ "kind": "MEMBER_ADDED", "email": null }])).await.is_ok());
        assert!(prefer(&mo, Value::Null).await.is_ok());
        assert_eq!(app.number("SELECT count(*) AS number FROM notification_preference").await, 0);
    }

    async fn preferences_are_their_owner_s_and_are_shown_for_every_kind(app) {
        let (mo, nia) = (app.person("Mo").await, app.person("Nia").await);
        let changed = prefer(&mo, json!([{ "kind": "ELEMENT_MOVED", "inApp": false }, { "kind": "REQUEST_APPROVED", "email": false }])).await;
        let of = |kind: &str| changed.list("/preferences").iter().find(|preference| preference["kind"] == kind).unwrap().clone();
        assert_eq!(of("ELEMENT_MOVED"), json!({ "kind": "ELEMENT_MOVED", "inApp": false, "email": false }));
        assert_eq!(of("REQUEST_APPROVED"), json!({ "kind": "REQUEST_APPROVED", "inApp": true, "email": false }));
        assert_eq!(changed.list("/preferences").len(), 29);
        assert_eq!(preference(&nia, "REQUEST_APPROVED").await["email"], true);
        let rhythm = mo.mutate("updateNotificationPreferences", "viewer { mailRhythm }", json!({ "mailRhythm": "DAILY" })).await;
        assert_eq!(rhythm.text("/viewer/mailRhythm"), "DAILY");
        assert_eq!(preference(&mo, "ELEMENT_MOVED").await["inApp"], false, "the one does not touch the other");
        assert_eq!(nia.ask(PREFERENCES, json!({})).await.text("/viewer/mailRhythm"), "AT_ONCE");
    }

    async fn two_who_change_different_things_at_once_lose_neither(app) {
        let mo = app.person("Mo").await;
        let kinds = ["MEMBER_ADDED", "MEMBER_REMOVED", "ROLE_CHANGED", "ELEMENT_MOVED", "MENTIONED", "COMMENT_ADDED"];
        let changes = kinds.map(|kind| {
            let mo = mo.clone();
            async move { assert!(prefer(&mo, json!([{ "kind": kind, "inApp": false }])).await.is_ok()) }
        });
        futures_util::future::join_all(changes).await;
        for kind in kinds {
            assert_eq!(preference(&mo, kind).await["inApp"], false, "{kind}");
        }
    }

    async fn preferences_cost_one_statement_whatever_the_number_of_people(app) {
        let office = Office::new(&app).await;
        let mut counts = Vec::new();
        for size in [2, 120] {
            let workspace = office.ada.workspace(&office.team, "Work", "PRIVATE").await;
            let mut people = Vec::new();
            for number in 0..size {
                people.push(app.person(&format!("P{size}x{number}")).await);
            }
            for some in people.chunks(100) {
                let emails: Vec<_> = some.iter().map(|person| &person.email).collect();
                let input = json!({ "teamId": office.team, "emails": emails, "roles": ["DEVELOPER"] });
                assert!(office.ada.mutate("addTeamMembers", "results { outcome }", input).await.is_ok());
                let invitees: Vec<_> = emails.iter().map(|email| json!({ "email": email })).collect();
                let input = json!({ "workspaceId": workspace, "invitees": invitees, "role": "VIEWER" });
                assert!(office.ada.mutate("inviteTeamMembers", "results { outcome }", input).await.is_ok());
            }
            for person in people.iter().take(size / 2) {
                assert!(prefer(person, json!([{ "kind": "WORKSPACE_VISIBILITY_CHANGED", "email": false }])).await.is_ok());
            }
            let before = app.parts.database.statements();
            let input = json!({ "workspaceId": workspace, "visibility": "TEAM" });
            assert!(office.ada.mutate("changeWorkspaceVisibility", "workspace { id }", input).await.is_ok());
            counts.push(app.parts.database.statements() - before);
            let told = format!("SELECT count(*) AS number FROM mail WHERE kind = 'WORKSPACE_VISIBILITY_CHANGED' AND recipient LIKE 'p{size}x%'");
            assert_eq!(app.number(&told).await, i64::try_from(size / 2).unwrap());
        }
        assert_eq!(counts[0], counts[1]);
    }
}

//! Who wants one mail a day gets one, with all that happened, once.

use super::Office;
use crate::support::{Person, TestApp, on_both};
use serde_json::json;
use std::time::Duration;

async fn rhythm(person: &Person, rhythm: &str) {
    let answer = person.mutate("updateNotificationPreferences", "viewer { mailRhythm }", json!({ "mailRhythm": rhythm })).await;
    assert_eq!(answer.text("/viewer/mailRhythm"), rhythm);
}

/// How many mails wait or went out to this person, of whatever kind.
async fn mails_to(app: &TestApp, person: &Person) -> i64 {
    app.number(&format!("SELECT count(*) AS number FROM mail WHERE recipient = '{}'", person.email)).await
}

on_both! {
    async fn a_day_becomes_one_mail(app) {
        let office = Office::new(&app).await;
        let (mo, nia) = (app.person("Mo").await, app.person("Nia").await);
        rhythm(&mo, "DAILY").await;
        for person in [&mo, &nia] {
            office.take_in(person).await;
            office.ada.invite(&office.workspace, person, "VIEWER").await;
        }
        let mails = app.mails().await;
        assert_eq!(mails.iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(), [nia.email.as_str(), nia.email.as_str()], "who did not ask is told at once");
        assert_eq!(mo.told().await, ["MEMBER_ADDED", "MEMBER_ADDED"], "the app tells at once");

        app.advance(Duration::from_hours(24));
        let mails = app.mails().await;
        assert_eq!(mails.len(), 1, "{mails:?}");
        let digest = &mails[0];
        assert_eq!((digest.to.as_str(), digest.subject.as_str()), (mo.email.as_str(), "Your day in Portico: 2 things happened"));
        let lines: Vec<&str> = digest.text.lines().filter(|line| line.starts_with("* ")).collect();
        assert_eq!(lines.len(), 2, "{}", digest.text);
        assert!(lines[0].contains("You are now in the team") && lines[1].contains("Ada added you to the workspace Work as Viewer."), "{lines:?}");
        assert!(digest.html.contains("Ada added you to the workspace Work as Viewer."), "{}", digest.html);

        app.advance(Duration::from_hours(48));
        assert!(app.mails().await.is_empty(), "nothing happened, so nothing is told");
    }

    async fn a_digest_is_made_once_however_many_servers_make_it(app) {
        let office = Office::new(&app).await;
        let mut people = Vec::new();
        for number in 0..12 {
            let person = app.person(&format!("P{number}")).await;
            rhythm(&person, "DAILY").await;
            office.take_in(&person).await;
            office.ada.invite(&office.workspace, &person, "VIEWER").await;
            people.push(person);
        }
        app.advance(Duration::from_hours(24));
        let servers = (0..4).map(|_| {
            let jobs = app.parts.jobs.clone();
            tokio::spawn(async move { jobs.run_due().await.unwrap() })
        });
        for server in servers.collect::<Vec<_>>() {
            server.await.unwrap();
        }
        for person in &people {
            assert_eq!(mails_to(&app, person).await, 1);
        }
        let mails = app.mails().await;
        assert_eq!(mails.len(), 12);
        assert!(mails.iter().all(|mail| mail.subject == "Your day in Portico: 2 things happened"));
        assert_eq!(app.number("SELECT count(*) AS number FROM digest_entry").await, 0);
    }

    async fn what_cannot_be_switched_off_does_not_wait(app) {
        let office = Office::new(&app).await;
        let mo = office.newcomer(&app, "Mo").await;
        office.ada.invite(&office.workspace, &mo, "VIEWER").await;
        app.mails().await;
        rhythm(&mo, "DAILY").await;
        assert!(office.ada.mutate("deleteWorkspace", "deletedWorkspaceId", json!({ "workspaceId": office.workspace })).await.is_ok());
        let mails = app.mails().await;
        assert!(mails.iter().any(|mail| mail.to == mo.email && mail.subject.contains("deleted the workspace Work")), "{mails:?}");
    }

    async fn what_was_switched_off_while_it_waited_is_left_out_and_a_change_of_rhythm_loses_nothing(app) {
        let office = Office::new(&app).await;
        let (mo, nia) = (app.person("Mo").await, app.person("Nia").await);
        for person in [&mo, &nia] {
            rhythm(person, "DAILY").await;
            office.take_in(person).await;
        }
        let off = json!({ "preferences": [{ "kind": "MEMBER_ADDED", "email": false }] });
        assert!(mo.mutate("updateNotificationPreferences", "viewer { mailRhythm }", off).await.is_ok());
        rhythm(&nia, "AT_ONCE").await;
        assert!(app.mails().await.is_empty());
        app.advance(Duration::from_hours(24));
        let mails = app.mails().await;
        assert_eq!(mails.iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(), [nia.email.as_str()]);
        assert_eq!(mails[0].subject, "Your day in Portico: 1 thing happened");
        assert_eq!(app.number("SELECT count(*) AS number FROM digest_entry").await, 0);
    }
}

//! The link in a mail switches such mails off, for its recipient and by a POST only.

use super::{Office, recipients};
use crate::support::app::Mail;
use crate::support::smtp::MailServer;
use crate::support::{Person, TestApp, on_both};
use serde_json::json;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// The path of the link in a mail, which all its forms and the header agree on.
fn link(mail: &Mail) -> String {
    let header = mail.header("List-Unsubscribe").unwrap();
    let link = header.strip_prefix('<').unwrap().strip_suffix('>').unwrap();
    assert!(mail.text.lines().any(|line| line.ends_with(link)), "{}", mail.text);
    assert!(mail.html.contains(&format!("href=\"{link}\"")), "{}", mail.html);
    assert_eq!(mail.header("List-Unsubscribe-Post").unwrap(), "List-Unsubscribe=One-Click");
    link.strip_prefix("http://127.0.0.1:8000").unwrap().to_owned()
}

/// Status and page of a GET.
async fn get(app: &TestApp, path: &str) -> (u16, String) {
    let response = app.client.get(app.http(path)).send().await.unwrap();
    assert_eq!(response.headers()["referrer-policy"], "no-referrer");
    assert_eq!(response.headers()["cache-control"], "no-store");
    (response.status().as_u16(), response.text().await.unwrap())
}

/// Status and page of the POST that programs send.
async fn post(app: &TestApp, path: &str) -> (u16, String) {
    let request =
        app.client.post(app.http(path)).header("content-type", "application/x-www-form-urlencoded").body("List-Unsubscribe=One-Click");
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

async fn is_on(person: &Person, kind: &str) -> bool {
    let answer = person.ask("{ viewer { notificationPreferences { kind email } } }", json!({})).await;
    let preferences = answer.list("/viewer/notificationPreferences");
    preferences.iter().find(|preference| preference["kind"] == kind).unwrap()["email"].as_bool().unwrap()
}

async fn switch_off(person: &Person) {
    let input = json!({ "preferences": [{ "kind": "MEMBER_ADDED", "email": false }] });
    assert!(person.mutate("updateNotificationPreferences", "preferences { kind }", input).await.is_ok());
}

on_both! {
    async fn a_link_switches_off_mails_of_its_kind_without_signing_in(app) {
        let office = Office::new(&app).await;
        let (mo, nia) = (office.newcomer(&app, "Mo").await, office.newcomer(&app, "Nia").await);
        let mails = app.mails().await;
        let link = link(mails.iter().find(|mail| mail.to == mo.email).unwrap());

        // Mail servers look where links lead: that changes nothing.
        let (status, page) = get(&app, &link).await;
        assert_eq!(status, 200);
        assert!(page.contains("member added") && page.contains("method=\"post\""), "{page}");
        assert!(!page.contains(&mo.email) && !page.contains("Mo<"), "the page knows who has the link, and does not say it");
        assert!(is_on(&mo, "MEMBER_ADDED").await);

        for _ in 0..2 {
            let (status, page) = post(&app, &link).await;
            assert_eq!(status, 200, "once or twice is the same");
            assert!(page.contains("no more mails of the kind"), "{page}");
        }
        assert!(!is_on(&mo, "MEMBER_ADDED").await);
        assert!(is_on(&mo, "MEMBER_REMOVED").await && is_on(&nia, "MEMBER_ADDED").await, "nothing else, and nobody else");
        office.ada.invite(&office.workspace, &mo, "VIEWER").await;
        assert!(app.mails().await.is_empty());
        assert_eq!(mo.told().await, ["MEMBER_ADDED", "MEMBER_ADDED"], "the app goes on telling");
    }

    async fn the_link_of_a_digest_switches_off_all_that_can_be(app) {
        let office = Office::new(&app).await;
        let mo = app.person("Mo").await;
        assert!(mo.mutate("updateNotificationPreferences", "viewer { mailRhythm }", json!({ "mailRhythm": "DAILY" })).await.is_ok());
        office.take_in(&mo).await;
        app.advance(Duration::from_hours(24));
        let mails = app.mails().await;
        let link = link(&mails[0]);
        assert!(get(&app, &link).await.1.contains("but those that cannot be switched off"));
        assert_eq!(post(&app, &link).await.0, 200);
        for (kind, on) in [("MEMBER_ADDED", false), ("REQUEST_SUBMITTED", false), ("WORKSPACE_DELETED", true), ("INVITATION_RECEIVED", true)] {
            assert_eq!(is_on(&mo, kind).await, on, "{kind}");
        }
    }

    async fn a_link_that_is_none_leads_nowhere_whatever_is_wrong_with_it(app) {
        let office = Office::new(&app).await;
        let (mo, _nia) = (office.newcomer(&app, "Mo").await, office.newcomer(&app, "Nia").await);
        let mails = app.mails().await;
        let links: Vec<String> = mails.iter().map(link).collect();
        let (id, secret) = links[0].rsplit_once('/').unwrap().1.split_once('_').unwrap();
        let other = links[1].rsplit_once('/').unwrap().1.split_once('_').unwrap().0;
        let mut guess = secret.to_owned();
        let first = if guess.remove(0) == 'A' { 'B' } else { 'A' };
        guess.insert(0, first);
        let unknown = get(&app, "/unsubscribe/nonsense").await;
        assert_eq!(unknown.0, 404);
        for token in [format!("{other}_{secret}"), format!("{id}_{guess}"), format!("{id}_"), id.to_owned(), "%ff".to_owned(), "a".repeat(4_000)] {
            let path = format!("/unsubscribe/{token}");
            assert_eq!(get(&app, &path).await, unknown, "{token}");
            assert_eq!(post(&app, &path).await, unknown, "{token}");
        }
        assert!(is_on(&mo, "MEMBER_ADDED").await);
        let put = app.client.put(app.http(&links[0])).send().await.unwrap();
        assert_eq!(put.status().as_u16(), 405);
        let secrets = "SELECT count(*) AS number FROM mail WHERE secret IS NOT NULL";
        assert_eq!(app.number(secrets).await, 0, "what went out is kept as a hash only");
    }

    async fn a_body_that_never_ends_is_not_read(app) {
        let office = Office::new(&app).await;
        office.newcomer(&app, "Mo").await;
        let link = link(&app.mails().await[0]);
        let address = app.http("").strip_prefix("http://").unwrap().to_owned();
        let mut stream = tokio::net::TcpStream::connect(&address).await.unwrap();
        let request = format!("POST {link} HTTP/1.1\r\nHost: {address}\r\nContent-Length: 10000000000\r\n\r\nx");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut status = [0; 12];
        tokio::time::timeout(Duration::from_secs(5), stream.read_exact(&mut status)).await.expect("an answer").unwrap();
        assert_eq!(status, *b"HTTP/1.1 200");
    }

    async fn what_waits_when_such_mails_are_switched_off_is_not_sent(app) {
        let mut app = app;
        let office = Office::new(&app).await;
        let (mo, nia, oda) = (office.newcomer(&app, "Mo").await, office.newcomer(&app, "Nia").await, office.newcomer(&app, "Oda").await);
        let link = link(app.mails().await.iter().find(|mail| mail.to == mo.email).unwrap());
        let daily = app.person("Dora").await;
        assert!(daily.mutate("updateNotificationPreferences", "viewer { mailRhythm }", json!({ "mailRhythm": "DAILY" })).await.is_ok());
        office.take_in(&daily).await;
        app.advance(Duration::from_hours(24));
        let mut server = MailServer::start(&[]);
        app.carry_by(&server.plain(), None);
        server.behave("data-4xx");
        for person in [&mo, &nia, &oda] {
            office.ada.invite(&office.workspace, person, "VIEWER").await;
        }
        app.run_jobs().await;
        assert_eq!(app.number("SELECT count(*) AS number FROM mail WHERE state = 'QUEUED' AND attempts = 1").await, 4, "they wait to be tried again");

        assert_eq!(post(&app, &link).await.0, 200);
        switch_off(&nia).await;
        switch_off(&daily).await;
        server.behave("accept");
        app.advance(Duration::from_mins(1));
        app.run_jobs().await;
        assert_eq!(recipients(&mut server), [oda.email.as_str()]);
        assert_eq!(app.number("SELECT count(*) AS number FROM mail WHERE state = 'DROPPED' AND secret IS NULL").await, 3);

        // The same holds for what was given up before.
        server.behave("rcpt-5xx");
        let other = office.ada.workspace(&office.team, "Other", "PRIVATE").await;
        office.ada.invite(&other, &oda, "VIEWER").await;
        app.run_jobs().await;
        switch_off(&oda).await;
        server.behave("accept");
        let query = "query($id: ID!) { team(id: $id) { undeliveredMails(first: 10) { nodes { id } } } }";
        let dead = office.ada.ask(query, json!({ "id": office.team })).await;
        assert_eq!(dead.list("/team/undeliveredMails/nodes").len(), 1);
        let mail = dead.text("/team/undeliveredMails/nodes/0/id");
        assert!(office.ada.mutate("requeueMail", "requeuedMailId", json!({ "mailId": mail })).await.is_ok());
        app.advance(Duration::from_hours(48));
        app.run_jobs().await;
        assert_eq!(recipients(&mut server), [oda.email.as_str()], "and no more");
    }

    async fn codes_and_invitations_cannot_be_switched_off(app) {
        let office = Office::new(&app).await;
        let asked = app.anonymous().mutate("requestSignInCode", "sent", json!({ "email": "nova@example.com" })).await;
        assert!(asked.is_ok());
        let input = json!({ "teamId": office.team, "emails": ["new@example.com"], "roles": ["DEVELOPER"] });
        assert!(office.ada.mutate("addTeamMembers", "results { outcome }", input).await.is_ok());
        let mails = app.mails().await;
        assert_eq!(mails.len(), 2);
        for mail in mails {
            assert!(mail.header("List-Unsubscribe").is_none() && !mail.text.contains("/unsubscribe/"), "{}", mail.source);
        }
    }
}

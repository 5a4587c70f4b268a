//! Who takes what waits, and what becomes of a mail that nobody can send or that was sent long ago.

use super::{Office, recipients};
use crate::support::smtp::MailServer;
use crate::support::{TestApp, on_both};
use async_trait::async_trait;
use portico::app::clock::Clock;
use portico::app::mail::ForgetMails;
use portico::domain::days;
use portico::mail::{Transport, TransportError};
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Longer than a sender has a mail for itself.
const A_WHILE: Duration = Duration::from_mins(1);

/// A carrier that never answers, such as a folder on a machine that is gone.
#[derive(Debug)]
struct Hanging;

#[async_trait]
impl Transport for Hanging {
    async fn send(&self, _id: &str, _message: &lettre::Message) -> Result<(), TransportError> {
        std::future::pending().await
    }

    fn patience(&self) -> Duration {
        Duration::from_millis(100)
    }
}

on_both! {
    async fn two_senders_send_each_mail_once(app) {
        let mut app = app;
        let office = Office::new(&app).await;
        let mut server = MailServer::start(&[]);
        app.carry_within(10, &server.plain(), None);
        let other = app.another().await;
        server.behave("slow");
        let mut expected = Vec::new();
        for number in 10..40 {
            expected.push(office.newcomer(&app, &format!("P{number}")).await.email);
        }
        let (one, another) = tokio::join!(app.parts.jobs.run_due(), other.parts.jobs.run_due());
        assert!(one.is_ok() && another.is_ok(), "{one:?} {another:?}");
        assert!(server.count("connections") > 8, "both have sent");
        let ids: BTreeSet<_> = server.received().iter().map(|mail| mail.header("Message-ID").unwrap()).collect();
        assert_eq!(ids.len(), 30);
        assert_eq!(recipients(&mut server), expected);
    }

    async fn a_carrier_that_hangs_holds_nobody_for_ever(app) {
        let mut app = app;
        let office = Office::new(&app).await;
        app.parts.jobs = app.parts.jobs.clone().with_transport(Arc::new(Hanging));
        for number in 10..30 {
            office.newcomer(&app, &format!("P{number}")).await;
        }
        let begun = Instant::now();
        tokio::time::timeout(Duration::from_secs(10), app.run_jobs()).await.expect("it ends");
        println!("20 mails are left for later after {:?}", begun.elapsed());
        let left = "SELECT count(*) AS number FROM mail WHERE state = 'QUEUED' AND attempts = 1 AND last_error LIKE '%within 100ms%'";
        assert_eq!(app.number(left).await, 20);
        let mut server = MailServer::start(&[]);
        app.carry_by(&server.plain(), None);
        app.advance(A_WHILE);
        app.run_jobs().await;
        assert_eq!(recipients(&mut server).len(), 20);
    }

    async fn a_mail_whose_sender_ended_in_every_try_is_given_up_and_says_so(app) {
        let mut app = app;
        let office = Office::new(&app).await;
        let mut server = MailServer::start(&[]);
        app.carry_by(&server.plain(), None);
        office.newcomer(&app, "Mo").await;
        for attempt in 1..=8 {
            let (tx, now) = (app.parts.app.store.begin().await.unwrap(), app.clock.now());
            let leased = tx.lease_mails(now, now + Duration::from_secs(90), 10).await.unwrap();
            assert_eq!(leased.iter().map(|mail| mail.attempts).collect::<Vec<_>>(), [attempt]);
            tx.commit().await.unwrap();
            app.run_jobs().await;
            app.advance(Duration::from_secs(90));
        }
        app.run_jobs().await;
        assert!(recipients(&mut server).is_empty());
        let query = "query($id: ID!) { team(id: $id) { undeliveredMails(first: 10) { nodes { reason attempts } } } }";
        let dead = office.ada.ask(query, json!({ "id": office.team })).await;
        let reason = "its sender ended in the middle of every try";
        assert_eq!(dead.at("/team/undeliveredMails/nodes"), &json!([{ "reason": reason, "attempts": 8 }]));
    }

    async fn a_mail_that_cannot_be_read_holds_no_other_and_waits_for_who_can(app) {
        let mut app = app;
        let office = Office::new(&app).await;
        let mut server = MailServer::start(&[]);
        app.carry_by(&server.plain(), None);
        let strange = office.newcomer(&app, "Strange").await;
        app.sql("UPDATE mail SET kind = 'PIGEON' WHERE state = 'QUEUED'", vec![]).await;
        let (mo, nia) = (office.newcomer(&app, "Mo").await, office.newcomer(&app, "Nia").await);
        for _ in 0..10 {
            app.run_jobs().await;
            app.advance(A_WHILE);
        }
        assert_eq!(recipients(&mut server), [mo.email.as_str(), &nia.email]);
        app.sql("UPDATE mail SET kind = 'MEMBER_ADDED' WHERE kind = 'PIGEON'", vec![]).await;
        app.run_jobs().await;
        assert_eq!(recipients(&mut server), [mo.email, nia.email, strange.email]);
    }

    async fn mails_that_are_done_with_are_forgotten_after_their_term(app) {
        let mut app = app;
        let office = Office::new(&app).await;
        office.newcomer(&app, "Mo").await;
        let header = app.mails().await[0].header("List-Unsubscribe").unwrap();
        let link = app.http(header.trim_matches(['<', '>']).strip_prefix("http://127.0.0.1:8000").unwrap());
        let mut server = MailServer::start(&[]);
        app.carry_by(&server.plain(), None);
        server.behave_for("rcpt-5xx", 1);
        office.newcomer(&app, "Nia").await;
        app.run_jobs().await;
        app.advance(days(400));
        app.run_jobs().await;
        assert_eq!(mails(&app).await, (2, 1));
        assert!(app.client.get(&link).send().await.unwrap().status().is_success());

        office.newcomer(&app, "Oda").await;
        app.advance(Duration::from_hours(1));
        app.run_jobs().await;
        assert_eq!(mails(&app).await, (1, 0), "that of Oda");
        assert_eq!(app.client.get(&link).send().await.unwrap().status().as_u16(), 404, "its mail is gone");
        assert_eq!(recipients(&mut server), ["oda@example.com"]);
    }

    async fn no_transaction_forgets_many_mails_and_none_that_waits(app) {
        let columns = "INSERT INTO mail (id, recipient, kind, message, state, attempts, due_at, created_at)";
        let row = "'a@example.com', 'MEMBER_ADDED', 'Hello', CASE i % 4 WHEN 0 THEN 'SENT' WHEN 1 THEN 'DEAD' WHEN 2 THEN 'DROPPED' ELSE 'QUEUED' END, 1, i, i";
        let fill = if app.parts.database.backend() == sea_orm::DbBackend::Sqlite {
            format!("{columns} WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1599) SELECT randomblob(16), {row} FROM n")
        } else {
            format!("{columns} SELECT gen_random_uuid(), {row} FROM generate_series(0, 1599) AS i")
        };
        app.sql(&fill, vec![]).await;
        let mut forgotten = Vec::new();
        for _ in 0..3 {
            forgotten.push(app.parts.app.execute(None, None, &ForgetMails).await.unwrap());
        }
        assert_eq!(forgotten, [1_000, 200, 0]);
        assert_eq!(app.number("SELECT count(*) AS number FROM mail WHERE state = 'QUEUED'").await, 400);
    }
}

/// How many mails there are, and how many of them were given up.
async fn mails(app: &TestApp) -> (i64, i64) {
    let all = app.number("SELECT count(*) AS number FROM mail").await;
    (all, app.number("SELECT count(*) AS number FROM mail WHERE state = 'DEAD'").await)
}

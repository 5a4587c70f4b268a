//! A mail arrives once, whatever the mail server does meanwhile.

use super::{Office, recipients};
use crate::support::on_both;
use crate::support::smtp::MailServer;
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// Longer than the first wait after a failure, and shorter than any term.
const A_WHILE: Duration = Duration::from_mins(1);

on_both! {
    async fn a_mail_arrives_once_when_the_server_recovers_however_it_failed(app) {
        let mut app = app;
        let office = Office::new(&app).await;
        let mut server = MailServer::start(&[]);
        app.carry_by(&server.plain(), None);
        let failures = [
            "drop-greeting", "greeting-4xx", "greeting-5xx", "hang-greeting", "mail-4xx", "mail-5xx", "rcpt-4xx", "hang-rcpt", "data-4xx", "hang-data",
            "drop-data",
        ];
        let mut expected = Vec::new();
        for mode in failures {
            server.behave(mode);
            let person = office.newcomer(&app, mode).await;
            app.run_jobs().await;
            assert_eq!(recipients(&mut server), expected, "{mode}: not yet");
            server.behave("accept");
            app.run_jobs().await;
            assert_eq!(recipients(&mut server), expected, "{mode}: not before the wait is over");
            app.advance(A_WHILE);
            app.run_jobs().await;
            expected.push(person.email.clone());
            expected.sort();
            assert_eq!(recipients(&mut server), expected, "{mode}: once");
            let attempts = format!("SELECT CAST(attempts AS bigint) AS number FROM mail WHERE state = 'SENT' AND recipient = '{}'", person.email);
            assert_eq!(app.number(&attempts).await, 2, "{mode}");
        }
        app.advance(Duration::from_hours(48));
        app.run_jobs().await;
        assert_eq!(recipients(&mut server), expected, "and never again");
    }

    async fn a_server_that_is_not_there_is_waited_for(app) {
        let mut app = app;
        let office = Office::new(&app).await;
        let server = MailServer::start(&[]);
        app.carry_by(&server.plain(), None);
        let first = office.newcomer(&app, "First").await;
        app.run_jobs().await;
        let mut server = server.restart();
        let second = office.newcomer(&app, "Second").await;
        app.run_jobs().await;
        assert_eq!(recipients(&mut server), [second.email.as_str()], "a connection of before is not taken for one that lives");
        let port = server.port.to_string();
        drop(server);
        let third = office.newcomer(&app, "Third").await;
        app.run_jobs().await;
        let mut server = MailServer::start(&["--port", &port]);
        app.advance(A_WHILE);
        app.run_jobs().await;
        assert_eq!(recipients(&mut server), [third.email.as_str()], "{} was sent before", first.email);
    }

    async fn only_a_lost_answer_makes_a_second_one_and_it_is_the_same_mail(app) {
        let mut app = app;
        let office = Office::new(&app).await;
        let mut server = MailServer::start(&[]);
        app.carry_by(&server.plain(), None);
        server.behave_for("drop-accepted", 1);
        office.newcomer(&app, "Mo").await;
        app.run_jobs().await;
        app.advance(A_WHILE);
        app.run_jobs().await;
        app.advance(A_WHILE);
        app.run_jobs().await;
        let ids: Vec<_> = server.received().iter().map(|mail| mail.header("Message-ID").unwrap()).collect();
        assert_eq!(ids.len(), 2);
        assert_eq!(ids[0], ids[1]);
        assert!(ids[0].starts_with("<mail_") && ids[0].ends_with("@localhost.localdomain>"), "{}", ids[0]);
    }

    async fn many_mails_share_few_connections_and_each_arrives_once(app) {
        let mut app = app;
        let office = Office::new(&app).await;
        let mut server = MailServer::start(&[]);
        app.carry_within(10, &server.plain(), None);
        server.behave("slow");
        let mut expected = Vec::new();
        for number in 10..34 {
            expected.push(office.newcomer(&app, &format!("P{number}")).await.email);
        }
        let begun = Instant::now();
        app.run_jobs().await;
        assert_eq!(recipients(&mut server), expected);
        assert!(server.count("connections") <= 8, "{}", server.count("connections"));
        // One after the other they would take 24 times 0.6 seconds.
        assert!(begun.elapsed() < Duration::from_secs(7), "{:?}", begun.elapsed());
    }

    async fn a_connection_that_hangs_holds_no_other_mail(app) {
        let mut app = app;
        let office = Office::new(&app).await;
        let mut server = MailServer::start(&[]);
        app.carry_within(10, &server.plain(), None);
        server.behave_for("hang-rcpt", 3);
        for number in 10..30 {
            office.newcomer(&app, &format!("P{number}")).await;
        }
        let jobs = tokio::spawn({
            let jobs = app.parts.jobs.clone();
            async move { jobs.run_due().await.unwrap() }
        });
        let begun = Instant::now();
        while recipients(&mut server).len() < 17 {
            assert!(begun.elapsed() < Duration::from_secs(5), "they wait for those that hang");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        jobs.await.unwrap();
        app.advance(A_WHILE);
        app.run_jobs().await;
        assert_eq!(recipients(&mut server).len(), 20);
    }

    async fn a_mail_server_that_hangs_delays_no_mutation_and_no_other_job(app) {
        let mut app = app;
        let office = Office::new(&app).await;
        let mut server = MailServer::start(&[]);
        app.carry_within(30, &server.plain(), None);
        server.behave("hang-greeting");
        for number in 0..20 {
            office.newcomer(&app, &format!("Waiting{number}")).await;
        }
        let (stop, stops) = watch::channel(false);
        let jobs = tokio::spawn(app.parts.jobs.clone().run(stops));
        let begun = Instant::now();
        while server.count("connections") == 0 {
            assert!(begun.elapsed() < Duration::from_secs(5), "nobody sends");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let mut took = Vec::new();
        for number in 0..20 {
            let begun = Instant::now();
            let input = json!({ "workspaceId": office.workspace, "summary": format!("Nobody waits for a mail, {number} times.") });
            assert!(office.ada.mutate("updateWorkspace", "workspace { id }", input).await.is_ok());
            office.newcomer(&app, &format!("P{number}")).await;
            took.push(begun.elapsed());
        }
        println!("pairs of mutations while the mail server hangs: {took:?}");
        assert!(took.iter().max() < Some(&Duration::from_secs(5)), "{took:?}");
        let begun = Instant::now();
        stop.send_replace(true);
        jobs.await.unwrap();
        assert!(begun.elapsed() < Duration::from_secs(8), "a shutdown is not held up either: {:?}", begun.elapsed());
        // What was cut off is nobody's and was no try, and what was not begun was never taken.
        assert_eq!(app.number("SELECT count(*) AS number FROM mail WHERE state = 'QUEUED' AND attempts = 0 AND leased_until IS NULL").await, 40);
        server.behave("accept");
        app.run_jobs().await;
        assert_eq!(recipients(&mut server).len(), 40);
    }

    async fn a_code_that_is_not_good_any_more_is_not_sent(app) {
        let mut app = app;
        let mut server = MailServer::start(&[]);
        app.carry_by(&server.plain(), None);
        server.behave("data-4xx");
        let asked = app.anonymous().mutate("requestSignInCode", "sent", json!({ "email": "nova@example.com" })).await;
        assert!(asked.is_ok());
        app.run_jobs().await;
        server.behave("accept");
        app.advance(Duration::from_mins(11));
        app.run_jobs().await;
        assert!(server.received().is_empty());
        assert_eq!(app.number("SELECT count(*) AS number FROM mail WHERE state = 'DEAD' AND secret IS NULL").await, 1);
    }
}

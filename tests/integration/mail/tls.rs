//! A mail server is spoken to over TLS that somebody vouches for, and with a password that is told to nobody else.

use super::{Office, recipients};
use crate::support::smtp::{Certificates, MailServer};
use crate::support::{TestApp, on_both};
use std::time::Duration;

const PASSWORD: &str = "correct-horse-battery";

/// Why the only mail that waits did not go out.
async fn why(app: &TestApp) -> String {
    use sea_orm::{ConnectionTrait, Statement};
    let connection = sea_orm::Database::connect(&app.database.url).await.unwrap();
    let text = "SELECT last_error AS reason FROM mail WHERE state = 'QUEUED'";
    let row = connection.query_one_raw(Statement::from_string(app.parts.database.backend(), text)).await.unwrap().unwrap();
    row.try_get("", "reason").unwrap()
}

/// The mail that failed goes out after a while.
async fn again(app: &TestApp, server: &mut MailServer) {
    app.advance(Duration::from_hours(13));
    app.run_jobs().await;
    assert_eq!(recipients(server).len(), 1, "{}", why(app).await);
}

on_both! {
    async fn starttls_is_asked_for_and_its_certificate_has_to_be_trusted(app) {
        let mut app = app;
        let office = Office::new(&app).await;
        let certificates = Certificates::make();
        let mut server = MailServer::start(&certificates.arguments());
        let url = format!("smtp://127.0.0.1:{}", server.port);
        app.carry_by(&url, None);
        office.newcomer(&app, "Mo").await;
        app.run_jobs().await;
        assert!(server.received().is_empty());
        assert!(why(&app).await.contains("certificate"), "{}", why(&app).await);
        app.carry_by(&url, Some(&certificates.authority));
        again(&app, &mut server).await;
        assert_eq!(server.count("encrypted"), 1);
    }

    async fn a_certificate_for_another_name_is_refused(app) {
        let mut app = app;
        let office = Office::new(&app).await;
        let certificates = Certificates::make();
        let mut server = MailServer::start(&certificates.arguments());
        app.carry_by(&format!("smtp://localhost:{}", server.port), Some(&certificates.authority));
        office.newcomer(&app, "Mo").await;
        app.run_jobs().await;
        assert!(server.received().is_empty());
        assert!(why(&app).await.contains("certificate"), "{}", why(&app).await);
    }

    async fn a_server_without_starttls_gets_nothing_unless_that_is_asked_for(app) {
        let mut app = app;
        let office = Office::new(&app).await;
        let mut server = MailServer::start(&[]);
        let url = format!("smtp://127.0.0.1:{}", server.port);
        app.carry_by(&url, None);
        office.newcomer(&app, "Mo").await;
        app.run_jobs().await;
        assert!(server.received().is_empty());
        assert!(why(&app).await.contains("STARTTLS"), "{}", why(&app).await);
        // A password is worth more than a mail: it goes over nothing that can be read.
        app.carry_by(&format!("smtp://portico:{PASSWORD}@127.0.0.1:{}?tls=opportunistic", server.port), None);
        app.advance(Duration::from_hours(13));
        app.run_jobs().await;
        assert!(why(&app).await.contains("a password is not sent without it"), "{}", why(&app).await);
        app.carry_by(&format!("{url}?tls=opportunistic"), None);
        again(&app, &mut server).await;
        assert_eq!(server.count("encrypted"), 0);
    }

    async fn opportunistic_takes_starttls_where_it_is_offered(app) {
        let mut app = app;
        let office = Office::new(&app).await;
        let certificates = Certificates::make();
        let mut server = MailServer::start(&certificates.arguments());
        app.carry_by(&format!("smtp://127.0.0.1:{}?tls=opportunistic", server.port), Some(&certificates.authority));
        office.newcomer(&app, "Mo").await;
        app.run_jobs().await;
        assert_eq!((recipients(&mut server).len(), server.count("encrypted")), (1, 1));
    }

    async fn smtps_is_tls_from_the_first_byte(app) {
        let mut app = app;
        let office = Office::new(&app).await;
        let certificates = Certificates::make();
        let arguments = [&certificates.arguments()[..], &["--tls"]].concat();
        let mut server = MailServer::start(&arguments);
        let url = format!("smtps://127.0.0.1:{}", server.port);
        app.carry_by(&url, None);
        office.newcomer(&app, "Mo").await;
        app.run_jobs().await;
        assert!(server.received().is_empty());
        app.carry_by(&url, Some(&certificates.authority));
        again(&app, &mut server).await;
    }

    async fn a_wrong_password_is_told_to_nobody_and_set_right_later(app) {
        let mut app = app;
        let office = Office::new(&app).await;
        let certificates = Certificates::make();
        let arguments = [&certificates.arguments()[..], &["--user", "portico@example.com", "--password", PASSWORD]].concat();
        let mut server = MailServer::start(&arguments);
        let url = |password: &str| format!("smtp://portico%40example.com:{password}@127.0.0.1:{}", server.port);
        let (wrong, right) = (url("wrong-horse"), url(PASSWORD));
        app.carry_by(&wrong, Some(&certificates.authority));
        assert!(!format!("{:?} {:?}", app.config, portico::instance::transport(&app.config.mail, "portico.example")).contains("wrong-horse"));
        office.newcomer(&app, "Mo").await;
        app.run_jobs().await;
        assert!(server.received().is_empty());
        let reason = why(&app).await;
        assert!(reason.contains("535") && !reason.contains("wrong-horse"), "{reason}");
        app.carry_by(&right, Some(&certificates.authority));
        again(&app, &mut server).await;
        assert_eq!((server.count("encrypted"), server.count("authenticated")), (1, 1));
    }
}

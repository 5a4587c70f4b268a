//! The sender is killed again and again, and no mail is lost.

use crate::support::process::{Server, portico};
use crate::support::smtp::MailServer;
use crate::support::{Person, TestApp, on_both};
use serde_json::json;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

/// How often the sender is killed.
const KILLS: u64 = 20;

/// How long the sender waits for the mail server, which takes 0.6 seconds for a mail.
const PATIENCE: Duration = Duration::from_secs(3);

/// How many mails are queued in each of its lives.
const MAILS: u64 = 3;

/// A server of its own over the database of the test, with a real clock; whoever is there talks to it from now on.
fn serve(app: &TestApp, folder: &Path, mails: &MailServer, ada: &mut Person) -> Server {
    let mut command = portico(folder, &[]);
    command
        .env("PORTICO_DATABASE_URL", &app.database.url)
        .env("PORTICO_SECRET_KEY_FILE", &app.config.secrets.key_file)
        .env("PORTICO_MAIL_URL", mails.plain())
        .env("PORTICO_MAIL_TIMEOUT_SECONDS", PATIENCE.as_secs().to_string())
        .env("PORTICO_LOG", "error");
    let server = Server::spawn(command);
    ada.url = server.http("/graphql");
    server
}

/// Invites addresses that nobody has, each of which gets a mail.
async fn invite(ada: &Person, team: &str, emails: &[String]) {
    let input = json!({ "teamId": team, "emails": emails, "roles": ["DEVELOPER"] });
    let answer = ada.mutate("addTeamMembers", "results { outcome }", input).await;
    assert!(answer.list("/results").iter().all(|result| result["outcome"] == "INVITED"), "{answer:?}");
}

on_both! {
    async fn no_mail_is_lost_over_twenty_kills_of_the_sender(app) {
        let mut server = MailServer::start(&[]);
        server.behave("slow");
        let mut ada = app.person("Ada").await;
        let team = app.team(&ada, &[]).await;
        let folder = tempfile::tempdir().unwrap();
        let mut sender = serve(&app, folder.path(), &server, &mut ada);
        let begun = Instant::now();
        let mut acknowledged = BTreeSet::new();
        for life in 1..=KILLS {
            let emails: Vec<String> = (0..MAILS).map(|number| format!("p{life}x{number}@example.com")).collect();
            invite(&ada, &team, &emails).await;
            acknowledged.extend(emails);
            // In the middle of a mail, which takes 0.6 seconds, or after it, or before.
            tokio::time::sleep(Duration::from_millis(life * 97 % 1_100)).await;
            sender.signal("KILL");
            sender.wait();
            server.begin_life(life);
            sender = serve(&app, folder.path(), &server, &mut ada);
        }
        server.behave("accept");
        let killed = begun.elapsed();
        loop {
            let lives = server.lives();
            let arrived: BTreeSet<String> = lives.values().map(|(mail, _)| mail.to.clone()).collect();
            if arrived == acknowledged {
                break;
            }
            assert!(begun.elapsed() < killed + Duration::from_secs(90), "lost: {:?}", acknowledged.difference(&arrived));
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        // Whatever was still on its way arrives as well.
        let waiting = "SELECT count(*) AS number FROM mail WHERE state <> 'SENT'";
        while app.number(waiting).await > 0 {
            assert!(begun.elapsed() < killed + Duration::from_mins(3), "some never become sent");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let lives = server.lives();
        assert_eq!(lives.len(), acknowledged.len(), "one mail has one Message-ID, however often it came");
        let mut again = 0;
        for (id, (mail, arrivals)) in &lives {
            // A busy machine may take so long that the sender has given up when the mail is accepted.
            let in_time: Vec<u64> = arrivals.iter().filter(|arrival| arrival.took < PATIENCE / 2).map(|arrival| arrival.life).collect();
            let different: BTreeSet<u64> = in_time.iter().copied().collect();
            assert_eq!(different.len(), in_time.len(), "{id} to {} came twice in one life of its sender", mail.to);
            again += arrivals.len() - 1;
        }
        println!("{} mails over {KILLS} kills in {killed:?}: none lost, {again} came again as their answer was lost", lives.len());
    }
}

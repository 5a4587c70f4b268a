//! A mail that cannot be delivered is given up with its reason, seen by those who administer its team, and sent again by command.

use super::{Office, recipients};
use crate::support::process::portico;
use crate::support::smtp::MailServer;
use crate::support::{Answer, Person, TestApp, on_both};
use serde_json::{Value, json};
use std::time::Duration;

const UNDELIVERED: &str = "query($id: ID!) { team(id: $id) { undeliveredMails(first: 100) { nodes {
    id recipient kind reason attempts canBeRequeued createdAt givenUpAt } } } }";

async fn undelivered(person: &Person, team: &str) -> Answer {
    person.ask(UNDELIVERED, json!({ "id": team })).await
}

async fn nodes(person: &Person, team: &str) -> Vec<Value> {
    undelivered(person, team).await.list("/team/undeliveredMails/nodes").clone()
}

async fn requeue(person: &Person, mail: &Value) -> Answer {
    person.mutate("requeueMail", "requeuedMailId", json!({ "mailId": mail["id"] })).await
}

/// Somebody with these roles, whose own mail went out.
async fn colleague(app: &TestApp, office: &Office, name: &str, role: &str) -> Person {
    let person = app.person(name).await;
    let input = json!({ "teamId": office.team, "emails": [person.email], "roles": [role] });
    assert!(office.ada.mutate("addTeamMembers", "results { outcome }", input).await.is_ok());
    app.run_jobs().await;
    person
}

on_both! {
    async fn a_mail_is_given_up_after_eight_tries_and_sent_again_by_command(app) {
        let mut app = app;
        let office = Office::new(&app).await;
        let mut server = MailServer::start(&[]);
        app.carry_by(&server.plain(), None);
        server.behave("data-4xx");
        let mo = office.newcomer(&app, "Mo").await;
        for attempt in 1..=8 {
            assert!(nodes(&office.ada, &office.team).await.is_empty(), "not before the try {attempt}");
            app.run_jobs().await;
            app.advance(Duration::from_hours(13));
        }
        app.run_jobs().await;
        let mails = nodes(&office.ada, &office.team).await;
        assert_eq!(mails.len(), 1);
        let mail = &mails[0];
        assert_eq!((&mail["recipient"], &mail["kind"], &mail["attempts"], &mail["canBeRequeued"]), (&json!(mo.email), &json!("MEMBER_ADDED"), &json!(8), &json!(true)));
        assert!(mail["reason"].as_str().unwrap().contains("452") && mail["reason"].as_str().unwrap().contains("disk full"), "{mail}");
        assert!(mail["givenUpAt"].as_str() > mail["createdAt"].as_str(), "{mail}");

        server.behave("accept");
        assert_eq!(requeue(&office.ada, mail).await.text("/requeuedMailId"), mail["id"].as_str().unwrap());
        assert!(nodes(&office.ada, &office.team).await.is_empty());
        assert_eq!(requeue(&office.ada, mail).await.refusal(), "NOT_FOUND/UNKNOWN_ID/mailId", "it waits already");
        app.run_jobs().await;
        let received = server.received();
        assert_eq!(received.len(), 1);
        assert!(received[0].text.contains("/unsubscribe/"), "with a fresh link: {}", received[0].text);
        assert_eq!(requeue(&office.ada, mail).await.refusal(), "NOT_FOUND/UNKNOWN_ID/mailId", "it is sent");
    }

    async fn a_recipient_who_is_refused_for_good_is_given_up_at_once(app) {
        let mut app = app;
        let office = Office::new(&app).await;
        let mut server = MailServer::start(&[]);
        app.carry_by(&server.plain(), None);
        for (mode, reason) in [("rcpt-5xx", "no such mailbox"), ("data-5xx", "not this mail")] {
            server.behave_for(mode, 1);
            office.newcomer(&app, mode).await;
            app.run_jobs().await;
            let mails = nodes(&office.ada, &office.team).await;
            let mail = mails.last().unwrap();
            assert_eq!(mail["attempts"], 1);
            assert!(mail["reason"].as_str().unwrap().contains(reason), "{mail}");
        }
        assert!(recipients(&mut server).is_empty());
    }

    async fn only_those_who_read_the_audit_log_see_them_and_a_partner_manager_only_those_about_partners(app) {
        let mut app = app;
        let office = Office::new(&app).await;
        let sam = colleague(&app, &office, "Sam", "SUPER_ADMIN").await;
        let paula = colleague(&app, &office, "Paula", "PARTNER_MANAGER").await;
        let devi = colleague(&app, &office, "Devi", "DEVELOPER").await;
        let eve = app.person("Eve").await;
        let shared = sam.workspace(&office.team, "Shared secretly", "PARTNER").await;
        app.mails().await;
        let mut server = MailServer::start(&[]);
        app.carry_by(&server.plain(), None);
        server.behave("rcpt-5xx");
        let mo = office.newcomer(&app, "Mo").await;
        let invited = json!({ "workspaceId": shared, "invitees": [{ "email": "pia@globex.example" }], "role": "VIEWER" });
        assert_eq!(sam.mutate("invitePartners", "results { outcome }", invited).await.text("/results/0/outcome"), "INVITED");
        let added = json!({ "workspaceId": shared, "invitees": [{ "email": devi.email }], "role": "VIEWER" });
        assert!(sam.mutate("inviteTeamMembers", "results { outcome }", added).await.is_ok());
        app.run_jobs().await;

        let all = nodes(&office.ada, &office.team).await;
        let seen = |mails: &[Value]| mails.iter().map(|mail| mail["recipient"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        assert_eq!(seen(&all), [mo.email.as_str(), "pia@globex.example", devi.email.as_str()]);
        assert_eq!(nodes(&sam, &office.team).await, all);
        assert_eq!(seen(&nodes(&paula, &office.team).await), ["pia@globex.example", devi.email.as_str()]);
        assert!(!undelivered(&office.ada, &office.team).await.body.to_string().contains("secretly"), "what it says is for its recipient");
        assert_eq!(undelivered(&devi, &office.team).await.refusal(), "FORBIDDEN/ROLE_REQUIRED/-");
        let page = "query($id: ID!) { team(id: $id) { undeliveredMails(first: 2) { nodes { recipient } pageInfo { hasNextPage endCursor } } } }";
        let first = office.ada.ask(page, json!({ "id": office.team })).await;
        assert_eq!(first.at("/team/undeliveredMails/pageInfo/hasNextPage"), &json!(true));

        // Who may not know of it is answered as if it had never been.
        let never = json!({ "id": "mail_01h455vb4pex5vsknk084sn02q" });
        for person in [&devi, &eve] {
            let (hidden, unknown) = (requeue(person, &all[0]).await, requeue(person, &never).await);
            assert_eq!(hidden.refusal(), "NOT_FOUND/UNKNOWN_ID/mailId");
            assert_eq!(hidden.body, unknown.body);
        }
        assert_eq!(requeue(&paula, &all[0]).await.refusal(), "NOT_FOUND/UNKNOWN_ID/mailId", "it is not about partners");
        assert_eq!(requeue(&app.anonymous(), &all[0]).await.refusal(), "UNAUTHENTICATED/SIGN_IN_REQUIRED/-");

        // The link of an invitation was forgotten when it was given up.
        assert_eq!(all[1]["canBeRequeued"], json!(false));
        assert_eq!(requeue(&paula, &all[1]).await.refusal(), "FAILED_PRECONDITION/SECRET_FORGOTTEN/mailId");
        server.behave("accept");
        assert!(requeue(&paula, &all[2]).await.is_ok());
        app.run_jobs().await;
        assert_eq!(recipients(&mut server), [devi.email.as_str()]);
    }

    async fn every_mail_but_a_code_belongs_to_its_team(app) {
        let office = Office::new(&app).await;
        let sam = colleague(&app, &office, "Sam", "SUPER_ADMIN").await;
        let paula = colleague(&app, &office, "Paula", "PARTNER_MANAGER").await;
        let mo = office.newcomer(&app, "Mo").await;
        // Asked for, denied, asked for, approved, added, changed, removed, deleted, removed from the team.
        let convert = json!({ "workspaceId": office.workspace, "visibility": "PARTNER" });
        for (decide, input) in [("denyRequest", json!({ "comment": "No." })), ("approveRequest", json!({}))] {
            let request = office.ada.mutate("changeWorkspaceVisibility", "request { id }", convert.clone()).await.text("/request/id");
            let mut input = input;
            input["requestId"] = json!(request);
            assert!(paula.mutate(decide, "request { id }", input).await.is_ok());
        }
        let member = office.ada.invite(&office.workspace, &mo, "VIEWER").await;
        let invited = json!({ "workspaceId": office.workspace, "invitees": [{ "email": "pia@globex.example" }], "role": "VIEWER" });
        assert!(office.ada.mutate("invitePartners", "results { outcome }", invited).await.is_ok());
        let private = json!({ "workspaceId": office.workspace, "visibility": "PRIVATE", "removePartners": true });
        assert!(office.ada.mutate("changeWorkspaceVisibility", "workspace { id }", private).await.is_ok());
        assert!(office.ada.mutate("removeWorkspaceMember", "removedMemberId", json!({ "memberId": member })).await.is_ok());
        assert!(office.ada.mutate("deleteWorkspace", "deletedWorkspaceId", json!({ "workspaceId": office.workspace })).await.is_ok());
        assert!(sam.mutate("removeFromTeam", "removedUserId", json!({ "teamId": office.team, "userId": mo.id })).await.is_ok());
        assert!(app.number("SELECT count(DISTINCT kind) AS number FROM mail").await >= 8);
        assert_eq!(app.number("SELECT count(*) AS number FROM mail WHERE team_id IS NULL").await, 0);
    }

    async fn whoever_operates_the_server_lists_and_requeues_those_of_every_team_and_of_none(app) {
        let mut app = app;
        let office = Office::new(&app).await;
        let mut server = MailServer::start(&[]);
        app.carry_by(&server.plain(), None);
        server.behave("rcpt-5xx");
        let (mo, nia) = (office.newcomer(&app, "Mo").await, office.newcomer(&app, "Nia").await);
        assert!(app.anonymous().mutate("requestSignInCode", "sent", json!({ "email": "nova@example.com" })).await.is_ok());
        app.run_jobs().await;
        server.behave("accept");

        let dead: Vec<String> = operate(&app, &["mail", "dead"]).unwrap().lines().map(str::to_owned).collect();
        assert_eq!(dead.len(), 3, "{dead:?}");
        for (address, kind) in [(mo.email.as_str(), "MEMBER_ADDED"), (&nia.email, "MEMBER_ADDED"), ("nova@example.com", "SIGN_IN_CODE")] {
            let line = dead.iter().find(|line| line.contains(&format!(" {address} {kind} 1 "))).unwrap_or_else(|| panic!("{dead:?}"));
            assert!(line.starts_with("mail_") && line.contains("no such mailbox"), "{line}");
        }
        let id = |address: &str| dead.iter().find(|line| line.contains(address)).unwrap().split(' ').next().unwrap().to_owned();
        let refused = operate(&app, &["mail", "requeue", &id("nova@example.com")]).unwrap_err();
        assert!(refused.contains("ask for a new one"), "{refused}");
        assert!(operate(&app, &["mail", "requeue", "mail_01h455vb4pex5vsknk084sn02q"]).unwrap_err().contains("nothing with this id"));
        assert!(operate(&app, &["mail", "requeue"]).is_err() && operate(&app, &["mail", "requeue", &id(&mo.email), "--all"]).is_err());
        assert_eq!(operate(&app, &["mail", "requeue", &id(&mo.email)]).unwrap().trim(), id(&mo.email));
        assert_eq!(operate(&app, &["mail", "requeue", "--all"]).unwrap().trim(), id(&nia.email), "all that can be");
        // The command has the clock of the machine, which is behind that of the test.
        app.run_jobs().await;
        assert_eq!(recipients(&mut server), [mo.email.as_str(), nia.email.as_str()]);
        assert_eq!(operate(&app, &["mail", "dead"]).unwrap().lines().count(), 1);
    }
}

/// What a command of the operator says; an error what it complains of.
fn operate(app: &TestApp, arguments: &[&str]) -> Result<String, String> {
    let folder = tempfile::tempdir().unwrap();
    let mut command = portico(folder.path(), arguments);
    command.env("PORTICO_DATABASE_URL", &app.database.url).env("PORTICO_SECRET_KEY_FILE", &app.config.secrets.key_file);
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
}

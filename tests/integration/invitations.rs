//! Invitations: by address, by id and by group, answered by link, taken back, sent again, over.

use crate::support::app::Mail;
use crate::support::{Person, TestApp, on_both};
use serde_json::{Value, json};
use std::time::Duration;

const DAY: Duration = Duration::from_hours(24);
pub const RESULTS: &str =
    "results { invitee outcome code reason invitation { id status email workspaceName } member { id role partnerLead } }";

/// A team with a partner workspace, whose Admin is Devi.
pub struct Partnership {
    pub ada: Person,
    pub paula: Person,
    pub devi: Person,
    pub team: String,
    pub workspace: String,
}

pub async fn partnership(app: &TestApp) -> Partnership {
    let (ada, paula, devi) = (app.person("Ada").await, app.person("Paula").await, app.person("Devi").await);
    let team = app.team(&ada, &[(&paula, &["PARTNER_MANAGER"]), (&devi, &["DEVELOPER"])]).await;
    let workspace = paula.workspace(&team, "Shared", "PARTNER").await;
    let input = json!({ "workspaceId": workspace, "invitees": [{ "email": devi.email }], "role": "ADMIN" });
    assert!(paula.mutate("inviteTeamMembers", "results { outcome }", input).await.is_ok());
    app.mails().await;
    Partnership { ada, paula, devi, team, workspace }
}

/// Invites one partner by address; what became of them.
pub async fn invite(by: &Person, workspace: &str, email: &str, role: &str, lead: bool) -> Value {
    let input = json!({ "workspaceId": workspace, "invitees": [{ "email": email }], "role": role, "partnerLead": lead });
    by.mutate("invitePartners", RESULTS, input).await.at("/results/0").clone()
}

/// The last part of the link in a mail.
pub fn token_of(mail: &Mail) -> String {
    let unfolded = mail.text.replace("=\r\n", "");
    let (_, rest) = unfolded.split_once("/invitations/").unwrap_or_else(|| panic!("no link: {}", mail.text));
    rest.split_whitespace().next().unwrap().to_owned()
}

/// The token of the invitation that was just mailed to this address.
pub async fn mailed_token(app: &TestApp, email: &str) -> String {
    let mails = app.mails().await;
    token_of(
        mails
            .iter()
            .find(|mail| mail.to == email && mail.text.contains("/invitations/"))
            .unwrap_or_else(|| panic!("no mail to {email}: {mails:?}")),
    )
}

/// Invites a person as partner and lets them accept; the id of their grant.
pub async fn bring(app: &TestApp, by: &Person, workspace: &str, person: &Person, role: &str, lead: bool) -> String {
    let result = invite(by, workspace, &person.email, role, lead).await;
    if result["outcome"] == "ADDED" {
        return result["member"]["id"].as_str().unwrap().to_owned();
    }
    assert_eq!(result["outcome"], "INVITED", "{result}");
    let token = mailed_token(app, &person.email).await;
    person.mutate("acceptInvitation", "member { id }", json!({ "token": token })).await.text("/member/id")
}

async fn accept(person: &Person, token: &str) -> crate::support::app::Answer {
    person
        .mutate("acceptInvitation", "workspace { name } member { role partnerLead side } team { viewerRoles }", json!({ "token": token }))
        .await
}

async fn preview(person: &Person, token: &str) -> Value {
    let query = "query($token: String!) { invitationByToken(token: $token) { workspaceName teamName inviterName role side status email } }";
    person.ask(query, json!({ "token": token })).await.at("/invitationByToken").clone()
}

on_both! {
    async fn a_partner_comes_in_by_a_link_once(app) {
        let world = partnership(&app).await;
        let result = invite(&world.devi, &world.workspace, "Pia@globex.example", "EDITOR", true).await;
        assert_eq!((&result["outcome"], &result["invitation"]["status"]), (&json!("INVITED"), &json!("PENDING")));
        assert_eq!(invite(&world.paula, &world.workspace, "pia@GLOBEX.example", "VIEWER", false).await["outcome"], "ALREADY_INVITED");
        let mails = app.mails().await;
        assert_eq!(mails.len(), 1, "one mail, whoever invites again: {mails:?}");
        assert_eq!(mails[0].to, "pia@globex.example");
        let token = token_of(&mails[0]);

        // Whoever holds the link sees where it leads to; a wrong one tells nothing.
        let seen = preview(&app.anonymous(), &token).await;
        assert_eq!((&seen["workspaceName"], &seen["inviterName"], &seen["role"], &seen["status"]), (&json!("Shared"), &json!("Devi"), &json!("EDITOR"), &json!("PENDING")));
        for wrong in ["", "nonsense", &token[..token.len() - 1], &format!("{token}x"), &token.replacen('_', "_A", 1)] {
            assert!(preview(&app.anonymous(), wrong).await.is_null(), "{wrong}");
            assert_eq!(accept(&world.ada, wrong).await.refusal(), "NOT_FOUND/UNKNOWN_ID/token");
        }

        // Only the invited address, and nobody who is not signed in.
        assert_eq!(accept(&app.anonymous(), &token).await.refusal(), "UNAUTHENTICATED/SIGN_IN_REQUIRED/-");
        let eve = app.person("Eve").await;
        assert_eq!(accept(&eve, &token).await.refusal(), "FORBIDDEN/NOT_YOURS/token");
        assert_eq!(eve.mutate("declineInvitation", "invitation { id }", json!({ "token": token })).await.refusal(), "FORBIDDEN/NOT_YOURS/token");
        let pia = app.person_at("Pia", "pia@globex.example").await;
        let open = pia.ask("{ viewer { invitations(first: 10) { nodes { id workspaceName workspace { id } invitedBy { id } } } } }", json!({})).await;
        assert_eq!(open.at("/viewer/invitations/nodes/0/workspaceName"), "Shared");
        assert!(open.at("/viewer/invitations/nodes/0/workspace").is_null(), "not before they are in");

        let accepted = accept(&pia, &format!("http://127.0.0.1:8000/invitations/{token}")).await;
        assert_eq!(accepted.text("/workspace/name"), "Shared");
        assert_eq!(accepted.at("/member"), &json!({ "role": "EDITOR", "partnerLead": true, "side": "PARTNER" }));
        assert_eq!(accepted.at("/team/viewerRoles"), &json!(["PARTNER"]));
        let again = accept(&pia, &token).await;
        assert_eq!(again.refusal(), "FAILED_PRECONDITION/WRONG_STATE/token");
        assert_eq!(again.body["errors"][0]["extensions"]["status"], "ACCEPTED");
        assert_eq!(preview(&app.anonymous(), &token).await["status"], "ACCEPTED");
        assert_eq!(world.devi.told().await.last().unwrap(), "INVITATION_ACCEPTED");
        assert!(world.devi.activity(&world.workspace).await.ends_with(&["INVITATION_SENT".to_owned(), "MEMBER_JOINED".to_owned()]));
        let listed = pia.ask("{ viewer { workspaces(first: 10) { nodes { name viewerRole viewerIsPartnerLead } } } }", json!({})).await;
        assert_eq!(listed.at("/viewer/workspaces/nodes"), &json!([{ "name": "Shared", "viewerRole": "EDITOR", "viewerIsPartnerLead": true }]));

        // Known now, they are added to the next workspace at once, and told.
        let other = world.paula.workspace(&world.team, "Another", "PARTNER").await;
        let added = invite(&world.paula, &other, &pia.email, "VIEWER", false).await;
        assert_eq!(added["outcome"], "ADDED");
        assert_eq!(invite(&world.paula, &other, &pia.email, "EDITOR", false).await["outcome"], "ALREADY_MEMBER");
        assert_eq!(pia.told().await, ["MEMBER_ADDED"]);
    }

    async fn an_invitation_is_declined_revoked_sent_again_or_expires(app) {
        let world = partnership(&app).await;
        let pia = app.person_at("Pia", "pia@globex.example").await;
        let send = async || {
            let result = invite(&world.devi, &world.workspace, &pia.email, "VIEWER", false).await;
            assert_eq!(result["outcome"], "INVITED", "{result}");
            (result["invitation"]["id"].as_str().unwrap().to_owned(), mailed_token(&app, &pia.email).await)
        };
        let (_, token) = send().await;
        assert_eq!(pia.told().await, ["INVITATION_RECEIVED"]);
        let declined = pia.mutate("declineInvitation", "invitation { status }", json!({ "token": token })).await;
        assert_eq!(declined.text("/invitation/status"), "DECLINED");
        assert_eq!(world.devi.told().await.last().unwrap(), "INVITATION_DECLINED");
        assert_eq!(accept(&pia, &token).await.refusal(), "FAILED_PRECONDITION/WRONG_STATE/token");

        let (id, token) = send().await;
        let revoke = async |by: &Person, id: &str| by.mutate("revokeInvitation", "invitation { status }", json!({ "invitationId": id })).await;
        let mo = app.person("Mo").await;
        assert_eq!(revoke(&mo, &id).await.refusal(), "NOT_FOUND/UNKNOWN_ID/invitationId");
        assert_eq!(revoke(&pia, &id).await.refusal(), "FORBIDDEN/ROLE_REQUIRED/-", "they know of it");
        assert_eq!(revoke(&world.devi, &id).await.text("/invitation/status"), "REVOKED");
        assert_eq!(revoke(&world.devi, &id).await.refusal(), "FAILED_PRECONDITION/WRONG_STATE/-");
        assert_eq!(accept(&pia, &token).await.refusal(), "FAILED_PRECONDITION/WRONG_STATE/token");

        let (id, old) = send().await;
        app.advance(20 * DAY);
        let resent = world.devi.mutate("resendInvitation", "invitation { status expiresAt }", json!({ "invitationId": id })).await;
        assert_eq!(resent.text("/invitation/status"), "PENDING");
        let new = mailed_token(&app, &pia.email).await;
        assert_eq!(accept(&pia, &old).await.refusal(), "NOT_FOUND/UNKNOWN_ID/token", "the old link opens nothing");
        assert!(preview(&pia, &old).await.is_null());
        app.advance(29 * DAY + Duration::from_hours(23));
        assert_eq!(preview(&pia, &new).await["status"], "PENDING");
        app.advance(Duration::from_hours(1));
        // By the clock, before the job has come round.
        assert_eq!(preview(&pia, &new).await["status"], "EXPIRED");
        assert_eq!(accept(&pia, &new).await.refusal(), "FAILED_PRECONDITION/EXPIRED/token");
        assert_eq!(world.devi.mutate("resendInvitation", "invitation { id }", json!({ "invitationId": id })).await.refusal(), "FAILED_PRECONDITION/EXPIRED/-");
        app.run_jobs().await;
        app.run_jobs().await;
        assert_eq!(world.devi.told().await.iter().filter(|kind| *kind == "INVITATION_EXPIRED").count(), 1, "told once");
        let (_, token) = send().await;
        assert!(accept(&pia, &token).await.is_ok(), "what is over makes room");
        let all = world.devi.ask("query($id: ID!) { workspace(id: $id) { invitations(first: 10) { nodes { status } } } }", json!({ "id": world.workspace })).await;
        let all: Vec<_> = all.list("/workspace/invitations/nodes").iter().map(|node| node["status"].as_str().unwrap()).collect::<Vec<_>>().join(" ").split(' ').map(str::to_owned).collect();
        assert_eq!(all, ["DECLINED", "REVOKED", "EXPIRED", "ACCEPTED"]);
    }

    async fn each_invitee_of_a_batch_has_their_own_result(app) {
        let world = partnership(&app).await;
        let (pia, mo) = (app.person_at("Pia", "pia@globex.example").await, app.person("Mo").await);
        bring(&app, &world.devi, &world.workspace, &pia, "VIEWER", false).await;
        let never = "user_01h455vb4pex5vsknk084sn02q";
        let invitees = json!([
            { "email": "new@globex.example" }, { "email": "not an address" }, { "email": world.ada.email }, { "userId": pia.id }, { "userId": mo.id }, { "userId": never },
            { "userId": "nonsense" }, { "groupId": "group_01h455vb4pex5vsknk084sn02q" }, { "groupId": world.team }, { "email": "NEW@globex.example" },
        ]);
        let input = json!({ "workspaceId": world.workspace, "invitees": invitees, "role": "EDITOR" });
        let answer = world.devi.mutate("invitePartners", RESULTS, input).await;
        let outcomes: Vec<_> = answer.list("/results").iter().map(|result| {
            format!("{}/{}/{}", result["outcome"].as_str().unwrap(), result["code"].as_str().unwrap_or("-"), result["reason"].as_str().unwrap_or("-"))
        }).collect();
        assert_eq!(outcomes, [
            "INVITED/-/-", "FAILED/BAD_USER_INPUT/INVALID_FORMAT", "FAILED/FAILED_PRECONDITION/IS_TEAM_MEMBER", "ALREADY_MEMBER/-/-", "FAILED/NOT_FOUND/UNKNOWN_ID", "FAILED/NOT_FOUND/UNKNOWN_ID",
            "FAILED/BAD_USER_INPUT/MALFORMED_ID", "FAILED/NOT_FOUND/UNKNOWN_ID", "FAILED/BAD_USER_INPUT/MALFORMED_ID", "ALREADY_INVITED/-/-",
        ]);
        let many: Vec<_> = (0..101).map(|number| json!({ "email": format!("p{number}@globex.example") })).collect();
        for (input, refusal) in [
            (json!({ "workspaceId": world.workspace, "invitees": many, "role": "EDITOR" }), "BAD_USER_INPUT/TOO_MANY/invitees"),
            (json!({ "workspaceId": world.workspace, "invitees": [], "role": "EDITOR" }), "BAD_USER_INPUT/EMPTY/invitees"),
            (json!({ "workspaceId": world.workspace, "invitees": [{ "email": "a@globex.example" }], "role": "ADMIN" }), "BAD_USER_INPUT/ROLE_NOT_ASSIGNABLE/role"),
            (json!({ "workspaceId": world.workspace, "invitees": [{ "email": "a@globex.example" }], "role": "EDITOR", "accessExpiresAt": "2020-01-01T00:00:00Z" }), "BAD_USER_INPUT/OUT_OF_RANGE/accessExpiresAt"),
            (json!({ "workspaceId": world.workspace, "invitees": [{ "email": "a@globex.example" }], "role": "EDITOR", "message": "x".repeat(2001) }), "BAD_USER_INPUT/TOO_LONG/message"),
        ] {
            assert_eq!(world.devi.mutate("invitePartners", RESULTS, input).await.refusal(), refusal);
        }
        let private = world.devi.workspace(&world.team, "Private", "PRIVATE").await;
        let input = json!({ "workspaceId": private, "invitees": [{ "email": "a@globex.example" }], "role": "VIEWER" });
        assert_eq!(world.devi.mutate("invitePartners", RESULTS, input).await.refusal(), "FAILED_PRECONDITION/VISIBILITY_IS_NOT_PARTNER/-");
        let mails = app.mails().await;
        assert_eq!(mails.iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(), ["new@globex.example"], "nothing else went out");
    }

    async fn a_lead_brings_colleagues_only(app) {
        let world = partnership(&app).await;
        let lea = app.person_at("Lea", "lea@globex.example").await;
        bring(&app, &world.devi, &world.workspace, &lea, "VIEWER", true).await;
        let ivo = app.person_at("Ivo", "ivo@initech.example").await;
        bring(&app, &world.devi, &world.workspace, &ivo, "EDITOR", false).await;
        let by_lea = async |email: &str, role: &str, lead: bool| {
            let input = json!({ "workspaceId": world.workspace, "invitees": [{ "email": email }], "role": role, "partnerLead": lead });
            lea.mutate("invitePartners", RESULTS, input).await
        };
        assert_eq!(by_lea("pia@globex.example", "EDITOR", false).await.refusal(), "FORBIDDEN/ABOVE_OWN_ROLE/-");
        assert_eq!(by_lea("pia@globex.example", "VIEWER", true).await.refusal(), "FORBIDDEN/LEAD_PROTECTED/-");
        assert_eq!(by_lea("pia@globex.example", "ADMIN", false).await.refusal(), "BAD_USER_INPUT/ROLE_NOT_ASSIGNABLE/role");
        // Another organization, a public domain, a domain that nobody has yet, a member of the team, a partner of another organization.
        for email in ["new@initech.example", "pia@gmail.com", "pia@umbrella.example", world.ada.email.as_str(), ivo.email.as_str()] {
            let answer = by_lea(email, "VIEWER", false).await;
            assert_eq!(answer.at("/results/0/code"), "FORBIDDEN", "{email}");
            assert_eq!(answer.at("/results/0/reason"), "OUTSIDE_ORGANIZATION", "{email}");
        }
        assert_eq!(by_lea("pia@globex.example", "VIEWER", false).await.at("/results/0/outcome"), "INVITED");
        assert_eq!(world.devi.told().await.last().unwrap(), "PARTNER_INVITED_BY_LEAD");
        let input = json!({ "workspaceId": world.workspace, "invitees": [{ "email": world.ada.email }], "role": "VIEWER" });
        assert_eq!(lea.mutate("inviteTeamMembers", RESULTS, input).await.refusal(), "FORBIDDEN/ROLE_REQUIRED/-");

        // Whoever is no Lead invites nobody, and lists no invitation; a Lead lists and manages those of their own organization.
        assert_eq!(ivo.mutate("invitePartners", RESULTS, json!({ "workspaceId": world.workspace, "invitees": [{ "email": "x@initech.example" }], "role": "VIEWER" })).await.refusal(), "FORBIDDEN/ROLE_REQUIRED/-");
        let of_initech = invite(&world.devi, &world.workspace, "max@initech.example", "VIEWER", false).await["invitation"]["id"].as_str().unwrap().to_owned();
        let of_globex = invite(&world.devi, &world.workspace, "max@globex.example", "VIEWER", false).await["invitation"]["id"].as_str().unwrap().to_owned();
        let listed = lea.ask("query($id: ID!) { workspace(id: $id) { invitations(first: 10, status: PENDING) { nodes { email } } } }", json!({ "id": world.workspace })).await;
        assert_eq!(listed.at("/workspace/invitations/nodes"), &json!([{ "email": "pia@globex.example" }, { "email": "max@globex.example" }]));
        let revoke = async |id: &str| lea.mutate("revokeInvitation", "invitation { status }", json!({ "invitationId": id })).await;
        assert_eq!(revoke(&of_initech).await.refusal(), "NOT_FOUND/UNKNOWN_ID/invitationId");
        assert_eq!(revoke(&of_globex).await.text("/invitation/status"), "REVOKED");
    }

    async fn strangers_come_into_the_team_by_mail(app) {
        let world = partnership(&app).await;
        let add = json!({ "teamId": world.team, "emails": ["tess@example.com", world.devi.email], "roles": ["DEVELOPER", "BILLING"] });
        let added = world.ada.mutate("addTeamMembers", "results { outcome invitation { id email workspace { id } } }", add.clone()).await;
        assert_eq!((added.at("/results/0/outcome"), added.at("/results/1/outcome")), (&json!("INVITED"), &json!("ALREADY_MEMBER")));
        assert_eq!(world.ada.mutate("addTeamMembers", "results { outcome }", add).await.at("/results/0/outcome"), "ALREADY_INVITED");
        let token = mailed_token(&app, "tess@example.com").await;
        let tess = app.person("Tess").await;
        assert_eq!(accept(&tess, &token).await.at("/team/viewerRoles"), &json!(["BILLING", "DEVELOPER"]));

        // To a workspace too, by whoever may take people into the team; by others not.
        let by = async |person: &Person, email: &str| {
            let input = json!({ "workspaceId": world.workspace, "invitees": [{ "email": email }], "role": "EDITOR" });
            person.mutate("inviteTeamMembers", RESULTS, input).await
        };
        assert_eq!(by(&world.devi, "una@example.com").await.at("/results/0/reason"), "NOT_TEAM_MEMBER");
        let input = json!({ "workspaceId": world.workspace, "invitees": [{ "email": world.ada.email }], "role": "ADMIN" });
        assert!(world.devi.mutate("inviteTeamMembers", RESULTS, input).await.is_ok());
        assert_eq!(by(&world.ada, "una@example.com").await.at("/results/0/outcome"), "INVITED");
        let token = mailed_token(&app, "una@example.com").await;
        let una = app.person("Una").await;
        let accepted = accept(&una, &token).await;
        assert_eq!(accepted.at("/member"), &json!({ "role": "EDITOR", "partnerLead": false, "side": "TEAM" }));

        // Nobody is on both sides, whichever comes first.
        let result = invite(&world.devi, &world.workspace, &una.email, "VIEWER", false).await;
        assert_eq!((&result["code"], &result["reason"]), (&json!("FAILED_PRECONDITION"), &json!("IS_TEAM_MEMBER")));
        let pia = app.person_at("Pia", "pia@globex.example").await;
        bring(&app, &world.devi, &world.workspace, &pia, "VIEWER", false).await;
        assert_eq!(by(&world.ada, &pia.email).await.at("/results/0/reason"), "IS_PARTNER");
        invite(&world.devi, &world.workspace, "max@globex.example", "VIEWER", false).await;
        let token = mailed_token(&app, "max@globex.example").await;
        let max = app.person_at("Max", "max@globex.example").await;
        let add = json!({ "teamId": world.team, "emails": [max.email], "roles": ["DEVELOPER"] });
        assert_eq!(world.ada.mutate("addTeamMembers", "results { outcome }", add).await.at("/results/0/outcome"), "ADDED");
        assert_eq!(accept(&max, &token).await.refusal(), "FAILED_PRECONDITION/IS_TEAM_MEMBER/-");
    }

    async fn a_team_admin_manages_invitations_from_the_list_of_the_team(app) {
        let world = partnership(&app).await;
        invite(&world.devi, &world.workspace, "pia@globex.example", "VIEWER", false).await;
        let add = json!({ "teamId": world.team, "emails": ["tess@example.com"], "roles": ["DEVELOPER"] });
        assert!(world.ada.mutate("addTeamMembers", "results { outcome }", add).await.is_ok());
        let query = "query($id: ID!) { team(id: $id) { invitations(first: 10) { nodes { id email workspaceName workspace { id } } } } }";
        let list = async |person: &Person| person.ask(query, json!({ "id": world.team })).await;
        let seen = list(&world.ada).await;
        let emails: Vec<_> = seen.list("/team/invitations/nodes").iter().map(|node| node["email"].clone()).collect();
        assert_eq!(emails, ["pia@globex.example", "tess@example.com"]);
        assert!(seen.at("/team/invitations/nodes/0/workspaceName").is_null(), "no content");
        let managed: Vec<_> = list(&world.paula).await.list("/team/invitations/nodes").iter().map(|node| node["email"].clone()).collect();
        assert_eq!(managed, ["pia@globex.example"], "a Partner Manager those to partners");
        assert!(list(&world.devi).await.body["errors"][0]["extensions"]["code"] == "FORBIDDEN");
        let id = seen.text("/team/invitations/nodes/0/id");
        assert_eq!(world.ada.mutate("revokeInvitation", "invitation { status }", json!({ "invitationId": id })).await.text("/invitation/status"), "REVOKED");
        let to_team = seen.text("/team/invitations/nodes/1/id");
        for person in [&world.paula, &world.devi] {
            assert_eq!(person.mutate("revokeInvitation", "invitation { id }", json!({ "invitationId": to_team })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/invitationId");
        }
    }
}
